import pytest

from wslabel import SpanLabels, SpanVotes
from wslabel.analysis import diff_spans, span_blame
from wslabel.analysis.span_diff import SpanSide
from wslabel.core.spans import SpanVote
from wslabel.errors import VotesError

NAMES = ("A", "B")
IDS = ["x", "y", "z"]


def labels(*spans, ids=IDS, source=None, names=NAMES):
    return SpanLabels(ids, [40] * len(ids), list(zip(*spans)) or [[], [], [], []], names, source=source)


def votes(*cast, ids=IDS, lfs=("one", "two")):
    return SpanVotes(ids, [40] * len(ids), [SpanVote(*one) for one in cast], lfs, NAMES, {"ANY": NAMES})


def test_each_lf_answers_for_the_spans_it_voted_for():
    cast = votes(
        ("x", "one", 0, 4, "A"),
        ("x", "two", 0, 4, "ANY"),
        ("x", "two", 9, 12, "B"),
        ("y", "one", 0, 4, "B"),
        ("y", "two", 0, 5, "B"),
        ("z", "one", 0, 4, "A"),
    )
    given = labels(("x", 0, 4, "A"), ("x", 9, 12, "B"), ("y", 0, 5, "B"), ("z", 0, 4, "A"))
    decided = labels(("x", 0, 4, "A"), ("y", 0, 4, "B"), ids=["x", "y"])
    one, two = sorted(span_blame(cast, given, decided).rows, key=lambda row: row.lf)
    assert (one.reviewed, one.wrong, one.outvoted, one.overturned) == (2, 0, 1, ())
    assert (two.reviewed, two.wrong, two.outvoted, two.overturned) == (3, 2, 0, ("x", "y"))
    assert span_blame(cast, given, decided).rows[0] == two
    assert two.low < 2 / 3 < two.high
    with pytest.raises(VotesError, match="span_blame"):
        span_blame(cast, labels(ids=["x"]), decided)


def test_spans_come_go_get_other_labels_and_other_ends():
    old = labels(("x", 0, 4, "A"), ("x", 10, 14, "A"), ("x", 20, 24, "B"), ("y", 0, 4, "B"), ("z", 0, 4, "A"))
    new = labels(("x", 0, 4, "B"), ("x", 10, 16, "A"), ("y", 0, 4, "B"), ("z", 0, 4, "A"), ("z", 6, 9, "B"))
    before, after = (
        votes(("x", "one", 0, 4, "A")),
        votes(("x", "one", 0, 4, "B"), ("z", "new", 6, 9, "B"), lfs=("one", "new")),
    )
    decided = labels(("x", 0, 4, "B"), ("z", 0, 4, "A"), ids=["x", "z"])
    told = diff_spans(SpanSide(before, old), SpanSide(after, new), decided)
    assert {(m.before, m.after): (m.count, m.lfs) for m in told.moves} == {
        ("A", "B"): (1, {"one": 1}),
        ("A", "with other ends"): (1, {"one": 1}),
        ("B", "nothing"): (1, {"one": 1}),
        ("nothing", "B"): (1, {"new": 1}),
    }
    assert (told.moved, told.changed, told.shared, told.reviewed) == (4, 2, 3, 2)
    assert (told.mended, told.broken) == ((), ("z",))
    assert (told.f1_before, told.f1_after) == (pytest.approx(2 / 6), pytest.approx(4 / 6))
    assert {(one.lf, one.before, one.after, one.changed) for one in told.lfs} == {
        ("new", 0, 1, 1), ("one", 1, 1, 1), ("two", 0, 0, 0)}  # fmt: skip


def test_only_what_the_model_labeled_in_both_runs_is_judged():
    decided, human = labels(ids=["x"]), labels(source=["human", "model", "model"])
    told = diff_spans(SpanSide(votes(), human), SpanSide(votes(), labels()), decided)
    assert (told.reviewed, told.f1_before, told.f1_after, told.moves) == (0, None, None, ())
    other = SpanSide(votes(ids=["x", "q"]), labels(ids=["x", "q"]))
    told = diff_spans(SpanSide(votes(), labels()), other, decided)
    assert (told.shared, told.only_before, told.only_after) == (1, 2, 1)
    assert (told.reviewed, told.f1_after) == (1, 1.0)
    with pytest.raises(VotesError, match="different labels"):
        diff_spans(SpanSide(votes(), labels()), SpanSide(votes(), labels(names=("A", "C"))), decided)
