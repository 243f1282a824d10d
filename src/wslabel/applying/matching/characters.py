"""Characters as `re` sees them: which are equal when case is ignored, and which are word characters."""

from __future__ import annotations

import _sre  # type: ignore[import-not-found]
import re
import sys
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from wslabel.applying.matching.arrays import Bools, Int32s


class Characters(NamedTuple):
    """Properties of every code point.

    Attributes
    ----------
    fold
        A code point that stands for all that equal this one under `re.IGNORECASE`.
    word
        Whether ``\\w`` matches it.
    odd
        Whether `fold` and `word` do not tell all: it equals a character that is a word character where this one
        is not (U+0345, which equals ι), or one that does not equal it in return.
    """

    fold: Int32s
    word: Bools
    odd: Bools


@lru_cache(maxsize=1)
def characters() -> Characters:
    """Return the tables of this Python's `re`, which differ between versions of Unicode. Takes about 0.1 s."""
    every = range(sys.maxunicode + 1)
    lower = np.fromiter(map(_sre.unicode_tolower, every), np.int32, len(every))
    word = np.fromiter(map(str.isalnum, map(chr, every)), np.bool_, len(every))
    word[ord("_")] = True
    same = np.arange(len(every), dtype=np.int32)
    for code, others in vars(re)["_casefix"]._EXTRA_CASES.items():
        same[code] = min(code, *others)
    fold = same[lower]
    return Characters(fold, word, (word != word[fold]) | _unanswered(fold))


def _unanswered(fold: Int32s) -> Bools:
    """Return the characters that equal another one which, having no case, equals only itself."""
    sizes = np.bincount(fold, minlength=len(fold))
    shared = np.flatnonzero(sizes[fold] > 1)
    uncased = np.array([code for code in shared.tolist() if not _sre.unicode_iscased(code)], dtype=np.int64)
    alone = np.zeros(len(fold), np.int64)
    np.add.at(alone, fold[uncased], 1)
    others = alone[fold]
    others[uncased] -= 1
    found: Bools = others > 0
    return found
