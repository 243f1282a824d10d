import warnings

import numpy as np
import pytest

import wslabel as ws
from conftest import benchmark
from wslabel import Labels, OutOfSample, VoteMatrix, flag, label_quality
from wslabel.core.multilabel import MultiOutOfSample
from wslabel.errors import VotesError
from wslabel.flagging.features import KINDS
from wslabel.flagging.label_errors import RULES

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
    assert one.score == label_quality(labels, held)[3]
    assert one.score < 0.05
    assert set(found(flag(labels, held), "disagreement")) == set(errors)


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
    assert found(issues, "uncovered")["r3"].score < 0.05


@pytest.mark.parametrize("source", ["human", "gold"])
def test_what_a_human_said_is_never_flagged(source):
    labels, held = noisy()
    votes = VoteMatrix.from_array([[0, 1]] * 200, AB, ids=labels.ids)
    covered = np.arange(200) > 2
    doubted = flag(Labels(labels.ids, labels.probs, AB, covered), held, votes)
    assert set(doubted.counts()) == {"conflict", "disagreement", "label_error", "tie", "uncovered"}
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
    assert set(nothing.counts()) <= {"uncovered", "disagreement"}
    assert nothing.counts().get("uncovered", 0) == len(ids)


def test_a_label_never_given_is_suggested_where_the_end_model_is_sure_of_another():
    given = np.array([0] * 30 + [1] * 30)
    probs = np.eye(3)[given]
    held = np.eye(3)[given] * 0.88 + 0.04
    held[0] = [0.02, 0.96, 0.02]
    ids = [str(i) for i in range(60)]
    issues = flag(Labels(ids, probs, ["a", "b", "c"]), OutOfSample(ids, held, [0] * 60, ["a", "b", "c"]))
    assert {(issue.kind, issue.id, issue.suggested) for issue in issues} == {
        ("label_error", "0", "b"),
        ("disagreement", "0", "b"),
    }


CONFLICTS = VoteMatrix.from_array(
    [[0, 0, 1, -1], [0, 1, -1, -1], [0, 0, -1, -1], [-1] * 4, [1, 1, 0, 0], [2, 2, 1, 0]], ["a", "b", "c"]
)
PROBS = [[0.7, 0.3, 0], [0.45, 0.55, 0], [1, 0, 0], [0.4, 0.3, 0.3], [0.5, 0.5, 0], [0.6, 0.2, 0.2]]


def test_conflicts_ties_and_uncovered_records_need_no_end_model():
    labels = Labels(CONFLICTS.ids, PROBS, ["a", "b", "c"], CONFLICTS.covered)
    issues = flag(labels, None, CONFLICTS)
    assert issues.counts() == {"conflict": 4, "low_confidence": 3, "tie": 2, "uncovered": 1}
    conflict, tie = found(issues, "conflict"), found(issues, "tie")
    assert set(conflict) == {"0", "1", "4", "5"}
    assert set(tie) == {"1", "4"}
    assert [conflict[i].score for i in "0145"] == [0.7, 0.55, 0.5, 0.6]
    assert [tie[i].score for i in "14"] == [0.55, 0.5]
    assert conflict["0"].lfs == ("lf_2",)
    assert tie["1"].lfs == ("lf_0",)
    assert (tie["1"].given, tie["1"].suggested) == ("b", "b")
    assert (conflict["5"].given, conflict["5"].suggested) == ("a", "c")
    assert conflict["5"].lfs == ("lf_0", "lf_1", "lf_2")
    assert (tie["4"].given, tie["4"].suggested) == ("a", "a")
    low = found(issues, "low_confidence")
    assert set(low) == {"1", "4", "5"}  # below 2 / 3, half-way between 1 / 3 and 1
    assert low["1"].lfs == ("lf_1",)
    assert [issue.score for issue in issues] == sorted(issue.score for issue in issues)


def test_without_votes_only_uncovered_and_unsure_records_remain():
    labels = Labels(CONFLICTS.ids, PROBS, ["a", "b", "c"], CONFLICTS.covered)
    assert flag(labels, None).counts() == {"low_confidence": 3, "uncovered": 1}


def test_all_issues_of_a_record_share_its_label_quality():
    labels, held = noisy()
    votes = VoteMatrix.from_array([[0, 1, -1]] * 100 + [[1, 1, 0]] * 100, AB, ids=labels.ids)
    quality = dict(zip(labels.ids, label_quality(labels, held, votes)))
    issues = flag(labels, held, votes)
    assert len(issues.counts()) > 3
    assert all(issue.score == quality[issue.id] for issue in issues)


def shy(n=1000, rare=0.3, told=0.8, seed=0):
    """Labels of which some are rare, and an end model that is shy of those but recognises a share of them."""
    random = np.random.default_rng(seed)
    truth = (random.random(n) < rare).astype(int)
    seen = (truth == 1) & (random.random(n) < told)
    held = np.where(seen, 0.6, np.where(truth == 1, 0.25, 0.15))
    given = np.where(truth == 1, 0.9, 0.1)
    ids = [str(i) for i in range(n)]
    labels, probs = Labels(ids, np.stack([1 - given, given], 1), AB), np.stack([1 - held, held], 1)
    return labels, OutOfSample(ids, probs, np.zeros(n, int), AB), seen


def test_the_second_opinion_takes_out_the_leaning_of_an_end_model_that_recognises_rare_labels():
    labels, held, seen = shy()
    probs = held.probs.copy()
    probs[np.flatnonzero(seen)[0]] = [0.55, 0.45]  # above the mean of its column: evidence of the rare label
    quality = label_quality(labels, OutOfSample(labels.ids, probs, held.folds, AB))
    assert quality[np.flatnonzero(seen)[0]] > 0.5


