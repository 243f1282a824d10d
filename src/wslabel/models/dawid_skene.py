"""Dawid and Skene's model, with abstaining as an outcome, kept close to majority vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._sums import blocks, score, smoothed_majority, tally, taught, vote_weights
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise_logs

TOLERANCE = 1e-6
"""The largest change of a chance that counts as converged."""
TINY = 1e-9


@dataclass(frozen=True)
class DawidSkene(LabelModel):
    """Each LF has its own chance of each outcome (a label, or abstaining) given the true label.

    ``p(k | votes) ∝ balance_k · Π_j θ[j, k, vote_j] ^ w_j``, with w_j = 1 unless LF j repeats another
    (`wslabel.core.dependence`), and θ the maximum a posteriori estimate by a few steps of
    expectation maximisation from smoothed majority vote. Unbounded steps drift to degenerate classes when LFs are
    correlated or vote for one label only, so the steps are few, the class balance is not learned, and a Dirichlet
    prior holds each LF near its own overall rates, with `diagonal` more weight on the right label.

    Source: A. P. Dawid, A. M. Skene, "Maximum Likelihood Estimation of Observer Error-Rates Using the EM Algorithm",
    Applied Statistics 28 (1979), doi:10.2307/2346806.

    Attributes
    ----------
    steps
        Rounds of expectation maximisation, >= 0; 0 is smoothed majority vote.
    strength
        Weight of the prior, in records.
    diagonal
        How many times likelier the prior holds a vote for the true label than for another.
    """

    name: ClassVar[str] = "dawid_skene"
    steps: int = 1
    strength: float = 10.0
    diagonal: float = 10.0

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``log_theta``, m×K×(K+1): outcomes are abstain, label 0, .., label K-1; and ``weight``, m."""
        weight = vote_weights(patterns, balance)
        log_theta = self._maximise(patterns, None, weight, balance)
        for step in range(1, self.steps):
            before, log_theta = log_theta, self._maximise(patterns, log_theta, weight, balance)
            if np.abs(np.exp(log_theta) - np.exp(before)).max(initial=0.0) < TOLERANCE:
                return Estimate({"log_theta": log_theta, "weight": weight}, True, step + 1)
        return Estimate({"log_theta": log_theta, "weight": weight}, False, self.steps)

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the posterior under the estimated θ."""
        log_theta = parameters["log_theta"] if self.steps else None
        return self._expect(votes, log_theta, parameters["weight"], balance)

    def _maximise(self, patterns: VotePatterns, log_theta: Floats | None, weight: Floats, balance: Floats) -> Floats:
        """Return log θ from the posteriors under the θ before, or under smoothed majority vote."""
        cardinality = patterns.cardinality
        seen = np.zeros((len(weight), cardinality + 1, cardinality))
        for block in blocks(patterns):
            posterior = self._expect(block.votes, log_theta, weight, balance)
            seen += tally(block.votes, taught(posterior, block), cardinality)
        return np.asarray(np.log(self._smoothed(seen.transpose(0, 2, 1))))

    def _smoothed(self, seen: Floats) -> Floats:
        """Return m×K×(K+1) chances of outcomes from their counts and the prior: an LF's rates, tilted."""
        cardinality = seen.shape[1]
        totals = seen.sum(axis=1, keepdims=True)
        tilt = np.ones((cardinality, cardinality + 1))
        tilt[np.arange(cardinality), np.arange(1, cardinality + 1)] = self.diagonal
        prior = np.maximum(totals, TINY) * tilt
        theta = seen + self.strength * prior / prior.sum(axis=2, keepdims=True)
        theta /= theta.sum(axis=2, keepdims=True)
        # An outcome that was never seen says no more than the tilt; nor does an LF that never votes.
        return np.asarray(np.where(totals > 0, theta, TINY * tilt))

    def _expect(self, votes: Votes, log_theta: Floats | None, weight: Floats, balance: Floats) -> Floats:
        if log_theta is None:
            return smoothed_majority(votes, balance, weight=weight)
        table = (log_theta * weight[:, None, None]).transpose(0, 2, 1)
        return normalise_logs(score(votes, table, np.log(balance)))


MODEL = DawidSkene
