"""A record as a screen gets it: JSON of plain words and numbers."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

from wslabel.core.decisions import join_spans
from wslabel.core.issues import Issue
from wslabel.review.items import ReviewItem
from wslabel.review.page import in_words
from wslabel.review.weighed_votes import WeighedVote

if TYPE_CHECKING:
    from wslabel.review.queue import ReviewQueue

MOST_CHARACTERS = 100_000
SIGNS = "abcdefghijklmnopqrstuvwxyz"
REASONS = {
    "label_error": "a model that has not seen the record thinks it is {suggested}",
    "conflict": "labeling functions disagree; against {given}: {lfs}",
    "tie": "as many votes for {given} as for another label",
    "uncovered": "no labeling function votes; the guess is {suggested}",
    "low_confidence": "the label is hardly likelier than others",
    "disagreement": "a second opinion is {suggested}",
    "audit": "drawn at random, to measure how good the labels are",
    "disputed": "reviewers disagree; most say {suggested}",
    "outlier": "unlike all other records",
    "near_duplicate": "nearly the same as another record",
    "class_imbalance": "{given} is a rare label",
    "non_iid": "its neighbours in the corpus resemble it",
}

SPAN_REASONS = {
    "label_error": "a model that has not seen the record marks {suggested}",
    "conflict": "labeling functions vote for different labels on one place: {lfs}",
    "uncovered": "no labeling function votes",
    "low_confidence": "a span is less probable than not",
    "disputed": "reviewers disagree",
}
"""What is told of spans in place of that."""


def item_message(queue: ReviewQueue, item: ReviewItem, reviewer: str) -> dict[str, Any]:
    """Return an item as JSON, for the widget."""
    text = item.text[:MOST_CHARACTERS]
    return {
        "id": item.id,
        "text": text,
        "cut": len(item.text) - len(text),
        "given": item.given,
        "suggested": item.suggested,
        "chosen": list(item.chosen),
        "probs": [round(share, 6) for share in item.probs.values()],
        "issues": [
            {"kind": issue.kind, "score": round(issue.score, 4), "reason": _reason(item, issue)}
            for issue in item.issues
        ],
        "votes": _votes(queue.witnesses(item), len(text)),
        "spans": [[one.start, one.end, one.label, round(one.probability, 6)] for one in item.spans or ()],
        "other": [list(span) for span in item.other_spans],
        "proposed": [list(span) for span in item.suggested_spans],
        "pattern": queue.alike_count(item.id, reviewer),
    }


def _votes(witnesses: Sequence[WeighedVote], length: int) -> list[dict[str, Any]]:
    """Return the votes; those that point at words have a sign, which stands behind the words, too."""
    signs = cycle(SIGNS)
    told = []
    for one in witnesses:
        spans = [span for span in one.spans if span[1] <= length]
        weight = None if one.weight is None else round(one.weight, 3)
        sign = next(signs) if spans else ""
        told.append({"lf": one.lf, "vote": one.vote, "weight": weight, "spans": spans, "sign": sign})
    return told


def reason(issue: Issue) -> str:
    """Return in words why the record is in the queue.

    >>> reason(Issue("r", "label_error", 0.1, "ham", "spam"))
    'a model that has not seen the record thinks it is spam'
    """
    told = REASONS.get(issue.kind, "worth a look")
    return told.format(given=issue.given, suggested=issue.suggested, lfs=", ".join(issue.lfs) or "some")


def _reason(item: ReviewItem, issue: Issue) -> str:
    if item.spans is None or issue.kind not in SPAN_REASONS:
        return reason(issue)
    other = in_words(item, join_spans(item.other_spans)) if item.other_spans else "less"
    return SPAN_REASONS[issue.kind].format(suggested=other, lfs=", ".join(issue.lfs) or "some")
