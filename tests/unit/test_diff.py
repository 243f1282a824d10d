import pytest

from wslabel import Labels, VoteMatrix, lf_blame
from wslabel.analysis import diff_labels
from wslabel.analysis.diff import Side
from wslabel.errors import VotesError

AB = ("a", "b")


def side(ids, array, probs, lfs, labels=AB, source=None):
    return Side(VoteMatrix.from_array(array, labels, ids=ids, lf_names=lfs), Labels(ids, probs, labels, source=source))


A, B = [0.9, 0.1], [0.1, 0.9]
BEFORE = side(["r1", "r2", "r3", "gone"], [[0, 0], [0, -1], [1, 1], [0, 0]], [A, A, B, A], ["kept", "old"])
AFTER = side(["new", "r3", "r2", "r1"], [[0, 0], [1, -1], [0, 1], [0, 1]], [A, A, B, B], ["kept", "added"])


def test_labels_that_moved_name_the_lfs_whose_votes_changed():
    told = diff_labels(BEFORE, AFTER, {})
    assert (told.shared, told.only_before, told.only_after, told.moved) == (3, 1, 1, 3)
    assert [(one.lf, one.before, one.after, one.changed) for one in told.lfs] == [("added", 0, 3, 2), ("old", 3, 0, 2)]
    first, second = told.moves
    assert (first.before, first.after, first.count, first.records) == ("a", "b", 2, ("r1", "r2"))
    assert first.lfs == {"added": 2, "old": 1}
    assert (second.before, second.after, second.lfs, second.records) == ("b", "a", {"old": 1}, ("r3",))
    assert told.reviewed == 0


def test_reviewed_records_tell_whether_it_got_better():
    told = diff_labels(BEFORE, AFTER, {"r1": "b", "r2": "a", "r3": "a", "elsewhere": "a"})
    assert (told.reviewed, told.right_before, told.right_after) == (3, 1, 2)
    assert (told.mended, told.broken) == (("r1", "r3"), ("r2",))


def test_what_a_model_was_told_is_no_proof():
    told_ = side(["r1", "r2"], [[0], [0]], [B, A], ["kept"], source=["gold", "model"])
    told = diff_labels(side(["r1", "r2"], [[0], [0]], [A, A], ["kept"]), told_, {"r1": "b", "r2": "a"})
    assert (told.reviewed, told.right_before, told.right_after) == (1, 1, 1)


def test_equal_runs_do_not_differ():
    told = diff_labels(BEFORE, BEFORE, {"r1": "a"})
    assert (told.moved, told.lfs, told.moves) == (0, (), ())
    assert told.to_dict()["right_after"] == 1


def test_runs_of_other_tasks_cannot_be_compared():
    with pytest.raises(VotesError, match="different labels"):
        diff_labels(BEFORE, side(["r1"], [[0]], [A], ["kept"], ("x", "y")), {})


def test_blame_goes_to_the_lfs_behind_overturned_labels():
    ids = [f"r{i}" for i in range(5)]
    votes = VoteMatrix.from_array(
        [[0, 0, -1], [0, -1, 1], [0, -1, -1], [1, 0, -1], [-1, -1, -1]], AB, ids=ids, lf_names=["bad", "lazy", "good"]
    )
    labels = Labels(ids, [A, A, A, B, A], AB)
    told = lf_blame(votes, labels, {"r0": "b", "r1": "b", "r2": "a", "r4": "b"})
    by_name = {row.lf: row for row in told.rows}
    assert [row.lf for row in told.rows] == ["bad", "lazy", "good"]
    assert by_name["bad"].overturned == ("r0", "r1")
    assert (by_name["bad"].wrong, by_name["bad"].reviewed) == (2, 3)
    assert by_name["bad"].low < 2 / 3 < by_name["bad"].high
    assert (by_name["good"].outvoted, by_name["good"].overturned) == (1, ())
    assert told.to_pandas().loc["bad", "records"] == "r0 r1"
    assert "bad" in str(told).splitlines()[1]
    assert all(row.reviewed == 0 and row.low is None for row in lf_blame(votes, labels, {}).rows)
