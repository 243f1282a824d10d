"""Records: a lazy, re-iterable corpus, streamed in Arrow batches."""

from __future__ import annotations

import glob
import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc

from wslabel.core.fingerprint import fingerprint, fingerprint_files
from wslabel.core.readers import (
    Chunk,
    QuarantinedRow,
    build_columns,
    count_rows,
    formats,
    known_format,
    not_utf8,
    read_file,
    shown,
)
from wslabel.core.seen import SeenIds, TextCopies
from wslabel.core.task import JOINED, NO_LABELS
from wslabel.errors import CorpusError, suggest

if TYPE_CHECKING:
    import pandas as pd

BATCH_ROWS = 10_000
MIN_ROWS_FOR_EARLY_STOP = 10_000
"""Rows read before a pass may stop for too many malformed ones; a shorter corpus is judged at its end."""
QUARANTINE_RATE = 0.01


@dataclass(frozen=True, eq=False)
class Records:
    """A corpus whose records have an id and a text, and any other columns.

    In every batch the text column is called ``text``, the id ``id`` and gold, where declared, ``gold``;
    another column that already has such a name gets an underscore behind it. Text is kept as it came.

    Attributes
    ----------
    paths
        The corpus files, in order; empty for a corpus in memory.
    table
        The corpus in memory; None for files.
    text, id, gold
        Column names in the source. ``id`` None: the column ``id`` where there is one, else derived from the
        text (equal texts are numbered). ``gold`` None: no gold.
    max_quarantine_rate
        The largest share of malformed rows with which a pass still counts as a success.
    """

    paths: tuple[Path, ...]
    table: pa.Table | None
    text: str = "text"
    id: str | None = None
    gold: str | None = None
    max_quarantine_rate: float = QUARANTINE_RATE

    def batches(
        self, quarantine: list[QuarantinedRow] | None = None, size: int = BATCH_ROWS
    ) -> Iterator[pa.RecordBatch]:
        """Yield the records in batches of exactly `size` rows (the last one may be shorter).

        Parameters
        ----------
        quarantine
            A list that receives the malformed rows of this pass, each with file, line and reason.

        Raises
        ------
        CorpusError
            A column is missing, the corpus holds no record, or more than `max_quarantine_rate` of its rows
            are malformed.
        """
        aside: list[QuarantinedRow] = [] if quarantine is None else quarantine
        already = len(aside)
        seen = _Ids()
        read = 0
        for batch in _rebatch(self._normalised(aside, seen, size), size):
            read += batch.num_rows
            self._check_rate(read, aside[already:], at_end=False)
            yield batch
        self._check_rate(read, aside[already:], at_end=True)
        if read == 0 and len(aside) > already:
            first = aside[already]
            raise CorpusError(
                f"All {len(aside) - already} rows of {self.where} are malformed. "
                f"The first: {first.file}, line {first.line}: {first.reason}."
            )
        if read == 0:
            raise CorpusError(f"{self.where} holds no record. Expected at least one row with a text.")

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The column names of a batch: ``id``, ``text``, ``gold`` where declared, then the others."""
        batches = self.batches()
        try:
            return tuple(next(batches).schema.names)
        finally:
            batches.close()  # type: ignore[attr-defined]

    @property
    def redacted(self) -> bool:
        """Whether something was taken out of the texts; see `wslabel.redact`."""
        return False

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of content and column choice."""
        choice = [self.text, self.id, self.gold]
        if self.table is None:
            return fingerprint(choice, fingerprint_files(self.paths))
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, self.table.schema) as writer:
            writer.write_table(self.table.combine_chunks())
        return fingerprint(choice, sink.getvalue().to_pybytes())

    @property
    def where(self) -> str:
        """The corpus in words, for messages."""
        if self.table is not None:
            return "The corpus in memory"
        more = f" and {len(self.paths) - 1} more files" if len(self.paths) > 1 else ""
        return f"{self.paths[0]}{more}"

    def __len__(self) -> int:
        return sum(batch.num_rows for batch in self.batches())

    def length_hint(self) -> int | None:
        """Return about how many records there are, without parsing them; None where that cannot be told."""
        if self.table is not None:
            return int(self.table.num_rows)
        counts = [count_rows(path) for path in self.paths]
        return None if None in counts else sum(count or 0 for count in counts)

    def texts(self, ids: Iterable[str]) -> list[str]:
        """Return the texts of the given records, in that order.

        Raises
        ------
        CorpusError
            The corpus holds no such record.
        """
        wanted = list(ids)
        known = dict.fromkeys(wanted, "")
        missing = set(known)
        for batch in self.batches():
            for record, text in zip(batch["id"].to_pylist(), batch["text"].to_pylist()):
                if record in known:
                    known[record] = text
                    missing.discard(record)
        if missing:
            raise CorpusError(
                f"{self.where} holds no record {min(missing)!r} ({len(missing)} of {len(known)} missing)."
            )
        return [known[record] for record in wanted]

    def locate(self, record: str) -> tuple[str, int]:
        """Return the file in which a record stands, and its line there (in tables its row), from 1.

        Raises
        ------
        CorpusError
            The corpus holds no such record.
        """
        seen = _Ids()
        for file, chunk in self._chunks(BATCH_ROWS):
            if chunk.lines:
                aside: list[QuarantinedRow] = []
                ids = self._batch(chunk, file, aside, seen)["id"].to_pylist()
                bad = {row.line for row in aside}
                lines = [line for line in chunk.lines if line not in bad]
                if record in ids:
                    return file, lines[ids.index(record)]
        raise CorpusError(f"{self.where} holds no record {record!r}.")

    def gold_by_id(self) -> dict[str, str]:
        """Return the gold label of each record that has one."""
        return {} if self.gold is None else known_gold(self.batches())

    def to_pandas(self) -> pd.DataFrame:
        """Return all records as a DataFrame."""
        frame: pd.DataFrame = to_table(self.batches()).to_pandas()
        return frame

    def __repr__(self) -> str:
        where = f"{self.table.num_rows} rows in memory" if self.table is not None else self.where
        return f"Records({where}; text {self.text!r}, id {self.id!r}, gold {self.gold!r})"

    def _chunks(self, size: int) -> Iterator[tuple[str, Chunk]]:
        if self.table is not None:
            start = 1
            for batch in self.table.to_batches(max_chunksize=size):
                columns = dict(zip(batch.schema.names, batch.columns))
                yield "memory", Chunk(columns, list(range(start, start + batch.num_rows)))
                start += batch.num_rows
        for path in self.paths:
            for chunk in read_file(path, size, (self.text, self.id or "id")):
                yield str(path), chunk

    def _normalised(self, aside: list[QuarantinedRow], seen: _Ids, size: int) -> Iterator[pa.RecordBatch]:
        for file, chunk in self._chunks(size):
            aside.extend(chunk.bad)
            if not chunk.lines:
                continue
            for column in (self.text, self.id, self.gold):
                if column is not None and column not in chunk.columns:
                    raise CorpusError(
                        f"{file}, line {chunk.lines[0]}: there is no column {column!r}. "
                        + suggest(column, chunk.columns)
                    )
            yield self._batch(chunk, file, aside, seen)

    def _batch(self, chunk: Chunk, file: str, aside: list[QuarantinedRow], seen: _Ids) -> pa.RecordBatch:
        n = len(chunk.lines)
        reasons: list[str | None] = _text_faults(chunk.columns[self.text], self.text)
        id_column = self.id or ("id" if "id" in chunk.columns else None)
        texts = _as_strings(chunk.columns[self.text], "text")
        ids = seen.derived(texts, reasons) if id_column is None else _id_strings(chunk.columns[id_column], id_column)
        if id_column is not None:
            reasons = seen.admit(ids, reasons, file, chunk.lines)
        taken = {"text": texts, "id": pa.array(ids, pa.string())}
        if self.gold is not None:
            taken["gold"] = _gold_strings(chunk.columns[self.gold], self.gold)
        others = {
            (f"{name}_" if name in taken else name): column
            for name, column in chunk.columns.items()
            if name not in (self.text, id_column, self.gold)
        }
        names = ["id", "text", *(["gold"] if "gold" in taken else [])]
        batch = pa.RecordBatch.from_pydict({**{name: taken[name] for name in names}, **others})
        if any(reasons):
            rows = [place for place in range(n) if reasons[place]]
            for place in rows:
                row = {name: column[place].as_py() for name, column in chunk.columns.items()}
                aside.append(QuarantinedRow(file, chunk.lines[place], str(reasons[place]), shown(row)))
            batch = batch.take(pa.array([place for place in range(n) if not reasons[place]], pa.int64()))
        return batch

    def _check_rate(self, read: int, aside: list[QuarantinedRow], at_end: bool) -> None:
        total = read + len(aside)
        if not aside or len(aside) <= self.max_quarantine_rate * total:
            return
        if at_end or total >= MIN_ROWS_FOR_EARLY_STOP:
            first = aside[0]
            raise CorpusError(
                f"{len(aside)} of {total} rows are malformed; max_quarantine_rate is {self.max_quarantine_rate}. "
                f"The first: {first.file}, line {first.line}: {first.reason}. Mend the file, or raise the rate."
            )


