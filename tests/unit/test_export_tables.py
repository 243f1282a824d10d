from __future__ import annotations

import csv
import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wslabel.core.cells import harmless, original
from wslabel.core.labels import Labels
from wslabel.core.records import read_records
from wslabel.errors import ExportError
from wslabel.exporting import ExportContext, ExportRow, export, validate_file
from wslabel.exporting.formats._tabular import FIELDS
from wslabel.exporting.formats.csv import Csv
from wslabel.exporting.formats.parquet import Parquet

HEADER = "id,text,label,confidence,source,covered,weight,p_x,p_y"
LABELS = Labels(["a", "b"], [[0.9, 0.1], [0.25, 0.75]], ["x", "y"])


def broken(tmp_path: Path, *lines: str | bytes) -> list[str]:
    path = tmp_path / "broken.csv"
    path.write_bytes(b"\r\n".join(line if isinstance(line, bytes) else line.encode() for line in lines) + b"\r\n")
    return [str(problem) for problem in validate_file(path, "csv")]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["id,text,label,source", "a,t,x,model"], "line 1: there is no column 'confidence'"),
        (
            ["id,text,label,confidence,source,covered,weight,id", "a,t,x,1,model,true,1,a"],
            "line 1: the column 'id' stands twice",
        ),
        ([HEADER], "the file holds no row"),
        ([HEADER, "a,t,x,0.9,model,true,1,0.9"], "line 2: 8 fields; the header has 9"),
        ([HEADER, 'a,"t,x,0.9,model,true,1,0.9,0.1'], "line 2: not valid CSV"),
        ([HEADER, b"a,\xff,x,0.9,model,true,1,0.9,0.1"], "not valid UTF-8"),
        ([HEADER, "a,t,x,1.5,model,true,1,0.9,0.1"], "line 2: confidence is 1.5; expected 0..1 (record a)"),
        ([HEADER, "a,t,x,nan,model,true,1,0.9,0.1"], "confidence is nan"),
        ([HEADER, "a,t,x,high,model,true,1,0.9,0.1"], "confidence is 'high'; expected a number"),
        ([HEADER, "a,t,x,0.9,robot,true,1,0.9,0.1"], "the source is 'robot'"),
        ([HEADER, "a,t,x,0.9,model,true,-1,0.9,0.1"], "weight is -1.0; expected a number from 0"),
        ([HEADER, "a,t,x,0.9,model,perhaps,1,0.9,0.1"], "covered is 'perhaps'; expected true or false"),
        ([HEADER, "a,t,,0.9,model,true,1,0.9,0.1"], "the label is empty"),
        ([HEADER, "a,t,x,1,model,true,1,1,0", "a,u,x,1,model,true,1,1,0"], "line 3: the id 'a' stands twice"),
        ([HEADER, "a,=1+1,x,1,model,true,1,1,0"], "text is '=1+1', which a spreadsheet takes for a formula (record a)"),
        ([HEADER, 'a,"two\r\nlines",x,1,model,true,1,1,0', "b,@x,x,1,model,true,1,1,0"], "line 4: text is '@x'"),
    ],
)
def test_each_broken_csv_is_found(tmp_path: Path, lines: list[str | bytes], message: str) -> None:
    assert any(message in problem for problem in broken(tmp_path, *lines))


def test_numbers_are_no_formulas(tmp_path: Path) -> None:
    assert broken(tmp_path, HEADER + ",change", "a,t,x,1,model,true,1,1,0,-5") == []


@pytest.mark.parametrize(
    "text", ["=a", "+a", "-a", "@a", "\ta", "\ra", "\na", "＝a", "＋a", "－a", "＠a", "'=a", "''=a"]
)
def test_formulas_are_neutralised_and_original(text: str) -> None:
    assert harmless(text) == "'" + text
    assert original("'" + text) == text


@pytest.mark.parametrize("text", ["", "a=b", "'a'", " =a", "1-2", "'"])
def test_other_texts_are_left_alone(text: str) -> None:
    assert harmless(text) == text == original(text)


