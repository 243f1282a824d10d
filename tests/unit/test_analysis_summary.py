from __future__ import annotations

import time

import numpy as np
import pytest
from scipy.stats import binomtest

from wslabel.analysis import summarize
from wslabel.analysis.intervals import wilson
from wslabel.core.labels import Labels
from wslabel.core.records import read_records
from wslabel.core.votes import Fault, VoteMatrix
from wslabel.errors import VotesError

VOTES = [
    [0, 0, -1, -1],
    [0, 1, -1, -1],
    [-1, 1, 1, -1],
    [2, -1, -1, -1],
    [-1, -1, -1, -1],
]
NAMES = ["a", "b", "c", "silent"]
LABELS = ["x", "y", "z"]


def matrix(faults: tuple[Fault, ...] = ()) -> VoteMatrix:
    return VoteMatrix([f"r{i}" for i in range(5)], np.array(VOTES), NAMES, LABELS, faults)


def test_shares_are_those_counted_by_hand() -> None:
    summary = summarize(matrix())
    assert (summary.coverage, summary.overlap, summary.conflict) == (0.8, 0.6, 0.2)
    found = [(row.lf, row.votes, row.coverage, row.overlap, row.conflict) for row in summary.rows]
    assert found == [
        ("a", 3, 0.6, 0.4, 0.2),
        ("b", 3, 0.6, 0.6, 0.2),
        ("c", 1, 0.2, 0.2, 0.0),
        ("silent", 0, 0.0, 0.0, 0.0),
    ]


def test_polarity_is_in_label_order_and_indices_are_columns() -> None:
    rows = summarize(matrix()).rows
    assert [row.polarity for row in rows] == [("x", "z"), ("x", "y"), ("y",), ()]
    assert [row.index for row in rows] == [0, 1, 2, 3]


def test_gold_counts_only_votes_that_meet_gold() -> None:
    rows = summarize(matrix(), gold={"r0": "x", "r1": "y", "r4": "x"}).rows
    assert [(row.gold_votes, row.gold_accuracy) for row in rows] == [(2, 0.5), (2, 1.0), (0, None), (0, None)]
    assert (rows[1].gold_low, rows[1].gold_high) == wilson(2, 2)
    assert (rows[2].gold_low, rows[2].gold_high) == (None, None)


def test_estimated_accuracy_is_the_mean_posterior_of_the_vote() -> None:
    probs = np.array([[0.7, 0.2, 0.1], [0.5, 0.4, 0.1], [0.1, 0.8, 0.1], [0.2, 0.2, 0.6], [0.2, 0.3, 0.5]])
    rows = summarize(matrix(), labels=Labels([f"r{i}" for i in range(5)], probs, LABELS)).rows
    assert rows[0].estimated_accuracy == pytest.approx((0.7 + 0.5 + 0.6) / 3)
    assert rows[1].estimated_accuracy == pytest.approx((0.7 + 0.4 + 0.8) / 3)
    assert rows[3].estimated_accuracy is None


def test_gold_comes_from_records_series_and_sequences_alike() -> None:
    gold = ["x", "x", None, None, "z"]
    table = [{"id": f"r{i}", "text": "t", "gold": value} for i, value in enumerate(gold)]
    records = read_records(table, gold="gold")
    series = records.to_pandas().set_index("id")["gold"]
    assert summarize(matrix(), gold) == summarize(matrix(), records) == summarize(matrix(), series)
    assert summarize(matrix(), gold).has_gold


def test_faults_are_counted_by_lf() -> None:
    faults = (Fault("b", "r3", "boom"), Fault("b", "r4", "boom"))
    summary = summarize(matrix(faults))
    assert [row.faults for row in summary.rows] == [0, 2, 0, 0]
    assert "faults" in str(summary)
    assert "faults" not in str(summarize(matrix()))


