"""Spark on a cluster of separate executor processes gives what the local engine gives."""

import contextlib
import importlib.util
import os
import re
import shutil
import sys
import threading
import time
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import wslabel as ws
from conftest import HEURISTICS, PACKAGE, ROOT, RULES, TASK, TEXTS
from wslabel.applying import apply
from wslabel.core.records import read_records
from wslabel.errors import CorpusError, FaultRateError, LabelingFunctionError, SuiteError, VotesError
from wslabel.models import label_model
from wslabel.suites import load_suite

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("pyspark") is None, reason="pyspark is not installed"),
    pytest.mark.skipif(shutil.which("java") is None and "JAVA_HOME" not in os.environ, reason="Java is not installed"),
]

FRAGILE = """
import time
from wslabel.authoring import labeling_function
from .task import Mood

@labeling_function(votes=Mood.BAD, fires=["ab"], abstains=["a"])
def fragile(text):
    \"\"\"Raises where there is a z.\"\"\"
    if "z" in text:
        raise ValueError(f"a z in {text}")
    return Mood.BAD if len(text) % 2 == 0 else None

@labeling_function(votes=Mood.GOOD, fires=["x"], abstains=["y"])
def reads_stars(text, stars=0):
    \"\"\"Reads a column that need not be there.\"\"\"
    return Mood.GOOD if stars > 3 else None

@labeling_function(votes=Mood.GOOD, fires=["x"], abstains=["y"])
def slow(text):
    \"\"\"Dawdles where it is told to.\"\"\"
    if "dawdle" in text:
        time.sleep(0.006)
"""


def write_suite(folder: Path) -> Path:
    task = folder / "labeling_functions" / "demo" / "mood"
    (task / "lexicons").mkdir(parents=True)
    (task.parent / "package.toml").write_text(PACKAGE)
    (task / "task.py").write_text(TASK)
    (task / "heuristics.py").write_text(HEURISTICS)
    (task / "fragile.py").write_text(FRAGILE)
    (task / "rules.toml").write_text(RULES)
    (task / "lexicons" / "sad.txt").write_text("sad\ngloomy\n")
    return folder / "labeling_functions"


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    from pyspark.find_spark_home import _find_spark_home
    from pyspark.sql import SparkSession

    earlier = SparkSession.getActiveSession()
    if earlier is not None:
        earlier.stop()
    folder = tmp_path_factory.mktemp("spark")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYSPARK_PYTHON", sys.executable)
        settings = {
            "spark.ui.enabled": "false",
            "spark.ui.showConsoleProgress": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": "2",
            "spark.sql.warehouse.dir": str(folder / "warehouse"),
        }
        session = SparkSession.builder.master("local-cluster[2,1,1024]").config(map=settings).getOrCreate()
        session.sparkContext.setLogLevel("OFF")
        yield session
        application = session.sparkContext.applicationId
        session.stop()
        shutil.rmtree(Path(_find_spark_home()) / "work" / application, ignore_errors=True)  # what executors logged


@pytest.fixture(scope="module")
def suite(tmp_path_factory):
    return load_suite("demo.mood", write_suite(tmp_path_factory.mktemp("suite")))


def rows(n=400):
    return [
        {"id": f"r{i:04}", "text": f"{TEXTS[i % len(TEXTS)]} {i}{' z' if i % 150 == 7 else ''}", "stars": i % 5}
        for i in range(n)
    ]


@pytest.fixture(scope="module")
def votes(spark, suite, tmp_path_factory):
    from wslabel.applying.spark import vote_frame, write_votes

    frame = spark.createDataFrame(pa.Table.from_pylist(rows())).repartition(5)
    return write_votes(vote_frame(frame, suite), tmp_path_factory.mktemp("votes") / "votes")


@pytest.fixture(scope="module")
def local(suite):
    return apply(suite, rows())


def same(votes, matrix):
    table = (votes if isinstance(votes, pa.Table) else votes.toArrow()).sort_by("id")
    order = np.argsort(matrix.ids)
    assert table["id"].to_pylist() == [matrix.ids[row] for row in order]
    for column, name in enumerate(matrix.lf_names):
        values = table[name].to_numpy()
        assert values.dtype == matrix.votes.dtype
        assert (values == matrix.votes[order, column]).all(), name


def test_the_engine_gives_the_votes_and_faults_of_the_local_engine(spark, suite, local):
    ours = apply(suite, rows(), engine="spark", shard_size=37)
    assert list(ours.ids) == list(local.ids)
    assert (ours.votes == local.votes).all()
    assert ours.faults == local.faults
    assert len(ours.faults) == 3


