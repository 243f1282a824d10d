"""What looks for phrases and patterns in a text. Python's `re` is the reference for what is found."""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from re._casefix import _EXTRA_CASES  # type: ignore[import-not-found]
from typing import Protocol

Span = tuple[int, int]

LONG = 20_000
"""Phrases of a list that are too many for an automaton: the kernel gives them a table of their own."""
LISTED = 16
"""Phrases of a list that are too many for one regular expression, which would try each of them at each place."""
SPAN_GROUP = "span"
"""The group of a pattern that is the evidence, where not all of the match is: ``caused by (?P<span>\\w+)``."""
_HEAD = 3
"""Characters by which phrases are told apart first."""
_START = re.compile(r"(?<!\w).", re.DOTALL)


class Finder(Protocol):
    """Looks for something in a text."""

    def search(self, text: str, /) -> object:
        """Return something that is true where it occurs."""

    def spans(self, text: str, /) -> Iterator[Span]:
        """Yield where it occurs, from left to right."""


@dataclass(frozen=True)
class Regex:
    """A regular expression, whose occurrences do not overlap."""

    pattern: re.Pattern[str]

    def search(self, text: str) -> object:
        """Return the first match."""
        return self.pattern.search(text)

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where it matches: its group ``span``, where the pattern has one that took part."""
        named = [name for name in self.pattern.groupindex if name.partition("_")[0] == SPAN_GROUP]
        for found in self.pattern.finditer(text):
            spans = (found.span(name) for name in named)
            yield next((span for span in spans if span[0] < span[1]), found.span())


@dataclass(frozen=True, eq=False)
class Phrases:
    """A list of phrases on whole words: no word character touches an occurrence.

    It finds what ``(?<!\\w)(?:phrases, the longest first)(?!\\w)`` finds, in a time that does not grow with the list:
    where a phrase may begin, the text's next characters are looked up.

    Attributes
    ----------
    phrases
        The phrases, none of them empty.
    ignore_case
        Whether case counts (`re.IGNORECASE`).
    overlapping
        Whether all occurrences are found, rather than from left to right the longest that do not overlap.
    """

    phrases: tuple[str, ...]
    ignore_case: bool = True
    overlapping: bool = False

    def search(self, text: str) -> object:
        """Return the first occurrence."""
        return next(self.spans(text), None)

    def spans(self, text: str) -> Iterator[Span]:
        """Yield where phrases occur."""
        free = 0
        for start, end in self._occurrences(text):
            if self.overlapping:
                yield start, end
            elif start >= free:
                yield start, end
                free = end

    def _occurrences(self, text: str) -> Iterator[Span]:
        """Yield all occurrences by start; those of one start from the shortest, or only the longest."""
        told = self._told(text)
        known, lengths, size = self._known, self._lengths, len(text)
        for start in [found.start() for found in _START.finditer(text)]:
            if told[start : start + 1] not in self._openings:
                continue
            cuts = range(start + 1, min(start + _HEAD, size) + 1)
            some = [length for cut in cuts for length in lengths.get(told[start:cut], ())]
            for length in some if self.overlapping else reversed(some):
                end = start + length
                if end <= size and told[start:end] in known and not (end < size and is_word(text[end])):
                    yield start, end
                    if not self.overlapping:
                        break

    def _told(self, text: str) -> str:
        return fold(text) if self.ignore_case else text

    @cached_property
    def _known(self) -> frozenset[str]:
        return frozenset(map(self._told, self.phrases))

    @cached_property
    def _openings(self) -> frozenset[str]:
        return frozenset(one[:1] for one in self._known)

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """The lengths of the phrases that begin with some characters, rising; short phrases are all beginning."""
        found = defaultdict[str, set[int]](set)
        for one in self._known:
            found[one[:_HEAD]].add(len(one))
        return {head: sorted(some) for head, some in found.items()}


def listed(phrases: Iterable[str], ignore_case: bool, overlapping: bool = False) -> Finder:
    """Return what finds the phrases: a regular expression where they are few and do not overlap."""
    some = tuple(phrases)
    if overlapping or len(some) > LISTED:
        return Phrases(some, ignore_case, overlapping)
    longest_first = sorted(set(some), key=lambda item: (-len(item), item))
    pattern = rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)"
    return Regex(re.compile(pattern, re.IGNORECASE if ignore_case else re.NOFLAG))


def is_word(character: str) -> bool:
    """Tell whether a character is one of ``\\w``."""
    return character.isalnum() or character == "_"


class _Folds(dict[int, str]):
    """For each code point one that stands for all that equal it under `re.IGNORECASE`."""

    def __missing__(self, code: int) -> str:
        lower = _sre.unicode_tolower(code)
        self[code] = chr(min((lower, *_EXTRA_CASES.get(lower, ()))))
        return self[code]


_FOLDS = _Folds()


def fold(text: str) -> str:
    """Return the text such that texts which equal each other under `re.IGNORECASE` are one."""
    return text.lower() if text.isascii() else text.translate(_FOLDS)
