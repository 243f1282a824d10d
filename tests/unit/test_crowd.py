import numpy as np
import pytest

from wslabel import VoteMatrix, label_model
from wslabel.core.gold import align_gold
from wslabel.models.crowd import _enough
from wslabel.testing import generate_votes


def crowd_votes(n=2000, m=15, seed=0, answered=0.5):
    """Generate votes of workers with confusions of their own; return the votes, the truth and the m×3×3 confusions."""
    random = np.random.default_rng(seed)
    truth = random.choice(3, size=n, p=[0.6, 0.3, 0.1])
    confusions = 0.5 * np.eye(3) + 0.5 * random.dirichlet(np.ones(3), size=(m, 3))
    votes = np.full((n, m), -1)
    for j in range(m):
        said = (random.random(n)[:, None] > confusions[j, truth].cumsum(axis=1)).sum(axis=1)
        votes[:, j] = np.where(random.random(n) < answered, said, -1)
    return VoteMatrix.from_array(votes, ["a", "b", "c"]), truth, confusions


def test_known_confusions_and_the_class_balance_are_recovered():
    votes, _, confusions = crowd_votes(6000)
    found = label_model("crowd", steps=50).fit(votes).estimate.parameters
    assert np.abs(np.exp(found["log_theta"]) - confusions)[:, :2].mean() < 0.02
    assert np.exp(found["log_balance"]) == pytest.approx([0.6, 0.3, 0.1], abs=0.02)


def test_it_beats_majority_vote_where_workers_have_habits():
    votes, truth, _ = crowd_votes()
    right = {
        name: (label_model(name).fit(votes).predict(votes).hard_indices() == truth)[votes.covered].mean()
        for name in ("crowd", "majority")
    }
    assert right["crowd"] > right["majority"] + 0.02


def test_a_given_class_balance_is_kept():
    votes, _, _ = crowd_votes(300)
    given = label_model("crowd", class_balance=(0.2, 0.3, 0.5)).fit(votes)
    assert np.exp(given.estimate.parameters["log_balance"]) == pytest.approx([0.2, 0.3, 0.5])


def test_a_worker_with_few_votes_is_taken_for_one_of_the_crowd():
    votes, _, _ = crowd_votes(1000)
    rows = np.column_stack([votes.to_array(), np.full(1000, -1)])
    rows[0, -1] = 0
    theta = np.exp(label_model("crowd").fit(VoteMatrix.from_array(rows, votes.labels)).estimate.parameters["log_theta"])
    assert np.abs(theta[-1] - theta[:-1].mean(axis=0)).max() < 0.2


def test_steps_end_when_nothing_moves():
    votes, _, _ = crowd_votes(500)
    assert label_model("crowd", steps=500).fit(votes).converged
    assert not label_model("crowd", steps=1).fit(votes).converged


def test_very_many_patterns_are_thinned_out_for_fitting():
    votes, truth = generate_votes(30_000, [0.9, 0.8, 0.7, 0.7, 0.6, 0.6, 0.55, 0.5, 0.5, 0.5, 0.5, 0.5], coverage=0.7)
    gold = [votes.labels[k] if row < 40 else None for row, k in enumerate(truth)]
    patterns = votes.patterns(align_gold(gold, votes.ids, votes.labels))
    few = _enough(patterns, 20_000)
    assert len(few.votes) <= 20_000 + 40 < len(patterns.votes)
    assert few.gold.sum() == 40
    shares = [np.bincount(one.votes[:, 0] + 1, one.counts) / one.counts.sum() for one in (few, patterns)]
    assert shares[0] == pytest.approx(shares[1], abs=0.02)
