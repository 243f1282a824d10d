"""Shards: a corpus cut into pieces of equal length, kept as Arrow files so that it is read and parsed once."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from wslabel.core.files import write_atomically, write_json
from wslabel.core.fingerprint import fingerprint
from wslabel.core.readers import QuarantinedRow
from wslabel.core.records import Records
from wslabel.errors import VotesError

SETTLED_NS = 2_000_000_000
"""A file that was changed so shortly before it was read may change again without another time stamp."""


@dataclass(frozen=True)
class Shard:
    """Some records: the columns that a suite reads.

    Attributes
    ----------
    index
        Its place among the shards.
    batch
        The records.
    fingerprint
        Of the records; empty where nobody asks.
    """

    index: int
    batch: pa.RecordBatch
    fingerprint: str


class Shards:
    """The shards of a corpus.

    Parameters
    ----------
    records
        The corpus.
    columns
        The columns to take, beside ``id``; None for all. Gold is never among them.
    size
        Records a shard; the last one may be shorter.
    folder
        Where to keep them as ``00000.arrow`` and so on, to be mapped into memory instead of read anew while the
        corpus files are as they were (by path, size and time of change). None, or a corpus in memory: not kept.

    Attributes
    ----------
    quarantine
        The malformed rows of the last pass.

    Beside what LFs read the files hold gold, so that a corpus is parsed once for both.
    """

    def __init__(self, records: Records, columns: tuple[str, ...] | None, size: int, folder: Path | None) -> None:
        self.quarantine: list[QuarantinedRow] = []
        self._records, self._columns, self._size = records, columns, size
        self._folder = folder if records.table is None else None
        self._named = folder is not None

    def __iter__(self) -> Iterator[Shard]:
        self.quarantine.clear()
        kept = self._kept()
        yield from self._mapped(kept) if kept else self._read()

    @property
    def is_kept(self) -> bool:
        """Whether the shards on disk are those of the corpus as it is now."""
        return self._kept() is not None

    @cached_property
    def total(self) -> int | None:
        """The number of records, about, where it is known before they are read."""
        kept = self._kept()
        return sum(rows for rows, _, _ in kept["shards"]) if kept else self._records.length_hint()

    def _read(self) -> Iterator[Shard]:
        begin, source, told = time.time_ns(), self._source(), list[tuple[int, str, int]]()
        if self._folder:
            (self._folder / "shards.json").unlink(missing_ok=True)
        for index, batch in enumerate(self._records.batches(self.quarantine, self._size)):
            narrow = self._narrow(batch)
            named = _content(narrow) if self._named else ""
            if self._folder:
                _write(self._with_gold(narrow, batch), self._file(index))
                told.append((narrow.num_rows, named, self._file(index).stat().st_size))
            yield Shard(index, narrow, named)
        if self._folder:
            self._drop_from(len(told))
            aside = [asdict(row) for row in self.quarantine]
            settled = begin - SETTLED_NS > max(changed for _, _, changed in source["files"])
            content = {"source": source, "settled": settled, "shards": told, "quarantine": aside}
            write_json(self._folder / "shards.json", content, VotesError)

    def _mapped(self, kept: dict[str, Any]) -> Iterator[Shard]:
        self.quarantine += [QuarantinedRow(**row) for row in kept["quarantine"]]
        for index, (_, named, _) in enumerate(kept["shards"]):
            batch = self._map(index)
            names = batch.schema.names
            yield Shard(index, batch if self._records.gold is None else batch.select(names[:-1]), named)

    def _map(self, index: int) -> pa.RecordBatch:
        try:
            with pa.memory_map(str(self._file(index))) as file:
                return pa.ipc.open_file(file).get_batch(0)
        except (OSError, pa.ArrowInvalid) as error:
            raise VotesError(f"{self._file(index)}: damaged ({error}). Delete {self._folder}.") from None

    def gold(self) -> Iterator[pa.RecordBatch]:
        """Yield ``id`` and ``gold`` of the records: from the files that are kept, if they are those of the corpus.

        Which columns and how many records a shard holds does not matter for it.
        """
        if self._records.gold is None:
            return
        kept = self._kept(["files", "choice"])
        batches = map(self._map, range(len(kept["shards"]))) if kept else self._records.batches()
        yield from (batch.select(["id", "gold"]) for batch in batches)

    def _kept(self, alike: Sequence[str] = ("files", "choice", "columns", "size")) -> dict[str, Any] | None:
        """Return what is told of the shards on disk, if they are those of the corpus, as far as is asked."""
        if self._folder is None:
            return None
        try:
            content: dict[str, Any] = json.loads((self._folder / "shards.json").read_text(encoding="utf-8"))
            sizes = [size for _, _, size in content["shards"]]
            whole = sizes == [self._file(index).stat().st_size for index in range(len(sizes))]
            source = self._source()
            same = all(content["source"][name] == source[name] for name in (*alike, "gold"))
            return content if whole and content["settled"] and same else None
        except (OSError, ValueError, KeyError):
            return None

    def _source(self) -> dict[str, Any]:
        corpus = self._records
        files = [[str(path.absolute()), path.stat().st_size, path.stat().st_mtime_ns] for path in corpus.paths]
        choice = [corpus.text, corpus.id, corpus.gold, corpus.max_quarantine_rate]
        columns = None if self._columns is None else list(self._columns)
        return {"files": files, "choice": choice, "columns": columns, "size": self._size, "gold": "last column"}

    def _narrow(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        wanted = batch.schema.names if self._columns is None else self._columns
        return batch.select(["id", *[name for name in batch.schema.names if name in wanted and name not in HIDDEN]])

    def _with_gold(self, narrow: pa.RecordBatch, batch: pa.RecordBatch) -> pa.RecordBatch:
        return narrow if self._records.gold is None else narrow.append_column("gold", batch["gold"])

    def _drop_from(self, index: int) -> None:
        """Remove the shards of an earlier, larger corpus."""
        for path in self._file(0).parent.glob("*.arrow"):
            if int(path.stem) >= index:
                path.unlink()

    def _file(self, index: int) -> Path:
        return Path(self._folder or "") / f"{index:05d}.arrow"


def kept_records(records: Records, folder: Path) -> Records:
    """Return the records as they are kept in the folder, mapped into memory; where they are not, as they are.

    Parameters
    ----------
    records
        The corpus whose shards may be in the folder; of its columns only those that the suite reads are.
    """
    try:
        source = json.loads((folder / "shards.json").read_text(encoding="utf-8"))["source"]
        shards = Shards(records, source["columns"] and tuple(source["columns"]), source["size"], folder)
    except (OSError, ValueError, KeyError, TypeError):
        return records
    if records.table is not None or not shards.is_kept:
        return records
    table = pa.Table.from_batches([shard.batch for shard in shards])
    return Records((), table, id="id") if "text" in table.schema.names else records


HIDDEN = ("id", "gold")


def _write(batch: pa.RecordBatch, path: Path) -> None:
    def save(beside: Path) -> None:
        with pa.OSFile(str(beside), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
            writer.write_batch(batch)

    write_atomically(path, save, VotesError)


def _content(batch: pa.RecordBatch) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return fingerprint(memoryview(sink.getvalue()).tobytes())
