"""An audit from the command line: drawn, decided in a spreadsheet, estimated, and printed by report and card."""

import csv
import json

import numpy as np
import pytest
from click.testing import CliRunner
from test_cli import PIPELINE, pipeline  # noqa: F401

from wslabel.cli import main
from wslabel.pipeline import Run, auditing


def wslabel(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exit_code == 0, result.output
    return result.stdout


def decide(path, gold):
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        row["decision"] = gold[row["id"]]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys())
        writer.writeheader()
        writer.writerows(rows)
    return rows


@pytest.fixture
def audited(pipeline, tmp_path):  # noqa: F811
    wslabel("run", pipeline)
    wslabel("audit", "run", "--size", 30, "--export", "audit.csv")
    run = Run("run")
    rows = decide(tmp_path / "audit.csv", run.records.gold_by_id())
    wslabel("audit", "run", "--import", "audit.csv", "--reviewer", "ana")
    return run, rows


def test_an_audit_is_drawn_decided_and_estimated(audited, tmp_path):
    run, rows = audited
    labels = run.labels()
    assert len(rows) == 30
    told = json.loads(wslabel("audit", "run", "--json"))
    assert (told["drawn"], told["new"], told["estimate"]["audited"]) == (30, False, 30)
    gold = run.records.gold_by_id()
    covered = np.flatnonzero(labels.covered)
    right = np.mean([labels.hard()[row] == gold[labels.ids[row]] for row in covered])
    before = told["estimate"]["before"]
    assert before["low"] <= right <= before["high"]
    assert "precision (95 %)" in wslabel("audit", "run")


def test_report_and_card_print_the_estimate(audited, pipeline, tmp_path):  # noqa: F811
    shown = wslabel("run", pipeline)
    assert "30 audited" in shown
    assert "accuracy" in wslabel("report", "run")
    assert "30 audited" in (tmp_path / "run" / "report.html").read_text()
    card = next((tmp_path / "run" / "export").glob("*.md")).read_text()
    assert "## Audited accuracy" in card
    assert "30 audited" in card
    assert "## Audited labels" in card


def test_a_larger_audit_goes_on_and_other_labels_need_another(audited, pipeline):  # noqa: F811
    run, _ = audited
    first = [item.id for item in auditing.queue(run).items()]
    assert json.loads(wslabel("audit", "run", "--size", 40, "--json"))["drawn"] == 40
    assert [item.id for item in auditing.queue(run).items()][:30] == first
    pipeline.write_text(PIPELINE + '[end_model]\nname = "none"\n')
    wslabel("run", pipeline)
    assert auditing.estimate(Run("run")) is None
    told = json.loads(wslabel("audit", "run", "--size", 5, "--json"))
    assert told["new"] is True
    assert not {item.id for item in auditing.queue(Run("run")).items()} & set(first)


def test_the_audit_tells_what_precision_a_confidence_has(audited, pipeline):  # noqa: F811
    pipeline.write_text(PIPELINE + "[export.choice]\ntarget_precision = 0.5\n")
    wslabel("run", pipeline)
    told = Run("run").stage("export")["counts"]["chosen"]["Estimated precision"]
    assert told["estimated from"] == "30 known answers"


def test_an_audit_needs_labels_and_a_whole_file(pipeline, tmp_path):  # noqa: F811
    wslabel("run", pipeline, "--until", "apply")
    result = CliRunner().invoke(main, ["audit", "run"])
    assert result.exit_code == 1
    assert "labels.parquet" in result.stderr
    wslabel("run", pipeline)
    (tmp_path / "run" / "audit.parquet").write_bytes(b"nothing")
    result = CliRunner().invoke(main, ["audit", "run"])
    assert result.exit_code == 1
    assert "Delete it and draw an audit again" in result.stderr


def test_a_pipeline_looks_at_texts_too(pipeline):  # noqa: F811
    pipeline.write_text(PIPELINE + '[flag]\nfeatures = true\nrule = "confident_learning"\n')
    wslabel("run", pipeline, "--until", "flag")
    assert Run("run").issues().counts().get("near_duplicate", 0) > 0
    pipeline.write_text(PIPELINE + '[flag]\nrule = "confident"\n')
    result = CliRunner().invoke(main, ["run", str(pipeline), "--until", "flag"])
    assert "confident_learning" in result.stderr
