"""The queue of records to review; it knows the log, and no widget."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wslabel.core.decisions import Action, Decision
from wslabel.core.issues import Issues
from wslabel.core.labels import Labels
from wslabel.core.multilabel import LabelSets, MultiLabels, label_names
from wslabel.core.records import read_records
from wslabel.core.votes import VoteMatrix
from wslabel.errors import ReviewError
from wslabel.review.checks import check_id, check_label
from wslabel.review.items import ReviewItem, review_items
from wslabel.review.log import DecisionLog
from wslabel.review.resolve import settles
from wslabel.review.strategies import strategy as strategy_of

if TYPE_CHECKING:
    import pandas as pd

    from wslabel.review.page import Page


class ReviewQueue:
    """Records with issues, one item a record, in the order in which they are worth reviewing.

    Decisions are logged at once; nothing else is kept, so that a new queue on the same log continues.

    Parameters
    ----------
    issues
        What `flag` found.
    records
        The corpus that the labels were made from, or anything `read_records` opens. It is read once, for the
        texts of the queue only.
    labels
        The labels under review. Of several labels a record, a decision's label joins all that hold: ``late|damaged``,
        or ``(none)``.
    votes
        The votes on the same records, to be shown. None: no votes are shown.
    log
        The decision log or its path. The file is made by the first decision.
    budget
        The largest number of items. None: all.
    strategy
        The order: ``worst_first``.

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
        labels: Labels | MultiLabels,
        votes: VoteMatrix | None = None,
        log: str | Path | DecisionLog = "review.db",
        budget: int | None = None,
        strategy: str = "worst_first",
    ) -> None:
        if budget is not None and budget < 0:
            raise ReviewError(f"The budget of a queue is a number of records >= 0, or None; got {budget}.")
        several = isinstance(labels, MultiLabels)
        if votes is not None and (label_names(votes.labels) if several else votes.labels) != labels.labels:
            raise ReviewError(f"The votes have the labels {list(votes.labels)}, the labels {list(labels.labels)}.")
        self.log = log if isinstance(log, DecisionLog) else DecisionLog(log)
        self.labels = LabelSets(labels.labels) if several else labels.labels
        ids = strategy_of(strategy)(issues)[:budget]
        found = review_items(ids, issues, read_records(records), labels, votes)
        self._items = {item.id: item for item in found}

    def __len__(self) -> int:
        return len(self._items)

    def __iter__(self) -> Iterator[ReviewItem]:
        return iter(self._items.values())

    def __repr__(self) -> str:
        return f"ReviewQueue({len(self)} records, {len(self) - len(self.pending())} decided, log {self.log.path})"

    def items(self) -> list[ReviewItem]:
        """Return the items in order."""
        return list(self._items.values())

    def item(self, id: str) -> ReviewItem:
        """Return the item of a record.

        Raises
        ------
        ReviewError
            The record is not in the queue.
        """
        check_id(id, self._items, "The queue")
        return self._items[id]

    def pending(self, reviewer: str | None = None) -> list[ReviewItem]:
        """Return the items in order that nobody (or that not this reviewer) has labeled or rejected."""
        settled = {one.id for one in self.log.standing() if settles(one) and reviewer in (None, one.reviewer)}
        return [item for item in self if item.id not in settled]

    def decisions(self) -> list[Decision]:
        """Return the standing decisions of the log in order, those on records outside this queue included."""
        return self.log.standing()

    def decide(
        self, id: str, label: str, reviewer: str = "reviewer", note: str = "", seconds: float | None = None
    ) -> Decision:
        """Log that the record has this label, and return the decision.

        Raises
        ------
        ReviewError
            The record is not in the queue, the label not of the task, or the log cannot be written.
        """
        check_id(id, self._items, "The queue")
        check_label(label, self.labels, f"Record {id}")
        return self._log(id, "label", reviewer, note, seconds, str(label))

    def skip(self, id: str, reviewer: str = "reviewer", note: str = "", seconds: float | None = None) -> Decision:
        """Log that the reviewer passed the record over; it stays pending."""
        return self._log(id, "skip", reviewer, note, seconds)

    def unsure(self, id: str, reviewer: str = "reviewer", note: str = "", seconds: float | None = None) -> Decision:
        """Log that the reviewer does not know the label; the record stays pending."""
        return self._log(id, "unsure", reviewer, note, seconds)

    def reject(self, id: str, reviewer: str = "reviewer", note: str = "", seconds: float | None = None) -> Decision:
        """Log that the record has no place in the training data."""
        return self._log(id, "reject", reviewer, note, seconds)

    def undo(self, reviewer: str = "reviewer") -> Decision:
        """Log that the reviewer takes back their last standing decision in this queue, and return the undo.

        Raises
        ------
        ReviewError
            There is no decision to take back.
        """
        own = [one for one in self.log.standing() if one.reviewer == reviewer and one.id in self._items]
        if not own:
            raise ReviewError(f"{self.log.path}: {reviewer} has no decision in this queue to take back.")
        return self._log(own[-1].id, "undo", reviewer)

    def show(self, limit: int = 50) -> Page:
        """Return the first pending items as a page that notebooks render; `str` of it is plain text."""
        from wslabel.review.page import Page

        pending = self.pending()
        return Page(tuple(pending[: max(limit, 0)]), len(self), len(self) - len(pending))

    def to_pandas(self) -> pd.DataFrame:
        """Return columns id, text, kind, score, given, suggested, confidence and decision, in the queue's order.

        Several kinds stand in one cell, the worst first, as do several reviewers' decisions, the first one first.
        """
        from wslabel.review.exchange import queue_table

        return queue_table(self)

    def export_csv(self, path: str | Path) -> Path:
        """Write the queue as a CSV file for spreadsheets; see `wslabel.review.exchange`."""
        from wslabel.review.exchange import export_csv

        return export_csv(self, path)

    def import_csv(self, path: str | Path, reviewer: str = "reviewer") -> dict[str, int]:
        """Log the decisions of a CSV file, all or none; see `wslabel.review.exchange`."""
        from wslabel.review.exchange import import_csv

        return import_csv(self, path, reviewer)

    def _log(
        self,
        id: str,
        action: Action,
        reviewer: str,
        note: str = "",
        seconds: float | None = None,
        label: str | None = None,
    ) -> Decision:
        item = self.item(id)
        own = (one.label for one in self.log.standing() if (one.id, one.reviewer) == (id, reviewer))
        return self.log.append(item.decision(action, reviewer, label, note, seconds, before=next(own, None)))
