import itertools
import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel import SpanVotes, label_model
from wslabel.core.spans import SpanVote
from wslabel.errors import VotesError
from wslabel.models.spans.hmm import USUAL
from wslabel.testing import generate_span_votes

LABELS = ("A", "B")


def keys(labels):
    return set(zip(*(one.tolist() for one in labels.columns()[:4])))


def votes_of(rows, groups=None, lfs=("x", "y", "z")):
    return SpanVotes(["d"], [12], [SpanVote("d", *row) for row in rows], lfs, LABELS, groups)


def spans(labels):
    return [(span.start, span.end, span.label) for span in labels.at(0)]


def kind(vote, span):
    if vote.label != span[2]:
        return 4
    if (vote.start, vote.end) == span[:2]:
        return 0
    if span[0] <= vote.start and vote.end <= span[1]:
        return 1
    return 2 if vote.start <= span[0] and span[1] <= vote.end else 3


def by_listing(votes, weights, trust, prior):
    """Return the probability of each voted span, by listing all sets of spans that do not overlap."""
    edges = sorted({edge for vote in votes for edge in (vote.start, vote.end)})
    candidates = sorted({(vote.start, vote.end, vote.label) for vote in votes})
    total, by_span = 0.0, dict.fromkeys(candidates, 0.0)
    for size in range(len(candidates) + 1):
        for some in itertools.combinations(candidates, size):
            if any(a[0] < b[1] and b[0] < a[1] for a, b in itertools.combinations(some, 2)):
                continue
            score = prior * size
            for vote, weight in zip(votes, weights):
                inside = [edge for edge in edges if vote.start <= edge < vote.end]
                for edge in inside:
                    over = [span for span in some if span[0] <= edge < span[1]]
                    share = trust * weight / len(inside)
                    score += share * math.log(USUAL[kind(vote, over[0]) if over else 5])
            total += math.exp(score)
            for span in some:
                by_span[span] += math.exp(score)
    return {span: value / total for span, value in by_span.items()}


def pieces(votes, vote):
    """Return how many votes of the vote's LF lie, with it, in one vote of another LF."""
    around = [one for one in votes if one.lf != vote.lf and one.start <= vote.start and vote.end <= one.end]
    same = [one for one in votes if one.lf == vote.lf]
    return max([sum(one.start <= v.start and v.end <= one.end for v in same) for one in around], default=1)


a_vote = st.tuples(st.sampled_from("xyz"), st.integers(0, 5), st.integers(1, 5), st.sampled_from(LABELS))


@settings(max_examples=60)
@given(
    st.lists(a_vote.map(lambda one: (one[0], one[1], one[1] + one[2], one[3])), min_size=1, max_size=5),
    st.floats(0, 1),
    st.floats(-2, 2),
)
def test_probabilities_are_those_of_all_sequences_listed(rows, trust, prior):
    votes = votes_of(rows)
    alike = [sum((o.start, o.end, o.label) == (v.start, v.end, v.label) for o in votes.votes) for v in votes.votes]
    cut = [pieces(votes.votes, vote) for vote in votes.votes]
    expected = by_listing(votes.votes, [(a * b) ** -0.5 for a, b in zip(alike, cut)], trust, prior)
    model = label_model("hmm", steps=0, threshold=-1.0, repeated=0.5, trust=trust, prior=prior)
    found = model.fit(votes).predict(votes)
    for span in found.at(0):
        assert span.probability == pytest.approx(expected[span.start, span.end, span.label], rel=1e-9)


def test_the_longer_of_two_nested_spans_wins_against_two_shorter_ones_only_by_few():
    assert spans(label_model("hmm").fit(v := votes_of([("x", 0, 9, "A"), ("y", 0, 4, "A")])).predict(v)) == [
        (0, 9, "A")
    ]


def test_pieces_that_one_lf_cuts_do_not_outvote_the_whole():
    votes = votes_of([*(("x", at, at + 1, "A") for at in range(0, 6, 2)), ("z", 0, 5, "A")])
    assert spans(label_model("hmm").fit(votes).predict(votes)) == [(0, 5, "A")]


def test_a_copy_of_an_lf_changes_nothing():
    plain, _ = generate_span_votes(60, [0.9, 0.8, 0.8, 0.6])
    copies = [replace(vote, lf=f"copy_{copy}") for vote in plain.votes for copy in "ab" if vote.lf == "lf_3"]
    names = ["copy_b", *plain.lf_names, "copy_a"]
    doubled = SpanVotes(plain.ids, plain.lengths, [*plain.votes, *copies], names, plain.labels)
    one, more = (label_model("hmm").fit(votes).predict(votes) for votes in (plain, doubled))
    assert keys(one) == keys(more)
    assert np.allclose(one.probability, more.probability)


def test_the_report_tells_what_was_learned_which_lfs_are_copies_and_which_settings_are_unusual():
    plain, _ = generate_span_votes(60, [0.9, 0.8, 0.8, 0.6])
    copies = [replace(vote, lf="copy") for vote in plain.votes if vote.lf == "lf_3"]
    votes = SpanVotes(plain.ids, plain.lengths, [*plain.votes, *copies], [*plain.lf_names, "copy"], plain.labels)
    report = label_model("hmm", seed=7).fit(votes).report()
    assert "changed" not in report
    assert report["copies"] == {"copy": "lf_3"}
    assert report["right_label"]["lf_0"] > report["right_label"]["lf_3"] == report["right_label"]["copy"]
    assert report["learned"].startswith("learned in 4 steps")
    assert "(5 of 5 do)" in report["learned"]
    assert report["learned"].endswith("copy casts the same votes as lf_3, and they count as one")
    assert label_model("hmm", overlaps=True).fit(votes).report()["changed"] == {"overlaps": True}


