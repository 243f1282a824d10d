"""Fusing: label model and end model together, as two witnesses."""

from __future__ import annotations

import numpy as np

from wslabel.core.arrays import require_same_ids
from wslabel.core.labels import Labels, OutOfSample
from wslabel.errors import VotesError


def fuse(labels: Labels, held: OutOfSample) -> Labels:
    """Multiply posterior and held-out probabilities, divide by the class balance, and normalise.

    ``p_k ∝ posterior_k · held_k / balance_k``: Bayes' rule for two witnesses that are independent given the label.
    The balance is the end model's mean prediction, which makes up for its leaning to frequent labels. An uncovered
    record has one witness only, the end model: its posterior is the class balance, which cancels. Labels that people
    or gold gave stay as they are.

    Parameters
    ----------
    labels
        n probabilistic labels.
    held
        Probabilities of an end model for the same records in the same order.

    Returns
    -------
    Labels
        Coverage and sources as before.

    Raises
    ------
    VotesError
        Other records, or other labels.
    """
    if not isinstance(held, OutOfSample):
        raise VotesError(f"fuse() takes an OutOfSample, as cross_validate() returns it; got {type(held).__name__}.")
    require_same_ids(labels.ids, held.ids, "fuse()")
    if labels.labels != held.labels:
        raise VotesError(f"fuse(): the labels are {labels.labels} on one side and {held.labels} on the other.")
    if labels.n == 0:
        return labels
    product = labels.probs * held.probs / held.probs.mean(axis=0)
    fused = product / product.sum(axis=1, keepdims=True)
    fused[~labels.covered] = held.probs[~labels.covered]
    settled = labels.source != "model"
    fused[settled] = labels.probs[settled]
    return Labels(labels.ids, np.asarray(fused), labels.labels, labels.covered, labels.source)
