"""Rows of a corpus by their number: read when they are asked for, never held."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wslabel.core.arrays import Ids, Ints
from wslabel.core.records import Records
from wslabel.errors import ReviewError

PIECE = 50_000
"""Rows that are searched at a time."""
FEW = 100


class Rows:
    """The rows of the records with these ids, by their place among the ids.

    Records in memory (an Arrow table may be mapped from disk) are taken as they are. Files are read once, when the
    first row is asked for, into a temporary Arrow file that is then mapped.

    Parameters
    ----------
    records
        The corpus.
    ids
        n record ids; the corpus may hold others, and in another order.
    """

    def __init__(self, records: Records, ids: Ids) -> None:
        self._records, self._ids = records, ids
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def check(self, rows: Ints) -> None:
        """Raise `ReviewError` where a corpus in memory does not hold one of the rows; files are not read for it."""
        if self._records.table is not None:
            self._place(rows)

    def take(self, rows: Sequence[int] | Ints) -> list[dict[str, Any]]:
        """Return the rows as mappings from column to value, in this order.

        Raises
        ------
        ReviewError
            A record that the corpus does not hold.
        """
        if not len(rows):
            return []
        taken = _taken(self._table, self._place(np.asarray(rows, np.int64)))
        found = next(replace(self._corpus, table=taken).batches(size=len(rows)), None)
        values = [] if found is None else found.to_pylist()
        by_id = {row["id"]: row for row in values}
        return [by_id[self._ids[row]] for row in np.asarray(rows).tolist()]

    def texts(self, rows: Ints) -> list[str]:
        """Return the texts of the rows, in this order."""
        found: list[str] = self._texts(rows).to_pylist()
        return found

    def containing(self, words: str, rows: Ints) -> Ints:
        """Return those of the rows whose text holds the words, in any case."""
        hits = [np.zeros(0, np.int64)]
        for begin in range(0, len(rows), PIECE):
            piece = rows[begin : begin + PIECE]
            texts = self._texts(piece)
            found = pc.match_substring(texts, words, ignore_case=True)
            hits.append(piece[found.fill_null(False).to_numpy(zero_copy_only=False)])
        return np.concatenate(hits)

    def equal(self, column: str, value: Any, rows: Ints) -> Ints:
        """Return those of the rows whose column has the value."""
        if column not in self._table.schema.names:
            raise ReviewError(f"{self._records.where}: there is no column {column!r} to choose records by.")
        places = pa.array(self._place(rows))
        found = pc.equal(self._table[column].take(places), pa.scalar(value)).fill_null(False)
        return np.asarray(rows[found.to_numpy()])

    def _texts(self, rows: Ints) -> pa.ChunkedArray:
        if type(self._records) is not Records:  # what reviewers see may differ from what is stored
            return pa.chunked_array([pa.array([row["text"] for row in self.take(rows)], pa.string())])
        return self._table[self._corpus.text].take(pa.array(self._place(rows)))

    def _place(self, rows: Ints) -> Ints:
        places = rows if self._places is None else self._places[rows]
        missing = np.flatnonzero(places < 0)
        if len(missing):
            self._miss(str(self._ids[rows[missing[0]]]))
        return places

    @cached_property
    def _corpus(self) -> Records:
        """The corpus as a table whose ids are a column."""
        records = self._records
        if records.table is not None and (records.id or "id" in records.table.column_names):
            return records
        return replace(records, paths=(), table=self._spilled(), text="text", id="id", gold=None)

    @property
    def _table(self) -> pa.Table:
        return self._corpus.table

    @cached_property
    def _places(self) -> Ints | None:
        """The row of the table of each id, -1 where there is none; None where both stand in the same order."""
        column = self._table[self._corpus.id or "id"]
        here = (column if column.type == pa.string() else pc.cast(column, pa.string())).combine_chunks()
        here = here if isinstance(here, pa.Array) else pa.concat_arrays(here.chunks)
        wanted = pa.array(self._ids, pa.string())
        if here.equals(wanted):
            return None
        return np.asarray(pc.index_in(wanted, value_set=here).fill_null(-1).to_numpy(), np.int64)

    def _spilled(self) -> pa.Table:
        self._folder = tempfile.TemporaryDirectory(prefix="wslabel-review-", ignore_cleanup_errors=True)
        path = Path(self._folder.name) / "records.arrow"
        plain = Records(**{name: getattr(self._records, name) for name in _SOURCE})
        batches = plain.batches()
        first = next(batches)
        try:
            with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, first.schema) as writer:
                writer.write_batch(first)
                for batch in batches:
                    writer.write_batch(_as_schema(batch, first.schema))
        except OSError as fault:
            raise ReviewError(f"{path}: the texts to review cannot be kept: {fault}. Free the place.") from None
        with pa.memory_map(str(path)) as file:
            return pa.ipc.open_file(file).read_all()

    def _miss(self, record: str) -> None:
        raise ReviewError(
            f"{self._records.where}: the record {record!r}, which has an issue, is not in it or is malformed. "
            "Give the records that the labels were made from."
        )


_SOURCE = ("paths", "table", "text", "id", "gold", "max_quarantine_rate")


def _taken(table: pa.Table, places: Ints) -> pa.Table:
    """Return the rows at the places; of few, `take` would look at every chunk of the table."""
    if len(places) > FEW:
        return table.take(pa.array(places))
    return pa.concat_tables([table.slice(place, 1) for place in places.tolist()]).combine_chunks()


def _as_schema(batch: pa.RecordBatch, schema: pa.Schema) -> pa.RecordBatch:
    """Return the batch with these columns: absent ones are null, others are left out."""
    n = batch.num_rows
    columns = [
        pc.cast(batch[field.name], field.type) if field.name in batch.schema.names else pa.nulls(n, field.type)
        for field in schema
    ]
    return pa.RecordBatch.from_arrays(columns, schema=schema)
