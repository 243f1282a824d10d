"""The compiled form of many matchers. Imports numba; hence it is imported late."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from wslabel.applying.matching.arrays import Bools, Int64s, Marks
from wslabel.applying.matching.automaton import build
from wslabel.applying.matching.buffers import buffers
from wslabel.applying.matching.fused import Failed, search
from wslabel.applying.matching.index import PhraseIndex
from wslabel.applying.matching.locating import Locator
from wslabel.applying.matching.machine import scan
from wslabel.applying.matching.plan import Plan
from wslabel.authoring.conditions import READINGS
from wslabel.authoring.matchers import Matcher


class Compiled:
    """An automaton for all phrases, and what follows from its findings."""

    def __init__(self, matchers: Sequence[Matcher]) -> None:
        self._matchers = matchers
        self._plan = Plan.of(matchers)
        words, parts = self._plan.words, self._plan.parts
        self._machines = [build(some, whole) for some, whole in ((words, True), (parts, False)) if some]
        self._long = [(slot, PhraseIndex(some, ignore_case)) for slot, some, ignore_case in self._plan.long]
        conditions = self._plan.conditions
        self._composed = [row for row, condition in enumerate(conditions) if not condition.is_slot(row)]
        self._inexact = [row for row, condition in enumerate(conditions) if not condition.exact]

    @cached_property
    def locator(self) -> Locator:
        """What tells where phrases stand."""
        return Locator(self._matchers, {slot: index for slot, index in self._long if slot < len(self._matchers)})

    @property
    def slots(self) -> int:
        """How many rows `where` needs."""
        return self._plan.slots

    def where(self, texts: pa.Array, marks: Marks, absent: int, failed: list[Failed] | None, found: Marks) -> Marks:
        """Return for each matcher and text the matcher's mark where it matches and `absent`, no mark, elsewhere.

        `found` is the memory to write to, slots x texts, filled with `absent`.
        """
        texts.validate(full=True)  # the scan reads UTF-8 unchecked
        extra = np.full(self._plan.slots - len(marks), absent + 1, marks.dtype)
        odd = np.zeros(len(texts), np.bool_)
        for machine in self._machines if len(texts) else ():
            scan(machine, *buffers(texts), np.concatenate([marks, extra]), found, odd)
        for slot, index in self._long:
            found[slot, index.occurs(texts)] = marks[slot] if slot < len(marks) else absent + 1
        for row in self._composed:
            found[row] = np.where(self._plan.conditions[row].answer(found, absent), marks[row], absent)
        answers = found[: len(marks)]
        if texts.null_count:
            null = np.asarray(texts.is_null())
            answers[:, null], odd[null] = absent, False
        maybe = np.array([self._doubted(row, found, absent) for row in self._inexact], np.bool_)
        self._confirm(texts, answers, marks, absent, odd, maybe.reshape(len(self._inexact), len(texts)), failed)
        return answers

    def _doubted(self, row: int, found: Marks, absent: int) -> Bools:
        """Tell about which texts the matcher has to be asked."""
        doubt = self._plan.conditions[row].doubt
        there: Bools = found[row] != absent
        return there if doubt is None else there & (found[doubt] != absent)

    def _confirm(
        self,
        texts: pa.Array,
        answers: Marks,
        marks: Marks,
        absent: int,
        odd: Bools,
        maybe: Bools,
        failed: list[Failed] | None,
    ) -> None:
        """Ask `re` where the answer may be wrong."""
        where = np.flatnonzero(odd | maybe.any(axis=0))
        if not len(where):
            return
        strings: dict[int, Any] = dict(zip(where.tolist(), texts.take(pa.array(where)).to_pylist()))
        asked = {row: np.flatnonzero(odd | one) for row, one in zip(self._inexact, maybe)}
        if odd.any():
            asked = dict.fromkeys(range(len(self._matchers)), np.flatnonzero(odd)) | asked
        for row, rows in self._in_turn(asked, len(texts)):
            some = [strings[at] for at in rows.tolist()]
            matched = search(self._matchers[row], row, some, rows, failed)
            answers[row, rows] = np.where(matched, marks[row], absent)

    def _in_turn(self, asked: dict[int, Int64s], count: int) -> Iterator[tuple[int, Int64s]]:
        """Yield which matcher to ask about which texts; those that read words and cues, about a piece at a time."""
        readers = {row: rows for row, rows in asked.items() if self._matchers[row].pairs or self._matchers[row].cues}
        yield from ((row, rows) for row, rows in asked.items() if row not in readers)
        for begin in range(0, count, READINGS):
            for row, rows in readers.items():
                low, high = np.searchsorted(rows, [begin, begin + READINGS])
                if low < high:
                    yield row, rows[low:high]
