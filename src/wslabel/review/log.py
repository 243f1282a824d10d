"""The log of decisions: an SQLite file to which rows are only ever added."""

from __future__ import annotations

import csv
import io
import json
import os
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wslabel.core.cells import harmless
from wslabel.core.decisions import Decision, standing
from wslabel.core.files import write_atomically, write_jsonl
from wslabel.core.fingerprint import fingerprint
from wslabel.errors import ReviewError

BUSY_SECONDS = 30.0
"""How long a write waits for another process that writes."""
VERSION = 2
_COLUMNS = [field.name for field in fields(Decision)]
_SELECT = f"SELECT number, {', '.join(_COLUMNS)} FROM decisions WHERE number > ? ORDER BY number"
_INSERT = f"INSERT INTO decisions ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
_SINCE_2 = (
    "spans TEXT",
    *(f"{name} TEXT NOT NULL DEFAULT ''" for name in ("shown", "batch", "labels_hash", "suite_hash")),
)
_NAMES_SINCE_2 = tuple(column.split()[0] for column in _SINCE_2)
_SELECT_FROM = {1: _SELECT.replace(f", {', '.join(_NAMES_SINCE_2)}", ""), 2: _SELECT}
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL, action TEXT NOT NULL, label TEXT, reviewer TEXT NOT NULL, note TEXT NOT NULL, seconds REAL,
    time TEXT NOT NULL, text_hash TEXT NOT NULL, replaces TEXT NOT NULL, {", ".join(_SINCE_2)}
);
CREATE TRIGGER IF NOT EXISTS decisions_stand BEFORE UPDATE ON decisions
BEGIN SELECT RAISE(ABORT, 'a logged decision is never changed'); END;
CREATE TRIGGER IF NOT EXISTS decisions_stay BEFORE DELETE ON decisions
BEGIN SELECT RAISE(ABORT, 'a logged decision is never deleted'); END;
PRAGMA user_version = {VERSION};
"""


class DecisionLog:
    """Decisions in the order they were made, safe against killed kernels and shared by processes.

    A decision that was returned by `append` is on the disk. The file is made by the first append; every call
    opens it anew, so that a log may be used from any thread or process.

    Parameters
    ----------
    path
        The SQLite file, for example ``review.db``.

    Raises
    ------
    ReviewError
        (Each method.) The file is no decision log, or cannot be read or written.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)

    def append(self, decision: Decision) -> Decision:
        """Log a decision and return it as logged: with its time (UTC, ISO 8601) filled in."""
        return self.append_all([decision])[0]

    def append_all(self, decisions: Iterable[Decision]) -> list[Decision]:
        """Log decisions in one transaction, all or none, and return them as logged."""
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        logged = [decision if decision.time else replace(decision, time=now) for decision in decisions]
        if logged:
            rows = [[_stored(getattr(decision, name)) for name in _COLUMNS] for decision in logged]
            with self._writing() as connection:
                connection.executemany(_INSERT, rows)
        return logged

    def all(self) -> list[Decision]:
        """Return every decision, undone ones and undos included, in order."""
        return [decision for _, decision in self.since(0)]

    def since(self, number: int) -> list[tuple[int, Decision]]:
        """Return the decisions after that number, each with its own; numbers begin at 1 and rise."""
        return [(row[0], _decision(row[1:], self.path)) for row in self._rows(number)]

    def standing(self) -> list[Decision]:
        """Return the last decision of each (record, reviewer), undone ones taken back."""
        return standing(self.all())

    def fingerprint(self) -> str:
        """Return a fingerprint of the decisions; an empty string where there is none."""
        rows = self._rows()
        return fingerprint([list(row[1:]) for row in rows]) if rows else ""

    def export(self, path: str | Path) -> int:
        """Write every decision, undone ones and undos included, as CSV or ``.jsonl``, and return their number.

        Cells that a spreadsheet would run as a formula get an apostrophe before them.
        """
        target, found = Path(path), [asdict(one) for one in self.all()]
        if target.suffix.lower() in (".jsonl", ".ndjson"):
            write_jsonl(target, found, ReviewError)
            return len(found)
        text = io.StringIO(newline="")
        writer = csv.writer(text)
        writer.writerow(_COLUMNS)
        writer.writerows([[_cell(row[name]) for name in _COLUMNS] for row in found])
        write_atomically(target, lambda beside: beside.write_bytes(text.getvalue().encode("utf-8-sig")), ReviewError)
        return len(found)

    def __len__(self) -> int:
        return len(self._rows())

    def __repr__(self) -> str:
        return f"DecisionLog({str(self.path)!r})"

    def _rows(self, after: int = 0) -> list[tuple[Any, ...]]:
        if not self.path.exists():
            return []
        with self._open(self._reading_mode()) as connection:
            version = self._version(connection)
            return connection.execute(_SELECT_FROM[version], (after,)).fetchall() if version else []

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as fault:
            raise ReviewError(f"{self.path}: its folder cannot be made: {fault.strerror}. Choose another.") from None
        with self._open("mode=rwc") as connection:
            version = self._version(connection)
            if not version:
                # switching to WAL ignores the busy timeout, so it is tried again while another process does it
                _patiently(lambda: connection.execute("PRAGMA journal_mode=WAL"))
                _patiently(lambda: connection.executescript(f"BEGIN IMMEDIATE; {_SCHEMA} COMMIT;"))
            connection.execute("BEGIN IMMEDIATE")
            if version == 1 and connection.execute("PRAGMA user_version").fetchone() == (1,):
                for column in _SINCE_2:
                    connection.execute(f"ALTER TABLE decisions ADD COLUMN {column}")
                connection.execute(f"PRAGMA user_version = {VERSION}")
            yield connection
            connection.execute("COMMIT")

    @contextmanager
    def _open(self, mode: str) -> Iterator[sqlite3.Connection]:
        try:
            uri = f"{self.path.absolute().as_uri()}?{mode}"
            with closing(sqlite3.connect(uri, timeout=BUSY_SECONDS, isolation_level=None, uri=True)) as connection:
                connection.execute("PRAGMA synchronous=FULL")
                yield connection
        except (sqlite3.Error, UnicodeEncodeError) as fault:
            raise ReviewError(f"{self.path}: {_reason(fault)}") from None

    def _reading_mode(self) -> str:
        # a WAL file needs a file beside it even to be read; in a folder that is read-only it is read as it stands
        lonely = not os.access(self.path.parent, os.W_OK) and not Path(f"{self.path}-wal").exists()
        return "mode=ro&immutable=1" if lonely else "mode=rw"

    def _version(self, connection: sqlite3.Connection) -> int:
        """Return the format of the file; 0 where it is still empty."""
        connection.execute("BEGIN")  # one view of both, as another process may be making them
        (version,) = connection.execute("PRAGMA user_version").fetchone()
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        connection.execute("COMMIT")
        if version > VERSION:
            raise ReviewError(f"{self.path}: written by a newer wslabel (format {version}); update wslabel to read it.")
        if (tables or version) and not (version and "decisions" in tables):
            raise ReviewError(f"{self.path}: an SQLite database, but no decision log. Choose another path for the log.")
        return int(version)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return harmless(json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else str(value))


