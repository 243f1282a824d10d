import json

import numpy as np
import pytest
from click.testing import CliRunner

import wslabel as ws
from wslabel.cli import main
from wslabel.core.soft import SoftVotes

TASK = ws.Task("demo.spam", ["ham", "spam"])


@ws.labeling_function(votes=["ham", "spam"])
def classifier(text):
    """Say what another model thinks: a number in the text."""
    if text == "odd":
        return ("spam", 1.5)
    if text == "other":
        return {"eggs": 0.9}
    share = float(text)
    kinds = {0: ("spam", share), 1: {"spam": share, "ham": 1 - share}, 2: np.array([1 - share, share])}
    return kinds[int(share * 100) % 3] if share >= 0.5 else {"spam": share, "ham": 1 - share}


@ws.labeling_function(votes="ham")
def always_ham(text):
    """Vote without a confidence."""
    return "ham"


def records(texts):
    return ws.read_records([{"id": f"r{i}", "text": str(text)} for i, text in enumerate(texts)])


def test_answers_with_a_confidence_become_votes():
    votes = ws.apply([classifier, always_ham], records([0.9, 0.91, 0.92, 0.2, 0.5]), task=TASK)
    assert votes.votes.tolist() == [[1, 0], [1, 0], [1, 0], [0, 0], [-1, 0]]
    assert np.allclose(votes.confidence()[:, 0], [0.9, 0.91, 0.92, 0.8, np.nan], equal_nan=True)
    assert np.isnan(votes.confidence()[:, 1]).all()
    assert votes.select(["always_ham"]).soft is None
    assert votes.select(["always_ham", "classifier"]).soft.lfs.tolist() == [1, 1, 1, 1]


def test_what_is_no_confidence_is_a_fault():
    votes = ws.apply([classifier], records(["odd", "other", 0.9]), task=TASK, max_fault_rate=1.0)
    assert [fault.error for fault in votes.faults] == [
        "returned ('spam', 1.5); probabilities lie in 0..1 and sum to at most 1.",
        "returned {'eggs': 0.9}; it declares ham, spam.",
    ]
    assert votes.votes.tolist() == [[-1], [-1], [1]]


@pytest.mark.parametrize("name", sorted({"majority", "weighted_majority", "dawid_skene", "one_coin", "auto"}))
def test_a_surer_vote_moves_every_model_further(name):
    random = np.random.default_rng(0)
    truth = random.integers(2, size=400)
    array = np.where(random.random((400, 5)) < 0.8, truth[:, None], 1 - truth[:, None])
    model = ws.label_model(name).fit(ws.VoteMatrix.from_array(array, TASK.labels))
    one = [[1, 0, 1, -1, -1]] * 4
    sure = np.full((4, 5), np.nan)
    sure[:, 0] = [np.nan, 0.55, 0.8, 0.99]
    p = model.predict(ws.VoteMatrix.from_array(one, TASK.labels, confidence=sure)).probs[:, 1]
    assert p[1] < p[2] < p[3]
    if name in ("majority", "dawid_skene", "one_coin"):
        assert p[2] == pytest.approx(p[0], abs=0.05)  # .8 is what a plain vote counts for


def test_the_posterior_is_each_votes_log_odds_times_its_weight():
    array = [[1, 0, 0]] * 50 + [[0, 0, 0]] * 150 + [[1, 1, 1]] * 200
    model = ws.label_model("one_coin").fit(ws.VoteMatrix.from_array(array, TASK.labels))

    def odds(row, confidence):
        made = ws.VoteMatrix.from_array([row], TASK.labels, confidence=[confidence])
        p = model.predict(made).probs[0]
        return np.log(p[1] / p[0])

    nan = np.nan
    plain, none = odds([1, 0, -1], [nan] * 3), odds([-1, 0, -1], [nan] * 3)
    weight = SoftVotes([0], [0], [0.95]).weights(2)[0]
    assert weight == pytest.approx(np.log(19) / np.log(4))
    assert odds([1, 0, -1], [0.95, nan, nan]) == pytest.approx(none + weight * (plain - none), abs=1e-6)
    assert odds([1, 0, -1], [0.5, nan, nan]) == pytest.approx(none, abs=1e-6)


