"""A reviewer's decision on a record."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from wslabel.errors import ReviewError, suggest

Action = Literal["label", "skip", "unsure", "reject", "undo"]
"""``label`` settles the record; ``skip`` and ``unsure`` leave it open; ``reject`` takes it out of the data;
``undo`` takes back the reviewer's last decision on the record."""


@dataclass(frozen=True)
class Decision:
    """What one reviewer said of one record.

    Attributes
    ----------
    id
        The record.
    action
        ``label``, ``skip``, ``unsure``, ``reject`` or ``undo``.
    label
        The label name; only with the action ``label``.
    reviewer
        Who decided.
    note
        Free text.
    seconds
        Time taken, when known.
    time
        ISO 8601, UTC; set by the log.
    text_hash
        Fingerprint of the text that was shown.
    replaces
        The label before the decision.
    """

    id: str
    action: Action
    label: str | None = None
    reviewer: str = "reviewer"
    note: str = ""
    seconds: float | None = None
    time: str = ""
    text_hash: str = ""
    replaces: str = ""

    def __post_init__(self) -> None:
        if self.action not in get_args(Action):
            raise ReviewError(
                f"Record {self.id}: unknown action {self.action!r}. {suggest(self.action, get_args(Action))}"
            )
        if (self.action == "label") != (self.label is not None):
            raise ReviewError(f"Record {self.id}: a label goes with the action 'label', and only with it.")
        if not self.reviewer:
            raise ReviewError(f"Record {self.id}: a decision needs the name of its reviewer.")


def standing(decisions: Iterable[Decision]) -> list[Decision]:
    """Return the last decision of each (record, reviewer), undone ones taken back, in the order they were made."""
    stacks: dict[tuple[str, str], list[tuple[int, Decision]]] = {}
    for place, decision in enumerate(decisions):
        stack = stacks.setdefault((decision.id, decision.reviewer), [])
        if decision.action != "undo":
            stack.append((place, decision))
        elif stack:
            stack.pop()
    last = sorted((stack[-1] for stack in stacks.values() if stack), key=lambda pair: pair[0])
    return [decision for _, decision in last]
