import csv
import json
import math
import os
import re
import signal
import subprocess
import sys
import time

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner

from conftest import ROOT
from wslabel.cli import main, show
from wslabel.core.decisions import Decision
from wslabel.review import DecisionLog

PIPELINE = """
suite = "demo.mood"
output = "run"
seed = 3

[records]
paths = ["corpus.jsonl"]
id = "id"
gold = "gold"

[apply]
workers = 1
shard_size = 25
"""


def wslabel(*args):
    return CliRunner().invoke(main, [str(arg) for arg in args])


@pytest.fixture
def pipeline(suites, corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    file = tmp_path / "pipeline.toml"
    file.write_text(PIPELINE)
    return file


def stale(pipeline):
    plan = json.loads(wslabel("run", pipeline, "--dry-run", "--json").stdout)
    return {one["stage"]: one["reason"] for one in plan if one["reason"]}


def folder_bytes(folder):
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != "shards.json"
    }


def edit(path, before, after):
    text = path.read_text()
    assert before in text
    path.write_text(text.replace(before, after))


def test_a_whole_run(pipeline, tmp_path):
    result = wslabel("run", pipeline)
    assert result.exit_code == 0, result.output
    for part in ("is_glad", "label model auto", "flagged:", "exported:", "report.html", "against 60 gold labels"):
        assert part in result.stdout
    assert "read 60 = voted 60 + quarantined 0" in result.stdout
    run = tmp_path / "run"
    rows = [json.loads(line) for line in (run / "export" / "openai_chat.jsonl").read_text().splitlines()]
    counts = json.loads((run / "manifest.json").read_text())["stages"]["export"]["counts"]
    assert len(rows) == counts["exported"]
    assert counts["exported"] + sum(counts["left_out"].values()) == 60
    assert rows[0]["messages"][-1]["role"] == "assistant"
    assert "<html" in (run / "report.html").read_text()


def test_a_second_run_skips_all_and_changes_nothing(pipeline, tmp_path):
    wslabel("run", pipeline)
    before = folder_bytes(tmp_path / "run")
    assert stale(pipeline) == {}
    result = wslabel("run", pipeline)
    assert result.stderr.count("fresh, skipped") == 8
    assert folder_bytes(tmp_path / "run") == before


def test_two_runs_of_the_same_input_are_the_same_bytes(pipeline, tmp_path):
    wslabel("run", pipeline)
    wslabel("run", pipeline, "-o", tmp_path / "again")
    assert folder_bytes(tmp_path / "run") == folder_bytes(tmp_path / "again")


def test_a_dry_run_writes_nothing_and_says_why(pipeline, tmp_path, suites):
    assert set(stale(pipeline)) == {"apply", "fit", "label", "flag", "review", "split", "export", "report"}
    assert not (tmp_path / "run").exists()
    wslabel("run", pipeline)
    before = folder_bytes(tmp_path / "run")
    edit(suites / "demo" / "mood" / "heuristics.py", '"glad", "happy"', '"glad"')
    reasons = stale(pipeline)
    assert reasons["apply"] == "changed: LF is_glad"
    assert reasons["fit"] == "apply runs before it"
    assert folder_bytes(tmp_path / "run") == before


def test_what_depends_on_a_change_runs_and_nothing_else(pipeline, tmp_path, suites):
    wslabel("run", pipeline)
    edit(suites / "demo" / "mood" / "heuristics.py", "Gladness is good.", "Gladness is very good.")
    assert stale(pipeline) == {}
    edit(pipeline, "[apply]", '[label_model]\nname = "dawid_skene"\n\n[apply]')
    assert set(stale(pipeline)) == {"fit", "label", "flag", "review", "split", "export", "report"}
    wslabel("run", pipeline)
    edit(pipeline, "[apply]", "[export]\nmin_confidence = 0.5\n\n[apply]")
    assert set(stale(pipeline)) == {"export", "report"}
    wslabel("run", pipeline)
    edit(pipeline, "workers = 1", "workers = 2")
    assert stale(pipeline) == {}
    (tmp_path / "run" / "issues.parquet").unlink()
    assert "issues.parquet is missing" in stale(pipeline)["flag"]
    edit(tmp_path / "corpus.jsonl", "Nothing 4", "Nothing much 4")
    assert stale(pipeline)["apply"] == "changed: records"


def test_an_edit_that_changes_no_vote_runs_apply_only(pipeline, suites):
    wslabel("run", pipeline)
    edit(suites / "demo" / "mood" / "heuristics.py", '"glad", "happy"', '"glad", "happy", "overjoyed"')
    result = wslabel("run", pipeline)
    assert re.search(r"apply +changed: LF is_glad", result.stderr)
    assert re.search(r"fit +fresh, skipped", result.stderr)


def test_single_stages_after_apply(pipeline, tmp_path):
    run = tmp_path / "by_hand"
    result = wslabel("apply", "demo.mood", "corpus.jsonl", "--gold", "gold", "-o", run)
    assert result.exit_code == 0, result.output
    assert "coverage" in result.stdout
    assert wslabel("fit", run, "--model", "dawid_skene").exit_code == 0
    assert wslabel("label", run, "--end-model", "none").exit_code == 0
    assert not (run / "held_out.parquet").exists()
    assert wslabel("flag", run).exit_code == 0
    assert wslabel("review", run).exit_code == 0
    result = wslabel("export", run, "--format", "csv", "--include-uncovered", "--json")
    assert json.loads(result.stdout)["exported"] == 60
    assert wslabel("report", run).exit_code == 0
    assert json.loads((run / "manifest.json").read_text())["config"]["label_model"]["name"] == "dawid_skene"


