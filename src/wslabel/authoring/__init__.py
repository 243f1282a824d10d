"""All that ``labeling_functions/`` may import: labels, tasks, and the ways to write a labeling function."""

from wslabel.authoring.conditions import NEGATION_CUES, before, near
from wslabel.authoring.foreign import from_skweak, from_snorkel
from wslabel.authoring.labeling_function import (
    ABSTAIN,
    LabelingFunction,
    Preprocessor,
    gazetteer,
    keywords,
    labeling_function,
    preprocessor,
    regex,
)
from wslabel.authoring.lexicons import lexicon, table
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
    "near",
    "preprocessor",
    "regex",
    "table",
]
