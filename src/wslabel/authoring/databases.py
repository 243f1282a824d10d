"""Tables in databases, read as text: SQLite, and DuckDB with the extra ``duckdb``."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from wslabel.errors import LabelingFunctionError

DUCKDB = ".duckdb"
DATABASES = (".sqlite", ".sqlite3", ".db", DUCKDB)
Found = tuple[list[str], list[list[str]]]


def read_database(file: Path, name: str) -> Found:
    """Return the names of the columns, and the rows, sorted, as they have no order of their own; "" for null.

    Raises
    ------
    LabelingFunctionError
        No such file or table, no database, a value that is neither text nor a number, or DuckDB is not installed.
    """
    return _duckdb(file, name) if file.suffix.lower() == DUCKDB else _sqlite(file, name)


def as_texts(row: Iterable[Any]) -> list[str]:
    """Return values as text, "" for None."""
    return ["" if value is None else str(value) for value in row]


def _sqlite(file: Path, name: str) -> Found:
    _readable(file)
    database = sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
    try:
        there = database.execute("SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name")
        cursor = database.execute(f"SELECT * FROM {_quoted(file, name, (one for (one,) in there))}")
        return _stored(cursor.description, cursor.fetchall(), file, name)
    except sqlite3.Error as error:
        raise LabelingFunctionError(f"{file}: not a SQLite database that can be read: {error}.") from None
    finally:
        database.close()


def _duckdb(file: Path, name: str) -> Found:
    try:
        import duckdb
    except ModuleNotFoundError:
        raise LabelingFunctionError(
            f"{file}: DuckDB is not installed. Run: pip install 'wslabel[duckdb]', or export the table to Parquet."
        ) from None
    _readable(file)
    try:
        with duckdb.connect(str(file), read_only=True) as database:
            there = database.execute("SELECT table_name FROM information_schema.tables ORDER BY table_name").fetchall()
            cursor = database.execute(f"SELECT * FROM {_quoted(file, name, (one for (one,) in there))}")
            return _stored(cursor.description or [], cursor.fetchall(), file, name)
    except duckdb.Error as error:
        raise LabelingFunctionError(f"{file}: not a DuckDB database that can be read: {error}.") from None


def _readable(file: Path) -> None:
    try:
        file.open("rb").close()
    except OSError as error:
        raise LabelingFunctionError(f"{file}: cannot be read: {error.strerror}.") from None


def _quoted(file: Path, name: str, there: Iterable[str]) -> str:
    names = list(there)
    if name not in names:
        asked = f"no table {name!r}" if name else "no table is named"
        example = f"{file.name}#{names[0] if names else 'drugs'}"
        raise LabelingFunctionError(f"{file}: {asked}; it has {', '.join(names) or 'none'}. Expected, say, {example}.")
    return '"' + name.replace('"', '""') + '"'


def _stored(description: Sequence[Sequence[Any]], rows: Sequence[Sequence[Any]], file: Path, name: str) -> Found:
    header = [str(one[0]) for one in description]
    for row in rows:
        for column, value in zip(header, row):
            if not isinstance(value, str | int | float | None):
                raise LabelingFunctionError(f"{file}#{name}: {column} is {value!r:.80}. Expected text or a number.")
    return header, sorted(as_texts(row) for row in rows)