def read_records(
    source: str | Path | Sequence[str | Path] | pd.DataFrame | pa.Table | Sequence[Mapping[str, Any]],
    id: str | None = None,
    text: str = "text",
    gold: str | None = None,
    max_quarantine_rate: float = QUARANTINE_RATE,
) -> Records:
    """Open a corpus without reading it.

    Parameters
    ----------
    source
        Files (.jsonl, .csv, .tsv, .txt with one record a line, each also as .gz; .parquet), a folder (searched
        for such files, in order of their paths), a glob, a list of those; or a pandas DataFrame, an Arrow
        table, a list of dictionaries.
    id
        The column of record ids, or the name of a DataFrame's index. None: ``id`` where there is one of that name,
        else derived from the text.
    text
        The column of texts.
    gold
        The column of gold label names; null where unknown. LFs never see it. Of spans a column of lists of
        ``{start, end, label}`` (or such a list as JSON text). In a multi-label task a column of lists,
        or of names joined as in ``late|damaged``, ``(none)`` where no label holds.
    max_quarantine_rate
        The share of malformed rows, 0..1, above which reading stops with an error.

    Returns
    -------
    Records

    Raises
    ------
    CorpusError
        No such file, or no file of a known format.

    Examples
    --------
    >>> records = read_records([{"id": "a", "text": "Profit rose."}])
    >>> len(records), records.columns
    (1, ('id', 'text'))
    """
    if isinstance(source, Records):
        return source
    if not 0 <= max_quarantine_rate <= 1:
        raise CorpusError(f"max_quarantine_rate is a share in 0..1; got {max_quarantine_rate}.")
    table = _in_memory(source, id or "id")
    paths = () if table is not None else tuple(corpus_paths(source))  # type: ignore[arg-type]
    return Records(paths, table, text, id, gold, max_quarantine_rate)


