"""Label errors found by Cleanlab: the only place that knows the library."""

from __future__ import annotations

import warnings

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.issues import Issue
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.votes import VoteMatrix
from wslabel.flagging.disagreement import lfs_voting


def label_errors(
    labels: Labels, held: OutOfSample, votes: VoteMatrix | None, open_to_doubt: NDArray[np.bool_]
) -> list[Issue]:
    """Return the ``label_error`` issues of covered records.

    Labels of humans count when Cleanlab estimates how often labels are confused; they are never flagged.

    Parameters
    ----------
    labels, held, votes
        Of the same n records.
    open_to_doubt
        n booleans: the records that may be flagged.
    """
    rows = np.flatnonzero(labels.covered)
    given = labels.hard_indices()[rows]
    probs = np.clip(held.probs[rows], 0.0, 1.0)
    wrong, quality = _confident_learning(given, probs)
    likeliest = probs.argmax(axis=1)
    flagged = np.flatnonzero(wrong & (likeliest != given) & open_to_doubt[rows])
    names = labels.labels
    return [
        Issue(
            str(labels.ids[rows[place]]),
            "label_error",
            float(quality[place]),
            names[given[place]],
            names[likeliest[place]],
            () if votes is None else lfs_voting(votes, int(rows[place]), for_label=int(given[place])),
        )
        for place in flagged
    ]


def _confident_learning(given: Ints, probs: Floats) -> tuple[NDArray[np.bool_], Floats]:
    """Return which of n labels are likely wrong, and n label quality scores in 0..1 (0 is worst)."""
    if len(np.unique(given)) < 2:  # confusion between labels cannot be estimated from one label
        return np.zeros(len(given), np.bool_), np.ones(len(given))
    from cleanlab.filter import find_label_issues
    from cleanlab.rank import get_label_quality_scores

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on rare and absent labels, which are ordinary here
        wrong = np.asarray(find_label_issues(given, probs, n_jobs=1), dtype=np.bool_)
        quality = np.asarray(get_label_quality_scores(given, probs), dtype=np.float64)
    return wrong, np.clip(quality, 0.0, 1.0)
