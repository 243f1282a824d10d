"""End models on text: cross-validated, and fused with the label model."""

from wslabel.learning.cross_validation import cross_validate, end_model, end_model_names
from wslabel.learning.fusing import fuse

__all__ = ["cross_validate", "end_model", "end_model_names", "fuse"]