def corpus_paths(source: str | Path | Sequence[str | Path]) -> list[Path]:
    """Return the corpus files that a path, folder, glob or list of those names, each once, in order."""
    given = [source] if isinstance(source, str | Path) else list(source)
    found: dict[Path, None] = {}
    for one in given:
        found.update(dict.fromkeys(_files(Path(one))))
    if not found:
        raise CorpusError("No corpus was given. Expected at least one file, folder or glob.")
    for path in found:
        if not_utf8(str(path)):
            raise CorpusError(f"{str(path)!r}: the name of the file is not valid UTF-8. Rename it.")
    return list(found)


def text_id(text: str) -> str:
    """Return the id that is derived from a text: its hash."""
    return hashlib.blake2b(text.encode(), digest_size=8).hexdigest()


def known_gold(batches: Iterable[pa.RecordBatch]) -> dict[str, str]:
    """Return the gold label of each record that has one, by id, of batches of ``id`` and ``gold``."""
    pairs: dict[str, str] = {}
    for batch in batches:
        known = pc.filter(batch["id"], pc.is_valid(batch["gold"])), pc.drop_null(batch["gold"])
        pairs.update(zip(*(column.to_pylist() for column in known)))
    return pairs


def to_table(batches: Iterator[pa.RecordBatch]) -> pa.Table:
    """Return the batches as one table; a column that is missing from some is null there."""
    tables = [pa.Table.from_batches([batch]) for batch in batches]
    try:
        return pa.concat_tables(tables, promote_options="permissive")
    except (pa.ArrowTypeError, pa.ArrowInvalid) as error:
        raise CorpusError(
            f"A column changes its type within the corpus: {str(error).splitlines()[0]}. Make each column of one type."
        ) from None


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        made = _made_by_wslabel(path)
        found = (p for p in path.rglob("*") if p.is_file() and known_format(p) and not p.name.startswith("."))
        inside = sorted(p for p in found if not made.intersection(p.parents))
        if not inside:
            raise CorpusError(f"{path} holds no corpus file. Expected one that ends in {', '.join(formats())}.")
        return inside
    if path.exists():
        if not known_format(path):
            raise CorpusError(f"{path}: not a corpus format. Expected a name that ends in {', '.join(formats())}.")
        return [path]
    matches = sorted(Path(match) for match in glob.glob(str(path), recursive=True))
    matches = [match for match in matches if match.is_file() and known_format(match)]
    if not matches:
        raise CorpusError(f"{path}: no such file, folder or glob of corpus files. Expected {', '.join(formats())}.")
    return matches


