"""Reviewing until the labels are good enough, by a test that may be looked at all the time."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wslabel.core.decisions import Decision
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ReviewError
from wslabel.review.audit import AuditSample
from wslabel.review.estimate import AccuracyEstimate, estimate_accuracy
from wslabel.review.estimate_sequential import accuracy_bound
from wslabel.review.whole_records import as_whole

if TYPE_CHECKING:
    from wslabel.review.items import ReviewItem
    from wslabel.review.queue import ReviewQueue

FIRST = 30
"""Records that are audited before any are mended."""
PACE = 10
"""Records between two looks."""


def until(
    queue: ReviewQueue,
    accuracy: float,
    sample: AuditSample,
    only: NDArray[np.bool_] | None = None,
    confidence: float = 0.95,
) -> Iterator[ReviewItem]:
    """Yield records to decide until the labels that would be exported are known to be so accurate.

    Where the audit says that they are not yet, the most doubtful records are mended; where they seem to be, the audit
    goes on to prove it. The test is `accuracy_bound`, valid at every look.

    Parameters
    ----------
    queue
        Over ``sample.issues(labels, len(sample.ids))``, with the strategy ``audit``.
    accuracy
        The share of right labels that is wanted, 0..1; of spans, of records whose spans are all right, none missing.
    sample, only, confidence
        As in `accuracy_bound`.

    Yields
    ------
    ReviewItem
        To be decided, skipped or passed as unsure in `queue` before the next is asked for.

    Raises
    ------
    ReviewError
        An accuracy outside 0..1, several labels a record, or a queue without the sample.
    """
    labels = queue.pool.estimates.given
    if not 0 < accuracy < 1:
        raise ReviewError(f"until(): expected an accuracy between 0 and 1; got {accuracy:g}.")
    if isinstance(labels, MultiLabels):
        raise ReviewError("until() is for one label a record, or spans; this queue has several labels a record.")
    if len(sample.ids) and sample.ids[-1] not in queue:
        raise ReviewError("until(): the queue does not hold the whole sample: sample.issues(labels, len(sample.ids)).")
    by_doubt = sample.ids[np.argsort(-sample.doubt, kind="stable")].tolist()
    while True:
        said = queue.decisions()
        told = _estimate(labels, sample, said, only)
        if accuracy_bound(labels, sample, said, only, confidence) >= accuracy:
            return
        mending = told.audited >= FIRST and told.accuracy.value < accuracy
        touched = {one.id for one in said}
        rest = [record for record in (by_doubt if mending else sample.ids.tolist()) if record not in touched]
        if not rest:
            return
        for record in rest[:PACE]:
            yield queue.item(record)


def _estimate(
    labels: Labels | SpanLabels, sample: AuditSample, said: list[Decision], only: NDArray[np.bool_] | None
) -> AccuracyEstimate:
    """Return the accuracy so far; of spans, that of records as a whole."""
    whole = as_whole(labels, sample, said) if isinstance(labels, SpanLabels) else (labels, sample, said)
    return estimate_accuracy(*whole, only)
