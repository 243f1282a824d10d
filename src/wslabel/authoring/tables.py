"""Tables beside a suite: CSV, TSV, JSONL, Parquet, or a table in a database, read as columns of text."""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from wslabel.authoring.databases import DATABASES, as_texts, read_database
from wslabel.errors import LabelingFunctionError

DELIMITERS = {".csv": ",", ".tsv": "\t"}
EXPECTED = (
    "a file that ends in .csv, .tsv, .jsonl or .parquet, or a table in a database: kb.sqlite#drugs, kb.duckdb#drugs"
)
Rows = Sequence[Sequence[Any]]


def read_columns(source: Path) -> pa.Table:
    """Return a table with all its values as text, "" for null; the rows of a database sorted, as they have no order.

    Parameters
    ----------
    source
        A file; of a database ``file#table``.

    Raises
    ------
    LabelingFunctionError
        What is wrong, in which file and line, and what was expected.
    """
    file, name = _split(source)
    suffix = file.suffix.lower()
    if suffix in DATABASES:
        table = _table(*read_database(file, name), str(source))
    elif suffix in DELIMITERS:
        table = _delimited(file, DELIMITERS[suffix])
    elif suffix == ".jsonl":
        table = _jsonl(file)
    elif suffix == ".parquet":
        table = _parquet(file)
    else:
        raise LabelingFunctionError(f"{source}: no table of a known kind. Expected {EXPECTED}.")
    if not len(table):
        raise LabelingFunctionError(f"{source}: the table is empty. Expected a header and at least one row.")
    return table


def _content(file: Path) -> bytes:
    """Return the bytes of a file."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise LabelingFunctionError(f"{file}: cannot be read: {error.strerror}.") from None


def _decoded(data: bytes, file: Path) -> str:
    """Return bytes of UTF-8 as text, without a byte order mark."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise LabelingFunctionError(f"{file}: not valid UTF-8 (byte {error.start}). Save it as UTF-8.") from None


def _split(source: Path) -> tuple[Path, str]:
    """Return the file, and the table in it; a name may hold a ``#`` of its own."""
    before, mark, name = source.name.rpartition("#")
    inside = mark and Path(before).suffix.lower() in DATABASES
    return (source.with_name(before), name) if inside else (source, "")


def _delimited(file: Path, delimiter: str) -> pa.Table:
    """Read with Arrow; what it refuses, or takes although it is malformed, is left to the csv module."""
    data = _content(file)
    if _well_quoted(data, delimiter):
        with suppress(pa.ArrowInvalid, UnicodeDecodeError, csv.Error):
            return _by_arrow(data, delimiter)
    return _by_csv(_decoded(data, file), file, delimiter)


def _well_quoted(data: bytes, delimiter: str) -> bool:
    """Tell whether each quote belongs to a field that is quoted as a whole."""
    edge = rb"[\n\r" + delimiter.encode() + rb"]"
    quoted = rb"(?:\A(?:\xef\xbb\xbf)?|(?<=" + edge + rb'))"(?:[^"]++|"")*+"(?=' + edge + rb"|\Z)"
    return b'"' not in data or b'"' not in re.sub(quoted, b"", data)


def _by_arrow(data: bytes, delimiter: str) -> pa.Table:
    lines = io.TextIOWrapper(io.BytesIO(data), "utf-8-sig", newline="")
    header = next(csv.reader(lines, delimiter=delimiter, strict=True), [])
    if not header or len(set(header)) < len(header):
        raise pa.ArrowInvalid("The header is left to the csv module.")
    return pa_csv.read_csv(
        pa.BufferReader(data),
        pa_csv.ReadOptions(use_threads=False),
        pa_csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        pa_csv.ConvertOptions(column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False),
    )


def _by_csv(text: str, file: Path, delimiter: str) -> pa.Table:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        header = _unique(next(reader, []), file)
        for row in reader:
            if row and len(row) != len(header):
                raise LabelingFunctionError(
                    f"{file}, line {reader.line_num}: {len(row)} fields; the header has {len(header)}."
                )
            if row:
                rows.append(row)
    except csv.Error as error:
        raise LabelingFunctionError(
            f"{file}, line {reader.line_num}: {error}. Look for a stray or open quote."
        ) from None
    return _table(header, rows, str(file))


def _jsonl(file: Path) -> pa.Table:
    found: list[Mapping[str, Any]] = []
    for number, line in enumerate(_content(file).removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            raise LabelingFunctionError(f"{file}, line {number}: not valid JSON: {error}.") from None
        if not isinstance(row, dict):
            raise LabelingFunctionError(f"{file}, line {number}: {str(row)[:80]!r}. Expected a JSON object.")
        for name, value in row.items():
            if isinstance(value, bool | list | dict):
                raise LabelingFunctionError(f"{file}, line {number}: {name} is {value!r:.80}. Expected a string.")
        found.append(row)
    header = list(dict.fromkeys(name for row in found for name in row))
    return _table(header, [[row.get(name) for name in header] for row in found], str(file))


def _parquet(file: Path) -> pa.Table:
    try:
        table = pq.read_table(pa.BufferReader(_content(file)))
        _unique(table.column_names, file)
        return pa.table({name: table[name].cast(pa.string()).fill_null("") for name in table.column_names})
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError) as error:
        raise LabelingFunctionError(f"{file}: no Parquet file with columns of text or numbers: {error}.") from None


def _unique(header: Sequence[str], where: Path) -> Sequence[str]:
    twice = [name for name, times in Counter(header).items() if times > 1]
    if twice:
        raise LabelingFunctionError(f"{where}: the column {twice[0]!r} stands twice. Remove one.")
    return header


def _table(header: Sequence[str], rows: Rows, where: str) -> pa.Table:
    columns: Iterator[Sequence[str]] = zip(*map(as_texts, rows)) if rows else iter([()] * len(header))
    try:
        return pa.table({name: pa.array(column, pa.string()) for name, column in zip(header, columns)})
    except UnicodeEncodeError as error:
        raise LabelingFunctionError(
            f"{where}: {error.object!r:.80} holds half a character (a lone surrogate)."
        ) from None
