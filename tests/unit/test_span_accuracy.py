import pandas as pd
import pytest

import wslabel as ws
from wslabel.analysis import span_accuracy, span_table
from wslabel.analysis.spans import confusions
from wslabel.errors import VotesError

RECORDS = [{"id": "a", "text": "x" * 30}, {"id": "b", "text": "y" * 9}]
GOLD = pd.DataFrame([("a", 0, 4, "A"), ("a", 10, 20, "A"), ("b", 0, 9, "B")], columns=["id", "start", "end", "label"])
ROWS = [
    ("a", "x", 0, 4, "A"),
    ("a", "x", 12, 20, "A"),
    ("a", "x", 25, 26, "A"),
    ("b", "x", 0, 9, "A"),
    ("a", "y", 9, 21, "A"),
    ("a", "y", 2, 6, "A"),
]


def test_errors_of_each_kind_are_told_apart():
    gold = ws.SpanLabels.from_pandas(GOLD, RECORDS, ["A", "B"])
    frame = pd.DataFrame(ROWS, columns=["id", "lf", "start", "end", "label"])
    votes = ws.SpanVotes.from_pandas(frame, RECORDS, ["A", "B"])
    x, y = span_accuracy(votes, gold)
    assert (x.spans, x.gold, x.exact, x.partial, x.boundaries, x.confused) == (
        4,
        2,
        1,
        2,
        {"short": 1},
        {("A", "B"): 1},
    )
    assert x.strict == pytest.approx((1 / 4, 1 / 2, 2 / 6))
    assert x.lenient == pytest.approx((12 / 22, 12 / 14, 24 / 36))
    assert x.overlapping == pytest.approx((2 / 4, 2 / 2, 2 / 3))
    assert y.overlapping == (1, 1, 1)
    assert y.boundaries == {"long": 1, "shifted": 1}
    table = span_table([x, y])
    assert table["nothing"].tolist() == [1, 0]
    (whole,) = span_accuracy(gold, gold)
    assert whole.strict == (1, 1, 1)
    with pytest.raises(VotesError, match="on the other"):
        span_accuracy(gold, ws.SpanLabels(["a"], [30], [[], [], [], []], ["A"]))


def test_each_span_of_gold_is_found_as_one_label_or_not():
    gold = ws.SpanLabels.from_pandas(GOLD, RECORDS, ["A", "B"])
    rows = [("a", 0, 2, "B"), ("a", 2, 4, "A"), ("a", 25, 26, "A"), ("b", 0, 9, "A"), ("b", 0, 1, "B")]
    found = ws.SpanLabels.from_pandas(pd.DataFrame(rows, columns=["id", "start", "end", "label"]), RECORDS, ["A", "B"])
    assert confusions(found, gold) == {("A", "A"): 1, ("A", ""): 1, ("B", "A"): 1, ("", "A"): 1}


def test_the_summary_counts_every_span_and_whom_it_meets():
    rows = [
        ("a", "x", 0, 4, "A"),
        ("a", "x", 10, 20, "A"),
        ("a", "y", 11, 12, "B"),
        ("a", "z", 11, 12, "Any"),
        ("b", "x", 0, 9, "A"),
        ("b", "z", 5, 9, "Any"),
        ("b", "y", 0, 1, "A"),
    ]
    frame = pd.DataFrame(rows, columns=["id", "lf", "start", "end", "label"])
    votes = ws.SpanVotes.from_pandas(frame, RECORDS, ["A", "B"], {"Any": ["A", "B"]})
    summary = ws.summarize(votes)
    x, y, z = summary.rows
    assert (x.coverage, x.overlap, x.conflict) == (1, 1, 0.5)  # its first span meets nobody, its second differs from y
    assert (y.polarity, y.conflict) == (("A", "B"), 0.5)
    assert (z.overlap, z.conflict) == (1, 0)  # a group agrees with its members
    assert (summary.coverage, summary.overlap, summary.conflict) == (1, 1, 0.5)
    gold = ws.SpanLabels.from_pandas(GOLD, RECORDS, ["A", "B"])
    known = ws.summarize(votes, gold).rows[0]
    assert (known.gold_accuracy, known.gold_votes) == (2 / 3, 3)
    assert known.gold_low < 2 / 3 < known.gold_high
    with pytest.raises(VotesError, match="gold is a SpanLabels"):
        ws.summarize(votes, ["A", "B"])
