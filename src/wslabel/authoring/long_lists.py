"""Very long lists of phrases, in which Python's `re` would try each phrase at each place."""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from re._casefix import _EXTRA_CASES  # type: ignore[import-not-found]
from typing import Protocol

LONG = 20_000
"""Phrases of a list that are too many for one regular expression."""
_IOTA_BELOW = "\u0345"
"""The one character that equals word characters and is none: near it, words do not tell where phrases may stand."""
_WORDS = re.compile(r"\w+")


class Finder(Protocol):
    """What is asked of a regular expression."""

    def search(self, text: str, /) -> re.Match[str] | None:
        """Return the first occurrence."""

    def finditer(self, text: str, /) -> Iterator[re.Match[str]]:
        """Yield the occurrences, which do not overlap."""


class LongList:
    """A list of phrases as a regular expression, made for each text of the phrases that may occur in it.

    A phrase may occur where its first word does, case ignored; one without a word may occur anywhere.

    Parameters
    ----------
    phrases
        The phrases.
    compile_some
        Makes a regular expression of some of them.
    """

    def __init__(self, phrases: Sequence[str], compile_some: Callable[[Sequence[str]], re.Pattern[str]]) -> None:
        self._phrases, self._compile = phrases, compile_some

    def search(self, text: str, /) -> re.Match[str] | None:
        """Return the first occurrence."""
        return next(self.finditer(text), None)

    def finditer(self, text: str, /) -> Iterator[re.Match[str]]:
        """Yield the occurrences, which do not overlap."""
        some = self._candidates(text)
        return self._compile(some).finditer(text) if some else iter(())

    def _candidates(self, text: str) -> Sequence[str]:
        folded = fold(text)
        words = ("", *dict.fromkeys(_WORDS.findall(folded)))
        near = (phrase for word in words for phrase in self._by_word.get(word, ()))
        some = self._phrases if _IOTA_BELOW in text else near
        return [phrase for phrase in some if fold(phrase) in folded]

    @cached_property
    def _by_word(self) -> dict[str, list[str]]:
        by_word = defaultdict[str, list[str]](list)
        for phrase in self._phrases:
            first = None if _IOTA_BELOW in phrase else _WORDS.search(fold(phrase))
            by_word[first.group() if first else ""].append(phrase)
        return dict(by_word)


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
