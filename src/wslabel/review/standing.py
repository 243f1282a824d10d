"""The decisions that stand, kept up with the log by reading only what is new in it."""

from __future__ import annotations

from wslabel.core.decisions import Decision
from wslabel.review.log import DecisionLog

Numbered = tuple[int, Decision]


class Standing:
    """What each reviewer last said of each record, undone decisions taken back.

    Parameters
    ----------
    log
        The log; other processes may write to it meanwhile.
    """

    def __init__(self, log: DecisionLog) -> None:
        self._log = log
        self._file = 0
        self._forget()

    def refresh(self) -> set[str]:
        """Read what is new, and return the records that it speaks of."""
        file = self._log.path.stat().st_ino if self._log.path.exists() else 0
        before = set(self._stacks) if file != self._file else set()
        if file != self._file:
            self._forget()
        self._file = file
        new = self._log.since(self._last)
        for number, decision in new:
            self._add(number, decision)
        return {decision.id for _, decision in new} | before

    def of(self, record: str) -> dict[str, Decision]:
        """Return what stands on a record, by reviewer."""
        return {who: stack[-1][1] for who, stack in self._stacks.get(record, {}).items() if stack}

    def by(self, reviewer: str) -> list[Decision]:
        """Return what stands of a reviewer, in the order they were made."""
        return [one for _, one in sorted(self._tops(reviewer), key=lambda pair: pair[0])]

    def all(self) -> list[Decision]:
        """Return what stands, in the order it was decided."""
        return [one for _, one in sorted(self._tops(None), key=lambda pair: pair[0])]

    def _tops(self, reviewer: str | None) -> list[Numbered]:
        return [
            stack[-1]
            for by_reviewer in self._stacks.values()
            for who, stack in by_reviewer.items()
            if stack and reviewer in (None, who)
        ]

    def _add(self, number: int, decision: Decision) -> None:
        stack = self._stacks.setdefault(decision.id, {}).setdefault(decision.reviewer, [])
        if decision.action != "undo":
            stack.append((number, decision))
        elif stack:
            stack.pop()
        self._last = number

    def _forget(self) -> None:
        self._last = 0
        self._stacks: dict[str, dict[str, list[Numbered]]] = {}
