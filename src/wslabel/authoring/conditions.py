"""Conditions on where matches stand: near or before each other, and not behind a negation.

A *word* is a run of ``\\w+``, as Python's `re` finds it in the whole text. The *distance* of two matches is the number
of words that lie wholly between the end of the one and the start of the other; matches that overlap have none. A
*sentence* ends behind a run of ``.``, ``!``, ``?`` or ``…`` (closing quotes and brackets belong to it) that white
space follows, behind ``。``, ``！`` and ``？``, and at an empty line; a match stands in the sentence in which it
starts. A single line break ends no sentence, and an abbreviation such as "Dr. " does end one.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from wslabel.authoring.finders import Finder, Span

NEAR_WORDS = 5
SCOPE_WORDS = 5
"""How far a negation reaches: NegEx looks at up to 5 words (Chapman et al. 2001, doi:10.1006/jbin.2001.1029)."""
_CONTRACTED = (
    *("ain't", "aren't", "can't", "couldn't", "didn't", "doesn't", "don't", "hadn't", "hasn't", "haven't", "isn't"),
    *("mustn't", "needn't", "shouldn't", "wasn't", "weren't", "won't", "wouldn't", "n't"),
)
READINGS = 1_024
"""Texts whose readings are kept: whoever asks many rules about many texts does so in pieces of this length."""
NEGATION_CUES = (
    *("no", "not", "never", "none", "neither", "nor", "nobody", "nothing", "without", "cannot"),
    *("deny", "denies", "denied", "denying", "negative for", "free of", "absence of", "absent", "lack of", "lacks"),
    *("lacking", "ruled out", "rules out", "rule out", "fails to", "failed to", "no longer", "rather than"),
    *_CONTRACTED,
    *(word.replace("'", "’") for word in _CONTRACTED),
)
"""The English cues that `not_preceded_by=True` means."""

_WORD = re.compile(r"\w+")
_SENTENCE_END = re.compile(r"[.!?…]+[\"'”’»)\]]*(?=\s)|[。！？]+[」』”’）]*|\n[^\S\n]*\n")


@dataclass(frozen=True)
class Pair:
    """Two lists of which an entry each must occur, the one near or before the other; see `near` and `before`.

    Attributes
    ----------
    first, second
        Phrases or patterns, as the matcher's kind says.
    within
        The most words between the two; None for any number.
    ordered
        Whether the first must end before the second begins.
    """

    first: tuple[str, ...]
    second: tuple[str, ...]
    within: int | None = None
    ordered: bool = False

    @property
    def operator(self) -> str:
        """``near`` or ``before``."""
        return "before" if self.ordered else "near"


def near(first: str | Iterable[str], second: str | Iterable[str], within: int = NEAR_WORDS) -> Pair:
    """Ask for an entry of `first` and one of `second`, in either order, with at most `within` words between.

    Parameters
    ----------
    first, second
        One phrase or several (patterns, in a `regex` rule); one of each is enough.
    within
        The most words between the two: 0 where they must stand side by side. Sentences do not matter.

    Examples
    --------
    >>> from wslabel.authoring import keywords
    >>> pain = keywords("chest_pain", votes="heart", pairs=near("chest", ["pain", "ache"], within=3))
    >>> pain("Pain in the chest."), pain("Chest clear. She came because of a knee pain.")
    ('heart', None)
    """
    return Pair(_entries(first), _entries(second), within)


def before(first: str | Iterable[str], second: str | Iterable[str], within: int | None = None) -> Pair:
    """Ask for an entry of `first` and behind it one of `second`, with at most `within` words between.

    Parameters
    ----------
    first, second
        As for `near`.
    within
        The most words between the two; None for any number.

    Examples
    --------
    >>> from wslabel.authoring import keywords
    >>> stopped = keywords("pump_stopped", votes="failure", pairs=before("pump", ["stopped", "tripped"], within=2))
    >>> stopped("The pump has tripped"), stopped("It tripped; the pump runs")
    ('failure', None)
    """
    return Pair(_entries(first), _entries(second), within, ordered=True)


@dataclass(frozen=True, eq=False)
class Cues:
    """What finds negation cues; the same object for all rules that have the same cues."""

    finder: Finder


@dataclass(frozen=True, eq=False)
class Reading:
    """A text as conditions read it: its words, its sentences and the negation cues in it.

    `read` gives one and the same for all rules that ask about a text.

    Attributes
    ----------
    text
        The text.
    cues
        The cues; None where negation does not matter.
    scope
        The most words between a cue and what it negates.
    """

    text: str
    cues: Cues | None = None
    scope: int = SCOPE_WORDS

    def occurrences(self, finder: Finder) -> list[Span]:
        """Return what is found, without what a cue negates."""
        return [span for span in finder.spans(self.text) if not self.negated(span[0])]

    def negated(self, start: int) -> bool:
        """Tell whether a cue ends at or before `start` in the same sentence, with at most `scope` words between."""
        if self.cues is None:
            return False
        last = bisect_right(self._cue_ends, start) - 1
        if last < 0:
            return False
        cue_start, cue_end = self._cues[last]
        return self.together(cue_start, start) and self.words_between(cue_end, start) <= self.scope

    def together(self, one: int, other: int) -> bool:
        """Tell whether both places are in the same sentence."""
        return bisect_right(self._sentence_ends, one) == bisect_right(self._sentence_ends, other)

    def words_between(self, end: int, start: int) -> int:
        """Return how many words begin at or behind `end` and end at or before `start`."""
        return max(0, bisect_right(self._word_ends, start) - bisect_left(self._word_starts, end))

    def paired(self, first: Sequence[Span], second: Sequence[Span], pair: Pair) -> list[Span]:
        """Return the spans of both lists that have a partner in the other one, as the pair asks; sorted."""
        found = {*self._leading(first, second, pair), *self._following(first, second, pair)}
        if not pair.ordered:
            found.update(self._leading(second, first, pair), self._following(second, first, pair))
        return sorted(found)

    def _leading(self, first: Sequence[Span], second: Sequence[Span], pair: Pair) -> Iterator[Span]:
        """Yield the first spans that a second one follows: no other is as near as the next."""
        starts = [span[0] for span in second]
        for span in first:
            at = bisect_left(starts, span[1])
            if at < len(starts) and self._within(span[1], starts[at], pair):
                yield span

    def _following(self, first: Sequence[Span], second: Sequence[Span], pair: Pair) -> Iterator[Span]:
        """Yield the second spans that follow a first one: no other is as near as the last before it."""
        ends = [span[1] for span in first]
        for span in second:
            at = bisect_right(ends, span[0]) - 1
            if at >= 0 and self._within(ends[at], span[0], pair):
                yield span

    def _within(self, end: int, start: int, pair: Pair) -> bool:
        return pair.within is None or self.words_between(end, start) <= pair.within

    @cached_property
    def _words(self) -> list[Span]:
        return [found.span() for found in _WORD.finditer(self.text)]

    @cached_property
    def _word_starts(self) -> list[int]:
        return [start for start, _ in self._words]

    @cached_property
    def _word_ends(self) -> list[int]:
        return [end for _, end in self._words]

    @cached_property
    def _cues(self) -> list[Span]:
        return [] if self.cues is None else list(self.cues.finder.spans(self.text))

    @cached_property
    def _cue_ends(self) -> list[int]:
        return [end for _, end in self._cues]

    @cached_property
    def _sentence_ends(self) -> list[int]:
        return [found.end() for found in _SENTENCE_END.finditer(self.text)]


read = lru_cache(maxsize=READINGS)(Reading)
"""Return the reading of a text, made once while many rules are asked about the same texts."""


def _entries(given: str | Iterable[str]) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else tuple(given)