def test_cells_of_every_type(tmp_path: Path) -> None:
    columns: dict[str, Any] = {
        "n": -5,
        "d": Decimal("-1.50"),
        "ok": True,
        "none": None,
        "day": datetime.date(2026, 1, 2),
        "raw": b"\x01",
        "many": ["=a", 1],
        "=name": "-text",
    }
    row = ExportRow("=id", "t", "x", 0.5, "human", {"x": 0.5}, columns)
    context = ExportContext(("x",), pa.schema([(name, pa.string()) for name in columns]), lambda: [row])
    path = tmp_path / "a.csv"
    Csv().write([row], path, context)
    with path.open(newline="") as file:
        header, cells = list(csv.reader(file))
    assert header == [*FIELDS, "p_x", *list(columns)[:-1], "'=name"]
    assert cells[:8] == ["'=id", "t", "x", "0.5", "human", "true", "1.0", "0.5"]
    assert cells[8:] == ["-5", "-1.50", "true", "", "2026-01-02", "01", '["=a", 1]', "'-text"]
    assert Csv().validate(path, context) == []


def test_parquet_keeps_types_and_order(tmp_path: Path) -> None:
    table = pa.table(
        {
            "id": ["a", "b"],
            "text": ["t", ""],
            "n": pa.array([1, None], pa.int16()),
            "tags": [["p"], None],
            "kind": pa.array(["k", "l"]).dictionary_encode(),
            "at": pa.array([1, 2], pa.timestamp("ns", "UTC")),
            "nan": [float("nan"), [1.0][0]],
            "nested": [{"p": [float("nan")]}, None],
        }
    )
    result = export(LABELS, read_records(table), tmp_path, "parquet")
    found = pq.read_table(result.paths["parquet"])
    names = [*FIELDS, "p_x", "p_y", "n", "tags", "kind", "at", "nan", "nested"]
    assert found.schema.names == names
    assert found.schema.field("n").type == pa.int16()
    assert found.schema.field("kind").type == pa.string()
    assert found.schema.field("at").type == pa.timestamp("ns", "UTC")
    assert found["label"].to_pylist() == ["x", "y"]
    assert found["p_y"].to_pylist() == [0.1, 0.75]
    assert found["n"].to_pylist() == [1, None]


def test_a_column_of_a_reserved_name_gets_an_underscore(tmp_path: Path) -> None:
    rows = [{"id": i, "text": "t", "label": i * 2, "p_x": "own", "label_": "kept"} for i in "ab"]
    found = pq.read_table(export(LABELS, read_records(rows), tmp_path, "parquet").paths["parquet"]).to_pylist()
    assert (found[0]["label"], found[0]["label__"], found[0]["label_"], found[0]["p_x_"]) == ("x", "aa", "kept", "own")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda table: table.drop_columns(["source"]), "there is no column 'source'"),
        (lambda table: table.set_column(3, "confidence", pa.array(["1", "2"])), "'confidence' holds string; expected"),
        (lambda table: table.set_column(3, "confidence", pa.array([1.0, 2.0])), "row 2: confidence is 2.0"),
        (lambda table: table.set_column(0, "id", pa.array(["a", None])), "row 2: id is null"),
        (lambda table: table.set_column(0, "id", pa.array(["a", "a"])), "row 2: the id 'a' stands twice"),
        (lambda table: table.slice(0, 0), "the file holds no row"),
    ],
)
def test_each_broken_parquet_is_found(tmp_path: Path, change: Any, message: str) -> None:
    records = read_records([{"id": i, "text": "t"} for i in "ab"])
    path = export(LABELS, records, tmp_path, "parquet").paths["parquet"]
    pq.write_table(change(pq.read_table(path)), path)
    problems = [str(problem).replace("line", "row", 1) for problem in validate_file(path, "parquet")]
    assert any(message in problem for problem in problems), problems


def test_a_value_that_its_column_cannot_hold_is_named_by_records(tmp_path: Path) -> None:
    rows = [ExportRow(i, "t", "x", 0.5, "model", {"x": 0.5}, {"n": value}) for i, value in [("a", 1), ("b", "two")]]
    with pytest.raises(ExportError, match="records a to b: a column cannot be written"):
        Parquet().write(rows, tmp_path / "a.parquet", ExportContext(("x",), pa.schema([("n", pa.int64())])))


@pytest.mark.parametrize("name", ["csv", "parquet"])
def test_a_column_that_looks_like_a_probability_is_no_fault(tmp_path: Path, name: str) -> None:
    records = read_records([{"id": i, "text": "t", "p_price": 5.5} for i in "ab"])
    path = export(LABELS, records, tmp_path, name).paths[name]
    assert validate_file(path, name) == []
