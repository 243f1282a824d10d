"""A suite of a multi-label task, from its folder to reviewed labels."""

import json
import random

import pytest
from click.testing import CliRunner

import wslabel as ws
from wslabel.cli import main
from wslabel.pipeline import Run

TASK = """
from wslabel.authoring import Label, Task
class Complaint(Label):
    LATE = "late"
    DAMAGED = "damaged"
    NOT_LATE = "not late"
task = Task("parcels.complaints", Complaint, kind="multilabel")
"""
LFS = """
from wslabel.authoring import keywords
from .task import Complaint
says_late = keywords("says_late", votes=Complaint.LATE, any_of=["late", "delayed"])
says_in_time = keywords("says_in_time", votes=Complaint.NOT_LATE, any_of=["in time"])
says_broken = keywords("says_broken", votes=Complaint.DAMAGED, any_of=["broken"])
says_cracked = keywords("says_cracked", votes=Complaint.DAMAGED, any_of=["cracked"])
"""
PIPELINE = """
suite = "parcels.complaints"
output = "run"
[records]
paths = ["corpus.jsonl"]
gold = "gold"
[export]
formats = ["jsonl"]
"""
LATE = ["came late", "was delayed a week", "arrived after the holiday"]
DAMAGED = ["the box was broken", "the screen is cracked", "glass all over the place"]
FINE = ["came in time", "all is well", "thank you"]


def rows():
    """Yield 120 parcels: some phrases no labeling function knows, which stand beside known words elsewhere."""
    draw = random.Random(0)
    for i in range(120):
        late, damaged = draw.random() < 0.4, draw.random() < 0.4
        said = [*draw.sample(LATE, 2)] * late + [*draw.sample(DAMAGED, 2)] * damaged or draw.sample(FINE, 2)
        gold = ["late"] * late + ["damaged"] * damaged
        yield {"id": f"p{i}", "text": f"{', '.join(said)} ({i})", "gold": gold}


@pytest.fixture
def parcels(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    task = tmp_path / "labeling_functions" / "parcels" / "complaints"
    task.mkdir(parents=True)
    (task.parent / "package.toml").write_text('name = "parcels"\nversion = "1.0"\n[tasks.complaints]\n')
    (task / "task.py").write_text(TASK)
    (task / "heuristics.py").write_text(LFS)
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows()))
    (tmp_path / "pipeline.toml").write_text(PIPELINE)
    return tmp_path


def wslabel(*args):
    result = CliRunner().invoke(main, [str(arg) for arg in args])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_page_of_python_is_the_one_of_single_labels(parcels):
    suite = ws.load_suite("parcels.complaints", parcels / "labeling_functions")
    records = ws.read_records("corpus.jsonl", gold="gold")
    votes = ws.apply(suite, records)
    table = ws.summarize(votes, gold=records)
    assert [(row.lf, row.polarity) for row in table.rows] == [
        ("says_late", ("late",)),
        ("says_in_time", ("not late",)),
        ("says_broken", ("damaged",)),
        ("says_cracked", ("damaged",)),
    ]
    assert [row.gold_accuracy for row in table.rows] == [1.0, 1.0, 1.0, 1.0]
    model = ws.label_model().fit(votes)
    labels = model.predict(votes)
    held = ws.cross_validate("tfidf_logreg", records, labels)
    fused = ws.fuse(labels, held, votes)
    truth = {row["id"]: tuple(row["gold"]) for row in rows()}
    right = [found == truth[record] for record, found in zip(fused.ids, fused.sets())]
    assert sum(right) / len(right) > 0.85
    queue = ws.ReviewQueue(ws.flag(fused, held, votes), records, fused, votes, log=parcels / "review.db")
    first = queue.items()[0]
    queue.decide(first.id, "damaged|late", reviewer="ana")
    with pytest.raises(ws.WslabelError, match="not a label of this task"):
        queue.decide(first.id, "lost", reviewer="ana")
    final = ws.resolve(fused, queue.decisions())
    place = final.ids.tolist().index(first.id)
    assert final.sets()[place] == ("late", "damaged")
    assert final.source[place] == "human"
    errors = ws.error_analysis(votes, fused, records)
    assert errors.n == 240
    assert {one for pair in errors.confusions for one in pair[:2]} <= {"late", "not late", "damaged", "not damaged"}
    assert sum(len(ids) for _, _, ids in errors.confusions) == errors.wrong
    assert ws.suggest_pruning(votes, ws.label_model("majority"), records) == []
    told = ws.explain_label(model, votes, "p0", "late", final=fused)
    odds = sum(one.log_odds for one in told.contributions)
    assert told.probability == pytest.approx(1 / (1 + 2.718281828459045**-odds), abs=1e-6)


def test_stages_of_a_run(parcels):
    wslabel("apply", "parcels.complaints", "corpus.jsonl", "--gold", "gold", "-o", "votes")
    wslabel("run", "pipeline.toml", "--until", "review")
    run = Run(parcels / "run")
    assert run.votes().kind == "multilabel"
    labels = run.labels()
    assert labels.labels == ("late", "damaged")
    again = run.model().predict(run.votes())
    assert (again.probs == run.posterior().probs).all()
    assert run.held_out().problem("late").probs.shape == (120, 2)
    issues = run.issues()
    assert len(issues)
    names = {"late", "damaged", "late|damaged", "(none)"}
    assert {issue.given for issue in issues} | {issue.suggested for issue in issues} <= names
    record = issues.issues[0].id
    told = json.loads(wslabel("explain", "run", record, "--json"))
    assert [one["label"] for one in told["labels"]] == ["late", "damaged"]
    (parcels / "queue.csv").write_text(f"id,decision\n{record},(none)\n")
    wslabel("review", "run", "--import", "queue.csv", "--reviewer", "ana")
    final = run.resolved()
    assert final.sets()[final.ids.tolist().index(record)] == ()


def test_decisions_and_gold_teach_the_next_run(parcels):
    text = (parcels / "pipeline.toml").read_text()
    (parcels / "pipeline.toml").write_text(text + "[gold]\nshare = 0.3\n")
    wslabel("run", "pipeline.toml", "--until", "review")
    run = Run(parcels / "run")
    labels, known = run.labels(), run.known()
    assert 20 < len(known) < 60
    assert set(labels.ids[labels.source == "gold"]) == set(known)
    truth = {row["id"]: tuple(row["gold"]) for row in rows()}
    assert all(found == truth[record] for record, found in zip(labels.ids, labels.sets()) if record in known)


def test_a_gold_label_outside_the_task_shows_when_votes_are_made(parcels):
    with (parcels / "corpus.jsonl").open("a") as file:
        file.write(json.dumps({"id": "x", "text": "late", "gold": ["lost"]}) + "\n")
    result = CliRunner().invoke(main, ["run", "pipeline.toml"])
    assert result.exit_code == 1
    assert "Record x: the gold label 'lost' is not one of the task's." in result.output


def test_a_whole_run_to_the_report(parcels):
    shown = wslabel("run", "pipeline.toml")
    assert "against the gold of 120 records" in shown
    assert (parcels / "run" / "export" / "jsonl.jsonl").exists()
    page = (parcels / "run" / "report.html").read_text()
    assert 'href="report/002.html"' in page
    assert "damaged" in (parcels / "run" / "report" / "002.html").read_text()
    counts = json.loads(wslabel("report", "run", "--json"))
    assert counts["final_exact"] > 0.85
    assert counts["final_exact"] >= counts["label_model_exact"]
    assert counts["final_macro_f1"] > 0.9
