"""All that ``labeling_functions/`` may import: labels, tasks, and the ways to write a labeling function."""

from wslabel.authoring.conditions import NEGATION_CUES, before, near
from wslabel.authoring.decorators import labeling_function, preprocessor
from wslabel.authoring.foreign import from_skweak, from_snorkel
from wslabel.authoring.labeling_function import ABSTAIN, LabelingFunction, Preprocessor
from wslabel.authoring.lexicons import lexicon, table
from wslabel.authoring.matcher_functions import gazetteer, keywords, regex
from wslabel.authoring.span_functions import model_spans, repeats, spans_where
from wslabel.authoring.token_patterns import token_pattern
from wslabel.core.task import Label, Task

__all__ = [
    "ABSTAIN",
    "NEGATION_CUES",
    "Label",
    "LabelingFunction",
    "Preprocessor",
    "Task",
    "before",
    "from_skweak",
    "from_snorkel",
    "gazetteer",
    "keywords",
    "labeling_function",
    "lexicon",
    "model_spans",
    "near",
    "preprocessor",
    "regex",
    "repeats",
    "spans_where",
    "table",
    "token_pattern",
]
