"""Fusing: label model and end model together, as two witnesses."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, require_same_ids
from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError
from wslabel.learning.calibration import exponent_by_gold, exponent_for, tempered
from wslabel.learning.evidence import weigh_evidence

SHARPNESS = 2.0
"""The exponent of the end model's odds. It was taught blurred labels, so that its odds are flatter than the truth's."""
TRUSTED = 50.0
"""The evidence of votes has a quarter of the weight without gold, and more than half from so many gold records on."""


def fuse(labels: Labels, held: OutOfSample, votes: VoteMatrix | None = None, gold: Any = None) -> Labels:
    """Multiply the label model's posterior with the held-out odds of the end model, and normalise.

    ``p_k ∝ posterior_k · (held_k / balance_k)²``, with the end model's mean prediction as balance, which makes up for
    its leaning to frequent labels. An uncovered record has one witness only, the end model.

    With votes, what each LF's votes are worth is estimated anew from the labels so fused, which know the text, and
    from gold (see `wslabel.learning.evidence.Evidence`); the posterior is then the geometric mean of the label model's
    and the one from this evidence, which has the more weight the more gold there is.

    Last, one exponent for all covered records keeps the mean confidence at the label model's: that the two agree is no
    proof, as one taught the other. Gold moves the exponent, and that of uncovered records, to where it is likeliest.

    Parameters
    ----------
    labels
        n probabilistic labels.
    held
        Probabilities of an end model for the same records in the same order.
    votes
        The votes on the same records.
    gold
        Gold labels of some records, as in `LabelModel.fit`. They are kept as they are, as are labels that people gave.

    Returns
    -------
    Labels
        Gold records count as covered and have the source ``gold``.

    Raises
    ------
    VotesError
        Other records, or other labels.
    """
    if not isinstance(held, OutOfSample):
        raise VotesError(f"fuse() takes an OutOfSample, as cross_validate() returns it; got {type(held).__name__}.")
    for name, other in (("end model", held), ("votes", votes)):
        if other is not None:
            _check(labels, other, name)
    if labels.n == 0:
        return labels
    known, settled = align_gold(gold, labels.ids, labels.labels), labels.source != "model"
    final = labels.with_gold(gold)
    fused = _product(labels.probs, held.probs, labels.covered)
    if votes is not None:
        sure = final.source != "model"
        beliefs = np.where(sure[:, None], final.probs, fused)
        fused = _product(_weighed(labels.probs, beliefs, votes, sure), held.probs, labels.covered)
    fused = _calibrated(fused, labels, np.where(settled, -1, known))
    fused = np.where((final.source != "model")[:, None], final.probs, fused)
    return Labels(labels.ids, fused, labels.labels, final.covered, final.source)


def _calibrated(fused: Floats, labels: Labels, known: NDArray[np.int16]) -> Floats:
    """Return the probabilities with one exponent for covered and one for uncovered records."""
    estimated, out = labels.covered & (labels.source == "model"), fused.copy()
    for rows in (labels.covered, ~labels.covered):
        start, gold = 1.0, rows & (known >= 0)
        if rows[estimated].any():
            start = exponent_for(fused[estimated], float(labels.confidence[estimated].mean()))
        exponent = exponent_by_gold(fused[gold], known[gold].astype(np.int64), start) if gold.any() else start
        out[rows] = fused[rows] if exponent == 1.0 else tempered(fused[rows], exponent)
    return out


def _product(posterior: Floats, held: Floats, covered: NDArray[np.bool_]) -> Floats:
    product = posterior * (held / held.mean(axis=0)) ** SHARPNESS
    fused = product / product.sum(axis=1, keepdims=True)
    fused[~covered] = held[~covered]
    return np.asarray(fused)


def _weighed(posterior: Floats, beliefs: Floats, votes: VoteMatrix, settled: NDArray[np.bool_]) -> Floats:
    """Return the geometric mean of the posterior and the one from the evidence of the votes."""
    scores = weigh_evidence(votes, beliefs, settled).scores(votes)
    gold = float(settled.sum())
    weight = (gold + TRUSTED / 4) / (gold + TRUSTED)
    logs = (1 - weight) * np.log(np.maximum(posterior, 1e-12)) + weight * _log_shares(scores)
    return np.asarray(np.exp(_log_shares(logs)))


def _log_shares(logs: Floats) -> Floats:
    shifted = logs - logs.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def _check(labels: Labels, other: OutOfSample | VoteMatrix, name: str) -> None:
    require_same_ids(labels.ids, other.ids, f"fuse(): labels and {name}")
    if labels.labels != other.labels:
        raise VotesError(
            f"fuse(): the labels are {labels.labels} on one side and {other.labels} on the other ({name})."
        )
