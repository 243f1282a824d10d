"""What a vote is worth: estimated from labels that have seen the text."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import VoteMatrix

PRECISION = 0.7
"""The precision that a vote is held to have before anything is known of it."""
PRIOR_RECORDS = 50.0
"""The weight of that, in records whose labels are estimated."""
PRIOR_SHARE = 0.5
"""How much of the class balance goes into the scores: 1 is Bayes' rule, which drowns rare labels when few vote."""


@dataclass(frozen=True, eq=False)
class Evidence:
    """The worth of each vote, in log-odds against the class balance.

    ``score_k = Σ_j log(θ[j, vote_j, k] / balance_k) / √(number of votes) + ½ log balance_k``, where θ[j, l, ·] is the
    share of each true label among the records on which LF j votes l. The root damps LFs that err together.

    Attributes
    ----------
    ratios
        m×K×K: log(θ / balance) by LF, vote and true label.
    balance
        K shares.
    """

    ratios: Floats
    balance: Floats

    def scores(self, votes: VoteMatrix) -> Floats:
        """Return the n×K unnormalised log-probabilities."""
        total = np.zeros((votes.n, votes.cardinality))
        for j in range(votes.m):
            seen = np.flatnonzero(votes.votes[:, j] >= 0)
            total[seen] += self.ratios[j][votes.votes[seen, j]]
        count = np.maximum((votes.votes >= 0).sum(axis=1), 1)
        return np.asarray(total / np.sqrt(count)[:, None] + PRIOR_SHARE * np.log(self.balance))


def weigh_evidence(votes: VoteMatrix, beliefs: Floats) -> Evidence:
    """Estimate what each LF's votes are worth; a share θ is shrunk towards a precision of .7.

    Parameters
    ----------
    votes
        n records × m LFs.
    beliefs
        n×K probabilities of the true label; certain where it is known.
    """
    cardinality = votes.cardinality
    balance = _balance(votes, beliefs)
    prior = (1 - PRECISION) * balance + PRECISION * np.eye(cardinality)
    ratios = np.empty((votes.m, cardinality, cardinality))
    for j in range(votes.m):
        seen = _counts(votes, j, beliefs)
        share = (seen + PRIOR_RECORDS * prior) / (seen.sum(axis=1, keepdims=True) + PRIOR_RECORDS)
        ratios[j] = np.log(share / balance)
    return Evidence(ratios, balance)


def _counts(votes: VoteMatrix, j: int, beliefs: Floats) -> Floats:
    """Return K×K: the sum of beliefs by vote of LF j."""
    at = np.flatnonzero(votes.votes[:, j] >= 0)
    column, cardinality = votes.votes[at, j].astype(np.int64), votes.cardinality
    sums = [np.bincount(column, beliefs[at, k], cardinality) for k in range(cardinality)]
    return np.asarray(np.stack(sums, axis=1), dtype=np.float64)


def _balance(votes: VoteMatrix, beliefs: Floats) -> Floats:
    rows = votes.covered
    return np.asarray((beliefs[rows].sum(axis=0) + 1.0) / (rows.sum() + votes.cardinality))
