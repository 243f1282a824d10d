"""A second opinion on labels: what their text and their votes say, without the label model that gave them."""

from __future__ import annotations

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.evidence import weigh_evidence
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.proof import prove
from wslabel.core.votes import VoteMatrix

EVIDENCE = 0.25
"""The exponent of the evidence of votes, as in `wslabel.fuse`."""
SMALLEST = 1e-9
"""Probabilities below this count as this."""


def second_opinion(labels: Labels, held: OutOfSample | None, votes: VoteMatrix | None) -> Floats:
    """Return n×K probabilities of the true label.

    ``p_k ∝ evidence_k^¼ · (held_k / leaning_k)^2s · labels_k^(1 - s)``: what `fuse` multiplies, but for the label
    model's posterior. The s and the leaning are what the end model has proven on the labels under review
    (`wslabel.core.proof.prove`). As far as it has proven nothing, the probabilities of the labels take its place: its
    contradiction would be noise.

    Fused labels are made from the end model's probabilities, so that these agree with them where the posterior let
    them, and Cleanlab's order is blunted; the order of confidence is blunted where the label model errs, since it
    taught the end model. The posterior gave most labels their name. What can speak against it is the text, by the odds
    of the end model against its leaning (to frequent labels, where it can tell the others), and the votes, weighed
    anew by how far each LF agrees with the labels under review.

    Parameters
    ----------
    labels
        n labels under review.
    held
        Of the same records. None: the probabilities in `labels` are all there is.
    votes
        The votes on the same records. None, or none on a record: the text alone.
    """
    if held is None or not labels.n:
        return labels.probs
    proof = prove(labels, held)
    scores = proof.odds(held) + (1 - proof.share) * np.log(np.maximum(labels.probs, SMALLEST))
    if votes is not None and votes.n:
        evidence = weigh_evidence(votes, labels.probs).scores(votes)
        scores += EVIDENCE * _centred(evidence) * votes.covered[:, None]
    shares = np.exp(scores - scores.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def _centred(scores: Floats) -> Floats:
    return np.asarray(scores - scores.mean(axis=1, keepdims=True))
