import numpy as np
import pytest

from wslabel import Decision, Labels, ReviewQueue
from wslabel.review import disputed, measure_agreement

AB = ("a", "b")


def said(table, ids=None):
    """Decisions from rows of answers, one a reviewer; None where a reviewer saw nothing."""
    return [
        Decision(f"r{i}" if ids is None else ids[i], "label", str(answer), reviewer=f"rev{j}")
        for i, row in enumerate(table)
        for j, answer in enumerate(row)
        if answer is not None
    ]


def test_krippendorffs_own_example():
    """Krippendorff (2011), example C: four observers, missing data; nominal alpha is .743."""
    n = None
    rows = [
        [1, 2, 3, 3, 2, 1, 4, 1, 2, n, n, n],
        [1, 2, 3, 3, 2, 2, 4, 1, 2, 5, n, 3],
        [n, 3, 3, 3, 2, 3, 4, 2, 2, 5, 1, n],
        [1, 2, 3, 3, 2, 4, 4, 1, 2, 5, 1, n],
    ]
    found = measure_agreement(said(list(zip(*rows))))
    assert found.records == 11
    assert found.alpha.value == pytest.approx(0.743, abs=5e-4)
    assert found.alpha.low < 0.743 < found.alpha.high


def test_fleiss_own_kind_of_table():
    """Ten records, fourteen raters, five categories: the textbook example with kappa .210."""
    counts = [
        [0, 0, 0, 0, 14], [0, 2, 6, 4, 2], [0, 0, 3, 5, 6], [0, 3, 9, 2, 0], [2, 2, 8, 1, 1],
        [7, 7, 0, 0, 0], [3, 2, 6, 3, 0], [2, 5, 3, 2, 2], [6, 5, 2, 1, 0], [0, 2, 2, 3, 7],
    ]  # fmt: skip
    rows = [[k for k, count in enumerate(row) for _ in range(count)] for row in counts]
    assert measure_agreement(said(rows)).fleiss.value == pytest.approx(0.210, abs=5e-4)


def test_cohen_is_that_of_scikit_learn():
    from sklearn.metrics import cohen_kappa_score

    rng = np.random.default_rng(0)
    first = rng.integers(0, 3, 80)
    second = np.where(rng.random(80) < 0.7, first, rng.integers(0, 3, 80))
    found = measure_agreement(said(np.stack([first, second], axis=1).tolist()))
    (pair,) = found.pairs
    assert pair.kappa.value == pytest.approx(cohen_kappa_score(first, second))
    assert (pair.first, pair.second, pair.records) == ("rev0", "rev1", 80)
    assert pair.agreed == pytest.approx((first == second).mean())
    assert set(found.by_label) == {"0", "1", "2"}


def test_intervals_hold_the_truth():
    held = 0
    for seed in range(100):
        rng = np.random.default_rng(seed)
        first = rng.integers(0, 2, 60)
        second = np.where(rng.random(60) < 0.6, first, rng.integers(0, 2, 60))  # kappa is .6
        (pair,) = measure_agreement(said(np.stack([first, second], axis=1).tolist()), seed).pairs
        held += pair.kappa.low <= 0.6 <= pair.kappa.high
    assert 88 <= held <= 99


def test_what_was_undone_skipped_or_seen_by_one_does_not_count():
    decisions = [
        Decision("x", "label", "a", reviewer="ana"),
        Decision("x", "label", "b", reviewer="bob"),
        Decision("x", "undo", reviewer="bob"),
        Decision("y", "label", "a", reviewer="ana"),
        Decision("y", "skip", reviewer="bob"),
    ]
    found = measure_agreement(decisions)
    assert (found.records, found.alpha, found.fleiss, found.pairs, found.own) == (0, None, None, (), ())


def test_all_the_same_is_full_agreement():
    found = measure_agreement(said([["a", "a"]] * 5))
    assert (found.alpha.value, found.alpha.low, found.fleiss.value, found.pairs[0].kappa.value) == (1, 1, 1, 1)


def test_a_rejection_is_an_answer():
    decisions = [Decision("x", "reject", reviewer="ana"), Decision("x", "label", "a", reviewer="bob")]
    assert set(measure_agreement(decisions).by_label) == {"(rejected)", "a"}


def test_a_reviewers_own_consistency_on_equal_texts():
    decisions = [
        Decision("x", "label", "a", reviewer="ana", text_hash="t"),
        Decision("copy", "label", "b", reviewer="ana", text_hash="t"),
        Decision("again", "label", "b", reviewer="ana", text_hash="t"),
        Decision("x", "label", "a", reviewer="bob", text_hash="t"),
    ]
    (own,) = measure_agreement(decisions).own
    assert (own.reviewer, own.repeats, own.same) == ("ana", 2, 1)


def test_the_most_divided_records_come_first_to_the_adjudicator(tmp_path):
    labels = Labels(["x", "y", "z"], [[0.9, 0.1]] * 3, AB)
    decisions = said([["a", "b", "b"], ["a", "b", None], ["a", "a", None]], ids=["x", "y", "z"])
    issues = disputed(labels, decisions)
    assert [(one.id, one.suggested, round(one.score, 2)) for one in issues] == [("y", "b", 0.5), ("x", "b", 0.67)]
    records = [{"id": record, "text": record} for record in labels.ids]
    assert len(ReviewQueue(issues, records, labels, log=tmp_path / "adjudication.db")) == 2
