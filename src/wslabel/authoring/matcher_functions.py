"""Labeling functions from phrases, patterns or a gazetteer."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from wslabel.authoring.conditions import NEGATION_CUES, SCOPE_WORDS, Pair
from wslabel.authoring.labeling_function import ABSTAIN, Example, Examples, LabelingFunction, Place
from wslabel.authoring.lexicons import caller, read_lexicon, resolve
from wslabel.authoring.making import make
from wslabel.authoring.matchers import Matcher
from wslabel.core.task import Label
from wslabel.errors import LabelingFunctionError

if TYPE_CHECKING:
    from wslabel.authoring.knowledge import Knowledge

Phrases = str | Path | Iterable[str]
Pairs = Pair | Iterable[Pair]
Cues = bool | Phrases


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

    return make(name, votes, function, (matcher.column,), (), matcher, examples, doc, place, knowledge=knowledge)


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
