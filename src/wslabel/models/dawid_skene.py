"""Dawid and Skene's model, with abstaining as an outcome, kept close to majority vote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise_logs
from wslabel.models.majority import smoothed_majority

TOLERANCE = 1e-6
"""The largest change of a posterior that counts as converged."""
TINY = 1e-9


@dataclass(frozen=True)
class DawidSkene(LabelModel):
    """Each LF has its own chance of each outcome (a label, or abstaining) given the true label.

    ``p(k | votes) ∝ balance_k · Π_j θ[j, k, vote_j]``, with θ the maximum a posteriori estimate by a few steps of
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
        """Return ``log_theta``, m×K×(K+1): outcomes are abstain, label 0, .., label K-1."""
        outcomes = patterns.votes.astype(np.int64) + 1
        posterior = smoothed_majority(patterns.votes, balance, 1.0)
        log_theta = self._maximise(outcomes, posterior, patterns)
        converged = False
        for step in range(1, self.steps):
            moved = self._expect(outcomes, log_theta, balance)
            converged = bool(np.abs(moved - posterior).max(initial=0.0) < TOLERANCE)
            posterior = moved
            log_theta = self._maximise(outcomes, posterior, patterns)
            if converged:
                return Estimate({"log_theta": log_theta}, True, step)
        return Estimate({"log_theta": log_theta}, converged, self.steps)

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the posterior under the estimated θ."""
        if self.steps == 0:
            return smoothed_majority(votes, balance, 1.0)
        return self._expect(votes.astype(np.int64) + 1, parameters["log_theta"], balance)

    def _maximise(self, outcomes: Ints, posterior: Floats, patterns: VotePatterns) -> Floats:
        m, cardinality = outcomes.shape[1], patterns.cardinality
        unknown = (patterns.counts - patterns.gold.sum(axis=1))[:, None]
        weights = posterior * unknown + patterns.gold
        theta = np.empty((m, cardinality, cardinality + 1))
        for j in range(m):
            seen = np.stack(
                [
                    np.bincount(outcomes[:, j], weights[:, k], cardinality + 1).astype(np.float64)
                    for k in range(cardinality)
                ]
            )
            theta[j] = self._smoothed(seen)
        return np.asarray(np.log(theta))

    def _smoothed(self, seen: Floats) -> Floats:
        """Return the K×(K+1) chances of an LF's outcomes from their counts and the prior: its rates, tilted."""
        cardinality = len(seen)
        totals = seen.sum(axis=0)
        tilt = np.ones((cardinality, cardinality + 1))
        tilt[np.arange(cardinality), np.arange(1, cardinality + 1)] = self.diagonal
        prior = np.maximum(totals, TINY) * tilt
        theta = seen + self.strength * prior / prior.sum(axis=1, keepdims=True)
        theta /= theta.sum(axis=1, keepdims=True)
        # An outcome that was never seen says no more than the tilt; nor does an LF that never votes.
        return np.asarray(np.where(totals > 0, theta, TINY * tilt))

    def _expect(self, outcomes: Ints, log_theta: Floats, balance: Floats) -> Floats:
        logs = np.tile(np.log(balance), (len(outcomes), 1))
        for j in range(outcomes.shape[1]):
            logs += log_theta[j].T[outcomes[:, j]]
        return normalise_logs(logs)


MODEL = DawidSkene
