"""Formats of JSON objects: one object a line, or the elements of one array, each read back with its line."""

from __future__ import annotations

import datetime
import json
import math
from abc import abstractmethod
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import Any, BinaryIO, ClassVar

import orjson

from wslabel.errors import ExportError
from wslabel.exporting.formats.base import (
    MAX_PROBLEMS,
    ExportContext,
    ExportFormat,
    ExportRow,
    Problem,
    excerpt,
    require_text,
)

Read = tuple[int, Any, str]
"""The line on which an object begins, the object, and what is wrong with its JSON (empty when nothing is)."""
_BLOCK = 1 << 18
_SEPARATORS = {letter.encode(): f"\\u{ord(letter):04x}".encode() for letter in "\x85\u2028\u2029"}
"""Legal inside a JSON string, but taken for the end of a line by readers that use ``str.splitlines``."""


class JsonFormat(ExportFormat):
    """The base of formats whose examples are JSON objects.

    A format says which objects a record becomes (`examples`), which rules an object of a file must keep
    (`checker`), and what a reader of the format takes from an object (`held`), which is compared with what the
    record carries (`carried`).
    """

    extension: ClassVar[str] = "jsonl"
    name: ClassVar[str]
    array: ClassVar[bool] = False
    """Written as one array, an element a line; then lines of objects are read as well."""

    @abstractmethod
    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return the objects that stand for a record, one or more."""

    @abstractmethod
    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return a function that yields what is wrong with an object; a new one for each file."""

    @abstractmethod
    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return what a reader takes from an object that keeps the rules."""

    @abstractmethod
    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return what a reader should take from each of a record's objects."""

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write the objects of each row; a row that the format cannot carry raises `ExportError`."""
        count, first = 0, True
        with path.open("wb") as file:
            write, option = file.write, 0 if self.array else orjson.OPT_APPEND_NEWLINE
            write(b"[\n" if self.array else b"")
            for row in rows:
                if not row.text and not self.empty_text:
                    require_text(self.name, row)
                for example in self.examples(row, context):
                    if self.array and not first:
                        write(b",\n")
                    write(encoded(example, self.name, row.id, option))
                    first = False
                count += 1
            write(b"\n]\n" if self.array else b"")
        return count

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Check the rules of the format and that every object is of the row that was written."""
        return list(islice(self._problems(path, context), MAX_PROBLEMS))

    def only(self, row: ExportRow, context: ExportContext) -> Any:
        """Return the one object that a row can become; None where it can become several, or several objects.

        What a reader parses is then compared with it as a whole, and the rules are checked one by one only from the
        first difference on. It is not made by `examples`.
        """
        return None

    def warnings(self, count: int) -> Iterator[str]:
        """Yield what a reader may refuse about a file of so many objects."""
        return iter(())

    def _problems(self, path: Path, context: ExportContext) -> Iterator[Problem]:
        check, written = self.checker(), context.written()
        with path.open("rb") as file:
            line = count = 0
            if written is not None and not self.array:
                count, written = self._as_written(file, written, context)
            expected = self._expected(written, context)
            for line, example, fault in read_array(file) if self.array else read_lines(file, count + 1):
                count += 1
                record, wanted = ("", None) if expected is None else next(expected, ("", None))
                faults = [fault] if fault else list(check(example))
                if not faults and expected is not None:
                    faults = list(_differences(self.held(example, context), wanted))
                for each in faults:
                    yield Problem(line, each, record)
        if expected is not None and (missing := next(expected, None)):
            yield Problem(max(line, count) + 1, "the file ends; expected an example for this record", missing[0])
        if count == 0:
            yield Problem(0, "the file holds no example; expected at least one")
        yield from (Problem(0, warning, severity="warning") for warning in self.warnings(count))

    def _as_written(
        self, file: BinaryIO, written: Iterator[ExportRow], context: ExportContext
    ) -> tuple[int, Iterator[ExportRow]]:
        """Read the first lines that hold just the object of their row; return their number, and the other rows."""
        count = end = 0
        for row in written:
            raw, only = file.readline(), self.only(row, context)
            try:
                if only is None or orjson.loads(raw) != only:
                    break
            except orjson.JSONDecodeError:
                break
            count += 1
            end += len(raw)
        else:
            return count, iter(())
        file.seek(end)
        return count, chain((row,), written)

    def _expected(
        self, written: Iterator[ExportRow] | None, context: ExportContext
    ) -> Iterator[tuple[str, Mapping[str, Any]]] | None:
        if written is None:
            return None
        return ((row.id, one) for row in written for one in self.carried(row, context))


def encoded(example: Any, name: str, record: str, option: int = 0) -> bytes:
    """Return an object as one line of JSON in UTF-8, by default without the line's end."""
    try:
        line = orjson.dumps(example, option=option)
    except (TypeError, ValueError) as error:
        raise ExportError(f"{name}, record {record}: cannot be written as JSON: {error}. Mend the record.") from error
    if b"\xc2\x85" in line or b"\xe2\x80" in line:
        for letter, escape in _SEPARATORS.items():
            line = line.replace(letter, escape)
    return line


