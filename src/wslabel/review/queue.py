"""The queue of records to review; it knows the log, and no widget."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import numpy as np

from wslabel.core.arrays import Ints
from wslabel.core.decisions import Action, Decision, Span
from wslabel.core.fingerprint import fingerprint
from wslabel.core.issues import Issues
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.records import read_records
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.core.task import Kind, Task
from wslabel.core.votes import VoteMatrix
from wslabel.errors import ReviewError
from wslabel.review.assignment import Assignment
from wslabel.review.ballots import ballots_of
from wslabel.review.checks import check_id, check_label
from wslabel.review.estimates import Estimates
from wslabel.review.filters import chosen_places
from wslabel.review.items import ReviewItem, review_items
from wslabel.review.label_estimates import LabelEstimates
from wslabel.review.log import DecisionLog
from wslabel.review.pool import Pool
from wslabel.review.progress import Progress
from wslabel.review.rows import Rows
from wslabel.review.span_estimates import SpanEstimates
from wslabel.review.standing import Standing
from wslabel.review.strategies import strategy as strategy_of
from wslabel.review.together import Together
from wslabel.review.walk import Mask
from wslabel.review.witnesses import Evidence, Predicts, Witness

if TYPE_CHECKING:
    import pandas as pd

    from wslabel.review.audit import AuditSample
    from wslabel.review.page import Page
    from wslabel.review.session import ReviewSession
    from wslabel.review.widget import ReviewWidget

PIECE = 1_000
"""Items that are made at a time when the queue is gone through."""
ANYBODY = "reviewer"


class ReviewQueue:
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

    def __init__(
        self,
        issues: Issues,
        records: Any,
        labels: Labels | MultiLabels | SpanLabels,
        votes: VoteMatrix | SpanVotes | None = None,
        log: str | Path | DecisionLog = "review.db",
        budget: int | None = None,
        strategy: str = "worst_first",
        *,
        task: Task | None = None,
        model: Predicts | None = None,
        evidence: Evidence | None = None,
        reviewers: Sequence[str] = (),
        shared: float = 0.0,
        where: Mapping[str, Any] | None = None,
        suite_hash: str = "",
        seed: int = 0,
    ) -> None:
        if budget is not None and budget < 0:
            raise ReviewError(f"The budget of a queue is a number of records >= 0, or None; got {budget}.")
        order_of = strategy_of(strategy)
        estimates: Estimates = SpanEstimates(labels) if isinstance(labels, SpanLabels) else LabelEstimates(labels)
        ballots = ballots_of(votes, estimates.kind, estimates.labels)
        self.log = log if isinstance(log, DecisionLog) else DecisionLog(log)
        self.labels, self.strategy, self.task = estimates.choices, strategy, task
        self.pool = Pool(estimates, issues, ballots, Rows(read_records(records), estimates.ids), seed)
        assignment = Assignment(tuple(reviewers), shared, seed)
        self._model, self._evidence, self._suite_hash = model, evidence, suite_hash
        self.pool.check()
        if where:
            rows = order_of(self.pool, None)
            self._order = rows[chosen_places(self.pool, rows, where)][:budget]
        else:
            self._order = order_of(self.pool, budget)
        self._progress = Progress(self.pool, self._order, assignment, Standing(self.log))
        self._together = Together(self)

    def __len__(self) -> int:
        return len(self._order)

    def __iter__(self) -> Iterator[ReviewItem]:
        for begin in range(0, len(self), PIECE):
            yield from self.items_of(self._order[begin : begin + PIECE])

    def __contains__(self, id: object) -> bool:
        return isinstance(id, str) and self._progress.place(id) >= 0

    def __repr__(self) -> str:
        return f"ReviewQueue({len(self)} records, {len(self) - self._pending(None).sum()} decided, log {self.log.path})"

    @property
    def ids(self) -> list[str]:
        """The record ids, in order."""
        found: list[str] = self.pool.ids[self._order].tolist()
        return found

    @property
    def order(self) -> Ints:
        """The rows of `pool`, in order."""
        return self._order

    @property
    def kind(self) -> Kind:
        """What is decided of a record: a label (``single``), several (``multilabel``), or ``spans``."""
        return self.pool.estimates.kind

    @property
    def lf_names(self) -> tuple[str, ...]:
        """The LFs, where votes are at hand."""
        return () if self.pool.ballots is None else self.pool.ballots.lf_names

    @property
    def meanings(self) -> dict[str, str]:
        """What the labels mean, where the task says it."""
        return {} if self.task is None else dict(zip(self.task.labels, self.task.meanings))

    @property
    def guide(self) -> str:
        """What reviewers are to know of the task beside the meanings of its labels."""
        return "" if self.task is None else self.task.guide

    def items(self) -> list[ReviewItem]:
        """Return the items in order."""
        return list(self)

    def item(self, id: str) -> ReviewItem:
        """Return the item of a record.

        Raises
        ------
        ReviewError
            The record is not in the queue.
        """
        return self.items_of([int(self._order[self.place(id)])])[0]

    def pending(self, reviewer: str | None = None) -> list[ReviewItem]:
        """Return the items in order that nobody has settled (or that this reviewer, to whom they go, has not)."""
        return self.items_of(self._order[self._pending(reviewer)])

    def pending_ids(self, reviewer: str | None = None) -> list[str]:
        """Return the ids of `pending`, without reading a text."""
        found: list[str] = self.pool.ids[self._order[self._pending(reviewer)]].tolist()
        return found

    def upcoming(
        self,
        reviewer: str = ANYBODY,
        count: int = 1,
        passed: Collection[str] = (),
        where: Mapping[str, Any] | None = None,
    ) -> list[ReviewItem]:
        """Return the next items for a reviewer: what they have not seen, then what they skipped or were unsure of.

        Parameters
        ----------
        count
            The most items.
        passed
            Records that are not to be shown.
        where
            Only those that fit, as for the queue.
        """
        places = [self._progress.place(id) for id in passed]
        among = None
        if where:
            among = np.zeros(len(self), np.bool_)
            among[chosen_places(self.pool, self._order, where)] = True
        return self.items_of(self._progress.walk(reviewer).upcoming(count, places, among))

    def progress(self, reviewer: str = ANYBODY) -> tuple[int, int]:
        """Return how many of the records that go to a reviewer they have settled, and how many go to them."""
        return self._progress.walk(reviewer).progress

    def decisions(self) -> list[Decision]:
        """Return the standing decisions of the log in order, those on records outside this queue included."""
        self._progress.refresh()
        return self._progress.standing.all()

    def changed(self) -> list[Decision]:
        """Return the standing decisions that settle a record of this queue whose text is another one now."""
        self._progress.refresh()
        hashed = [one for one in self._progress.standing.all() if one.settles and one.text_hash and one.id in self]
        rows = self._order[[self._progress.place(one.id) for one in hashed]] if hashed else self._order[:0]
        texts = self.pool.rows.texts(rows) if hashed else []
        return [one for one, text in zip(hashed, texts) if fingerprint(text) != one.text_hash]

    def own(self, reviewer: str) -> list[Decision]:
        """Return the standing decisions of one reviewer on records of this queue, in the order they were made."""
        self._progress.refresh()
        return [one for one in self._progress.standing.by(reviewer) if one.id in self]

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

    def known_item(self, id: str, where: str) -> ReviewItem:
        """Return the item of a record that stands at a place, which the message names where it is unknown."""
        place = self._progress.place(id)
        if place < 0:
            check_id(id, self.ids, where)
        return self.items_of([int(self._order[place])])[0]

    def place(self, id: str) -> int:
        """Return the place of a record in the queue.

        Raises
        ------
        ReviewError
            The record is not in the queue.
        """
        place = self._progress.place(id)
        if place < 0:
            check_id(id, self.ids, "The queue")
        return place

    def open(self, reviewer: str) -> Mask:
        """Return for each place whether the reviewer is still to decide the record."""
        return self._pending(reviewer)

    def items_of(self, rows: Sequence[int] | Ints) -> list[ReviewItem]:
        """Return the items of rows of `pool`."""
        return review_items(self.pool, rows)

    def items_at(self, places: Ints) -> Iterator[ReviewItem]:
        """Yield the items at places of the queue, made a piece at a time."""
        for begin in range(0, len(places), PIECE):
            yield from self.items_of(self._order[places[begin : begin + PIECE]])

    def settled(self, id: str) -> list[Decision]:
        """Return the standing decisions that settle a record, as far as the log was read."""
        return [one for one in self._progress.standing.of(id).values() if one.settles]

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

    def witnesses(self, item: ReviewItem) -> list[Witness]:
        """Return the LFs that vote on the record, with weights and evidence where model and suite are at hand.

        An LF that votes for spans points at these; of several labels it is there once for each.
        """
        row = self.pool.ballot(self.pool.row(item.id))
        if self.pool.ballots is None or row < 0:
            return []
        return self.pool.ballots.witnesses(item, row, self._model, self._evidence)

    def kinds(self) -> list[str]:
        """Return the kinds of issues in the pool."""
        return list(self.pool.issues.counts())

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

    def _pending(self, reviewer: str | None) -> Mask:
        return self._progress.walk(reviewer).open
