import csv
import json
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import threading
from datetime import datetime, timedelta

import pytest

from wslabel.core.decisions import Decision
from wslabel.errors import ReviewError
from wslabel.review import DecisionLog
from wslabel.review.log import _patiently

FULL = Decision(
    "r1", "label", "spam", "ada", "a note\nwith 'quotes' \x00 ☃", 1.5, "2026-01-02T03:04:05+00:00", "h", "ham"
)


@pytest.fixture
def log(tmp_path):
    return DecisionLog(tmp_path / "review.db")


def test_what_was_logged_comes_back_whole_and_in_order(log):
    rows = [FULL, Decision("r2", "skip"), Decision("r2", "undo"), Decision("r1", "reject", reviewer="bob")]
    logged = [log.append(row) for row in rows]
    assert log.all() == logged
    assert log.all()[0] == FULL
    assert DecisionLog(log.path).all() == logged
    assert [one.action for one in log.standing()] == ["label", "reject"]
    assert len(log) == 4


def test_the_log_fills_in_the_time_in_utc(log):
    decision = log.append(Decision("r1", "skip"))
    age = datetime.now().astimezone() - datetime.fromisoformat(decision.time)
    assert decision.time.endswith("+00:00")
    assert timedelta(0) <= age + timedelta(milliseconds=1) < timedelta(minutes=1)


def test_reading_a_log_that_is_not_there_makes_no_file(log):
    assert log.all() == log.standing() == []
    assert log.fingerprint() == ""
    assert len(log) == 0
    assert log.append_all([]) == []
    assert list(log.path.parent.iterdir()) == []


def test_the_first_append_makes_the_folder(tmp_path):
    log = DecisionLog(tmp_path / "a" / "b" / "review #1?.db")
    log.append(FULL)
    assert log.path.exists()
    assert log.all() == [FULL]


def test_the_fingerprint_changes_with_every_row_and_only_then(log):
    seen = [log.fingerprint()]
    for _ in range(3):
        log.append(FULL)
        seen.append(log.fingerprint())
        assert log.fingerprint() == seen[-1]
    assert len(set(seen)) == 4


def test_rows_are_never_changed_or_deleted(log):
    log.append(FULL)
    connection = sqlite3.connect(log.path)
    for statement in ("UPDATE decisions SET label = 'ham'", "DELETE FROM decisions"):
        with pytest.raises(sqlite3.IntegrityError, match="a logged decision is never"):
            connection.execute(statement)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()
    assert log.all() == [FULL]


def test_append_all_is_all_or_nothing(log):
    log.append(FULL)
    broken = Decision("r3", "skip", note="half a character: \ud800")
    with pytest.raises(ReviewError, match="lone surrogate"):
        log.append_all([Decision("r2", "skip"), broken])
    assert log.all() == [FULL]


def test_a_file_that_is_no_log_is_refused(tmp_path):
    text = tmp_path / "notes.txt"
    text.write_text("not a database, but long enough to have a header\n" * 9)
    other = tmp_path / "other.db"
    with sqlite3.connect(other) as connection:
        connection.execute("CREATE TABLE decisions (what TEXT)")
    connection.close()
    newer = tmp_path / "newer.db"
    with sqlite3.connect(newer) as connection:
        connection.execute("PRAGMA user_version = 99")
    connection.close()
    for path, message in [
        (text, "notes.txt: not an SQLite database"),
        (other, "other.db: an SQLite database, but no decision log"),
        (newer, "newer.db: written by a newer wslabel"),
        (tmp_path, "cannot be used: unable to open"),
    ]:
        before = path.read_bytes() if path.is_file() else b""
        for use in (DecisionLog(path).all, DecisionLog(path).fingerprint, lambda p=path: DecisionLog(p).append(FULL)):
            with pytest.raises(ReviewError, match=message):
                use()
        assert before == (path.read_bytes() if path.is_file() else b"")


def test_an_empty_file_is_an_empty_log(log):
    log.path.touch()
    assert log.all() == []
    log.append(FULL)
    assert log.all() == [FULL]


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path):
    (tmp_path / "file").touch()
    for path in (tmp_path / "file" / "review.db", "/proc/nowhere/review.db"):
        with pytest.raises(ReviewError, match="its folder cannot be made"):
            DecisionLog(path).append(FULL)


def test_a_log_in_a_read_only_folder_can_be_read(log, monkeypatch):
    log.append(FULL)
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert "immutable" in log._reading_mode()
    assert log.all() == [FULL]


def _write(path, who, count):
    log = DecisionLog(path)
    for number in range(count):
        log.append(Decision(f"r{number}", "skip", reviewer=who))


