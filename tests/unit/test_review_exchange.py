import codecs
import csv
import json
import re
import sqlite3

import pytest

from wslabel import Issue, Issues, Labels, ReviewQueue
from wslabel.errors import ReviewError
from wslabel.review.exchange import COLUMNS

IDS = ["a", "=cmd|' /C calc'!A0", "-1", "'-1", "it's", "+4", "@x", "\tt", 'd,"e"', "ünï"]
TEXTS = [
    "=1+1",
    "two\nlines",
    'a "quote", a comma',
    "; semi\r\ncolon",
    "",
    "-5 degrees",
    "＝1",
    "plain",
    "\rcr",
    "\x00nul",
]
NAMES = ["ham", "-spam", "skip"]


def make(tmp_path, ids=IDS, texts=TEXTS):
    issues = Issues([Issue(i, "conflict", k / 100, "ham", "-spam") for k, i in enumerate(ids)])
    labels = Labels(ids, [[0.6, 0.4, 0]] * len(ids), NAMES)
    records = [{"id": i, "text": t} for i, t in zip(ids, texts)]
    return ReviewQueue(issues, records, labels, log=tmp_path / "review.db")


@pytest.fixture
def queue(tmp_path):
    return make(tmp_path)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "queue.csv"


def read(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write(path, rows, delimiter=",", encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), delimiter=delimiter)
        writer.writeheader()
        writer.writerows(rows)


def fill(path, decisions, **others):
    rows = read(path)
    for row, decision in zip(rows, decisions):
        row.update(decision=decision, **others)
    write(path, rows)


def test_the_export_has_a_row_an_item_and_opens_in_excel(queue, path):
    assert queue.export(path) == path
    assert path.read_bytes().startswith(codecs.BOM_UTF8)
    rows = read(path)
    assert tuple(rows[0]) == COLUMNS
    assert rows[0]["text"] == "'=1+1"
    assert rows[1] | {"id": ""} == {
        "id": "",
        "text": "two\nlines",
        "kind": "conflict",
        "score": "0.0100",
        "given": "ham",
        "suggested": "'-spam",
        "confidence": "0.6000",
        "decision": "",
        "reviewer": "",
        "note": "",
    }
    assert len(rows) == len(IDS)


def test_no_exported_cell_is_a_formula(queue, path):
    queue.export(path)
    cells = [cell for row in read(path) for cell in row.values()]
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))]


def test_every_id_comes_back(queue, path):
    queue.export(path)
    assert queue.import_decisions(path) == {"added": 0, "unchanged": 0, "empty": len(IDS)}
    assert not queue.log.path.exists()
    fill(path, ["'-spam", "-spam"] * 5)
    assert queue.import_decisions(path, reviewer="ada") == {"added": len(IDS), "unchanged": 0, "empty": 0}
    assert [one.id for one in queue.decisions()] == IDS
    assert {(one.label, one.reviewer, one.replaces) for one in queue.decisions()} == {("-spam", "ada", "ham")}
    assert all(one.text_hash and one.time for one in queue.decisions())


def test_a_second_import_adds_nothing(queue, path):
    queue.export(path)
    fill(path, [" ham ", "unsure", "reject", "skip", "", "ham"])
    assert queue.import_decisions(path) == {"added": 5, "unchanged": 0, "empty": 5}
    logged = queue.log.all()
    assert [(one.action, one.label) for one in logged] == [
        ("label", "ham"),
        ("unsure", None),
        ("reject", None),
        ("label", "skip"),  # a label of that name wins
        ("label", "ham"),
    ]
    assert queue.import_decisions(path) == {"added": 0, "unchanged": 5, "empty": 5}
    assert queue.log.all() == logged
    assert queue.import_decisions(path, reviewer="bob")["added"] == 5
    fill(path, ["-spam"], note="on second thought")
    assert queue.import_decisions(path) == {"added": 1, "unchanged": 4, "empty": 5}
    assert (queue.log.all()[-1].note, queue.log.all()[-1].replaces) == ("on second thought", "ham")


def test_the_reviewer_of_a_row_goes_before_the_one_of_the_call(queue, path):
    queue.export(path)
    fill(path, ["ham"], reviewer=" eve ")
    queue.import_decisions(path, reviewer="ada")
    assert [one.reviewer for one in queue.decisions()] == ["eve"]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_what_spreadsheets_save_is_read(queue, path, encoding, delimiter):
    write(path, [{"note": "fine, really", " decision": "ham", "id": "a"}], delimiter, encoding)
    assert queue.import_decisions(path)["added"] == 1
    assert queue.decisions()[0].note == "fine, really"


