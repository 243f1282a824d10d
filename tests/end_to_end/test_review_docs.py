"""The Python of the pages on flagging, auditing, review and votes on disk runs on the sample."""

import re
import shutil

import pytest

import wslabel as ws
from conftest import ROOT


def blocks(page):
    return re.findall(r"```python\n(.*?)```", (ROOT / "docs" / page).read_text(encoding="utf-8"), re.DOTALL)


@pytest.fixture(scope="module")
def scope(tmp_path_factory):
    """Return the names that the pages speak of, in a folder like the project's."""
    folder = tmp_path_factory.mktemp("pages")
    for name in ("labeling_functions", "data_samples", "pipelines"):
        shutil.copytree(ROOT / name, folder / name)
    suite = ws.load_suite("finance.sentiment", folder / "labeling_functions")
    records = ws.read_records(str(folder / "data_samples/finance/sentiment.jsonl"), id="id", gold="gold")
    votes = ws.apply(suite, records, out=folder / "votes")
    model = ws.label_model("auto").fit(votes)
    labels = model.predict(votes)
    held = ws.cross_validate("tfidf_logreg", records, labels)
    gold = records.to_pandas().set_index("id")["gold"]
    return {
        **{"ws": ws, "suite": suite, "records": records, "votes": votes, "model": model, "labels": labels},
        **{"held": held, "ask": lambda item: gold[item.id], "folder": folder},
    }


def test_flagging(scope, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (code,) = blocks("flagging.md")
    made = dict(scope)
    exec(code, made)
    assert len(made["queue"]) > 10


def test_audit(scope, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    draw, until = blocks("audit.md")
    head, tail = draw.split("print(")
    made = dict(scope)
    exec(head, made)
    for item in made["queue"]:
        made["queue"].decide(item.id, scope["ask"](item))
    exec(f"print({tail}", made)
    assert "accuracy" in capsys.readouterr().out
    (tmp_path / "review.db").unlink()
    exec(until, made)
    assert (tmp_path / "review.db").exists()


def test_review(scope, tmp_path, monkeypatch):
    pytest.importorskip("anywidget", reason="anywidget is not installed")
    monkeypatch.chdir(scope["folder"])
    ws.run("pipelines/finance_sentiment.toml")
    shown, made_by_hand = blocks("review.md")
    made = dict(scope)
    exec(shown, made)
    assert made["queue"].pending("ana")
    made["issues"] = ws.flag(scope["labels"], scope["held"], scope["votes"])
    exec(made_by_hand, made)
    assert len(made["queue"]) == len(set(made["issues"].to_pandas()["id"]))


def test_votes_on_disk(scope, monkeypatch):
    monkeypatch.chdir(scope["folder"])
    (code,) = blocks("votes_on_disk.md")
    made = {}
    exec(code, made)
    assert set(made["votes"]["lf"]) == {"profit_rose"}
