"""The triplet method: accuracies in closed form from how often LFs agree, two by two."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.dependence import count_pairs, discounts
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._accuracies import bounded_prior, log_odds, right_votes, within
from wslabel.models._sums import own_label, score
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise_logs

NEIGHBOURS = 40
"""An LF is compared with so many others, those with which it votes most often."""
USUAL = 0.55
"""The correlation with the truth that is taken for granted: of two labels, an accuracy of 0.775."""


@dataclass(frozen=True)
class Triplet(LabelModel):
    """Each LF's accuracy from the agreements of all triplets that it is in; no iteration.

    Let ``α_j = (K a_j - 1) / (K - 1)``. LFs that err independently and evenly agree so often that
    ``M_ij = (K · agree_ij - 1) / (K - 1) = α_i α_j``, whatever the class balance; hence
    ``|α_i| = sqrt(M_ij M_ik / M_jk)``, of which the median over pairs j, k is taken. The closed form leaves the sign
    open: it is the one under which LF i agrees with the others as a whole, and an LF that does not gets chance, so
    that none is turned upside down. Each α_i is pulled to .55 by `strength` votes. Then as in the one-coin model:
    ``p(k | votes) ∝ balance_k · Π_{j votes} (a_j if vote_j = k else (1 - a_j) / (K - 1))``. For two labels and LFs
    that vote both this is the cited method; where LFs vote for one label only, agreement says little and the prior
    most.

    Source: D. Fu, M. Chen, F. Sala, S. Hooper, K. Fatahalian, C. Ré, "Fast and Three-rious: Speeding Up Weak
    Supervision with Triplet Methods", ICML 2020, arXiv:2002.11955.

    Attributes
    ----------
    strength
        Weight of the prior, in votes beside others.
    """

    name: ClassVar[str] = "triplet"
    strength: float = 20.0

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``accuracy`` and ``weight``, m numbers each."""
        cardinality = patterns.cardinality
        pairs = count_pairs(patterns.votes, patterns.counts, balance)
        both = np.where(pairs.repeats() | pairs.repeats().T, 0.0, pairs.both)
        np.fill_diagonal(both, 0.0)
        moments = (cardinality * pairs.agree / np.maximum(both, 1e-9) - 1) / (cardinality - 1)
        moments = (moments * both + USUAL**2) / (both + 1)
        alpha = np.array([_correlation(i, moments, both) for i in range(len(both))])
        beside = both.sum(axis=1)
        alpha = (alpha * beside + USUAL * self.strength) / (beside + self.strength)
        accuracy = within((1 + (cardinality - 1) * alpha) / cardinality, cardinality)
        accuracy = self._taught(accuracy, patterns)
        return Estimate({"accuracy": accuracy, "weight": discounts(pairs)})

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the posterior under the estimated accuracies."""
        odds = log_odds(parameters["accuracy"], len(balance))
        table = own_label(parameters["weight"] * odds, len(balance))
        return normalise_logs(score(votes, table, bounded_prior(balance, odds)))

    def _taught(self, accuracy: Floats, patterns: VotePatterns) -> Floats:
        """Return the accuracies after the gold records, each as the mean of a Beta prior of `strength` votes."""
        if not patterns.gold.any():
            return accuracy
        right, votes = right_votes(patterns.votes, patterns.gold.astype(np.float64))
        return within((accuracy * self.strength + right) / (self.strength + votes), patterns.cardinality)


def _correlation(i: int, moments: Floats, both: Floats) -> float:
    """Return α_i >= 0: the median over pairs of LFs beside i; without a pair, what the prior says."""
    near = np.argsort(-both[i], kind="stable")[:NEIGHBOURS]
    near = near[both[i, near] > 0]
    if len(near) == 1:
        return float(np.sqrt(max(moments[i, near[0]], 0.0)))
    first, second = np.triu_indices(len(near), 1)
    met = both[near[first], near[second]] > 0
    j, k = near[first][met], near[second][met]
    if not len(j) or (moments[i, near] * both[i, near]).sum() <= 0:
        return 0.0 if len(j) else USUAL
    found = np.sqrt(np.abs(moments[i, j] * moments[i, k]) / np.maximum(np.abs(moments[j, k]), 1e-2))
    return float(np.median(np.minimum(found, 1.0)))


MODEL = Triplet
