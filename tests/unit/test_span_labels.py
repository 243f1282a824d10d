import pandas as pd
import pytest

from wslabel import SpanLabels
from wslabel.core.span_labels import LabeledSpan
from wslabel.errors import VotesError

COLUMNS = [["b", "a", "a"], [0, 5, 0], [2, 9, 4], ["A", "B", "A"], [1.0, 0.5, 0.9]]


def test_spans_are_sorted_and_found_by_record():
    labels = SpanLabels(["a", "b", "c"], [9, 2, 0], COLUMNS, ["A", "B"], covered=[1, 1, 0])
    assert labels.at(0) == (LabeledSpan(0, 4, "A", 0.9), LabeledSpan(5, 9, "B", 0.5))
    assert labels.by_id()["c"] == ()
    assert len(labels.at_least(0.9)) == 2
    again = SpanLabels.from_pandas(
        labels.to_pandas(), [{"id": "a", "text": "123456789"}, {"id": "b", "text": "12"}], "AB"
    )
    assert again.to_pandas().equals(labels.to_pandas())
    assert repr(labels) == "SpanLabels(3 records, 2 labels, 3 spans)"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (("z", 0, 1, "A"), "not among the records"),
        (("a", 0, 10, "A"), "of 9 characters"),
        (("a", 0, 1.5, "A"), "whole numbers"),
        (("a", 0, 1, "C"), "'C' of a span is not among A, B"),
        (("a", 0, 1, "A", 0.0), "probability above 0"),
        (("a", 0, 1, "A", float("nan")), "probability above 0"),
    ],
)
def test_wrong_spans_are_refused(row, message):
    with pytest.raises(VotesError, match=message):
        SpanLabels(["a"], [9], [[value] for value in row], ["A", "B"])


def test_the_same_span_twice_and_a_missing_column():
    with pytest.raises(VotesError, match="stands twice"):
        SpanLabels(["a"], [9], [["a", "a"], [0, 0], [4, 4], ["A", "A"]], ["A"])
    with pytest.raises(VotesError, match="'start' is missing"):
        SpanLabels.from_pandas(pd.DataFrame({"id": []}), [{"id": "a", "text": "x"}], ["A"])
