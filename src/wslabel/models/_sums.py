"""What label models do with votes, each in one pass: look up and add, or add up. Rows are never one-hot.

An outcome is a vote + 1: 0 abstains. p rows of votes, m LFs, K labels, C columns of whatever is summed.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.dependence import count_pairs, discounts
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models.base import BLOCK, normalise

FEW = 1_000_000
"""So many additions numpy does sooner than numba is imported."""


def score(votes: Votes, table: Floats, start: Floats | None = None) -> Floats:
    """Return p×C: for each row of votes `start` + Σ_j table[j, outcome_j], from an m×(K+1)×C table."""
    p, m = votes.shape
    width = table.shape[2]
    out = np.zeros((p, width)) if start is None else np.tile(np.asarray(start, np.float64), (p, 1))
    if p * m * width <= FEW:
        return np.asarray(out + table[np.arange(m), _outcomes(votes)].sum(axis=1))
    from wslabel.models import _machine

    _machine.score(_contiguous(votes), np.ascontiguousarray(table, np.float64), out)
    return out


def tally(votes: Votes, weights: Floats, cardinality: int) -> Floats:
    """Return m×(K+1)×C: for each LF and outcome the sum of the p×C weights of the rows with that outcome."""
    p, m = votes.shape
    width = weights.shape[1]
    if p * m * width > FEW:
        from wslabel.models import _machine

        out = np.zeros((m, cardinality + 1, width))
        _machine.tally(_contiguous(votes), np.ascontiguousarray(weights, np.float64), out)
        return out
    cells = (_outcomes(votes) + np.arange(m) * (cardinality + 1)).ravel()
    sums = [np.bincount(cells, np.repeat(weights[:, c], m), m * (cardinality + 1)) for c in range(width)]
    return np.stack(sums, axis=1).reshape(m, cardinality + 1, width).astype(np.float64)


def blocks(patterns: VotePatterns) -> Iterator[VotePatterns]:
    """Yield the patterns in blocks of a size whose posteriors are small; `inverse` is left out."""
    for begin in range(0, len(patterns.votes), BLOCK):
        rows = slice(begin, begin + BLOCK)
        none = np.zeros(0, np.int64)
        yield VotePatterns(patterns.votes[rows], patterns.counts[rows], none, patterns.gold[rows], patterns.labels)


def taught(posterior: Floats, patterns: VotePatterns) -> Floats:
    """Return p×K numbers of records by label: known where gold says, expected elsewhere."""
    unknown = (patterns.counts - patterns.gold.sum(axis=1))[:, None]
    return np.asarray(posterior * unknown + patterns.gold)


def _contiguous(votes: Votes) -> Votes:
    return votes if votes.flags.c_contiguous else votes.copy(order="C")


def _outcomes(votes: Votes) -> Ints:
    return votes.astype(np.int64) + 1


def own_label(values: Floats, cardinality: int) -> Floats:
    """Return the m×(K+1)×K table in which a vote of LF j adds values_j to its own label."""
    table = np.zeros((len(values), cardinality + 1, cardinality))
    places = np.arange(cardinality)
    table[:, places + 1, places] = values[:, None]
    return table


def vote_weights(patterns: VotePatterns, balance: Floats) -> Floats:
    """Return m weights in 0..1: what is left of a vote where other LFs say the same of the same records."""
    return discounts(count_pairs(patterns.votes, patterns.counts, balance))


def smoothed_majority(votes: Votes, balance: Floats, pseudo_votes: float = 1.0, weight: Floats | None = None) -> Floats:
    """Return the p×K shares of votes, weighted by LF, with pseudo-votes as the class balance says."""
    ones = own_label(np.ones(votes.shape[1]) if weight is None else weight, len(balance))
    return normalise(score(votes, ones, pseudo_votes * balance))


def thinned(weight: Floats, always: NDArray[np.bool_], most: int) -> tuple[Ints, Floats]:
    """Return at most `most` rows, drawn evenly by weight (and all that must stay), with their weights."""
    if len(weight) <= most:
        return np.arange(len(weight)), weight
    some = np.flatnonzero(~always)
    cumulative = weight[some].cumsum()
    marks = (np.arange(most) + 0.5) * cumulative[-1] / most
    hits = np.bincount(np.searchsorted(cumulative, marks), minlength=len(some))
    thin = weight * always
    thin[some] = hits * cumulative[-1] / most
    kept = np.flatnonzero(thin > 0)
    return kept, thin[kept]
