"""Records on which LFs contradict each other, or say nothing."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.issues import Issue
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.votes import VoteMatrix


def conflicts(labels: Labels, votes: VoteMatrix, open_to_doubt: NDArray[np.bool_]) -> list[Issue]:
    """Return a ``conflict`` for each record on which LFs vote for different labels.

    The score is the given label's probability: the vote with each LF weighed as the label model weighs it.
    The suggestion is the label with most votes.
    """
    counts = votes.counts()
    rows = np.flatnonzero(((counts > 0).sum(axis=1) > 1) & open_to_doubt)
    return _issues("conflict", rows, labels.confidence, labels, votes, counts)


def ties(labels: Labels, votes: VoteMatrix, open_to_doubt: NDArray[np.bool_]) -> list[Issue]:
    """Return a ``tie`` for each conflict whose two leading labels have equally many votes.

    The score is the lead of the given label's probability over the next one's; 0 where the label model cannot
    tell them apart either. The suggestion is the given label where it is among the leading ones.
    """
    counts = votes.counts()
    leading = np.sort(counts, axis=1)
    tied = (leading[:, -1] == leading[:, -2]) & (leading[:, -1] > 0)
    best = np.sort(labels.probs, axis=1)
    return _issues("tie", np.flatnonzero(tied & open_to_doubt), best[:, -1] - best[:, -2], labels, votes, counts)


def uncovered(labels: Labels, held: OutOfSample | None, open_to_doubt: NDArray[np.bool_]) -> list[Issue]:
    """Return an ``uncovered`` for each record on which no LF votes; the suggestion is the end model's label."""
    given = labels.hard()
    likely = labels.hard_indices() if held is None else held.probs.argmax(axis=1)
    score = np.clip(labels.confidence, 0.0, 1.0)
    return [
        Issue(str(labels.ids[row]), "uncovered", float(score[row]), str(given[row]), labels.labels[likely[row]])
        for row in np.flatnonzero(~labels.covered & open_to_doubt)
    ]


def lfs_voting(
    votes: VoteMatrix, row: int, *, for_label: int | None = None, against_label: int | None = None
) -> tuple[str, ...]:
    """Return the LFs that voted for, or against, a label on a record, in the suite's order."""
    cast = votes.votes[row]
    chosen = (cast == for_label) if for_label is not None else (cast >= 0) & (cast != against_label)
    return tuple(votes.lf_names[j] for j in np.flatnonzero(chosen))


def _issues(kind: str, rows: Ints, score: Floats, labels: Labels, votes: VoteMatrix, counts: Ints) -> list[Issue]:
    given = labels.hard_indices()
    clipped = np.clip(score, 0.0, 1.0)
    return [
        Issue(
            str(labels.ids[row]),
            kind,
            float(clipped[row]),
            labels.labels[given[row]],
            labels.labels[_most_voted(counts[row], labels.probs[row])],
            lfs_voting(votes, int(row), against_label=int(given[row])),
        )
        for row in rows
    ]


def _most_voted(counts: Ints, probs: Floats) -> int:
    """Return the label with most votes; among equals the likeliest, which is the given one if it is among them."""
    leading = np.flatnonzero(counts == counts.max())
    return int(leading[probs[leading].argmax()])
