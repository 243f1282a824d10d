import gzip
import json

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from wslabel import read_records
from wslabel.core.records import corpus_paths
from wslabel.errors import CorpusError


def write_jsonl(path, rows):
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def read_all(records, size=10_000):
    quarantine = []
    rows = [row for batch in records.batches(quarantine, size) for row in batch.to_pylist()]
    return rows, quarantine


ROWS = [{"id": f"r{i}", "text": f"text {i}", "gold": "a" if i % 2 else None} for i in range(25)]


@pytest.mark.parametrize("ending", [".jsonl", ".jsonl.gz", ".csv", ".tsv", ".parquet"])
def test_every_format_gives_the_same_records(tmp_path, ending):
    path = tmp_path / f"corpus{ending}"
    frame = pd.DataFrame(ROWS)
    if ending == ".jsonl":
        write_jsonl(path, ROWS)
    elif ending == ".jsonl.gz":
        path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in ROWS).encode()))
    elif ending == ".parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False, sep="," if ending == ".csv" else "\t")
    rows, quarantine = read_all(read_records(path, gold="gold"))
    assert [(row["id"], row["text"]) for row in rows] == [(row["id"], row["text"]) for row in ROWS]
    assert [row["gold"] or None for row in rows] == [row["gold"] for row in ROWS]
    assert quarantine == []


def test_txt_has_a_record_a_line_and_skips_blank_ones(tmp_path):
    path = tmp_path / "corpus.txt"
    path.write_bytes("\ufefffirst\r\n\n second \n".encode())
    rows, _ = read_all(read_records(path))
    assert [row["text"] for row in rows] == ["first", " second "]


def test_text_is_kept_byte_for_byte(tmp_path):
    texts = ["  two  spaces\t", "line\nbreak\r\n", "e\u0301 İ ß \u202e 😀", "", "\u2028", "“quotes”"]
    path = write_jsonl(tmp_path / "c.jsonl", [{"text": text} for text in texts])
    assert [row["text"] for row in read_all(read_records(path))[0]] == texts
    csv_path = tmp_path / "c.csv"
    pd.DataFrame({"text": texts}).to_csv(csv_path, index=False)
    assert [row["text"] for row in read_all(read_records(csv_path))[0]] == texts


def test_batches_are_cut_to_size_across_files(tmp_path):
    write_jsonl(tmp_path / "a.jsonl", ROWS[:7])
    write_jsonl(tmp_path / "b.jsonl", ROWS[7:])
    sizes = [batch.num_rows for batch in read_records(tmp_path).batches(size=10)]
    assert sizes == [10, 10, 5]


def test_records_can_be_read_again(tmp_path):
    records = read_records(write_jsonl(tmp_path / "c.jsonl", ROWS))
    assert read_all(records) == read_all(records)
    assert len(records) == 25


def test_ids_derived_from_text_number_the_copies():
    rows, _ = read_all(read_records([{"text": "a"}, {"text": "b"}, {"text": "a"}, {"text": "a"}]))
    ids = [row["id"] for row in rows]
    assert ids[2] == f"{ids[0]}-2"
    assert ids[3] == f"{ids[0]}-3"
    assert len(set(ids)) == 4


def test_id_column_may_hold_numbers():
    assert [row["id"] for row in read_all(read_records(pd.DataFrame({"id": [7, 8], "text": ["a", "b"]})))[0]] == [
        "7",
        "8",
    ]


def test_ids_may_be_numbers_and_strings_side_by_side(tmp_path):
    path = write_jsonl(tmp_path / "c.jsonl", [{"id": 1, "text": "a"}, {"id": "x", "text": "b"}])
    assert [row["id"] for row in read_all(read_records(path))[0]] == ["1", "x"]


def test_a_frame_with_two_columns_of_one_name_is_refused():
    with pytest.raises(CorpusError, match="two columns called 'text'"):
        read_records(pd.DataFrame([["a", "b"]], columns=["text", "text"]))


