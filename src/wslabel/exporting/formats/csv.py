"""CSV that a spreadsheet may open: one row a record, no cell is taken for a formula."""

from __future__ import annotations

import csv
import datetime
import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from wslabel.core.cells import harmless, original
from wslabel.exporting.formats._tabular import column_names, header_faults, row_faults, share_names, values
from wslabel.exporting.formats.base import MAX_PROBLEMS, ExportContext, ExportFormat, ExportRow, Problem, excerpt

_NUMBERS = (int, float, Decimal)


class Csv(ExportFormat):
    r"""Columns id, text, label, confidence, source, covered, weight, ``p_<label>``, then the record's other columns.

    RFC 4180 in UTF-8 without a byte order mark: lines end in CR LF, line breaks inside a cell are kept.

    A text that begins with ``= + - @``, their full-width forms, a tab or a line break, also behind
    apostrophes, gets an apostrophe in front, so that no spreadsheet runs it as a formula. To read it back,
    take one apostrophe off every cell that matches ``'+[=+\-@\t\r\n＝＋－＠]``; `wslabel.core.cells.original` does
    so. Numbers of number columns are left as they are. A null is an empty cell; a list or structure is JSON; a
    time is ISO 8601.
    """

    extension: ClassVar[str] = "csv"
    uncovered: ClassVar[bool] = True
    weights: ClassVar[bool] = True
    empty_text: ClassVar[bool] = True

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write a header and one row a record."""
        count = 0
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\r\n")
            names = column_names(context)
            writer.writerow([harmless(name) for name in names])
            for row in rows:
                cells = values(row)
                writer.writerow([_cell(cells[name]) for name in names])
                count += 1
        return count

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Check header, fields and values, that no cell is a formula, and that every row is what was written."""
        csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
        return list(islice(_problems(path, context), MAX_PROBLEMS))


def _plain(value: Any) -> str:
    """Return a value as the text of a cell, before formulas are neutralised."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, list | tuple | dict):
        return json.dumps(value, ensure_ascii=False, sort_keys=True, default=_plain)
    return str(value)


def _cell(value: Any) -> str:
    return _plain(value) if isinstance(value, _NUMBERS) else harmless(_plain(value))


def _problems(path: Path, context: ExportContext) -> Iterator[Problem]:
    written, numeric = context.written(), {"confidence", "weight"}
    shares: list[str] | None = None
    seen: set[str] = set()
    header: list[str] | None = None
    line = rows = 0
    for line, cells in _read(path):
        if isinstance(cells, str):
            yield Problem(line, cells)
            return
        if header is None:
            header = [original(cell) for cell in cells]
            faults = list(header_faults(header, context))
            yield from faults
            if faults:
                return
            continue
        rows += 1
        row = None if written is None else next(written, None)
        if len(cells) != len(header):
            message = f"{len(cells)} fields; the header has {len(header)}"
            yield Problem(line, message, row.id if row else "")
            continue
        raw = dict(zip(header, cells))
        if shares is None:
            numbers = {name for name in header if name.startswith("p_")}
            shares = share_names(_typed(raw, numbers), context)
            numeric |= set(shares)
        yield from row_faults(line, _typed(raw, numeric), seen, shares)
        yield from _formulas(
            line, raw, _number_names(_typed(raw, set(raw))) if row is None else _number_names(values(row))
        )
        if written is not None:
            yield from _differences(line, raw, row)
    if not rows:
        yield Problem(0, "the file holds no row")
    if written is not None and (missing := next(written, None)):
        yield Problem(line + 1, "the file ends; expected a row for this record", missing.id)


def _read(path: Path) -> Iterator[tuple[int, list[str] | str]]:
    """Yield the first line of each row with its cells, or with what is wrong with it."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file, strict=True)
        while True:
            line = reader.line_num + 1
            try:
                yield line, next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                yield line, f"not valid CSV: {error}"
                return
            except UnicodeDecodeError as error:
                yield line, f"not valid UTF-8 (near this line): {error.reason}"
                return


def _typed(raw: Mapping[str, str], numeric: set[str]) -> dict[str, Any]:
    return {name: _number(cell) if name in numeric else original(cell) for name, cell in raw.items()}


def _number(cell: str) -> float | str:
    try:
        return float(cell)
    except ValueError:
        return cell


def _number_names(cells: Mapping[str, Any]) -> set[str]:
    """Return the columns that hold a number; where only text is known, whatever reads as one."""
    return {name for name, value in cells.items() if isinstance(value, _NUMBERS)}


def _formulas(line: int, raw: Mapping[str, str], numbers: set[str]) -> Iterator[Problem]:
    for name, cell in raw.items():
        if harmless(cell) != cell == original(cell) and name not in numbers:
            yield Problem(line, f"{name} is {excerpt(cell)}, which a spreadsheet takes for a formula", raw["id"])


def _differences(line: int, raw: Mapping[str, str], row: ExportRow | None) -> Iterator[Problem]:
    if row is None:
        yield Problem(line, "a row more than records were written", raw["id"])
        return
    for name, value in values(row).items():
        found = raw[name] if isinstance(value, _NUMBERS) else original(raw[name])
        if found != _plain(value):
            yield Problem(line, f"{name} is {excerpt(found)}; expected {excerpt(_plain(value))}", row.id)


FORMAT = Csv
