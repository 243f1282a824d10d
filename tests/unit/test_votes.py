import numpy as np
import pytest

from wslabel import Issue, Issues, Labels, OutOfSample, VoteMatrix
from wslabel.core.decisions import Decision, standing
from wslabel.core.gold import align_gold
from wslabel.errors import ReviewError, VotesError

AB = ["a", "b"]


def test_from_array_and_back():
    array = np.array([[0, -1], [-1, -1], [1, 1]])
    votes = VoteMatrix.from_array(array, AB, ids=["x", "y", "z"], lf_names=["f", "g"])
    assert (votes.to_array() == array).all()
    assert votes.covered.tolist() == [True, False, True]
    assert votes.counts().tolist() == [[1, 0], [0, 0], [0, 2]]
    assert votes.to_pandas().loc["z", "g"] == "b"
    assert votes.to_pandas().loc["y", "f"] is None
    assert votes.select(["g"]).to_array().tolist() == [[-1], [-1], [1]]


def test_votes_are_read_only_and_independent_of_the_input():
    array = np.array([[0, 1]], dtype=np.int8)
    votes = VoteMatrix.from_array(array, AB)
    array[0, 0] = 1
    assert votes.votes[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        votes.votes[0, 0] = 1
    copy = votes.to_array()
    copy[0, 0] = 1
    assert votes.votes[0, 0] == 0


@pytest.mark.parametrize(
    ("array", "keywords", "message"),
    [
        ([[2]], {}, r"Row 0, LF lf_0: vote 2; expected -1 \(abstain\) or 0..1"),
        ([[-2]], {}, "vote -2"),
        ([[0.5]], {}, "fractions"),
        ([["a"]], {}, "label indices"),
        ([0, 1], {}, "records × LFs"),
        ([[0], [1]], {"ids": ["x", "x"]}, "'x' stands for more than one record"),
        ([[0], [1]], {"ids": ["x", None]}, "an id is null"),
        ([[0], [1]], {"ids": ["x"]}, "shape"),
        ([[0, 1]], {"lf_names": ["f", "f"]}, "stand twice: f"),
    ],
)
def test_vote_matrix_refuses(array, keywords, message):
    with pytest.raises(VotesError, match=message):
        VoteMatrix.from_array(np.array(array), AB, **keywords)


def test_many_labels_need_two_bytes():
    votes = VoteMatrix.from_array([[149]], [f"label {k}" for k in range(150)])
    assert votes.votes.dtype == np.int16
    assert votes.votes[0, 0] == 149


def test_patterns_count_rows_and_gold():
    votes = VoteMatrix.from_array([[0, -1], [1, 1], [0, -1], [-1, -1]], AB)
    patterns = votes.patterns(align_gold(["a", None, "b", None], votes.ids, votes.labels))
    assert patterns.counts.tolist() == [2, 1, 1]
    assert (patterns.votes[patterns.inverse] == votes.votes).all()
    assert patterns.gold.tolist() == [[1, 1], [0, 0], [0, 0]]
    assert patterns.covered.tolist() == [True, True, False]


def test_labels_hard_confidence_and_frame():
    labels = Labels(["x", "y"], [[0.2, 0.8], [0.5, 0.5]], AB, covered=[True, False])
    assert labels.hard().tolist() == ["b", "a"]
    assert labels.confidence.tolist() == [0.8, 0.5]
    assert labels.to_pandas().loc["x", "p_b"] == 0.8
    assert labels.source.tolist() == ["model", "model"]


@pytest.mark.parametrize(
    ("probs", "message"),
    [
        ([[0.2, 0.7]], "sum to 1"),
        ([[float("nan"), 1.0]], "finite"),
        ([[-0.5, 1.5]], ">= 0"),
        ([[1.0]], "shape"),
    ],
)
def test_labels_refuse(probs, message):
    with pytest.raises(VotesError, match=message):
        Labels(["x"], probs, AB)


def test_labels_refuse_unknown_sources():
    with pytest.raises(VotesError, match="sources"):
        Labels(["x"], [[0.5, 0.5]], AB, source=["oracle"])


def test_out_of_sample_needs_a_fold_a_record():
    assert OutOfSample(["x"], [[0.5, 0.5]], [3], AB).folds.tolist() == [3]
    for folds in ([-1], [0, 1], []):
        with pytest.raises(VotesError, match="folds"):
            OutOfSample(["x"], [[0.5, 0.5]], folds, AB)


def test_issues_are_totally_ordered():
    issues = Issues(
        [Issue("b", "tie", 0.5, "a", "b"), Issue("a", "tie", 0.5, "a", "b"), Issue("c", "tie", 0.1, "a", "b")]
    )
    assert [issue.id for issue in issues] == ["c", "a", "b"]
    assert issues.counts() == {"tie": 3}
    assert issues.to_pandas()["id"].tolist() == ["c", "a", "b"]


def test_issues_refuse_doubles_and_scores_outside():
    with pytest.raises(VotesError, match="two issues of one kind"):
        Issues([Issue("a", "tie", 0.5, "a", "b"), Issue("a", "tie", 0.6, "a", "b")])
    with pytest.raises(VotesError, match=r"a score lies in 0..1"):
        Issue("a", "tie", 1.5, "a", "b")


def test_gold_outside_the_task_names_the_record():
    votes = VoteMatrix.from_array([[0], [1]], AB, ids=["x", "y"])
    with pytest.raises(VotesError, match="Record y: the gold label 'c' is not one of the task's"):
        align_gold({"y": "c"}, votes.ids, votes.labels)
    with pytest.raises(VotesError, match="3 gold labels for 2 records"):
        align_gold(["a", "b", "a"], votes.ids, votes.labels)


def test_an_empty_gold_cell_is_unknown():
    votes = VoteMatrix.from_array([[0], [1]], AB, ids=["x", "y"])
    assert align_gold(["", "b"], votes.ids, votes.labels).tolist() == [-1, 1]


def test_decisions_validate():
    with pytest.raises(ReviewError, match="unknown action"):
        Decision("x", "labl")
    with pytest.raises(ReviewError, match="a label goes with the action"):
        Decision("x", "skip", label="a")
    with pytest.raises(ReviewError, match="a label goes with the action"):
        Decision("x", "label")


def test_the_last_decision_stands_and_undo_takes_it_back():
    first, second = Decision("x", "label", "a"), Decision("x", "label", "b")
    other = Decision("x", "label", "a", reviewer="ana")
    assert standing([first, other, second]) == [other, second]
    assert standing([first, second, Decision("x", "undo")]) == [first]
    assert standing([first, Decision("x", "undo"), Decision("x", "undo")]) == []