def test_columns_are_renamed_to_the_common_names():
    records = read_records([{"key": "k", "body": "b", "text": "other", "y": "a"}], id="key", text="body", gold="y")
    assert read_all(records)[0] == [{"id": "k", "text": "b", "gold": "a", "text_": "other"}]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"id": "x", "text": "cut', "not valid JSON"),
        ('["a", "list"]', "a list; expected a JSON object"),
        ('{"id": "x"}', "is null"),
        ('{"id": "x", "text": null}', "is null"),
        ('{"id": "x", "text": 5}', "holds a number; expected a string"),
        ('{"id": null, "text": "t"}', "the id is null"),
        ('{"id": "r3", "text": "again"}', "the id 'r3' stands already at"),
        ('{"id": "x", "text": "\\ud800"}', "not valid UTF-8"),
        ('{"id": "x", "text": "a\0b"}', "not valid JSON"),
    ],
)
def test_malformed_jsonl_rows_are_quarantined(tmp_path, line, reason):
    path = write_jsonl(tmp_path / "c.jsonl", ROWS)
    path.write_text(path.read_text() + line + "\n")
    rows, quarantine = read_all(read_records(path, max_quarantine_rate=0.1))
    assert len(rows) == 25
    assert len(quarantine) == 1
    assert (quarantine[0].file, quarantine[0].line) == (str(path), 26)
    assert reason in quarantine[0].reason


def test_first_value_of_the_text_column_may_be_the_wrong_one(tmp_path):
    path = write_jsonl(tmp_path / "c.jsonl", [{"id": "x", "text": 5}, *ROWS])
    rows, quarantine = read_all(read_records(path, max_quarantine_rate=0.1))
    assert len(rows) == 25
    assert quarantine[0].line == 1


def test_invalid_utf8_lines_are_quarantined(tmp_path):
    path = write_jsonl(tmp_path / "c.jsonl", ROWS)
    path.write_bytes(path.read_bytes() + b'{"id": "x", "text": "\xff\xfe"}\n')
    _, quarantine = read_all(read_records(path, max_quarantine_rate=0.1))
    assert "not valid UTF-8" in quarantine[0].reason


@pytest.mark.parametrize(
    ("row", "reason"),
    [
        (b"x,too,many,fields\n", "4 fields; the header has 3"),
        (b"x,few\n", "2 fields; the header has 3"),
        (b"x,a\0b,a\n", "NUL"),
        (b"x,\xff\xfe,a\n", "not valid UTF-8"),
        (b'x,"open,a\n', "not valid CSV"),
    ],
)
def test_malformed_csv_rows_are_quarantined(tmp_path, row, reason):
    path = tmp_path / "c.csv"
    pd.DataFrame(ROWS).to_csv(path, index=False)
    path.write_bytes(path.read_bytes() + row)
    rows, quarantine = read_all(read_records(path, max_quarantine_rate=0.1))
    assert len(rows) == 25
    assert len(quarantine) == 1
    assert quarantine[0].line == 27
    assert reason in quarantine[0].reason


@pytest.mark.parametrize("stray", [[30], [30, 60], [0], [99]])
def test_a_stray_quote_costs_its_own_line_only(tmp_path, stray):
    path = tmp_path / "c.csv"
    rows = [f"{chr(34) if i in stray else ''}row {i},x" for i in range(100)]
    path.write_text("text,other\n" + "\n".join(rows) + "\n")
    kept, quarantine = read_all(read_records(path, max_quarantine_rate=0.5))
    assert len(kept) + len(quarantine) == 100
    assert [row.line for row in quarantine] == [i + 2 for i in stray]
    assert quarantine[0].content == f'"row {stray[0]},x'


