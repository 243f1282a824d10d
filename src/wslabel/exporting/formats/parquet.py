"""Parquet: one row a record, with types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from wslabel.errors import ExportError
from wslabel.exporting.formats._tabular import (
    FIELDS,
    column_names,
    differences,
    header_faults,
    row_faults,
    share_names,
    values,
)
from wslabel.exporting.formats.base import CHUNK, MAX_PROBLEMS, ExportContext, ExportFormat, ExportRow, Problem


class Parquet(ExportFormat):
    """Columns id, text, label, confidence, source, covered, weight, ``p_<label>``, then the record's other columns.

    Probabilities are doubles; the other columns keep their types.
    """

    extension: ClassVar[str] = "parquet"
    uncovered: ClassVar[bool] = True
    weights: ClassVar[bool] = True
    empty_text: ClassVar[bool] = True

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write the rows in row groups of `CHUNK`."""
        import pyarrow.parquet as pq

        schema, source, count = _schema(context), iter(rows), 0
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            while chunk := list(islice(source, CHUNK)):
                writer.write_batch(_batch(chunk, schema), row_group_size=CHUNK)
                count += len(chunk)
        return count

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Check columns, types and values, and that every row is the one that was written."""
        try:
            return list(islice(_problems(path, context), MAX_PROBLEMS))
        except (pa.ArrowException, OSError) as error:
            return [Problem(0, f"not a readable Parquet file: {error}")]


def _schema(context: ExportContext) -> pa.Schema:
    types = {name: pa.float64() for name in ("confidence", "weight", *[f"p_{label}" for label in context.labels])}
    types["covered"] = pa.bool_()
    names = column_names(context)[: len(FIELDS) + len(context.labels)]
    fields = [pa.field(name, types.get(name, pa.string()), nullable=False) for name in names]
    return pa.schema([*fields, *context.schema])


def _batch(chunk: list[ExportRow], schema: pa.Schema) -> pa.RecordBatch:
    rows = [values(row) for row in chunk]
    try:
        return pa.RecordBatch.from_pylist(rows, schema=schema)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise ExportError(
            f"parquet, records {chunk[0].id} to {chunk[-1].id}: a column cannot be written: {error}. "
            "Give the column one plain type, or drop it from the corpus."
        ) from error


def _problems(path: Path, context: ExportContext) -> Iterator[Problem]:
    import pyarrow.parquet as pq

    written = context.written()
    with pq.ParquetFile(path) as file:
        faults = [*header_faults(file.schema_arrow.names, context), *_type_faults(file.schema_arrow)]
        yield from faults
        if faults:
            return
        seen, shares, line = set[str](), list[str](), 0
        for line, found in enumerate(_rows(file), start=1):
            shares = share_names(found, context) if line == 1 else shares
            yield from _null_faults(line, found) or row_faults(line, found, seen, shares)
            if written is not None:
                yield from differences(line, found, next(written, None))
    if line == 0:
        yield Problem(0, "the file holds no row")
    if written is not None and (missing := next(written, None)):
        yield Problem(line + 1, "the file ends; expected a row for this record", missing.id)


def _rows(file: Any) -> Iterator[dict[str, Any]]:
    for batch in file.iter_batches(batch_size=CHUNK):
        yield from batch.to_pylist()


def _type_faults(schema: pa.Schema) -> list[Problem]:
    faults = []
    for name in FIELDS:
        wanted = {"confidence": pa.float64(), "weight": pa.float64(), "covered": pa.bool_()}.get(name, pa.string())
        if name in schema.names and schema.names.count(name) == 1 and schema.field(name).type != wanted:
            faults.append(Problem(0, f"the column {name!r} holds {schema.field(name).type}; expected {wanted}"))
    return faults


def _null_faults(line: int, found: dict[str, Any]) -> list[Problem]:
    return [Problem(line, f"{name} is null", str(found["id"] or "")) for name in FIELDS if found[name] is None]


FORMAT = Parquet
