import warnings

import numpy as np
import pytest

import wslabel as ws
from conftest import benchmark
from wslabel import Labels, OutOfSample, VoteMatrix, flag
from wslabel.errors import VotesError

AB = ["a", "b"]


def noisy(n=200, wrong=(3, 50, 121), seed=0):
    """Labels of n records, of which those in `wrong` contradict clear out-of-sample probabilities."""
    rng = np.random.default_rng(seed)
    truth = np.arange(n) % 2
    certain = rng.uniform(0.85, 0.99, n)
    certain[list(wrong)] = 0.97  # Cleanlab counts what is surer than the average
    held = np.where(truth[:, None] == np.arange(2), certain[:, None], 1 - certain[:, None])
    given = truth.copy()
    given[list(wrong)] = 1 - given[list(wrong)]
    ids = [f"r{i}" for i in range(n)]
    probs = np.where(given[:, None] == np.arange(2), 0.8, 0.2)
    return Labels(ids, probs, AB), OutOfSample(ids, held, np.arange(n) % 5, AB)


def found(issues, kind):
    return {issue.id: issue for issue in issues if issue.kind == kind}


def test_label_errors_are_those_the_end_model_contradicts():
    labels, held = noisy()
    errors = found(flag(labels, held), "label_error")
    assert set(errors) == {"r3", "r50", "r121"}
    one = errors["r3"]
    assert (one.given, one.suggested) == ("a", "b")
    assert one.score == pytest.approx(held.probs[3, 0])
    assert one.score < 0.2


def test_flagging_is_deterministic_and_silent(capfd):
    labels, held = noisy()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert flag(labels, held).issues == flag(labels, held).issues
    assert capfd.readouterr() == ("", "")


def test_the_lfs_of_a_label_error_are_those_that_voted_for_the_given_label():
    labels, held = noisy()
    array = np.full((200, 3), -1)
    array[3] = [0, 1, 0]
    votes = VoteMatrix.from_array(array, AB, ids=labels.ids)
    issues = flag(labels, held, votes)
    assert found(issues, "label_error")["r3"].lfs == ("lf_0", "lf_2")
    assert found(issues, "conflict")["r3"].lfs == ("lf_1",)
    assert found(issues, "label_error")["r50"].lfs == ()


def test_uncovered_records_are_no_label_errors():
    labels, held = noisy()
    covered = np.ones(200, bool)
    covered[3] = False
    issues = flag(Labels(labels.ids, labels.probs, AB, covered), held)
    assert set(found(issues, "label_error")) == {"r50", "r121"}
    assert found(issues, "uncovered")["r3"].suggested == "b"
    assert found(issues, "uncovered")["r3"].score == pytest.approx(0.8)


@pytest.mark.parametrize("source", ["human", "gold"])
def test_what_a_human_said_is_never_flagged(source):
    labels, held = noisy()
    votes = VoteMatrix.from_array([[0, 1]] * 200, AB, ids=labels.ids)
    covered = np.arange(200) > 2
    doubted = flag(Labels(labels.ids, labels.probs, AB, covered), held, votes)
    assert set(doubted.counts()) == {"conflict", "label_error", "tie", "uncovered"}
    assert len(flag(Labels(labels.ids, labels.probs, AB, covered, [source] * 200), held, votes)) == 0


@pytest.mark.parametrize(
    ("given", "labels"),
    [
        ([], AB),  # no record
        ([0], AB),  # one record
        ([0, 0, 0], AB),  # one label only
        ([1, 1, 1], AB),
        ([0, 1], AB),  # two records
        ([0, 1, 0, 1, 1, 0], ["a", "b", "c"]),  # a label never given
        ([1, 2, 2, 1, 1, 2], ["a", "b", "c", "d"]),
    ],
)
def test_degenerate_labels_neither_crash_nor_warn(given, labels):
    ids = [str(i) for i in range(len(given))]
    cardinality = len(labels)
    probs = np.eye(cardinality)[given].reshape(-1, cardinality)
    held = OutOfSample(ids, np.full((len(ids), cardinality), 1 / cardinality), [0] * len(ids), labels)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        issues = flag(Labels(ids, probs, labels), held)
        nothing = flag(Labels(ids, probs, labels, [False] * len(ids)), held)
    assert all(issue.given != issue.suggested for issue in issues)
    assert nothing.counts() == ({"uncovered": len(ids)} if ids else {})


