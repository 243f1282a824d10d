"""Intervals, audits and agreement on whatever comes."""

import warnings

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel import Decision, Labels, accuracy_bound, draw_audit, estimate_accuracy
from wslabel.review import measure_agreement
from wslabel.review.estimate_intervals import share_interval

shares = st.floats(0, 1)
QUICK = settings(max_examples=60, deadline=None)


@st.composite
def samples(draw):
    n = draw(st.integers(1, 40))
    stratum = np.array(draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)))
    predicted = np.array(draw(st.lists(shares, min_size=n, max_size=n)))
    drawn = np.array(sorted(draw(st.sets(st.integers(0, n - 1)))), dtype=np.int64)
    marks = np.array(draw(st.lists(st.sampled_from([0.0, 1.0]), min_size=len(drawn), max_size=len(drawn))))
    return stratum, predicted, drawn, marks


@given(samples())
@QUICK
def test_an_interval_is_within_0_and_1_and_holds_its_value(parts):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = share_interval(*parts)
    assert 0 <= found.low <= found.value <= found.high <= 1
    stratum, _, drawn, marks = parts
    if len(drawn) == len(stratum):  # everything is known
        assert abs(found.value - marks.mean()) < 1e-9
        assert found.high - found.low < 1e-6


@st.composite
def audits(draw):
    n = draw(st.integers(1, 25))
    given_ = draw(st.lists(st.integers(0, 2), min_size=n, max_size=n))
    covered = draw(st.lists(st.booleans(), min_size=n, max_size=n))
    labels = Labels([f"r{i}" for i in range(n)], np.eye(3)[given_], ("a", "b", "c"), covered)
    quality = np.array(draw(st.lists(shares, min_size=n, max_size=n)))
    actions = st.tuples(
        st.integers(0, n - 1), st.sampled_from(["a", "b", "c", "skip", "unsure", "reject"]), st.sampled_from("xy")
    )
    said = [
        Decision(f"r{row}", "label", what, who) if what in "abc" else Decision(f"r{row}", what, None, who)
        for row, what, who in draw(st.lists(actions, max_size=40))
    ]
    return labels, quality, said


@given(audits())
@QUICK
def test_an_estimate_is_possible_whatever_was_decided(parts):
    labels, quality, said = parts
    sample = draw_audit(labels, quality)
    assert sorted(sample.ids) == sorted(labels.ids[labels.covered])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = estimate_accuracy(labels, sample, said)
        bound = accuracy_bound(labels, sample, said)
    assert 0 <= found.accuracy.low <= found.accuracy.value <= found.accuracy.high <= 1
    assert 0 <= bound <= 1
    assert found.audited <= found.decided <= len(sample.ids)
    assert sum(one.exported for one in found.by_label) == found.exported
    for one in found.by_label:
        for each in (one.precision, one.recall):
            assert 0 <= each.low <= each.value <= each.high <= 1
    assert len(draw_audit(labels, quality, said).ids) <= len(sample.ids)


@given(audits())
@QUICK
def test_agreement_is_at_most_1(parts):
    found = measure_agreement(parts[2])
    every = [found.alpha, found.fleiss, *found.by_label.values(), *(pair.kappa for pair in found.pairs)]
    for one in every:
        assert one is None or one.low <= one.value <= one.high <= 1
