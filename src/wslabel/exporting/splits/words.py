"""Texts as numbers: hashes of words, of runs of words and of whole texts, equal on every machine."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Places = NDArray[np.int64]

_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
"""Scripts that put no spaces between words (Thai, Lao, Khmer, kana, Han): each letter counts as a word."""
_WORD = re.compile(f"[{_UNSPACED}]|[^\\W{_UNSPACED}]+")
_ODD, _MIX, _FINAL = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


@dataclass(frozen=True)
class Words:
    """The words of some texts, end to end.

    Attributes
    ----------
    hashes
        One number a word.
    starts
        n + 1 places: the words of text i stand at ``starts[i]`` to ``starts[i + 1]``; every text has one.
    """

    hashes: Hashes
    starts: Places

    @property
    def lengths(self) -> Places:
        """The number of words of each text."""
        return np.diff(self.starts)

    def texts(self) -> Hashes:
        """Return a number for each text; texts with the same words in the same order have the same."""
        place = np.arange(len(self.hashes)) - np.repeat(self.starts[:-1], self.lengths)
        mixed = mixed_hash(self.hashes + mixed_hash(place.astype(np.uint64)))
        return mixed_hash(np.add.reduceat(mixed, self.starts[:-1]) + self.lengths.astype(np.uint64))

    def pairs(self) -> tuple[Hashes, Places]:
        """Return numbers of adjacent words, with the text's beginning and end as words, and n + 1 places."""
        n, lengths = len(self.lengths), self.lengths
        left, right = np.zeros(len(self.hashes) + n, np.uint64), np.zeros(len(self.hashes) + n, np.uint64)
        at = np.arange(len(self.hashes)) + np.repeat(np.arange(n), lengths)
        right[at] = self.hashes
        left[at + 1] = self.hashes
        return mixed_hash(left * _ODD + right), self.starts + np.arange(n + 1)

    def runs(self, size: int) -> tuple[Hashes, Places]:
        """Return a number for each run of `size` words inside a text, and the text that each stands in."""
        count = len(self.hashes) - size + 1
        if count < 1:
            return np.zeros(0, np.uint64), np.zeros(0, np.int64)
        total = np.zeros(count, np.uint64)
        for place in range(size):
            total = total * _ODD + mixed_hash(self.hashes[place : place + count])
        owner = np.repeat(np.arange(len(self.lengths)), self.lengths)
        inside = owner[:count] == owner[size - 1 :]
        return mixed_hash(total[inside]), owner[:count][inside]


def words_of(texts: Sequence[str]) -> Words:
    """Return the words of texts: letters and digits, case folded; a text without any is a word as it is.

    >>> words_of(["The end.", "the  END"]).texts().tolist() == words_of(["the end", "The end!"]).texts().tolist()
    True
    """
    lists = [_WORD.findall(text.casefold()) or [text.strip()] for text in texts]
    starts = np.zeros(len(lists) + 1, np.int64)
    np.cumsum([len(words) for words in lists], out=starts[1:])
    return Words(string_hashes([word for words in lists for word in words]), starts)


def string_hashes(strings: Sequence[str]) -> Hashes:
    """Return n numbers of 64 bits by SipHash with a fixed key, so the same in every process."""
    from pandas.util import hash_array

    hashes: Any = hash_array(np.array(strings, dtype=object), categorize=True) if len(strings) else np.zeros(0)
    return np.asarray(hashes, np.uint64)


def mixed_hash(numbers: Hashes) -> Hashes:
    """Return numbers whose bits all depend on all bits of the given ones (SplitMix64, Steele et al. 2014)."""
    out = numbers + _ODD
    out = (out ^ (out >> np.uint64(30))) * _MIX
    out = (out ^ (out >> np.uint64(27))) * _FINAL
    return out ^ (out >> np.uint64(31))
