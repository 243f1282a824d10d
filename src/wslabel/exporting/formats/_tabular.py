"""What the tables have in common: one row a record with fixed fields, probabilities and other columns."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Any

from wslabel.exporting.formats.base import ExportContext, ExportRow, Problem, excerpt

FIELDS = ("id", "text", "label", "confidence", "source", "covered", "weight")
SOURCES = ("model", "human", "gold")


def column_names(context: ExportContext) -> list[str]:
    """Return the columns of a table: the fixed fields, ``p_<label>``, then the other columns."""
    return [*FIELDS, *[f"p_{label}" for label in context.labels], *context.schema.names]


def values(row: ExportRow) -> dict[str, Any]:
    """Return a row as a mapping by column name."""
    fixed = {name: getattr(row, name) for name in FIELDS}
    return {**fixed, **{f"p_{label}": share for label, share in row.probs.items()}, **row.columns}


def header_faults(found: list[str], context: ExportContext) -> Iterator[Problem]:
    """Yield what is wrong with the column names of a file."""
    missing = [name for name in FIELDS if name not in found]
    if missing:
        yield Problem(1, f"there is no column {missing[0]!r}; expected {', '.join(FIELDS)}, p_<label>, …")
    twice = sorted({name for name in found if found.count(name) > 1})
    if twice:
        yield Problem(1, f"the column {twice[0]!r} stands twice")
    if context.rows is not None and found != column_names(context):
        yield Problem(1, f"the columns are {', '.join(found)}; expected {', '.join(column_names(context))}")


def share_names(found: Mapping[str, Any], context: ExportContext) -> list[str]:
    """Return the columns that hold probabilities of labels, by the first row where the labels are unknown.

    A record's own columns, which stand behind them, may be called ``p_…`` too: the probabilities end where they
    sum to 1.
    """
    if context.labels:
        return [f"p_{label}" for label in context.labels]
    names = [name for name in found if name.startswith("p_") and isinstance(found[name], float)]
    sums = list(accumulate(found[name] for name in names))
    end = next((place for place, whole in enumerate(sums, start=1) if abs(whole - 1) <= 1e-6), len(names))
    return names[:end]


def row_faults(line: int, found: Mapping[str, Any], seen: set[str], shares: list[str]) -> Iterator[Problem]:
    """Yield what is wrong with one row, its numbers already read as numbers."""
    record = str(found["id"])
    if record in seen:
        yield Problem(line, f"the id {excerpt(record)} stands twice; ids must be unique", record)
    seen.add(record)
    for name in ("confidence", *shares):
        value = found.get(name)
        if isinstance(value, float) and not 0 <= value <= 1:
            yield Problem(line, f"{name} is {value}; expected 0..1", record)
    if not isinstance(found["confidence"], float):
        yield Problem(line, f"confidence is {excerpt(found['confidence'])}; expected a number", record)
    if not isinstance(found["weight"], float) or not 0 <= found["weight"] < math.inf:
        yield Problem(line, f"weight is {excerpt(found['weight'])}; expected a number from 0", record)
    if found["covered"] not in (True, False, "true", "false"):
        yield Problem(line, f"covered is {excerpt(found['covered'])}; expected true or false", record)
    if found["source"] not in SOURCES:
        yield Problem(line, f"the source is {excerpt(found['source'])}; expected {', '.join(SOURCES)}", record)
    if not found["label"]:
        yield Problem(line, "the label is empty", record)


def differences(line: int, found: Mapping[str, Any], row: ExportRow | None) -> Iterator[Problem]:
    """Yield where a row read back is not the row that was written."""
    if row is None:
        yield Problem(line, "a row more than records were written", str(found["id"]))
        return
    for name, value in values(row).items():
        if not same(found.get(name), value):
            message = f"{name} is {excerpt(found.get(name))}; expected {excerpt(value)}"
            yield Problem(line, message, row.id)


def same(left: Any, right: Any) -> bool:
    """Tell whether two values are equal; NaN equals NaN, also inside lists."""
    return bool(left == right) or repr(left) == repr(right)
