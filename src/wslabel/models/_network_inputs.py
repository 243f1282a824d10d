"""What the network of `prior_fitted` looks at.

K labels, n distinct rows of votes with weights, m LFs that vote at all. Every array has the label first, because the
same weights serve every label: permuting labels, rows or LFs permutes what comes out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
VotesArray = NDArray[np.integer[Any]]

RECORD_FEATURES = 10
LF_FEATURES = 24
SUPPORTS = 7
VOTED = 20
"""The feature that is an LF's coverage."""
STEP = slice(21, 24)
"""The features that are one step of Dawid and Skene's model."""
SCALE_FEATURES = 6
STRENGTH = 10.0
"""Weight in records, and tilt towards the right label, of the prior in that step."""
MOST = 5000.0
"""Records from which more of them tell the network nothing new; it has not been trained on many more."""
SMALLEST = 1e-9


@dataclass(frozen=True)
class Inputs:
    """What the network looks at.

    Attributes
    ----------
    votes
        n×m label indices, -1 abstains.
    weight
        n numbers of records.
    record, lf, scale
        Features: K×n×10, K×m×24, n×6.
    """

    votes: VotesArray
    weight: Array
    record: Array
    lf: Array
    scale: Array

    @property
    def cardinality(self) -> int:
        """K."""
        return len(self.record)

    @property
    def same(self) -> Array:
        """K×n×m: 1 where the LF votes for the label."""
        return np.stack([self.votes == k for k in range(self.cardinality)]).astype(np.float64)

    @property
    def other(self) -> Array:
        """K×n×m: 1 where the LF votes for another label."""
        return (self.votes >= 0).astype(np.float64)[None] - self.same


def inputs_of(votes: VotesArray, weight: NDArray[Any], gold: VotesArray, balance: NDArray[Any]) -> Inputs:
    """Return what the network looks at.

    Parameters
    ----------
    votes
        n×m; every LF votes at least once.
    weight
        n positive numbers of records.
    gold
        n class indices, -1 where unknown.
    balance
        K shares.
    """
    weight = np.asarray(weight, np.float64)
    counts = vote_counts(votes, len(balance))
    prior = np.asarray(balance, np.float64)
    record = _record_features(counts, gold, prior)
    lf = _lf_features(votes, weight, counts, gold, prior)
    return Inputs(votes, weight, record, lf, scale_features(counts, votes.shape[1]))


def vote_counts(votes: VotesArray, cardinality: int) -> Array:
    """Return the n×K numbers of votes."""
    return np.stack([(votes == k).sum(axis=1) for k in range(cardinality)], axis=1).astype(np.float64)


def scale_features(counts: Array, m: int) -> Array:
    """Return the n×6 features of the scale: how many votes there are, and how far they agree."""
    n, cardinality = counts.shape
    total, most = counts.sum(axis=1), counts.max(axis=1, initial=0.0)
    share = most / np.maximum(total, 1)
    named = (counts > 0).sum(axis=1)
    ties = (counts == most[:, None]).sum(axis=1) > 1
    sizes = np.full(n, np.log(cardinality) / 5), np.full(n, np.log(min(m, 200) + 1.0) / 5)
    return np.stack([np.log1p(np.minimum(total, 100)), share, np.log1p(named), ties, *sizes], axis=1).astype(np.float64)


def _record_features(counts: Array, gold: VotesArray, prior: Array) -> Array:
    cardinality = len(prior)
    total = counts.sum(axis=1, keepdims=True)
    smoothed = np.log(_shares(counts, prior)) + np.log(cardinality)
    top = counts == counts.max(axis=1, keepdims=True, initial=0.0)
    known = (gold >= 0)[:, None]
    hit = known & (gold[:, None] == np.arange(cardinality))
    parts = [
        smoothed,
        np.broadcast_to(np.log(cardinality * prior), counts.shape),
        counts / np.maximum(total, 1),
        np.log1p(np.minimum(counts, 100)),
        np.log1p(np.minimum(total - counts, 100)),
        np.maximum(counts - 1 + prior, 0) / np.maximum(total, 1),
        (top & (total > 0)) / top.sum(axis=1, keepdims=True),
        hit,
        known & ~hit,
        np.full(counts.shape, np.log(cardinality) / 5),
    ]
    return np.stack(parts, axis=-1).astype(np.float64).transpose(1, 0, 2)