def test_a_label_is_explained(pipeline, tmp_path):
    assert wslabel("run", pipeline).exit_code == 0
    first = pq.read_table(tmp_path / "run/labels.parquet").to_pylist()[0]
    told = json.loads(wslabel("explain", "run", first["id"], "--json").stdout)
    assert told["label"] == first["label"]
    p = told["probability"]
    assert sum(one["log_odds"] for one in told["contributions"]) == pytest.approx(math.log(p / (1 - p)), abs=1e-6)
    assert told["contributions"][0]["witness"] == "class balance"
    shown = wslabel("explain", "run", first["id"])
    assert shown.exit_code == 0
    assert first["label"] in shown.output
    assert wslabel("explain", "run", "nobody").exit_code == 1
    bare = next(row["id"] for row in pq.read_table(tmp_path / "run/labels.parquet").to_pylist() if not row["covered"])
    assert wslabel("explain", "run", bare).exit_code == 0


def test_the_report_tells_of_errors_and_lfs_to_leave_out(pipeline, tmp_path):
    assert wslabel("run", pipeline).exit_code == 0
    page = (tmp_path / "run/report.html").read_text()
    assert ("Labeling functions that carry errors" in page) == ('id="errors"' in page)
    measured = json.loads((tmp_path / "run/manifest.json").read_text())["stages"]["report"]["counts"]
    assert ('id="errors"' in page) == (measured["final_accuracy"] < 1)


def test_a_share_of_gold_is_learned_from_kept_and_not_measured(pipeline, tmp_path):
    assert wslabel("run", pipeline).exit_code == 0
    before = json.loads((tmp_path / "run/manifest.json").read_text())["stages"]["report"]["counts"]
    pipeline.write_text(PIPELINE + "[gold]\nshare = 0.5\n")
    assert set(stale(pipeline)) >= {"fit", "label"}
    assert "apply" not in stale(pipeline)
    result = wslabel("run", pipeline)
    assert result.exit_code == 0, result.output
    sources = pq.read_table(tmp_path / "run/labels.parquet")["source"].to_pylist()
    after = json.loads((tmp_path / "run/manifest.json").read_text())["stages"]["report"]["counts"]
    assert 0 < sources.count("gold") == before["gold"] - after["gold"]
    assert not stale(pipeline)


def test_decisions_of_a_run_are_gold_for_the_next(pipeline, tmp_path):
    assert wslabel("run", pipeline).exit_code == 0
    first = pq.read_table(tmp_path / "run/labels.parquet")
    chosen, given = first["id"][0].as_py(), first["label"][0].as_py()
    other = "bad" if given == "good" else "good"
    DecisionLog(tmp_path / "run/review.db").append(Decision(chosen, "label", other))
    pipeline.write_text(PIPELINE.replace('"run"', '"second"', 1) + '[gold]\ndecisions = ["run"]\n')
    assert wslabel("run", pipeline).exit_code == 0
    second = pq.read_table(tmp_path / "second/labels.parquet").to_pylist()[0]
    assert (second["id"], second["label"], second["source"]) == (chosen, other, "gold")


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ('[gold]\ndecisions = ["nowhere"]\n', "has no review.db. Name a run that was reviewed."),
        ("[gold]\nshares = 0.5\n", "unknown key 'gold.shares'. Did you mean \"share\"?"),
    ],
)
def test_gold_that_cannot_be_is_told(pipeline, section, message):
    pipeline.write_text(PIPELINE + section)
    result = wslabel("run", pipeline)
    assert result.exit_code == 1
    assert message in result.output


def test_review_by_csv_and_back_into_the_export(pipeline, tmp_path):
    wslabel("run", pipeline)
    assert wslabel("review", "run", "--export", "queue.csv").exit_code == 0
    with open("queue.csv", newline="", encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert rows
    first = rows[0]["id"]
    rows[0]["decision"] = other = "good" if rows[0]["given"] == "bad" else "bad"
    with open("queue.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    result = wslabel("review", "run", "--import", "queue.csv", "--reviewer", "ana")
    assert "1 decisions added" in result.stdout
    assert (
        "0 decisions added, 1 known already"
        in wslabel("review", "run", "--import", "queue.csv", "--reviewer", "ana").stdout
    )
    assert set(stale(pipeline)) == {"review", "export", "report"}
    wslabel("run", pipeline)
    with open("run/export/csv.csv", newline="", encoding="utf-8") as file:
        exported = {row["id"]: row for row in csv.DictReader(file)}
    assert exported[first]["label"] == other
    assert exported[first]["source"] == "human"


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (["run", "none.toml"], "none.toml: cannot be read"),
        (["apply", "demo.mod", "corpus.jsonl"], 'Did you mean "demo.mood"'),
        (["apply", "demo.mood", "none.jsonl"], "none.jsonl: no such file"),
        (["apply", "demo.mood", "corpus.jsonl", "--text", "txt"], "there is no column 'txt'. Did you mean"),
        (["apply", "demo.mood", "corpus.jsonl", "--gold", "text"], "is not one of the task's"),
        (["apply", "demo.mood", "corpus.jsonl", "--engine", "locale"], 'Did you mean "local"'),
        (["run", "pipeline.toml", "--until", "exprt"], 'Did you mean "export"'),
        (["fit", "nowhere"], "is no run directory"),
        (["review", "nowhere"], "is no run directory"),
        (["try", "demo.mood.is_gld", "--text", "x"], 'Did you mean "is_glad"'),
        (["list", "modls"], 'Did you mean "models"'),
        (["new", "Bad Name"], "is no suite name"),
        (["check", "nothing.here"], "There is no suite"),
    ],
)
def test_mistakes_are_one_line_and_exit_code_1(pipeline, args, message):
    result = wslabel(*args)
    assert result.exit_code == 1
    last = result.stderr.splitlines()[-1]
    assert last.startswith("Error: ")
    assert message in last
    assert "Traceback" not in result.output


