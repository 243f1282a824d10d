"""The two sums of label models as machine code, for many votes. Imports numba; hence it is imported late."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

from wslabel.core.arrays import Floats
from wslabel.core.votes import Votes

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile with numba, and keep the code for later processes where some folder can be written."""
    try:
        return cast(_Function, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # neither the package's folder nor the user's cache is writable
        return cast(_Function, njit(nogil=True)(function))


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
