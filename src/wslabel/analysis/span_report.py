"""The report of a run in a task of the kind spans."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice
from typing import Any

import numpy as np

from wslabel.analysis.marked_text import marked_issue
from wslabel.analysis.report import _render
from wslabel.analysis.span_summary import summarize_spans
from wslabel.analysis.spans import SpanAccuracy, confusions, span_accuracy, span_accuracy_by_label
from wslabel.core.issues import Issues
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes

WORST = 20
"""Issues that the report shows."""


def render_spans(
    *,
    title: str,
    facts: Mapping[str, str],
    votes: SpanVotes,
    posterior: SpanLabels,
    final: SpanLabels,
    gold: SpanLabels | None,
    issues: Issues,
    texts: Mapping[str, str],
    exports: Mapping[str, int],
) -> str:
    """Return the report as HTML: spans by label, how right they are and the LFs are where gold is known, and issues.

    Parameters
    ----------
    posterior, final
        Labels of the label model, and those that are exported.
    gold
        The true spans of some records; None: they are not known.
    issues, texts
        What was flagged, and by record id the texts in which its offsets count; those of the worst are enough.
    exports
        Numbers of records by name.
    """
    return _render(
        "spans.html.jinja",
        title=title,
        facts=dict(facts),
        rows=_rows(posterior, final, gold),
        right=_right(posterior, final, gold),
        lfs=_lfs(votes, gold),
        confusion=_confusion(final, gold),
        has_gold=gold is not None,
        issues=[marked_issue(one, texts[one.id]) for one in islice(issues, WORST)],
        n_issues=len(issues),
        exports=dict(exports),
    )


def _rows(posterior: SpanLabels, final: SpanLabels, gold: SpanLabels | None) -> list[dict[str, Any]]:
    columns = (_counts(posterior), _counts(final), [0] * len(final.labels) if gold is None else _counts(gold))
    return [dict(zip(("label", "said", "final", "gold"), row)) for row in zip(final.labels, *columns)]


def _counts(labels: SpanLabels) -> list[int]:
    found = labels.label.tolist()
    return [found.count(k) for k in range(len(labels.labels))]


def _right(posterior: SpanLabels, final: SpanLabels, gold: SpanLabels | None) -> list[tuple[str, SpanAccuracy]]:
    if gold is None:
        return []
    by_label = [(f"final: {one.name}", one) for one in span_accuracy_by_label(final, gold)]
    (before,), (after,) = span_accuracy(posterior, gold), span_accuracy(final, gold)
    return [("label model", before), ("final", after), *by_label]


def _confusion(final: SpanLabels, gold: SpanLabels | None) -> list[tuple[str, list[int]]]:
    """Return for each label of gold, and for no span, how often each label, and nothing, is found there."""
    if gold is None:
        return []
    counts, names = confusions(final, gold), [*final.labels, ""]
    return [(true, [counts.get((true, said), 0) for said in names]) for true in names]


def _lfs(votes: SpanVotes, gold: SpanLabels | None) -> list[dict[str, Any]]:
    known = {} if gold is None else {one.name: one for one in span_accuracy(votes, gold)}
    counts = np.bincount(votes.lf, minlength=votes.m).tolist()
    summary = summarize_spans(votes)
    return [{"row": row, "votes": count, "right": known.get(row.lf)} for row, count in zip(summary.rows, counts)]