def test_the_engine_keeps_types_that_spark_does_not_know(spark, suite):
    table = pa.table({"id": ["a", "b"], "text": ["x", "y"], "stars": pa.array([5, 0], pa.uint8())})
    assert apply(suite, table, engine="spark").votes.tolist() == apply(suite, table).votes.tolist()


def test_the_engine_refuses_functions_of_a_notebook(spark, suite):
    with pytest.raises(SuiteError, match="notebook"):
        apply(list(suite.lfs), rows(), engine="spark")


def test_the_engine_passes_its_conformance_check(spark, suite):
    from wslabel.applying import Kernel
    from wslabel.applying.engines import load_engine
    from wslabel.testing import check_engine

    check_engine(load_engine("spark"), Kernel(suite), read_records(rows()).table.to_batches(max_chunksize=50))


def test_frames_hold_the_votes_of_the_local_engine(votes, local):
    assert votes.columns == ["id", *local.lf_names, "__faults__"]
    same(votes, local)


def test_votes_are_written_in_the_layout_of_the_store(votes, suite, local, tmp_path):
    from wslabel.applying import VoteStore

    apply(suite, rows(), out=tmp_path / "votes")
    stored = next(VoteStore(tmp_path / "votes").read().batches()).schema
    folder = Path(votes.inputFiles()[0].removeprefix("file:")).parent
    assert pq.read_table(folder).drop(["__faults__"]).schema.equals(stored, check_metadata=False)


def test_votes_are_not_overwritten_unless_told(votes, tmp_path):
    from wslabel.applying.spark import write_votes

    write_votes(votes, tmp_path / "votes")
    with pytest.raises(VotesError, match="overwrite=True"):
        write_votes(votes, tmp_path / "votes")
    assert write_votes(votes, tmp_path / "votes", overwrite=True).count() == 400


def test_faults_come_back_with_record_ids(votes, local):
    from wslabel.applying.spark import collect_faults

    report = collect_faults(votes, limit=2)
    assert report.records == 400
    assert report.counts == {"fragile": 3}
    assert [asdict(one) for one in report.faults] == [asdict(one) for one in local.faults[:2]]
    assert "ValueError" in report.faults[0].traceback
    report.check(0.01)
    with pytest.raises(FaultRateError, match="fragile failed on 3 of 400 records.*r0007"):
        report.check(0.001)


def test_patterns_are_counted_as_in_a_matrix(spark, votes, suite, local):
    from wslabel.applying.spark import count_patterns

    gold = {f"r{i:04}": "good" if i % 3 else "bad" for i in range(0, 400, 7)}
    frame = spark.createDataFrame(pa.table({"id": list(gold), "gold": list(gold.values())}))
    ours = count_patterns(votes, suite, frame)
    assert ours.votes.tolist() == sorted(ours.votes.tolist())
    known = np.array([local.labels.index(gold[one]) if one in gold else -1 for one in local.ids], np.int16)
    theirs = local.patterns(known)

    def counted(patterns):
        return {
            tuple(row): (int(n), tuple(g))
            for row, n, g in zip(patterns.votes.tolist(), patterns.counts, patterns.gold.tolist())
        }

    assert counted(ours) == counted(theirs)
    assert ours.votes.dtype == theirs.votes.dtype
    assert Counter(count_patterns(votes, suite).counts.tolist()) == Counter(local.patterns().counts.tolist())
    with pytest.raises(VotesError, match="distinct rows"):
        count_patterns(votes, suite, max_patterns=2)
    wrong = spark.createDataFrame(pa.table({"id": ["r0001"], "gold": ["sour"]}))
    with pytest.raises(VotesError, match="'sour'; expected one of bad, good"):
        count_patterns(votes, suite, wrong)


@pytest.mark.parametrize("name", ["majority", "dawid_skene"])
def test_predictions_are_the_local_ones_to_the_bit(votes, suite, local, name):
    from wslabel.applying.spark import count_patterns, predict_frame

    fitted = label_model(name).fit_patterns(count_patterns(votes, suite), suite.lf_names)
    here = fitted.predict(local)
    table = predict_frame(votes, fitted).toArrow().sort_by("id")
    assert table["id"].to_pylist() == list(local.ids)
    assert table["covered"].to_pylist() == local.covered.tolist()
    there = np.stack([table[f"p_{label}"].to_numpy() for label in local.labels], axis=1)
    assert there.tobytes() == here.probs.tobytes()
    assert np.allclose(here.probs, label_model(name).fit(local).predict(local).probs, atol=1e-12)
    with pytest.raises(VotesError, match="Vote again"):
        predict_frame(votes.drop("fragile"), fitted)


