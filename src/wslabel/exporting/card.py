"""The card of an export: what the data is, how it came about, what is not in it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats


def card_text(
    *,
    files: Mapping[str, int],
    read: int,
    exported: int,
    left_out: Mapping[str, int],
    malformed: int,
    by_label: Mapping[str, int],
    by_source: Mapping[str, int],
    by_split: Mapping[str, int],
    confidence: Floats,
    min_confidence: float,
    warnings: Sequence[str],
    more: Mapping[str, Any],
    unit: str = "records",
) -> str:
    """Return the card as Markdown; equal arguments give equal text.

    Parameters
    ----------
    files
        Records by file name.
    read, exported, left_out, malformed, by_label, by_source, by_split, warnings
        As in `ExportResult`.
    confidence
        The exported records' confidence, 0..1.
    min_confidence
        The filter that was set.
    more
        Further sections by title: a text, a mapping (a table of two columns) or a list of mappings (a table).
    unit
        What `by_label` counts: ``records`` or ``spans``.
    """
    whole = exported if unit == "records" else max(sum(by_label.values()), 1)
    shares = {label: [label, count, _percent(count, whole)] for label, count in by_label.items()}
    parts = [
        "# Training data",
        f"{exported} of {read} records, labeled with wslabel.",
        _section("Files", _table(["file", "records"], list(files.items()))),
        _section("Labels", _table(["label", unit, "share"], list(shares.values()))),
        *([_section("Splits", _splits(by_split, exported))] if by_split else []),
        _section("Who labeled", _table(["source", "records"], list(by_source.items()))),
        _section("Confidence", _confidence(confidence, min_confidence)),
        _section("Left out", _table(["reason", "records"], [*left_out.items(), *_malformed(malformed)])),
        *([_section("Warnings", "\n".join(f"- {_cell(warning)}" for warning in warnings))] if warnings else []),
        *[_section(str(title), _block(content)) for title, content in more.items()],
    ]
    return "\n\n".join(parts) + "\n"


def _section(title: str, body: str) -> str:
    return f"## {_cell(title)}\n\n{body}"


def _block(content: Any) -> str:
    if isinstance(content, Mapping):
        return _table(["", ""], [[name, value] for name, value in content.items()])
    if isinstance(content, Sequence) and not isinstance(content, str) and content:
        if all(isinstance(row, Mapping) for row in content):
            names = list(dict.fromkeys(name for row in content for name in row))
            return _table(names, [[row.get(name, "") for name in names] for row in content])
        return "\n".join(f"- {_cell(item)}" for item in content)
    return str(content)


def _table(head: Sequence[Any], rows: Sequence[Sequence[Any]]) -> str:
    numbers = [bool(rows) and all(_is_number(row[place]) for row in rows) for place in range(len(head))]
    rule = ["---:" if number else "---" for number in numbers]
    return "\n".join("| " + " | ".join(map(_cell, row)) + " |" for row in [head, rule, *rows])


def _cell(value: Any) -> str:
    """Return a value on one line, with whatever Markdown would take for a cell's end or for HTML escaped."""
    text = f"{value:.4g}" if isinstance(value, float) else "" if value is None else str(value)
    for letter in "\\|<`":
        text = text.replace(letter, f"\\{letter}")
    return " ".join(text.split())


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _confidence(confidence: Floats, least: float) -> str:
    quartiles = np.quantile(confidence, [0, 0.25, 0.5, 0.75, 1])
    names = ["lowest", "lower quartile", "median", "upper quartile", "highest"]
    filtered = f"Records labeled by the model have a confidence of at least {least:g}; others pass the filter.\n\n"
    rows = [[name, f"{value:.3f}"] for name, value in zip(names, quartiles)]
    return (filtered if least else "") + _table(["", "confidence"], [*rows, ["mean", f"{confidence.mean():.3f}"]])


def _splits(by_split: Mapping[str, int], exported: int) -> str:
    rows = [[name, count, _percent(count, exported)] for name, count in by_split.items()]
    return _table(["split", "records", "share"], rows)


def _malformed(count: int) -> list[tuple[str, int]]:
    return [("malformed rows, set aside when read", count)] if count else []


def _percent(count: int, whole: int) -> str:
    return f"{100 * count / whole:.1f} %"
