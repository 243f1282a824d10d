"""Readers of corpus files: chunks of columns with their places, and the rows that cannot be read."""

from __future__ import annotations

import csv
import gzip
import io
import json
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO, cast

import orjson
import pyarrow as pa

from wslabel.errors import CorpusError, suggest

BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True)
class QuarantinedRow:
    """A row that is no record: where it stands, why, and as much of it as could be read."""

    file: str
    line: int
    reason: str
    content: str = ""


@dataclass
class Chunk:
    """Columns of equal length, the line (or row) number of each row, and the rows left out."""

    columns: dict[str, pa.Array]
    lines: list[int]
    bad: list[QuarantinedRow] = field(default_factory=list)


Row = tuple[int, dict[str, Any]]
Read = Iterator[Row | QuarantinedRow]
LINES_A_ROW = 10_000
"""Lines that one CSV row may go over; more is a quote that was never closed."""
SHOWN = 500
"""Characters of a malformed row that are kept."""


def read_file(path: Path, size: int, names: tuple[str, str]) -> Iterator[Chunk]:
    """Yield the file's rows in chunks of at most `size`; `names` are those of the text and the id column.

    Raises
    ------
    CorpusError
        The file is of no known format, cannot be opened, or is damaged as a whole.
    """
    name = path.name.lower()
    try:
        if name.endswith(".parquet"):
            yield from _parquet(path, size)
        else:
            rows = _row_reader(name)
            with _open(path) as file:
                yield from _chunks(rows(file, path), str(path), size, names)
    except (OSError, EOFError, pa.ArrowInvalid) as error:
        raise CorpusError(f"{path}: cannot be read: {error}") from error


def count_rows(path: Path) -> int | None:
    """Return the number of rows, of lines where the format is one of lines; None for compressed and missing files."""
    try:
        if path.suffix.lower() == ".parquet":
            import pyarrow.parquet as pq

            return int(pq.read_metadata(path).num_rows)
        if path.suffix.lower() not in _ROW_READERS:
            return None
        with path.open("rb") as file:
            return sum(piece.count(b"\n") for piece in iter(lambda: file.read(1 << 20), b""))
    except (OSError, pa.ArrowInvalid):
        return None


def known_format(path: Path) -> bool:
    """Tell whether the file's name ends like a corpus format."""
    name = path.name.lower()
    return name.endswith((*_ROW_READERS, *(f"{ending}.gz" for ending in _ROW_READERS), ".parquet"))


def formats() -> list[str]:
    """Return the endings of the corpus formats."""
    return [*_ROW_READERS, *(f"{ending}.gz" for ending in _ROW_READERS), ".parquet"]


def build_columns(rows: list[Row], names: list[str], file: str, text: str = "text", ids: str = "id") -> Chunk:
    """Turn rows into Arrow columns; a row whose value does not fit its column's type is set aside.

    Ids may be numbers and strings side by side.
    """
    bad: dict[int, str] = {}
    columns = {}
    for name in names:
        values = [row.get(name) for _, row in rows]
        if name == ids and any(isinstance(value, str) for value in values):
            values = [str(value) if isinstance(value, int) else value for value in values]
        columns[name], misfits = build_column(values, name, str if name == text else None)
        for place, reason in misfits.items():
            bad.setdefault(place, reason)
    keep = [place for place in range(len(rows)) if place not in bad]
    if bad:
        columns = {name: array.take(pa.array(keep, pa.int64())) for name, array in columns.items()}
    aside = [QuarantinedRow(file, rows[place][0], reason, shown(rows[place][1])) for place, reason in bad.items()]
    return Chunk(columns, [rows[place][0] for place in keep], aside)


