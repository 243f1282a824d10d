"""How well a label model foretells the votes of LFs that it has not seen: a judgement without gold."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models.base import LabelModel

FOLDS = 4
MOST_PATTERNS = 3_000
SMOOTHING = 2.0
"""Records' worth of an LF's overall rates, in its rates given the label."""


def left_out_scores(models: Mapping[str, LabelModel], patterns: VotePatterns, balance: Floats) -> dict[str, float]:
    """Return for each model the mean log-likelihood gained over the LF's own rates, in nats a vote or abstention.

    The LFs are dealt into four folds by coverage. Each model is fitted to the LFs outside a fold, and what an LF
    inside it does on a record (vote for which label, or abstain) is predicted from the posterior q there:
    ``Σ_k q_k θ_k(outcome)``, with θ counted from the other records. 0 where nothing can be left out.
    """
    votes, weight = _some(patterns)
    totals, met = dict.fromkeys(models, 0.0), 0.0
    for fold in _folds(votes):
        rest = VotePatterns.from_votes(np.delete(votes, fold, axis=1), patterns.labels)
        counted = _counted(rest, weight)
        rows = np.flatnonzero(counted.covered[rest.inverse])
        if not len(rows):
            continue
        for name, model in models.items():
            estimate = model.estimate(counted, balance)
            posterior = model.posterior(counted.votes, estimate.parameters, balance)[rest.inverse[rows]]
            totals[name] += sum(_gain(votes[rows, j] + 1, posterior, weight[rows]) for j in fold)
        met += weight[rows].sum() * len(fold)
    return {name: total / max(met, 1.0) for name, total in totals.items()}


def _some(patterns: VotePatterns) -> tuple[Votes, Floats]:
    """Return patterns on which an LF votes, evenly thinned, of LFs that vote; and their numbers of records."""
    rows = np.flatnonzero(patterns.covered)
    step = -(-len(rows) // MOST_PATTERNS) if len(rows) else 1
    votes = patterns.votes[rows[::step]]
    return votes[:, (votes >= 0).any(axis=0)], patterns.weights[rows[::step]]


def _folds(votes: Votes) -> Iterator[Ints]:
    """Deal the LFs out by coverage, and by how often others agree where it is equal: not by place or label."""
    labels = range(int(votes.max(initial=-1)) + 1)
    agreed = np.zeros(votes.shape[1], np.int64)
    for same in (votes == k for k in labels):
        agreed += same.sum(axis=1) @ same
    order = np.lexsort((agreed, -(votes >= 0).sum(axis=0)))
    for fold in range(FOLDS):
        chosen = order[fold::FOLDS]
        if len(chosen) and len(chosen) < len(order):
            yield np.asarray(chosen, dtype=np.int64)


def _counted(patterns: VotePatterns, weight: Floats) -> VotePatterns:
    counts = np.bincount(patterns.inverse, weight, len(patterns.votes)).round().astype(np.int64)
    gold = np.zeros((len(counts), patterns.cardinality), np.int64)
    return VotePatterns(patterns.votes, counts, np.empty(0, np.int64), gold, patterns.labels)


def _gain(outcome: Ints, posterior: Floats, weight: Floats) -> float:
    """Return the log-likelihood of an LF's outcomes given the posterior, less that of its overall rates."""
    cardinality = posterior.shape[1]
    outcomes = cardinality + 1
    rates = (np.bincount(outcome, weight, outcomes) + 0.5) / (weight.sum() + 0.5 * outcomes)
    seen = np.stack([np.bincount(outcome, weight * q, outcomes) for q in posterior.T], axis=1)
    met = np.maximum(seen[outcome] - posterior, 0) + SMOOTHING * rates[outcome][:, None]
    chance = met / (np.maximum(seen.sum(axis=0) - posterior, 0) + SMOOTHING)
    return float(weight @ (np.log((posterior * chance).sum(axis=1)) - np.log(rates[outcome])))
