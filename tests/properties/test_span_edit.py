"""Editing spans, whatever the text and whatever the keys."""

from hypothesis import given
from hypothesis import strategies as st

from wslabel.review.span_edit import SpanEdit
from wslabel.review.stops import characters, words

ODD = "ae\u0301\u0308ß İı ﬁ5_-,.\n\r\t\u200d\ufe0f\U0001f469\u2695\U0001f1e9\U0001f1ea\U0001f3fd中文 "
ODD += "مرحبا\u202eב\x1c\x85\u3000"
TEXTS = st.text(st.one_of(st.sampled_from(ODD), st.characters(exclude_categories=["Cs"])), max_size=30)
LABELS = st.sampled_from(["Drug", "Effect"])
PLACES = st.integers(-1, 31)
STEPS = st.one_of(
    st.tuples(st.just("choose"), st.sampled_from([1, -1])),
    st.tuples(st.just("add"), PLACES, PLACES, LABELS),
    st.tuples(st.just("delete")),
    st.tuples(st.just("relabel"), LABELS),
    st.tuples(
        st.just("move"),
        st.sampled_from(["start", "end"]),
        st.sampled_from([1, -1]),
        st.sampled_from(["word", "character"]),
    ),
)


def spans_of(text, draw):
    n = len(text)
    places = st.integers(0, max(n - 1, 0))
    spans = draw(st.lists(st.tuples(places, st.integers(1, 9), LABELS), max_size=4 if n else 0))
    return sorted({(start, min(n, start + length), label) for start, length, label in spans})


@given(st.data(), TEXTS, st.lists(STEPS, max_size=25))
def test_no_edit_makes_a_span_that_is_none(data, text, steps):
    edit = SpanEdit.of(text, spans_of(text, data.draw))
    for name, *values in steps:
        before, edit = edit, getattr(edit, name)(*values)
        assert all(0 <= start < end <= len(text) for start, end, _ in edit.spans)
        assert list(edit.spans) == sorted(edit.spans)
        assert edit.at is None or 0 <= edit.at < len(edit.spans)
        assert len(edit.spans) - len(before.spans) in {"add": (0, 1), "delete": (0, -1)}.get(name, (0,))
        others = [span for place, span in enumerate(before.spans) if place != before.at]
        assert all(span in edit.spans for span in others)  # only the chosen span is touched
    assert set(edit.saved) == set(edit.spans)


@given(TEXTS)
def test_stops_cut_nothing_that_is_read_as_one(text):
    places, found = characters(text), words(text)
    assert places == sorted(set(places))
    assert (places[0], places[-1]) == (0, len(text))
    assert all(start < end for start, end in found)
    assert {place for one in found for place in one} <= set(places)
    covered = {at for start, end in found for at in range(start, end)}
    assert all(text[at].isspace() for at in set(places[:-1]) - covered)


@given(st.data(), TEXTS)
def test_a_border_moves_on_by_words_until_it_is_at_the_end(data, text):
    spans = spans_of(text, data.draw)
    if not spans or not words(text):
        return
    edit = SpanEdit.of(text, spans).choose(1)
    for _ in range(len(text) + 1):
        edit = edit.move("end", 1)
    assert edit.spans[edit.at][1] >= words(text)[-1][1]
