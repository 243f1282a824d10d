"""The two sums of label models as machine code, for many votes. Imports numba; hence it is imported late."""

from __future__ import annotations

from wslabel.core.arrays import Floats
from wslabel.core.compiling import compiled
from wslabel.core.votes import Votes


@compiled
def score(votes: Votes, table: Floats, out: Floats) -> None:
    """Add to each row of `out` the rows of m×(K+1)×C `table` that its votes choose."""
    n, m = votes.shape
    width = table.shape[2]
    for row in range(n):
        for j in range(m):
            outcome = votes[row, j] + 1
            for k in range(width):
                out[row, k] += table[j, outcome, k]


@compiled
def tally(votes: Votes, weights: Floats, out: Floats) -> None:
    """Add the weights of each row to the rows of m×(K+1)×C `out` that its votes choose."""
    n, m = votes.shape
    width = weights.shape[1]
    for row in range(n):
        for j in range(m):
            outcome = votes[row, j] + 1
            for k in range(width):
                out[j, outcome, k] += weights[row, k]
