"""Majority vote weighted by how often each LF agrees with the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._accuracies import within
from wslabel.models._sums import blocks, own_label, score, tally, vote_weights
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise

SMALLEST = 0.1
"""The weight of an LF that is no better than guessing: it decides where nobody else votes."""
TILT = 0.09
"""The part of the pseudo-votes that follows the class balance: it outweighs no vote."""

TINY = 1e-9
LEAST = 0.4
"""The correlation with the truth (K ā - 1) / (K - 1) below which the mean LF is not taken to fall."""


@dataclass(frozen=True)
class WeightedMajority(LabelModel):
    """Weighted shares of votes, smoothed; an LF's weight grows with its agreement with the others.

    ``p(k | votes) = (Σ_{j votes k} w_j + s · b_k) / (Σ_{j votes} w_j + s)`` with b the class balance drawn near to
    uniform, and ``w_j ∝ (K a_j - 1) / (K - 1)``, 1 in the mean, the weight that bounds the error rate best. The
    accuracy a_j is found without iterating. Let g_j be the mean share, on the records where LF j votes, of other votes
    that equal its own, pulled to the mean of all by `strength` votes. If the others are right with the chance ā and
    else err evenly, ``g_j = a_j ā + (1 - a_j)(1 - ā)/(K - 1)``; the mean of g gives ā, and then each g_j its a_j.
    Votes that meet gold count as `strength` each. LFs that repeat others are discounted
    (`wslabel.core.dependence`).

    Source: H. Li, B. Yu, "Error Rate Bounds and Iterative Weighted Majority Voting for Crowdsourcing", 2014,
    arXiv:1411.4086 (the weights).

    Attributes
    ----------
    pseudo_votes
        s > 0; the weight of the class balance in votes.
    strength
        Votes by which each agreement is pulled to the mean.
    """

    name: ClassVar[str] = "weighted_majority"
    pseudo_votes: float = 1.0
    strength: float = 10.0

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``accuracy`` and ``weight``, m numbers each."""
        m, cardinality = patterns.votes.shape[1], patterns.cardinality
        discount = vote_weights(patterns, balance)
        sums = np.zeros((m, 4))
        for block in blocks(patterns):
            sums += _agreement(block, discount)
        accuracy = _accuracies(sums, self.strength, cardinality)
        weight = (cardinality * accuracy - 1) / (cardinality - 1)
        voting = sums[:, 1] > 0
        mean = weight[voting].mean() if voting.any() else 1.0
        return Estimate({"accuracy": accuracy, "weight": np.maximum(weight / mean, SMALLEST) * discount})

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the weighted shares."""
        start = self.pseudo_votes * ((1 - TILT) / len(balance) + TILT * balance)
        return normalise(score(votes, own_label(parameters["weight"], len(balance)), start))


def _agreement(patterns: VotePatterns, discount: Floats) -> Floats:
    """Return m×4 sums over votes: agreement with others, votes beside others; right votes, votes that meet gold.

    An LF with its copies counts as one vote, which is taken away when it is compared with the others.
    """
    cardinality = patterns.cardinality
    counts = score(patterns.votes, own_label(discount, cardinality))
    total = counts.sum(axis=1, keepdims=True)
    records = np.where(total > 1 + TINY, patterns.counts[:, None], 0)
    shares = np.clip((counts - 1) / np.maximum(total - 1, TINY), 0.0, 1.0) * records
    weights = np.concatenate([shares, records, patterns.gold], axis=1)
    seen = tally(patterns.votes, weights, cardinality)[:, 1:]
    own = np.trace(seen[:, :, :cardinality], axis1=1, axis2=2)
    known = seen[:, :, cardinality + 1 :]
    return np.stack(
        [own, seen[:, :, cardinality].sum(axis=1), np.trace(known, axis1=1, axis2=2), known.sum(axis=(1, 2))], axis=1
    )


def _accuracies(sums: Floats, strength: float, cardinality: int) -> Floats:
    """Return m accuracies from the m×4 sums of `_agreement`."""
    agreed, beside, right, met = sums.T
    if not beside.sum():
        return within((right + strength * 0.7) / (met + strength), cardinality)
    common = agreed.sum() / beside.sum()
    others = min(max(_mean_accuracy(common, cardinality), (1 + LEAST * (cardinality - 1)) / cardinality), 0.98)
    agreement = (agreed + strength * common) / (beside + strength)
    error = (1 - others) / (cardinality - 1)
    found = within((agreement - error) / (others - error), cardinality)
    # A record of gold says more than agreement does: it counts as `strength` votes beside others.
    return within((found * (beside + strength) + strength * right) / (beside + strength + strength * met), cardinality)


def _mean_accuracy(agreement: float, cardinality: int) -> float:
    """Return ā for which ``ā² + (1 - ā)²/(K - 1)`` is the agreement; chance where there is less."""
    excess = cardinality * agreement - 1
    return (1 + float(np.sqrt(max(excess, 0.0) * (cardinality - 1)))) / cardinality


MODEL = WeightedMajority