HEADER = "id,text,decision\r\n"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            f'{HEADER}a,"two\r\nlines",ham\r\n,,\r\naa,t,ham\r\n',
            "line 5: there is no record 'aa' among these 10",
        ),
        (
            f"{HEADER}a,t,ham\r\nit's,t,hamm\r\n",
            "line 3: 'hamm' is no decision. Did you mean \"ham\"\\? Choices: -spam",
        ),
        (f"{HEADER}a,t,ham\r\na,t,reject\r\n", "line 3: line 2 decides 'a' otherwise"),
        (f"{HEADER}a,t,ham\r\na,t,u,ham\r\n", "line 3: 4 cells under 3 columns"),
        (f'{HEADER}a,t,ham\r\n"a,t,ham\r\n', "line 3: not a row of CSV"),
        ("id,text,decison\r\na,t,ham\r\n", "line 1: there is no column 'decision'. Did you mean \"decison\""),
        ("", "the file is empty. Expected a header with the columns id, decision"),
        (f"{HEADER}a,t,ham\r\na,é,ham\r\n".encode("latin-1"), "line 3: not UTF-8. Save it as"),
    ],
)
def test_a_mistake_is_named_with_file_and_line_and_nothing_is_logged(queue, path, content, message):
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(ReviewError, match=f"queue.csv(, |: ){message}"):
        queue.import_decisions(path)
    assert not queue.log.path.exists()


def test_a_missing_file_is_named(queue, path):
    with pytest.raises(ReviewError, match=r"queue.csv: cannot be read: No such file"):
        queue.import_decisions(path)


def test_an_import_that_breaks_halfway_leaves_nothing(queue, path):
    queue.reject("a")
    connection = sqlite3.connect(queue.log.path)
    connection.execute(
        "CREATE TRIGGER full BEFORE INSERT ON decisions WHEN NEW.id = '@x' BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    connection.close()
    queue.export(path)
    fill(path, ["ham"] * len(IDS))
    with pytest.raises(ReviewError, match=r"review.db: the decision log cannot be used: disk full"):
        queue.import_decisions(path)
    assert len(queue.log) == 1


def test_blank_rows_are_no_rows(queue, path):
    path.write_text(f"{HEADER}\n,,\na,t,\n\n")
    assert queue.import_decisions(path) == {"added": 0, "unchanged": 0, "empty": 1}


def test_the_same_row_twice_counts_once(queue, path):
    path.write_text(f"{HEADER}a,t,ham\na,t,ham\n")
    assert queue.import_decisions(path) == {"added": 1, "unchanged": 1, "empty": 0}


def test_a_text_longer_than_a_csv_reader_likes_comes_back(tmp_path, path):
    queue = make(tmp_path, ["a"], ["x" * 300_000])
    queue.export(path)
    fill(path, ["ham"])
    assert queue.import_decisions(path)["added"] == 1


def test_decisions_that_were_never_imported_are_not_overwritten(queue, path):
    queue.export(path)
    queue.export(path)
    fill(path, ["ham"])
    filled = path.read_bytes()
    with pytest.raises(ReviewError, match=r"queue.csv, line 2: a decision that is not in .*review.db would be"):
        queue.export(path)
    assert path.read_bytes() == filled
    queue.import_decisions(path)
    queue.undo()
    queue.export(path)
    assert {row["decision"] for row in read(path)} == {""}


def test_an_export_that_cannot_be_written_is_an_error(queue, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(ReviewError, match="cannot be written"):
        queue.export(tmp_path / "file" / "queue.csv")


def test_json_lines_there_and_back(queue, tmp_path):
    path = queue.export(tmp_path / "queue.jsonl")
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert [(one["id"], one["text"]) for one in told] == list(zip(IDS, TEXTS))
    for one, said in zip(told, ["ham", "-spam", "reject", "skip"]):
        one.update(decision=said, reviewer="eve", seconds=1.5, time="2026-01-02T03:04:05+00:00")
    path.write_text("".join(json.dumps(one) + "\n" for one in told))
    assert queue.import_decisions(path) == {"added": 4, "unchanged": 0, "empty": 6}
    assert queue.import_decisions(path) == {"added": 0, "unchanged": 4, "empty": 6}
    first = queue.log.all()[0]
    assert (first.reviewer, first.seconds, first.time) == ("eve", 1.5, "2026-01-02T03:04:05+00:00")
    queue.export(path)  # its decisions are in the log, so that it may be written anew


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{", "line 1: not JSON"),
        ("[1]", "line 1: expected an object with id and decision"),
        ('{"id": "zz", "decision": "ham"}', "line 1: there is no record 'zz'"),
        ('{"id": "a", "decision": 7}', "line 1: 7 is no decision"),
        ('{"id": "a", "decision": [{"start": 0, "end": 2, "label": "ham"}]}', "is no decision. Expected a label"),
        ('{"id": "../../x", "decision": "ham"}', "there is no record '../../x'"),
    ],
)
def test_broken_json_lines_are_named_and_nothing_is_logged(queue, tmp_path, line, message):
    path = tmp_path / "queue.jsonl"
    path.write_text(line)
    with pytest.raises(ReviewError, match=re.escape(message)):
        queue.import_decisions(path)
    assert not queue.log.path.exists()


def test_ids_that_look_like_paths_touch_no_file(tmp_path):
    ids = ["../../evil", "/etc/passwd", "a/b", "..", "con:"]
    inside = tmp_path / "inside"
    inside.mkdir()
    queue = make(inside, ids, ["t"] * 5)
    for id in ids:
        queue.decide(id, "ham")
    queue.export(inside / "queue.csv")
    queue.export(inside / "queue.jsonl")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["inside"]
    made = {path.name for path in inside.iterdir()}
    assert made <= {"review.db", "review.db-wal", "review.db-shm", "queue.csv", "queue.jsonl"}
