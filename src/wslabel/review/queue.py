"""The queue of records to review; it knows the log, and no widget."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from wslabel.core.decisions import Action, Decision, Span
from wslabel.errors import ReviewError
from wslabel.review.checks import check_label
from wslabel.review.items import ReviewItem
from wslabel.review.queued import ANYBODY, QueuedRecords
from wslabel.review.together import Together

if TYPE_CHECKING:
    import pandas as pd

    from wslabel.review.audit import AuditSample
    from wslabel.review.page import Page
    from wslabel.review.session import ReviewSession
    from wslabel.review.widget import ReviewWidget


class ReviewQueue(QueuedRecords):
    """Records that are worth reviewing, one item a record, in their order.

    Decisions are logged at once; nothing else is kept, so that a new queue on the same log continues. Items are made
    when they are looked at, so that a queue of a million records opens at once.

    Parameters
    ----------
    issues
        What `flag` found.
    records
        The corpus that the labels were made from, or anything `read_records` opens.
    labels
        The labels under review. Of several labels a record, a decision's label joins all that hold: ``late|damaged``,
        or ``(none)``. Where they are spans, a decision holds all spans of its record (`decide_spans`).
    votes
        The votes on the same records, to be shown and for strategies that need them.
    log
        The decision log or its path. The file is made by the first decision.
    budget
        The largest number of items (with ``by_pattern``, of vote patterns). None: all.
    strategy
        The order: ``worst_first``, ``conflict``, ``uncertainty``, ``uncovered``, ``diverse`` or ``by_pattern``.
    task
        The task, for what its labels mean and whether a record has several.
    model
        The fitted label model, for the weight of each vote.
    evidence
        What tells where LFs found what they vote for: ``partial(wslabel.explain, suite)``.
    reviewers
        Names of reviewers who share the work: each record goes to one of them. None: everybody may see all.
    shared
        The share of records, 0..1, that a second reviewer gets, too.
    where
        Only records that fit: ``label`` (given), ``lf`` (it votes), ``kind`` (of an issue), ``text`` (words in it, in
        any case), ``ids``, and any column of the corpus with its value (a slice).
    suite_hash
        The fingerprint of the suite that voted, for the log.
    seed
        For strategies that draw, and for who reviews what.

    Raises
    ------
    ReviewError
        The parts hold different records or labels, or the budget is negative.
    PluginError
        An unknown strategy.
    """

    @cached_property
    def _together(self) -> Together:
        return Together(self)

    def decide(
        self, id: str, label: str, reviewer: str = ANYBODY, note: str = "", seconds: float | None = None
    ) -> Decision:
        """Log that the record has this label, and return the decision.

        Raises
        ------
        ReviewError
            The record is not in the queue, the label not of the task, or the log cannot be written.
        """
        self.place(id)
        check_label(label, self.labels, f"Record {id}")
        return self.log_decision(id, "label", reviewer, note, seconds, label=label)

    def decide_spans(
        self, id: str, spans: Sequence[Span], reviewer: str = ANYBODY, note: str = "", seconds: float | None = None
    ) -> Decision:
        """Log that the record has these spans (start, end in characters of the text, label) and no others.

        Raises
        ------
        ReviewError
            The queue is one of labels, or a span is none of its text or stands twice.
        """
        return self.log_decision(id, "spans", reviewer, note, seconds, spans=spans)

    def skip(self, id: str, reviewer: str = ANYBODY, note: str = "", seconds: float | None = None) -> Decision:
        """Log that the reviewer passed the record over; it stays pending."""
        return self.log_decision(id, "skip", reviewer, note, seconds)

    def unsure(self, id: str, reviewer: str = ANYBODY, note: str = "", seconds: float | None = None) -> Decision:
        """Log that the reviewer does not know the label; the record stays pending."""
        return self.log_decision(id, "unsure", reviewer, note, seconds)

    def reject(self, id: str, reviewer: str = ANYBODY, note: str = "", seconds: float | None = None) -> Decision:
        """Log that the record has no place in the training data."""
        return self.log_decision(id, "reject", reviewer, note, seconds)

    def undo(self, reviewer: str = ANYBODY) -> Decision:
        """Log that the reviewer takes back what they last decided in this queue, and return the undo.

        Decisions that were made at once (`decide_alike`) are taken back at once.

        Raises
        ------
        ReviewError
            There is no decision to take back.
        """
        return self._undo(reviewer)[1][-1]

    def undo_last(self, reviewer: str = ANYBODY) -> list[Decision]:
        """Take back what the reviewer last decided in this queue, and return the decisions that no longer stand."""
        return self._undo(reviewer)[0]

    def log_decision(
        self,
        id: str,
        action: str,
        reviewer: str = ANYBODY,
        note: str = "",
        seconds: float | None = None,
        *,
        label: str | None = None,
        spans: Sequence[Span] | None = None,
    ) -> Decision:
        """Log a decision of any kind; see `wslabel.Decision`."""
        made = self.decision(self.item(id), cast(Action, action), reviewer, note, seconds, label=label, spans=spans)
        return self.append([made])[0]

    def decision(
        self,
        item: ReviewItem,
        action: Action,
        reviewer: str,
        note: str = "",
        seconds: float | None = None,
        *,
        label: str | None = None,
        spans: Sequence[Span] | None = None,
        before: str | None = None,
        batch: str = "",
    ) -> Decision:
        """Return a decision, checked but not yet logged; `before` is what it replaces (None: what stands)."""
        if before is None:
            last = self._progress.standing.of(item.id).get(reviewer)
            before = last.said if last is not None and last.settles else None
        hashes = {"labels_hash": self.pool.estimates.fingerprint, "suite_hash": self._suite_hash, "batch": batch}
        value = self.pool.estimates.value(f"Record {item.id}", item.text, label, spans)
        return item.decision(action, reviewer, note=note, seconds=seconds, before=before, **value, **hashes)

    def append(self, decisions: list[Decision]) -> list[Decision]:
        """Log decisions in one transaction, all or none, and return them as logged."""
        logged = self.log.append_all(decisions)
        self._progress.refresh()
        return logged

    def alike_count(self, id: str, reviewer: str = ANYBODY) -> int:
        """Return how many records that this reviewer has not settled have the votes of this one, it included.

        0 for a record without votes, those without are not alike; and where spans are decided.
        """
        return len(self._together.open_places(id, reviewer))

    def alike(self, id: str, reviewer: str = ANYBODY) -> dict[str, Any]:
        """Return what to know before one decision for all records with the votes of this one.

        Returns
        -------
        dict
            ``count`` (of records that it would settle), ``examples`` (texts of others), and ``settled``: what this
            reviewer decided on other records with these votes, as pairs of words and a number.
        """
        return self._together.told(id, reviewer)

    def decide_alike(
        self, id: str, label: str | None, reviewer: str = ANYBODY, count: int | None = None, note: str = ""
    ) -> list[Decision]:
        """Log one label for all open records with the votes of this one; one `undo` takes it back.

        Parameters
        ----------
        label
            The label; None rejects the records.
        count
            How many records that will be, as `alike_count` told: the confirmation.

        Raises
        ------
        ReviewError
            It is another number of records than `count`, so that nothing was logged.
        """
        return self._together.decide(id, label, reviewer, count, note)

    def neighbours(self, id: str, count: int = 3) -> list[dict[str, Any]]:
        """Return records of the queue whose texts are most alike: id, text, label, whether reviewed, likeness 0..1."""
        return self._together.neighbours(id, count)

    def session(self, reviewer: str = ANYBODY) -> ReviewSession:
        """Return the way of one reviewer through the queue, which screens show."""
        from wslabel.review.session import ReviewSession

        self._progress.walk(reviewer)
        return ReviewSession(self, reviewer)

    def show(self, reviewer: str = ANYBODY, static: bool = False, limit: int = 50) -> ReviewWidget | Page:
        """Return a widget in which to review, for notebooks; or a page to look at.

        Parameters
        ----------
        reviewer
            Who reviews.
        static
            Return the first pending items as a page that any notebook renders; `str` of it is plain text.
        limit
            The most items of the page.

        Raises
        ------
        ReviewError
            The widget's library is not installed.
        """
        if static:
            return self.page(limit)
        try:
            from wslabel.review.widget import ReviewWidget
        except ImportError as fault:
            raise ReviewError(
                f"The review widget needs {fault.name}: pip install 'wslabel[notebook]'. Without it there are "
                "show(static=True), export() and `wslabel review RUN`."
            ) from None
        return ReviewWidget(self.session(reviewer))

    def page(self, limit: int = 50) -> Page:
        """Return the first pending items as a static page."""
        from wslabel.review.page import Page

        pending = np.flatnonzero(self._pending(None))
        items = tuple(self.items_of(self._order[pending[: max(limit, 0)]]))
        return Page(items, len(self), len(self) - len(pending))

    def until(self, accuracy: float, sample: AuditSample, **settings: Any) -> Iterator[ReviewItem]:
        """Yield items to decide until the labels are known to be so accurate; see `wslabel.review.until`."""
        from wslabel.review.until import until

        return until(self, accuracy, sample, **settings)

    def to_pandas(self) -> pd.DataFrame:
        """Return columns id, text, kind, score, given, suggested, confidence and decision, in the queue's order.

        Several kinds stand in one cell, the worst first, as do several reviewers' decisions, the first one first.
        """
        from wslabel.review.exchange import queue_table

        return queue_table(self)

    def export(self, path: str | Path) -> Path:
        """Write the queue as CSV for spreadsheets, or as ``.jsonl``; see `wslabel.review.exchange`."""
        from wslabel.review.exchange import export_queue

        return export_queue(self, path)

    def import_decisions(self, path: str | Path, reviewer: str = ANYBODY) -> dict[str, int]:
        """Log the decisions of a CSV or ``.jsonl`` file, all or none; see `wslabel.review.exchange`."""
        from wslabel.review.exchange import import_decisions

        return import_decisions(self, path, reviewer)

    def _undo(self, reviewer: str) -> tuple[list[Decision], list[Decision]]:
        own = self.own(reviewer)
        if not own:
            raise ReviewError(f"{self.log.path}: {reviewer} has no decision in this queue to take back.")
        batch = own[-1].batch
        taken = [one for one in own if one.batch == batch] if batch else own[-1:]
        undone = [
            Decision(one.id, "undo", reviewer=reviewer, text_hash=one.text_hash, replaces=one.said, batch=batch)
            for one in taken
        ]
        return taken, self.append(undone)
