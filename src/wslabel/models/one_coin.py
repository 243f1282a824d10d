"""The one-coin model: each LF has one accuracy, its errors fall evenly on the other labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._accuracies import bounded_prior, log_odds, right_votes, shrunk
from wslabel.models._sums import blocks, own_label, score, smoothed_majority, taught, vote_weights
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise_logs

TOLERANCE = 1e-6
"""The largest change of an accuracy that counts as converged."""


@dataclass(frozen=True)
class OneCoin(LabelModel):
    """Each LF j has one chance a_j that its vote is right; whether it votes says nothing.

    ``p(k | votes) ∝ b_k · Π_{j votes} (a_j if vote_j = k else (1 - a_j) / (K - 1))``, with b the class balance
    drawn near to uniform (it decides between equal votes), and a (m numbers) the
    maximum a posteriori estimate by expectation maximisation from smoothed majority vote. The prior pulls each a_j to
    the mean accuracy of all LFs; no a_j falls to the chance 1/K, so that no LF is turned upside down. LFs that repeat
    others are discounted (`wslabel.core.dependence`).

    Source: Y. Zhang, X. Chen, D. Zhou, M. I. Jordan, "Spectral Methods Meet EM: A Provably Optimal Algorithm for
    Crowdsourcing", Journal of Machine Learning Research 17 (2016), section 2 (the one-coin model).

    Attributes
    ----------
    steps
        Rounds of expectation maximisation, >= 1. Few are better where LFs are correlated.
    strength
        Weight of the prior, in votes.
    """

    name: ClassVar[str] = "one_coin"
    steps: int = 3
    strength: float = 10.0

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``accuracy`` and ``weight``, m numbers each."""
        weight = vote_weights(patterns, balance)
        accuracy, converged = np.full(patterns.votes.shape[1], np.nan), False
        for step in range(1, self.steps + 1):
            before, accuracy = accuracy, self._maximise(patterns, accuracy if step > 1 else None, weight, balance)
            converged = bool(np.abs(accuracy - before).max(initial=0.0) < TOLERANCE)
            if converged:
                break
        return Estimate({"accuracy": accuracy, "weight": weight}, converged, step)

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the posterior under the estimated accuracies."""
        return self._expect(votes, parameters["accuracy"], parameters["weight"], balance)

    def _maximise(self, patterns: VotePatterns, accuracy: Floats | None, weight: Floats, balance: Floats) -> Floats:
        right, votes = np.zeros(len(weight)), np.zeros(len(weight))
        for block in blocks(patterns):
            if accuracy is None:
                posterior = smoothed_majority(block.votes, balance, weight=weight)
            else:
                posterior = self._expect(block.votes, accuracy, weight, balance)
            more = right_votes(block.votes, taught(posterior, block))
            right, votes = right + more[0], votes + more[1]
        return shrunk(right, votes, self.strength, patterns.cardinality)

    def _expect(self, votes: Votes, accuracy: Floats, weight: Floats, balance: Floats) -> Floats:
        odds = log_odds(accuracy, len(balance))
        return normalise_logs(score(votes, own_label(weight * odds, len(balance)), bounded_prior(balance, odds)))


MODEL = OneCoin
