"""Records of spans as records that are right or wrong as a whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from wslabel.core.decisions import Action, Decision, standing
from wslabel.core.labels import Labels
from wslabel.core.sensitive import follow
from wslabel.core.span_labels import SpanLabels
from wslabel.review.agreed_spans import agreed_spans
from wslabel.review.audit import AuditSample
from wslabel.review.resolve import resolve

RIGHT, WRONG = WHOLE = ("right", "wrong")


def as_whole(
    labels: SpanLabels, sample: AuditSample, decisions: Iterable[Decision]
) -> tuple[Labels, AuditSample, list[Decision]]:
    """Return labels that say ``right`` of every record, their audit, and what reviewers say to that.

    A record is right where the spans that reviewers agree upon are those of the labels, no more and no fewer.

    Parameters
    ----------
    labels, sample, decisions
        As in `estimate_accuracy`; of what reviewers do not agree upon, it is told that they passed it.
    """
    stand = standing(decisions)
    resolve(labels, stand)  # checks them
    said = dict[str, list[Decision]]()
    for one in stand:
        said.setdefault(one.id, [])
        if one.settles:
            said[one.id].append(one)
    given = labels.by_id()
    last = {one.id: one for one in stand}
    answers = [
        _answer(one, said[one.id], {(span.start, span.end, span.label) for span in given[one.id]})
        for one in stand
        if one is last[one.id]
    ]
    sure = np.tile([1.0, 0.0], (labels.n, 1))
    whole = Labels(labels.ids, sure, WHOLE, labels.covered, labels.source)
    return follow(whole, labels), replace(sample, doubt=-np.expm1(-sample.doubt)), answers


def _answer(last: Decision, said: list[Decision], given: set[tuple[int, int, str]]) -> Decision:
    """Return what the reviewers of a record say of it, at the time of the last of them."""
    agreed, spans = agreed_spans(said) if said else (False, None)
    action: Action = "skip" if not agreed else "reject" if spans is None else "label"
    label = (RIGHT if {*spans} == given else WRONG) if agreed and spans is not None else None
    return Decision(last.id, action, label, last.reviewer, time=last.time)
