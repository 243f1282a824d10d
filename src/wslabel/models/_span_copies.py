"""LFs that are the same under several names: they are one LF, and count once."""

from __future__ import annotations

import numpy as np

from wslabel.core.arrays import Ints
from wslabel.core.spans import SpanVotes

FEWEST = 20
"""Votes from which LFs that cast just the same ones are taken for copies, and not for LFs that agree."""


def originals(votes: SpanVotes) -> Ints:
    """Return for each LF the first one that casts just the same votes: itself, for most."""
    place = _places(votes)
    random = np.random.default_rng(0)  # an LF is told by the sum of random numbers, one for each thing that is voted
    marks = random.integers(1 << 62, size=(int(place.max(initial=-1)) + 1, 2), dtype=np.uint64)
    told = np.zeros((votes.m, 2), np.uint64)
    np.add.at(told, votes.lf, marks[place])
    count = np.bincount(votes.lf, minlength=votes.m)
    first: dict[tuple[int, ...], int] = {}
    return np.array(
        [first.setdefault((*told[lf].tolist(), count[lf]), lf) if count[lf] >= FEWEST else lf for lf in range(votes.m)],
        np.int64,
    )


def merged(votes: SpanVotes, original: Ints) -> SpanVotes:
    """Return the votes with those of copies given to their originals; what both vote counts once."""
    lf = original[votes.lf]
    if np.array_equal(lf, votes.lf):
        return votes
    return votes.given_to(lf)


def _places(votes: SpanVotes) -> Ints:
    """Return for each vote a number of what is voted: record, start, end and label."""
    order = np.lexsort((votes.label, votes.end, votes.start, votes.record))
    keys = np.stack([votes.record, votes.start, votes.end, votes.label], axis=1)[order]
    out = np.empty(len(keys), np.int64)
    out[order] = np.cumsum(np.append(True, (keys[1:] != keys[:-1]).any(axis=1))[: len(keys)]) - 1
    return out