@pytest.fixture(scope="module")
def dawdling(suite):
    """Records that take long enough for a process to die over them, and their votes."""
    some = [{**row, "text": f"{row['text']} dawdle"} for row in rows(800)]
    return pa.Table.from_pylist(some), apply(suite, some, workers=2, shard_size=400)


@pytest.mark.parametrize("victim", ["pyspark.daemon", "CoarseGrainedExecutorBackend"])
def test_votes_are_right_though_an_executor_is_killed(spark, suite, dawdling, victim):
    import psutil

    from wslabel.applying.spark import vote_frame

    some, expected = dawdling
    frame = vote_frame(spark.createDataFrame(some).repartition(8), suite)
    tables = []
    job = threading.Thread(target=lambda: tables.append(frame.toArrow()))
    job.start()
    started = time.monotonic()
    while voting(spark) is None and time.monotonic() - started < 30:
        time.sleep(0.05)
    program = psutil.Process(spark.sparkContext._gateway.proc.pid)
    living = [one for one in program.children(recursive=True) if one.status() != psutil.STATUS_ZOMBIE]
    found = [one for one in living if victim in " ".join(one.cmdline())]
    stage = voting(spark)
    assert job.is_alive()
    for one in found if victim == "pyspark.daemon" else found[:1]:  # most Python workers idle, an executor does not
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    job.join(60)
    after = spark.sparkContext.statusTracker().getStageInfo(stage.stageId)
    assert after.numFailedTasks > 0 or after.currentAttemptId > 0, "the loss of the process was noticed"
    assert len(tables) == 1
    same(tables[0], expected)


def voting(spark):
    """The stage that votes, once one of its tasks has ended and others go on."""
    tracker = spark.sparkContext.statusTracker()
    stages = [tracker.getStageInfo(stage) for stage in tracker.getActiveStageIds()]
    return next((one for one in stages if one and one.numTasks == 8 and one.numCompletedTasks), None)


def test_a_drifted_suite_is_refused(spark, tmp_path):
    from wslabel.applying.spark import vote_frame

    folder = write_suite(tmp_path)
    suite = load_suite("demo.mood", folder)
    heuristics = folder / "demo" / "mood" / "heuristics.py"
    heuristics.write_text(heuristics.read_text().replace('"happy"', '"merry"'))
    with pytest.raises(SuiteError, match="is not the one that was started"):
        apply(suite, rows(), engine="spark")
    frame = spark.createDataFrame(pa.Table.from_pylist(rows(5)))
    with pytest.raises(SuiteError, match="is not the one that was started"):
        vote_frame(frame, suite)
    with pytest.raises(SuiteError, match="nowhere"):
        vote_frame(frame, suite, root=str(tmp_path / "nowhere"))


def test_a_suite_may_lie_elsewhere_in_the_executors(spark, suite, tmp_path):
    from wslabel.applying.spark import vote_frame

    frame = spark.createDataFrame(pa.Table.from_pylist(rows(40)))
    same(vote_frame(frame, suite, root=str(write_suite(tmp_path))), apply(suite, rows(40)))


@pytest.mark.parametrize("format", ["jsonl", "csv", "parquet"])
def test_corpora_are_read_as_locally(spark, suite, tmp_path, format):
    import json

    import pandas as pd

    from wslabel.applying.spark import read_corpus, vote_frame

    some = [
        {"key": i, "body": body, "text": "other"}
        for i, body in enumerate(['So glad, "really"', "two\nlines !!!", "", "İstanbul sad", "a,b;c 'd'", " edge "])
    ]
    path = tmp_path / f"corpus.{format}"
    if format == "jsonl":
        path.write_text("".join(json.dumps(row) + "\n" for row in some))
    elif format == "csv":
        pd.DataFrame(some).to_csv(path, index=False)
    else:
        pd.DataFrame(some).to_parquet(path)
    keyed = read_corpus(spark, path, id="key", text="body")
    wanted = read_records(path, id="key", text="body").to_pandas()
    assert keyed.columns == list(wanted.columns)
    got = keyed.toArrow().sort_by("id").to_pylist()
    assert [{name: row[name] for name in ("id", "text", "text_")} for row in got] == wanted.to_dict("records")
    derived = read_corpus(spark, path, text="body")
    assert {(row["id"], row["text"]) for row in derived.toArrow().to_pylist()} == {
        (row["id"], row["text"]) for row in read_records(path, text="body").to_pandas().to_dict("records")
    }
    same(vote_frame(derived, suite), apply(suite, read_records(path, text="body")))


