"""CSV as spreadsheets write it, and JSON lines: read with places and messages."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from wslabel.errors import ReviewError, suggest

_LONGEST_CELL = 2**31 - 1

Row = tuple[int, dict[str, str]]


def rows(path: Path, required: Sequence[str]) -> Iterator[Row]:
    """Yield the rows below the header, each with the line on which it begins; blank ones are left out.

    Parameters
    ----------
    path
        UTF-8, with or without a byte order mark; commas, semicolons or tabs between the cells.
    required
        Columns that the header must name.

    Raises
    ------
    ReviewError
        The file cannot be read, or is no such table. The message names file and line.
    """
    csv.field_size_limit(_LONGEST_CELL)
    text = _read(path)
    header_line = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header_line.count), strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not header:
                header = _header(cells, path, required)
            elif any(cells):
                yield line, _row(header, cells, f"{path}, line {line}")
            line = reader.line_num + 1
    except csv.Error as fault:
        raise ReviewError(
            f"{path}, line {line}: not a row of CSV: {fault}. Look for a quote that is not closed."
        ) from None
    if not header:
        raise ReviewError(f"{path}: the file is empty. Expected a header with the columns {', '.join(required)}.")


def json_rows(path: Path, required: Sequence[str]) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield the objects of a file of JSON lines, each with its line; blank lines are left out.

    Raises
    ------
    ReviewError
        The file cannot be read, or a line is no object with the required names.
    """
    for line, text in enumerate(_read(path).split("\n"), start=1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
        except ValueError as fault:
            raise ReviewError(f"{path}, line {line}: not JSON: {fault}.") from None
        missing = [name for name in required if not isinstance(row, dict) or name not in row]
        if missing:
            raise ReviewError(f"{path}, line {line}: expected an object with {' and '.join(required)}.")
        yield line, row


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise ReviewError(f"{path}: cannot be read: {fault.strerror}. Expected a CSV file.") from None
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        raise ReviewError(f'{path}, line {line}: not UTF-8. Save it as "CSV UTF-8" in the spreadsheet.') from None


def _header(cells: list[str], path: Path, required: Sequence[str]) -> list[str]:
    header = [cell.strip() for cell in cells]
    for column in required:
        if column not in header:
            raise ReviewError(f"{path}, line 1: there is no column {column!r}. {suggest(column, header)}")
    return header


def _row(header: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) > len(header):
        raise ReviewError(
            f"{where}: {len(cells)} cells under {len(header)} columns. Put a cell that holds a delimiter in quotes."
        )
    return dict(zip(header, [*cells, *[""] * (len(header) - len(cells))]))
