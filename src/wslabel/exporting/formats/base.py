"""What an export format is, and how to add one."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Literal

import pyarrow as pa

from wslabel.core.task import Kind
from wslabel.errors import ExportError

MAX_PROBLEMS = 100
"""Problems after which a validator stops: a file that is wrong throughout says no more with a million."""
CHUNK = 10_000
"""Rows that a columnar format holds at a time."""


@dataclass(frozen=True, slots=True)
class Span:
    """A labeled stretch of a text: ``text[start:end]`` in characters (code points), end exclusive.

    `entity` is the id of what it names, several with ``|`` between; empty where none is known.
    """

    start: int
    end: int
    label: str
    confidence: float = 1.0
    entity: str = ""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What a template made of a record.

    Attributes
    ----------
    variant
        The name of the template's variant.
    system
        The system message; empty: there is none.
    turns
        Questions with their answers, at least one.
    rejected
        The answer to the first question that is not right, for formats of preferences; empty: there is none.
    """

    variant: str
    system: str
    turns: tuple[tuple[str, str], ...]
    rejected: str = ""


@dataclass(frozen=True, slots=True)
class ExportRow:
    """One record with its label, as a format gets it.

    Attributes
    ----------
    id, text
        The record; the text may be empty.
    label
        The hard label's name; empty for tasks of the kinds multilabel and spans.
    confidence
        The label's probability, 0..1; for several labels or spans that of the least probable one.
    source
        ``model``, ``human`` or ``gold``.
    probs
        A probability for each label, in label order; for a single label they sum to 1, for multilabel each is
        the probability that the label holds, for spans there are none.
    columns
        The record's other columns. No name is that of a field of wslabel's (id, text, label, labels, spans,
        confidence, source, covered, weight, probs, p_<label>): a column that had such a name has an underscore
        behind it.
    labels
        The labels that hold, in label order; for tasks of the kind multilabel.
    spans
        The labeled spans, sorted by start and end; for tasks of the kind spans.
    covered
        False where nobody labeled the record: no LF voted on it, and its label is only the likeliest class.
    weight
        How much a training example counts.
    conversation
        What a template made of it; None where there is no template.
    """

    id: str
    text: str
    label: str
    confidence: float
    source: str
    probs: Mapping[str, float]
    columns: Mapping[str, Any]
    labels: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    covered: bool = True
    weight: float = 1.0
    conversation: Conversation | None = None


@dataclass(frozen=True)
class ExportContext:
    """What a format may know beside the rows.

    Attributes
    ----------
    labels
        The task's label names in order; empty where a file is validated on its own.
    schema
        Names and types of the other columns.
    rows
        Gives the rows that were written once more; None where a file is validated on its own.
    kind
        How a record carries its labels: ``single``, ``multilabel`` or ``spans``.
    templated
        Whether every row has a conversation.
    """

    labels: tuple[str, ...] = ()
    schema: pa.Schema = field(default_factory=lambda: pa.schema([]))
    rows: Callable[[], Iterable[ExportRow]] | None = None
    kind: Kind = "single"
    templated: bool = False

    def written(self) -> Iterator[ExportRow] | None:
        """Return an iterator of the rows that were written, or None where they are unknown."""
        return None if self.rows is None else iter(self.rows())


@dataclass(frozen=True)
class Problem:
    """Something in a file that breaks a rule of its format.

    Attributes
    ----------
    line
        The line on which the example begins (for a binary file the row), from 1; 0 is the file as a whole.
    message
        What is wrong and, behind "; expected ", what was expected.
    record
        The record's id, where it is known.
    severity
        ``error``: the file is not valid. ``warning``: it is, but who reads it may refuse it.
    """

    line: int
    message: str
    record: str = ""
    severity: Literal["error", "warning"] = "error"

    @property
    def what(self) -> str:
        """What is wrong, without what was expected."""
        return self.message.partition("; expected ")[0]

    @property
    def expected(self) -> str:
        """What was expected; empty where the message does not tell."""
        return self.message.partition("; expected ")[2]

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.message}" + (f" (record {self.record})" if self.record else "")


class ExportFormat(ABC):
    """The base of all export formats.

    To add a format, write one file ``wslabel/exporting/formats/<name>.py``; its name is the format's name
    and the stem of the file it writes. (From another package: an entry point of the group
    ``wslabel.formats``.) In it:

    1. Derive a frozen dataclass from this class (or, for JSON, from `JsonFormat`) and set `extension`, the
       `kinds` of tasks that the format can carry, and whether it holds records that are not labeled
       (`uncovered`), empty texts (`empty_text`) and weights (`weights`). Its fields are the format's options,
       each with a default; check them in ``__post_init__`` and raise `ExportError`.
    2. Implement `write`: stream the rows, never hold all of them; equal rows must give equal bytes, so no
       time stamps and no unordered sets. Refuse what the format cannot carry with an `ExportError` that
       names the record; leave nothing out in silence.
    3. Implement `validate`: read the file back with a parser of its own, not with the writer's code, check
       the published rules (cite them), and, where ``context.rows`` is there, compare number, order, ids
       (where the format holds them), texts and labels with it. Return at most `MAX_PROBLEMS` problems; do
       not raise on a broken file. A message reads "what is wrong; expected what".
    4. Set ``FORMAT = YourClass`` at the end.

    The conformance tests (``tests/conformance/test_formats.py``) run over it as soon as the file is there.
    """

    extension: ClassVar[str]
    """The ending of the file's name, without the dot."""
    kinds: ClassVar[tuple[Kind, ...]] = ("single",)
    """The kinds of tasks that the format can carry; others are refused before anything is written."""
    uncovered: ClassVar[bool] = False
    """Whether the format tells a record that nobody labeled from one with a label."""
    empty_text: ClassVar[bool] = False
    """Whether a text may be empty."""
    weights: ClassVar[bool] = False
    """Whether the format holds the weight of a record; where it does not, weights are warned about."""
    probabilities: ClassVar[bool] = True
    """Whether the format looks at the probabilities of single labels; where it does not, rows come without."""
    conversations: ClassVar[bool] = False
    """Whether the format holds conversations, so that a template may make them."""
    card: ClassVar[str] = ""
    """The card that `write` makes, as a path in the export folder; the export's card is appended to it."""

    @property
    def one_turn(self) -> bool:
        """Whether it holds just one question and its answer (or two answers) a record."""
        return False

    def files(self, name: str) -> tuple[str, ...]:
        """Return the files that `write` makes, as paths in the export folder; the first is the one it is given.

        The others, which readers of the format ask for, are written beside the first.
        """
        return (f"{name}.{self.extension}",)

    @abstractmethod
    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write the rows to a new file and return their number.

        Raises
        ------
        ExportError
            A row that the format cannot carry, named by its record.
        """

    @abstractmethod
    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Read the file back and return what is wrong with it; an empty list when nothing is."""


def excerpt(value: Any, width: int = 60) -> str:
    """Return the beginning of a value as a message shows it."""
    text = repr(value)
    return text if len(text) <= width else text[: width - 1] + "…"


def require_text(name: str, row: ExportRow) -> None:
    """Refuse a record without a text for a format that cannot carry it."""
    if not row.text:
        raise ExportError(
            f"{name}, record {row.id}: the text is empty, and the format asks for non-empty content. "
            "Take the record out of the corpus, or reject it in review."
        )
