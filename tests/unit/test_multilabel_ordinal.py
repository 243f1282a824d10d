import json

import numpy as np
import pytest

import wslabel as ws
from wslabel.core.multilabel import label_names, split_votes
from wslabel.errors import ExportError, VotesError

DAMAGE = ["late", "damaged", "not late", "not damaged"]


def test_each_label_is_a_problem_of_its_own():
    votes = ws.VoteMatrix.from_array([[0, 1, -1], [2, 1, 3], [-1, -1, -1]], DAMAGE)
    problems = split_votes(votes)
    assert list(problems) == ["late", "damaged"]
    assert problems["late"].votes.tolist() == [[1], [0], [-1]]
    assert problems["late"].lf_names == ("lf_0",)
    assert problems["damaged"].votes.tolist() == [[1, -1], [1, 0], [-1, -1]]
    assert label_names(["urgent", "not urgent", "not applicable"]) == ("urgent", "not applicable")


def test_from_functions_to_sets_of_labels(tmp_path):
    late = ws.keywords("says_late", votes="late", any_of=["late"])
    in_time = ws.keywords("says_in_time", votes="not late", any_of=["in time"])
    broken = ws.keywords("says_broken", votes="damaged", any_of=["broken", "cracked"])
    task = ws.Task("parcels.complaints", DAMAGE, kind="multilabel")
    rows = ["came late and broken", "in time but cracked", "in time", "thanks"]
    records = ws.read_records([{"id": f"r{i}", "text": text} for i, text in enumerate(rows)])
    votes = ws.apply([late, in_time, broken], records, task=task)
    found = ws.label_model("majority").fit(votes).predict(votes)
    assert found.sets() == [("late", "damaged"), ("damaged",), (), ()]
    # no function says `not damaged`: a record with other votes stands for it
    assert found.covered.tolist() == [[True, True], [True, True], [True, True], [False, False]]
    assert found.problem("damaged").hard().tolist()[2] == "absent"
    assert found.to_pandas().loc["r3"].isna().all()
    result = ws.export(found.problem("late"), records, tmp_path / "out", format="csv")
    assert result.exported == 3
    with pytest.raises(ExportError, match="csv carries tasks of the kind single; these labels are of the kind multi"):
        ws.export(found, records, tmp_path / "all", format="csv")
    result = ws.export(found, records, tmp_path / "all", format="jsonl")
    rows = [json.loads(line) for line in result.paths["jsonl"].open()]
    assert [row["labels"] for row in rows] == [["late", "damaged"], ["damaged"], []]
    assert result.left_out["uncovered"] == 1
    assert result.by_label == {"late": 1, "damaged": 2}
    with pytest.raises(VotesError, match='Did you mean "late"'):
        found.problem("lat")


@pytest.mark.parametrize("name", ["majority", "dawid_skene"])
def test_multilabel_models_recover_what_was_generated(name):
    random = np.random.default_rng(0)
    truth = random.random((800, 2)) < 0.4
    votes = np.full((800, 8), -1)
    for j in range(8):
        k = j % 2
        right = random.random(800) < 0.8
        says = np.where(right, truth[:, k], ~truth[:, k])
        votes[:, j] = np.where(random.random(800) < 0.7, np.where(says, k, k + 2), -1)
    cast = ws.VoteMatrix.from_array(votes, DAMAGE, kind="multilabel")
    found = ws.label_model(name).fit(cast).predict(cast)
    assert ((found.probs > 0.5) == truth).mean() > 0.83  # Bayes with the true accuracies: .86


def test_multilabel_gold_is_all_labels_of_a_record():
    votes = ws.VoteMatrix.from_array([[0, 1], [0, 1], [-1, -1]], DAMAGE, kind="multilabel")
    model, gold = ws.label_model("majority"), {"0": ["damaged"], "2": []}
    found = model.fit(votes, gold).predict(votes).with_gold(gold)
    assert found.probs[0].tolist() == [0.0, 1.0]
    assert found.probs[2].tolist() == [0.0, 0.0]
    assert found.problem("late").source.tolist() == ["gold", "model", "gold"]
    with pytest.raises(VotesError, match="give a list of labels"):
        model.fit(votes, {"0": "late"})
    with pytest.raises(VotesError, match="gold label 'lost'"):
        model.fit(votes, {"0": ["lost"]})


GRADES = ["poor", "fair", "good"]


def test_the_ordinal_label_is_wrong_by_the_fewest_steps():
    random = np.random.default_rng(1)
    probs = random.dirichlet([0.6, 0.6, 0.6, 0.6], 200)
    labels = ws.Labels([str(i) for i in range(200)], probs, ["a", "b", "c", "d"])
    steps = np.abs(np.arange(4)[:, None] - np.arange(4)[None, :])
    chosen = [labels.labels.index(name) for name in ws.ordinal_label(labels)]
    assert np.allclose((probs @ steps)[np.arange(200), chosen], (probs @ steps).min(axis=1))


def test_expected_values_and_ordinal_losses():
    labels = ws.Labels(["x", "y"], [[0.45, 0.15, 0.4], [0.0, 0.0, 1.0]], GRADES)
    assert ws.expected_value(labels).tolist() == pytest.approx([0.95, 2.0])
    assert ws.expected_value(labels, [1, 2, 10]).tolist() == pytest.approx([4.75, 10.0])
    steps, score = ws.ordinal_loss(labels, ["good", "good"])
    assert steps == 0.5 + 0.0
    assert score == pytest.approx((0.45**2 + 0.6**2) / 2)
    assert ws.ordinal_loss(labels, ["good", "poor"])[0] == 1.5
    with pytest.raises(VotesError, match="increasing values"):
        ws.expected_value(labels, [1, 1, 2])
    with pytest.raises(VotesError, match="gold label 'bad'"):
        ws.ordinal_loss(labels, ["bad", "good"])
    with pytest.raises(VotesError, match="give one a record"):
        ws.ordinal_loss(labels, ["good"])
    assert ws.Task("demo.grade", GRADES, kind="ordinal").index("good") == 2
