"""The exceptions of wslabel.

::

    WslabelError                  one line: what happened, where, what was expected, what to do
    ├── TaskError                 a task, a label or a class balance that cannot be
    ├── LabelingFunctionError     an LF that is declared wrongly
    ├── SuiteError                a suite that is missing, broken or ambiguous
    ├── CorpusError               records that cannot be read, or too many malformed ones
    ├── FaultRateError            LFs that raised on too many records
    ├── VotesError                votes, labels or issues whose parts do not fit together
    ├── PluginError               an unknown label model, end model, engine or format
    ├── PipelineError             a pipeline file or a run directory with a mistake
    ├── ReviewError               decisions that cannot be logged or read
    └── ExportError               training data that cannot be written or does not validate

The command line prints the message of a `WslabelError` and exits with 1. Any other exception is a bug.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class WslabelError(Exception):
    """The root of all errors that a user can mend."""


class TaskError(WslabelError):
    """A task, a label or a class balance that cannot be."""


class LabelingFunctionError(WslabelError):
    """A labeling function that is declared wrongly."""


class SuiteError(WslabelError):
    """A suite that is missing, broken or ambiguous."""


class CorpusError(WslabelError):
    """Records that cannot be read, or too many malformed ones."""


class FaultRateError(WslabelError):
    """Labeling functions that raised on too many records."""


class VotesError(WslabelError):
    """Votes, labels or issues whose parts do not fit together."""


class PluginError(WslabelError):
    """An unknown label model, end model, engine or format, or an unknown parameter of one."""


class PipelineError(WslabelError):
    """A pipeline file or a run directory with a mistake."""


class ReviewError(WslabelError):
    """Decisions that cannot be logged or read."""


class ExportError(WslabelError):
    """Training data that cannot be written or does not validate."""


def suggest(name: str, choices: Iterable[str]) -> str:
    """Return the end of an error message that names the choices and the likely one.

    >>> suggest("majorty", ["majority", "dawid_skene"])
    'Did you mean "majority"? Choices: dawid_skene, majority.'
    """
    known = sorted(choices)
    if not known:
        return "There is nothing to choose from."
    begun = [choice for choice in known if len(name) > 2 and choice.startswith(name)]
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6) or begun
    hint = f'Did you mean "{close[0]}"? ' if close else ""
    return f"{hint}Choices: {', '.join(known)}."
