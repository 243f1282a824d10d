"""Rules in a sheet, CSV or XLSX: a header, then one row a rule. XLSX needs the extra ``excel`` (openpyxl).

No cell is written so that a spreadsheet runs it as a formula: in CSV an apostrophe stands before a cell that begins
with ``=``, ``+``, ``-`` or ``@`` (and is taken away again when the file is read); in XLSX every cell is marked as text.
"""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from wslabel.authoring.labeling_function import Place
from wslabel.core.cells import harmless, original
from wslabel.core.files import write_atomically
from wslabel.errors import SuiteError, suggest
from wslabel.suites.cells import Cell
from wslabel.suites.rules import COLUMNS, Rule

LONGEST_CELL = 32_767
"""The most characters that a spreadsheet keeps in a cell."""
WIDTH = 30
_UNFIT = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]|_x[0-9A-Fa-f]{4}_")
"""What the XML of a workbook does not give back as it was."""

Grid = Sequence[Sequence[str]]
Line = Sequence[str | int]


def read_csv(file: Path) -> list[Rule]:
    """Return the rules of a CSV file: UTF-8, with commas, semicolons or tabs between the cells.

    Raises
    ------
    SuiteError
        The file cannot be read, or is no such table; the message names file, row and column.
    """
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise SuiteError(f"{file}: cannot be read: {fault.strerror}.") from None
    except UnicodeDecodeError as fault:
        raise SuiteError(f'{file}: not UTF-8 (byte {fault.start}). Save it as "CSV UTF-8".') from None
    delimiter = max(",;\t", key=text.split("\n", 1)[0].count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    grid: list[list[str]] = []
    csv.field_size_limit(2**31 - 1)
    try:
        grid.extend([original(cell) for cell in cells] for cells in reader)
    except csv.Error as fault:
        raise SuiteError(f"{file}, row {len(grid) + 1}: not a row of CSV: {fault}. Look for an open quote.") from None
    return list(_rules(grid, lambda row: Place(str(file), row, "row")))


def read_xlsx(file: Path) -> list[Rule]:
    """Return the rules on the first sheet of a workbook.

    Raises
    ------
    SuiteError
        openpyxl is missing, the file cannot be read, or it is no such table; the message names sheet, row and column.
    """
    openpyxl = _openpyxl()
    try:
        workbook = openpyxl.load_workbook(file)
    except OSError as fault:
        raise SuiteError(f"{file}: cannot be read: {fault.strerror or fault}.") from None
    except Exception as fault:  # whatever the library stumbles over, the file is no workbook
        raise SuiteError(f"{file}: no workbook that can be read: {fault}. Save it as .xlsx again.") from None
    sheet = workbook.worksheets[0]
    unit = f"sheet {sheet.title!r}, row"
    grid = [[_text(cell, f"{file}, {unit} {cell.row}, column {cell.column_letter}") for cell in row] for row in sheet]
    return list(_rules(grid, lambda row: Place(str(file), row, unit)))


def write_csv(rules: Sequence[Rule], file: Path) -> None:
    """Write rules as CSV in UTF-8, with the byte order mark that Excel needs."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows([harmless(str(cell)) for cell in line] for line in _lines(rules))
    write_atomically(file, lambda beside: beside.write_bytes(text.getvalue().encode("utf-8-sig")), SuiteError)


def write_xlsx(rules: Sequence[Rule], file: Path) -> None:
    """Write rules as a workbook with one sheet; the same rules make the same bytes.

    Raises
    ------
    SuiteError
        openpyxl is missing, or a text cannot stand in a workbook.
    """
    workbook = _openpyxl().Workbook()
    sheet = workbook.active
    sheet.title = "rules"
    sheet.freeze_panes = "B2"
    for row, line in enumerate(_lines(rules), start=1):
        for column, value in enumerate(line, start=1):
            if value != "":
                _fill(sheet.cell(row, column), value, f"{file}, row {row}, column {COLUMNS[column - 1]}")
    for column in range(1, len(COLUMNS) + 1):
        sheet.column_dimensions[sheet.cell(1, column).column_letter].width = WIDTH
    made = io.BytesIO()
    workbook.save(made)
    write_atomically(file, lambda beside: beside.write_bytes(_timeless(made)), SuiteError)


def _openpyxl() -> Any:
    try:
        import openpyxl
    except ModuleNotFoundError:
        raise SuiteError("Rules in .xlsx need openpyxl. Run: pip install 'wslabel[excel]', or use .csv.") from None
    return openpyxl


def _rules(grid: Grid, place: Callable[[int], Place]) -> Iterator[Rule]:
    """Yield the rules of the rows below the header; blank rows are left out."""
    if not grid or not any(grid[0]):
        raise SuiteError(f"{place(1)}: there is no header. Expected columns like name, votes, any_of.")
    header = [cell.strip() for cell in grid[0]]
    for at, name in enumerate(header):
        if name and name not in COLUMNS:
            raise SuiteError(f"{place(1)}: unknown column {name!r}. {suggest(name, COLUMNS)}")
        if name and name in header[:at]:
            raise SuiteError(f"{place(1)}: the column {name} stands twice. Remove one.")
    for row, cells in enumerate(grid[1:], start=2):
        if any(cell.strip() for cell in cells):
            yield _rule(header, cells, place(row))


def _rule(header: Sequence[str], cells: Sequence[str], place: Place) -> Rule:
    for at, cell in enumerate(cells):
        if cell.strip() and (at >= len(header) or not header[at]):
            raise SuiteError(f"{place}: {cell!r} stands below no column name. Is a quote missing in the row?")
    filled = {name: cell for name, cell in zip(header, cells) if cell.strip()}
    told = "regex" if "pattern" in filled else "gazetteer" if "source" in filled else "keywords"
    kind = filled.get("kind", told).strip()
    rule = Rule({"name": filled.get("name", "").strip()}, place)
    values = {name: Cell(name, kind, rule.where(name)).read(cell) for name, cell in filled.items()}
    return Rule({**values, "kind": kind}, place)


def _lines(rules: Sequence[Rule]) -> Iterator[Line]:
    """Yield the header and a line of cells for each rule."""
    yield COLUMNS
    for rule in rules:
        kind, votes = rule.values["kind"], rule.values["votes"]
        cells = ((Cell(key, kind, rule.where(key)), rule.values.get(key, "")) for key in COLUMNS)
        yield [cell.write(value, votes) if value != "" else "" for cell, value in cells]


def _text(cell: Any, where: str) -> str:
    """Return a cell of a workbook as text."""
    value = cell.value
    if cell.data_type in ("f", "e"):
        raise SuiteError(f"{where}: {value!r} is a formula or an error. Write it as text.")
    if isinstance(value, datetime.date | datetime.time | datetime.timedelta):
        raise SuiteError(f"{where}: {value} is a date or a time. Format the cell as text, and write it again.")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return "" if value is None else str(value)


def _fill(cell: Any, value: str | int, where: str) -> None:
    from openpyxl.styles import Alignment

    unfit = _UNFIT.search(value) if isinstance(value, str) else None
    if unfit:
        raise SuiteError(f"{where}: {unfit[0]!r} has no place in a workbook. Write .csv or .toml.")
    if isinstance(value, str) and len(value) > LONGEST_CELL:
        raise SuiteError(f"{where}: {len(value)} characters; a cell holds {LONGEST_CELL}. Put them into a word list.")
    cell.value = value
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if isinstance(value, str):
        cell.data_type = "s"
        cell.number_format = "@"
        cell.quotePrefix = harmless(value) != value


def _timeless(made: io.BytesIO) -> bytes:
    """Return the workbook without the time at which it was made."""
    out = io.BytesIO()
    with zipfile.ZipFile(made) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            content = before.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb">\d{4}-\d\d-\d\dT[^<]*<", b">2000-01-01T00:00:00Z<", content)
            after.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()