def test_nan_is_null_in_jsonl_and_empty_gold_is_unknown(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_text('{"text": "a", "gold": NaN}\n{"text": "b", "gold": "x"}\n')
    assert [row["gold"] for row in read_all(read_records(path, gold="gold"))[0]] == [None, "x"]


def test_runs_and_exports_inside_a_corpus_folder_are_no_corpus(tmp_path):
    write_jsonl(tmp_path / "c.jsonl", ROWS)
    (tmp_path / "run" / "votes").mkdir(parents=True)
    (tmp_path / "run" / "manifest.json").write_text('{"wslabel": "0.1.0"}')
    write_jsonl(tmp_path / "run" / "votes" / "faults.jsonl", [{"x": 1}])
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "manifest.json").write_text("{}")
    write_jsonl(tmp_path / "mine" / "more.jsonl", [{"text": "more"}])
    assert [path.name for path in corpus_paths(tmp_path)] == ["c.jsonl", "more.jsonl"]


def test_a_corpus_of_malformed_rows_only_says_why(tmp_path):
    path = write_jsonl(tmp_path / "c.jsonl", [{"text": 1}])
    with pytest.raises(CorpusError, match=r"All 1 rows .* malformed. The first: .*line 1: column 'text'"):
        read_all(read_records(path, max_quarantine_rate=1))


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path):
    path = tmp_path / "c.csv"
    pd.DataFrame(ROWS).to_csv(path, index=False, encoding="utf-8-sig")
    assert read_records(path).columns == ("id", "text", "gold")
    path = tmp_path / "c.jsonl"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(ROWS[0]).encode())
    assert read_records(path).columns == ("id", "text", "gold")


def test_quoted_csv_fields_may_hold_line_breaks_and_be_long(tmp_path):
    path = tmp_path / "c.csv"
    path.write_text('text\n"two\nlines"\n"' + "x" * 500_000 + '"\n')
    rows, quarantine = read_all(read_records(path))
    assert [len(row["text"]) for row in rows] == [9, 500_000]
    assert quarantine == []


def test_too_many_malformed_rows_stop_the_pass(tmp_path):
    path = write_jsonl(tmp_path / "c.jsonl", [*ROWS, {"id": "x"}])
    with pytest.raises(CorpusError, match=r"1 of 26 rows are malformed; max_quarantine_rate is 0.01.*line 26"):
        read_all(read_records(path))


def test_counts_add_up(tmp_path):
    path = write_jsonl(tmp_path / "c.jsonl", [*ROWS, {"id": "x"}, {"text": "t"}])
    rows, quarantine = read_all(read_records(path, max_quarantine_rate=0.2))
    assert len(rows) + len(quarantine) == 27


def test_parquet_nulls_are_quarantined(tmp_path):
    path = tmp_path / "c.parquet"
    pq.write_table(pa.table({"text": ["a", None, "b"]}), path)
    rows, quarantine = read_all(read_records(path, max_quarantine_rate=0.5))
    assert len(rows) == 2
    assert quarantine[0].line == 2


@pytest.mark.parametrize("content", ["", "\n\n", "text\n"])
def test_an_empty_corpus_is_an_error(tmp_path, content):
    path = tmp_path / ("c.csv" if content.startswith("text") else "c.jsonl")
    path.write_text(content)
    with pytest.raises(CorpusError, match="holds no record"):
        read_all(read_records(path))


def test_empty_frames_and_lists_are_errors():
    with pytest.raises(CorpusError, match="holds no record"):
        read_records(pd.DataFrame({"text": []}))
    with pytest.raises(CorpusError):
        read_records([])


def test_an_unknown_column_suggests(tmp_path):
    path = write_jsonl(tmp_path / "c.jsonl", [{"id": "a", "sentence": "t"}])
    with pytest.raises(CorpusError, match=r"line 1: there is no column 'sentense'. Did you mean \"sentence\""):
        read_all(read_records(path, text="sentense"))


@pytest.mark.parametrize("name", ["nothing.jsonl", "*.jsonl", "folder"])
def test_missing_files_are_errors(tmp_path, name):
    (tmp_path / "folder").mkdir()
    with pytest.raises(CorpusError, match=r"no such file|no corpus file"):
        read_records(tmp_path / name)


