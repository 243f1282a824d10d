"""Votes with a confidence: what they add to a posterior, in any label model."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.soft import SoftVotes
from wslabel.core.votes import Votes

SMALLEST = 1e-12
Posterior = Callable[[Votes], Floats]


def with_soft(posterior: Posterior, votes: Votes, soft: SoftVotes, cardinality: int) -> tuple[Ints, Floats]:
    """Return the rows with soft votes, and their posteriors.

    ``log p = log p_0 + Σ_j w_j (log p_j - log p_0)``, normalised: p_0 is the posterior of the record's votes without a
    confidence, p_j that of these and soft vote j alone, and w_j how many plain votes it counts for
    (`wslabel.core.soft.SoftVotes.weights`). In a model whose votes are independent given the label this is each vote's
    log-odds times its weight, and with weights of 1 the posterior itself.

    Parameters
    ----------
    posterior
        From p×m votes to p×K probabilities, rows without votes included.
    votes
        n×m label indices, -1 abstains.
    """
    rows, place = np.unique(soft.rows, return_inverse=True)
    plain = votes[rows].copy()
    plain[place, soft.lfs] = -1
    start = np.log(np.maximum(posterior(plain), SMALLEST))
    weights, logs = soft.weights(cardinality), start.copy()
    for column in np.unique(soft.lfs):
        mine = np.flatnonzero(soft.lfs == column)
        some = plain[place[mine]].copy()
        some[:, column] = votes[soft.rows[mine], column]
        gain = np.log(np.maximum(posterior(some), SMALLEST)) - start[place[mine]]
        logs[place[mine]] += weights[mine, None] * gain
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return rows, np.asarray(shares / shares.sum(axis=1, keepdims=True))
