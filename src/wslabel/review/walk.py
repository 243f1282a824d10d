"""Which records of a queue are still to be decided by one reviewer."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ints
from wslabel.core.decisions import Decision

Mask = NDArray[np.bool_]


class Walk:
    """The way of one reviewer through the rows of a queue: first what they have not seen, then what they put off.

    Parameters
    ----------
    order
        The rows of the queue, first to review first.
    own
        As many booleans: the reviewer is to see the record.
    """

    def __init__(self, order: Ints, own: Mask) -> None:
        self._order, self._own = order, own
        self._settled, self._put_off = np.zeros_like(own), np.zeros_like(own)

    def note(self, place: int, decision: Decision | None) -> None:
        """Remember what now stands on the record at a place; None: nothing."""
        self._settled[place] = decision is not None and decision.settles
        self._put_off[place] = decision is not None and not decision.settles

    @property
    def open(self) -> Mask:
        """For each place of the queue, whether the record is still to be decided."""
        return np.asarray(self._own & ~self._settled)

    @property
    def progress(self) -> tuple[int, int]:
        """How many records are decided, and how many there are."""
        return int((self._own & self._settled).sum()), int(self._own.sum())

    def upcoming(self, count: int, passed: Collection[int] = (), among: Mask | None = None) -> Ints:
        """Return the next rows to show.

        Parameters
        ----------
        count
            The most rows.
        passed
            Places that are not to be shown.
        among
            A boolean for each place; None: all.
        """
        wanted = self.open if among is None else self.open & among
        if passed:
            wanted[list(passed)] = False
        fresh = np.flatnonzero(wanted & ~self._put_off)[:count]
        later: Iterable[int] = (
            np.flatnonzero(wanted & self._put_off)[: count - len(fresh)] if len(fresh) < count else ()
        )
        return self._order[[*fresh.tolist(), *later]]
