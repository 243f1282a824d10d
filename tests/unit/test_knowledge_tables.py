import csv
import io
import json
import sqlite3
import sys

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel import gazetteer, table
from wslabel.authoring.tables import read_columns
from wslabel.errors import LabelingFunctionError

ROWS = [
    {"alias": "Aspirin", "id": "D1", "type": "drug", "source": "a, b"},
    {"alias": "Méniere", "id": "7", "type": "", "source": 'said "x"'},
    {"alias": "NA", "id": "007", "type": "drug", "source": "null"},
]
NAMES = ("kb.csv", "kb.tsv", "kb.jsonl", "kb.parquet", "kb.db#drugs", "kb.sqlite#drugs", "kb.duckdb#drugs")


def write(folder, name):
    """Write `ROWS` as the file that the name asks for, and return its source."""
    header = list(ROWS[0])
    file, rows = folder / name.partition("#")[0], [tuple(row.values()) for row in ROWS]
    if name.endswith(("csv", "tsv")):
        with file.open("w", newline="") as out:
            csv.writer(out, delimiter="," if name.endswith("csv") else "\t").writerows([header, *rows])
    elif name.endswith("jsonl"):
        file.write_text("\n".join(json.dumps({**row, "type": row["type"] or None}) for row in ROWS) + "\n\n")
    elif name.endswith("parquet"):
        columns = pa.table({key: [row[key] or None for row in ROWS] for key in header})
        columns = columns.set_column(0, "alias", columns["alias"].dictionary_encode())
        pq.write_table(columns, file)
    else:
        connect = sqlite3.connect if "duckdb" not in name else pytest.importorskip("duckdb").connect
        database = connect(str(file))
        database.execute("CREATE TABLE drugs (alias TEXT, id TEXT, type TEXT, source TEXT)")
        database.executemany("INSERT INTO drugs VALUES (?, ?, ?, ?)", rows)
        database.commit()
        database.close()
    return folder / name


@pytest.mark.parametrize("name", NAMES)
def test_all_sources_give_the_same_rows_and_the_same_gazetteer(name, tmp_path):
    source = write(tmp_path, name)
    in_order = sorted(ROWS, key=lambda row: row["alias"]) if "#" in name else ROWS
    assert table(source) == tuple(in_order)
    lf = gazetteer("f", votes="x", source=source, types=["drug"])
    assert sorted(lf.matcher.any_of) == ["Aspirin", "NA"]
    assert lf.spans("aspirin, n/a and NA") == [(0, 7), (17, 19)]
    again = gazetteer("f", votes="x", source=source, types=["drug"])
    assert lf.fingerprint == again.fingerprint
    assert lf.fingerprint != gazetteer("f", votes="x", source=source).fingerprint


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.csv", 'alias\n"open\n\n', "a.csv, line 3: unexpected end of data. Look for a stray or open quote"),
        ("a.csv", 'alias,id\n"a"b,c\n', "a.csv, line 2: ',' expected after '\"'"),
        ("a.csv", 'alias,id\n"two\nlines",c\n\nx\n', "a.csv, line 5: 1 fields; the header has 2"),
        ("a.tsv", "alias\tid\na\tb\tc\n", "a.tsv, line 2: 3 fields; the header has 2"),
        ("a.csv", "alias,alias\na,b\n", "the column 'alias' stands twice"),
        ("a.csv", "alias,id\n", "the table is empty"),
        ("a.csv", "", "the table is empty"),
        ("a.jsonl", '{"alias": "a"}\n{"alias"\n', "a.jsonl, line 2: not valid JSON"),
        ("a.jsonl", '["a"]\n', "a.jsonl, line 1: .* Expected a JSON object"),
        ("a.jsonl", '{"alias": ["a"]}\n', "a.jsonl, line 1: alias is .* Expected a string"),
        ("a.parquet", "no", "a.parquet: no Parquet file"),
        ("a.db#drugs", "no database at all, but long enough to be read", "a.db: not a SQLite database"),
        ("a.duckdb#drugs", "no database at all", "a.duckdb: not a DuckDB database"),
        ("a.xml", "<a/>", "Expected a file that ends in .csv, .tsv, .jsonl or .parquet, or a table"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(name, content, message, tmp_path):
    (tmp_path / name.partition("#")[0]).write_text(content)
    with pytest.raises(LabelingFunctionError, match=message):
        table(tmp_path / name)


@pytest.mark.parametrize("name", NAMES)
def test_a_file_that_is_not_there(name, tmp_path):
    with pytest.raises(LabelingFunctionError, match="cannot be read: No such file"):
        table(tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("name", ["kb.sqlite", "kb.duckdb"])
def test_a_table_of_a_database_is_named(name, tmp_path):
    source = write(tmp_path, f"{name}#drugs")
    with pytest.raises(LabelingFunctionError, match=rf"no table 'people'; it has drugs. Expected, say, {name}#drugs"):
        table(str(source).replace("#drugs", "#people"))
    with pytest.raises(LabelingFunctionError, match="no table is named; it has drugs"):
        table(tmp_path / name)


def test_without_duckdb_the_message_tells_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "duckdb", None)
    with pytest.raises(LabelingFunctionError, match="pip install 'wslabel\\[duckdb\\]', or export the table"):
        table(tmp_path / "kb.duckdb#drugs")


def test_a_hash_in_a_name_is_no_table(tmp_path):
    folder = tmp_path / "c#.db#1"
    folder.mkdir()
    file = write(folder, "kb.csv").rename(folder / "kb#2.csv")
    assert len(table(file)) == len(table(write(folder, "kb.db#drugs"))) == len(ROWS)


def test_line_ends_in_values_and_unusual_line_separators_stay(tmp_path):
    (tmp_path / "a.csv").write_bytes('\ufeffalias,id\r\n"two\r\nlines",1\r\na\u2028b\x85c,2\r\n'.encode())
    assert [row["alias"] for row in table(tmp_path / "a.csv")] == ["two\r\nlines", "a\u2028b\x85c"]
    (tmp_path / "latin.csv").write_bytes(b"alias\ncaf\xe9\n")
    with pytest.raises(LabelingFunctionError, match=r"not valid UTF-8 \(byte 9\)"):
        table(tmp_path / "latin.csv")


@settings(max_examples=300, deadline=None)
@given(st.text(st.sampled_from('aé",\n\r\t '), max_size=12))
def test_a_csv_file_is_what_the_csv_module_reads(tmp_path_factory, text):
    text = "x,y\n" + text
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        rows = []
    file = tmp_path_factory.getbasetemp() / "generated.csv"
    file.write_bytes(text.encode())
    if len(rows) > 1 and all(len(row) == 2 for row in rows):
        assert [list(row.values()) for row in read_columns(file).to_pylist()] == rows[1:]
    else:
        with pytest.raises(LabelingFunctionError):
            read_columns(file)