def test_processes_that_write_at_once_lose_nothing(log):
    context = multiprocessing.get_context("fork")
    writers = [context.Process(target=_write, args=(log.path, f"w{n}", 40)) for n in range(3)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(60)
    assert [writer.exitcode for writer in writers] == [0, 0, 0]
    for n in range(3):
        assert [one.id for one in log.all() if one.reviewer == f"w{n}"] == [f"r{i}" for i in range(40)]
    assert len(log) == 120


def test_threads_share_a_log(log):
    threads = [threading.Thread(target=_write, args=(log.path, f"t{n}", 10)) for n in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(log) == 30


ENDLESS = """
import itertools, sys
from wslabel.core.decisions import Decision
from wslabel.review.log import DecisionLog
log = DecisionLog(sys.argv[1])
for number in itertools.count():
    log.append(Decision(f"r{number}", "skip"))
    print(number, flush=True)
"""

HALFWAY = """
import os, signal, sys
from wslabel.review.log import DecisionLog
log = DecisionLog(sys.argv[1])
with log._writing() as connection:
    connection.execute("INSERT INTO decisions (id, action, reviewer, note, time, text_hash, replaces) "
                       "VALUES ('half', 'skip', 'x', '', '', '', '')")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_what_was_acknowledged_survives_kill_9(log):
    process = subprocess.Popen([sys.executable, "-c", ENDLESS, str(log.path)], stdout=subprocess.PIPE, text=True)
    acknowledged = [int(process.stdout.readline()) for _ in range(25)]
    process.send_signal(signal.SIGKILL)
    acknowledged += [int(line) for line in process.stdout.read().split("\n")[:-1]]
    process.wait()
    process.stdout.close()
    assert process.returncode == -signal.SIGKILL
    there = [one.id for one in log.all()]
    assert there[: len(acknowledged)] == [f"r{number}" for number in acknowledged]
    assert len(there) <= len(acknowledged) + 1
    log.append(FULL)
    assert log.all()[-1] == FULL


def test_a_transaction_cut_by_kill_9_never_was(log):
    log.append(FULL)
    done = subprocess.run([sys.executable, "-c", HALFWAY, str(log.path)], check=False)
    assert done.returncode == -signal.SIGKILL
    assert log.all() == [FULL]


def test_only_a_locked_database_is_tried_again():
    faults = [sqlite3.OperationalError("database is locked")] * 2
    _patiently(lambda: faults and raised(faults.pop()))
    assert faults == []
    faults = [sqlite3.OperationalError("database or disk is full")] * 2
    with pytest.raises(sqlite3.OperationalError, match="full"):
        _patiently(lambda: raised(faults.pop()))
    assert len(faults) == 1


def raised(fault):
    raise fault


def test_a_lock_that_is_never_given_back_is_an_error(log, monkeypatch):
    log.append(FULL)
    monkeypatch.setattr("wslabel.review.log.BUSY_SECONDS", 0.05)
    holder = sqlite3.connect(log.path, isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(ReviewError, match="another process has kept it locked"):
        log.append(FULL)
    assert log.all() == [FULL]
    holder.close()
    log.append(FULL)


FULL_DISK = """
import resource, sys
from wslabel.core.decisions import Decision
from wslabel.errors import ReviewError
from wslabel.review.log import DecisionLog
log = DecisionLog(sys.argv[1])
log.append(Decision("r0", "skip"))
resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
saved = 1
try:
    while True:
        log.append(Decision(f"r{saved}", "skip", note="x" * 500))
        saved += 1
except ReviewError as fault:
    print(saved, fault)
"""


def test_a_full_disk_is_told_and_nothing_acknowledged_is_lost(log):
    code = f"import signal; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n{FULL_DISK}"
    done = subprocess.run([sys.executable, "-c", code, str(log.path)], capture_output=True, text=True, check=True)
    saved, told = done.stdout.split(" ", 1)
    assert "review.db: the disk refuses to take more" in told
    assert "nothing was saved. Free some space, then decide once more." in told
    assert [one.id for one in log.all()] == [f"r{n}" for n in range(int(saved))]
    log.append(FULL)
    assert log.all()[-1] == FULL


VERSION_1 = """
CREATE TABLE decisions (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL, action TEXT NOT NULL, label TEXT, reviewer TEXT NOT NULL, note TEXT NOT NULL, seconds REAL,
    time TEXT NOT NULL, text_hash TEXT NOT NULL, replaces TEXT NOT NULL
);
INSERT INTO decisions (id, action, label, reviewer, note, seconds, time, text_hash, replaces)
VALUES ('r1', 'label', 'spam', 'ada', '', 1.5, '2026-01-02T03:04:05+00:00', 'h', 'ham');
PRAGMA user_version = 1;
"""


def test_a_log_of_the_first_format_is_read_and_goes_on(log):
    with sqlite3.connect(log.path) as connection:
        connection.executescript(VERSION_1)
    connection.close()
    old = Decision("r1", "label", "spam", "ada", "", 1.5, "2026-01-02T03:04:05+00:00", "h", "ham")
    assert log.all() == [old]
    new = log.append(Decision("r2", "spans", spans=((0, 4, "drug"),), shown="{}", batch="b", labels_hash="l"))
    assert log.all() == [old, new]
    assert log.all()[1].spans == ((0, 4, "drug"),)


def test_what_is_new_is_read_alone(log):
    logged = [log.append(Decision(f"r{n}", "skip")) for n in range(3)]
    assert log.since(0) == list(zip([1, 2, 3], logged))
    assert log.since(2) == [(3, logged[2])]
    assert log.since(3) == []


def test_a_dump_holds_everything_and_no_formula(log, tmp_path):
    log.append(Decision("=cmd|' /C calc'!A0", "spans", note="+1", spans=((0, 1, "x"),)))
    log.append(Decision("../../etc/passwd", "undo"))
    assert log.export(tmp_path / "log.csv") == 2
    with (tmp_path / "log.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (rows[0]["id"], rows[0]["note"], rows[0]["spans"]) == ("'=cmd|' /C calc'!A0", "'+1", '[[0, 1, "x"]]')
    assert log.export(tmp_path / "log.jsonl") == 2
    told = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert [one["id"] for one in told] == ["=cmd|' /C calc'!A0", "../../etc/passwd"]
    assert sorted(path.name for path in tmp_path.iterdir() if "review" not in path.name) == ["log.csv", "log.jsonl"]
