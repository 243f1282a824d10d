"""Labeling functions: from a decorated Python function, from phrases, patterns or a gazetteer."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from wslabel.authoring import collect
from wslabel.authoring.conditions import NEGATION_CUES, SCOPE_WORDS, Pair
from wslabel.authoring.fingerprints import fingerprint_function
from wslabel.authoring.lexicons import caller, read_lexicon, resolve
from wslabel.authoring.matchers import Matcher, Span
from wslabel.authoring.vectorised import call_on_one
from wslabel.core.fingerprint import fingerprint
from wslabel.core.task import Label
from wslabel.errors import LabelingFunctionError

if TYPE_CHECKING:
    from wslabel.authoring.knowledge import Knowledge

ABSTAIN: Final = None
"""What an LF returns to say nothing."""

Example = str | Mapping[str, Any]
Examples = Sequence[Example] | Mapping[Any, Sequence[Example]]
Phrases = str | Path | Iterable[str]
Pairs = Pair | Iterable[Pair]
Cues = bool | Phrases
Votes = str | Label | Sequence[str | Label]
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
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


def labeling_function(
    function: Callable[..., Any] | None = None,
    /,
    *,
    votes: Votes = (),
    name: str | None = None,
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    vectorised: bool = False,
) -> Callable[[Callable[..., Any]], LabelingFunction]:
    """Make a labeling function of a Python function.

    Parameters
    ----------
    votes
        The label, or the labels, that the function may return.
    name
        Its name; by default the function's.
    fires, abstains, misses
        Examples, as texts or as mappings from column to value: records on which it must vote, must not vote,
        and on which it is known not to vote although it should. For a function with several labels,
        `fires` and `misses` may map a label to its examples.
    vectorised
        The function takes whole columns as Arrow arrays, and returns an Arrow or numpy array, or a list, with a
        label or None for each record. What it says of a record must not depend on the others.

    Returns
    -------
    A decorator. The function's parameters are the names of the columns (or preprocessors) it reads; ``doc`` is
    the spaCy Doc of the text. It returns a declared label, or None to abstain; or a vote with a confidence:
    ``(label, 0.9)``, a mapping from labels to probabilities, or an array of them in the task's order. In a task of the
    kind ``spans`` it returns, or yields, spans: (start, end, label) in characters of the text, end exclusive;
    (start, end) where it declares one label; matches of `re`, or spans of spaCy.

    Raises
    ------
    LabelingFunctionError
        No votes, a parameter that cannot be a column, an unusable name.

    Examples
    --------
    >>> @labeling_function(votes="spam", fires=["Win a prize"], abstains=["See you at noon"])
    ... def promises_prize(text: str) -> str | None:
    ...     return "spam" if "prize" in text else None
    >>> promises_prize("Win a prize"), promises_prize("See you"), promises_prize.votes
    ('spam', None, ('spam',))
    """

    if function is not None:
        place = _plain(function, "@labeling_function")
        raise LabelingFunctionError(
            f"{function.__name__} ({place}): @labeling_function needs to know what is voted: "
            "write @labeling_function(votes=…) with the label."
        )

    def decorate(function: Callable[..., Any]) -> LabelingFunction:
        place = _plain(function, "@labeling_function")
        where = f"LF {name or function.__name__} ({place})"
        columns, optional = _columns(function, where)
        if vectorised and {"doc", "record"} & set(columns):
            raise LabelingFunctionError(
                f"{where}: a vectorised function takes Arrow arrays, which hold no doc or record."
            )
        return _make(
            name or function.__name__,
            votes,
            function,
            columns,
            optional,
            None,
            (fires, abstains, misses),
            inspect.getdoc(function) or "",
            place,
            vectorised,
        )

    return decorate


def preprocessor(function: Callable[..., Any]) -> Preprocessor:
    """Make the function's name a column that LFs and other preprocessors may ask for.

    Examples
    --------
    >>> @preprocessor
    ... def words(text: str) -> list[str]:
    ...     return text.lower().split()
    >>> words("Profit rose")
    ['profit', 'rose']
    """
    place = _plain(function, "@preprocessor")
    where = f"preprocessor {function.__name__} ({place})"
    columns, optional = _columns(function, where)
    if function.__name__ in ("text", "doc", *RESERVED):
        raise LabelingFunctionError(f"{where}: {function.__name__!r} is the name of a column; choose another.")
    made = Preprocessor(function.__name__, function, columns, optional, place)
    collect.add(made)
    return made


def keywords(
    name: str,
    *,
    votes: str | Label,
    any_of: Phrases = (),
    all_of: Phrases = (),
    none_of: Phrases = (),
    at_least: int = 1,
    pairs: Pairs = (),
    not_preceded_by: Cues = (),
    scope: int = SCOPE_WORDS,
    column: str = "text",
    ignore_case: bool = True,
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    doc: str = "",
) -> LabelingFunction:
    """Make an LF that votes where phrases occur as whole words.

    Parameters
    ----------
    any_of, all_of, none_of
        Phrases, or the path of a word list (see `lexicon`) relative to the file that calls: at least one, each
        one, none of which occurs.
    at_least
        How many different phrases of `any_of` must occur.
    pairs
        Phrases `near` or `before` each other: one such condition, or several that must all hold.
    not_preceded_by
        Negation cues, or the path of a list of them: a phrase of `any_of`, `all_of` or `pairs` does not count where a
        cue stands before it in the same sentence, with at most `scope` words between. True: the English
        `NEGATION_CUES`. What a word and a sentence is, `wslabel.authoring.conditions` defines.
    scope
        How many words a negation reaches over.
    column, ignore_case
        The column that is read, and whether case counts.
    doc
        Why the evidence speaks for the label.

    Examples
    --------
    >>> layoffs = keywords("mentions_layoffs", votes="negative", any_of=["layoffs", "job cuts"], none_of=["averted"])
    >>> layoffs("More job cuts ahead"), layoffs("Layoffs averted"), layoffs.spans("More job cuts ahead")
    ('negative', None, [(5, 13)])
    >>> fever = keywords("has_fever", votes="ill", any_of=["fever", "febrile"], not_preceded_by=True)
    >>> fever("Fever since Monday"), fever("She denies any fever."), fever("No cough. Fever since Monday.")
    ('ill', None, 'ill')
    """
    place = Place(*caller())
    one, every, none = (as_phrases(part, place) for part in (any_of, all_of, none_of))
    cues = negation_cues(not_preceded_by, place)
    matcher = Matcher("phrases", one, every, none, column, ignore_case, at_least, _pairs(pairs), cues, scope)
    return matcher_lf(name, votes, matcher, (fires, abstains, misses), doc, place)


def regex(
    name: str,
    *,
    votes: str | Label,
    pattern: str | Iterable[str] = (),
    none_of: str | Iterable[str] = (),
    at_least: int = 1,
    pairs: Pairs = (),
    not_preceded_by: Cues = (),
    scope: int = SCOPE_WORDS,
    column: str = "text",
    ignore_case: bool = True,
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    doc: str = "",
) -> LabelingFunction:
    r"""Make an LF that votes where one of the regular expressions matches and none of `none_of` does.

    Parameters
    ----------
    pattern, none_of
        Regular expressions in the syntax of `re`.
    at_least, pairs, not_preceded_by, scope
        As for `keywords`; `pairs` hold patterns, `not_preceded_by` phrases.

    Examples
    --------
    >>> up = regex("margin_up", votes="positive", pattern=r"margin (?:rose|widened) to \d+")
    >>> up("The margin rose to 12 %"), up("The margin was 12 %")
    ('positive', None)
    """
    place = Place(*caller())
    wanted, unwanted = ((one,) if isinstance(one, str) else tuple(one) for one in (pattern, none_of))
    cues = negation_cues(not_preceded_by, place)
    matcher = Matcher("patterns", wanted, (), unwanted, column, ignore_case, at_least, _pairs(pairs), cues, scope)
    return matcher_lf(name, votes, matcher, (fires, abstains, misses), doc, place)


def gazetteer(
    name: str,
    *,
    votes: str | Label,
    source: str | Path | Iterable[str],
    types: Iterable[str] = (),
    none_of: Phrases = (),
    at_least: int = 1,
    not_preceded_by: Cues = (),
    scope: int = SCOPE_WORDS,
    column: str = "text",
    ignore_case: bool = True,
    fold_accents: bool = False,
    matches: Literal["longest", "all"] = "longest",
    fires: Examples = (),
    abstains: Sequence[Example] = (),
    misses: Examples = (),
    doc: str = "",
) -> LabelingFunction:
    """Make an LF that votes where the alias of a known entity occurs as whole words.

    Parameters
    ----------
    source
        A table with a column ``alias`` (and, where `types` is used, ``type``), relative to the file that calls:
        CSV, TSV, JSONL, Parquet, or a table in SQLite or DuckDB (``kb.sqlite#drugs``); or the aliases themselves.
        What its column ``id`` tells is evidence: `SpanVotes.entity`, `explain`.
    types
        Only entities of these types; all of them by default.
    at_least, not_preceded_by, scope
        As for `keywords`.
    fold_accents
        Whether accents make no difference: "Meniere" finds "Ménière", and "Ménière" finds "Meniere".
    matches
        Which occurrences are spans: from left to right the ``longest`` that do not overlap, or ``all``, also those that
        lie in others or overlap them.

    Raises
    ------
    LabelingFunctionError
        The file lacks a column, or no entity is left.

    Examples
    --------
    >>> names = ["kidney", "kidney failure", "acute kidney failure"]
    >>> gazetteer("known", votes="Disease", source=names).spans("Acute kidney failure")
    [(0, 20)]
    >>> gazetteer("nested", votes="Disease", source=names, matches="all").spans("Acute kidney failure")
    [(0, 20), (6, 12), (6, 20)]
    """
    place = Place(*caller())
    knowledge: Knowledge | None = None
    if isinstance(source, str | Path):
        from wslabel.authoring.knowledge import read_knowledge

        knowledge = read_knowledge(resolve(source, place.file), tuple(types), ignore_case, fold_accents)
        aliases = knowledge.aliases
    else:
        aliases = tuple(source)
    none, cues = as_phrases(none_of, place), negation_cues(not_preceded_by, place)
    overlapping = overlaps(matches, f"LF {name} ({place})")
    matcher = Matcher(
        "phrases", aliases, (), none, column, ignore_case, at_least, (), cues, scope, fold_accents, overlapping
    )
    return matcher_lf(name, votes, matcher, (fires, abstains, misses), doc, place, knowledge)


def overlaps(matches: object, where: str) -> bool:
    """Tell whether all occurrences are asked for, rather than the longest.

    Raises
    ------
    LabelingFunctionError
        Something else is asked for.
    """
    if matches not in ("longest", "all"):
        raise LabelingFunctionError(f"{where}: matches is {matches!r}. Expected 'longest' or 'all'.")
    return matches == "all"


def matcher_lf(
    name: str,
    votes: str | Label,
    matcher: Matcher,
    examples: tuple[Examples, Sequence[Example], Examples],
    doc: str,
    place: Place,
    knowledge: Knowledge | None = None,
) -> LabelingFunction:
    """Make an LF of a matcher, as `keywords` and rules as data do."""
    if not isinstance(votes, str):
        raise LabelingFunctionError(f"LF {name} ({place}): a matcher votes one label; {votes!r} is not one.")
    matcher.check(f"LF {name} ({place})")

    def function(value: str) -> str | None:
        return votes if matcher.matches(value) else ABSTAIN

    return _make(name, votes, function, (matcher.column,), (), matcher, examples, doc, place, knowledge=knowledge)


def made(
    name: str,
    votes: Votes,
    function: Callable[..., Any],
    columns: tuple[str, ...],
    examples: tuple[Examples, Sequence[Example], Examples],
    doc: str,
    place: Place,
    made_of: str,
    knowledge: Knowledge | None = None,
) -> LabelingFunction:
    """Make an LF of a function that wslabel wrote; `made_of` is the fingerprint of the data that it works with.

    It may be called with the text alone, as a plain function of a text may.
    """

    def called(*args: Any, **values: Any) -> Any:
        return function(**dict(zip(columns, args)), **values)

    return _make(name, votes, called, columns, (), None, examples, doc, place, False, knowledge, made_of)


def _make(
    name: str,
    votes: Votes,
    function: Callable[..., Any],
    columns: tuple[str, ...],
    optional: tuple[str, ...],
    matcher: Matcher | None,
    examples: tuple[Examples, Sequence[Example], Examples],
    doc: str,
    place: Place,
    vectorised: bool = False,
    knowledge: Knowledge | None = None,
    made_of: str = "",
) -> LabelingFunction:
    where = f"LF {name} ({place})"
    if not _NAME.fullmatch(name) or name in RESERVED:
        raise LabelingFunctionError(f"{where}: a name is letters, digits and underscores, and not {RESERVED}.")
    given: list[str | Label] = [votes] if isinstance(votes, str) else list(votes)
    declared = tuple(dict.fromkeys(_label_name(vote, where) for vote in given))
    if not declared:
        raise LabelingFunctionError(f"{where}: votes is empty. Name the label, or labels, that it may return.")
    enums = {type(vote) for vote in given if isinstance(vote, Label)}
    fires, abstains, misses = examples
    lf = LabelingFunction(
        name,
        declared,
        function,
        columns,
        optional,
        matcher,
        _cases(fires, where),
        tuple(ExampleCase(case.record, None) for case in _cases(abstains, where)),
        _cases(misses, where),
        doc,
        place,
        enums.pop() if len(enums) == 1 else None,
        vectorised,
        knowledge,
        made_of,
    )
    collect.add(lf)
    return lf


def _plain(function: Any, decorator: str) -> Place:
    """Return where a plain function stands; refuse what is none."""
    if not inspect.isfunction(function) and not inspect.ismethod(function):
        raise LabelingFunctionError(f"{function!r} is no plain function, which {decorator} needs. Wrap it in a def.")
    place = Place(function.__code__.co_filename, function.__code__.co_firstlineno)
    if next(iter(inspect.signature(function).parameters), "") == "self":
        raise LabelingFunctionError(
            f"{function.__name__} ({place}) is a method. Parameters are the names of columns: make it a function."
        )
    if inspect.iscoroutinefunction(function) or inspect.isasyncgenfunction(function):
        raise LabelingFunctionError(
            f"{function.__name__} ({place}) is async or a generator that is. Return the label instead."
        )
    return place


def _label_name(vote: Any, where: str) -> str:
    if isinstance(vote, str) and vote:
        return str(vote.value if isinstance(vote, Label) else vote)
    raise LabelingFunctionError(f"{where}: {vote!r} is no label. Expected a member of the task's Label, or its name.")


def _cases(examples: Examples, where: str) -> tuple[ExampleCase, ...]:
    if isinstance(examples, str):
        raise LabelingFunctionError(f"{where}: examples are a list; put brackets around {examples[:40]!r}.")
    if isinstance(examples, Mapping):
        named = [(_label_name(label, where), one) for label, some in examples.items() for one in some]
    else:
        named = [("", one) for one in examples]
    return tuple(ExampleCase({"text": one} if isinstance(one, str) else dict(one), label) for label, one in named)


def _columns(function: Callable[..., Any], where: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    parameters = inspect.signature(function).parameters.values()
    if not parameters:
        raise LabelingFunctionError(f"{where} has no parameter. Name the columns it reads, for example `text`.")
    for parameter in parameters:
        if parameter.kind not in (parameter.POSITIONAL_OR_KEYWORD, parameter.KEYWORD_ONLY):
            raise LabelingFunctionError(f"{where}: the parameter {parameter} is no column. Name each column it reads.")
        if parameter.name == "gold":
            raise LabelingFunctionError(f"{where} reads gold, which would leak into its votes. Remove the parameter.")
    optional = tuple(parameter.name for parameter in parameters if parameter.default is not parameter.empty)
    return tuple(parameter.name for parameter in parameters), optional


def as_phrases(given: Phrases, place: Place) -> tuple[str, ...]:
    """Return the phrases, read from the word list where a path is given."""
    if isinstance(given, Path) or (isinstance(given, str) and given):
        path = resolve(given, place.file)
        if not path.exists():
            raise LabelingFunctionError(
                f"{place}: there is no word list {path}. A string is the path of one; a phrase stands in brackets: "
                f"[{str(given)!r}]."
            )
        return read_lexicon(path)
    return tuple(given)


def negation_cues(given: Cues, place: Place) -> tuple[str, ...]:
    """Return the cues; True means the usual ones."""
    if isinstance(given, bool):
        return NEGATION_CUES if given else ()
    return as_phrases(given, place)


def _pairs(given: Pairs) -> tuple[Pair, ...]:
    pairs = (given,) if isinstance(given, Pair) else tuple(given)
    if not all(isinstance(one, Pair) for one in pairs):
        raise LabelingFunctionError(f"pairs is {given!r}. Expected near(…), before(…), or a list of them.")
    return pairs
