import json

import numpy as np
import pytest

from wslabel import Labels, SpanLabels, resolve
from wslabel.core.decisions import Decision
from wslabel.core.sensitive import mark, sensitive_of
from wslabel.core.span_gold import span_gold
from wslabel.errors import ReviewError
from wslabel.redacting import load_recognisers, redact
from wslabel.redacting.redaction import Redaction
from wslabel.review import agreed_labels, disagreements

NAMES = ("Drug", "Effect")
LABELS = SpanLabels(
    ["a", "b", "c"],
    [30, 30, 20],
    [["a", "a", "b"], [0, 10, 5], [4, 14, 9], ["Drug", "Effect", "Drug"], [0.9, 0.6, 0.7]],
    NAMES,
    covered=[True, True, False],
    corroboration=0.4,
)
D, E = (0, 4, "Drug"), (10, 14, "Effect")


def said(*spans, reviewer="ada", id="a"):
    return Decision(id, "spans", spans=spans, reviewer=reviewer)


def plain(labels, record="a"):
    return [(one.start, one.end, one.label) for one in labels.by_id()[record]]


def test_decided_spans_stand_in_place_of_the_models():
    final = resolve(LABELS, [said((2, 6, "Effect")), Decision("b", "reject"), said((0, 20, "Drug"), id="c")])
    assert final.ids.tolist() == ["a", "c"]
    assert (plain(final), plain(final, "c")) == ([(2, 6, "Effect")], [(0, 20, "Drug")])
    assert final.probability.tolist() == [1.0, 1.0]
    assert (final.source.tolist(), final.covered.tolist()) == (["human"] * 2, [True, True])
    assert (final.lengths.tolist(), final.corroboration, final.labels) == ([30, 20], 0.4, NAMES)
    assert len(LABELS) == 3


def test_a_record_decided_to_have_no_span_has_none():
    final = resolve(LABELS, [said()])
    assert (plain(final), final.source[0], plain(final, "b")) == ([], "human", [(5, 9, "Drug")])


def test_what_nobody_settles_stays_and_a_sensitive_suite_is_remembered():
    open_ = [
        Decision("a", "skip"),
        Decision("b", "unsure"),
        said(reviewer="bob"),
        Decision("a", "undo", reviewer="bob"),
    ]
    final = resolve(mark(resolve(LABELS, []), "x.y"), open_)
    assert final.to_pandas().equals(LABELS.to_pandas())
    assert (final.source.tolist(), sensitive_of(final)) == (["model"] * 3, "x.y")


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ([[D], [D, E]], None),  # of two, one saw an effect
        ([[D], [D, E], [D]], [D]),
        ([[D, E], [D, E], []], [D, E]),
        ([[D], []], None),
        ([[(0, 4, "Drug")], [(0, 6, "Drug")]], None),
        ([[(0, 4, "Drug")], [(0, 5, "Drug")], [(0, 6, "Drug")]], None),  # all saw it, each with other ends
        ([[(0, 4, "Drug")], [(0, 5, "Drug")], []], None),
        ([[(0, 4, "Drug")], [(0, 4, "Effect")], []], None),  # two of three saw something
        ([[(0, 4, "Drug")], [(0, 4, "Drug")], [(0, 4, "Effect")]], [D]),
        ([[D], [E], []], []),  # each lone mark is outvoted
        ([[D], [D], [D, E], [E]], None),  # two of four
        ([["reject"], [D]], None),
        ([["reject"], ["reject"], [D]], "rejected"),
        ([["reject"], [D], [D]], [D]),
        ([["reject"], [D], [E]], None),
        ([[(0, 9, "Drug"), (2, 4, "Effect")], [(0, 9, "Drug"), (2, 5, "Effect")], [(0, 9, "Drug")]], None),  # nested
    ],
)
def test_spans_of_more_than_half_stand_unless_a_place_is_contested(answers, outcome):
    decisions = [
        Decision("a", "reject", reviewer=f"r{n}") if some == ["reject"] else said(*some, reviewer=f"r{n}")
        for n, some in enumerate(answers)
    ]
    final = resolve(LABELS, decisions)
    assert list(disagreements(decisions)) == ["a"]
    if outcome == "rejected":
        assert final.ids.tolist() == ["b", "c"]
        assert agreed_labels(decisions) == {}
    elif outcome is None:
        assert (plain(final), final.source[0], final.probability[0]) == ([D, E], "model", 0.9)
        assert agreed_labels(decisions) == {}
    else:
        assert (plain(final), final.source[0]) == (outcome, "human")
        gold = span_gold(agreed_labels(decisions), LABELS.ids, LABELS.lengths, NAMES)
        assert (gold.ids.tolist(), plain(gold)) == (["a"], outcome)


def test_the_order_in_which_spans_were_marked_is_no_disagreement():
    decisions = [said(D, E), said(E, D, reviewer="bob")]
    assert disagreements(decisions) == {}
    assert resolve(LABELS, decisions).source[0] == "human"


def test_agreed_spans_are_gold_as_a_corpus_holds_it():
    assert json.loads(agreed_labels([said(D)])["a"]) == [{"start": 0, "end": 4, "label": "Drug"}]
    assert agreed_labels([said()]) == {"a": "[]"}


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        (said(D, id="q"), "Decision of ada on q: there is no record 'q' among these 3"),
        (said((0, 4, "Drog")), "Decision of ada on a: 'Drog' is not a label of this task. Did you mean"),
        (said((25, 31, "Drug")), "Decision of ada on a: the span 25..31 does not lie in the text, which has 30"),
        (Decision("a", "label", "Drug"), "it tells 'label', and the task is to review spans"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(decision, told):
    with pytest.raises(ReviewError, match=told):
        resolve(LABELS, [decision])


def test_spans_are_no_labels_of_records():
    with pytest.raises(ReviewError, match="it tells 'spans', and the task is to review labels"):
        resolve(Labels(["a"], [[0.5, 0.5]], ["x", "y"]), [said(D)])


def test_spans_marked_in_redacted_texts_are_told_where_they_stand_in_the_originals():
    text = "mail jo@example.org: aspirin"
    shown = redact([{"id": "a", "text": text}], Redaction(load_recognisers(["email"])))
    assert shown.texts(["a"]) == ["mail [EMAIL]: aspirin"]
    given = [said((14, 21, "Drug"), (5, 12, "Effect"), (7, 9, "Drug")), Decision("a", "reject", reviewer="bob")]
    moved, rejected = shown.originals(given)
    assert sorted(text[start:end] for start, end, _ in moved.spans) == ["aspirin", "jo@example.org", "jo@example.org"]
    assert (rejected, shown.originals([])) == (given[1], [])
    assert np.array_equal([one.reviewer for one in shown.originals(given)], ["ada", "bob"])