def test_labels_of_other_records_or_another_task_are_refused() -> None:
    with pytest.raises(VotesError, match="row 0 is 'r0' on one side and 'q0'"):
        summarize(matrix(), labels=Labels([f"q{i}" for i in range(5)], np.full((5, 3), 1 / 3), LABELS))
    with pytest.raises(VotesError, match="from these votes"):
        summarize(matrix(), labels=Labels([f"r{i}" for i in range(5)], np.full((5, 2), 1 / 2), ["x", "y"]))


def test_pandas_holds_nan_where_nothing_is_known() -> None:
    frame = summarize(matrix(), gold={"r0": "x"}).to_pandas()
    assert frame.index.tolist() == NAMES
    assert frame.loc["a", "polarity"] == "x, z"
    assert frame["gold_accuracy"].isna().tolist() == [False, False, True, True]
    assert frame["estimated_accuracy"].dtype == np.float64


def test_text_is_aligned_within_a_hundred_columns() -> None:
    names = ["short", "finance.sentiment." + "a_very_long_name_" * 9 + "end", "new\nline", "four"]
    votes = VoteMatrix(["1", "2"], np.zeros((2, 4), int), names, ["a label that is long", "b"])
    labels = Labels(["1", "2"], [[1, 0], [1, 0]], votes.labels)
    head, _, *table = str(summarize(votes, gold=["b", "b"], labels=labels)).split("\n")
    assert head == "2 records, 4 LFs: coverage 1.000, overlap 1.000, conflict 0.000"
    assert len(table) == 5
    assert len({len(line) for line in table}) == 1
    assert len(table[0]) <= 100
    assert "name_end" in table[2]


@pytest.mark.parametrize("votes", [np.zeros((0, 2), int), np.zeros((3, 0), int)])
def test_nothing_to_count_gives_zeros(votes: np.ndarray) -> None:
    summary = summarize(VoteMatrix.from_array(votes, ["a", "b"]), gold=[None] * len(votes))
    assert (summary.coverage, summary.overlap, summary.conflict) == (0, 0, 0)
    assert len(summary.rows) == votes.shape[1]
    assert str(summary)
    assert len(summary.to_pandas()) == votes.shape[1]


def test_more_labels_than_a_byte_holds() -> None:
    labels = [f"k{i}" for i in range(300)]
    summary = summarize(VoteMatrix.from_array([[299, 0], [-1, 200]], labels))
    assert summary.rows[0].polarity == ("k299",)
    assert (summary.coverage, summary.overlap, summary.conflict) == (1.0, 0.5, 0.5)


def test_counts_equal_those_of_a_plain_loop() -> None:
    rng = np.random.default_rng(5)
    array = rng.integers(-1, 4, (200, 7))
    summary = summarize(VoteMatrix.from_array(array, ["a", "b", "c", "d"]))
    for j, row in enumerate(summary.rows):
        others = [[vote for i, vote in enumerate(line) if i != j and vote >= 0] for line in array.tolist()]
        mine = array[:, j].tolist()
        assert row.votes == sum(vote >= 0 for vote in mine)
        assert row.overlap == sum(vote >= 0 and bool(rest) for vote, rest in zip(mine, others)) / 200
        torn = [vote >= 0 and any(other != vote for other in rest) for vote, rest in zip(mine, others)]
        assert row.conflict == sum(torn) / 200


def test_many_records_take_seconds_at_most() -> None:
    array = np.random.default_rng(0).integers(-1, 3, (100_000, 50)).astype(np.int8)
    votes = VoteMatrix.from_array(array, LABELS)
    start = time.process_time()
    summarize(votes)
    assert time.process_time() - start < 2


@pytest.mark.parametrize(("successes", "trials"), [(0, 1), (1, 1), (0, 40), (8, 10), (81, 263), (40, 40), (1, 10**6)])
def test_wilson_equals_scipy(successes: int, trials: int) -> None:
    expected = binomtest(successes, trials).proportion_ci(method="wilson")
    assert wilson(successes, trials) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_wilson_equals_the_published_example() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table I, method 3: 81 of 263 and 15 of 148.
    assert wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson(0, 0) is None