def build_column(values: list[Any], name: str, wanted: type | None = None) -> tuple[pa.Array, dict[int, str]]:
    """Return an Arrow array of the values, and the places whose value does not fit, with the reason."""
    try:
        array = pa.array(values)
        if wanted is None or pa.types.is_string(array.type):
            return array, {}
    except (
        pa.ArrowInvalid,
        pa.ArrowTypeError,
        pa.ArrowNotImplementedError,
        UnicodeEncodeError,
        OverflowError,
    ):
        pass
    wanted = wanted or next((_type(value) for value in values if value is not None), str)
    fitting, misfits = [], {}
    for place, value in enumerate(values):
        reason = "" if value is None else _misfit(value, wanted, name)
        fitting.append(None if reason else value)
        if reason:
            misfits[place] = reason
    return pa.array(fitting, pa.string() if wanted is str else None), misfits


def shown(content: Any) -> str:
    """Return the beginning of a malformed row as text that can be written anywhere."""
    if isinstance(content, bytes):
        return content[:SHOWN].decode("utf-8", "replace")
    text = content if isinstance(content, str) else json.dumps(content, ensure_ascii=True, default=str)
    return text[:SHOWN].encode("utf-8", "replace").decode()


def _type(value: Any) -> type:
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def _kind(kind: type) -> str:
    names = {str: "a string", int: "a number", float: "a number", bool: "true or false", dict: "an object"}
    return names.get(kind, f"a {kind.__name__}")


def _misfit(value: Any, wanted: type, name: str) -> str:
    if _type(value) is not wanted:
        return f"column {name!r} holds {_kind(type(value))}; expected {_kind(wanted)}"
    try:
        pa.array([value])
    except UnicodeEncodeError:
        return f"column {name!r} is not valid UTF-8"
    except (pa.ArrowInvalid, OverflowError) as error:
        return f"column {name!r}: {error}"
    return ""


def _open(path: Path) -> BinaryIO:
    return cast(BinaryIO, gzip.open(path, "rb")) if path.name.lower().endswith(".gz") else path.open("rb")


def _chunks(rows: Read, file: str, size: int, special: tuple[str, str]) -> Iterator[Chunk]:
    names: dict[str, None] = {}
    while piece := list(islice(rows, size)):
        good = [row for row in piece if not isinstance(row, QuarantinedRow)]
        for _, row in good:
            if not names.keys() >= row.keys():
                names.update(dict.fromkeys(row))
        chunk = build_columns(good, list(names), file, *special)
        chunk.bad.extend(row for row in piece if isinstance(row, QuarantinedRow))
        yield chunk


def _jsonl(file: BinaryIO, path: Path) -> Read:
    for number, raw in enumerate(file, start=1):
        line = raw.removeprefix(BOM) if number == 1 else raw
        if not line.strip():
            continue
        try:
            row = _parsed(line)
        except UnicodeDecodeError as error:
            yield QuarantinedRow(str(path), number, f"not valid UTF-8 (byte {error.start})", shown(line))
        except (ValueError, RecursionError) as error:
            yield QuarantinedRow(str(path), number, f"not valid JSON: {error}", shown(line))
        else:
            if isinstance(row, dict):
                yield number, row
            else:
                reason = f"a {type(row).__name__}; expected a JSON object"
                yield QuarantinedRow(str(path), number, reason, shown(line))


_EXACT = 2.0**63


def _constant(name: str) -> float | None:
    """NaN is what other programs write for null."""
    return None if name == "NaN" else float(name)


_DECODER = json.JSONDecoder(parse_constant=_constant)


def _rounded(values: Iterable[Any]) -> bool:
    return any(type(value) is float and abs(value) >= _EXACT for value in values)


def _parsed(line: bytes) -> Any:
    """Return the JSON value of a line: what orjson refuses, or rounds, the slower decoder reads as it stands."""
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _DECODER.decode(line.decode("utf-8"))
    if isinstance(row, dict) and float in map(type, row.values()) and _rounded(row.values()):
        return _DECODER.decode(line.decode("utf-8"))
    return row


def _txt(file: BinaryIO, path: Path) -> Read:
    for number, raw in enumerate(file, start=1):
        line = (raw.removeprefix(BOM) if number == 1 else raw).rstrip(b"\r\n")
        if not line.strip():
            continue
        if b"\0" in line:
            reason = "holds a NUL byte; the file may be UTF-16: save it as UTF-8"
            yield QuarantinedRow(str(path), number, reason, shown(line))
            continue
        try:
            yield number, {"text": line.decode("utf-8")}
        except UnicodeDecodeError as error:
            yield QuarantinedRow(str(path), number, f"not valid UTF-8 (byte {error.start})", shown(line))


