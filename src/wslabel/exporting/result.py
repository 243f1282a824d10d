"""What an export did."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from wslabel.exporting.conversations import ConversationReport


@dataclass(frozen=True)
class ExportResult:
    """What an export wrote, and what it left out and why: ``read == exported + sum(left_out.values())``.

    Attributes
    ----------
    folder
        The export folder.
    paths
        The data files, by format name; with splits by ``format.split``.
    card
        The card, ``README.md``.
    read
        The number of records in the corpus.
    exported
        The number of records in the data files of each format.
    left_out
        The number of records by reason: ``uncovered``, ``below min_confidence``, ``no label``, and
        what splits and a choice say.
    malformed
        The number of rows that the corpus reader set aside; they are no records and not among `read`.
    by_label
        The number of exported records of each label (of spans: the number of spans), in label order.
    by_source
        The number of exported records by who gave the label: ``model``, ``human``, ``gold``.
    by_split
        The number of exported records of each split; empty without splits.
    chosen
        What a choice tells: ``Estimated precision`` and ``Gaps``; empty without one.
    warnings
        What a reader of a file may refuse, though the file is valid.
    conversations
        What a template made, and what was found in it; None without a template.
    """

    folder: Path
    paths: Mapping[str, Path]
    card: Path
    read: int
    exported: int
    left_out: Mapping[str, int]
    malformed: int
    by_label: Mapping[str, int]
    by_source: Mapping[str, int]
    by_split: Mapping[str, int] = field(default_factory=dict)
    chosen: Mapping[str, Any] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    conversations: ConversationReport | None = None

    def __repr__(self) -> str:
        left = ", ".join(f"{reason} {count}" for reason, count in self.left_out.items() if count) or "nothing"
        files = ", ".join(str(path) for path in self.paths.values())
        return f"ExportResult({self.exported} of {self.read} records exported; left out: {left}; {files}; {self.card})"

    @property
    def counts(self) -> dict[str, int]:
        """Records read, exported and left out by reason, for a report."""
        left_out = {f"left out: {reason}": count for reason, count in self.left_out.items()}
        return {"read": self.read, "exported": self.exported, **left_out}

    def __str__(self) -> str:
        files = ", ".join(str(path) for path in self.paths.values())
        reasons = ", ".join(f"{count} {reason}" for reason, count in self.left_out.items() if count)
        return f"{self.exported} of {self.read} records in {files}" + (f"; left out: {reasons}" if reasons else "")
