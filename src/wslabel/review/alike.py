"""Records whose texts are alike."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wslabel.core.arrays import Ints
from wslabel.review.clusters import Vectors, vectors
from wslabel.review.pool import Pool

MOST = 20_000
"""Records among which look-alikes are sought: the first of the queue."""
LEAST = 0.25
"""Cosine from which texts count as alike."""


@dataclass(frozen=True, eq=False)
class LookAlikes:
    """Finds records of a queue whose texts share rare words.

    Attributes
    ----------
    pool
        What the queue was drawn from.
    rows
        The rows among which to look.
    """

    pool: Pool
    rows: Ints

    @cached_property
    def vectors(self) -> Vectors:
        """A vector of length 1 for each row."""
        return vectors(self.pool.rows.texts(self.rows))

    def of(self, row: int, count: int = 3) -> list[tuple[int, float]]:
        """Return the most similar other rows with their cosines, the most similar first."""
        place = np.flatnonzero(self.rows == row)
        if not len(place):
            return []
        likeness = self.vectors @ self.vectors[place[0]]
        likeness[place[0]] = -1
        best = np.argsort(-likeness, kind="stable")[:count]
        return [(int(self.rows[n]), min(1.0, float(likeness[n]))) for n in best if likeness[n] >= LEAST]