def test_a_label_never_given_is_suggested_where_the_end_model_is_sure_of_another():
    given = np.array([0] * 30 + [1] * 30)
    probs = np.eye(3)[given]
    held = np.eye(3)[given] * 0.88 + 0.04
    held[0] = [0.02, 0.96, 0.02]
    ids = [str(i) for i in range(60)]
    issues = flag(Labels(ids, probs, ["a", "b", "c"]), OutOfSample(ids, held, [0] * 60, ["a", "b", "c"]))
    assert [(issue.id, issue.suggested) for issue in issues] == [("0", "b")]


CONFLICTS = VoteMatrix.from_array(
    [[0, 0, 1, -1], [0, 1, -1, -1], [0, 0, -1, -1], [-1] * 4, [1, 1, 0, 0], [2, 2, 1, 0]], ["a", "b", "c"]
)
PROBS = [[0.7, 0.3, 0], [0.45, 0.55, 0], [1, 0, 0], [0.4, 0.3, 0.3], [0.5, 0.5, 0], [0.6, 0.2, 0.2]]


def test_conflicts_ties_and_uncovered_records_need_no_end_model():
    labels = Labels(CONFLICTS.ids, PROBS, ["a", "b", "c"], CONFLICTS.covered)
    issues = flag(labels, None, CONFLICTS)
    assert issues.counts() == {"conflict": 4, "tie": 2, "uncovered": 1}
    conflict, tie = found(issues, "conflict"), found(issues, "tie")
    assert set(conflict) == {"0", "1", "4", "5"}
    assert set(tie) == {"1", "4"}
    assert [conflict[i].score for i in "0145"] == [0.7, 0.55, 0.5, 0.6]
    assert [tie[i].score for i in "14"] == pytest.approx([0.1, 0.0])
    assert conflict["0"].lfs == ("lf_2",)
    assert tie["1"].lfs == ("lf_0",)
    assert (tie["1"].given, tie["1"].suggested) == ("b", "b")
    assert (conflict["5"].given, conflict["5"].suggested) == ("a", "c")
    assert conflict["5"].lfs == ("lf_0", "lf_1", "lf_2")
    assert (tie["4"].given, tie["4"].suggested) == ("a", "a")
    assert next(iter(issues)).id == "4"


def test_without_votes_only_uncovered_records_remain():
    labels = Labels(CONFLICTS.ids, PROBS, ["a", "b", "c"], CONFLICTS.covered)
    assert flag(labels, None).counts() == {"uncovered": 1}


def test_a_label_models_own_posterior_is_refused():
    labels, _ = noisy()
    for own in (labels, labels.probs):
        with pytest.raises(VotesError, match=r"OutOfSample.*Cleanlab would find nothing.*cross_validate"):
            flag(labels, own)


def test_parts_of_other_records_or_labels_are_refused():
    labels, held = noisy()
    with pytest.raises(VotesError, match="200 records on one side and 10"):
        flag(labels, noisy(10, wrong=())[1])
    with pytest.raises(VotesError, match=r"one side has the labels \['a', 'b'\], the other \['b', 'a'\]"):
        flag(labels, OutOfSample(held.ids, held.probs, held.folds, ["b", "a"]))
    with pytest.raises(VotesError, match="Labels and votes: row 0 is 'r0' on one side and '0'"):
        flag(labels, held, VoteMatrix.from_array([[0]] * 200, AB))


def test_the_worst_issues_of_youtube_are_mostly_wrong_labels():
    import pandas as pd

    folder = benchmark("classification", "youtube")
    examples = pd.read_parquet(folder / "examples.parquet").query("split == 'train'")
    cast = pd.read_parquet(folder / "votes.parquet").set_index("id").loc[examples["id"]]
    votes = VoteMatrix(examples["id"].tolist(), cast.to_numpy(), list(cast.columns), ["HAM", "SPAM"])
    labels = ws.label_model("majority").fit(votes).predict(votes)
    gold = dict(zip(examples["id"], examples["gold"]))
    names = {0: "HAM", 1: "SPAM", "HAM": "HAM", "SPAM": "SPAM"}
    worst = list(flag(labels, None, votes))[:100]
    assert np.mean([names[gold[issue.id]] != issue.given for issue in worst]) > 0.5
