"""One test body over all export formats: a new file in ``exporting/formats`` is covered as soon as it is there."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from wslabel.core.labels import Labels
from wslabel.core.records import Records, read_records
from wslabel.core.task import Kind
from wslabel.exporting import ExportContext, ExportFormat, ExportRow, export, format_names, validate_file
from wslabel.exporting.formats.base import MAX_PROBLEMS, Span
from wslabel.exporting.formats.jsonl import Jsonl
from wslabel.exporting.registry import load_formats
from wslabel.testing import check_export_format

LABELS = ("negative", "a, \"quoted\" 'label'", "=ünï-日本 ")
SPANS = ("PER", "ünï-日本", "ORG")
TEXTS = [
    "plain",
    "two\nlines",
    "lone\rreturn",
    "both\r\nof them",
    'quotes " and \' and ""',
    "comma, semicolon; tab\t",
    "=HYPERLINK(1)",
    "'=apostrophe",
    "''",
    "-1",
    " leading and trailing ",
    "emoji 👩🏽‍⚕️ and 日本語",
    "bidi \u202eabc\u202c \u05d0",
    "separators \u2028 \u2029 \x85 \x0b \x0c \x1c",
    "nul \x00 and \x07",
    "\ufeffmark",
    "<b>&amp;</b> | `code` \\ {{ x }}",
    "long " * 40_000,
]


CASES = [(name, kind) for name in format_names() for kind in load_formats(name)[name].kinds]


@pytest.fixture(params=CASES, ids=[f"{name}-{kind}" for name, kind in CASES])
def case(request: pytest.FixtureRequest) -> tuple[str, Kind]:
    return request.param


@pytest.fixture
def kind(case: tuple[str, Kind]) -> Kind:
    return case[1]


@pytest.fixture
def format(case: tuple[str, Kind]) -> ExportFormat:
    (loaded,) = load_formats(case[0]).values()
    return loaded


@pytest.fixture
def path(tmp_path: Path, case: tuple[str, Kind], format: ExportFormat) -> Path:
    path = tmp_path / format.files(case[0])[0]
    path.parent.mkdir(exist_ok=True)
    return path


def rows(kind: Kind, texts: list[str] = TEXTS) -> list[ExportRow]:
    return [as_kind(row, kind) for row in single_rows(texts)]


def as_kind(row: ExportRow, kind: Kind) -> ExportRow:
    if kind == "multilabel":
        held = (row.label,) if row.confidence < 0.7 or len(row.text) % 2 else (LABELS[0], LABELS[2])
        return replace(row, label="", labels=held)
    if kind == "spans":
        words = list(re.finditer(r"(?<!\S)\w+(?!\S)", row.text))[:2]
        spans = tuple(Span(word.start(), word.end(), SPANS[at], 0.5) for at, word in enumerate(words))
        return replace(row, label="", probs={}, spans=spans)
    return row


def single_rows(texts: list[str]) -> list[ExportRow]:
    made = []
    for i, text in enumerate(texts):
        probs = np.roll([0.7, 0.2, 0.1], i % 3).tolist()
        source = ("model", "human", "gold")[i % 3]
        columns = {
            "n": None if i % 4 == 1 else -i,
            "note": None if i % 5 == 1 else text,
            "at": datetime.date(2026, 1, 2),
        }
        named = dict(zip(LABELS, probs))
        made.append(ExportRow(f'id {i}, "=x"', text, max(named, key=named.__getitem__), 0.7, source, named, columns))
    return made


def context(written: list[ExportRow], kind: Kind) -> ExportContext:
    schema = pa.schema([("n", pa.int64()), ("note", pa.string()), ("at", pa.date32())])
    return ExportContext(SPANS if kind == "spans" else LABELS, schema, lambda: written, kind)


@pytest.mark.parametrize("name", format_names())
def test_a_format_conforms(name: str) -> None:
    check_export_format(load_formats(name)[name], name)


def test_a_format_that_loses_a_row_does_not_conform() -> None:
    class Lossy(Jsonl):
        def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
            return super().write(list(rows)[:-1], path, context)

    with pytest.raises(AssertionError, match="number of rows"):
        check_export_format(Lossy())


def test_every_text_comes_back(format: ExportFormat, kind: Kind, path: Path) -> None:
    written = rows(kind)
    assert format.write(iter(written), path, context(written, kind)) == len(written)
    assert format.validate(path, context(written, kind)) == []


def test_a_file_is_valid_on_its_own(format: ExportFormat, kind: Kind, path: Path) -> None:
    format.write(rows(kind), path, context(rows(kind), kind))
    assert format.validate(path, ExportContext()) == []


def test_equal_rows_give_equal_bytes(format: ExportFormat, kind: Kind, path: Path) -> None:
    format.write(rows(kind), path, context(rows(kind), kind))
    first = path.read_bytes()
    format.write(rows(kind), path, context(rows(kind), kind))
    assert path.read_bytes() == first


def relabeled(row: ExportRow, kind: Kind) -> ExportRow:
    if kind == "spans":
        return replace(row, spans=tuple(replace(span, label=SPANS[2]) for span in row.spans))
    return replace(row, label=LABELS[1]) if kind == "single" else replace(row, labels=(LABELS[1],))


@pytest.mark.parametrize("change", ["missing", "added", "swapped", "text", "label"])
def test_a_file_that_holds_other_rows_is_found(format: ExportFormat, kind: Kind, path: Path, change: str) -> None:
    written = rows(kind)
    format.write(written, path, context(written, kind))
    expected = list(written)
    if change == "missing":
        expected.append(rows(kind, [*TEXTS, "one more"])[-1])
    elif change == "added":
        del expected[-1]
    elif change == "swapped":
        expected[3:5] = expected[4:2:-1]
    else:
        expected[3] = relabeled(written[3], kind) if change == "label" else replace(written[3], text="other")
        if change == "text" and kind == "spans":
            expected[3] = as_kind(replace(expected[3], id=written[3].id), kind)
    problems = format.validate(path, context(expected, kind))
    assert [problem.severity for problem in problems[:1]] == ["error"]
    if change in ("swapped", "text", "label"):
        assert problems[0].record == expected[3].id


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00broken", b"PAR1", b"{", b"id,text\r\n1,2\r\n", b"\n\n"])
def test_a_broken_file_is_reported_and_does_not_raise(
    format: ExportFormat, kind: Kind, path: Path, content: bytes
) -> None:
    path.write_bytes(content)
    for known in (ExportContext(), context(rows(kind), kind)):
        problems = format.validate(path, known)
        assert any(problem.severity == "error" for problem in problems)
        assert all(problem.message and problem.line >= 0 for problem in problems)


def test_a_truncated_file_is_found(format: ExportFormat, kind: Kind, path: Path) -> None:
    format.write(rows(kind), path, context(rows(kind), kind))
    whole = path.read_bytes()
    for part in (0.3, 0.6, 0.9):
        path.write_bytes(whole[: int(len(whole) * part)])
        assert any(problem.severity == "error" for problem in format.validate(path, context(rows(kind), kind)))


def test_a_file_wrong_throughout_gives_a_bounded_list(format: ExportFormat, kind: Kind, path: Path) -> None:
    many = rows(kind, [f"text {i}" for i in range(300)])
    format.write(many, path, context(many, kind))
    shifted = context(rows(kind, [f"other {i}" for i in range(300)]), kind)
    assert 0 < len(format.validate(path, shifted)) <= MAX_PROBLEMS


def test_rows_are_streamed(format: ExportFormat, kind: Kind, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    chunk = 500
    for name in format_names():
        monkeypatch.setattr(f"wslabel.exporting.formats.{name}.CHUNK", chunk, raising=False)
    first, alive, most = rows(kind, ["t"])[0], 0, 0

    class Counted(dict[str, object]):
        def __init__(self) -> None:
            nonlocal alive, most
            super().__init__(first.columns)
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    source = (replace(first, id=str(i), columns=Counted()) for i in range(3 * chunk))
    assert format.write(source, path, context([], kind)) == 3 * chunk
    # A chunk that is being written, the next one that is being collected, and the row just made.
    assert most <= 2 * chunk + 1


def test_all_formats_stand_side_by_side_in_one_folder(tmp_path: Path) -> None:
    texts = [text for text in TEXTS if text]
    records: Records = read_records([{"id": str(i), "text": text, "label": i} for i, text in enumerate(texts)])
    probs = [np.roll([0.7, 0.2, 0.1], i % 3) for i in range(len(texts))]
    labels = Labels([str(i) for i in range(len(texts))], probs, LABELS)
    names = [name for name, kind in CASES if kind == "single"]
    result = export(labels, records, tmp_path, names)
    assert list(result.paths) == names
    for name, file in result.paths.items():
        assert [problem for problem in validate_file(file, name) if problem.severity == "error"] == []
