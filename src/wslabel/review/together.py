"""Records of a queue seen together: those with the same votes, decided at once, and those with texts alike."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from wslabel.core.arrays import Ints
from wslabel.core.decisions import Action, Decision
from wslabel.errors import ReviewError
from wslabel.review.alike import MOST, LookAlikes
from wslabel.review.page import in_words

if TYPE_CHECKING:
    from wslabel.review.items import ReviewItem
    from wslabel.review.queue import ReviewQueue

EXAMPLES = 3
QUOTED = 300
"""Characters of an example."""


class Together:
    """Groups of a queue's records.

    Parameters
    ----------
    queue
        The queue; of what it holds nothing is kept twice.
    """

    def __init__(self, queue: ReviewQueue) -> None:
        self._queue = queue

    def open_places(self, id: str, reviewer: str) -> Ints:
        """Return the places of the open records with the votes of this one; none where it has no votes."""
        queue, place = self._queue, self._queue.place(id)
        ballots, cast = queue.pool.ballots, queue.pool.cast
        if ballots is None or cast is None or not ballots.one_for_many or not (cast[queue.order[place]] >= 0).any():
            return np.zeros(0, np.int64)
        return np.flatnonzero((self._patterns == self._patterns[place]) & queue.open(reviewer))

    def told(self, id: str, reviewer: str) -> dict[str, Any]:
        """Return what to know before one decision for all; see `ReviewQueue.alike`."""
        queue, places = self._queue, self.open_places(id, reviewer)
        spread = places[np.linspace(0, len(places) - 1, min(EXAMPLES + 1, len(places))).astype(int)]
        others = [item for item in queue.items_at(np.unique(spread)) if item.id != id]
        number = self._patterns[queue.place(id)]
        own = (one for one in queue.own(reviewer) if one.settles)
        said = Counter(one.said for one in own if self._patterns[queue.place(one.id)] == number)
        examples = [item.text[:QUOTED] for item in others[:EXAMPLES]]
        return {"count": len(places), "examples": examples, "settled": [list(pair) for pair in said.most_common()]}

    def decide(self, id: str, label: str | None, reviewer: str, count: int | None, note: str) -> list[Decision]:
        """Log one decision for all; see `ReviewQueue.decide_alike`."""
        places = self.open_places(id, reviewer)
        if len(places) != count:
            raise ReviewError(
                f"Record {id}: {len(places)} open records have its votes, not {count}. Look again (alike_count), then "
                "confirm the number."
            )
        batch, queue = uuid.uuid4().hex, self._queue
        action: Action = "reject" if label is None else "label"
        items: Iterator[ReviewItem] = queue.items_at(places)
        return queue.append([queue.decision(one, action, reviewer, note, label=label, batch=batch) for one in items])

    def neighbours(self, id: str, count: int) -> list[dict[str, Any]]:
        """Return records whose texts are most alike; see `ReviewQueue.neighbours`."""
        queue = self._queue
        found = self._look_alikes.of(int(queue.order[queue.place(id)]), count)
        told = []
        for item, (_, likeness) in zip(queue.items_of([row for row, _ in found]), found):
            last = queue.settled(item.id)
            label = in_words(item, last[-1].said if last else item.given)
            text = item.text[:QUOTED]
            told.append({"id": item.id, "text": text, "label": label, "decided": bool(last), "likeness": likeness})
        return told

    @cached_property
    def _patterns(self) -> Ints:
        return self._queue.pool.pattern[self._queue.order]

    @cached_property
    def _look_alikes(self) -> LookAlikes:
        return LookAlikes(self._queue.pool, self._queue.order[:MOST])
