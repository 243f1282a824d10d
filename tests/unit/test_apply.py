import json
import os
import re
from typing import get_args

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

import wslabel as ws
from wslabel.applying import Kernel, KernelSpec, VoteStore
from wslabel.applying.checking import check_suite
from wslabel.applying.shards import Shards
from wslabel.applying.wish import Wish
from wslabel.core.files import locked
from wslabel.core.records import Records, known_gold
from wslabel.core.task import Kind
from wslabel.errors import CorpusError, FaultRateError, LabelingFunctionError, PluginError, SuiteError, VotesError
from wslabel.suites import as_suite, load_suite
from wslabel.suites.discovery import suite_info
from wslabel.suites.scaffold import scaffold


class Mood(ws.Label):
    BAD = "bad"
    GOOD = "good"


@ws.preprocessor
def lowered(text):
    return text.lower()


@ws.preprocessor
def words(lowered):
    return re.findall(r"\w+", lowered)


@ws.labeling_function(votes=Mood.GOOD)
def is_glad(words):
    return Mood.GOOD if "glad" in words else None


@ws.labeling_function(votes=[Mood.BAD, Mood.GOOD])
def by_stars(stars, scale=5):
    return None if stars is None else "good" if stars / scale > 0.5 else "bad"


@ws.labeling_function(votes=Mood.BAD)
def short(doc):
    return Mood.BAD if len(doc) < 3 else None


FRAME = pd.DataFrame({"id": ["x", "y", "z"], "text": ["GLAD to be here", "no", "so so then"], "stars": [5, 1, None]})


def failing(what):
    @ws.labeling_function(votes=[Mood.GOOD, Mood.BAD])
    def lf(text):
        return what(text)

    return lf


def test_lfs_of_a_notebook_cell_vote_on_a_frame():
    votes = ws.apply([is_glad, by_stars, short], FRAME)
    assert votes.labels == ("bad", "good")
    assert votes.ids.tolist() == ["x", "y", "z"]
    assert votes.to_array().tolist() == [[1, 1, -1], [-1, 0, 0], [-1, -1, -1]]


def test_a_single_lf_is_enough():
    assert ws.apply(is_glad, FRAME).to_array().tolist() == [[1], [-1], [-1]]


def test_a_corpus_where_nothing_is_covered():
    votes = ws.apply([is_glad], pd.DataFrame({"text": ["a", "b"]}))
    assert not votes.covered.any()


def test_an_unknown_column_suggests_and_names_the_place():
    @ws.labeling_function(votes=[Mood.GOOD, Mood.BAD])
    def reads_txt(txt):
        return None

    with pytest.raises(
        LabelingFunctionError, match=r"reads_txt \(.*test_apply.py, line \d+\) reads the column 'txt'.*\"text\""
    ):
        ws.apply([reads_txt], FRAME)


@pytest.mark.parametrize(
    ("what", "error"),
    [
        (lambda text: 1 / 0 if text == "no" else None, "ZeroDivisionError: division by zero"),
        (lambda text: "great" if text == "no" else None, "returned 'great'; it declares good, bad."),
        (lambda text: True if text == "no" else None, "returned True; it declares good, bad. Return None to abstain."),
        (lambda text: -1 if text == "no" else None, "returned -1; it declares good, bad. Return None to abstain."),
        (lambda text: ["good"] if text == "no" else None, "returned ['good']"),
    ],
)
def test_one_fault_is_counted_and_the_run_goes_on(what, error):
    votes = ws.apply([failing(what)], FRAME)
    assert votes.to_array().tolist() == [[-1], [-1], [-1]]
    assert len(votes.faults) == 1
    assert (votes.faults[0].lf, votes.faults[0].id) == ("lf", "y")
    assert votes.faults[0].error.startswith(error)


def test_a_fault_keeps_its_traceback():
    fault = ws.apply([failing(lambda text: 1 / 0 if text == "no" else None)], FRAME).faults[0]
    assert "test_apply.py" in fault.traceback
    assert "1 / 0" in fault.traceback
    assert "kernel.py" not in fault.traceback


