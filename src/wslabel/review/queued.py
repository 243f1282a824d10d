"""The order of a queue, its items, and what the log says of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from wslabel.core.arrays import Ints
from wslabel.core.decisions import Decision
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
from wslabel.review.checks import check_id
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
from wslabel.review.walk import Mask
from wslabel.review.weighed_votes import Evidence, Predicts, WeighedVote

PIECE = 1_000
"""Items that are made at a time when the queue is gone through."""
ANYBODY = "reviewer"


class QueuedRecords:
    """What is read of a queue; see `wslabel.ReviewQueue`, which decides, too."""

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

    def witnesses(self, item: ReviewItem) -> list[WeighedVote]:
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

    def _pending(self, reviewer: str | None) -> Mask:
        return self._progress.walk(reviewer).open