def _made_by_wslabel(folder: Path) -> set[Path]:
    """Return the run and export folders inside, which are no corpus."""
    marks = [*folder.rglob("manifest.json"), *folder.rglob("export.json")]
    return {mark.parent for mark in marks if b'"wslabel"' in mark.read_bytes()}


def _in_memory(source: Any, ids: str) -> pa.Table | None:
    if isinstance(source, pa.RecordBatch):
        source = pa.Table.from_batches([source])
    if isinstance(source, pa.Table):
        _require_distinct(source.column_names)
        return source
    if hasattr(source, "columns") and hasattr(source, "to_dict"):
        return _from_pandas(source, ids)
    if isinstance(source, Sequence) and not isinstance(source, str) and source and isinstance(source[0], Mapping):
        return _table([dict(row) for row in source], list(dict.fromkeys(name for row in source for name in row)))
    if isinstance(source, str | Path) or (isinstance(source, Sequence) and len(source)):
        return None
    raise CorpusError("A corpus is files, a folder, a glob, a DataFrame, an Arrow table or a list of dictionaries.")


def _from_pandas(frame: pd.DataFrame, ids: str) -> pa.Table:
    if frame.index.name == ids and ids not in frame.columns:
        frame = frame.reset_index()
    names = [str(name) for name in frame.columns]
    _require_distinct(names)
    columns = frame.astype(object).where(frame.notna(), None)
    return _table([dict(zip(names, row)) for row in columns.itertuples(index=False, name=None)], names)


def _require_distinct(names: list[str]) -> None:
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise CorpusError(f"The corpus in memory has two columns called {twice[0]!r}; give each its own name.")


def _table(rows: list[dict[str, Any]], names: list[str]) -> pa.Table:
    if not rows:
        raise CorpusError("The corpus in memory holds no record. Expected at least one row with a text.")
    chunk = build_columns(list(enumerate(rows, start=1)), names, "memory")
    if chunk.bad:
        first = chunk.bad[0]
        raise CorpusError(f"Row {first.line} of the corpus in memory: {first.reason}. Make the column of one type.")
    return pa.Table.from_pydict(chunk.columns)