def test_too_many_faults_stop_the_run():
    with pytest.raises(
        FaultRateError, match=r"LF lf \(.*\) failed on 3 of 3 records; max_fault_rate is 0.01.*record x: Zero"
    ):
        ws.apply([failing(lambda text: 1 / 0)], FRAME)
    with pytest.raises(FaultRateError):
        ws.apply([failing(lambda text: 1 / 0 if text == "no" else None)], FRAME, max_fault_rate=0)
    assert len(ws.apply([failing(lambda text: 1 / 0)], FRAME, max_fault_rate=1).faults) == 3


def test_a_preprocessor_that_raises_is_a_fault_of_those_who_ask():
    @ws.preprocessor
    def fragile(text):
        return {"no": 1}[text]

    asks = ws.labeling_function(votes=[Mood.GOOD, Mood.BAD], name="asks")(lambda fragile: "good")
    suite = ws.Suite(ws.Task("t", Mood), (asks, is_glad), (fragile, lowered, words))
    votes = ws.apply(suite, FRAME, max_fault_rate=1)
    assert votes.to_array().tolist() == [[-1, 1], [1, -1], [-1, -1]]
    assert [(fault.lf, fault.id) for fault in votes.faults] == [("asks", "x"), ("asks", "z")]


def test_preprocessors_in_a_circle():
    one = ws.preprocessor(lambda two: two)
    object.__setattr__(one, "name", "one")
    two = ws.preprocessor(lambda one: one)
    object.__setattr__(two, "name", "two")
    with pytest.raises(LabelingFunctionError, match="in a circle: one → two → one"):
        Kernel(ws.Suite(ws.Task("t", Mood), (is_glad,), (one, two)))


def test_an_empty_corpus_is_an_error(tmp_path):
    (tmp_path / "c.jsonl").write_text("")
    with pytest.raises(CorpusError, match="holds no record"):
        ws.apply([is_glad], tmp_path / "c.jsonl")


def test_unknown_engines_and_workers():
    with pytest.raises(PluginError, match="no engine 'locl'. Did you mean \"local\""):
        ws.apply([is_glad], FRAME, engine="locl")
    with pytest.raises(VotesError, match="workers is 0"):
        ws.apply([is_glad], FRAME, workers=0)


