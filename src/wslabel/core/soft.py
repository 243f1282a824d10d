"""Soft votes: votes with a confidence, beside the vote matrix that holds their likeliest labels."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats, Ints, frozen
from wslabel.errors import VotesError

PLAIN = 0.8
"""The confidence of a vote that counts as much as one without."""
MOST = 3.0
"""Plain votes that one vote may count for."""


@dataclass(frozen=True, init=False, eq=False)
class SoftVotes:
    """The votes that came with a confidence.

    Parameters
    ----------
    rows, lfs
        Of each soft vote the row and the column in the vote matrix.
    confidence
        How likely the label is, as the LF says: more than chance, at most 1.
    """

    rows: Ints
    lfs: Ints
    confidence: Floats

    def __init__(self, rows: Any, lfs: Any, confidence: Any) -> None:
        order = np.lexsort((np.asarray(lfs, np.int64), np.asarray(rows, np.int64)))
        object.__setattr__(self, "rows", frozen(np.asarray(rows, np.int64)[order]))
        object.__setattr__(self, "lfs", frozen(np.asarray(lfs, np.int64)[order]))
        object.__setattr__(self, "confidence", frozen(np.asarray(confidence, np.float64)[order]))

    def __len__(self) -> int:
        return len(self.rows)

    def weights(self, cardinality: int) -> Floats:
        """Return how many plain votes each counts for: its log-odds against chance over those of a confidence of .8.

        At chance, 1/K, a vote counts nothing.
        """
        odds = np.log(np.minimum(self.confidence, 1 - 1e-9) / (1 - np.minimum(self.confidence, 1 - 1e-9)))
        plain = np.log(PLAIN / (1 - PLAIN)) + np.log(cardinality - 1)
        return np.asarray(np.clip((odds + np.log(cardinality - 1)) / plain, 0.0, MOST))

    def of_lfs(self, lfs: Sequence[int]) -> SoftVotes | None:
        """Return those of these columns, numbered by their places; None where there are none."""
        place = {column: number for number, column in enumerate(lfs)}
        kept = np.flatnonzero(np.isin(self.lfs, list(place)))
        moved = [place[column] for column in self.lfs[kept].tolist()]
        return SoftVotes(self.rows[kept], moved, self.confidence[kept]) if len(kept) else None

    def of_row(self, row: int) -> Mapping[int, float]:
        """Return the confidences of one record by column."""
        begin, end = np.searchsorted(self.rows, [row, row + 1])
        return dict(zip(self.lfs[begin:end].tolist(), self.confidence[begin:end].tolist()))


def soft_from_array(confidence: Any, votes: Any) -> SoftVotes | None:
    """Return the soft votes of n×m confidences; NaN, and 1 or any number where an LF abstains, stand for none."""
    if confidence is None:
        return None
    given = np.asarray(confidence, np.float64)
    if given.shape != votes.shape:
        raise VotesError(f"The confidences have shape {given.shape}, the votes {votes.shape}; expected one a vote.")
    rows, lfs = np.nonzero((votes >= 0) & ~np.isnan(given))
    wrong = (given[rows, lfs] < 0) | (given[rows, lfs] > 1)
    if wrong.any():
        row, column = int(rows[wrong][0]), int(lfs[wrong][0])
        raise VotesError(f"Row {row}, column {column}: the confidence is {given[row, column]}; expected 0..1, or NaN.")
    return SoftVotes(rows, lfs, given[rows, lfs]) if len(rows) else None