def test_usage_mistakes_exit_with_2(pipeline):
    assert wslabel("apply", "demo.mood").exit_code == 2
    assert wslabel("nonsense").exit_code == 2


def test_unknown_models_and_formats_suggest(pipeline):
    wslabel("run", pipeline, "--until", "apply")
    assert 'Did you mean "majority"' in wslabel("fit", "run", "--model", "majorty").stderr
    assert 'Did you mean "tfidf_logreg"' in wslabel("label", "run", "--end-model", "tfidf_logregr").stderr
    assert 'Did you mean "openai_chat"' in wslabel("export", "run", "--format", "openai_cht").stderr


def test_a_damaged_manifest_is_told(pipeline, tmp_path):
    wslabel("run", pipeline, "--until", "apply")
    (tmp_path / "run" / "manifest.json").write_text("{")
    for args in (["run", pipeline], ["report", "run"]):
        result = wslabel(*args)
        assert result.exit_code == 1
        assert "manifest.json: not valid JSON" in result.stderr
    for content in ("[]", "{}", '{"stages": [], "config": null}'):
        (tmp_path / "run" / "manifest.json").write_text(content)
        assert "not a run's manifest" in wslabel("report", "run").stderr


@pytest.mark.parametrize("name", ["votes/votes.parquet", "votes/votes.json", "posterior.parquet", "issues.parquet"])
def test_damaged_artefacts_are_told(pipeline, tmp_path, name):
    wslabel("run", pipeline)
    path = tmp_path / "run" / name
    path.write_bytes(b"x" * path.stat().st_size)
    (tmp_path / "run" / "report.html").unlink()
    result = wslabel("report", "run")
    assert result.exit_code == 1
    assert path.name in result.stderr.splitlines()[-1]
    assert "damaged" in result.stderr.splitlines()[-1]


def test_a_terminal_that_knows_ascii_only(pipeline, tmp_path):
    command = [sys.executable, "-m", "wslabel", "apply", "demo.mood", "corpus.jsonl", "--gold", "gold"]
    environment = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True)
    assert done.returncode == 0, done.stderr
    assert b"read 60 = voted 60" in done.stdout