def test_votes_do_not_depend_on_workers_or_shards(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    alone = ws.apply(suite, corpus)
    for workers, size in [(1, 7), (2, 7), (3, 60), ("auto", 1000), (2, 1)]:
        votes = ws.apply(suite, corpus, workers=workers, shard_size=size)
        assert (votes.to_array() == alone.to_array()).all()
        assert (votes.ids == alone.ids).all()


def test_what_lfs_print_does_not_disturb_workers(suites, corpus):
    file = suites / "demo" / "mood" / "heuristics.py"
    file.write_text(
        file.read_text().replace("    return Mood.GOOD if any", "    print('noise')\n    return Mood.GOOD if any")
    )
    assert ws.apply(load_suite("demo.mood", suites), corpus, workers=2, shard_size=10).n == 60


def test_faults_come_back_from_workers(suites, corpus):
    file = suites / "demo" / "mood" / "heuristics.py"
    file.write_text(
        file.read_text().replace("return text.lower()", "return text.lower() if '17' not in text else 1 / 0")
    )
    votes = ws.apply(load_suite("demo.mood", suites), corpus, workers=2, shard_size=10, max_fault_rate=0.1)
    assert [(fault.lf, fault.id) for fault in votes.faults] == [("is_glad", "r17")]


DEATHS = {
    "os._exit(3)": "WorkerDied: its process exited with 3 in this call.",
    "ctypes.string_at(0)": "WorkerDied: its process was killed (SIGSEGV) in this call.",
    "os.kill(os.getpid(), 9)": "WorkerDied: its process was killed (SIGKILL) in this call.",
}


def deadly(suites, before, after):
    file = suites / "demo" / "mood" / "heuristics.py"
    file.write_text("import ctypes, itertools, os\n" + file.read_text().replace(before, after))
    return load_suite("demo.mood", suites)


@pytest.mark.parametrize("death", DEATHS)
def test_a_worker_that_dies_costs_the_record_a_fault(suites, corpus, death):
    whole = ws.apply(load_suite("demo.mood", suites), corpus).to_array()
    suite = deadly(suites, "return text.lower()", f"{death} if '17' in text else 0; return text.lower()")
    votes = ws.apply(suite, corpus, workers=2, shard_size=10, max_fault_rate=0.1)
    assert [(fault.lf, fault.id, fault.error) for fault in votes.faults] == [("is_glad", "r17", DEATHS[death])]
    assert (votes.to_array()[:, 1:] == whole[:, 1:]).all()
    assert (np.delete(votes.to_array(), 17, axis=0) == np.delete(whole, 17, axis=0)).all()


def test_a_worker_dies_on_several_records_of_a_shard(suites, corpus):
    suite = deadly(
        suites, "    return Mood.GOOD if any", "    if lowered[-1] in '4': os._exit(1)\n    return Mood.GOOD if any"
    )
    votes = ws.apply(suite, corpus, workers=2, shard_size=30, max_fault_rate=0.5)
    assert [fault.id for fault in votes.faults] == [f"r{row}" for row in range(60) if str(row)[-1] in "4"]
    with pytest.raises(FaultRateError, match=r"LF is_glad \(.*failed on 6 of 60 records.*r4: WorkerDied"):
        ws.apply(suite, corpus, workers=2, shard_size=30)


def test_a_worker_that_dies_everywhere_names_the_function(suites, corpus, monkeypatch):
    monkeypatch.setattr("wslabel.applying.worker.DEATHS", 2)
    suite = deadly(suites, "    return Mood.GOOD if any", "    os._exit(1)\n    return Mood.GOOD if any")
    with pytest.raises(
        VotesError, match="exited with 1 3 times in 'is_glad' on the records r0 to r29; the last time on r2"
    ):
        ws.apply(suite, corpus, workers=2, shard_size=30)


def test_a_worker_that_hears_no_timer_ends(suites, corpus):
    code = "sum(itertools.repeat(0)) if '17' in text else 0; return text.lower()"
    suite = deadly(suites, "return text.lower()", code)
    votes = ws.apply(suite, corpus, workers=2, shard_size=10, max_fault_rate=0.1, time_limit=0.2)
    assert [(fault.lf, fault.id) for fault in votes.faults] == [("is_glad", "r17")]


def test_a_worker_refuses_a_drifted_suite(suites):
    spec = KernelSpec.of(load_suite("demo.mood", suites))
    file = suites / "demo" / "mood" / "heuristics.py"
    file.write_text(file.read_text().replace('"glad", "happy"', '"glad"'))
    with pytest.raises(SuiteError, match="is not the one that was started"):
        spec.kernel()
    with pytest.raises(SuiteError, match="cannot travel"):
        KernelSpec.of(as_suite([is_glad, short]))


def test_votes_on_disk_are_the_votes(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    votes = ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=25)
    read = VoteStore(tmp_path / "votes").read()
    assert (read.to_array() == votes.to_array()).all()
    assert (read.ids == votes.ids).all()
    assert read.lf_names == votes.lf_names
    assert read.labels == votes.labels
    about = json.loads((tmp_path / "votes" / "votes.json").read_text())
    assert (about["voted"], about["quarantined"], about["shards"]) == (60, 0, 3)


def folder_bytes(folder):
    """Return the files by their place, but for the kept shards, whose file tells of times and places."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.name != "shards.json")
    return {path.relative_to(folder): path.read_bytes() for path in files}


class Stopped(Exception):  # noqa: N818
    pass


def voting(suite, corpus, out, stop_at=None):
    """Apply, and return the first record of each shard that was voted on; stop before the shard that begins so."""
    asked, kernel_vote = {}, Kernel.vote

    def spy(self, batch):
        first = batch["id"][0].as_py()
        if first == stop_at:
            raise Stopped
        asked[first] = list(Wish.of(batch).lfs)
        return kernel_vote(self, batch)

    try:
        Kernel.vote = spy
        ws.apply(suite, corpus, out=out, shard_size=25, max_fault_rate=1)
    finally:
        Kernel.vote = kernel_vote
    return asked


def test_finished_shards_are_not_voted_on_again(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    ws.apply(suite, corpus, out=tmp_path / "whole", shard_size=25)
    with pytest.raises(Stopped):
        voting(suite, corpus, tmp_path / "votes", stop_at="r25")
    with pytest.raises(VotesError, match="holds no finished votes"):
        VoteStore(tmp_path / "votes").read()
    assert list(voting(suite, corpus, tmp_path / "votes")) == ["r25", "r50"]
    assert folder_bytes(tmp_path / "votes") == folder_bytes(tmp_path / "whole")
    assert voting(suite, corpus, tmp_path / "votes") == {}


def test_an_edit_within_an_interrupted_run_votes_on_all_shards(suites, corpus, tmp_path):
    with pytest.raises(Stopped):
        voting(load_suite("demo.mood", suites), corpus, tmp_path / "votes", stop_at="r25")
    rules = suites / "demo" / "mood" / "rules.toml"
    rules.write_text(rules.read_text().replace("!{3,}", "!{2,}"))
    suite = load_suite("demo.mood", suites)
    every = list(suite.lf_names)
    assert voting(suite, corpus, tmp_path / "votes") == {"r0": ["many_marks"], "r25": every, "r50": every}
    ws.apply(suite, corpus, out=tmp_path / "whole", shard_size=25)
    assert folder_bytes(tmp_path / "votes") == folder_bytes(tmp_path / "whole")


@pytest.mark.parametrize("name", ["votes.parquet", "records.parquet"])
def test_damaged_votes_are_made_anew(suites, corpus, tmp_path, name):
    suite = load_suite("demo.mood", suites)
    ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=25)
    before = folder_bytes(tmp_path / "votes")
    (tmp_path / "votes" / name).write_bytes((tmp_path / "votes" / name).read_bytes()[:50])
    with pytest.raises(VotesError, match="damaged"):
        VoteStore(tmp_path / "votes").read()
    ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=25)
    assert folder_bytes(tmp_path / "votes") == before


def test_a_damaged_part_is_voted_on_again(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    with pytest.raises(Stopped):
        voting(suite, corpus, tmp_path / "votes", stop_at="r50")
    part = tmp_path / "votes" / "parts" / "00000.arrow"
    part.write_bytes(part.read_bytes()[:-40])
    assert list(voting(suite, corpus, tmp_path / "votes")) == ["r0", "r50"]


def test_an_unchanged_corpus_is_not_read_again(suites, corpus, tmp_path, monkeypatch):
    suite = load_suite("demo.mood", suites)
    old = corpus.stat().st_mtime - 60
    os.utime(corpus, (old, old))
    ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=25)
    reads = []
    batches = Records.batches
    monkeypatch.setattr(Records, "batches", lambda self, *rest: reads.append(rest) or batches(self, *rest))
    records = ws.read_records(corpus)
    assert records.columns == ("id", "text", "gold")
    assert len(reads) == 1
    rules = suites / "demo" / "mood" / "rules.toml"
    rules.write_text(rules.read_text().replace("!{3,}", "!{2,}"))
    edited = ws.apply(load_suite("demo.mood", suites), records, out=tmp_path / "votes", shard_size=25)
    assert len(reads) == 1
    whole = ws.apply(load_suite("demo.mood", suites), ws.read_records(corpus))
    assert (edited.to_array() == whole.to_array()).all()
    os.utime(corpus, (old + 1, old + 1))
    reads.clear()
    ws.apply(suite, records, out=tmp_path / "votes", shard_size=25)
    assert len(reads) == 1


def test_one_lf_and_blocks_can_be_read_alone(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    votes = ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=25)
    whole = ws.apply(suite, corpus).to_array()
    for column, name in enumerate(suite.lf_names):
        rows, cast = votes.lf(name)
        assert rows.tolist() == (whole[:, column] >= 0).nonzero()[0].tolist()
        assert cast.tolist() == whole[rows, column].tolist()
    assert [(at, len(block)) for at, block in votes.blocks()] == [(0, 25), (25, 25), (50, 10)]
    assert (np.concatenate([block for _, block in votes.blocks()]) == whole).all()
    assert (votes.covered == (whole >= 0).any(axis=1)).all()
    frame = pa.Table.from_batches(votes.batches()).to_pandas()
    assert frame["id"].tolist() == votes.ids.tolist()
    assert (frame[list(suite.lf_names)].to_numpy() == whole).all()
    with pytest.raises(VotesError, match="no LF 'is_gladd'"):
        votes.lf("is_gladd")


def test_votes_are_plain_parquet(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    votes = ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=25)
    frame = pd.read_parquet(tmp_path / "votes" / "votes.parquet")
    ids = pd.read_parquet(tmp_path / "votes" / "records.parquet").set_index("record")["id"]
    assert list(frame.columns) == ["lf", "record", "label"]
    told = {(lf, ids[record], label) for lf, record, label in frame.itertuples(index=False)}
    wide = votes.to_pandas()
    assert told == {(lf, record, wide.loc[record, lf]) for lf in wide for record in wide.index[wide[lf].notna()]}


def asked_again(suites, corpus, out):
    """Return the LFs that vote, by the first record of their shard, when the suite is applied once more."""
    asked = voting(load_suite("demo.mood", suites), corpus, out)
    settings = {"shard_size": 25, "max_fault_rate": 1}
    votes = VoteStore(out).read()
    whole = ws.apply(load_suite("demo.mood", suites), corpus, out=out.with_name("whole"), **settings)
    assert (votes.to_array() == whole.to_array()).all()
    assert folder_bytes(out) == folder_bytes(out.with_name("whole"))
    return asked


@pytest.mark.parametrize(
    ("file", "before", "after", "voting"),
    [
        ("heuristics.py", '"glad", "happy"', '"glad", "merry"', ["is_glad"]),
        ("heuristics.py", "text.lower()", "text.casefold()", ["is_glad"]),
        ("heuristics.py", "return Mood.GOOD if any", "return None if False else Mood.GOOD if any", ["is_glad"]),
        ("heuristics.py", "return text.lower()", "return text.lower() if '17' not in text else 1 / 0", ["is_glad"]),
        ("heuristics.py", 'none_of=["not sad"]', 'none_of=["never sad"]', ["is_sad"]),
        ("lexicons/sad.txt", "gloomy", "dreary", ["is_sad"]),
        ("rules.toml", "!{3,}", "!{2,}", ["many_marks"]),
        ("rules.toml", '"many_marks"', '"marks"', ["marks"]),
        ("task.py", '    GOOD = "good"', '    GOOD = "good"\n    MIXED = "mixed"', ["is_glad", "is_sad", "many_marks"]),
        ("heuristics.py", "Gladness is good.", "Gladness, then.", []),
        ("heuristics.py", "GLAD = ", "# a comment\n\nGLAD = ", []),
        ("heuristics.py", 'fires=["How sad"]', 'fires=["So sad"]', []),
        ("lexicons/sad.txt", "# words", "# our words", []),
        ("rules.toml", 'why = "Shouting is bad."', 'why = "It is."', []),
        ("task.py", "It reads as bad news.", "It sounds bad.", []),
    ],
)
def test_exactly_what_depends_on_an_edit_votes_again(suites, corpus, tmp_path, file, before, after, voting):
    ws.apply(load_suite("demo.mood", suites), corpus, out=tmp_path / "votes", shard_size=25)
    path = suites / "demo" / "mood" / file
    assert before in path.read_text()
    path.write_text(path.read_text().replace(before, after))
    asked = asked_again(suites, corpus, tmp_path / "votes")
    assert asked == (dict.fromkeys(("r0", "r25", "r50"), voting) if voting else {})


def test_new_records_vote_in_new_shards_only(suites, corpus, tmp_path):
    ws.apply(load_suite("demo.mood", suites), corpus, out=tmp_path / "votes", shard_size=25)
    with corpus.open("a") as file:
        file.write("".join(json.dumps({"id": f"n{i}", "text": "sad", "gold": "bad"}) + "\n" for i in range(20)))
    asked = asked_again(suites, corpus, tmp_path / "votes")
    assert asked == {record: ["is_glad", "is_sad", "many_marks"] for record in ("r50", "n15")}


def test_an_lf_that_is_gone_needs_no_votes(suites, corpus, tmp_path):
    ws.apply(load_suite("demo.mood", suites), corpus, out=tmp_path / "votes", shard_size=25)
    (suites / "demo" / "mood" / "rules.toml").unlink()
    assert asked_again(suites, corpus, tmp_path / "votes") == {}


def test_a_smaller_corpus_leaves_no_part_behind(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=10)
    corpus.write_text("".join(corpus.read_text().splitlines(keepends=True)[:15]))
    ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=10)
    assert sorted(path.name for path in (tmp_path / "votes" / "shards").glob("*.arrow")) == [
        "00000.arrow",
        "00001.arrow",
    ]
    assert VoteStore(tmp_path / "votes").read().n == 15


def test_unfinished_votes_are_refused(tmp_path):
    with pytest.raises(VotesError, match="holds no finished votes"):
        VoteStore(tmp_path).read()


def test_check_suite_passes_and_accepts_golden_votes(suites):
    info = suite_info("demo.mood", suites)
    checked = check_suite(info)
    assert checked.passed
    assert [finding.kind for finding in checked.findings] == ["no_golden"]
    assert check_suite(info, update=True).passed
    assert info.golden_votes.read_text().splitlines()[:3] == ["id,lf,vote", "m0,is_glad,good", "m1,is_sad,bad"]
    assert check_suite(info).findings == ()


def test_the_table_of_a_suites_readme_is_generated(suites):
    info = suite_info("demo.mood", suites)
    readme = suites / "demo" / "mood" / "README.md"
    readme.write_text("Before.\n<!-- lf-table -->\nold\n<!-- /lf-table -->\nAfter.\n")
    check_suite(info, update=True)
    lines = readme.read_text().splitlines()
    assert lines[0] == "Before."
    assert lines[2] == "| labeling function | votes | why | of 8 |"
    assert "| `many_marks` | bad | Shouting is bad. | 2 |" in lines
    assert "old" not in lines
    assert lines[-1] == "After."
    readme.write_text("No markers.")
    check_suite(info, update=True)
    assert readme.read_text() == "No markers."


def test_check_suite_finds_examples_that_do_not_hold(suites):
    info = suite_info("demo.mood", suites)
    check_suite(info, update=True)
    file = suites / "demo" / "mood" / "heuristics.py"
    file.write_text(
        file.read_text()
        .replace('"glad", "happy"', '"happy", "so so"')
        .replace('abstains=["not sad at all"]', 'misses=["weeping", "sad"]')
    )
    found = {(finding.kind, finding.fails) for finding in check_suite(info).findings}
    assert found == {("fires", True), ("abstains", True), ("misses", False), ("mended", False), ("golden", True)}


def test_an_example_that_makes_an_lf_raise_names_it(suites):
    file = suites / "demo" / "mood" / "heuristics.py"
    file.write_text(file.read_text().replace("return text.lower()", "return 1 / 0"))
    with pytest.raises(ws.WslabelError, match=r"LF is_glad .* fails on the record .*ZeroDivisionError"):
        check_suite(suite_info("demo.mood", suites))


def test_explain_shows_votes_spans_and_failures(suites):
    text = "İstanbul 😀 is sad, gloomy!!!"
    said = {one.lf: one for one in ws.explain(load_suite("demo.mood", suites), text)}
    assert said["is_glad"].vote is None
    assert [text[start:end] for start, end in said["is_sad"].spans] == ["sad", "gloomy"]
    assert [text[start:end] for start, end in said["many_marks"].spans] == ["!!!"]
    broken = ws.explain([failing(lambda text: 1 / 0)], text)[0]
    assert (broken.vote, broken.spans, broken.error) == (None, (), "ZeroDivisionError: division by zero")
    with pytest.raises(LabelingFunctionError, match="reads the column 'stars'"):
        ws.explain([by_stars], text)
    assert ws.explain([by_stars], {"text": text, "stars": 5})[0].vote == "good"


@pytest.mark.parametrize("kind", get_args(Kind))
@pytest.mark.parametrize("labels", [["first", "second"], ["no", "yes, please", "3 stars"]])
def test_a_new_suite_passes_check(tmp_path, labels, kind):
    folder = tmp_path / "labeling_functions"
    scaffold("shop.returns", folder, labels, kind)
    scaffold("shop.mood", folder, labels, kind)
    for name in ("shop.returns", "shop.mood"):
        info = suite_info(name, folder)
        assert check_suite(info, update=True).passed
        assert check_suite(info).findings == ()
        suite = load_suite(name, folder)
        assert suite.task.kind == kind
        assert ws.apply(suite, folder.parent / "data_samples" / "shop" / f"{name[5:]}.jsonl").covered.sum() == 3
    with pytest.raises(SuiteError, match="exists already"):
        scaffold("shop.mood", folder, labels)
    with pytest.raises(SuiteError, match="is no suite name"):
        scaffold("Shop", folder, labels)


def test_evidence_is_stored_beside_the_votes(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=25, evidence=True)
    frame = pd.read_parquet(tmp_path / "votes" / "evidence.parquet")
    told = {}
    for row in frame.itertuples():
        told.setdefault((row.id, row.lf), []).append((row.start, row.end))
    wanted = {}
    for record, text in zip(*(ws.read_records(corpus).to_pandas()[column] for column in ("id", "text"))):
        for one in ws.explain(suite, text):
            if one.spans:
                wanted[record, one.lf] = list(one.spans)
    assert told == wanted
    assert frame["record"].is_monotonic_increasing
    ws.apply(suite, corpus, out=tmp_path / "votes", shard_size=25)
    assert not (tmp_path / "votes" / "evidence.parquet").exists()
    with pytest.raises(VotesError, match="name a folder"):
        ws.apply(suite, corpus, evidence=True)


def test_two_processes_do_not_write_into_one_folder(suites, corpus, tmp_path):
    suite = load_suite("demo.mood", suites)
    (tmp_path / "votes").mkdir()
    with locked(tmp_path / "votes"), pytest.raises(VotesError, match="another wslabel process"):
        ws.apply(suite, corpus, out=tmp_path / "votes")
    ws.apply(suite, corpus, out=tmp_path / "votes")


def test_a_suite_may_be_named(suites, corpus, monkeypatch):
    monkeypatch.setenv("WSLABEL_SUITES", str(suites))
    assert ws.apply("demo.mood", corpus).lf_names == load_suite("demo.mood", suites).lf_names


def test_a_record_that_cannot_be_read_is_told():
    glad = ws.keywords("glad", votes="good", any_of=["glad"])
    with pytest.raises(CorpusError, match="The record cannot be read: column 'text' is not valid UTF-8"):
        ws.explain(glad, "glad \udcff", ws.Task("demo", ["bad", "good"]))


def test_gold_is_read_with_the_records_and_not_again(suites, corpus, tmp_path, monkeypatch):
    age = corpus.stat().st_mtime - 60
    os.utime(corpus, (age, age))
    suite = load_suite("demo.mood", suites)
    records = ws.read_records(corpus, gold="gold")
    whole = records.gold_by_id()
    ws.apply(suite, records, out=tmp_path / "votes", shard_size=25)
    monkeypatch.setattr(Records, "batches", lambda *_: pytest.fail("the corpus was parsed again"))
    again = ws.read_records(corpus, gold="gold")
    assert known_gold(VoteStore(tmp_path / "votes").gold(again)) == whole
    batches = [shard.batch for shard in Shards(again, Kernel(suite).columns, 25, tmp_path / "votes" / "shards")]
    assert {tuple(batch.schema.names) for batch in batches} == {("id", "text")}
    monkeypatch.undo()
    assert list(VoteStore(tmp_path / "votes").gold(ws.read_records(corpus))) == []
    os.utime(corpus, (age - 60, age - 60))
    edited = corpus.read_text().replace('"gold": "bad"', '"gold": "good"')
    corpus.write_text(edited)
    assert set(known_gold(VoteStore(tmp_path / "votes").gold(again)).values()) == {"good"}
