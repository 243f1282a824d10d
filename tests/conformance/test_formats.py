"""One test body over all export formats: a new file in ``exporting/formats`` is covered as soon as it is there."""

from __future__ import annotations

import datetime
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from wslabel.core.labels import Labels
from wslabel.core.records import Records, read_records
from wslabel.exporting import ExportContext, ExportFormat, ExportRow, export, format_names, validate_file
from wslabel.exporting.formats.base import CHUNK, MAX_PROBLEMS
from wslabel.exporting.registry import load_formats

LABELS = ("negative", "a, \"quoted\" 'label'", "=ünï-日本 ")
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


@pytest.fixture(params=format_names())
def format(request: pytest.FixtureRequest) -> ExportFormat:
    (loaded,) = load_formats(request.param).values()
    return loaded


@pytest.fixture
def path(tmp_path: Path, format: ExportFormat) -> Path:
    return tmp_path / f"file.{format.extension}"


def rows(texts: list[str] = TEXTS) -> list[ExportRow]:
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


def context(written: list[ExportRow]) -> ExportContext:
    schema = pa.schema([("n", pa.int64()), ("note", pa.string()), ("at", pa.date32())])
    return ExportContext(LABELS, schema, lambda: written)


def test_every_text_comes_back(format: ExportFormat, path: Path) -> None:
    written = rows()
    assert format.write(iter(written), path, context(written)) == len(written)
    assert format.validate(path, context(written)) == []


def test_a_file_is_valid_on_its_own(format: ExportFormat, path: Path) -> None:
    format.write(rows(), path, context(rows()))
    assert format.validate(path, ExportContext()) == []


def test_equal_rows_give_equal_bytes(format: ExportFormat, path: Path) -> None:
    format.write(rows(), path, context(rows()))
    first = path.read_bytes()
    format.write(rows(), path, context(rows()))
    assert path.read_bytes() == first


@pytest.mark.parametrize("change", ["missing", "added", "swapped", "text", "label"])
def test_a_file_that_holds_other_rows_is_found(format: ExportFormat, path: Path, change: str) -> None:
    written = rows()
    format.write(written, path, context(written))
    expected = list(written)
    if change == "missing":
        expected.append(rows([*TEXTS, "one more"])[-1])
    elif change == "added":
        del expected[-1]
    elif change == "swapped":
        expected[3:5] = expected[4:2:-1]
    else:
        other = "other" if change == "text" else LABELS[1]
        fields = {name: getattr(written[3], name) for name in ExportRow.__dataclass_fields__}
        expected[3] = ExportRow(**fields | {change: other})
    problems = format.validate(path, context(expected))
    assert [problem.severity for problem in problems[:1]] == ["error"]
    if change in ("swapped", "text", "label"):
        assert problems[0].record == expected[3].id


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00broken", b"PAR1", b"{", b"id,text\r\n1,2\r\n", b"\n\n"])
def test_a_broken_file_is_reported_and_does_not_raise(format: ExportFormat, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    for known in (ExportContext(), context(rows())):
        problems = format.validate(path, known)
        assert any(problem.severity == "error" for problem in problems)
        assert all(problem.message and problem.line >= 0 for problem in problems)


def test_a_truncated_file_is_found(format: ExportFormat, path: Path) -> None:
    format.write(rows(), path, context(rows()))
    whole = path.read_bytes()
    for part in (0.3, 0.6, 0.9):
        path.write_bytes(whole[: int(len(whole) * part)])
        assert any(problem.severity == "error" for problem in format.validate(path, context(rows())))


def test_a_file_wrong_throughout_gives_a_bounded_list(format: ExportFormat, path: Path) -> None:
    many = rows([f"text {i}" for i in range(300)])
    format.write(many, path, context(many))
    shifted = context(rows([f"other {i}" for i in range(300)]))
    assert 0 < len(format.validate(path, shifted)) <= MAX_PROBLEMS


def test_rows_are_streamed(format: ExportFormat, path: Path) -> None:
    first, alive, most = rows(["t"])[0], 0, 0

    class Counted(dict[str, float]):
        def __init__(self) -> None:
            nonlocal alive, most
            super().__init__(first.probs)
            alive += 1
            most = max(most, alive)

        def __del__(self) -> None:
            nonlocal alive
            alive -= 1

    source = (ExportRow(str(i), "t", first.label, 0.7, "model", Counted(), first.columns) for i in range(3 * CHUNK))
    assert format.write(source, path, context([])) == 3 * CHUNK
    # A chunk that is being written, the next one that is being collected, and the row just made.
    assert most <= 2 * CHUNK + 1


def test_all_formats_stand_side_by_side_in_one_folder(tmp_path: Path) -> None:
    texts = [text for text in TEXTS if text]
    records: Records = read_records([{"id": str(i), "text": text, "label": i} for i, text in enumerate(texts)])
    probs = [np.roll([0.7, 0.2, 0.1], i % 3) for i in range(len(texts))]
    labels = Labels([str(i) for i in range(len(texts))], probs, LABELS)
    result = export(labels, records, tmp_path, format_names())
    assert list(result.paths) == format_names()
    for name, file in result.paths.items():
        assert [problem for problem in validate_file(file, name) if problem.severity == "error"] == []
