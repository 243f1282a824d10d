from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from broken_files import Broken, broken_files, valid_files
from click.testing import CliRunner

from wslabel.cli import main
from wslabel.core.labels import Labels
from wslabel.core.records import read_records
from wslabel.exporting import export, validate_file

BROKEN = list(broken_files())
VALID = list(valid_files())


@pytest.mark.parametrize("broken", BROKEN, ids=[f"{each.format}: {each.name}" for each in BROKEN])
def test_each_fault_is_found_where_it_is(tmp_path: Path, broken: Broken) -> None:
    path = tmp_path / "file"
    path.write_bytes(broken.content)
    problems = [each for each in validate_file(path, broken.format) if each.severity == "error"]
    assert any(broken.message in each.message for each in problems), problems
    if broken.line:
        assert broken.line in [each.line for each in problems if broken.message in each.message], problems


@pytest.mark.parametrize(("format", "name", "content"), VALID, ids=[f"{format}: {name}" for format, name, _ in VALID])
def test_a_valid_file_of_somebody_else_has_no_fault(tmp_path: Path, format: str, name: str, content: bytes) -> None:
    path = tmp_path / "file"
    path.write_bytes(content)
    assert [each for each in validate_file(path, format) if each.severity == "error"] == []


def test_the_catalogue_is_large_and_has_every_fault_once() -> None:
    assert len(BROKEN) >= 200
    assert len({(each.format, each.content) for each in BROKEN}) == len(BROKEN)


def exported(tmp_path: Path, format: str) -> Path:
    records = read_records([{"id": i, "text": f"text {i}"} for i in "abc"])
    labels = Labels("abc", [[0.9, 0.1], [0.2, 0.8], [0.7, 0.3]], ["up", "down"])
    return export(labels, records, tmp_path, format).paths[format]


def ints(*values: int) -> pa.Array:
    return pa.array(values, pa.int64())


TABLES: list[tuple[str, int, Any, str]] = [
    ("parquet", 1, lambda t: t.drop_columns(["source"]), "there is no column 'source'"),
    ("parquet", 0, lambda t: put(t, "confidence", pa.array(["1"] * 3)), "'confidence' holds string"),
    ("parquet", 2, lambda t: put(t, "confidence", pa.array([1.0, 2.0, 1.0])), "confidence is 2.0"),
    ("parquet", 2, lambda t: put(t, "id", pa.array(["a", None, "c"])), "id is null"),
    ("parquet", 3, lambda t: put(t, "id", pa.array(["a", "b", "a"])), "the id 'a' stands twice"),
    ("parquet", 0, lambda t: t.slice(0, 0), "the file holds no row"),
    ("huggingface", 0, lambda t: t.replace_schema_metadata({}), "the schema has no features"),
    ("huggingface", 0, lambda t: t.drop_columns(["weight"]), "expected those of the features"),
    ("huggingface", 2, lambda t: put(t, "label", ints(0, 2, 0)), "the label is 2; expected the index of a class, 0..1"),
    ("huggingface", 3, lambda t: put(t, "id", pa.array(["a", "b", "a"])), "the id 'a' stands twice"),
    ("huggingface", 2, lambda t: put(t, "text", pa.array(["a", None, "c"])), "text is None"),
    ("huggingface", 1, lambda t: put(t, "probs", pa.array([[0.5]] * 3)), "expected 2 numbers, one a label"),
    ("huggingface", 1, lambda t: put(t, "probs", pa.array([[0.5, 0.4]] * 3)), "probs sum to 0.9"),
    ("huggingface", 1, lambda t: put(t, "confidence", pa.array([1.5] * 3)), "confidence is 1.5"),
    ("huggingface", 0, lambda t: t.slice(0, 0), "the file holds no row"),
]


def put(table: pa.Table, name: str, column: pa.Array) -> pa.Table:
    return table.set_column(table.schema.get_field_index(name), name, column)