def test_an_output_that_is_no_run_is_left_alone(pipeline, tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("x")
    result = wslabel("run", pipeline, "-o", tmp_path / "mine")
    assert result.exit_code == 1
    assert "is no run directory" in result.stderr
    assert folder_bytes(tmp_path / "mine") == {"thesis.txt": b"x"}


def test_a_run_without_its_manifest_says_how_to_go_on_and_goes_on(pipeline, tmp_path):
    wslabel("run", pipeline)
    run = tmp_path / "run"
    DecisionLog(run / "review.db").append(Decision("r1", "label", "bad"))
    wslabel("run", pipeline)
    whole = folder_bytes(run)
    voted = (run / "votes" / "votes.parquet").stat().st_mtime_ns
    for damage in ("gone", "{"):
        (run / "manifest.json").unlink() if damage == "gone" else (run / "manifest.json").write_text(damage)
        said = wslabel("report", "run")
        assert said.exit_code == 1
        assert ("-o run: it goes on with the votes" if damage == "gone" else "Delete it and run again") in said.stderr
        (run / "manifest.json").unlink(missing_ok=True)
        assert wslabel("run", pipeline).exit_code == 0
        assert folder_bytes(run) == whole
        assert (run / "votes" / "votes.parquet").stat().st_mtime_ns == voted  # no record was voted on again
    (run / "manifest.json").unlink()
    (run / "thesis.txt").write_text("x")
    refused = wslabel("run", pipeline)
    assert refused.exit_code == 1
    assert "'thesis.txt'" in refused.stderr
    assert "Move it away to go on" in refused.stderr


def test_an_unwritable_output(pipeline, tmp_path):
    (tmp_path / "file").write_text("x")
    for place in (tmp_path / "file" / "run", "/proc/nowhere/run"):
        result = wslabel("run", pipeline, "-o", place)
        assert result.exit_code == 1
        assert "cannot be written" in result.stderr


def test_malformed_rows_are_quarantined_and_counted(pipeline, tmp_path):
    with (tmp_path / "corpus.jsonl").open("a") as file:
        file.write("{broken\n")
    result = wslabel("run", pipeline)
    assert result.exit_code == 1
    assert "1 of 61 rows are malformed" in result.stderr
    assert json.loads((tmp_path / "run" / "votes" / "quarantine.jsonl").read_text())["line"] == 61
    edit(pipeline, 'gold = "gold"', 'gold = "gold"\nmax_quarantine_rate = 0.05')
    result = wslabel("run", pipeline)
    assert "read 61 = voted 60 + quarantined 1" in result.stdout
    row = json.loads((tmp_path / "run" / "votes" / "quarantine.jsonl").read_text())
    assert (row["line"], row["content"]) == (61, "{broken\n")


def test_nothing_covered_is_told_at_the_export(pipeline, tmp_path):
    (tmp_path / "corpus.jsonl").write_text(
        "".join(f'{{"id": "{i}", "text": "plain {i}", "gold": null}}\n' for i in range(9))
    )
    result = wslabel("run", pipeline)
    assert result.exit_code == 1
    assert "uncovered" in result.stderr


def test_check_try_list_and_new(pipeline, suites):
    assert "passed. 3 labeling functions" in wslabel("check", "demo.mood").stdout
    assert wslabel("check", "--update").exit_code == 0
    edit(suites / "demo" / "mood" / "lexicons" / "sad.txt", "sad\n", "so\n")
    result = wslabel("check", "demo.mood")
    assert result.exit_code == 1
    assert "FAIL  is_sad abstains on 'How sad'; expected a vote." in result.stdout
    assert "no longer votes 'bad' on m1" in result.stdout
    assert "is_glad" in wslabel("try", "demo.mood", "--text", "Happy").stdout
    said = json.loads(wslabel("try", "demo.mood.many_marks", "--text", "No!!!", "--json").stdout)
    assert [(one["lf"], one["vote"], one["spans"], one["evidence"]) for one in said] == [
        ("many_marks", "bad", [[2, 5]], ["!!!"])
    ]
    assert "demo.mood" in wslabel("list").stdout
    assert "Gladness is good." in wslabel("list", "demo.mood").stdout
    for what in ("models", "end-models", "formats", "engines"):
        assert wslabel("list", what).stdout.strip()
    assert {"name": "hmm", "of": "spans"} in json.loads(wslabel("list", "models", "--json").stdout)
    assert {"name": "span_logreg", "of": "spans"} in json.loads(wslabel("list", "end-models", "--json").stdout)
    made = wslabel("new", "shop.returns", "--labels", "refund,exchange")
    assert made.exit_code == 0
    assert "passed" in wslabel("check", "shop.returns").stdout
    assert not [line for line in made.stdout.splitlines() if line.startswith("/")]
    assert wslabel("new", "shop.parties", "--labels", "person", "--kind", "spans").exit_code == 0
    assert "passed" in wslabel("check", "shop.parties").stdout
    assert wslabel("doctor").exit_code == 0


def test_votes_are_shown_filtered_and_joined(pipeline, tmp_path):
    wslabel("run", pipeline, "--until", "apply")
    rows = json.loads(wslabel("votes", "run", "--conflicts", "--limit", "99", "--json").stdout)
    assert [row["id"] for row in rows] == [f"r{i}" for i in range(3, 60, 8)]
    assert rows[0]["votes"] == {"is_glad": "good", "is_sad": "bad", "many_marks": "bad"}
    assert "r0  So glad! 0" in wslabel("votes", "run").stdout
    assert "20 of 60 records shown" in wslabel("votes", "run").stdout
    wslabel("votes", "run", "--lf", "is_sad", "--label", "bad", "-o", "sad.csv")
    with open("sad.csv", newline="") as file:
        joined = list(csv.DictReader(file))
    assert {row["is_sad"] for row in joined} == {"bad"}
    assert joined[0]["text"] == "How sad 1"
    assert wslabel("votes", "run", "--lf", "is_sad", "-o", "sad.parquet").exit_code == 0
    for args, message in [
        (["--lf", "is_gld"], 'Did you mean "is_glad"'),
        (["--label", "god"], 'Did you mean "good"'),
        (["-o", "sad.txt"], "written as .csv or .parquet"),
    ]:
        assert message in wslabel("votes", "run", *args).stderr


def test_every_help_shows_an_example():
    assert "wslabel run" in wslabel("--help").stdout
    for name in main.commands:
        text = wslabel(name, "--help").stdout
        assert "Example:" in text, name
        assert f"wslabel {name}" in text, name


def examples():
    for name, command in main.commands.items():
        for line in command.help.splitlines():
            if line.strip().startswith(f"wslabel {name}"):
                yield line.strip()


def test_the_examples_of_the_help_work(tmp_path):
    """Run in the order of the flow on a copy of the project's own suite and sample."""
    import shutil

    for folder in ("labeling_functions", "data_samples", "pipelines"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    order = [
        "apply",
        "votes",
        "fit",
        "label",
        "flag",
        "review",
        "audit",
        "agreement",
        "export",
        "trace",
        "redact",
        "report",
        "explain",
        "blame",
        "run",
        "diff",
        "validate",
        "split",
        "check",
        "try",
        "list",
        "new",
        "rules",
        "doctor",
    ]
    here = [line for line in examples() if "https://" not in line]  # no server is needed
    lines = sorted(here, key=lambda line: order.index(line.split()[1]))
    assert len(lines) >= 13
    lines.append("wslabel check retail.returns")
    lines.insert(next(row for row, line in enumerate(lines) if "diff" in line), "cp -r runs/try runs/better")
    command = " && ".join(line.replace("wslabel ", f"{sys.executable} -m wslabel ", 1) for line in lines)
    done = subprocess.run(command, shell=True, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr[-2000:]


SLOW = """
import time
from wslabel.authoring import labeling_function
from .task import Mood

@labeling_function(votes=Mood.GOOD, fires=["x"])
def slow(text):
    time.sleep(0.02)
    return None
"""


@pytest.mark.parametrize(
    ("how", "workers"), [(signal.SIGINT, 1), (signal.SIGKILL, 1), (signal.SIGINT, 2), (signal.SIGKILL, 2)]
)
def test_an_interrupted_run_goes_on_to_the_same_bytes(pipeline, suites, tmp_path, how, workers):
    (suites / "demo" / "mood" / "slow.py").write_text(SLOW)
    edit(pipeline, "workers = 1", f"workers = {workers}")
    edit(pipeline, "shard_size = 25", "shard_size = 5")
    whole = wslabel("run", pipeline, "-o", tmp_path / "whole", "--until", "flag")
    assert whole.exit_code == 0, whole.output
    command = [sys.executable, "-m", "wslabel", "run", str(pipeline), "-o", "broken", "--until", "flag"]
    process = subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True)
    votes = tmp_path / "broken" / "votes"
    deadline = time.monotonic() + 60
    while len(list(votes.glob("parts/*.arrow"))) < 2 and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process.pid, how)
    said = process.communicate()[1]
    assert process.returncode == (130 if how == signal.SIGINT else -signal.SIGKILL)
    assert not (votes / "votes.json").exists()
    if how == signal.SIGINT:
        assert "run the same command again to go on" in said
    assert "Traceback" not in said  # of no worker either
    assert 2 <= len(list(votes.glob("parts/*.arrow"))) < 12
    again = wslabel("run", pipeline, "-o", tmp_path / "broken", "--until", "flag")
    assert again.exit_code == 0, again.output
    assert folder_bytes(tmp_path / "broken") == folder_bytes(tmp_path / "whole")


CHATTY = """
from wslabel.authoring import labeling_function
from .task import Mood

print("loading")

@labeling_function(votes=Mood.BAD, fires=["Gloom"], abstains=["x"])
def chatty_rule_with_a_name_that_fills_more_than_a_third_of_a_line_of_a_terminal(text):
    "It talks."
    print("called")
    return Mood.BAD if "Gloom" in text else None
"""


def test_what_suites_print_goes_to_stderr_and_results_alone_to_stdout(pipeline, suites, tmp_path):
    (suites / "demo" / "mood" / "chatty.py").write_text(CHATTY)
    for args in (
        ["apply", "demo.mood", "corpus.jsonl", "--gold", "gold", "--workers", "1", "-o", "run"],
        ["run", pipeline, "--dry-run"],
        ["label", "run"],
        ["explain", "run", "r1"],
        ["agreement", "run"],
        ["check"],
        ["try", "demo.mood", "--text", "Gloom"],
        ["list", "demo.mood"],
    ):
        result = wslabel(*args, "--json")
        json.loads(result.stdout)
        assert "loading" in result.stderr, args
    assert json.loads(wslabel("votes", "run", "--json").stdout)
    assert "called" in wslabel("try", "demo.mood", "--text", "Gloom").stderr
    result = wslabel("rules", "export", "demo.mood", "-o", tmp_path / "rules.csv")
    assert "loading" not in result.stdout


def test_tables_in_a_pipe_are_whole(pipeline, suites):
    (suites / "demo" / "mood" / "chatty.py").write_text(CHATTY.replace('"It talks."', f'"{"It talks. " * 30}"'))
    name = "chatty_rule_with_a_name_that_fills_more_than_a_third_of_a_line_of_a_terminal"
    listed = wslabel("list", "demo.mood").stdout.splitlines()
    assert len(listed) == 4
    assert sum(name in line and line.count("It talks.") == 30 for line in listed) == 1
    table = wslabel("apply", "demo.mood", "corpus.jsonl", "--gold", "gold").stdout.splitlines()
    assert [line for line in table if line.startswith(name)]
    heads = [line for line in table if line.startswith("labeling function")]
    assert len(heads) == 1
    assert "accuracy (95 %)" in heads[0]


def test_counts_of_many_labels_are_told_briefly():
    counts = {f"l{i}": i for i in range(20)}
    told = show._by_label(counts)
    assert told.startswith("l19 19, l18 18, ")
    assert told.endswith("l8 8; 7 other labels 28; never: l0")
    assert show._by_label({"a": 0, "b": 2}) == "a 0, b 2"


def test_brackets_are_shown_as_they_are(pipeline, tmp_path):
    edit(tmp_path / "labeling_functions" / "demo" / "mood" / "task.py", '"good"', '"[good]"')
    (tmp_path / "corpus.jsonl").write_text(
        "".join(json.dumps({"id": f"[/r{i}]", "text": "So glad"}) + "\n" for i in range(40))
    )
    edit(pipeline, 'gold = "gold"\n', "")
    result = wslabel("run", pipeline)
    assert result.exit_code == 0, result.output
    assert re.search(r"is_glad +\[good\]", result.stdout)
    assert "labels: [good] 40, bad 0" in result.stdout
    assert wslabel("review", "run").exit_code == 0


def test_labels_for_which_nothing_votes_are_named_and_long_labels_stand_in_columns(pipeline, suites):
    task = suites / "demo" / "mood" / "task.py"
    more = "".join(f'    L{number} = "label {number} with a long name"\n' for number in range(6))
    edit(task, '    GOOD = "good"\n', f'    GOOD = "good"\n{more}')
    edit(suites / "demo" / "mood" / "rules.toml", 'votes = "bad"', 'votes = "label 0 with a long name"')
    result = wslabel("run", pipeline, "--until", "fit")
    others = ", ".join(f"label {number} with a long name" for number in range(1, 6))
    assert f"no labeling function votes for: {others}\n" in result.stdout
    assert "class_balance 0.125 each" in result.stdout
    said = wslabel("try", "demo.mood", "--text", "How sad!!!").stdout.splitlines()
    assert said[0].index("'sad'") == said[1].index("'!!!'")


def test_a_golden_vote_of_a_function_that_is_gone_has_no_place(pipeline, suites):
    wslabel("check", "demo.mood", "--update")
    (suites / "demo" / "mood" / "rules.toml").unlink()
    said = wslabel("check", "demo.mood").stdout
    assert "many_marks no longer votes" in said
    assert "()" not in said


def test_arguments_that_are_no_text_are_refused(pipeline):
    for args in (["try", "demo.mood", "--text", "glad \udcff"], ["apply", "demo.mood", "corp\udcffus.jsonl"]):
        result = wslabel(*args)
        assert result.exit_code == 2
        assert "is not valid UTF-8" in result.stderr
    with open(os.fsencode("a") + b"\xff.jsonl", "w") as file:
        file.write('{"text": "glad"}\n')
    result = wslabel("apply", "demo.mood", ".")
    assert result.exit_code == 1
    assert "the name of the file is not valid UTF-8. Rename it." in result.stderr


def test_an_interrupt_while_it_starts_is_no_traceback(tmp_path):
    (tmp_path / "sitecustomize.py").write_text(
        "import builtins, os, signal, sys\n"
        "real = builtins.__import__\n"
        "def slow(name, *args, **kwargs):\n"
        "    if name == 'click':\n"
        "        os.kill(os.getpid(), signal.SIGINT)\n"
        "    return real(name, *args, **kwargs)\n"
        "builtins.__import__ = slow\n"
    )
    path = os.pathsep.join([str(tmp_path), str(ROOT / "src")])
    command = [sys.executable, "-m", "wslabel", "list"]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True)
    assert (done.returncode, done.stdout) == (130, "")
    assert done.stderr == "Interrupted. Nothing was begun.\n"


