"""What decisions tell of the labels of an audit: which are known, which were drawn by chance, and which were passed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.decisions import Decision, standing
from wslabel.core.labels import Labels
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ReviewError
from wslabel.review.audit import AuditSample, rows_of
from wslabel.review.resolve import resolve

UNKNOWN, REJECTED = -1, -2

Mask = NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Answers:
    """The audited population among n labels, in the order of drawing.

    Attributes
    ----------
    rows
        p rows of the labels.
    stratum, doubt
        p strata and probabilities of an error, as in the sample.
    given, truth
        p label indices: as the model gave them, and as reviewers decided (-1 unknown, -2 rejected).
    came
        p booleans: the record came up in the audit.
    exported
        How many records would be exported, decided ones among them.
    final
        K numbers: how many of them have each label.
    """

    rows: Ints
    stratum: Ints
    doubt: Floats
    given: Ints
    truth: Ints
    came: Mask
    exported: int
    final: Ints

    @property
    def known(self) -> Mask:
        """p booleans: a reviewer decided, in the audit or elsewhere."""
        return np.asarray(self.truth != UNKNOWN)

    @property
    def drawn(self) -> Mask:
        """p booleans: the record came up in the audit, and was decided."""
        return self.came & self.known

    @property
    def passed(self) -> int:
        """How many came up that nobody settled: skipped, unsure, or not agreed upon."""
        return int((self.came & ~self.known).sum())

    @property
    def wrong(self) -> Mask:
        """p booleans: it is known that the given label was wrong, or the record was rejected."""
        return np.asarray(self.known & (self.truth != self.given))


def gather(labels: Labels, sample: AuditSample, decisions: Iterable[Decision], only: Mask | None) -> Answers:
    """Return what is known of the labels that would be exported; arguments as in `estimate_accuracy`."""
    if not isinstance(labels, Labels):
        raise ReviewError(f"This is for one label a record; got {type(labels).__name__}. See estimate_accuracy().")
    stand = standing(decisions)
    rows = rows_of(labels, sample.ids)
    truth = _truth(labels, stand)
    wanted = labels.covered if only is None else only
    check_drawn(labels, wanted, rows, truth != UNKNOWN)
    up = came_up(sample, stand)
    inside = wanted[rows]
    final = np.where(truth == UNKNOWN, labels.hard_indices(), truth)[
        (wanted | (truth != UNKNOWN)) & (truth != REJECTED)
    ]
    return Answers(
        rows=rows[inside],
        stratum=sample.stratum[inside],
        doubt=sample.doubt[inside],
        given=labels.hard_indices()[rows][inside],
        truth=truth[rows][inside],
        came=up[inside],
        exported=len(final),
        final=np.bincount(final, minlength=len(labels.labels)),
    )


def _truth(labels: Labels, stand: list[Decision]) -> Ints:
    """Return n label indices: what reviewers agreed upon."""
    touched = {one.id for one in stand}
    rows = np.array([row for row, record in enumerate(labels.ids.tolist()) if record in touched], dtype=np.int64)
    some = Labels(labels.ids[rows], labels.probs[rows], labels.labels)
    after = resolve(some, stand)
    said = {record: int(k) if who == "human" else UNKNOWN for record, k, who in _each(after)}
    truth = np.full(labels.n, UNKNOWN)
    truth[rows] = [said.get(record, REJECTED) for record in some.ids]
    return truth


def _each(labels: Labels) -> Iterator[tuple[str, int, str]]:
    return zip(labels.ids.tolist(), labels.hard_indices().tolist(), labels.source.tolist())


def came_up(sample: AuditSample, stand: Iterable[Decision]) -> Mask:
    """Return which records came up: the beginning of the order, up to the first that nobody has touched."""
    touched = {one.id for one in stand}
    came = np.array([record in touched for record in sample.ids.tolist()], dtype=np.bool_)
    return np.asarray(np.logical_and.accumulate(came))


def check_drawn(labels: Labels | SpanLabels, wanted: Mask, rows: Ints, known: Mask) -> None:
    """Raise `ReviewError` where a record of the export is neither known nor in the audit."""
    left = wanted & (labels.source == "model") & ~known
    left[rows] = False
    if left.any():
        first = labels.ids[int(np.flatnonzero(left)[0])]
        raise ReviewError(
            f"{int(left.sum())} records of the export could not come up in the audit, {first!r} among them. Draw the "
            "audit from what is exported, or estimate only what it was drawn from."
        )
