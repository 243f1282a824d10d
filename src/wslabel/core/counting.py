"""Vote patterns counted while votes stream by: what a label model needs of a corpus that does not fit into memory."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ints, frozen
from wslabel.core.task import check_labels
from wslabel.core.votes import VoteMatrix, VotePatterns, Votes, distinct_rows, hashed_rows, no_gold, vote_type
from wslabel.errors import VotesError

FIRST = 1 << 20
"""Rows that are kept before equal ones are looked for."""
GROWTH = 1.125
"""The store grows by so much at a time, in place where the system can."""
WORTH = 0.9
"""Where more than this share of the kept rows is distinct, merging stops."""


class PatternCounter:
    """Counts distinct rows of votes, batch by batch.

    Equal rows are merged as long as that pays; of votes that are nearly all distinct each row is kept, in one byte a
    vote: 50 million records of 50 LFs take 3 GB.

    Parameters
    ----------
    lf_names
        m names.
    labels
        K label names.

    Examples
    --------
    >>> counter = PatternCounter(["one", "two"], ["ham", "spam"])
    >>> for _ in range(3):
    ...     counter.add(np.array([[0, -1], [1, 1]]))
    >>> counter.patterns().counts.tolist()
    [3, 3]
    """

    def __init__(self, lf_names: Iterable[str], labels: Iterable[str]) -> None:
        self.lf_names, self.labels = tuple(lf_names), check_labels(list(labels), "A pattern counter")
        self._votes: Any = np.empty((0, len(self.lf_names)), vote_type(len(self.labels)))
        self._counts: Ints = np.empty(0, np.int64)
        self._size, self._limit, self._merging = 0, FIRST, True
        self._shared = False
        self._known: list[tuple[Votes, NDArray[np.int16]]] = []

    def add(self, votes: VoteMatrix | NDArray[np.integer], gold: NDArray[np.int16] | None = None) -> None:
        """Count a batch.

        Parameters
        ----------
        votes
            A vote matrix of these LFs and labels, or b×m label indices (-1 abstains).
        gold
            b class indices, -1 where the record's gold label is unknown.

        Raises
        ------
        VotesError
            Votes of other LFs or labels, or outside -1..K-1.
        """
        rows = self._checked(votes)
        if gold is not None and (gold >= 0).any():
            known = gold >= 0
            self._known.append((rows[known], gold[known].astype(np.int16)))
            rows = rows[~known]
        first, inverse = distinct_rows(rows)
        self._append(rows[first], np.bincount(inverse, minlength=len(first)))
        if self._merging and self._size > self._limit:
            self._merge()

    def patterns(self) -> VotePatterns:
        """Return the patterns counted so far; `inverse` is empty. The counter may go on, the patterns stay valid."""
        if self._merging and self._size:
            self._merge()
        self._shared = True
        votes = self._votes[: self._size]
        counts, gold = self._counts[: self._size], self._gold_patterns()
        none = np.zeros(0, np.int64)
        if gold is None:
            zeros = no_gold(len(votes), len(self.labels))
            return VotePatterns(votes, frozen(counts), none, zeros, self.labels)
        return VotePatterns(
            np.concatenate([votes, gold.votes]),
            np.concatenate([counts, gold.counts]),
            none,
            np.concatenate([no_gold(len(votes), len(self.labels)), gold.gold]),
            self.labels,
        )

    def _checked(self, votes: VoteMatrix | NDArray[np.integer]) -> Votes:
        if isinstance(votes, VoteMatrix):
            if votes.lf_names != self.lf_names or votes.labels != self.labels:
                raise VotesError("The batch has other LFs or labels than the counter. Count each suite by itself.")
            return votes.votes
        m, top = len(self.lf_names), len(self.labels) - 1
        if votes.ndim != 2 or votes.shape[1] != m:
            raise VotesError(f"The batch has shape {votes.shape}; expected a row a record and {m} columns, one an LF.")
        if votes.size and (votes.min() < -1 or votes.max() > top):
            raise VotesError(f"The batch holds votes from {votes.min()} to {votes.max()}; expected -1 to {top}.")
        rows: Votes = votes.astype(self._votes.dtype, copy=False)
        return rows

    def _append(self, rows: Votes, counts: Ints) -> None:
        end = self._size + len(rows)
        if end > len(self._counts):
            self._grow(max(end, int(len(self._counts) * GROWTH)))
        self._votes[self._size : end], self._counts[self._size : end] = rows, counts
        self._size = end

    def _grow(self, capacity: int) -> None:
        """Make room for so many rows: in place, unless patterns that were handed out share the memory."""
        if self._shared:
            self._votes, self._counts, self._shared = self._votes.copy(), self._counts.copy(), False
        self._votes.resize((capacity, self._votes.shape[1]), refcheck=False)
        self._counts.resize(capacity, refcheck=False)

    def _merge(self) -> None:
        """Merge equal rows; stop doing so where it does not pay."""
        first, inverse = hashed_rows(self._votes[: self._size])
        counts = np.bincount(inverse, self._counts[: self._size], len(first)).astype(np.int64)
        self._merging = len(first) < WORTH * self._size or self._size < FIRST
        self._votes, self._counts, self._size = self._votes[first], counts, len(first)
        self._limit = max(2 * self._size, FIRST)

    def _gold_patterns(self) -> VotePatterns | None:
        if not self._known:
            return None
        votes = np.concatenate([rows for rows, _ in self._known])
        return VotePatterns.from_votes(votes, self.labels, np.concatenate([gold for _, gold in self._known]))