class _Ids:
    """The ids met in one pass: derives missing ones and sees to it that none stands twice."""

    def __init__(self) -> None:
        self._seen = SeenIds()
        self._copies = TextCopies()
        self._files: list[str] = []

    def derived(self, texts: pa.Array, reasons: list[str | None]) -> list[str | None]:
        """Return an id for each text: its hash, and from the second copy on a number behind it."""
        whole = [None if reason else text_id(text) for text, reason in zip(texts.to_pylist(), reasons)]
        bases = [base for base in whole if base is not None]
        copies = iter(self._copies.number([int(base, 16) for base in bases]))
        return [base if base is None else _numbered(base, next(copies)) for base in whole]

    def admit(self, ids: list[str | None], reasons: list[str | None], file: str, lines: list[int]) -> list[str | None]:
        """Return the reasons completed by null and repeated ids."""
        out = [reason or ("the id is null" if id_ is None else None) for id_, reason in zip(ids, reasons)]
        asked = [place for place, reason in enumerate(out) if reason is None]
        if not self._files or self._files[-1] != file:
            self._files.append(file)
        base = (len(self._files) - 1) << _LINE_BITS
        first = self._seen.add([str(ids[place]) for place in asked], [base + lines[place] for place in asked])
        for place, before in zip(asked, first):
            if before is not None:
                where = f"{self._files[before >> _LINE_BITS]}, line {before & ((1 << _LINE_BITS) - 1)}"
                out[place] = f"the id {ids[place]!r} stands already at {where}"
        return out


_LINE_BITS = 40


def _numbered(base: str, copy: int) -> str:
    return base if copy == 1 else f"{base}-{copy}"


def _text_faults(column: pa.Array, name: str) -> list[str | None]:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    if not (pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind)):
        wrong = f"the text column {name!r} holds a {kind}; expected a string"
        return [f"the text column {name!r} is null" if null else wrong for null in column.is_null().to_pylist()]
    return [f"the text column {name!r} is null" if null else None for null in column.is_null().to_pylist()]


def _as_strings(column: pa.Array, name: str) -> pa.Array:
    try:
        return pc.cast(column, pa.string())
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError) as error:
        raise CorpusError(f"The column {name!r} holds {column.type}; expected text. {error}") from None


def _gold_strings(column: pa.Array, name: str) -> pa.Array:
    """Return gold as text; lists of labels joined, lists of spans as JSON."""
    if not pa.types.is_list(column.type):
        return _as_strings(column, name)
    if pa.types.is_struct(column.type.value_type):
        spans = [None if one is None else json.dumps(one, sort_keys=True) for one in column.to_pylist()]
        return pa.array(spans, pa.string())
    lists = [None if one is None else [str(label) for label in one] for one in column.to_pylist()]
    return pa.array([None if one is None else JOINED.join(one) or NO_LABELS for one in lists], pa.string())


def _id_strings(column: pa.Array, name: str) -> list[str | None]:
    values: list[str | None] = _as_strings(column, name).to_pylist()
    return values


def _rebatch(batches: Iterator[pa.RecordBatch], size: int) -> Iterator[pa.RecordBatch]:
    """Cut a stream of batches anew, so that every batch but the last has `size` rows."""
    waiting: list[pa.RecordBatch] = []
    rows = 0
    for batch in batches:
        waiting.append(batch)
        rows += batch.num_rows
        while rows >= size:
            table = to_table(iter(waiting)).combine_chunks()
            yield from table.slice(0, size).to_batches()
            rest = table.slice(size)
            waiting, rows = rest.to_batches(), rest.num_rows
    if rows:
        yield from to_table(iter(waiting)).combine_chunks().to_batches()