def _stored(value: Any) -> Any:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, tuple) else value


def _decision(row: tuple[Any, ...], path: Path) -> Decision:
    cells = dict(zip(_COLUMNS, row))
    try:
        if cells.get("spans") is not None:
            cells["spans"] = tuple((start, end, label) for start, end, label in json.loads(cells["spans"]))
    except (ValueError, TypeError) as fault:
        raise ReviewError(f"{path}: the decision on {cells['id']!r} is damaged: {fault}. Restore the file.") from None
    return Decision(**cells)


def _patiently(work: Callable[[], object]) -> None:
    deadline = time.monotonic() + BUSY_SECONDS
    while True:
        try:
            work()
            return
        except sqlite3.OperationalError as fault:
            if "locked" not in str(fault) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _reason(fault: Exception) -> str:
    text = str(fault)
    if isinstance(fault, UnicodeEncodeError):
        return "a decision holds half a character (a lone surrogate), which cannot be stored. Mend its text."
    if isinstance(fault, sqlite3.OperationalError) and ("is full" in text or "disk I/O" in text):
        return f"the disk refuses to take more ({text}); nothing was saved. Free some space, then decide once more."
    if "not a database" in text:
        return "not an SQLite database. Expected a decision log; choose another path for the log."
    if "locked" in text:
        return f"another process has kept it locked for {BUSY_SECONDS:.0f} seconds. Close that one, or try again."
    return f"the decision log cannot be used: {text}. Check the path, the folder's rights and the free space."
