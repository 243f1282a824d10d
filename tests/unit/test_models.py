import builtins

import numpy as np
import pytest

from wslabel import VoteMatrix, label_model
from wslabel.core.dependence import count_pairs, discounts
from wslabel.errors import PluginError, VotesError
from wslabel.models import _sums, label_model_names
from wslabel.models.base import BLOCK
from wslabel.testing import generate_votes

ACCURACIES = [0.9, 0.85, 0.75, 0.65, 0.55, 0.8]


@pytest.mark.parametrize(
    ("name", "parameters", "within"),
    [("one_coin", {"steps": 50}, 0.02), ("triplet", {}, 0.02), ("weighted_majority", {}, 0.05)],
)
@pytest.mark.parametrize("labels", [("a", "b"), ("a", "b", "c", "d")])
def test_known_accuracies_are_recovered(name, parameters, within, labels):
    votes, _ = generate_votes(20_000, ACCURACIES, coverage=0.7, labels=labels, seed=4)
    found = label_model(name, **parameters).fit(votes).estimate.parameters["accuracy"]
    assert found == pytest.approx(ACCURACIES, abs=within)


@pytest.mark.parametrize("name", ["one_coin", "triplet", "weighted_majority"])
def test_gold_moves_accuracies(name):
    votes, truth = generate_votes(2_000, [0.55, 0.95], coverage=1.0, labels=("a", "b"))
    gold = [votes.labels[k] for k in truth]
    found = label_model(name).fit(votes, gold=gold).estimate.parameters["accuracy"]
    assert found == pytest.approx([0.55, 0.95], abs=0.05)


@pytest.mark.parametrize("name", ["one_coin", "triplet", "weighted_majority"])
def test_an_lf_is_never_turned_upside_down(name):
    votes, _ = generate_votes(2_000, [0.9, 0.9, 0.9, 0.1], coverage=1.0, labels=("a", "b"))
    fitted = label_model(name).fit(votes)
    alone = VoteMatrix.from_array([[-1, -1, -1, 0]], votes.labels)
    assert fitted.predict(alone).probs[0, 0] >= 0.5


@pytest.mark.parametrize("name", ["dawid_skene", "one_coin", "triplet", "weighted_majority"])
def test_copies_of_an_lf_do_not_outvote_better_ones(name):
    votes, truth = generate_votes(4_000, [0.85, 0.85, 0.85, 0.6], coverage=0.8)
    array = np.concatenate([votes.to_array(), np.tile(votes.votes[:, 3:], 6)], axis=1)
    copied = VoteMatrix.from_array(array, votes.labels)
    once = (label_model(name).fit(votes).predict(votes).hard_indices() == truth).mean()
    often = label_model(name).fit(copied)
    assert (often.predict(copied).hard_indices() == truth).mean() >= once - 0.02
    assert often.estimate.parameters["weight"][3:].sum() < 1.5 * often.estimate.parameters["weight"][0]


def test_discounts_find_copies_and_leave_independent_lfs_alone():
    votes, _ = generate_votes(3_000, [0.8] * 5, coverage=0.3)
    array = votes.to_array()
    array = np.concatenate([array, array[:, :1], np.where(np.arange(3_000) % 2 == 0, array[:, 1], -1)[:, None]], axis=1)
    pairs = count_pairs(array, np.ones(3_000, np.int64), np.full(3, 1 / 3))
    assert pairs.redundancy()[0, 5] == pytest.approx(1.0)
    # Half of LF 1: all of the half lies within LF 1, half of LF 1 within the half.
    assert pairs.redundancy()[6, 1] == pytest.approx(1.0)
    assert pairs.redundancy()[1, 6] < 0.6
    assert discounts(pairs) == pytest.approx([0.5, 1, 1, 1, 1, 0.5, 0.5])


@pytest.mark.parametrize("cardinality", [2, 200])
def test_machine_code_and_numpy_sum_the_same(cardinality, monkeypatch):
    random = np.random.default_rng(0)
    votes = random.integers(-1, cardinality, size=(300, 7)).astype(np.int8 if cardinality < 128 else np.int16)
    table, weights = random.random((7, cardinality + 1, 5)), random.random((300, 5))
    few = _sums.score(votes, table, np.arange(5.0)), _sums.tally(votes, weights, cardinality)
    monkeypatch.setattr(_sums, "FEW", 0)
    many = _sums.score(votes, table, np.arange(5.0)), _sums.tally(votes, weights, cardinality)
    assert np.allclose(few[0], many[0])
    assert np.allclose(few[1], many[1])


def test_many_distinct_rows_are_labeled_like_few():
    votes, _ = generate_votes(2 * BLOCK, [0.7] * 30, coverage=0.9)
    assert len(votes.patterns().votes) == votes.n  # too many to look for the few that are equal
    fitted = label_model("dawid_skene").fit(votes)
    some = VoteMatrix(votes.ids[-100:], votes.votes[-100:], votes.lf_names, votes.labels)
    assert np.allclose(fitted.predict(votes).probs[-100:], fitted.predict(some).probs)