def test_explanations_of_soft_votes_add_up():
    votes = ws.VoteMatrix.from_array(
        [[1, 0, 1], [0, 0, 1]] * 20, TASK.labels, confidence=[[0.95, np.nan, 0.6], [np.nan] * 3] * 20
    )
    model = ws.label_model().fit(votes)
    told = ws.explain_label(model, votes, "0", "spam")
    total = sum(one.log_odds for one in told.contributions)
    assert 1 / (1 + np.exp(-total)) == pytest.approx(told.probability, abs=1e-6)
    assert told.probability == pytest.approx(model.predict(votes).probs[0, 1], abs=1e-9)


def test_confidences_are_kept_beside_the_votes(tmp_path):
    some = records([0.9, 0.3, 0.5, 0.7, 0.6])
    fresh = ws.apply([classifier, always_ham], some, task=TASK, shard_size=2)
    kept = ws.apply([classifier, always_ham], some, task=TASK, shard_size=2, out=tmp_path)
    assert np.allclose(kept.confidence(), fresh.confidence(), equal_nan=True)
    again = ws.apply([always_ham, classifier], some, task=TASK, shard_size=2, out=tmp_path)
    assert np.allclose(again.confidence(), fresh.confidence()[:, ::-1], equal_nan=True)
    more = records([0.9, 0.3, 0.5, 0.7, 0.8])
    changed = ws.apply([always_ham, classifier], more, task=TASK, shard_size=2, out=tmp_path)
    assert changed.confidence()[4, 1] == 0.8
    assert np.allclose(changed.confidence()[:4], again.confidence()[:4], equal_nan=True)
    ws.apply([always_ham], more, task=TASK, shard_size=2, out=tmp_path)
    assert not (tmp_path / "soft.parquet").exists()


SUITE = """
from wslabel.authoring import labeling_function
from .task import Mood
@labeling_function(votes=[Mood.GOOD, Mood.BAD])
def scored(text):
    return (Mood.GOOD, 0.93) if "lad" in text else {"bad": 0.7, "good": 0.3}
"""


def test_confidences_go_through_workers_and_are_shown(suites, corpus, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (suites / "demo" / "mood" / "task.py").write_text(
        "from wslabel.authoring import Label, Task\n"
        "class Mood(Label):\n    GOOD = 'good'\n    BAD = 'bad'\ntask = Task('demo.mood', Mood)\n"
    )
    for name in ("heuristics.py", "rules.toml"):
        (suites / "demo" / "mood" / name).unlink()
    (suites / "demo" / "mood" / "scores.py").write_text(SUITE)
    command = ["apply", "demo.mood", "corpus.jsonl", "-o", "run", "--workers", "2", "--shard-size", "25"]
    result = CliRunner().invoke(main, command)
    assert result.exit_code == 0, result.output
    shown = json.loads(CliRunner().invoke(main, ["votes", "run", "--json", "--limit", "60"]).stdout)
    assert {one["confidence"]["scored"] for one in shown} == {0.93, 0.7}
    assert "scored: good (0.93)" in CliRunner().invoke(main, ["votes", "run"]).stdout


def test_soft_votes_of_several_labels():
    votes = ws.VoteMatrix.from_array(
        [[0, 1], [2, 1]],
        ["late", "damaged", "not late"],
        kind="multilabel",
        confidence=[[0.95, np.nan], [0.6, 0.9]],
    )
    probs = ws.label_model("majority").fit(votes).predict(votes).probs
    plain = ws.VoteMatrix.from_array(votes.votes, votes.labels, kind="multilabel")
    before = ws.label_model("majority").fit(plain).predict(plain).probs
    assert probs[0, 0] > before[0, 0]
    assert probs[1, 0] > before[1, 0]
    assert probs[0, 1] == pytest.approx(before[0, 1])
