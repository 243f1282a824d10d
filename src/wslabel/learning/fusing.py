"""Fusing: label model and end model together, as two witnesses."""

from __future__ import annotations

from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, log_shares, require_same_ids
from wslabel.core.evidence import weigh_evidence
from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.multilabel import MultiLabels, MultiOutOfSample, split_gold, split_votes
from wslabel.core.proof import Proof, prove
from wslabel.core.sensitive import follow
from wslabel.core.span_labels import SpanLabels
from wslabel.core.tokens import SpanOutOfSample
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError
from wslabel.learning.calibration import exponent_for, tempered
from wslabel.learning.correction import corrected
from wslabel.learning.spans import fuse_spans

EVIDENCE = 0.25
"""The weight of the evidence of votes beside the label model's posterior, where the end model is proven."""


@overload
def fuse(labels: Labels, held: OutOfSample, votes: VoteMatrix | None = None, gold: Any = None) -> Labels: ...
@overload
def fuse(
    labels: MultiLabels, held: MultiOutOfSample, votes: VoteMatrix | None = None, gold: Any = None
) -> MultiLabels: ...
@overload
def fuse(labels: SpanLabels, held: SpanOutOfSample, votes: Any = None, gold: Any = None) -> SpanLabels: ...
def fuse(
    labels: Labels | MultiLabels | SpanLabels,
    held: OutOfSample | MultiOutOfSample | SpanOutOfSample,
    votes: VoteMatrix | None = None,
    gold: Any = None,
) -> Labels | MultiLabels | SpanLabels:
    """Multiply the label model's posterior with the held-out odds of the end model, and normalise.

    ``p_k ∝ posterior_k · (held_k / leaning_k)^2s``. The exponent and the leaning are what the end model has proven by
    foretelling the posterior of records it had not seen (`wslabel.core.proof.prove`): s is 1 for one that foretells
    40 % of what can be foretold, and 0 for one that knows no more than how frequent labels are, with which the answer
    is the posterior. The leaning is the mean prediction, which makes up for leaning to frequent labels, for an end
    model that recognises the rarer ones; otherwise a part of it. An uncovered record has one witness only, the end
    model.

    With votes, what each LF's votes are worth is estimated anew from the labels so fused, which know the text (see
    `wslabel.core.evidence.Evidence`); the posterior is then the geometric mean of the label model's and the one
    from this evidence, which counts a quarter (times s). One exponent for all covered records keeps the mean
    confidence at the label model's: that the two agree is no proof, as one taught the other.

    With gold, a regression corrects all of this (``wslabel.learning.correction``): it finds the exponents of the
    answer so far, the posterior and the end model, a bias for each label, and a weight for each LF, vote and label.
    Its prior is that nothing is to be corrected; it counts the more, the better it foretells gold that was held out and
    the more gold there is. Last, gold that was held out sets the confidence. Gold is worth most where `cross_validate`
    had it too.

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
        Of spans: `Records` with a gold column, `SpanLabels`, or by record id lists of (start, end, label).

    Returns
    -------
    Labels
        Gold records count as covered and have the source ``gold``. Of several labels a record `MultiLabels`: each label
        is a problem of its own.

    Raises
    ------
    VotesError
        Other records, or other labels.
    """
    if isinstance(labels, SpanLabels):
        if not isinstance(held, SpanOutOfSample):
            raise VotesError(f"fuse() of spans takes what cross_validate() of spans returns; got {held!r}.")
        return fuse_spans(labels, held, votes, gold)  # type: ignore[arg-type]
    if isinstance(labels, MultiLabels):
        return _fuse_each(labels, held, votes, gold)
    if not isinstance(held, OutOfSample):
        raise VotesError(f"fuse() takes an OutOfSample, as cross_validate() returns it; got {type(held).__name__}.")
    for name, other in (("end model", held), ("votes", votes)):
        if other is not None:
            _check(labels, other, name)
    if labels.n == 0:
        return labels
    settled = labels.source != "model"
    known = np.where(settled, -1, align_gold(gold, labels.ids, labels.labels)).astype(np.int64)
    fused = _without_gold(labels, held, votes, prove(labels, held))
    if (known >= 0).any():
        posterior = np.where(labels.covered[:, None], labels.probs, 1 / len(labels.labels))
        features = _vote_features(votes) if votes is not None else np.zeros((labels.n, 0))
        fused = corrected([fused, posterior, held.probs], features, known, held.folds)
    final = labels.with_gold(gold)
    fused = np.where((final.source != "model")[:, None], final.probs, fused)
    return follow(Labels(labels.ids, fused, labels.labels, final.covered, final.source), labels, votes)