def plain(value: Any, what: str) -> Any:
    """Return a cell as a JSON value: times as ISO 8601, bytes in hexadecimal, decimals as text.

    Raises
    ------
    ExportError
        A number that JSON does not have: NaN or infinity.
    """
    if isinstance(value, float) and not math.isfinite(value):
        raise ExportError(f"{what} is {value}, which JSON does not have. Make it null, or drop the column.")
    if value is None or isinstance(value, str | int | float):
        return value
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(key): plain(each, what) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [plain(each, what) for each in value]
    return str(value) if isinstance(value, Decimal | datetime.timedelta) else repr(value)


def plain_columns(row: ExportRow, name: str) -> dict[str, Any]:
    """Return a row's other columns as JSON values."""
    return {key: plain(value, f"{name}, record {row.id}: {key}") for key, value in row.columns.items()}


def parsed(raw: bytes) -> tuple[Any, str]:
    """Return the JSON value of a line, or what is wrong with it."""
    try:
        value = _DECODER.decode(raw.decode("utf-8"))
    except UnicodeDecodeError as error:
        return None, f"not valid UTF-8 (byte {error.start}); expected UTF-8"
    except (ValueError, RecursionError) as error:
        return None, "an empty line; expected a JSON object" if not raw.strip() else f"not valid JSON: {error}"
    return value, _surrogates(raw, value)


def read_lines(file: BinaryIO, first: int = 1) -> Iterator[Read]:
    """Yield the objects of a file of JSON lines; the line that is read next has the number `first`."""
    for line, raw in enumerate(file, start=first):
        value, fault = parsed(raw)
        yield line, value, fault or ("" if isinstance(value, dict) else _no_object(value))


def read_array(file: BinaryIO) -> Iterator[Read]:
    """Yield the objects of a file that is one JSON array, or of JSON lines, a block in memory at a time."""
    head = file.read(_BLOCK)
    file.seek(0)
    if head.lstrip()[:1] not in (b"[", b""):
        yield from read_lines(file)
        return
    yield from _Elements(file).read()


class _Elements:
    """The elements of a JSON array, read in blocks."""

    def __init__(self, file: BinaryIO) -> None:
        self._file, self._line, self._buffer, self._at, self._ended = file, 1, "", 0, False
        self._rest = b""

    def read(self) -> Iterator[Read]:
        try:
            if not self._peek():
                return
            self._at += 1
            if self._peek() != "]":
                while True:
                    yield self._element()
                    if self._peek() == "]":
                        break
                    if self._peek() != ",":
                        raise ValueError("expected , or ]")
                    self._at += 1
                    self._peek()
            self._at += 1
            if self._peek():
                raise ValueError("extra data behind the array")
        except UnicodeDecodeError as error:
            yield self._line, None, f"not valid UTF-8 (at or behind this line): {error.reason}"
        except (ValueError, RecursionError) as error:
            yield self._line, None, f"not valid JSON: {error}"

    def _element(self) -> Read:
        self._peek()
        while True:
            try:
                value, end = _DECODER.raw_decode(self._buffer, self._at)
            except json.JSONDecodeError as error:
                if self._more(len(self._buffer)):
                    continue
                self._line += self._buffer.count("\n", self._at, error.pos)
                raise ValueError(error.msg) from error
            if end < len(self._buffer) or not self._more():
                break
        line, raw = self._line, self._buffer[self._at : end]
        self._line += raw.count("\n")
        self._at = end
        return (
            line,
            value,
            _surrogates(raw.encode("utf-8"), value) or ("" if isinstance(value, dict) else _no_object(value)),
        )

    def _peek(self) -> str:
        """Return the next character that is no white space; empty at the end."""
        while True:
            while self._at < len(self._buffer) and self._buffer[self._at] in " \t\r\n":
                self._line += self._buffer[self._at] == "\n"
                self._at += 1
            if self._at < len(self._buffer):
                return self._buffer[self._at]
            if not self._more():
                return ""

    def _more(self, least: int = 0) -> bool:
        raw = self._file.read(max(_BLOCK, least))
        if self._ended:
            return False
        self._ended = not raw
        whole = self._rest + raw
        try:
            text, self._rest = whole.decode("utf-8"), b""
        except UnicodeDecodeError as error:
            if self._ended or error.start < len(whole) - 3:
                raise
            text, self._rest = whole[: error.start].decode("utf-8"), whole[error.start :]
        self._buffer, self._at = self._buffer[self._at :] + text, 0
        return True


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"the key {excerpt(twice)} stands twice in an object")
    return found


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


_DECODER = json.JSONDecoder(parse_constant=_no_constant, object_pairs_hook=_once)


def _surrogates(raw: bytes, value: Any) -> str:
    if b"\\u" in raw:
        try:
            json.dumps(value, ensure_ascii=False).encode("utf-8")
        except UnicodeEncodeError:
            return "a text holds half of a surrogate pair; expected whole characters"
    return ""


def _no_object(value: Any) -> str:
    return f"a {type(value).__name__}; expected a JSON object"


def _differences(held: Mapping[str, Any], wanted: Mapping[str, Any] | None) -> Iterator[str]:
    if wanted is None:
        yield "an example more than records were written"
        return
    for name, value in wanted.items():
        if held.get(name) != value:
            yield f"{name} is {excerpt(held.get(name))}; expected {excerpt(value)}"
