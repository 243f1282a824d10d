import numpy as np
import pytest

from wslabel import label_model
from wslabel.core import counting
from wslabel.core.counting import PatternCounter
from wslabel.errors import VotesError
from wslabel.testing import generate_votes


def as_dict(patterns):
    found = {}
    for row, count, gold in zip(patterns.votes.tolist(), patterns.counts.tolist(), patterns.gold.tolist()):
        before = found.get(tuple(row), (0, np.zeros(len(gold), int)))
        found[tuple(row)] = (before[0] + count, before[1] + gold)
    return {row: (count, gold.tolist()) for row, (count, gold) in found.items()}


@pytest.mark.parametrize("first", [1 << 20, 50])
def test_batches_count_as_the_whole(first, monkeypatch):
    monkeypatch.setattr(counting, "FIRST", first)
    votes, truth = generate_votes(1_000, [0.8] * 4, coverage=0.5)
    gold = np.where(np.arange(1_000) % 7 == 0, truth, -1).astype(np.int16)
    counter = PatternCounter(votes.lf_names, votes.labels)
    for begin in range(0, 1_000, 130):
        counter.add(votes.votes[begin : begin + 130], gold[begin : begin + 130])
    assert as_dict(counter.patterns()) == as_dict(votes.patterns(gold))


@pytest.mark.parametrize("lfs", [4, 40])
def test_patterns_handed_out_stay_as_they_are(lfs, monkeypatch):
    monkeypatch.setattr(counting, "FIRST", 100)
    votes, _ = generate_votes(3_000, [0.8] * lfs, coverage=0.9)
    counter = PatternCounter(votes.lf_names, votes.labels)
    counter.add(votes.votes[:500])
    before = counter.patterns()
    kept = as_dict(before)
    counter.add(votes.votes[500:])
    assert as_dict(before) == kept
    assert as_dict(counter.patterns()) == as_dict(votes.patterns())


def test_a_model_fits_to_streamed_votes_as_to_all():
    votes, _ = generate_votes(2_000, [0.8, 0.7, 0.6, 0.9])
    counter = PatternCounter(votes.lf_names, votes.labels)
    for begin in range(0, 2_000, 300):
        counter.add(votes.votes[begin : begin + 300])
    streamed = label_model("dawid_skene").fit_patterns(counter.patterns(), votes.lf_names)
    expected = label_model("dawid_skene").fit(votes).predict(votes).probs
    assert np.allclose(streamed.predict(votes).probs, expected)


def test_foreign_batches_are_refused():
    counter = PatternCounter(["one", "two"], ["a", "b"])
    with pytest.raises(VotesError, match=r"shape \(1, 3\)"):
        counter.add(np.array([[0, 1, 1]]))
    with pytest.raises(VotesError, match="votes from -2 to 0"):
        counter.add(np.array([[0, -2]]))
    with pytest.raises(VotesError, match="other LFs or labels"):
        counter.add(generate_votes(3, [0.8, 0.8])[0])
    assert len(counter.patterns().votes) == 0
