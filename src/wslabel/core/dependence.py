"""Which LFs vote together more often than their true labels explain: near-duplicates and other dependence.

Of many records a sample is looked at; what is found does not depend on labels' or LFs' order.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.votes import Votes, count_votes

Floats32 = NDArray[np.float32]

ROWS = 20_000
"""Rows of votes that are looked at, taken evenly from all."""
WORK = 3e10
"""Multiplications that are spent at most; of thousands of LFs fewer rows are looked at."""
ALIKE, CONTAINED = 0.98, 0.9
"""LFs that differ on fewer of the records where both vote, one of which votes wherever the other does, are alike."""
TINY = 1e-9
REPEATS = 0.8
"""The redundancy from which on an LF is taken to repeat another."""
SURE = 4.0
"""Standard deviations by which two LFs must agree more than expected before that counts."""


@dataclass(frozen=True, eq=False)
class Pairs:
    """How often each two of m LFs vote together, in records of the sample.

    Attributes
    ----------
    agree
        m×m records on which both vote, and the same; the diagonal holds each LF's votes.
    both
        m×m records on which both vote.
    expected
        m×m records on which both would vote the same if they were independent given the label with most votes.
    cautious
        The same given labels that are as uncertain as smoothed majority vote: less, where LFs are accurate.
    """

    agree: Floats
    both: Floats
    expected: Floats
    cautious: Floats

    def redundancy(self) -> Floats:
        """Return m×m: the share of LF i's votes that are explained by copying LF j, beyond independence; 0..1.

        ``r[i, j] = (agree - expected) / (agree[i, i] - expected)``: 1 where each vote of i is one of j, 0 where they
        are independent, or less than four standard deviations above it. Copies that outnumber the others make the
        label with most votes, and would explain each other: where two LFs never differ, and one votes wherever the
        other does, the cautious expectation counts. The diagonal is 0.
        """
        alike = (self.agree >= ALIKE * self.both) & (self.agree >= CONTAINED * np.diag(self.agree)[:, None])
        found = np.where(alike, self._beyond(self.cautious), self._beyond(self.expected))
        np.fill_diagonal(found, 0.0)
        return found

    def repeats(self, least: float = REPEATS) -> NDArray[np.bool_]:
        """Return m×m booleans: LF i says little that LF j has not said."""
        return self.redundancy() >= least

    def _beyond(self, expected: Floats) -> Floats:
        excess, room = self.agree - expected, np.diag(self.agree)[:, None] - expected
        sure = (excess >= SURE * np.sqrt(expected + 1.0)) & (room > TINY)
        return np.where(sure, np.clip(excess / np.maximum(room, TINY), 0.0, 1.0), 0.0)


def count_pairs(votes: Votes, counts: Ints, balance: Floats) -> Pairs:
    """Count for each two LFs how often they vote together.

    Parameters
    ----------
    votes
        p×m votes.
    counts
        p numbers of records.
    balance
        K shares: what smoothed majority vote adds.
    """
    m, cardinality = votes.shape[1], len(balance)
    rows = _sample(votes, cardinality)
    some, weights = votes[rows], counts[rows].astype(np.float32)[:, None]
    tallied = count_votes(some, cardinality).astype(np.float32)
    soft = (tallied + balance) / (tallied.sum(axis=1, keepdims=True) + 1)
    top = tallied == tallied.max(axis=1, keepdims=True, initial=0)
    pairs = Pairs(*np.zeros((4, m, m)))
    beliefs = [(pairs.expected, top / np.maximum(top.sum(axis=1, keepdims=True), 1)), (pairs.cautious, soft)]
    for columns, said in _by_label(some, cardinality):
        place = np.ix_(columns, columns)
        pairs.agree[place] += (said * weights).T @ said
        for sums, belief in beliefs:
            records = (belief * weights).astype(np.float32)
            met = (said.T @ records).astype(np.float64)
            sums[place] += (met / np.maximum(records.sum(axis=0, dtype=np.float64), TINY)) @ met.T
    voted = (some >= 0).astype(np.float32)
    pairs.both[:] = (voted * weights).T @ voted
    return pairs


def discounts(pairs: Pairs) -> Floats:
    """Return m weights in 0..1: what an LF's vote is still worth beside those that it repeats.

    ``1 / (1 + Σ_j r[i, j])`` over the LFs j that i repeats: each of d copies gets 1/d; an LF whose votes lie within
    those of a larger one is discounted, the larger one is not.
    """
    return np.asarray(1.0 / (1.0 + np.where(pairs.repeats(), pairs.redundancy(), 0.0).sum(axis=1)))


def _sample(votes: Votes, cardinality: int) -> Ints:
    """Return evenly spaced rows, as many as are worth the work."""
    p = len(votes)
    rows = np.linspace(0, p - 1, min(p, ROWS)).astype(np.int64)
    if not len(rows):
        return rows
    work = len(rows) * sum(len(columns) ** 2.0 for columns in _columns(votes[rows], cardinality))
    return rows[:: max(1, int(np.ceil(work / WORK)))]


def _by_label(votes: Votes, cardinality: int) -> Iterator[tuple[Ints, Floats32]]:
    """Yield for each label the LFs that vote it, and rows × LFs: 1 where they do."""
    for k, columns in enumerate(_columns(votes, cardinality)):
        if len(columns):
            yield columns, (votes[:, columns] == k).astype(np.float32)


def _columns(votes: Votes, cardinality: int) -> list[Ints]:
    """Return for each label the LFs that vote it."""
    m = votes.shape[1]
    cells = votes.astype(np.int64) + 1 + np.arange(m) * (cardinality + 1)
    present = np.bincount(cells.ravel(), minlength=m * (cardinality + 1)).reshape(m, cardinality + 1) > 0
    return [np.flatnonzero(present[:, k + 1]) for k in range(cardinality)]
