"""The ids met in one pass over a corpus, in a few bytes each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

_Hashes = NDArray[np.uint64]
SALT = "\0wslabel"
LONGEST = 1 << 21
"""Strings of a run that is merged no more: to merge takes three times the memory of what is merged."""


class SeenIds:
    """Numbers by which strings are known again, kept as sorted runs that are merged as they grow.

    A string is known by two hashes of 64 bits: that two of ten million strings share both has a probability below
    1e-24. Held are 24 bytes a string, where a dictionary takes over 200.
    """

    def __init__(self) -> None:
        self._runs: list[tuple[_Hashes, _Hashes, NDArray[np.int64]]] = []

    def add(self, ids: Sequence[str], places: Sequence[int]) -> list[int | None]:
        """Add strings met at places (numbers >= 0); return for each the place where it was met first, or None."""
        first: list[int | None] = [None] * len(ids)
        if not ids:
            return first
        one, two = _hashes(ids), _hashes([text + SALT for text in ids])
        order = np.lexsort((np.arange(len(ids)), two, one))
        where = np.asarray(places, np.int64)
        batch = (one[order], two[order], where[order])
        for run in self._runs:
            for at, place in _find(run, batch[0], batch[1]):
                position = int(order[at])
                first[position] = place if first[position] is None else first[position]
        repeated = np.flatnonzero((batch[0][1:] == batch[0][:-1]) & (batch[1][1:] == batch[1][:-1])) + 1
        for at in repeated.tolist():
            position, before = int(order[at]), int(order[at - 1])
            if first[position] is None:
                first[position] = first[before] if first[before] is not None else int(where[before])
        fresh = np.array([first[position] is None for position in order.tolist()])
        self._merge((batch[0][fresh], batch[1][fresh], batch[2][fresh]))
        return first

    def _merge(self, run: tuple[_Hashes, _Hashes, NDArray[np.int64]]) -> None:
        """Add a run; two of about the same length become one, so that there are few."""
        while self._runs and len(self._runs[-1][0]) <= min(2 * len(run[0]), LONGEST):
            other = self._runs.pop()
            keys = np.concatenate([other[0], run[0]])
            order = np.argsort(keys, kind="stable")
            run = (keys[order], np.concatenate([other[1], run[1]])[order], np.concatenate([other[2], run[2]])[order])
        self._runs.append(run)


class TextCopies:
    """How often each text hash was met, to number the copies of a text."""

    def __init__(self) -> None:
        self._runs: list[_Hashes] = []

    def number(self, hashes: Sequence[int]) -> list[int]:
        """Return which copy each is, from 1, and remember them."""
        keys = np.array(hashes, np.uint64)
        before = np.zeros(len(keys), np.int64)
        for run in self._runs:
            before += np.searchsorted(run, keys, "right") - np.searchsorted(run, keys, "left")
        order = np.argsort(keys, kind="stable")
        ranked = keys[order]
        starts = np.flatnonzero(np.concatenate([[True], ranked[1:] != ranked[:-1]])[: len(ranked)])
        here = np.empty(len(keys), np.int64)
        here[order] = np.arange(len(keys)) - np.repeat(starts, np.diff([*starts.tolist(), len(keys)]))
        while self._runs and len(self._runs[-1]) <= min(2 * len(ranked), LONGEST):
            ranked = np.sort(np.concatenate([self._runs.pop(), ranked]), kind="stable")
        self._runs.append(ranked)
        numbers: list[int] = (before + here + 1).tolist()
        return numbers


def _hashes(ids: Sequence[str]) -> _Hashes:
    return np.fromiter(map(hash, ids), np.int64, len(ids)).view(np.uint64)


def _find(run: tuple[_Hashes, _Hashes, NDArray[np.int64]], one: _Hashes, two: _Hashes) -> Any:
    """Yield (position, place) of the strings that the run holds."""
    keys, checks, places = run
    if not len(keys):
        return
    begin, end = np.searchsorted(keys, one, "left"), np.searchsorted(keys, one, "right")
    for position in np.flatnonzero(end > begin).tolist():
        for at in range(begin[position], end[position]):
            if checks[at] == two[position]:
                yield position, int(places[at])
