import pandas as pd
import pytest

import wslabel as ws
from wslabel.analysis import span_accuracy, span_table
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
    assert y.boundaries == {"long": 1, "shifted": 1}
    table = span_table([x, y])
    assert table["nothing"].tolist() == [1, 0]
    (whole,) = span_accuracy(gold, gold)
    assert whole.strict == (1, 1, 1)
    with pytest.raises(VotesError, match="on the other"):
        span_accuracy(gold, ws.SpanLabels(["a"], [30], [[], [], [], []], ["A"]))