def test_the_report_says_that_nothing_is_learned_from_lfs_that_do_not_meet():
    votes = votes_of([("x", 0, 2, "A"), ("y", 4, 6, "B")])
    assert label_model("hmm").fit(votes).report()["learned"].startswith("nothing learned")


def test_probabilities_are_about_as_often_right_as_they_say():
    votes, truth = generate_span_votes(1000, [0.8, 0.7, 0.6])
    found = label_model("hmm").fit(votes).predict(votes)
    true = keys(truth)
    right = np.array([row in true for row in zip(*(one.tolist() for one in found.columns()[:4]))])
    assert abs(found.probability.mean() - right.mean()) < 0.15
    sure = found.probability > np.median(found.probability)
    assert right[sure].mean() > right[~sure].mean() + 0.1


def test_it_learns_which_label_is_taken_for_which_where_two_lfs_tell_the_truth():
    lfs, taken_for, rows = "xyz", {"A": "B", "B": "C", "C": "A"}, []
    for row in range(900):
        label = "ABC"[row % 3]
        wrong = lfs[row // 3 % 3]
        rows += [SpanVote(str(row), lf, 0, 5, taken_for[label] if lf == wrong else label) for lf in lfs]
    rows += [SpanVote("900", "v", 0, 5, "A"), SpanVote("900", "w", 0, 5, "B")]
    votes = SpanVotes(list(map(str, range(901))), [9] * 901, rows, list("vwxyz"), ["A", "B", "C"])
    found = label_model("hmm").fit(votes).predict(votes).at(900)
    assert [span.label for span in found] == ["A"]
    assert found[0].probability > 0.5


def test_an_lf_that_mostly_loses_is_not_believed_where_it_is_alone_against_another():
    rows = []
    for row in range(300):
        rows += [SpanVote(str(row), lf, 0, 5, "A") for lf in ("x", "y")] + [SpanVote(str(row), "bad", 0, 5, "B")]
    rows += [SpanVote("300", "bad", 0, 5, "B"), SpanVote("300", "fair", 0, 5, "A")]
    votes = SpanVotes(list(map(str, range(301))), [9] * 301, rows, ["x", "y", "fair", "bad"], LABELS)
    assert label_model("hmm").fit(votes).predict(votes).at(300)[0].label == "A"


def test_a_vote_for_a_group_counts_for_its_members():
    groups = {"ANY": ("A", "B")}
    rows = [("x", 0, 5, "ANY"), ("y", 0, 5, "B")]
    for name in ("hmm", "span_majority"):
        votes = votes_of(rows, groups)
        assert spans(label_model(name).fit(votes).predict(votes)) == [(0, 5, "B")]
    alone = votes_of(rows[:1], groups)
    found = label_model("hmm").fit(alone).predict(alone).at(0)
    assert len(found) == 1
    assert found[0].probability < 0.5


def test_spans_of_different_labels_may_overlap_where_that_is_asked_for():
    votes = votes_of([("x", 0, 9, "A"), ("y", 2, 5, "B"), ("z", 2, 5, "B")])
    assert len(spans(label_model("hmm").fit(votes).predict(votes))) == 1
    both = label_model("hmm", overlaps=True)
    assert spans(both.fit(votes).predict(votes)) == [(0, 9, "A"), (2, 5, "B")]


def test_majority_on_each_stretch():
    votes = votes_of([("x", 0, 9, "A"), ("y", 0, 4, "A"), ("z", 0, 4, "B"), ("z", 10, 12, "B")])
    found = label_model("span_majority").fit(votes).predict(votes)
    assert spans(found) == [(0, 9, "A"), (10, 12, "B")]
    assert found.probability.tolist() == pytest.approx([(2 / 3 + 1) / 2, 1])
    cut = votes_of([("x", 0, 4, "A"), ("x", 4, 9, "A")])
    assert spans(label_model("span_majority").fit(cut).predict(cut)) == [(0, 4, "A"), (4, 9, "A")]


def test_from_a_frame_to_a_frame():
    frame = pd.DataFrame({"id": [1], "lf": ["x"], "start": [0], "end": [4], "label": ["A"]})
    records = pd.DataFrame({"id": [1, 2], "text": ["İß😀x and", "none"]})
    votes = SpanVotes.from_pandas(frame, records=records, labels=["A"])
    labels = label_model("hmm").fit(votes).predict(votes)
    assert labels.to_pandas().columns.tolist() == ["id", "start", "end", "label", "probability"]
    assert labels.covered.tolist() == [True, False]
    assert np.array_equal(labels.lengths, [8, 4])


def test_auto_stands_for_the_hmm_of_span_votes():
    votes = votes_of([("x", 0, 5, "A"), ("y", 0, 5, "A"), ("z", 7, 9, "B")])
    fitted = label_model(seed=3).fit(votes)
    assert fitted.to_json() == label_model("hmm", seed=3).fit(votes).to_json()
    with pytest.raises(VotesError, match="'majority' is for one label a record; got SpanVotes"):
        label_model("majority").fit(votes)
    with pytest.raises(VotesError, match="'auto' is for one label a record; got 3"):
        label_model().fit(3)