class _Lines:
    """Lines of a file for the CSV reader, which can be given back: a stray quote must cost one line, not the rest."""

    def __init__(self, source: Iterator[str]) -> None:
        self.number = 0
        self.taken: list[str] = []
        self._source = source
        self._again: deque[str] = deque()

    def __iter__(self) -> _Lines:
        return self

    def __next__(self) -> str:
        line = self._again.popleft() if self._again else next(self._source)
        self.number += 1
        self.taken.append(line)
        if len(self.taken) > LINES_A_ROW:
            raise csv.Error(f"a quoted field is still open after {LINES_A_ROW} lines")
        return line

    def give_back(self) -> str:
        """Take the first line of the row that failed; the others are read anew."""
        first, *others = self.taken
        self._again.extendleft(reversed(others))
        self.number -= len(others)
        return first


def _csv(file: BinaryIO, path: Path, delimiter: str = ",") -> Read:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    lines = _Lines(io.TextIOWrapper(file, encoding="utf-8-sig", errors="surrogateescape", newline=""))
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    header: list[str] | None = None
    while True:
        lines.taken.clear()
        start = lines.number + 1
        try:
            fields = next(reader)
            reason = "" if header is None or not fields else _csv_fault(fields, header)
        except StopIteration:
            return
        except csv.Error as error:
            fields, reason = [""], f"not valid CSV: {error}"
        if reason:
            yield QuarantinedRow(str(path), start, reason, shown(lines.give_back().rstrip("\r\n")))
            reader = csv.reader(lines, delimiter=delimiter, strict=True)
        elif fields and header is None:
            header = _header(fields, path)
        elif fields and header is not None:
            yield start, dict(zip(header, fields))


def _header(fields: list[str], path: Path) -> list[str]:
    twice = sorted({name for name in fields if fields.count(name) > 1})
    if twice:
        raise CorpusError(f"{path}, line 1: the header names the column {twice[0]!r} twice; give each its own name.")
    if any("\0" in name or not_utf8(name) for name in fields):
        raise CorpusError(f"{path}, line 1: the header is not UTF-8 text; save the file as UTF-8.")
    return fields


def _csv_fault(fields: list[str], header: list[str]) -> str:
    if len(fields) != len(header):
        return f"{len(fields)} fields; the header has {len(header)}"
    for name, value in zip(header, fields):
        if "\0" in value:
            return f"column {name!r} holds a NUL byte"
        if not_utf8(value):
            return f"column {name!r} is not valid UTF-8"
    return ""


def not_utf8(value: str) -> bool:
    """Tell whether a text holds surrogates, which is what Python makes of bytes that are not UTF-8."""
    return not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value)


def _tsv(file: BinaryIO, path: Path) -> Read:
    return _csv(file, path, delimiter="\t")


def _parquet(path: Path, size: int) -> Iterator[Chunk]:
    import pyarrow.parquet as pq

    start = 1
    with pq.ParquetFile(path, memory_map=True) as file:
        for batch in file.iter_batches(batch_size=size):
            columns = dict(zip(batch.schema.names, batch.columns))
            yield Chunk(columns, list(range(start, start + batch.num_rows)))
            start += batch.num_rows


_ROW_READERS: dict[str, Callable[[BinaryIO, Path], Read]] = {
    ".jsonl": _jsonl,
    ".csv": _csv,
    ".tsv": _tsv,
    ".txt": _txt,
}


def _row_reader(name: str) -> Callable[[BinaryIO, Path], Read]:
    ending = Path(name.removesuffix(".gz")).suffix
    if ending not in _ROW_READERS:
        raise CorpusError(f"{name}: no corpus format ends in {ending!r}. {suggest(ending, formats())}")
    return _ROW_READERS[ending]