def test_snorkel_needs_three_lfs():
    votes, _ = generate_votes(50, [0.8, 0.7])
    with pytest.raises(VotesError, match="needs 3 LFs or more; there are 2"):
        label_model("snorkel").fit(votes)


@pytest.mark.parametrize("name", ["snorkel", "skweak"])
def test_a_missing_library_is_named(name, monkeypatch):
    real = builtins.__import__

    def without(module, *rest, **named):
        if module.startswith(f"{name}."):
            raise ImportError(module)
        return real(module, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    votes, _ = generate_votes(50, [0.8, 0.7, 0.7])
    with pytest.raises(PluginError, match=f"pip install {name}"):
        label_model(name).fit(votes)


def test_snorkel_answers_as_snorkel_does():
    from snorkel.labeling.model import LabelModel

    votes, _ = generate_votes(500, [0.9, 0.8, 0.7, 0.6])
    theirs = LabelModel(cardinality=3, verbose=False)
    covered = votes.votes[votes.covered].astype(int)
    theirs.fit(covered, class_balance=[1 / 3] * 3, seed=0, progress_bar=False)
    ours = label_model("snorkel").fit(votes).predict(votes).probs[votes.covered]
    assert np.allclose(ours, theirs.predict_proba(covered), atol=1e-3)


def test_skweak_answers_as_skweak_does():
    import pandas as pd
    from skweak.generative import NaiveBayes

    votes, _ = generate_votes(500, [0.9, 0.8, 0.7, 0.6])
    frame = pd.DataFrame(votes.votes[votes.covered], columns=list("pqrs"))
    theirs = NaiveBayes("nb", ["a", "b", "c"])
    theirs._fit([frame])
    ours = label_model("skweak").fit(votes).predict(votes).probs[votes.covered]
    assert np.allclose(ours, theirs.aggregate(frame).to_numpy(), atol=1e-4)


def skewed(n=4_000):
    """Votes of single-label LFs on records of which a tenth has the second label."""
    random = np.random.default_rng(5)
    truth = (random.random(n) < 0.1).astype(int)
    fires = [np.where(truth == j % 2, 0.4, 0.04) for j in range(8)]
    array = np.stack([np.where(random.random(n) < rate, j % 2, -1) for j, rate in enumerate(fires)], axis=1)
    return VoteMatrix.from_array(array, ["usual", "rare"]), truth


def test_the_class_balance_is_estimated():
    votes, _ = skewed()
    found = label_model("dawid_skene", class_balance="estimated").fit(votes).class_balance
    assert found[0] > 0.55  # of a tenth; a step from uniform, on purpose no more


@pytest.mark.parametrize("name", ["majority", "weighted_majority", "one_coin", "triplet", "dawid_skene"])
@pytest.mark.parametrize("balance", ["estimated", (0.5, 0.5), (0.9, 0.1), (0.98, 0.02)])
def test_no_class_balance_collapses_a_model(name, balance):
    votes, truth = skewed()
    hard = label_model(name, class_balance=balance).fit(votes).predict(votes).hard_indices()
    assert (hard == truth)[votes.covered & (truth == 1)].mean() > 0.5
    assert (hard == truth)[votes.covered].mean() > 0.85


def test_a_word_that_is_no_balance_is_refused():
    votes, _ = skewed(100)
    with pytest.raises(PluginError, match="guessed"):
        label_model("majority", class_balance="guessed").fit(votes)


@pytest.mark.parametrize("name", label_model_names())
@pytest.mark.parametrize("labels", [("a", "b"), ("a", "b", "c", "d")])
def test_posteriors_come_near_those_of_the_true_accuracies(name, labels):
    """Votes that are independent given the label, wrong ones even: what every model here takes for possible."""
    random, k = np.random.default_rng(5), len(labels)
    spread = 0.0 if name == "majority" else 0.15  # majority vote takes all LFs for equally good
    accuracy = np.linspace(0.75 - spread, 0.75 + spread, 10)
    truth = random.integers(k, size=3_000)
    wrong = (truth[:, None] + random.integers(1, k, size=(3_000, 10))) % k
    array = np.where(random.random((3_000, 10)) < accuracy, truth[:, None], wrong)
    array = np.where(random.random((3_000, 10)) < 0.6, array, -1)
    votes = VoteMatrix.from_array(array, labels)
    said = [np.where(array == one, np.log(accuracy * (k - 1) / (1 - accuracy)), 0.0).sum(axis=1) for one in range(k)]
    bayes = np.stack(said, axis=1)
    found = label_model(name).fit(votes).predict(votes)
    best = (bayes.argmax(axis=1) == truth).mean()
    assert (found.hard_indices() == truth).mean() > best - 0.02
