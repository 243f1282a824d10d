import numpy as np
import pytest

import wslabel as ws
from wslabel.analysis import pruning_to_pandas
from wslabel.errors import VotesError
from wslabel.testing import generate_votes

AB = ["a", "b"]


@pytest.mark.parametrize("name", ["majority", "dawid_skene"])
def test_contributions_add_up_to_the_posterior(name):
    votes, _ = generate_votes(300, [0.9, 0.8, 0.7, 0.6, 0.6, 0.6], 0.8)
    model = ws.label_model(name).fit(votes)
    labels = model.predict(votes)
    for row in range(0, 300, 40):
        told = ws.explain_label(model, votes, votes.ids[row])
        p = labels.confidence[row]
        assert told.probability == pytest.approx(p)
        assert sum(one.log_odds for one in told.contributions) == pytest.approx(np.log(p / (1 - p)))
        assert next(one.witness for one in told.contributions) == "class balance"
        assert len(told.contributions) == 1 + (votes.votes[row] >= 0).sum()


def test_an_additive_model_gives_each_vote_its_own_log_odds():
    worth = np.array([1.5, -0.5, 0.25])

    class Additive:
        def predict(self, votes):
            odds = 0.3 + np.where(votes.votes >= 0, np.where(votes.votes == 1, worth, -worth), 0.0).sum(axis=1)
            p = 1 / (1 + np.exp(-odds))
            return ws.Labels(votes.ids, np.stack([1 - p, p], axis=1), AB)

    votes = ws.VoteMatrix.from_array([[1, 1, 0]], AB)
    told = ws.explain_label(Additive(), votes, "0", "b").contributions
    assert {one.witness: round(one.log_odds, 6) for one in told} == {
        "class balance": 0.3,
        "lf_0": 1.5,
        "lf_1": -0.5,
        "lf_2": -0.25,
    }
    assert all(one.weight == pytest.approx(one.log_odds) for one in told[1:])


def test_the_end_model_is_one_more_witness():
    votes = ws.VoteMatrix.from_array([[0, 0, 1], [1, 1, 1]], AB)
    model = ws.label_model("majority").fit(votes)
    final = ws.Labels(votes.ids, [[0.02, 0.98], [0.5, 0.5]], AB)
    told = ws.explain_label(model, votes, "0", final=final)
    assert (told.label, told.probability) == ("b", 0.98)
    assert told.contributions[-1].witness == "end model and gold"
    assert told.contributions[-1].log_odds > 3
    assert sum(one.log_odds for one in told.contributions) == pytest.approx(np.log(0.98 / 0.02))
    assert "b with probability 0.980" in str(told)
    assert told.to_pandas().loc["lf_2", "vote"] == "b"
    assert ws.explain_label(model, votes, "0", label="a").label == "a"
    with pytest.raises(VotesError, match="no record 'x'"):
        ws.explain_label(model, votes, "x")
    with pytest.raises(VotesError, match="no label 'c'"):
        ws.explain_label(model, votes, "0", label="c")


def test_errors_are_carried_by_the_lfs_that_voted_them():
    votes = ws.VoteMatrix.from_array([[0, 0, -1], [0, -1, 1], [-1, -1, 1], [-1, -1, -1]], AB)
    labels = ws.Labels(votes.ids, [[0.9, 0.1], [0.9, 0.1], [0.1, 0.9], [0.4, 0.6]], AB)
    found = ws.error_analysis(votes, labels, ["b", "b", "b", "a"])
    assert (found.n, found.wrong, found.unvoted) == (4, 3, 1)
    rows = {(row.lf, row.label): row for row in found.lfs}
    first = rows["lf_0", "a"]
    assert (first.carried, first.alone, first.gold_votes, first.accuracy) == (2, 1, 2, 0.0)
    assert (rows["lf_1", "a"].carried, rows["lf_1", "a"].alone) == (1, 0)
    assert (rows["lf_2", "b"].carried, rows["lf_2", "b"].accuracy) == (0, 1.0)
    assert found.confusions[0] == ("b", "a", ("0", "1"))
    assert found.lfs[0] == first
    assert found.to_pandas().shape[0] == 3
    assert "b taken for a: 2" in str(found)


def test_an_lf_that_never_meets_gold_is_unknown():
    votes = ws.VoteMatrix.from_array([[0, -1], [-1, 1]], AB)
    found = ws.error_analysis(votes, ws.Labels(votes.ids, [[0.9, 0.1]] * 2, AB), ["a", None])
    unknown = next(row for row in found.lfs if row.lf == "lf_1")
    assert (unknown.accuracy, unknown.low, unknown.gold_votes) == (None, None, 0)
    assert "unknown" in str(found)
    assert found.to_pandas().accuracy.isna().sum() == 1


@pytest.mark.parametrize("with_gold", [True, False])
def test_the_lf_that_contradicts_all_others_is_named(with_gold):
    votes, truth = generate_votes(600, [0.85, 0.8, 0.8, 0.1], 0.7, labels=("a", "b"))
    gold = [AB[k] for k in truth] if with_gold else None
    found = ws.suggest_pruning(votes, ws.label_model("majority"), gold)
    assert found[0].lf == "lf_3"
    assert found[0].by == ("gold" if with_gold else "guard")
    assert found[0].gain == pytest.approx(found[0].after - found[0].before)
    assert found[0].gain > 0.02
    assert "lf_0" not in [one.lf for one in found]
    assert pruning_to_pandas(found).index[0] == "lf_3"


def test_the_gain_on_gold_is_that_of_leaving_it_out():
    votes, truth = generate_votes(400, [0.85, 0.8, 0.2], 0.8, labels=("a", "b"))
    found = ws.suggest_pruning(votes, ws.label_model("majority"), [AB[k] for k in truth])[0]
    without = votes.select(["lf_0", "lf_1"])
    rows = votes.covered
    right = ws.label_model("majority").fit(without).predict(without).hard_indices() == truth
    assert found.after == pytest.approx(right[rows].mean())


def test_good_lfs_stay_and_little_is_no_reason():
    votes, truth = generate_votes(400, [0.9, 0.9, 0.9], 1.0, labels=("a", "b"))
    assert ws.suggest_pruning(votes, ws.label_model("majority"), [AB[k] for k in truth]) == []
    assert ws.suggest_pruning(ws.VoteMatrix.from_array([[0]], AB), ws.label_model("majority")) == []
    assert ws.suggest_pruning(ws.VoteMatrix.from_array([[0]], AB), ws.label_model("majority"), ["b"]) == []
