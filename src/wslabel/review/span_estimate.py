"""How good are labeled spans? Precision, recall and F1 from the audit, with intervals that hold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.decisions import Decision
from wslabel.core.span_labels import SpanLabels
from wslabel.review.answers import Mask
from wslabel.review.audit import AuditSample
from wslabel.review.estimate_intervals import Interval
from wslabel.review.estimate_ratios import Drawn, Share, error_share
from wslabel.review.span_answers import SpanAnswers, gather_spans


@dataclass(frozen=True)
class SpanScores:
    """Precision, recall and F1 of spans with the boundaries and labels that reviewers give, with 95 % intervals."""

    precision: Interval
    recall: Interval
    f1: Interval

    def __str__(self) -> str:
        return f"precision {self.precision}, recall {self.recall}, F1 {self.f1}"


@dataclass(frozen=True)
class SpanLabelEstimate:
    """The spans of one label.

    Attributes
    ----------
    label
        Its name.
    exported
        Spans of the label that would be exported.
    audited
        In the records drawn, spans that the model or the reviewers give the label.
    scores
        As the spans would be exported.
    """

    label: str
    exported: int
    audited: int
    scores: SpanScores

    def words(self) -> tuple[str, str, str]:
        """Return precision, recall and F1 as text; where none was audited, that."""
        three = self.scores.precision, self.scores.recall, self.scores.f1
        told = [str(one) if self.audited or one.low == one.high else "not audited" for one in three]
        return told[0], told[1], told[2]


@dataclass(frozen=True)
class SpanEstimate:
    """How right the spans are that would be exported.

    Attributes
    ----------
    scores
        Of the spans as they are now, decisions in force: what reviewers marked is right.
    before
        Of the spans that the model found in the records of the audit's population.
    audited
        Records that were drawn by chance, and decided.
    spans
        Spans in them that the model found, or reviewers marked.
    decided, passed, exported
        As in `AccuracyEstimate`, records.
    by_label
        Of each label, as they are now.
    """

    scores: SpanScores
    before: SpanScores
    audited: int
    spans: int
    decided: int
    passed: int
    exported: int
    by_label: tuple[SpanLabelEstimate, ...]

    def __str__(self) -> str:
        passed = f", {self.passed} passed over" if self.passed else ""
        return f"{self.scores}, {self.audited} records audited{passed}"

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as plain values, for JSON."""
        return {"text": str(self), **asdict(self)}


def estimate_spans(
    labels: SpanLabels, sample: AuditSample, decisions: Iterable[Decision], only: Mask | None = None
) -> SpanEstimate:
    """Estimate how right the spans are that would be exported; see `estimate_accuracy`."""
    found = gather_spans(labels, sample, decisions, only)
    everything = np.ones(len(labels.labels), np.bool_)
    scores, before = _scores(found, everything)
    by_label = []
    for k, name in enumerate(labels.labels):
        asked = np.arange(len(labels.labels)) == k
        seen = found.said[found.drawn, k] + found.true[found.drawn, k] - found.both[found.drawn, k]
        exported = int(found.said[~found.known, k].sum() + found.settled[k])
        by_label.append(SpanLabelEstimate(name, exported, int(seen.sum()), _scores(found, asked)[0]))
    seen = (found.said + found.true - found.both)[found.drawn]
    return SpanEstimate(
        scores=scores,
        before=before,
        audited=int(found.drawn.sum()),
        spans=int(seen.sum()),
        decided=int(found.known.sum()),
        passed=found.passed,
        exported=found.exported,
        by_label=tuple(by_label),
    )


def _scores(found: SpanAnswers, asked: Mask) -> tuple[SpanScores, SpanScores]:
    """Return the scores of some labels, now and before review."""
    said, true, both = (some[:, asked].sum(axis=1) for some in (found.said, found.true, found.both))
    drawn = Drawn(found.stratum, np.stack([said, found.doubt]), np.flatnonzero(found.drawn))
    settled = float(found.settled[asked].sum())
    now, before = [], []
    for slots, right, marked in ((said, both, settled), (true, both, settled), (said + true, 2 * both, 2 * settled)):
        share = error_share(drawn, (slots - right)[drawn.rows], slots[drawn.rows])
        known = slots is said
        before.append(share.interval())
        now.append(_now(found, share, slots, slots - right, marked, float(said.sum()) if known else None))
    return SpanScores(*now), SpanScores(*before)


def _now(
    found: SpanAnswers, share: Share, slots: Floats, errors: Floats, marked: float, whole: float | None
) -> Interval:
    """Return which share is right when the errors known by now are taken off, and what reviewers marked is right."""
    whole = share.slots if whole is None else whole
    mended = float(errors[found.known].sum())
    left = max(whole - float(slots[found.known].sum()), 0.0)
    if found.known.all():
        left = 0.0
    wrong = [min(max(one * whole - mended, 0.0), left) for one in (share.value, share.low, share.high)]
    if not left + marked:
        return Interval(0.0, 0.0, 0.0) if not len(found.known) else Interval(0.5, 0.0, 1.0)
    value, high, low = (1 - one / (left + marked) for one in wrong)
    return Interval(value, low, high)
