"""Rows that share a key, of more keys than memory holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np

from wslabel.exporting.splits.words import Hashes, Places

PARTS = 64
"""Files that the keys are spread over by their leading bits; one at a time is in memory."""
_PAIR = np.dtype([("key", np.uint64), ("row", np.uint32)])


class Buckets:
    """Pairs of a key and a row on disk, 12 bytes each.

    Parameters
    ----------
    folder
        An empty folder, which is the caller's to remove.
    """

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._paths = [folder / f"{part}.bin" for part in range(PARTS)]

    def add(self, keys: Hashes, rows: Places) -> None:
        """Add rows (below 2**32) with their keys, which must be evenly spread."""
        part = (keys >> np.uint64(58)).astype(np.int64)
        order = np.argsort(part, kind="stable")
        pairs = np.empty(len(keys), _PAIR)
        pairs["key"], pairs["row"] = keys[order], rows[order]
        edges = np.searchsorted(part[order], np.arange(PARTS + 1))
        for path, start, end in zip(self._paths, edges, edges[1:]):
            if end > start:
                with path.open("ab") as file:
                    file.write(pairs[start:end].tobytes())

    def shared(self) -> Iterator[tuple[Places, Places]]:
        """Yield rows that share a key with another row, a part of the keys at a time, in two arrays.

        The first tells the bucket of each row, ascending; the second the rows, ascending in each bucket. A row
        that was added to a bucket more than once stands there once.
        """
        for path in self._paths:
            if path.exists():
                pairs = np.fromfile(path, _PAIR)
                yield shared_keys(pairs["key"], pairs["row"].astype(np.int64))


def shared_keys(keys: Hashes, rows: Places) -> tuple[Places, Places]:
    """Return bucket numbers and rows of the keys that more than one row has; see `Buckets.shared`."""
    order = np.lexsort((rows, keys))
    keys, rows = keys[order], rows[order]
    new = np.ones(len(keys), np.bool_)
    new[1:] = keys[1:] != keys[:-1]
    fresh = new.copy()
    fresh[1:] |= rows[1:] != rows[:-1]
    bucket: Places = np.cumsum(new, dtype=np.int64)[fresh]
    rows = rows[fresh]
    many = np.flatnonzero(np.bincount(bucket)[bucket] > 1) if len(bucket) else np.zeros(0, np.int64)
    return bucket.take(many), rows.take(many)
