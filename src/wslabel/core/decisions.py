"""A reviewer's decision on a record."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, get_args

from wslabel.errors import ReviewError, suggest

Action = Literal["label", "spans", "skip", "unsure", "reject", "undo"]
"""``label`` and ``spans`` settle the record, each with its value; ``skip`` and ``unsure`` leave it open; ``reject``
takes it out of the data; ``undo`` takes back the reviewer's last decision on the record."""
SETTLING: frozenset[Action] = frozenset({"label", "spans", "reject"})
Span = tuple[int, int, str]
"""Start and end in characters of the text, end exclusive, and the label."""
NO_SPAN = "no span"
_EDGES = re.compile(r"(?:^|, )(\d+)-(\d+) ")


def join_spans(spans: Iterable[Span]) -> str:
    """Return spans in words.

    >>> join_spans([(0, 7, "Drug"), (9, 13, "Effect")]), join_spans([])
    ('0-7 Drug, 9-13 Effect', 'no span')
    """
    return ", ".join(f"{start}-{end} {label}" for start, end, label in spans) or NO_SPAN


def part_spans(words: str) -> tuple[Span, ...]:
    """Return the spans that `join_spans` put in words; what is no such words holds none.

    >>> part_spans("0-7 Drug, 9-13 Effect"), part_spans("no span")
    (((0, 7, 'Drug'), (9, 13, 'Effect')), ())
    """
    parts = _EDGES.split(words)[1:]
    return tuple((int(a), int(b), label) for a, b, label in zip(parts[::3], parts[1::3], parts[2::3]))


@dataclass(frozen=True)
class Decision:
    """What one reviewer said of one record.

    Attributes
    ----------
    id
        The record.
    action
        ``label``, ``spans``, ``skip``, ``unsure``, ``reject`` or ``undo``.
    label
        The label name, or several joined (``late|damaged``); only with the action ``label``.
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
        What stood before the decision: a label, spans, or ``reject``.
    spans
        All spans of the record, in order; only with the action ``spans``.
    shown
        JSON of what the reviewer saw beside the text: the label given and suggested, the probability, the issues.
    batch
        A name shared by decisions that were made at once, and that one undo takes back; else empty.
    labels_hash, suite_hash
        Fingerprints of the labels under review, and of the suite that voted; empty where they were not known.
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
    spans: tuple[Span, ...] | None = None
    shown: str = ""
    batch: str = ""
    labels_hash: str = ""
    suite_hash: str = ""

    def __post_init__(self) -> None:
        if self.action not in get_args(Action):
            raise ReviewError(
                f"Record {self.id}: unknown action {self.action!r}. {suggest(self.action, get_args(Action))}"
            )
        for name, value in (("label", self.label), ("spans", self.spans)):
            if (self.action == name) != (value is not None):
                what = "a label goes" if name == "label" else f"{name} go"
                raise ReviewError(f"Record {self.id}: {what} with the action {name!r}, and only with it.")
        if not self.reviewer:
            raise ReviewError(f"Record {self.id}: a decision needs the name of its reviewer.")
        for span in self.spans or ():
            if not 0 <= span[0] < span[1]:
                raise ReviewError(
                    f"Record {self.id}: the span {span} is none. Expected 0 <= start < end, end exclusive."
                )

    @property
    def said(self) -> str:
        """What the decision says, in words: a label, spans, or the action."""
        if self.spans is not None:
            return join_spans(self.spans)
        return self.action if self.label is None else self.label

    @property
    def settles(self) -> bool:
        """Whether the decision settles its record."""
        return self.action in SETTLING


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
