"""Records on which witnesses contradict each other, doubt, or say nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.votes import VoteMatrix
from wslabel.flagging.findings import Finding

Mask = NDArray[np.bool_]
LEVEL = 1e-9
"""Probabilities that differ by no more are level."""


def conflicts_and_ties(labels: Labels, votes: VoteMatrix, doubtful: Mask) -> list[Finding]:
    """Return ``conflict``, where LFs vote for different labels, and ``tie``, where the two leading ones are level.

    The suggestion is the label with most votes; among equals the likeliest.
    """
    counts = votes.counts()
    leading = np.sort(counts, axis=1)
    conflict = np.flatnonzero((leading[:, -2] > 0) & doubtful)
    found = {"conflict": conflict, "tie": conflict[leading[conflict, -1] == leading[conflict, -2]]}
    return [
        Finding(kind, rows, _most_voted(counts[rows], labels.probs[rows]), "against") for kind, rows in found.items()
    ]


def uncovered(labels: Labels, held: OutOfSample | None, doubtful: Mask) -> Finding:
    """Return ``uncovered``: no LF votes; the suggestion is the end model's label."""
    rows = np.flatnonzero(~labels.covered & doubtful)
    likely = labels.probs if held is None else held.probs
    return Finding("uncovered", rows, likely[rows].argmax(axis=1))


def low_confidence(labels: Labels, opinion: Floats, doubtful: Mask) -> Finding:
    """Return ``low_confidence``: a covered record whose label's probability is nearer to chance than to certainty.

    The suggestion is the likeliest label in the second opinion.
    """
    least = (1 + 1 / len(labels.labels)) / 2
    rows = np.flatnonzero((labels.confidence < least) & labels.covered & doubtful)
    return Finding("low_confidence", rows, opinion[rows].argmax(axis=1), "for")


def disagreement(labels: Labels, opinion: Floats, doubtful: Mask) -> Finding:
    """Return ``disagreement``: another label than the given one is likeliest in the second opinion."""
    given = opinion[np.arange(labels.n), labels.hard_indices()]
    rows = np.flatnonzero((opinion.max(axis=1, initial=0.0) > given + LEVEL) & doubtful)
    return Finding("disagreement", rows, opinion[rows].argmax(axis=1), "for")


def _most_voted(counts: Ints, probs: Floats) -> Ints:
    leading = counts == counts.max(axis=1, keepdims=True)
    return np.asarray(np.where(leading, probs, -1.0).argmax(axis=1))
