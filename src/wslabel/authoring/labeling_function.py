"""What a labeling function is, and a preprocessor."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final

from wslabel.authoring.fingerprints import fingerprint_function
from wslabel.authoring.matchers import Matcher, Span
from wslabel.authoring.vectorised import call_on_one
from wslabel.core.fingerprint import fingerprint
from wslabel.core.task import Label

if TYPE_CHECKING:
    from wslabel.authoring.knowledge import Knowledge

ABSTAIN: Final = None
"""What an LF returns to say nothing."""

Example = str | Mapping[str, Any]
Examples = Sequence[Example] | Mapping[Any, Sequence[Example]]
Votes = str | Label | Sequence[str | Label]
RESERVED = ("id", "gold")
"""Names that no LF may carry and no function may read as a column: gold would leak into the votes."""


@dataclass(frozen=True)
class Place:
    """Where something was written: a line of a file, or the row of a sheet."""

    file: str
    line: int
    unit: str = "line"

    def __str__(self) -> str:
        return f"{self.file}, {self.unit} {self.line}"


@dataclass(frozen=True)
class ExampleCase:
    """A record with what an LF says of it: a label name, "" for any declared label, None for an abstain."""

    record: Mapping[str, Any]
    expected: str | None


@dataclass(frozen=True, eq=False)
class LabelingFunction:
    """A pure function from a record to one of its declared labels, or to nothing.

    It is still callable as the plain function it was made of.

    Attributes
    ----------
    name
        A Python identifier that states the evidence.
    votes
        The label names that it may vote.
    function
        The plain function; its parameters are the names of the columns it reads.
    columns
        The columns, or preprocessors, that it reads.
    optional
        Those of them that have a default, used where the corpus has no such column.
    matcher
        The declarative condition, where there is one; engines may evaluate it their own way.
    fires, abstains, misses
        Examples: must vote, must not vote, should vote but is known not to.
    doc
        Why the evidence speaks for the label.
    place
        File and line.
    vectorised
        Whether the function takes whole columns, as Arrow arrays, and returns as many answers.
    knowledge
        The table that a gazetteer was made of, whose column ``id`` tells the entities; ids change no vote.
    made_of
        Of a function that wslabel made, the fingerprint of the data that it works with.
    """

    name: str
    votes: tuple[str, ...]
    function: Callable[..., Any]
    columns: tuple[str, ...]
    optional: tuple[str, ...] = ()
    matcher: Matcher | None = None
    fires: tuple[ExampleCase, ...] = ()
    abstains: tuple[ExampleCase, ...] = ()
    misses: tuple[ExampleCase, ...] = ()
    doc: str = ""
    place: Place = field(default_factory=lambda: Place("", 0))
    enum: type[Label] | None = None
    vectorised: bool = False
    knowledge: Knowledge | None = None
    made_of: str = ""

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the plain function; a vectorised one takes plain values as well, as one record."""
        if self.vectorised and not any(hasattr(one, "tolist") for one in (*args, *kwargs.values())):
            return call_on_one(self.function, args, kwargs)
        return self.function(*args, **kwargs)

    def spans(self, text: str) -> list[Span]:
        """Return (start, end) of the matched evidence in the text; empty for an LF without a matcher."""
        return [] if self.matcher is None else self.matcher.spans(text)

    def entities(self, found: str) -> tuple[str, ...]:
        """Return the ids of all known entities that the found words may name; none for an LF without a table."""
        return () if self.knowledge is None else self.knowledge.ids(found)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of all that changes votes: code and what it reaches, or the matcher; not examples or docs."""
        what = self.matcher or self.made_of or fingerprint_function(self.function)
        kind = ["vectorised"] if self.vectorised else []
        asked = ("fold_accents", "overlapping") if self.matcher is not None else ()
        kind += [name for name in asked if getattr(self.matcher, name)]
        return fingerprint(self.name, list(self.votes), list(self.columns), repr(what), *kind)

    def __repr__(self) -> str:
        return f"LabelingFunction({self.name}: {' | '.join(self.votes)})"


@dataclass(frozen=True, eq=False)
class Preprocessor:
    """A function whose name becomes a column that other functions may ask for; run once a record."""

    name: str
    function: Callable[..., Any]
    columns: tuple[str, ...]
    optional: tuple[str, ...]
    place: Place

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """Call the plain function."""
        return self.function(*args, **kwargs)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the code and what it reaches."""
        return fingerprint(self.name, fingerprint_function(self.function))

    def __repr__(self) -> str:
        return f"Preprocessor({self.name})"
