"""Alpaca: instruction, input, output, with the stanza that LLaMA-Factory asks for."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from wslabel.exporting.formats._prompting import Prompted, key_faults, text_faults
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

KEYS = ("instruction", "input", "output", "system", "history")
COLUMNS = {"prompt": "instruction", "query": "input", "response": "output"}
MORE = {"system": "system", "history": "history"}
"""The columns that a template adds."""


@dataclass(frozen=True)
class Alpaca(Prompted):
    """A JSON array with the instruction and labels, the text, and the label; ``dataset_info.json`` beside it.

    Notes
    -----
    Rules: https://github.com/tatsu-lab/stanford_alpaca and LLaMA-Factory, ``data/README.md``. For
    LLaMA-Factory: ``dataset_dir: EXPORT/alpaca`` and ``dataset: alpaca``.
    """

    extension: ClassVar[str] = "json"
    name: ClassVar[str] = "alpaca"
    array: ClassVar[bool] = True

    def files(self, name: str) -> tuple[str, ...]:
        """Return the data file and its stanza, in a folder of their own."""
        return (f"{name}/{name}.json", f"{name}/dataset_info.json")

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write the array and the stanza."""
        write_stanza(path, {"columns": {**COLUMNS, **(MORE if context.templated else {})}})
        return super().write(rows, path, context)

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one example."""
        made = self.conversation(row, context)
        if row.conversation is None:
            ((text, output),) = made.turns
            return ({"instruction": made.system, "input": text, "output": output},)
        *history, (question, output) = made.turns
        asked = {"instruction": question, "input": "", "output": output}
        return ({**asked, "system": made.system, "history": [list(pair) for pair in history]},)

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return the check of one example."""
        return _faults

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return the example itself."""
        return dict(example)

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return instruction, input and output as they should be."""
        made = self.conversation(row, context)
        if row.conversation is None:
            yield {"instruction": made.system, "input": made.turns[0][0], "output": made.turns[0][1]}
        else:
            question, output = made.turns[-1]
            yield {
                "instruction": question,
                "input": "",
                "output": output,
                "system": made.system,
                "history": [[asked, said] for asked, said in made.turns[:-1]],
            }


def write_stanza(path: Path, settings: Mapping[str, Any]) -> None:
    """Write ``dataset_info.json`` beside a data file."""
    text = json.dumps({path.stem: {"file_name": path.name, **settings}}, indent=2)
    path.with_name("dataset_info.json").write_text(text + "\n", encoding="utf-8")


def _faults(example: Any) -> Iterator[str]:
    yield from key_faults(example, KEYS)
    yield from text_faults({"input": "", **example}, "instruction", "input", "output", empty=("input",))
    yield from text_faults({"system": "", **example}, "system", empty=("system",))
    history = example.get("history", [])
    pairs = isinstance(history, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(turn, str) for turn in pair) for pair in history
    )
    if not pairs:
        yield f"history is {excerpt(history)}; expected a list of pairs of strings"


FORMAT = Alpaca