def test_unknown_formats_and_damaged_files_are_errors(tmp_path):
    (tmp_path / "c.docx").write_text("x")
    with pytest.raises(CorpusError, match="not a corpus format"):
        read_records(tmp_path / "c.docx")
    (tmp_path / "c.parquet").write_text("x")
    with pytest.raises(CorpusError, match=r"c.parquet: cannot be read"):
        read_all(read_records(tmp_path / "c.parquet"))
    (tmp_path / "c.jsonl.gz").write_text("x")
    with pytest.raises(CorpusError, match=r"c.jsonl.gz: cannot be read"):
        read_all(read_records(tmp_path / "c.jsonl.gz"))


def test_globs_and_folders_are_sorted_and_files_count_once(tmp_path):
    for name in ("b.jsonl", "a.jsonl", "c.txt", "notes.md"):
        (tmp_path / name).write_text("{}")
    assert [path.name for path in corpus_paths(tmp_path)] == ["a.jsonl", "b.jsonl", "c.txt"]
    found = corpus_paths([tmp_path / "*.jsonl", tmp_path / "a.jsonl"])
    assert [path.name for path in found] == ["a.jsonl", "b.jsonl"]


def test_a_column_that_changes_its_type_between_files_is_an_error(tmp_path):
    write_jsonl(tmp_path / "a.jsonl", [{"text": "a", "n": [1]}])
    write_jsonl(tmp_path / "b.jsonl", [{"text": "b", "n": {"x": 1}}])
    with pytest.raises(CorpusError, match="A column changes its type within the corpus"):
        read_all(read_records(tmp_path))


def test_texts_come_in_the_order_asked_for():
    records = read_records([{"id": "a", "text": "A"}, {"id": "b", "text": "B"}])
    assert records.texts(["b", "a"]) == ["B", "A"]
    with pytest.raises(CorpusError, match="no record 'c'"):
        records.texts(["c"])


def test_fingerprint_follows_content_and_columns(tmp_path):
    path = write_jsonl(tmp_path / "c.jsonl", ROWS)
    before = read_records(path).fingerprint
    assert read_records(path).fingerprint == before
    assert read_records(path, gold="gold").fingerprint != before
    write_jsonl(path, ROWS[1:])
    assert read_records(path).fingerprint != before


def test_numbers_are_read_as_they_stand(tmp_path):
    path = tmp_path / "c.jsonl"
    path.write_text('{"id": 123456789012345678901, "text": "a"}\n{"id": 9007199254740993, "text": "b"}\n')
    records = read_records(path, max_quarantine_rate=1)
    aside = []
    assert [record for batch in records.batches(aside) for record in batch["id"].to_pylist()] == ["9007199254740993"]
    assert "123456789012345678901" in aside[0].content


def test_text_with_nul_bytes_may_be_utf_16(tmp_path):
    path = tmp_path / "c.txt"
    path.write_bytes("one\ntwo\n".encode("utf-16-le"))
    with pytest.raises(CorpusError, match="may be UTF-16"):
        list(read_records(path).batches())


def test_a_record_is_located_by_file_and_line_past_malformed_rows(tmp_path):
    (tmp_path / "a.jsonl").write_text('{"id": "a", "text": "x"}\nbroken\n{"id": "b", "text": "y"}\n')
    (tmp_path / "b.csv").write_text('id,text\nc,"two\nlines"\nd,z\n')
    records = read_records([tmp_path / "a.jsonl", tmp_path / "b.csv"], max_quarantine_rate=0.5)
    assert records.locate("b") == (str(tmp_path / "a.jsonl"), 3)
    assert records.locate("d") == (str(tmp_path / "b.csv"), 4)
    with pytest.raises(CorpusError, match="holds no record 'e'"):
        records.locate("e")
