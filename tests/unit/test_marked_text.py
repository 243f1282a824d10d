"""Issues of spans as pages show them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wslabel import Issue
from wslabel.analysis.marked_text import MOST, marked, marked_issue
from wslabel.core.decisions import join_spans

SPANS = st.lists(st.tuples(st.integers(0, 30), st.integers(1, 20), st.sampled_from(["Drug", "Effect"])), max_size=4)


@given(st.text(min_size=1, max_size=40), SPANS)
def test_all_of_a_text_is_there_and_what_is_marked_lies_in_the_span(text, drawn):
    spans = [(start, start + size, label) for start, size, label in drawn if start + size <= len(text)]
    parts = marked(text, spans)
    assert "".join(one.text for one in parts) == text
    for span in spans:
        start, end, label = span
        at, words = 0, ""
        for one in parts:
            words += one.text if start <= at < end and label in one.labels else ""
            at += len(one.text)
        assert words == text[start:end]
    assert sum(len(one.ends) for one in parts) == len(spans)


def test_what_a_suggestion_changes_is_told_in_words():
    issue = Issue("a", "label_error", 0.1, "0-7 Drug, 12-16 Drug", "0-7 Drug, 12-22 Effect")
    told = marked_issue(issue, "aspirin and skin rashes")
    assert told.changes == (("drop", "skin [Drug]"), ("add", "skin rashe [Effect]"))
    assert [one.text for one in told.parts if one.labels] == ["aspirin", "skin"]
    same = marked_issue(Issue("a", "conflict", 0.1, "no span", "no span"), "aspirin")
    assert (same.changes, [one.text for one in same.parts]) == ((), ["aspirin"])


@pytest.mark.parametrize("at", [0, 100, 900, 990])
def test_of_long_texts_it_shows_what_is_in_doubt(at):
    text = "".join(str(i % 10) for i in range(1000))
    issue = Issue("a", "label_error", 0.1, join_spans([(0, 3, "Drug"), (at, at + 9, "Effect")]), "0-3 Drug")
    told = marked_issue(issue, text)
    shown = "".join(one.text for one in told.parts)
    assert (text[at : at + 9], ("Effect",)) in [(one.text, one.ends) for one in told.parts] or at == 0
    assert len(shown.strip(" …")) == MOST
    assert shown.startswith(" … ") == (at > 80)
    assert shown.endswith(" … ") == (at < 700)
