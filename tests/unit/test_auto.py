import json

import numpy as np
import pytest

from wslabel import VoteMatrix, label_model
from wslabel.core.votes import VotePatterns
from wslabel.models import load_label_model
from wslabel.models._guard import left_out_scores
from wslabel.models.auto import _weights
from wslabel.testing import generate_votes


def test_sparse_votes_are_left_to_the_pretrained_model():
    votes, _ = generate_votes(300, [0.8] * 6, coverage=0.2)
    fitted = label_model("auto").fit(votes)
    report = fitted.report()
    assert report["chosen"] == {"prior_fitted": 1.0}
    assert "too few to choose by" in report["why"]
    alone, majority = (label_model(name).fit(votes).predict(votes).probs for name in ("prior_fitted", "majority"))
    drawn = alone**0.85 * majority**0.15
    assert np.allclose(fitted.predict(votes).probs, drawn / drawn.sum(axis=1, keepdims=True))


def test_dense_votes_of_workers_with_habits_bring_in_confusions():
    random = np.random.default_rng(0)
    truth = random.integers(3, size=1500)
    votes = np.full((1500, 12), -1)
    for j in range(12):
        habit = random.dirichlet(np.ones(3), size=3) * 0.6 + 0.4 * np.eye(3)
        said = np.array([random.choice(3, p=habit[k]) for k in truth])
        votes[:, j] = np.where(random.random(1500) < 0.8, said, -1)
    matrix = VoteMatrix.from_array(votes, ["a", "b", "c"])
    report = label_model("auto").fit(matrix).report()
    assert report["left_out_scores"]["crowd"] > report["left_out_scores"]["prior_fitted"]
    assert report["chosen"]["crowd"] > 0.25
    assert report["why"] == "crowd foretells the votes of left-out LFs best"
    right = {
        name: (label_model(name).fit(matrix).predict(matrix).hard_indices() == truth).mean()
        for name in ("auto", "majority")
    }
    assert right["auto"] > right["majority"] + 0.01


def test_dense_votes_of_lfs_with_one_label_each_are_left_to_the_pretrained_model():
    votes, _ = generate_votes(400, [0.8] * 9, coverage=0.9)
    rows = votes.to_array()
    single = VoteMatrix.from_array(np.where(rows == np.arange(9) % 3, rows, -1), votes.labels)
    crowded = VoteMatrix.from_array(np.hstack([single.to_array()] * 2), votes.labels)
    report = label_model("auto").fit(crowded).report()
    assert report["votes_a_covered_record"] >= 3
    assert report["chosen"] == {"prior_fitted": 1.0}
    assert "no confusions" in report["why"]


@pytest.mark.parametrize(
    ("scores", "chosen"),
    [
        ({}, {"prior_fitted": 1.0}),
        ({"prior_fitted": 0.2, "crowd": 0.2}, {"prior_fitted": 0.75, "crowd": 0.25}),
        ({"prior_fitted": 0.2, "crowd": 0.3}, {"prior_fitted": 0.5, "crowd": 0.5}),
        ({"prior_fitted": 0.3, "crowd": 0.2}, {"prior_fitted": 1.0, "crowd": 0.0}),
    ],
)
def test_what_is_chosen_follows_the_scores(scores, chosen):
    assert _weights(scores) == pytest.approx(chosen, abs=1e-3)


def test_the_guard_prefers_a_model_that_knows_who_is_right():
    votes, _ = generate_votes(2000, [0.95, 0.9, 0.9, 0.34, 0.33, 0.33], coverage=1.0)
    models = {name: label_model(name) for name in ("majority", "prior_fitted", "dawid_skene")}
    scores = left_out_scores(models, votes.patterns(), np.full(3, 1 / 3))
    assert scores["prior_fitted"] > scores["majority"] > 0
    assert left_out_scores(models, votes.select(["lf_0"]).patterns(), np.full(3, 1 / 3))["majority"] == 0


def test_many_labels_leave_dawid_skene_out_and_json_keeps_the_members():
    labels = [str(k) for k in range(150)]
    votes, _ = generate_votes(200, [0.7] * 200, coverage=0.05, labels=labels)
    fitted = label_model("auto").fit(votes)
    assert fitted.report()["why"] == "too many LFs and labels for confusions"
    again = load_label_model(fitted.to_json())
    assert again.report() == fitted.report()
    assert np.array_equal(again.predict(votes).probs, fitted.predict(votes).probs)
    json.dumps(fitted.report())


def test_no_votes_at_all():
    patterns = VotePatterns.from_votes(np.full((3, 2), -1, np.int8), ("a", "b"))
    assert left_out_scores({"majority": label_model("majority")}, patterns, np.full(2, 0.5)) == {"majority": 0.0}
