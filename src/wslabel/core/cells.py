"""Cells of a CSV file, written so that no spreadsheet runs one as a formula."""

from __future__ import annotations

import re

_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""The first characters that spreadsheets take for a formula (OWASP, "CSV Injection"), behind any apostrophes.

Apostrophes may stand before it, so that a cell that has one already gets another and both come back as they were.
"""


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("it's")
    ("'=1+1", "''=1+1", "it's")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def original(cell: str) -> str:
    """Return what `harmless` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