def test_tables_are_read_by_name(spark, suite):
    from wslabel.applying.spark import read_corpus, vote_frame

    spark.createDataFrame(pa.Table.from_pylist(rows(20))).createOrReplaceTempView("news")
    same(vote_frame(read_corpus(spark, "news", format="table"), suite), apply(suite, rows(20)))


def test_what_is_wrong_with_a_corpus_is_told(spark, suite, tmp_path):
    from wslabel.applying.spark import read_corpus, vote_frame, write_votes

    def frame(**columns):
        return spark.createDataFrame(pa.table(columns))

    with pytest.raises(CorpusError, match="pass format="):
        read_corpus(spark, "corpus.xls")
    with pytest.raises(CorpusError, match='"text"'):
        vote_frame(frame(id=["a"], text=["x"]), suite, text="txt")
    with pytest.raises(CorpusError, match="cast it to a string"):
        vote_frame(frame(id=[1.5], text=["x"]), suite)
    with pytest.raises(CorpusError, match="The text of record b is null"):
        write_votes(vote_frame(frame(id=["a", "b"], text=["x", None]), suite), tmp_path / "null")
    with pytest.raises(VotesError, match="'a' stands 2 times"):
        write_votes(vote_frame(frame(id=["a", "a"], text=["x", "y"]), suite), tmp_path / "twice")
    with pytest.raises(FaultRateError, match="fragile failed on 2 of 2"):
        write_votes(vote_frame(frame(id=["a", "b"], text=["z", "z"]), suite), tmp_path / "faults")
    broken = tmp_path / "broken.jsonl"
    broken.write_text('{"id": "a", "text": "x"}\n{"id": "b", "te\n')
    with pytest.raises(CorpusError, match="malformed"):
        read_corpus(spark, broken)


def test_a_column_that_the_suite_needs_is_missed_at_once(spark, tmp_path):
    from wslabel.applying.spark import vote_frame

    folder = write_suite(tmp_path)
    fragile = folder / "demo" / "mood" / "fragile.py"
    fragile.write_text(fragile.read_text().replace("stars=0", "stars"))
    frame = spark.createDataFrame(pa.Table.from_pylist([{"id": "a", "text": "x"}]))
    with pytest.raises(LabelingFunctionError, match="stars"):
        vote_frame(frame, load_suite("demo.mood", folder))


def test_doctor_looks_at_what_spark_needs(monkeypatch, tmp_path):
    from wslabel.applying.spark.checks import check_spark

    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    assert all(ok for _, _, ok in check_spark()), check_spark()
    monkeypatch.setenv("PYSPARK_PYTHON", str(tmp_path / "python"))
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'openjdk version \"1.8.0_202\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    checks = {what: (told, ok) for what, told, ok in check_spark()}
    assert checks["spark: java"] == (f"8 ({java}); install Java 17 or newer, or set JAVA_HOME", False)
    assert checks["spark: python"] == (f"PYSPARK_PYTHON={tmp_path / 'python'} does not run", False)
    assert checks["spark: arrow"][1]


def test_doctor_does_without_pyspark(monkeypatch):
    from importlib.metadata import PackageNotFoundError

    from wslabel.applying.spark import checks

    def missing(name):
        raise PackageNotFoundError(name)

    monkeypatch.setattr(checks, "version", missing)
    assert checks.check_spark() == [("pyspark", "not installed (pip install 'wslabel[spark]')", True)]


def test_the_document_runs(spark, tmp_path, monkeypatch):
    for folder in ("data_samples", "labeling_functions"):
        (tmp_path / folder).symlink_to(ROOT / folder)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs" / "scale_out.md").read_text(encoding="utf-8")
    code = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    said = {}
    exec(re.sub(r'"(?=votes/|data_samples/)', f'"{tmp_path}/', "\n".join(code)), said)  # Spark has a folder of its own
    same(said["votes"], ws.apply(said["suite"], said["records"]))
    assert said["report"].counts == {}
    written = pq.read_table(tmp_path / "votes" / "labels")
    assert written.num_rows == said["report"].records
    assert {"id", "covered", "p_positive", "text"} <= set(written.schema.names)