def modules_after(code):
    script = f"import sys; {code}; print(' '.join(sys.modules))"
    return set(
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout.split()
    )


HEAVY = {"spacy", "sklearn", "pandas", "cleanlab", "torch", "scipy", "pyarrow", "numpy", "rich", "pydantic", "jinja2"}


def test_importing_wslabel_is_light():
    assert not modules_after("import wslabel") & (HEAVY | {"click"})


def test_the_command_line_starts_light():
    assert not modules_after("import wslabel.cli") & HEAVY


def test_reading_and_voting_need_no_heavy_library():
    lf, task = "ws.keywords('f', votes='a', any_of=['x'])", "ws.Task('t', ['a', 'b'])"
    code = f"import wslabel as ws; ws.apply({lf}, [{{'text': 'x'}}], task={task})"
    assert not modules_after(code) & {"spacy", "sklearn", "cleanlab", "torch", "rich", "pydantic"}


def test_a_run_is_split_and_exports_a_file_a_split(pipeline, tmp_path):
    pipeline.write_text(
        PIPELINE
        + """
[export]
formats = ["csv"]

[export.splits]
never_test = ["developed"]
ratios = { train = 0.6, test = 0.4 }
near_duplicates = false
"""
    )
    assert wslabel("run", pipeline).exit_code == 0
    run = tmp_path / "run"
    counts = json.loads((run / "manifest.json").read_text())["stages"]["export"]["counts"]
    rows = [len(list(csv.reader((run / "export" / f"csv.{name}.csv").open()))) - 1 for name in ("train", "test")]
    assert rows == [counts["by_split"]["train"], counts["by_split"]["test"]]
    assert "Leak audit" in (run / "export" / "README.md").read_text()
    assert not stale(pipeline)
    again = wslabel(
        "split", run, "--ratios", "train=0.5,test=0.5", "--test-on", "developed", "--test-on", "gold", "--json"
    )
    assert again.exit_code == 0, again.output
    facts = json.loads(again.stdout)
    assert facts["sizes"]["test"] == pytest.approx(30, abs=15)
    assert facts["plan"]["never_test"] == []
    assert wslabel("export", run).exit_code == 0
    assert "unknown key 'export.splits.ratio'" in wslabel("run", broken(pipeline)).stderr


