"""Who reviews which record: each to one reviewer, and a share to a second one on purpose."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ids
from wslabel.errors import ReviewError, suggest

_Hashes = NDArray[np.uint64]


@dataclass(frozen=True)
class Assignment:
    """Reviewers and the share of records that two of them get.

    A record goes to the reviewer whose hash with its id is highest (rendezvous hashing: D. Thaler and C. Ravishankar
    1998, doi:10.1109/90.663936), so that who reviews it depends on its id, the names and the seed only, and that a
    reviewer who joins takes records from the others, who exchange none.

    Parameters
    ----------
    reviewers
        Distinct names; none: everybody gets every record.
    shared
        The share of records, 0..1, that a second reviewer gets, too, to measure agreement. Needs two reviewers.
    seed
        Another seed, another draw.

    Examples
    --------
    >>> both = Assignment(("ana", "bob"), shared=0.0)
    >>> ids = np.array([f"r{n}" for n in range(1000)], dtype=object)
    >>> ana, bob = both.of(ids, "ana"), both.of(ids, "bob")
    >>> bool((ana ^ bob).all()), bool(450 < ana.sum() < 550)
    (True, True)
    """

    reviewers: tuple[str, ...] = ()
    shared: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.shared <= 1:
            raise ReviewError(f"The share of records for two reviewers lies in 0..1; got {self.shared}.")
        if len(set(self.reviewers)) != len(self.reviewers) or "" in self.reviewers:
            raise ReviewError(f"Reviewers need distinct names; got {list(self.reviewers)}.")
        if self.shared and len(self.reviewers) < 2:
            raise ReviewError("A share of records for two reviewers needs the names of at least two (reviewers=[...]).")

    def of(self, ids: Ids, reviewer: str) -> NDArray[np.bool_]:
        """Return n booleans: the reviewer gets the record.

        Raises
        ------
        ReviewError
            The reviewer is none of those named.
        """
        if not self.reviewers:
            return np.ones(len(ids), np.bool_)
        if reviewer not in self.reviewers:
            raise ReviewError(f"There is no reviewer {reviewer!r} in this queue. {suggest(reviewer, self.reviewers)}")
        ranks = self._ranks(ids)
        place = self.reviewers.index(reviewer)
        own = np.asarray(ranks[0] == place)
        return own if len(ranks) == 1 else own | ((ranks[1] == place) & self._twice(ids))

    def _ranks(self, ids: Ids) -> NDArray[np.int64]:
        """Return the first, and where there are several the second, reviewer of each record."""
        keys = _keys(ids)
        draws = np.stack([_mixed(keys ^ _name(who, self.seed)) for who in self.reviewers])
        first: NDArray[np.int64] = draws.argmax(axis=0)
        if len(self.reviewers) == 1:
            return first[None]
        np.put_along_axis(draws, first[None], np.uint64(0), axis=0)
        return np.stack([first, draws.argmax(axis=0)])

    def _twice(self, ids: Ids) -> NDArray[np.bool_]:
        draw = _mixed(_keys(ids) ^ _name("\0shared", self.seed)).astype(np.float64) / 2.0**64
        return np.asarray(draw < self.shared)


def _keys(ids: Ids) -> _Hashes:
    return np.fromiter((zlib.crc32(record.encode("utf-8", "surrogatepass")) for record in ids), np.uint64, len(ids))


def _name(name: str, seed: int) -> np.uint64:
    one = _mixed(np.array([zlib.crc32(name.encode("utf-8", "surrogatepass"))], np.uint64))
    return np.uint64(_mixed(one ^ np.uint64(seed % 2**63))[0])


def _mixed(
    keys: _Hashes, rounds: Sequence[tuple[int, int]] = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))
) -> _Hashes:
    """Return the keys with all bits mixed (the finaliser of SplitMix64: G. Steele et al. 2014, doi:10.1145/2660193)."""
    mixed = keys + np.uint64(0x9E3779B97F4A7C15)
    for shift, factor in rounds:
        mixed = (mixed ^ (mixed >> np.uint64(shift))) * np.uint64(factor)
    return mixed ^ (mixed >> np.uint64(31))
