import sys
from pathlib import Path

import numpy as np
import pytest

from wslabel import VoteMatrix, label_model
from wslabel.models import prior_fitted
from wslabel.models._network_inputs import inputs_of, scale_features, vote_counts
from wslabel.models._set_network import SetNetwork, _Pass
from wslabel.models._sums import thinned
from wslabel.testing import generate_votes

RESEARCH = Path(__file__).resolve().parents[2] / "research" / "prior_fitted"


def test_an_lf_that_contradicts_all_others_loses_weight():
    votes, truth = generate_votes(800, [0.85, 0.85, 0.8, 0.8, 0.2], coverage=0.9)
    fitted = label_model("prior_fitted").fit(votes)
    worth = fitted.estimate.parameters["own"] - fitted.estimate.parameters["other"]
    assert worth[:4].min() > worth[4].max()
    assert (fitted.predict(votes).hard_indices() == truth)[votes.covered].mean() > 0.9


def test_gold_rows_teach_it():
    votes, truth = generate_votes(400, [0.45, 0.45, 0.95], coverage=1.0)
    gold = [votes.labels[k] if row < 200 else None for row, k in enumerate(truth)]
    plain = label_model("prior_fitted").fit(votes).predict(votes)
    taught = label_model("prior_fitted").fit(votes, gold=gold).predict(votes)
    right = [(one.hard_indices() == truth)[200:].mean() for one in (plain, taught)]
    assert right[1] >= max(right[0], 0.85)


def test_few_of_many_patterns_are_enough():
    votes, _ = generate_votes(3_000, [0.9, 0.8, 0.75, 0.7, 0.65, 0.6, 0.6, 0.55], coverage=0.8)
    every = label_model("prior_fitted").fit(votes).predict(votes).probs
    some = label_model("prior_fitted", most_patterns=500).fit(votes).predict(votes).probs
    assert np.abs(every - some).mean() < 0.03


def test_rows_with_gold_are_never_thinned_out():
    weight = np.arange(1.0, 101.0)
    always = np.zeros(100, bool)
    always[:3] = True
    kept, thin = thinned(weight, always, 20)
    assert set(range(3)) <= set(kept.tolist())
    assert len(kept) <= 23
    assert thin[:3].tolist() == [1.0, 2.0, 3.0]
    assert thin.sum() == pytest.approx(weight.sum())


def test_many_lfs_and_labels_stay_finite():
    labels = [str(k) for k in range(150)]
    votes, _ = generate_votes(300, [0.6] * 2000, coverage=0.01, labels=labels)
    assert np.isfinite(label_model("prior_fitted").fit(votes).predict(votes).probs).all()


def test_the_numpy_network_is_the_one_that_was_trained():
    torch = pytest.importorskip("torch")
    sys.path.insert(0, str(RESEARCH))
    try:
        from network import SetNetwork as TorchNetwork
    finally:
        sys.path.remove(str(RESEARCH))
    ours = prior_fitted.network()
    theirs = TorchNetwork()
    theirs.load_state_dict({name: torch.from_numpy(array.astype(np.float32)) for name, array in ours.weights.items()})
    votes, _ = generate_votes(60, [0.8, 0.7, 0.6, 0.5])
    rows = votes.to_array()
    inputs = inputs_of(rows, np.arange(1.0, 61.0), np.full(60, -1), np.array([0.2, 0.3, 0.5]))
    with torch.no_grad():
        expected = theirs(inputs).numpy()
    logits = _Pass(ours, inputs)._logits(ours.run(inputs)).T
    trust = ours.trust(scale_features(vote_counts(rows, 3), 4))
    assert np.allclose(logits * trust[:, None], expected, atol=1e-4)
    assert isinstance(ours, SetNetwork)


def test_silent_lfs_and_a_class_balance():
    votes = VoteMatrix.from_array([[0, -1, -1], [1, 1, -1], [-1, 1, -1]] * 5, ["a", "b"])
    fitted = label_model("prior_fitted", class_balance=(0.9, 0.1)).fit(votes)
    plain = label_model("prior_fitted").fit(votes)
    assert fitted.predict(votes).probs[2, 0] > plain.predict(votes).probs[2, 0]
    assert (fitted.estimate.parameters["own"][2] == 0).all()
