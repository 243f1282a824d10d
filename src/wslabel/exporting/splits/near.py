"""Near-duplicates: pairs of texts with much the same words, found without comparing all with all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats
from wslabel.exporting.splits.buckets import Buckets
from wslabel.exporting.splits.words import Places, Words, mixed_hash

PERMUTATIONS, BANDS = 128, 32
"""With 32 bands of 4 rows a pair of similarity 0.5 is looked at with a probability of 0.87, one of 0.7 with 0.9998."""
NEIGHBOURS = 8
"""Rows of a bucket that each row is compared with, beside the bucket's first; a bucket may hold millions."""
_BLOCK = 50_000
_SEED = 1


class Sketches:
    """MinHash sketches of texts on disk, 512 bytes each (Broder 1997; computed by rensa)."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._folder, self._path = folder, folder / "sketches.bin"
        self._path.touch()

    def add(self, words: Words) -> None:
        """Append the sketches of some texts."""
        from rensa import RMinHash

        pairs, starts = words.pairs()
        made = RMinHash.digest_matrix_from_flat_token_hashes(pairs, starts.astype(np.uint64), PERMUTATIONS, _SEED)
        with self._path.open("ab") as file:
            file.write(np.array(made.to_rows(), np.uint32).tobytes())

    def pairs(self, rows: Places, least: float, sides: Places | None = None) -> tuple[Places, Places, Floats]:
        """Return pairs of rows whose texts are likely at least so similar.

        Parameters
        ----------
        rows
            r rows that are looked at. Of very large buckets not all pairs are compared, and their order tells which.
        least
            The least estimated similarity; the estimate's standard error is below 0.045.
        sides
            r numbers: only pairs of different numbers count. None: all do.

        Returns
        -------
        first, second, similarity
            Each pair once; the first stands before the second in `rows`.
        """
        sketches = self._read()
        found = [np.zeros((0, 3))]
        for left, right in self._candidates(sketches, rows, sides):
            for start in range(0, len(left), _BLOCK):
                one, two = left[start : start + _BLOCK], right[start : start + _BLOCK]
                alike = (sketches[rows[one]] == sketches[rows[two]]).mean(axis=1)
                near = alike >= least
                found.append(np.stack([one[near], two[near], alike[near]], axis=1))
        pairs = np.unique(np.concatenate(found), axis=0)
        places = pairs[:, :2].astype(np.int64)
        return rows[places[:, 0]], rows[places[:, 1]], pairs[:, 2]

    def _candidates(self, sketches: Any, rows: Places, sides: Places | None) -> Iterator[tuple[Places, Places]]:
        with TemporaryDirectory(dir=self._folder) as folder:
            buckets = Buckets(Path(folder) / "bands")
            for start in range(0, len(rows), _BLOCK):
                block = rows[start : start + _BLOCK]
                places = np.arange(start, start + len(block))
                buckets.add(_bands(np.asarray(sketches[block])).ravel(), np.repeat(places, BANDS))
            for bucket, inside in buckets.shared():
                left, right = _compared(bucket, inside, sides)
                both = np.unique(np.stack([np.minimum(left, right), np.maximum(left, right)], axis=1), axis=0)
                yield both[:, 0], both[:, 1]

    def _read(self) -> Any:
        if not self._path.stat().st_size:
            return np.zeros((0, PERMUTATIONS), np.uint32)
        return np.memmap(self._path, np.uint32, "r").reshape(-1, PERMUTATIONS)


def _bands(sketches: NDArray[np.uint32]) -> NDArray[np.uint64]:
    """Return n×`BANDS` keys: texts that agree in a band have the same key there."""
    keys = np.broadcast_to(np.arange(BANDS, dtype=np.uint64), (len(sketches), BANDS))
    for place in range(PERMUTATIONS // BANDS):
        keys = mixed_hash(keys ^ sketches[:, place :: PERMUTATIONS // BANDS].astype(np.uint64))
    return keys


def _compared(bucket: Places, rows: Places, sides: Places | None) -> tuple[Places, Places]:
    """Return which rows of each bucket are compared: each with the next few, and with the first (of each side)."""
    side = np.zeros(len(rows), np.int64) if sides is None else sides[rows]
    lefts, rights = [np.zeros(0, np.int64)], [np.zeros(0, np.int64)]
    for step in range(1, NEIGHBOURS + 1):
        same = (bucket[step:] == bucket[:-step]) & ((side[step:] != side[:-step]) | (sides is None))
        lefts.append(rows[:-step][same])
        rights.append(rows[step:][same])
    for one in np.unique(side):
        mine = np.flatnonzero(side == one)
        seen, first = np.unique(bucket[mine], return_index=True)
        place = np.minimum(np.searchsorted(seen, bucket), len(seen) - 1)
        firsts = rows[mine[first[place]]]
        wanted = (seen[place] == bucket) & (firsts != rows) & ((side != one) | (sides is None))
        lefts.append(firsts[wanted])
        rights.append(rows[wanted])
    return np.concatenate(lefts), np.concatenate(rights)
