"""What decisions tell of the spans of an audit: how many were right, wrong and missing, record by record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.decisions import Decision, standing
from wslabel.core.span_labels import SpanLabels
from wslabel.review.answers import Mask, came_up, check_drawn
from wslabel.review.audit import AuditSample, rows_of
from wslabel.review.resolve import resolve


@dataclass(frozen=True, eq=False)
class SpanAnswers:
    """The audited population among n records, in the order of drawing.

    Attributes
    ----------
    stratum, doubt
        p strata and expected numbers of errors, as in the sample.
    said, true, both
        p×K: how many spans of each label the model found, reviewers marked, and both. Of records that are not known,
        `true` and `both` are 0; of rejected ones too.
    came, known
        p booleans: the record came up in the audit; reviewers settled it, there or elsewhere.
    settled
        K numbers: spans of records outside the population or settled, as they would be exported; they are right.
    exported
        How many records would be exported.
    """

    stratum: Ints
    doubt: Floats
    said: Floats
    true: Floats
    both: Floats
    came: Mask
    known: Mask
    settled: Floats
    exported: int

    @property
    def drawn(self) -> Mask:
        """p booleans: the record came up in the audit, and was settled."""
        return self.came & self.known

    @property
    def passed(self) -> int:
        """How many came up that nobody settled: skipped, unsure, or not agreed upon."""
        return int((self.came & ~self.known).sum())


def gather_spans(
    labels: SpanLabels, sample: AuditSample, decisions: Iterable[Decision], only: Mask | None
) -> SpanAnswers:
    """Return what is known of the spans that would be exported; arguments as in `estimate_accuracy`."""
    stand = standing(decisions)
    rows, after = rows_of(labels, sample.ids), resolve(labels, stand)
    wanted = labels.covered if only is None else only
    place = {record: row for row, record in enumerate(after.ids.tolist())}
    now = np.array([place.get(record, -1) for record in labels.ids.tolist()])
    rejected = now < 0
    human = ~rejected & np.append(after.source == "human", False)[now] & (labels.source == "model")
    known = rejected | human
    check_drawn(labels, wanted, rows, known)
    inside = wanted[rows]
    up, rows = came_up(sample, stand)[inside], rows[inside]
    said, true = _counts(labels, np.arange(labels.n)), _counts(after, now)
    left_open = np.zeros(labels.n, np.bool_)
    left_open[rows] = ~known[rows]
    out = (wanted | human) & ~rejected
    return SpanAnswers(
        stratum=sample.stratum[inside],
        doubt=sample.doubt[inside],
        said=said[rows],
        true=true[rows] * known[rows, None],
        both=_both(labels, after, now, known)[rows],
        came=up,
        known=known[rows],
        settled=true[out & ~left_open].sum(axis=0),
        exported=int(out.sum()),
    )


def _counts(labels: SpanLabels, rows: Ints) -> Floats:
    """Return how many spans of each label stand in these rows, none in row -1."""
    names = len(labels.labels)
    found = np.bincount(labels.record * names + labels.label, minlength=labels.n * names).reshape(labels.n, names)
    return np.concatenate([found, np.zeros((1, names), np.int64)]).astype(np.float64)[rows]


def _both(labels: SpanLabels, after: SpanLabels, now: Ints, known: Mask) -> Floats:
    """Return how many spans of each label and record that is known stand before and after review."""
    found = np.zeros((labels.n, len(labels.labels)))
    for row in np.flatnonzero(known & (now >= 0)).tolist():
        marked = {(one.start, one.end, one.label) for one in after.at(int(now[row]))}
        for one in labels.at(row):
            found[row, labels.labels.index(one.label)] += (one.start, one.end, one.label) in marked
    return found