def _fuse_each(labels: MultiLabels, held: Any, votes: VoteMatrix | None, gold: Any) -> MultiLabels:
    if not isinstance(held, MultiOutOfSample) or held.labels != labels.labels:
        raise VotesError(f"fuse(): labels and end model are not of the same labels; got {type(held).__name__}.")
    said = {} if votes is None else split_votes(votes)
    known = split_gold(gold, labels.labels, labels.ids)
    made = [
        fuse(one, held.problem(name), said.get(name), known[name]) for name, one in zip(labels.labels, labels.problems)
    ]
    return MultiLabels(labels.labels, tuple(made))


def _without_gold(labels: Labels, held: OutOfSample, votes: VoteMatrix | None, proof: Proof) -> Floats:
    if not proof.share:
        return np.where(labels.covered[:, None], labels.probs, held.probs)
    fused = _product(labels.probs, held, labels.covered, proof)
    if votes is not None:
        beliefs = np.where((labels.source != "model")[:, None], labels.probs, fused)
        posterior = _weighed(labels.probs, beliefs, votes, EVIDENCE * proof.share)
        fused = _product(posterior, held, labels.covered, proof)
    return _levelled(fused, labels)


def _levelled(fused: Floats, labels: Labels) -> Floats:
    """Return the probabilities with the label model's mean confidence on covered records."""
    rows = labels.covered & (labels.source == "model")
    if not rows.any():
        return fused
    exponent = exponent_for(fused[rows], float(labels.confidence[rows].mean()))
    return np.where(labels.covered[:, None], tempered(fused, exponent), fused)


def _vote_features(votes: VoteMatrix) -> Any:
    """Return n×mK, sparse: 1 for each vote, over the root of how many there are, so that LFs that err together do not
    add up.
    """
    from scipy import sparse

    row, lf = np.nonzero(votes.votes >= 0)
    column = lf * votes.cardinality + votes.votes[row, lf]
    count = (votes.votes >= 0).sum(axis=1)[row]
    return sparse.csr_matrix((1 / np.sqrt(count), (row, column)), shape=(votes.n, votes.m * votes.cardinality))


def _product(posterior: Floats, held: OutOfSample, covered: NDArray[np.bool_], proof: Proof) -> Floats:
    fused = np.exp(log_shares(np.log(np.maximum(posterior, 1e-12)) + proof.odds(held)))
    fused[~covered] = held.probs[~covered]
    return np.asarray(fused)


def _weighed(posterior: Floats, beliefs: Floats, votes: VoteMatrix, weight: float) -> Floats:
    """Return the geometric mean of the posterior and the one from the evidence of the votes, which has this weight."""
    scores = weigh_evidence(votes, beliefs).scores(votes)
    logs = (1 - weight) * np.log(np.maximum(posterior, 1e-12)) + weight * log_shares(scores)
    return np.asarray(np.exp(log_shares(logs)))


def _check(labels: Labels, other: OutOfSample | VoteMatrix, name: str) -> None:
    require_same_ids(labels.ids, other.ids, f"fuse(): labels and {name}")
    if labels.labels != other.labels:
        raise VotesError(
            f"fuse(): the labels are {labels.labels} on one side and {other.labels} on the other ({name})."
        )
