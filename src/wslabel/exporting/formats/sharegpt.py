"""ShareGPT: conversations of human and gpt, with the stanza that LLaMA-Factory asks for."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from wslabel.exporting.formats._prompting import Prompted, key_faults, list_faults, text_faults
from wslabel.exporting.formats.alpaca import write_stanza
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

KEYS = ("conversations", "system", "tools")
ODD, EVEN = ("human", "observation"), ("gpt", "function_call")


@dataclass(frozen=True)
class ShareGpt(Prompted):
    """A JSON array of conversations, ``system`` beside them; ``dataset_info.json`` in the same folder.

    Notes
    -----
    Rules: LLaMA-Factory, ``data/README.md``: human and observation stand at odd places, gpt and function_call
    at even ones. For LLaMA-Factory: ``dataset_dir: EXPORT/sharegpt`` and ``dataset: sharegpt``.
    """

    extension: ClassVar[str] = "json"
    name: ClassVar[str] = "sharegpt"
    array: ClassVar[bool] = True

    def files(self, name: str) -> tuple[str, ...]:
        """Return the data file and its stanza, in a folder of their own."""
        return (f"{name}/{name}.json", f"{name}/dataset_info.json")

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write the array and the stanza."""
        write_stanza(path, {"formatting": "sharegpt", "columns": {"messages": "conversations", "system": "system"}})
        return super().write(rows, path, context)

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one conversation."""
        made = self.conversation(row, context)
        turns = [{"from": who, "value": text} for pair in made.turns for who, text in zip(("human", "gpt"), pair)]
        return ({"conversations": turns, "system": made.system},)

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return the check of one conversation."""
        return _faults

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return who speaks, and what."""
        turns = example["conversations"]
        return {
            "system": example.get("system"),
            "the order": [turn["from"] for turn in turns],
            "what human says": [turn["value"] for turn in turns if turn["from"] == "human"],
            "what gpt says": [turn["value"] for turn in turns if turn["from"] == "gpt"],
        }

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return who should speak, and what."""
        made = self.conversation(row, context)
        yield {
            "system": made.system,
            "the order": ["human", "gpt"] * len(made.turns),
            "what human says": [question for question, _ in made.turns],
            "what gpt says": [answer for _, answer in made.turns],
        }


def _faults(example: Any) -> Iterator[str]:
    yield from key_faults(example, KEYS)
    yield from text_faults({"system": "", "tools": "", **example}, "system", "tools", empty=("system", "tools"))
    turns = example.get("conversations")
    faults = list(list_faults(turns, "conversations"))
    yield from faults
    for place, turn in enumerate([] if faults else turns, start=1):
        yield from (f"turn {place}: {fault}" for fault in _turn_faults(place, turn))
    if not faults and len(turns) % 2:
        yield f"{len(turns)} turns; expected an even number, the last one of gpt"


def _turn_faults(place: int, turn: Any) -> Iterator[str]:
    if not isinstance(turn, dict):
        yield f"a {type(turn).__name__}; expected an object with from and value"
        return
    yield from key_faults(turn, ("from", "value"))
    wanted = ODD if place % 2 else EVEN
    if turn.get("from") not in wanted:
        where = "odd" if place % 2 else "even"
        yield f"from is {excerpt(turn.get('from'))}; expected {' or '.join(wanted)} at an {where} place"
    yield from text_faults(turn, "value")


FORMAT = ShareGpt