def _lf_features(votes: VotesArray, weight: Array, counts: Array, gold: VotesArray, prior: Array) -> Array:
    cardinality = counts.shape[1]
    m = votes.shape[1]
    total, records = counts.sum(axis=1), max(float(weight.sum()), 1e-6)
    voted = (votes >= 0).astype(np.float64)
    n_voted = np.maximum(weight @ voted, 1e-6)
    known = weight * (gold >= 0)
    belief = weight[:, None] * np.where(
        (gold >= 0)[:, None], gold[:, None] == np.arange(cardinality), _shares(counts, prior)
    )
    features = np.empty((cardinality, m, LF_FEATURES), np.float64)
    for k in range(cardinality):
        same = (votes == k).astype(np.float64)
        other = voted - same
        n_same, n_other = weight @ same, weight @ other
        some, some_other = np.maximum(n_same, 1e-6), np.maximum(n_other, 1e-6)
        alone = total <= 1
        left_out = np.maximum(counts[:, k] - 1 + prior[k], 0) / np.maximum(total, 1)
        against = (counts[:, k] + prior[k]) / np.maximum(total, 1)
        overlap = (weight * ~alone) @ same
        agreed = (weight * ~alone * (counts[:, k] - 1) / np.maximum(total - 1, 1)) @ same
        base = float((weight * (counts[:, k] + prior[k]) / (total + 1)).sum()) / records
        hits, misses = (known * (gold == k)) @ same, (known * (gold != k)) @ same
        missed, denied = (known * (gold == k)) @ other, known @ other
        likest, crowd = _overlaps(same, weight, n_same)
        step = _step(belief[:, k], same, other, np.stack([n_same, n_other]), records)
        features[k] = np.stack(
            [
                np.log((n_same + 0.5) / (records + 1)) / 4,
                n_same > 0,
                np.log((n_other + 0.5) / (records + 1)) / 4,
                n_other > 0,
                n_same / n_voted,
                np.log1p(np.minimum(n_same, MOST)) / 8,
                (weight * left_out) @ same / some,
                (weight * alone) @ same / some,
                (weight * against) @ other / some_other,
                np.full(m, base),
                agreed / np.maximum(overlap, 1e-6),
                np.log1p(np.minimum(overlap, MOST)) / 8,
                np.log1p(crowd),
                likest,
                hits / (hits + misses + 1),
                np.log1p(np.minimum(hits + misses, 200)) / 5,
                missed / (denied + 1),
                np.full(m, np.log(min(m, 200) + 1.0) / 5),
                np.full(m, np.log(cardinality) / 5),
                np.full(m, np.log(cardinality * prior[k])),
                n_voted / records,
                *step,
            ],
            axis=-1,
        )
    return features


def _overlaps(same: Array, weight: Array, n_same: Array) -> tuple[Array, Array]:
    """Return m greatest, and summed, Jaccard overlaps of the LFs' votes for one label with those of the others."""
    likest, crowd = np.zeros(len(n_same), np.float64), np.zeros(len(n_same), np.float64)
    some = np.flatnonzero(n_same > 0)
    if len(some) > 1:
        columns = same[:, some]
        both = (columns * weight[:, None]).T @ columns
        either = n_same[some][:, None] + n_same[some][None] - both
        jaccard = np.clip(both / np.maximum(either, 1e-6), 0, 1)
        np.fill_diagonal(jaccard, 0.0)
        likest[some], crowd[some] = jaccard.max(axis=1), np.minimum(jaccard.sum(axis=1), 20)
    return likest, crowd


def _shares(counts: Array, prior: Array) -> Array:
    """Return n×K shares of the votes, with one more as the class balance says."""
    return np.asarray((counts + prior) / (counts.sum(axis=1, keepdims=True) + 1))


def _step(belief: Array, same: Array, other: Array, totals: Array, records: float) -> Array:
    """Return 3×m: what a vote for the label, one for another and none add to its log-odds in Dawid and Skene's model.

    One step from smoothed majority vote: the log of how much likelier the outcome is where the label is believed true
    than everywhere. The first two count from abstaining, whose worth is the third.
    """
    believed = belief.sum()
    every = np.stack([*totals, np.maximum(records - totals.sum(axis=0), 0.0)])
    seen = np.stack([belief @ same, belief @ other])
    seen = np.stack([*seen, np.maximum(believed - seen.sum(axis=0), 0.0)])
    tilted = every * np.array([[STRENGTH], [1.0], [1.0]])
    chance = (seen + STRENGTH * tilted / tilted.sum(axis=0)) / (believed + STRENGTH)
    gain = np.where(every > 0, np.log(np.maximum(chance, SMALLEST) * records / np.maximum(every, SMALLEST)), 0.0)
    said, denied, silent = np.clip(gain, -5, 5)
    return np.stack([np.where(every[0] > 0, said - silent, 0), np.where(every[1] > 0, denied - silent, 0), silent])