def broken(pipeline):
    file = pipeline.with_name("broken.toml")
    file.write_text(pipeline.read_text().replace("ratios =", "ratio ="))
    return file


def test_files_are_split_and_audited(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    rows = [
        {"id": str(i), "text": f"note {i} {i * i} {i**3}", "who": i // 2, "part": "test" if i % 3 else "train"}
        for i in range(90)
    ]
    (tmp_path / "notes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    made = wslabel("split", "notes.jsonl", "--group", "who", "-o", "out")
    assert made.exit_code == 0, made.output
    assert "kept together by group who: 90 records" in made.stdout
    assert (tmp_path / "out" / "splits.parquet").exists()
    audit = json.loads(wslabel("split", "notes.jsonl", "--audit", "part", "--group", "who", "--json").stdout)
    assert audit["shared"]["group who"]["train → test"] == 30
    assert "there is no column" in wslabel("split", "notes.jsonl", "--audit", "prt").stderr
    assert "--ratios is 'x'" in wslabel("split", "notes.jsonl", "--ratios", "x").stderr


def test_a_sensitive_suite_is_exported_redacted_or_by_name(pipeline, suites, tmp_path):
    package = suites / "demo" / "package.toml"
    package.write_text(package.read_text().replace('version = "1.2.0"', 'version = "1.2.0"\nsensitive = true'))
    corpus = tmp_path / "corpus.jsonl"
    lines = corpus.read_text().splitlines()
    first = json.loads(lines[0])
    lines[0] = json.dumps({**first, "text": first["text"] + " Mail jo@example.org."})
    corpus.write_text("\n".join(lines) + "\n")
    refused = wslabel("run", pipeline)
    assert refused.exit_code == 1
    assert "The suite demo.mood is sensitive" in refused.stderr
    assert not (tmp_path / "run" / "export").exists()
    assert "names 'demo.moods'" in wslabel("export", "run", "--unredacted", "demo.moods").stderr
    named = wslabel("export", "run", "--unredacted", "demo.mood", "--include-uncovered", "--format", "csv")
    assert named.exit_code == 0, named.output
    export = tmp_path / "run" / "export"
    assert "jo@example.org" in (export / "csv.csv").read_text()
    assert "was named to be exported so" in (export / "README.md").read_text()

    section = '\n[export]\nformats = ["csv"]\ninclude_uncovered = true\n\n[redaction]\nreview = true\n'
    pipeline.write_text(PIPELINE + section)
    done = wslabel("run", pipeline)
    assert done.exit_code == 0, done.output
    for file in sorted(path for path in export.rglob("*") if path.is_file()):
        assert b"jo@example.org" not in file.read_bytes()
    assert "Mail [EMAIL]." in (export / "csv.csv").read_text()
    counts = json.loads((tmp_path / "run" / "manifest.json").read_text())["stages"]["export"]["counts"]
    assert counts["redaction"]["replaced"] == {"email": 1}
    assert "## Redaction" in (export / "README.md").read_text()
    assert b"jo@example.org" not in (tmp_path / "run" / "review_queue.csv").read_bytes()
    assert not stale(pipeline)


def test_a_corpus_is_redacted_with_pseudonyms(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("WSLABEL_SECRET", raising=False)
    rows = [{"id": "1", "text": "jo@example.org and 123-45-6789"}, {"id": "2", "text": "again JO@example.org"}]
    (tmp_path / "notes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    assert "WSLABEL_SECRET" in wslabel("redact", "notes.jsonl", "-o", "out.jsonl", "--pseudonyms").stderr
    monkeypatch.setenv("WSLABEL_SECRET", "a secret that stands in no file")
    done = wslabel("redact", "notes.jsonl", "-o", "out.jsonl", "--pseudonyms", "--kind", "email")
    assert done.exit_code == 0, done.output
    assert "2 replaced in 2 records" in done.stdout
    one, two = (json.loads(line)["text"] for line in (tmp_path / "out.jsonl").read_text().splitlines())
    assert one.split()[0] == two.split()[1]
    assert "123-45-6789" in one
    report = (tmp_path / "out.jsonl.report.json").read_text()
    assert json.loads(report)["replaced"] == {"email": 2}
    assert "secret that stands" not in report + one


def test_quotas_and_gaps_of_an_export(pipeline, tmp_path):
    wslabel("run", pipeline)
    done = wslabel("export", "run", "--quota", "good=5", "--target", "bad=1000", "--json")
    assert done.exit_code == 0, done.output
    counts = json.loads(done.stdout)
    assert counts["left_out"]["above the quota of its label"] > 0
    (gap,) = counts["chosen"]["Gaps"]
    assert gap["short"] == 1000 - gap["there"] > 0
    assert counts["exported"] + sum(counts["left_out"].values()) == 60
    assert "expected LABEL=N" in wslabel("export", "run", "--quota", "good").stderr
    assert "Choices: bad, good" in wslabel("export", "run", "--quota", "goodd=1").stderr


def test_a_record_is_traced_from_its_file_to_the_export(pipeline, tmp_path):
    pipeline.write_text(PIPELINE + '\n[export]\nformats = ["openai_chat", "csv"]\n\n[redaction]\nkinds = ["email"]\n')
    corpus = tmp_path / "corpus.jsonl"
    lines = corpus.read_text().splitlines()
    first = json.loads(lines[0])
    lines[0] = json.dumps({**first, "text": first["text"] + " Mail jo@example.org."})
    corpus.write_text("\n".join(lines) + "\n")
    assert wslabel("run", pipeline).exit_code == 0
    run = tmp_path / "run"
    queue = list(csv.DictReader((run / "review_queue.csv").open(encoding="utf-8-sig")))
    decided = queue[0]["id"]
    with (tmp_path / "decided.csv").open("w") as file:
        writer = csv.DictWriter(file, queue[0])
        writer.writeheader()
        writer.writerow({**queue[0], "decision": "good"})
    assert wslabel("review", "run", "--import", "decided.csv", "--reviewer", "ana").exit_code == 0
    assert wslabel("export", "run").exit_code == 0
    traced = wslabel("trace", run / "export" / "csv.csv", decided, "--json")
    assert traced.exit_code == 0, traced.output
    told = json.loads(traced.stdout)
    assert [(one["action"], one["label"], one["reviewer"]) for one in told["decisions"]] == [("label", "good", "ana")]
    assert told["exported"]["source"] == "human"
    rows = list(csv.DictReader((run / "export" / "csv.csv").open()))
    assert rows[told["exported"]["row"] - 1]["id"] == decided
    assert told["files"] == ["csv.csv", "openai_chat.jsonl"]
    line = json.loads(corpus.read_text().splitlines()[told["source"]["line"] - 1])
    assert line["id"] == decided

    voted = json.loads(wslabel("trace", run, first["id"], "--json").stdout)
    assert voted["redactions"][0]["now"] == "[EMAIL]"
    assert "jo@example.org" not in json.dumps(voted)
    assert {one["labeling function"] for one in voted["votes"]} == {"is_glad"}
    assert len(voted["votes"][0]["version"]) == 32
    shown = wslabel("trace", run, first["id"])
    assert shown.exit_code == 0
    assert "good by is_glad" in shown.stdout
    gone = next(record for record in json_ids(corpus) if record not in {row["id"] for row in rows})
    assert "left out" in wslabel("trace", run, gone).stdout
    assert "no record" in wslabel("trace", run, "nobody").stderr
    assert "no export of a run" in wslabel("trace", tmp_path, "x").stderr


def json_ids(corpus):
    return [json.loads(line)["id"] for line in corpus.read_text().splitlines()]


def test_the_manifest_of_an_export_tells_what_it_was_made_from_and_the_bytes_are_the_same(pipeline, tmp_path):
    assert wslabel("run", pipeline).exit_code == 0
    assert wslabel("run", pipeline, "-o", "other").exit_code == 0
    assert folder_bytes(tmp_path / "run" / "export") == folder_bytes(tmp_path / "other" / "export")
    made = json.loads((tmp_path / "run" / "export" / "export.json").read_text())["made_from"]
    assert made["corpus"][0]["file"] == "corpus.jsonl"
    assert set(made["labeling functions"]) == {"is_glad", "is_sad", "many_marks"}
    assert made["seed"] == 3
    assert "numpy" in made["versions"]
    card = (tmp_path / "run" / "export" / "README.md").read_text()
    for part in (
        "It reads as bad news.",
        "| is_glad |",
        "## Coverage",
        "## Quality",
        "against gold (95 %)",
        "- machine-generated",
    ):
        assert part in card
    edit(tmp_path / "labeling_functions" / "demo" / "mood" / "rules.toml", "{3,}", "{2,}")
    wslabel("run", pipeline)
    now = json.loads((tmp_path / "run" / "export" / "export.json").read_text())["made_from"]
    assert now["labeling functions"]["many_marks"] != made["labeling functions"]["many_marks"]
    assert now["labeling functions"]["is_glad"] == made["labeling functions"]["is_glad"]


def test_an_export_removes_what_an_earlier_one_wrote_and_it_does_not(pipeline, tmp_path):
    assert wslabel("run", pipeline).exit_code == 0
    export = tmp_path / "run" / "export"
    (export / "mine.txt").write_text("kept")
    (export / "parquet.parquet").write_bytes(b"changed since")
    assert wslabel("export", "run", "--format", "openai_chat").exit_code == 0
    names = {path.name for path in export.iterdir()}
    assert names == {
        "README.md",
        "export.json",
        "provenance.parquet",
        "openai_chat.jsonl",
        "mine.txt",
        "parquet.parquet",
    }


TEMPLATE = """
rationale = "{% for one in agreeing %}{{ one.name }} {{ one.phrases | join }}{% endfor %}"
variant = [{ user = "{{ text }}", assistant = "{{ label }}", follow_up = [["Why?", "Because: {{ rationale }}"]] }]
"""


def test_a_template_makes_conversations_with_reasons(pipeline, tmp_path):
    (tmp_path / "talk.toml").write_text(TEMPLATE)
    pipeline.write_text(PIPELINE + '\n[export]\ntemplate = "talk.toml"\nformats = ["openai_chat"]\n')
    done = wslabel("run", pipeline)
    assert done.exit_code == 0, done.output
    assert "conversations: " in done.stdout
    (first, *_) = map(json.loads, (tmp_path / "run" / "export" / "openai_chat.jsonl").open())
    assert first["messages"][-1]["content"].startswith("Because: ")
    assert len(first["messages"][-1]["content"]) > 12
    manifest = json.loads((tmp_path / "run" / "export" / "export.json").read_text())
    assert manifest["made_from"]["template"]["name"] == "talk"
    assert stale(pipeline) == {}
    (tmp_path / "talk.toml").write_text(TEMPLATE.replace("Because", "As"))
    assert set(stale(pipeline)) == {"export", "report"}
    (tmp_path / "other.toml").write_text(TEMPLATE.replace("label }}", "labl }}"))
    done = wslabel("export", "run", "--template", "other.toml")
    assert done.exit_code == 1
    assert "other.toml: variant 1: assistant: there is no value 'labl'. Did you mean \"label\"?" in done.stderr
