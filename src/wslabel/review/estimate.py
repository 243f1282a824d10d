"""How good are the labels? An unbiased estimate from the audit, with an interval that holds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.decisions import Decision
from wslabel.core.labels import Labels
from wslabel.core.span_labels import SpanLabels
from wslabel.review.answers import Answers, gather
from wslabel.review.audit import AuditSample
from wslabel.review.estimate_intervals import Interval, share_interval
from wslabel.review.span_estimate import SpanEstimate, estimate_spans

Mask = NDArray[np.bool_]
STEPS = 1001
"""Recalls that are tried for the ends of an interval."""


@dataclass(frozen=True)
class LabelEstimate:
    """One label of what would be exported.

    Attributes
    ----------
    label
        Its name.
    exported, audited
        Records that have it; records drawn that the model gave it.
    precision, recall
        With 95 % intervals, which are wide where few were audited.
    """

    label: str
    exported: int
    audited: int
    precision: Interval
    recall: Interval

    def words(self) -> tuple[str, str]:
        """Return precision and recall as text; where none was audited, that."""
        known = self.audited or self.precision.low == self.precision.high
        return (str(self.precision), str(self.recall)) if known else ("not audited", "not audited")


@dataclass(frozen=True)
class AccuracyEstimate:
    """How right the labels are that would be exported.

    Attributes
    ----------
    accuracy
        Of the labels as they are now, decisions in force: what reviewers labeled is right.
    before
        Of the labels that the model gave to the records of the audit's population.
    audited
        Records that were drawn by chance, and decided.
    decided
        Records of the population that were decided, audited ones among them.
    passed
        Records that were drawn and not settled (skipped, unsure, not agreed upon). The estimate takes them to be like
        the others.
    exported
        Records that would be exported.
    by_label
        Precision and recall of each label.
    """

    accuracy: Interval
    before: Interval
    audited: int
    decided: int
    passed: int
    exported: int
    by_label: tuple[LabelEstimate, ...]

    def __str__(self) -> str:
        passed = f", {self.passed} passed over" if self.passed else ""
        return f"accuracy {self.accuracy}, {self.audited} audited{passed}"

    def to_dict(self) -> dict[str, Any]:
        """Return the estimate as plain values, for JSON."""
        return {"text": str(self), **asdict(self)}


@overload
def estimate_accuracy(
    labels: Labels, sample: AuditSample, decisions: Iterable[Decision], only: Mask | None = None
) -> AccuracyEstimate: ...
@overload
def estimate_accuracy(
    labels: SpanLabels, sample: AuditSample, decisions: Iterable[Decision], only: Mask | None = None
) -> SpanEstimate: ...
def estimate_accuracy(
    labels: Labels | SpanLabels, sample: AuditSample, decisions: Iterable[Decision], only: Mask | None = None
) -> AccuracyEstimate | SpanEstimate:
    """Estimate how right the labels are that would be exported.

    The audited records are a random sample of each stratum of the population. How many of the model's labels were
    wrong is estimated from it alone (see `share_interval`), so that it does not matter which further records people
    chose to review, or in which order; the errors known by now are then taken off. A stratum that was decided as a
    whole is known.

    Of spans, precision, recall and F1 are estimated, of spans that must be just those that reviewers mark. The records
    drawn are all that is independent of each other; what their spans spread tells the interval (see `error_share`).

    Parameters
    ----------
    labels
        n labels before review, or the spans of n records.
    sample
        What `draw_audit` drew from them.
    decisions
        Decisions of the audit and of any other review, logged or standing. The audit is the beginning of the sample's
        order, up to the first record that nobody has decided upon, skipped or been unsure of.
    only
        n booleans: the records that would be exported; those labeled by reviewers are besides. None: the covered ones.

    Raises
    ------
    ReviewError
        The sample was drawn from other labels, or not from all that would be exported.

    Examples
    --------
    >>> labels = Labels([str(i) for i in range(100)], [[0.9, 0.1]] * 100, ["ham", "spam"])
    >>> from wslabel.review import draw_audit
    >>> sample = draw_audit(labels, labels.confidence)
    >>> said = [Decision(record, "label", "spam" if i % 10 == 0 else "ham") for i, record in enumerate(sample.ids[:40])]
    >>> print(estimate_accuracy(labels, sample, said))
    accuracy 94.0 % (84.3–99.2), 40 audited
    """
    if isinstance(labels, SpanLabels):
        return estimate_spans(labels, sample, decisions, only)
    found = gather(labels, sample, decisions, only)
    everything = np.ones(len(found.rows), np.bool_)
    left = _remaining(found, everything, found.wrong)
    all_, known = max(len(found.rows), 1), int(found.wrong.sum())
    return AccuracyEstimate(
        accuracy=_without(left, found.exported),
        before=_without((left[0] + known, left[1] + known, left[2] + known), all_),
        audited=int(found.drawn.sum()),
        decided=int(found.known.sum()),
        passed=found.passed,
        exported=found.exported,
        by_label=tuple(_of_label(found, name, k) for k, name in enumerate(labels.labels)),
    )


def audited_labels(
    labels: Labels, sample: AuditSample, decisions: Iterable[Decision], only: Mask | None = None
) -> tuple[Ints, Mask, Floats]:
    """Return the rows of the audited labels, whether each was right, and how many labels it stands for.

    Weighted so, they foretell how often labels like them are right, whichever others people chose to review. Arguments
    and errors are those of `estimate_accuracy`.
    """
    found = gather(labels, sample, decisions, only)
    sizes, drawn = (np.bincount(found.stratum[some], minlength=1) for some in (slice(None), found.drawn))
    weight = sizes[found.stratum[found.drawn]] / drawn[found.stratum[found.drawn]]
    return found.rows[found.drawn], ~found.wrong[found.drawn], np.asarray(weight, np.float64)


Counts = tuple[float, float, float]


def _remaining(found: Answers, domain: Mask, marks: Mask) -> Counts:
    """Return how many undecided records of a domain have a mark: estimate, low and high."""
    open_ = np.bincount(found.stratum, ~found.known & domain, minlength=1) > 0
    part = np.flatnonzero(domain & open_[found.stratum])
    unknown = int((~found.known[part]).sum())
    if not unknown:
        return 0.0, 0.0, 0.0
    drawn = np.flatnonzero(found.drawn[part])
    share = share_interval(found.stratum[part], found.doubt[part], drawn, marks[part][drawn].astype(np.float64))
    known = int(marks[part].sum())
    value, low, high = (min(max(one * len(part) - known, 0.0), unknown) for one in (share.value, share.low, share.high))
    return value, low, high


def _without(left: Counts, whole: int) -> Interval:
    """Return the share that is left of a whole when so many are taken off."""
    value, low, high = (1 - min(one / whole, 1.0) if whole else 0.0 for one in (left[0], left[2], left[1]))
    return Interval(value, low, high)


def _of_label(found: Answers, name: str, k: int) -> LabelEstimate:
    here = found.given == k
    wrong = _remaining(found, here, found.wrong)
    missed = _remaining(found, ~here, found.truth == k)
    exported = int(found.final[k])
    right = (exported - wrong[0], exported - wrong[2], exported - wrong[1])
    audited = int((found.drawn & here).sum())
    return LabelEstimate(name, exported, audited, _without(wrong, exported), _recall(right, missed))


def _recall(right: Counts, missed: Counts) -> Interval:
    """Return ``right / (right + missed)``: all recalls r at which ``(1 − r) right − r missed`` may be 0.

    Source: G. Zou and A. Donner, "Construction of confidence limits about effect measures", Statistics in Medicine 27
    (2008), doi:10.1002/sim.3095 (limits of a sum from those of its independent parts).
    """
    whole = right[0] + missed[0]
    value = right[0] / whole if whole else 0.0
    r = np.linspace(0, 1, STEPS)
    middle = (1 - r) * right[0] - r * missed[0]
    down = np.hypot((1 - r) * (right[0] - right[1]), r * (missed[2] - missed[0]))
    up = np.hypot((1 - r) * (right[2] - right[0]), r * (missed[0] - missed[1]))
    may = r[(middle - down <= 1e-12) & (middle + up >= -1e-12)]
    return Interval(value, min(float(may.min(initial=1.0)), value), max(float(may.max(initial=0.0)), value))
