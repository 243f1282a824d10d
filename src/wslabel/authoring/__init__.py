"""All that ``labeling_functions/`` may import: labels, tasks, and the ways to write a labeling function."""

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
    "Label",
    "LabelingFunction",
    "Preprocessor",
    "Task",
    "from_skweak",
    "from_snorkel",
    "gazetteer",
    "keywords",
    "labeling_function",
    "lexicon",
    "preprocessor",
    "regex",
    "table",
]
