"""What a reviewer sees of one record: its text, its label, and why it is in the queue."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wslabel.core.arrays import Ints
from wslabel.core.decisions import Action, Decision, Span, part_spans
from wslabel.core.fingerprint import fingerprint
from wslabel.core.issues import Issue
from wslabel.core.span_labels import LabeledSpan

if TYPE_CHECKING:
    from wslabel.review.pool import Pool

SECOND_LOOK = "label_error"
"""The kind of the issues that an end model raises."""


@dataclass(frozen=True)
class ReviewItem:
    """A record to review.

    Attributes
    ----------
    id, text
        The record.
    given
        The label as it stands; several are joined (``late|damaged``), as are spans (``0-7 Drug, 9-13 Effect``).
    confidence
        Its probability, 0..1; of several labels or spans that of the most doubtful one.
    probs
        The probability of each label, in the task's order; none where spans are labeled.
    issues
        Why the record is in the queue, worst first; none where a strategy chose it without.
    votes
        The label, or the spans, that each LF voted for; LFs that abstain are left out. Empty where no votes are at
        hand.
    chosen
        The labels as they stand, where a record may have several.
    spans
        The spans as they stand, where spans are labeled; else None.
    row
        All columns of the record.
    """

    id: str
    text: str
    given: str
    confidence: float
    probs: Mapping[str, float]
    issues: tuple[Issue, ...]
    votes: Mapping[str, str]
    chosen: tuple[str, ...] = ()
    spans: tuple[LabeledSpan, ...] | None = None
    row: Mapping[str, Any] = field(default_factory=dict, compare=False, repr=False)

    @property
    def score(self) -> float:
        """The score of the worst issue, 0 (worst) to 1; without an issue, the confidence."""
        return self.issues[0].score if self.issues else self.confidence

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the issues, worst first."""
        return tuple(issue.kind for issue in self.issues)

    @property
    def suggested(self) -> str:
        """What the worst issue that proposes something else than what is given proposes; else what is given.

        Of spans, what the end model has in their place (a ``label_error``) is no suggestion, but stands in
        `other_spans`: on two corpora with gold, what is given was right more often (docs/spans.md).
        """
        proposed = (one.suggested for one in self.issues if self.spans is None or one.kind != SECOND_LOOK)
        return next((words for words in proposed if words != self.given), self.given)

    @property
    def given_spans(self) -> tuple[Span, ...]:
        """What is given where spans are labeled: start, end (exclusive) and label."""
        return tuple((one.start, one.end, one.label) for one in self.spans or ())

    @property
    def suggested_spans(self) -> tuple[Span, ...]:
        """What is suggested where spans are labeled: start, end (exclusive) and label."""
        return () if self.spans is None else part_spans(self.suggested)

    @property
    def other_spans(self) -> tuple[Span, ...]:
        """What an end model that has not seen the record marks, and what is given does not."""
        found = (span for one in self.issues if one.kind == SECOND_LOOK for span in part_spans(one.suggested))
        return () if self.spans is None else tuple(span for span in found if span not in self.given_spans)

    @property
    def shown(self) -> str:
        """JSON of what stands on the screen beside the text."""
        issues = [[issue.kind, round(issue.score, 6)] for issue in self.issues]
        facts = {"given": self.given, "suggested": self.suggested, "confidence": round(self.confidence, 6)}
        return json.dumps({**facts, "issues": issues, "votes": dict(self.votes)}, ensure_ascii=False, sort_keys=True)

    def decision(
        self,
        action: Action,
        reviewer: str,
        label: str | None = None,
        note: str = "",
        seconds: float | None = None,
        before: str | None = None,
        **more: Any,
    ) -> Decision:
        """Return a decision on the record, not yet logged; `before` is what it replaces (None: the given label)."""
        replaces = self.given if before is None else before
        text_hash, shown = fingerprint(self.text), "" if action == "undo" else self.shown
        return Decision(
            self.id, action, label, reviewer, note, seconds, text_hash=text_hash, replaces=replaces, shown=shown, **more
        )


def review_items(pool: Pool, rows: Sequence[int] | Ints) -> list[ReviewItem]:
    """Return the items of the rows of a pool, in their order.

    Raises
    ------
    ReviewError
        The corpus or the votes do not hold a record.
    """
    return [_item(pool, int(row), values) for row, values in zip(rows, pool.rows.take(rows))]


def _item(pool: Pool, row: int, values: Mapping[str, Any]) -> ReviewItem:
    ballot, text = pool.ballot(row), values["text"]
    return ReviewItem(
        id=str(pool.ids[row]),
        text=text,
        confidence=float(pool.estimates.confidence[row]),
        issues=pool.issues_of(row),
        votes=pool.ballots.told(ballot) if pool.ballots is not None and ballot >= 0 else {},
        row=values,
        **pool.estimates.facts(row, text),
    )
