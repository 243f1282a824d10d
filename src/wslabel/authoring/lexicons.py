"""Word lists and tables that stand beside a suite's files."""

from __future__ import annotations

import sys
from pathlib import Path

from wslabel.errors import LabelingFunctionError


def lexicon(path: str | Path) -> tuple[str, ...]:
    """Read a word list: one entry a line, ``#`` begins a comment, repeated entries count once.

    Parameters
    ----------
    path
        Relative to the file that calls.

    Raises
    ------
    LabelingFunctionError
        No such file, not UTF-8, or no entry in it.
    """
    return read_lexicon(resolve(path, caller_file()))


def table(path: str | Path) -> tuple[dict[str, str], ...]:
    """Read a table as a tuple of rows: CSV, TSV, JSONL, Parquet, or a table in SQLite or DuckDB.

    Parameters
    ----------
    path
        Relative to the file that calls; of a table in a database ``kb.sqlite#drugs``.

    Returns
    -------
    Rows in the order of the file, those of a database sorted; all values are text, "" where there is none.

    Raises
    ------
    LabelingFunctionError
        No such file or table, not UTF-8, or a row with another number of fields than the header.
    """
    return read_table(resolve(path, caller_file()))


def read_lexicon(path: Path) -> tuple[str, ...]:
    """Read a word list at a known place."""
    entries: dict[str, None] = {}
    for line in _text(path).splitlines():
        entry = line.split("#", 1)[0].strip()
        if entry:
            entries[entry] = None
    if not entries:
        raise LabelingFunctionError(f"{path}: the word list is empty. Expected one entry a line.")
    return tuple(entries)


def read_table(path: Path) -> tuple[dict[str, str], ...]:
    """Read a table at a known place."""
    from wslabel.authoring.tables import read_columns

    return tuple(read_columns(path).to_pylist())


def resolve(path: str | Path, beside: str) -> Path:
    """Return the path as seen from the file `beside`."""
    return Path(path) if Path(path).is_absolute() else Path(beside).parent / path


def caller_file() -> str:
    """Return the file of the first frame outside wslabel's authoring code."""
    return caller()[0]


def caller() -> tuple[str, int]:
    """Return file and line of the first frame outside wslabel's authoring code."""
    here = str(Path(__file__).parent)
    frame = sys._getframe(1)
    while frame.f_code.co_filename.startswith(here) and frame.f_back is not None:
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LabelingFunctionError(f"{path}: cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError as error:
        raise LabelingFunctionError(f"{path}: not valid UTF-8 (byte {error.start}). Save it as UTF-8.") from None
