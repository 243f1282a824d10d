import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wslabel import SpanVotes
from wslabel.errors import TaskError, VotesError

RECORDS = [{"id": "x", "text": "aspirin for İhsan 😀"}, {"id": "y", "text": "none"}]
ROWS = [("x", "drug", 0, 7, "DRUG"), ("x", "name", 12, 17, "PERSON"), ("x", "drug", 0, 7, "DRUG")]


def votes(rows=ROWS, labels=("DRUG", "PERSON")):
    return SpanVotes.from_pandas(pd.DataFrame(rows, columns=["id", "lf", "start", "end", "label"]), RECORDS, labels)


def test_span_votes_are_sorted_distinct_and_know_records_without_a_vote():
    made = votes(ROWS[::-1])
    assert made.to_pandas().values.tolist() == [list(row) for row in ROWS[:2]]
    assert made.ids.tolist() == ["x", "y"]
    assert made.lengths.tolist() == [19, 4]
    assert len(made) == 2


@pytest.mark.parametrize(
    ("row", "error", "message"),
    [
        (("z", "drug", 0, 1, "DRUG"), VotesError, "not among the records"),
        (("x", "drug", 3, 3, "DRUG"), VotesError, r"the span 3\.\.3 does not lie"),
        (("x", "drug", -1, 3, "DRUG"), VotesError, "does not lie"),
        (("x", "drug", 0, 20, "DRUG"), VotesError, "of 19 characters"),
        (("x", "drug", 0, 3, "DRUGS"), TaskError, "no label 'DRUGS'. Did you mean \"DRUG\""),
    ],
)
def test_wrong_spans_are_refused(row, error, message):
    with pytest.raises(error, match=message):
        votes([row])


def test_a_missing_column_and_an_unknown_lf():
    with pytest.raises(VotesError, match="'lf' is missing"):
        SpanVotes.from_pandas(pd.DataFrame({"id": []}), RECORDS, ["DRUG"])
    with pytest.raises(VotesError, match="none of the LFs"):
        SpanVotes(["x"], [19], votes(ROWS[:1]).votes, ["other"], ["DRUG"])


spans = st.tuples(st.integers(-2, 22), st.integers(-2, 22))


@given(st.lists(spans, max_size=10))
def test_spans_are_kept_when_and_only_when_they_lie_in_the_text(some):
    rows = [("x", "drug", start, end, "DRUG") for start, end in some]
    if all(0 <= start < end <= 19 for start, end in some):
        assert set(votes(rows).to_pandas().itertuples(index=False, name=None)) == set(rows)
    else:
        with pytest.raises(VotesError):
            votes(rows)