def test_an_end_model_that_recognises_no_rare_label_keeps_its_leaning():
    labels, held, _ = shy(told=0.0, rare=0.05)
    usual = labels.hard_indices() == 0
    probs = held.probs.copy()
    some = np.flatnonzero(usual)[:50]
    probs[some] = [0.75, 0.25]  # a little more of the rare label than elsewhere
    found_on = found(flag(labels, OutOfSample(labels.ids, probs, held.folds, AB)), "disagreement")
    assert not {labels.ids[row] for row in some} & set(found_on)


def test_an_end_model_that_has_learned_nothing_contradicts_nobody():
    labels, _ = noisy(wrong=())
    noise = np.random.default_rng(1).dirichlet([5, 5], 200)
    held = OutOfSample(labels.ids, noise, np.zeros(200, int), AB)
    assert not found(flag(labels, held), "disagreement")
    assert np.allclose(label_quality(labels, held), labels.confidence, atol=0.05)


def test_the_second_opinion_hears_the_lf_that_agrees_with_the_labels():
    labels, held = noisy(wrong=())
    truth = labels.hard_indices()
    array = np.stack([truth, np.random.default_rng(0).integers(0, 2, 200)], axis=1)
    array[7] = [1 - truth[7], truth[7]]  # the good LF says otherwise, the bad one agrees
    votes = VoteMatrix.from_array(array, AB, ids=labels.ids)
    alone, both = label_quality(labels, held), label_quality(labels, held, votes)
    assert both[7] - alone[7] < min(np.delete(both - alone, 7))


def test_cleanlab_judges_the_labels_that_taught_the_end_model():
    posterior, held = noisy()
    fused = posterior.probs.copy()
    fused[3] = fused[3, ::-1]  # fusing has mended one
    labels = Labels(posterior.ids, fused, AB)
    assert set(found(flag(labels, held, posterior=posterior), "label_error")) == {"r50", "r121"}


@pytest.mark.parametrize("rule", RULES)
def test_every_filter_of_cleanlab_finds_planted_errors(rule):
    labels, held = noisy()
    assert set(found(flag(labels, held, rule=rule), "label_error")) == {"r3", "r50", "r121"}


def test_an_unknown_filter_is_refused():
    labels, held = noisy()
    with pytest.raises(VotesError, match=r"no filter 'prune'.*prune_by"):
        flag(labels, held, rule="prune")


def test_features_find_outliers_and_near_duplicates():
    labels, held = noisy()
    features = np.ones((200, 8)) + np.random.default_rng(0).normal(0, 0.1, (200, 8))
    features[5] = [9, -9, 9, -9, 9, -9, 9, -9]  # another direction: Datalab compares angles
    features[9] = features[8]
    issues = flag(labels, held, features=features)
    assert "r5" in found(issues, "outlier")
    assert set(found(issues, "near_duplicate")) == {"r8", "r9"}
    with pytest.raises(VotesError, match=r"200 records and the features have shape \(3, 8\)"):
        flag(labels, held, features=features[:3])


@pytest.mark.parametrize("n", [1, 2, 5, 12])
def test_few_records_and_equal_features_do_not_stop_the_checks(n):
    labels = Labels([str(i) for i in range(n)], np.eye(2)[np.arange(n) % 2], AB)
    for features in (np.zeros((n, 3)), np.ones((n, 1)), np.random.default_rng(0).normal(size=(n, 4))):
        assert set(flag(labels, None, features=features).counts()) <= set(KINDS)


def test_texts_that_resemble_each_other_have_features_that_do():
    texts = ["the pump leaks oil", "oil leaks at the pump", "invoice was paid twice", "paid the invoice twice", "?"]
    found = ws.text_features([{"id": str(i), "text": text} for i, text in enumerate(texts)])
    alike = found @ found.T
    assert min(alike[0, 1], alike[2, 3]) > 0.8 > abs(alike[0, 2])
    assert not found[4].any()
    assert (ws.text_features([{"id": "a", "text": "alone"}]) == 0).all()
    reversed_ = ws.text_features([{"id": str(i), "text": text} for i, text in enumerate(texts)], list("43210"))
    np.testing.assert_allclose(reversed_ @ reversed_.T, alike[::-1, ::-1], atol=1e-9)


def test_a_multi_label_task_is_flagged_label_by_label():
    rng = np.random.default_rng(0)
    truth = rng.integers(0, 2, (200, 2))
    names = ["late", "damaged", "not late", "not damaged"]
    array = np.stack([np.where(truth[:, 0], 0, 2), np.where(truth[:, 1], 1, 3)], axis=1)
    votes = VoteMatrix.from_array(array, names, kind="multilabel")
    labels = ws.label_model("majority").fit(votes).predict(votes)
    certain = np.eye(2)[truth] * 0.9 + 0.05
    certain[4, 0] = certain[4, 0, ::-1]
    folds = [0] * 200
    held = {
        name: OutOfSample(votes.ids, certain[:, k], folds, ("absent", "present"))
        for k, name in enumerate(labels.labels)
    }
    issues = flag(labels, MultiOutOfSample(labels.labels, tuple(held.values())), votes)
    errors = found(issues, "label_error")
    assert set(errors) == {votes.ids[4]}
    assert ("late" in errors[votes.ids[4]].given) != ("late" in errors[votes.ids[4]].suggested)
    assert ("damaged" in errors[votes.ids[4]].given) == ("damaged" in errors[votes.ids[4]].suggested)


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
