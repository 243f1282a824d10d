"""The chosen records on disk, between the one pass over the corpus and the formats that read them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from wslabel.errors import ExportError

Part = tuple[list[str], list[str], list[dict[str, Any]]]
"""Ids, texts and other columns of some records."""


class Spool:
    """Record batches on disk, one file for each stretch of batches with the same columns.

    A corpus of files may change its columns on the way; which ones there are is known at its end.

    Parameters
    ----------
    folder
        Where the files go.
    reserved
        Names that wslabel writes itself; a column of such a name gets underscores behind it.
    """

    def __init__(self, folder: Path, reserved: Iterable[str] = ()) -> None:
        self._folder = folder
        self._reserved = {"id", "text", *reserved}
        self._schemas: list[pa.Schema] = []
        self._writer: Any = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self._close()

    def add(self, batch: pa.RecordBatch) -> None:
        """Append the batch to the present file, or begin one for its columns."""
        batch = _decoded(batch)
        if not self._schemas or not batch.schema.equals(self._schemas[-1]):
            self._close()
            self._schemas.append(batch.schema)
            self._writer = pa.ipc.new_stream(str(self._path(len(self._schemas) - 1)), batch.schema)
        self._writer.write_batch(batch)

    @cached_property
    def names(self) -> dict[str, str]:
        """The name in the export of each column of the corpus other than id and text, in order."""
        columns = [name for name in self._whole.names if name not in ("id", "text")]
        taken = {*self._reserved, *columns}
        names = {}
        for column in columns:
            name = column
            while column in self._reserved and name in taken:
                name += "_"
            taken.add(name)
            names[column] = name
        return names

    @cached_property
    def schema(self) -> pa.Schema:
        """Names in the export and types of the other columns.

        Raises
        ------
        ExportError
            A column whose types in different parts of the corpus have nothing in common.
        """
        return pa.schema([pa.field(name, self._whole.field(column).type) for column, name in self.names.items()])

    def read(self) -> Iterator[Part]:
        """Yield ids, texts and other columns, a batch at a time, in the order in which they came."""
        for number in range(len(self._schemas)):
            with pa.OSFile(str(self._path(number))) as file, pa.ipc.open_stream(file) as reader:
                for batch in reader:
                    yield batch["id"].to_pylist(), batch["text"].to_pylist(), self._others(batch)

    @cached_property
    def _whole(self) -> pa.Schema:
        try:
            return pa.unify_schemas(self._schemas, promote_options="permissive").remove_metadata()
        except pa.ArrowException as error:
            raise ExportError(
                f"A column has different types in different parts of the corpus: {error}. Make it of one type."
            ) from error

    def _others(self, batch: pa.RecordBatch) -> list[dict[str, Any]]:
        columns = []
        for column in self.names:
            there = column in batch.schema.names
            kind = self._whole.field(column).type
            array = batch[column].cast(kind) if there else pa.nulls(batch.num_rows, kind)
            columns.append(array.to_pylist())
        names = list(self.names.values())
        return [dict(zip(names, cells)) for cells in zip(*columns)] if columns else [{}] * batch.num_rows

    def _close(self) -> None:
        if self._writer is not None:
            self._writer.close()

    def _path(self, number: int) -> Path:
        return self._folder / f"spool-{number}.arrow"


def _decoded(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Return the batch with the values of dictionary columns, whose dictionaries differ from batch to batch."""
    columns = {
        name: column.dictionary_decode() if pa.types.is_dictionary(column.type) else column
        for name, column in zip(batch.schema.names, batch.columns)
    }
    return pa.RecordBatch.from_pydict(columns)