@pytest.mark.parametrize(("format", "line", "change", "message"), TABLES, ids=[f"{f}: {m}" for f, _, _, m in TABLES])
def test_each_broken_table_is_found(tmp_path: Path, format: str, line: int, change: Any, message: str) -> None:
    path = exported(tmp_path, format)
    assert validate_file(path, format) == []
    pq.write_table(change(pq.read_table(path)), path)
    problems = validate_file(path, format)
    assert any(message in each.message and each.line == line for each in problems), problems


CARDS = {
    "": "does not begin with metadata",
    "---\nconfigs: []\n---\n": "has no dataset_info",
    "---\ndataset_info: {}\n---\n": "has no configs",
    "---\nconfigs: []\ndataset_info: {}\n---\n": "do not have the column 'id'",
}


@pytest.mark.parametrize("card", CARDS)
def test_each_broken_card_is_found(tmp_path: Path, card: str) -> None:
    path = exported(tmp_path, "huggingface")
    (path.parent / "README.md").write_text(card)
    assert CARDS[card] in validate_file(path, "huggingface")[0].message
    (path.parent / "README.md").unlink()
    assert "there is no README.md" in validate_file(path, "huggingface")[0].message


def test_each_broken_docbin_is_found(tmp_path: Path) -> None:
    import spacy
    from spacy.tokens import DocBin

    nlp, path = spacy.blank("en"), tmp_path / "file.spacy"

    def told(*cats: dict[str, float] | None, texts: str = "text") -> list[str]:
        docs = DocBin()
        for given in cats:
            doc = nlp(texts)
            doc.cats = given or {}
            docs.add(doc)
        docs.to_disk(path)
        return [str(each) for each in validate_file(path, "spacy_docbin")]

    assert told({"up": 1.0, "down": 0.0}, {"up": 0.0, "down": 1.0}) == []
    assert "line 2: the cats are ['up']" in told({"up": 1.0, "down": 0.0}, {"up": 1.0})[0]
    assert "cats['up'] is 1.5" in told({"up": 1.5})[0]
    assert "there are no cats, spans or ents" in told(None)[0]
    assert "the text is empty" in told({"up": 1.0}, texts="")[0]
    assert "holds no document" in told()[0]
    path.write_bytes(path.read_bytes()[:-3])
    assert "not a readable DocBin" in str(validate_file(path, "spacy_docbin")[0])


def test_data_rows_of_labelbox_are_checked_with_the_annotations(tmp_path: Path) -> None:
    path = exported(tmp_path, "labelbox")
    beside = tmp_path / "labelbox_rows.ndjson"
    assert validate_file(path, "labelbox") == []
    rows = [json.loads(line) for line in beside.read_text().splitlines()]
    for change, message in [({"row_data": ""}, "row_data is ''"), ({"global_key": "a"}, "'a' stands twice")]:
        beside.write_text("".join(json.dumps(row) + "\n" for row in [rows[0], {**rows[1], **change}]))
        (problem,) = validate_file(path, "labelbox")
        assert problem.line == 2
        assert message in problem.message


def test_the_command_tells_line_fault_and_what_was_expected(tmp_path: Path) -> None:
    path = tmp_path / "file.jsonl"
    path.write_text('{"text": "t", "label": ["x"]}\n{"text": "t", "label": "x"}\n')
    result = CliRunner().invoke(main, ["validate", str(path), "--format", "doccano"])
    assert result.exit_code == 1
    assert "label is 'x'" in result.stdout
    assert "a list" in result.stdout
    result = CliRunner().invoke(main, ["validate", str(path), "--format", "doccano", "--json"])
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert told["valid"] is False
    assert told["problems"] == [
        {"line": 2, "what": "label is 'x'", "expected": "a list", "record": "", "severity": "error"}
    ]
    path.write_text('{"text": "t", "label": ["x"]}\n')
    result = CliRunner().invoke(main, ["validate", str(path), "--format", "doccano"])
    assert (result.exit_code, "valid doccano" in result.stdout) == (0, True)
    result = CliRunner().invoke(main, ["validate", str(path), "--format", "docano"])
    assert 'Did you mean "doccano"' in result.output
    assert CliRunner().invoke(main, ["validate", str(tmp_path / "none"), "--format", "csv"]).exit_code == 1
