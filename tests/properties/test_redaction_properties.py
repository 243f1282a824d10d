from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel.redacting import Redaction, load_recognisers

RULES = Redaction(load_recognisers())
PIECES = st.lists(
    st.one_of(
        st.text(max_size=12),
        st.sampled_from(
            [
                "jo@example.org",
                " 123-45-6789 ",
                "10.0.0.1",
                " +49 30 901820 ",
                "MRN: 123456 ",
                "DE89370400440532013000",
                "🙂",
                "\u202e",
            ]
        ),
    ),
    max_size=8,
)


@settings(max_examples=150, deadline=None)
@given(PIECES, st.data())
def test_what_was_not_replaced_stays_where_its_span_says(pieces: list[str], data: st.DataObject) -> None:
    text = "".join(pieces)
    made = RULES.apply(text)
    rebuilt, done = "", 0
    for one in made.replacements:
        assert done <= one.start < one.end <= len(text)
        rebuilt += text[done : one.start] + one.text
        assert made.text[slice(*made.span(one.start, one.end))] == one.text
        done = one.end
    assert rebuilt + text[done:] == made.text
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    new_start, new_end = made.span(start, end)
    assert 0 <= new_start <= len(made.text) >= new_end
    if start < end and not any(one.start < end and start < one.end for one in made.replacements):
        assert made.text[new_start:new_end] == text[start:end]
        assert made.original(new_start, new_end) == (start, end)
    back = made.original(new_start, new_end)
    assert start == end or (back[0] <= start and end <= back[1] and made.span(*back) == (new_start, new_end))
    assert RULES.apply(text) == made
