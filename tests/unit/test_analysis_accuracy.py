from __future__ import annotations

import numpy as np
import pytest
from sklearn.metrics import accuracy_score, confusion_matrix, f1_score, precision_recall_fscore_support

from wslabel.analysis import accuracy_report
from wslabel.analysis.intervals import wilson
from wslabel.core.labels import Labels
from wslabel.errors import VotesError

NAMES = ["x", "y", "z", "never"]


def made(n: int = 300) -> tuple[Labels, list[str | None]]:
    rng = np.random.default_rng(3)
    probs = rng.dirichlet(np.ones(3), n)
    gold: list[str | None] = [NAMES[k] for k in rng.integers(0, 3, n)]
    gold[::5] = [None] * len(gold[::5])
    whole = np.hstack([probs, np.zeros((n, 1))])
    return Labels([str(i) for i in range(n)], whole, NAMES, rng.random(n) < 0.7), gold


def test_numbers_equal_those_of_scikit_learn() -> None:
    labels, gold = made()
    report = accuracy_report(labels, gold)
    known = [i for i, value in enumerate(gold) if value]
    truth, given = [gold[i] for i in known], labels.hard()[known].tolist()
    assert report.overall.n == len(known)
    assert report.overall.accuracy == pytest.approx(accuracy_score(truth, given))
    assert report.overall.macro_f1 == pytest.approx(f1_score(truth, given, average="macro"))
    assert (report.overall.low, report.overall.high) == wilson(round(report.overall.accuracy * len(known)), len(known))
    assert np.array_equal(report.confusion, confusion_matrix(truth, given, labels=NAMES))
    precision, recall, f1, _ = precision_recall_fscore_support(truth, given, labels=NAMES[:3])
    for k, row in enumerate(report.per_label[:3]):
        assert (row.precision, row.recall, row.f1) == pytest.approx((precision[k], recall[k], f1[k]))


def test_a_label_that_never_occurs_is_unknown() -> None:
    row = accuracy_report(*made()).per_label[3]
    assert (row.gold, row.given, row.precision, row.recall, row.f1) == (0, 0, None, None, None)


def test_covered_counts_votes_and_human_labels() -> None:
    labels = Labels("abcd", [[1, 0]] * 4, ["x", "y"], [1, 0, 0, 1], ["model", "model", "human", "model"])
    report = accuracy_report(labels, ["x", "y", "x", "y"])
    assert (report.overall.n, report.overall.accuracy) == (4, 0.5)
    assert (report.covered.n, report.covered.accuracy) == (3, pytest.approx(2 / 3))


def test_without_gold_nothing_is_known() -> None:
    report = accuracy_report(made()[0], None)
    assert report.overall.n == 0
    assert report.overall.accuracy is None
    assert "no record with gold" in str(report)


def test_pandas_and_text_hold_the_rows() -> None:
    report = accuracy_report(*made())
    assert report.to_pandas().index.tolist() == NAMES
    assert np.isnan(report.to_pandas().loc["never", "recall"])
    assert f"{report.overall.accuracy:.3f}" in str(report)


def test_gold_outside_the_task_is_refused() -> None:
    with pytest.raises(VotesError, match='Did you mean "never"'):
        accuracy_report(made()[0], {"4": "nevr"})
