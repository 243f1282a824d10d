"""The conversations of an export: made once, checked, and kept on disk for the formats."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from wslabel.exporting.conversations.checks import Ledger
from wslabel.exporting.conversations.rendering import Renderer
from wslabel.exporting.conversations.report import ConversationReport
from wslabel.exporting.formats.base import Conversation, ExportRow

_BATCH = 5_000
REPORT = "conversations.json"
"""The report in an export folder."""


class Conversations:
    """Conversations on disk, in the order of the records.

    Attributes
    ----------
    report
        What was found.
    variants
        The name of each one's variant.
    """

    def __init__(self, rows: Iterable[ExportRow], ids: Any, renderer: Renderer, folder: Path) -> None:
        names = [one.name for one in renderer.template.variants]
        ledger = Ledger(renderer.template.checks, folder, names)
        self._path = folder / "conversations.bin"
        with self._path.open("wb") as file:
            for batch in _batches(rows):
                made = [renderer.conversation(row) for row in batch]
                ledger.add(batch, made)
                file.writelines(orjson.dumps(_plain(one), option=orjson.OPT_APPEND_NEWLINE) for one in made)
        self.report: ConversationReport = ledger.report(renderer.template.name, ids)
        self.variants = [names[place] for place in ledger.variants.tolist()]

    def read(self) -> Iterator[Conversation]:
        """Yield the conversations."""
        with self._path.open("rb") as file:
            for line in file:
                variant, system, turns, rejected = orjson.loads(line)
                yield Conversation(variant, system, tuple(map(tuple, turns)), rejected)

    def write_report(self, folder: Path) -> str:
        """Write the report as JSON, and return the file's name."""
        text = orjson.dumps(self.report.facts(), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
        (folder / REPORT).write_bytes(text)
        return REPORT


def _batches(rows: Iterable[ExportRow]) -> Iterator[list[ExportRow]]:
    source = iter(rows)
    while batch := list(islice(source, _BATCH)):
        yield batch


def _plain(one: Conversation) -> list[Any]:
    return [one.variant, one.system, one.turns, one.rejected]
