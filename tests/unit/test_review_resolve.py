import numpy as np
import pytest

from wslabel import Labels, resolve
from wslabel.core.decisions import Decision
from wslabel.errors import ReviewError
from wslabel.review import disagreements

LABELS = Labels(
    ["a", "b", "c"],
    [[0.6, 0.4, 0], [0.1, 0.9, 0], [0.4, 0.3, 0.3]],
    ["x", "y", "z"],
    covered=[True, True, False],
    source=["model", "gold", "model"],
)


def said(label, reviewer="ada", id="a"):
    return Decision(id, "label", label, reviewer) if label else Decision(id, "reject", reviewer=reviewer)


def test_decisions_win():
    final = resolve(LABELS, [said("z"), said("x", id="b"), said("y", id="c")])
    assert final.ids.tolist() == ["a", "b", "c"]
    assert final.probs.tolist() == [[0, 0, 1], [1, 0, 0], [0, 1, 0]]
    assert final.source.tolist() == ["human"] * 3
    assert final.covered.all()
    assert LABELS.source.tolist() == ["model", "gold", "model"]
    assert LABELS.probs[0].tolist() == [0.6, 0.4, 0]


def test_without_decisions_nothing_changes():
    for decisions in (
        [],
        [Decision("a", "skip"), Decision("b", "unsure")],
        [said("z"), Decision("a", "undo", reviewer="ada")],
    ):
        final = resolve(LABELS, decisions)
        assert np.array_equal(final.probs, LABELS.probs)
        assert final.source.tolist() == LABELS.source.tolist()
        assert final.covered.tolist() == LABELS.covered.tolist()


def test_rejected_records_are_left_out():
    final = resolve(LABELS, [said(None, id="b")])
    assert final.ids.tolist() == ["a", "c"]
    assert final.probs.tolist() == LABELS.probs[[0, 2]].tolist()
    assert final.source.tolist() == ["model", "model"]
    assert resolve(LABELS, [said(None, id=id) for id in "abc"]).n == 0


@pytest.mark.parametrize(
    ("votes", "outcome"),
    [
        (["x", "y"], None),
        (["y", "y", "z"], "y"),
        (["y", "y", "z", "z"], None),
        (["y", "y", "x", "z"], None),  # most, but not more than half
        ([None, None, "z"], "rejected"),
        ([None, "y", "y"], "y"),
        ([None, "z"], None),
    ],
)
def test_more_than_half_of_the_reviewers_settle_a_record(votes, outcome):
    decisions = [said(label, f"reviewer {n}") for n, label in enumerate(votes)]
    final = resolve(LABELS, decisions)
    assert disagreements(decisions) == {"a": decisions}
    if outcome == "rejected":
        assert "a" not in final.ids
    elif outcome is None:
        assert (final.probs[0].tolist(), final.source[0]) == ([0.6, 0.4, 0], "model")
    else:
        assert (final.hard()[0], final.confidence[0], final.source[0]) == (outcome, 1.0, "human")


def test_only_standing_decisions_count():
    decisions = [said("z"), said("y", "bob"), said("z", "bob"), Decision("a", "unsure", reviewer="eve")]
    assert resolve(LABELS, decisions).hard()[0] == "z"
    assert disagreements(decisions) == {}
    assert list(disagreements(decisions[:2])) == ["a"]


def test_strangers_are_refused():
    with pytest.raises(ReviewError, match="Decision of ada on q: there is no record 'q' among these 3"):
        resolve(LABELS, [said("x", id="q")])
    with pytest.raises(ReviewError, match="no record 'q'"):
        resolve(LABELS, [Decision("q", "skip")])
    with pytest.raises(ReviewError, match="Decision of ada on a: 'w' is not a label of this task. Choices: x, y, z"):
        resolve(LABELS, [said("w")])
    taken_back = [said("w", id="q"), Decision("q", "undo", reviewer="ada")]
    assert resolve(LABELS, taken_back).n == 3
