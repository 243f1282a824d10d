import numpy as np
import pytest

from wslabel import VoteMatrix, label_model
from wslabel.errors import PluginError, TaskError
from wslabel.models import label_model_names, load_label_model
from wslabel.testing import check_label_model, generate_votes


@pytest.mark.parametrize("name", label_model_names())
def test_label_model_conforms(name):
    check_label_model(label_model(name))


@pytest.mark.parametrize("parameters", [{"steps": 0}, {"steps": 3}, {"steps": 20, "strength": 1.0}])
def test_dawid_skene_conforms_with_any_steps(parameters):
    check_label_model(label_model("dawid_skene", **parameters))


@pytest.mark.parametrize("name", label_model_names())
def test_gold_and_class_balance_are_used(name):
    votes, truth = generate_votes(300, [0.7, 0.7, 0.7])
    labels = [votes.labels[k] for k in truth]
    assert label_model(name).fit(votes).class_balance.tolist() == pytest.approx([1 / 3] * 3)
    skewed = [label if label == "a" else None for label in labels]
    assert label_model(name).fit(votes, gold=skewed).class_balance[0] > 0.9
    given = label_model(name, class_balance=(0.2, 0.3, 0.5)).fit(votes, gold=skewed)
    assert given.class_balance.tolist() == pytest.approx([0.2, 0.3, 0.5])
    with pytest.raises(TaskError, match="class balance"):
        label_model(name, class_balance=(0.5, 0.5)).fit(votes)


@pytest.mark.parametrize("name", label_model_names())
def test_json_round_trip_through_the_registry(name):
    votes, _ = generate_votes(50, [0.8, 0.7, 0.7])
    fitted = label_model(name).fit(votes)
    assert np.array_equal(load_label_model(fitted.to_json()).predict(votes).probs, fitted.predict(votes).probs)


def test_unknown_names_and_parameters_suggest():
    with pytest.raises(PluginError, match="no label model 'majorty'. Did you mean \"majority\""):
        label_model("majorty")
    with pytest.raises(PluginError, match="no parameter 'step'. Did you mean \"steps\""):
        label_model("dawid_skene", step=3)


def test_majority_is_the_smoothed_share_of_votes():
    votes = VoteMatrix.from_array([[0, 0, 1], [-1, -1, -1], [1, -1, -1]], ["a", "b"])
    probs = label_model("majority").fit(votes).predict(votes).probs
    assert probs.tolist() == [[2.5 / 4, 1.5 / 4], [0.5, 0.5], [0.25, 0.75]]


def test_dawid_skene_recovers_known_accuracies():
    accuracies = [0.9, 0.8, 0.7, 0.6, 0.5]
    votes, _ = generate_votes(20_000, accuracies, coverage=0.8)
    fitted = label_model("dawid_skene", steps=30).fit(votes)
    theta = np.exp(fitted.estimate.parameters["log_theta"])
    found = [np.mean([theta[j, k, k + 1] / theta[j, k, 1:].sum() for k in range(3)]) for j in range(5)]
    assert found == pytest.approx(accuracies, abs=0.03)


def test_dawid_skene_weighs_gold_rows():
    votes, truth = generate_votes(2_000, [0.55, 0.9], coverage=1.0, labels=("a", "b"))
    gold = [votes.labels[k] for k in truth]
    plain = label_model("dawid_skene").fit(votes).predict(votes)
    taught = label_model("dawid_skene").fit(votes, gold=gold).predict(votes)
    assert (taught.hard_indices() == truth).mean() >= 0.88
    assert (taught.hard_indices() == truth).mean() >= (plain.hard_indices() == truth).mean()


def test_converged_is_false_when_the_steps_run_out():
    votes, _ = generate_votes(500, [0.8, 0.7, 0.6])
    assert label_model("dawid_skene", steps=2).fit(votes).converged is False
    assert label_model("dawid_skene", steps=1000).fit(votes).converged is True
    assert label_model("majority").fit(votes).converged is None
