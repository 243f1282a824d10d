"""spaCy documents on disk, by the text they are of: parsed once, whatever LFs ask for them later."""

from __future__ import annotations

import hashlib
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

FOLDER, SIZE = "WSLABEL_DOC_CACHE", "WSLABEL_DOC_CACHE_MB"
MEGABYTES = 2_000
"""What the cache may hold unless the variable says otherwise; then the oldest tenth makes room."""
_WAIT = 30.0


class DocCache:
    """A SQLite file of documents, shared by processes.

    Parameters
    ----------
    folder
        Where it lies; made where it is missing.
    nlp
        The spaCy pipeline: documents of another one, of other components or of another version are not found.
    megabytes
        What it may hold.
    """

    def __init__(self, folder: Path, nlp: Any, megabytes: float = MEGABYTES) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._nlp, self._limit = nlp, megabytes * 1e6
        self._file = folder / "docs.sqlite"
        self._key = _identity(nlp)
        with closing(self._open()) as database:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("CREATE TABLE IF NOT EXISTS docs (key BLOB PRIMARY KEY, doc BLOB NOT NULL)")

    @classmethod
    def of(cls, nlp: Any) -> DocCache | None:
        """Return the cache in the folder that the variable WSLABEL_DOC_CACHE names; None without it."""
        folder = os.environ.get(FOLDER)
        if not folder or not nlp.pipe_names:  # to split a text into words takes no longer than to read it
            return None
        return cls(Path(folder), nlp, float(os.environ.get(SIZE, MEGABYTES)))

    def docs(self, texts: Sequence[str], parse: Callable[[list[str]], list[Any]]) -> list[Any]:
        """Return one document a text: from the cache, else from `parse`, whose documents are kept."""
        keys = [self._name(text) for text in texts]
        with closing(self._open()) as database:
            found = {key: self._read(database, key) for key in set(keys)}
            missing = {key: text for key, text in zip(keys, texts) if found[key] is None}
            made = dict(zip(missing, parse(list(missing.values())))) if missing else {}
            self._write(database, made)
        return [made[key] if found[key] is None else found[key] for key in keys]

    def _read(self, database: sqlite3.Connection, key: bytes) -> Any:
        from spacy.tokens import DocBin

        row = database.execute("SELECT doc FROM docs WHERE key = ?", (key,)).fetchone()
        try:
            return None if row is None else next(iter(DocBin().from_bytes(row[0]).get_docs(self._nlp.vocab)))
        except Exception:  # a damaged entry is parsed anew
            return None

    def _write(self, database: sqlite3.Connection, made: dict[bytes, Any]) -> None:
        from spacy.tokens import Doc, DocBin

        rows = [(key, DocBin(docs=[doc]).to_bytes()) for key, doc in made.items() if isinstance(doc, Doc)]
        if not rows:
            return
        with database:
            database.executemany("INSERT OR REPLACE INTO docs VALUES (?, ?)", rows)
        size = database.execute("SELECT SUM(LENGTH(doc)) FROM docs").fetchone()[0]
        if size > self._limit:
            with database:
                database.execute(
                    "DELETE FROM docs WHERE rowid IN "
                    "(SELECT rowid FROM docs ORDER BY rowid LIMIT 1 + (SELECT COUNT(*) FROM docs) / 10)"
                )
            database.execute("VACUUM")

    def _open(self) -> sqlite3.Connection:
        return sqlite3.connect(self._file, timeout=_WAIT)

    def _name(self, text: str) -> bytes:
        return hashlib.blake2b(self._key + text.encode("utf-8", "surrogatepass"), digest_size=16).digest()


def _identity(nlp: Any) -> bytes:
    import spacy

    meta = nlp.meta
    told = [spacy.__version__, meta["lang"], meta["name"], meta["version"], *nlp.pipe_names]
    return "\0".join(told).encode() + b"\0\0"
