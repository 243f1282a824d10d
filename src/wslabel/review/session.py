"""One reviewer at one queue: what a screen shows next, and what its keys do. The widget and the terminal share it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from statistics import median
from typing import TYPE_CHECKING, Any

from wslabel.core.multilabel import join_labels
from wslabel.core.task import listed
from wslabel.errors import ReviewError
from wslabel.review.screen import item_message

if TYPE_CHECKING:
    from wslabel.review.queue import ReviewQueue

AHEAD = 6
"""Items that a screen holds, so that the next one is there when a key is pressed."""
PACE_OF = 20
"""Decisions whose median time is the pace."""
Message = dict[str, Any]


@dataclass
class ReviewSession:
    """The state of one screen.

    Parameters
    ----------
    queue
        The queue.
    reviewer
        Who decides.
    """

    queue: ReviewQueue
    reviewer: str
    _passed: set[str] = field(default_factory=set)
    _where: dict[str, str] = field(default_factory=dict)
    _held: dict[str, Message] = field(default_factory=dict)

    def config(self) -> Message:
        """Return what does not change: labels with their meanings, guidelines, LFs, kinds of issues."""
        queue = self.queue
        return {
            "labels": [{"name": name, "meaning": queue.meanings.get(name, "")} for name in queue.labels],
            "kind": queue.kind,
            "guide": queue.guide,
            "lfs": list(queue.lf_names),
            "kinds": queue.kinds(),
            "total": len(queue),
            "near": True,
        }

    def answer(self, message: Mapping[str, Any]) -> Message:
        """Return the answer to a message of a screen; a fault that the reviewer can mend is an answer, too."""
        work: dict[str, Callable[[Mapping[str, Any]], Message]] = {
            "open": lambda _: self.state(self._changed()),
            "decide": self._decide,
            "undo": self._undo,
            "filter": self._filter,
            "near": self._near,
            "bulk": self._bulk,
            "decide_all": self._decide_all,
        }
        try:
            return work[message["do"]](message)
        except ReviewError as fault:
            if message["do"] != "decide":
                return {"type": "refused", "message": str(fault)}
            return {**self.state(), "type": "failed", "message": str(fault)}

    def state(self, said: str = "", first: str = "") -> Message:
        """Return everything that a screen needs; `first` is the record to show first."""
        items = self._items(first)
        filtered = ", ".join(f"{name} {value}" for name, value in self._where.items())
        return {"type": "state", "items": items, "progress": self.progress(), "filtered": filtered, "said": said}

    def progress(self) -> Message:
        """Return how many records are decided, of how many, the pace in seconds, and how many were put off."""
        decided, total = self.queue.progress(self.reviewer)
        times = [one.seconds for one in self.queue.own(self.reviewer)[-PACE_OF:] if one.seconds]
        pace = round(median(times), 1) if times else None
        return {"decided": decided, "total": total, "pace": pace, "later": len(self._passed)}

    def _changed(self) -> str:
        changed = list(dict.fromkeys(one.id for one in self.queue.changed()))
        if not changed:
            return ""
        return (
            f"{len(changed):,} decided records have another text than when they were decided: {listed(changed)}. "
            "Look at them again: ReviewQueue.changed()."
        )

    def _items(self, first: str = "") -> list[Message]:
        found = self.queue.upcoming(self.reviewer, AHEAD, self._passed, self._where)
        if first:
            found = [self.queue.item(first), *[item for item in found if item.id != first]]
        held = {item.id: self._held.get(item.id) or item_message(self.queue, item, self.reviewer) for item in found}
        self._held = held
        return list(held.values())

    def _decide(self, message: Mapping[str, Any]) -> Message:
        id, action, label = str(message["id"]), str(message["action"]), message.get("label")
        self.queue.log_decision(
            id,
            action,
            self.reviewer,
            label=join_labels(label) if isinstance(label, list) else label,
            spans=message.get("spans"),
            note=str(message.get("note", "")),
            seconds=message.get("seconds"),
        )
        if action in ("skip", "unsure"):
            self._passed.add(id)
        return {"type": "saved", "turn": message.get("turn"), "items": self._items(), "progress": self.progress()}

    def _undo(self, _: Mapping[str, Any]) -> Message:
        undone = self.queue.undo_last(self.reviewer)
        self._passed -= {one.id for one in undone}
        last = undone[-1]
        more = f" and {len(undone) - 1:,} more" if len(undone) > 1 else ""
        state = self.state(f"Taken back: {last.said} on {last.id}{more}.", first=last.id)
        if last.spans is not None:
            state["items"][0] = {**state["items"][0], "mine": [list(span) for span in last.spans]}
        return state

    def _filter(self, message: Mapping[str, Any]) -> Message:
        self._where = {name: str(message[name]) for name in ("text", "label", "lf", "kind") if message.get(name)}
        return self.state()

    def _near(self, message: Mapping[str, Any]) -> Message:
        return {"type": "near", "id": message["id"], "near": self.queue.neighbours(str(message["id"]))}

    def _bulk(self, message: Mapping[str, Any]) -> Message:
        return {"type": "bulk", "id": message["id"], **self.queue.alike(str(message["id"]), self.reviewer)}

    def _decide_all(self, message: Mapping[str, Any]) -> Message:
        label = message.get("label")
        logged = self.queue.decide_alike(
            str(message["id"]), label, self.reviewer, int(message["count"]), note=str(message.get("note", ""))
        )
        return self.state(f"{len(logged):,} records: {label or 'rejected'}. U takes all of it back.")
