"""End models on text: cross-validated, and fused with the label model."""

from wslabel.learning.cross_validation import cross_validate, end_model, end_model_names
from wslabel.learning.fusing import fuse
from wslabel.learning.text_features import text_features

__all__ = ["cross_validate", "end_model", "end_model_names", "fuse", "text_features"]
