"""The head of a card that the Hugging Face Hub reads: what the data is, and which file holds which split."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wslabel.core.task import Kind
from wslabel.exporting.formats._dataset_card import TASK_IDS, TASKS
from wslabel.exporting.result import ExportResult

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10**7, "1M<n<10M"))
READABLE = ("parquet", "csv", "jsonl", "openai_chat")
"""Formats whose files `datasets` reads without a word more, the best first; one of them becomes the default."""


def front_matter(result: ExportResult, extensions: Mapping[str, str], kind: Kind) -> str:
    """Return the YAML head; see https://huggingface.co/docs/hub/datasets-cards."""
    people = any(result.by_source.get(who) for who in ("human", "gold"))
    makers = ["machine-generated", *(["expert-generated"] if people else [])]
    size = next((name for most, name in SIZES if result.exported < most), "n>10M")
    facts: dict[str, Any] = {
        "annotations_creators": makers,
        "size_categories": [size],
        "task_categories": [TASKS[kind]],
        "task_ids": [TASK_IDS[kind]],
        "tags": ["weak-supervision", "wslabel"],
    }
    lines = [line for name, values in facts.items() for line in (f"{name}:", *(f"- {value}" for value in values))]
    return "\n".join(["---", *lines, *_configs(result, extensions), "---", "", ""])


def _configs(result: ExportResult, extensions: Mapping[str, str]) -> list[str]:
    names = [name for name in READABLE if name in extensions]
    lines = ["configs:"] if names else []
    for place, name in enumerate(names):
        lines += [f"- config_name: {name}", *(["  default: true"] if place == 0 else []), "  data_files:"]
        for split in result.by_split or {"train": result.exported}:
            stem = f"{name}.{split}" if result.by_split else name
            lines += [f"  - split: {split}", f"    path: {stem}.{extensions[name]}"]
    return lines
