import numpy as np

import wslabel as ws
from wslabel.analysis import render_report
from wslabel.testing import generate_votes


def copied():
    votes, _ = generate_votes(2_000, [0.8, 0.7, 0.75], coverage=0.3)
    array = np.concatenate([votes.votes, votes.votes[:, :1]], axis=1)
    return ws.VoteMatrix.from_array(array, votes.labels, lf_names=["one", "two", "three", "copy"])


def test_copies_are_found_and_others_are_not():
    found = ws.correlations(copied())
    assert {(pair.lf, pair.other) for pair in found.pairs} == {("one", "copy"), ("copy", "one")}
    assert [pair.weight for pair in found.pairs] == [0.5, 0.5]
    assert found.to_pandas()["redundancy"].tolist() == [1.0, 1.0]
    assert "copy" in str(found)


def test_accurate_lfs_that_vote_everywhere_do_not_repeat_each_other():
    votes, _ = generate_votes(3_000, [0.95] * 5, coverage=1.0)
    found = ws.correlations(votes)
    assert found.pairs == ()
    assert str(found) == "No labeling function repeats another."
    assert found.to_pandas().empty


def test_few_records_and_no_votes_show_nothing():
    for array in (np.full((3, 2), -1), np.zeros((0, 2), int), np.zeros((2, 1), int)):
        assert ws.correlations(ws.VoteMatrix.from_array(array, ["a", "b"])).pairs == ()


def test_the_report_shows_them():
    votes = copied()
    labels = ws.label_model("majority").fit(votes).predict(votes)
    page = render_report(title="t", facts={}, votes=votes, posterior=labels, final=labels)
    assert "LFs that repeat others" in page
    votes = votes.select(["one", "two", "three"])
    page = render_report(title="t", facts={}, votes=votes, posterior=labels, final=labels)
    assert "LFs that repeat others" not in page
