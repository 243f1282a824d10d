"""How far each reviewer is in a queue: its places, and what the log says of them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cached_property

import numpy as np

from wslabel.core.arrays import Ints
from wslabel.review.assignment import Assignment
from wslabel.review.pool import Pool
from wslabel.review.standing import Standing
from wslabel.review.walk import Walk

_FEW = 8
"""Records that are looked up one by one; more are looked up at once."""


class Progress:
    """The ways of all reviewers through a queue, kept up with the log.

    Parameters
    ----------
    pool, order
        What the queue was drawn from, and its rows.
    assignment
        Who gets which record.
    standing
        What the log says.
    """

    def __init__(self, pool: Pool, order: Ints, assignment: Assignment, standing: Standing) -> None:
        self.standing = standing
        self._pool, self._order, self._assignment = pool, order, assignment
        self._walks: dict[str, Walk] = {}
        self._places: dict[str, int] = {}

    def refresh(self) -> None:
        """Read what is new in the log."""
        self._note(self.standing.refresh(), list(self._walks))

    def walk(self, reviewer: str | None) -> Walk:
        """Return the way of one reviewer as the log has it now; None: of all, for whom anybody settles a record."""
        self.refresh()
        key = "" if reviewer is None else reviewer
        if key not in self._walks:
            ids = self._pool.ids[self._order]
            own = np.ones(len(ids), np.bool_) if reviewer is None else self._assignment.of(ids, reviewer)
            self._walks[key] = Walk(self._order, own)
            self._note({one.id for one in self.standing.all()}, [key])
        return self._walks[key]

    def place(self, id: str) -> int:
        """Return the place of a record in the queue; -1 where it is not in it."""
        if id not in self._places:
            row = self._pool.row(id)
            self._places[id] = -1 if row < 0 else int(self._place_of_row[row])
        return self._places[id]

    def _note(self, ids: Collection[str], keys: list[str]) -> None:
        if keys and len(ids) > _FEW:
            self._learn_places(ids)
        for id in ids if keys else ():
            place = self.place(id)
            for key in keys if place >= 0 else ():
                said = self.standing.of(id)
                settled = [one for one in said.values() if one.settles]
                self._walks[key].note(place, said.get(key) if key else next(iter(settled), None))

    def _learn_places(self, ids: Collection[str]) -> None:
        wanted = [id for id in ids if id not in self._places]
        rows = self._pool.find(wanted)
        self._places.update(zip(wanted, np.where(rows < 0, -1, self._place_of_row[rows]).tolist()))

    @cached_property
    def _place_of_row(self) -> Ints:
        places = np.full(len(self._pool.ids), -1, np.int64)
        places[self._order] = np.arange(len(self._order))
        return places
