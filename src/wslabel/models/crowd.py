"""Dawid and Skene's model for crowds: confusions between labels, each worker's drawn towards what crowds do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._accuracies import MARGIN
from wslabel.models._sums import blocks, score, smoothed_majority, tally, taught, thinned
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise, normalise_logs

TOLERANCE = 1e-4
"""The largest change of a chance that counts as converged."""
TYPICAL = 0.7
"""The accuracy of a crowd of which nothing is known, with the weight `STRENGTH` in votes."""
STRENGTH = 10.0
A_WORKER = 200
"""Distinct rows of votes for each worker that always stay in fitting."""


@dataclass(frozen=True)
class Crowd(LabelModel):
    """Each worker has a chance of each vote given the true label; who abstains says nothing.

    ``p(k | votes) ∝ balance_k · Π_{j votes} θ[j, k, vote_j]``, by expectation maximisation from smoothed majority vote.
    The prior of θ[j] is a Dirichlet around a confusion matrix that is wrong in the way the whole crowd is, with right
    votes shifted in log-odds by how much better than the crowd worker j is overall; so a worker with three votes is
    taken for one of the crowd, one with a hundred has habits of their own. The class balance is learned with it where
    none is given. For LFs that vote for one label only, take `dawid_skene`: there abstaining matters.

    Source: A. P. Dawid, A. M. Skene, Applied Statistics 28 (1979), doi:10.2307/2346806; the common prior is in the
    manner of H.-C. Kim, Z. Ghahramani, "Bayesian Classifier Combination", AISTATS 2012.

    Attributes
    ----------
    steps
        Rounds of expectation maximisation at most, >= 1.
    strength
        Weight of the prior of a worker's confusions, in records of each label.
    most_patterns
        More distinct rows of votes than this are thinned out evenly for fitting (rows with gold stay); 200 a worker
        always stay.
    """

    name: ClassVar[str] = "crowd"
    steps: int = 20
    strength: float = 20.0
    most_patterns: int = 30_000

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``log_theta``, m×K×K: label, vote; and ``log_balance``, K."""
        patterns = _enough(patterns, self.most_patterns)
        found = self._maximise(patterns, None, balance)
        for step in range(1, self.steps):
            before, found = found, self._maximise(patterns, found, balance)
            if np.abs(np.exp(found["log_theta"]) - np.exp(before["log_theta"])).max(initial=0.0) < TOLERANCE:
                return Estimate(found, True, step + 1)
        return Estimate(found, False, self.steps)

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the posterior under the estimated θ."""
        log_theta = parameters["log_theta"]
        table = np.concatenate([np.zeros((*log_theta.shape[:2], 1)), log_theta], axis=2)
        return normalise_logs(score(votes, table.transpose(0, 2, 1), parameters["log_balance"]))

    def _maximise(self, patterns: VotePatterns, before: Parameters | None, balance: Floats) -> Parameters:
        cardinality = patterns.cardinality
        seen = np.zeros((patterns.votes.shape[1], cardinality + 1, cardinality))
        met = STRENGTH * balance
        for block in blocks(patterns):
            if before is None:
                posterior = smoothed_majority(block.votes, balance)
            else:
                posterior = self.posterior(block.votes, before, balance)
            weights = taught(posterior, block) * block.covered[:, None]
            seen += tally(block.votes, weights, cardinality)
            met += weights.sum(axis=0)
        given = self.class_balance is not None and not isinstance(self.class_balance, str)
        log_balance = np.log(balance if given else met / met.sum())
        return {"log_theta": np.log(self._smoothed(seen[:, 1:].transpose(0, 2, 1))), "log_balance": log_balance}

    def _smoothed(self, seen: Floats) -> Floats:
        """Return m×K×K chances of votes, from their counts by label."""
        prior = _typical(seen)
        theta = seen + self.strength * prior
        return np.asarray(theta / theta.sum(axis=2, keepdims=True))


def _enough(patterns: VotePatterns, most: int) -> VotePatterns:
    """Return the patterns, thinned out evenly where they are very many; those with gold stay."""
    most = max(most, A_WORKER * patterns.votes.shape[1])
    if len(patterns.votes) <= most:
        return patterns
    kept, weight = thinned(patterns.weights, np.asarray(patterns.gold.any(axis=1)), most)
    counts = np.maximum(weight.round().astype(np.int64), 1)
    return VotePatterns(patterns.votes[kept], counts, np.zeros(0, np.int64), patterns.gold[kept], patterns.labels)


def _typical(seen: Floats) -> Floats:
    """Return the m×K×K confusions that the crowd's errors and each worker's overall accuracy lead to expect."""
    cardinality = seen.shape[1]
    right = np.eye(cardinality, dtype=bool)
    start = np.where(right, TYPICAL, (1 - TYPICAL) / (cardinality - 1))
    crowd = seen.sum(axis=0) + STRENGTH * start
    crowd /= crowd.sum(axis=1, keepdims=True)
    wrong = normalise(np.where(right, 0.0, crowd))
    hits, votes = np.trace(seen, axis1=1, axis2=2), seen.sum(axis=(1, 2))
    mean = (hits.sum() + STRENGTH * TYPICAL) / (votes.sum() + STRENGTH)
    accuracy = (hits + STRENGTH / 2 * mean) / (votes + STRENGTH / 2)
    ahead = _logit(accuracy) - _logit(mean)
    hit = 1 / (1 + np.exp(-_logit(np.diag(crowd)) - ahead[:, None]))
    return np.asarray(np.where(right, hit[:, :, None], (1 - hit)[:, :, None] * wrong))


def _logit(p: Floats) -> Floats:
    clipped = np.clip(p, MARGIN, 1 - MARGIN)
    return np.asarray(np.log(clipped / (1 - clipped)))


MODEL = Crowd
