"""Label errors found by Cleanlab."""

from __future__ import annotations

import warnings
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.labels import Labels, OutOfSample
from wslabel.errors import VotesError, suggest
from wslabel.flagging.findings import Finding

RULES = (
    "prune_by_noise_rate",
    "prune_by_class",
    "both",
    "confident_learning",
    "predicted_neq_given",
    "low_normalized_margin",
    "low_self_confidence",
    "in_batches",
)
"""Cleanlab's filters; ``in_batches`` is ``low_self_confidence`` on 10,000 records at a time."""


def label_errors(
    labels: Labels, held: OutOfSample, doubtful: NDArray[np.bool_], rule: str, taught: Labels | None = None
) -> Finding:
    """Return ``label_error``: covered records that Cleanlab finds mislabeled.

    Cleanlab compares the labels that taught the end model. Fused labels it could not judge: they changed wherever the
    end model's probabilities were strong enough, which leaves little to find. What fusing has changed is not flagged.
    Labels of humans count when Cleanlab estimates how often labels are confused; they are never flagged.

    Source: C. Northcutt, L. Jiang and I. Chuang, "Confident Learning", JAIR 70 (2021), doi:10.1613/jair.1.12125.

    Parameters
    ----------
    labels, held
        Of the same n records.
    doubtful
        n booleans: the records that may be flagged.
    rule
        One of `RULES`.
    taught
        The labels that taught the end model; None: `labels` did.
    """
    if rule not in RULES:
        raise VotesError(f"Cleanlab has no filter {rule!r}. {suggest(rule, RULES)}")
    teacher = labels if taught is None else taught
    rows = np.flatnonzero(teacher.covered)
    given = teacher.hard_indices()[rows]
    probs = np.clip(held.probs[rows], 0.0, 1.0)
    likeliest = probs.argmax(axis=1)
    stands = (labels.hard_indices()[rows] == given) & doubtful[rows]
    flagged = np.flatnonzero(_wrong(given, probs, rule) & (likeliest != given) & stands)
    return Finding("label_error", rows[flagged], likeliest[flagged], "for")


def _wrong(given: Ints, probs: Floats, rule: str) -> NDArray[np.bool_]:
    """Return which of n labels are likely wrong."""
    if len(np.unique(given)) < 2:  # confusion between labels cannot be estimated from one label
        return np.zeros(len(given), np.bool_)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # on rare and absent labels, which are ordinary here
        if rule == "in_batches":
            from cleanlab.experimental.label_issues_batched import find_label_issues_batched

            return np.asarray(find_label_issues_batched(given, probs, n_jobs=1, verbose=False, return_mask=True))
        from cleanlab.filter import find_label_issues

        return np.asarray(find_label_issues(given, probs, n_jobs=1, filter_by=rule), dtype=np.bool_)


def wrong_tokens(tags: Floats, held: Floats, first: Ints) -> dict[int, dict[int, float]]:
    """Return by text the tokens whose label Cleanlab finds wrong, each with the probability that it is right.

    Parameters
    ----------
    tags, held
        tokens × (2K+1) probabilities of the labels that are judged, and of an end model that had not seen the text.
    first
        Where the tokens of each text begin.
    """
    from cleanlab.token_classification.filter import find_label_issues

    given = (tags.argmax(axis=1) + 1) // 2
    probs = np.concatenate([held[:, :1], held[:, 1::2] + held[:, 2::2]], axis=1)
    probs = np.clip(probs, 1e-9, 1)
    probs /= probs.sum(axis=1, keepdims=True)
    texts = [(begin, end) for begin, end in pairwise(first.tolist()) if end > begin]
    if len(np.unique(given)) < 2:
        return {}
    issues = find_label_issues([given[a:b].tolist() for a, b in texts], [probs[a:b] for a, b in texts], n_jobs=1)
    rows = np.flatnonzero(np.diff(first) > 0)
    out: dict[int, dict[int, float]] = {}
    for text, token in sorted(issues):
        at = texts[text][0] + token
        out.setdefault(int(rows[text]), {})[at] = float(probs[at, given[at]])
    return out
