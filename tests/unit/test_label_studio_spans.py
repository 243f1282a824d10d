"""What the offsets of Label Studio mean."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wslabel.errors import ReviewError
from wslabel.review.label_studio_spans import read_spans

TEXT = "\N{PILL} aspirin \N{FACE WITH THERMOMETER} rash\nand a rash"


def units(text, at):
    """Return an offset as early versions counted it."""
    return len(text[:at].encode("utf-16-le")) // 2


def region(start, end, text=None, label="Effect", **more):
    said = {} if text is None else {"text": text}
    return {"start": start, "end": end, "labels": [label], **said, **more}


def test_the_words_tell_which_offsets_are_meant():
    at = TEXT.index("rash")
    for start, end in [(at, at + 4), (units(TEXT, at), units(TEXT, at + 4))]:
        assert read_spans([region(start, end, "rash")], TEXT, 1) == ((at, at + 4, "Effect"),)


@pytest.mark.parametrize("words", ["rash\\nand a", "rash\nand a", "rash and a"])
def test_ends_of_lines_are_written_as_letters(words):
    at = TEXT.index("rash")
    for start, end in [(at, at + 10), (units(TEXT, at), units(TEXT, at + 10))]:
        assert read_spans([region(start, end, words)], TEXT, 1) == ((at, at + 10, "Effect"),)


def test_spans_are_sorted_and_stand_once_each_label_alone():
    given = [region(2, 9, "aspirin", "Drug"), region(0, 1, "\N{PILL}", "Drug"), region(2, 9, "aspirin", "Drug")]
    both = {"start": 2, "end": 9, "labels": ["Drug", "Effect"], "text": "aspirin"}
    assert read_spans(given, TEXT, 1) == ((0, 1, "Drug"), (2, 9, "Drug"))
    assert read_spans([both], TEXT, 1) == ((2, 9, "Drug"), (2, 9, "Effect"))
    assert read_spans([], TEXT, 1) == ()


def test_words_that_stand_at_both_places_are_told_by_the_other_regions():
    text = "\N{PILL}aaaa rash"
    unclear = region(2, 3, "a")
    assert read_spans([unclear], text, 1) == ((2, 3, "Effect"),)
    assert read_spans([unclear, region(6, 10, "rash")], text, 1) == ((2, 3, "Effect"), (6, 10, "Effect"))
    assert read_spans([unclear, region(7, 11, "rash")], text, 1) == ((1, 2, "Effect"), (6, 10, "Effect"))
    with pytest.raises(ReviewError, match=r"Task 1: a region may stand at the characters 2\.\.3 or 1\.\.2"):
        read_spans([unclear, region(6, 10, "rash"), region(7, 11, "rash")], text, 1)


def test_offsets_without_words_are_refused_only_where_they_may_mean_two_places():
    assert read_spans([region(0, 1), region(6, 9)], "a rash it is", 7) == ((0, 1, "Effect"), (6, 9, "Effect"))
    with pytest.raises(ReviewError, match="Task 7: a region may stand at .* draw that region anew"):
        read_spans([region(3, 5)], TEXT, 7)
    assert read_spans([region(3, 5), region(2, 9, "aspirin")], TEXT, 7) == ((2, 9, "Effect"), (3, 5, "Effect"))


def test_hypertext_tells_characters_apart_from_nodes():
    node = {"start": "/text()[1]", "end": "/text()[1]", "startOffset": 1, "endOffset": 5, "labels": ["Effect"]}
    spans = read_spans([{**node, "text": "rash", "globalOffsets": {"start": 12, "end": 16}}], TEXT, 1)
    assert [TEXT[start:end] for start, end, _ in spans] == ["rash"]
    with pytest.raises(ReviewError, match="no offsets in characters"):
        read_spans([node], TEXT, 1)


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (region(2, 9, "ibuprofen"), "the span 2..9 is not where its text 'ibuprofen' stands"),
        (region(2, 99, "aspirin"), "the span 2..99 is not in its text of 27 characters"),
        (region(9, 9, ""), "the span 9..9 is not in its text"),
        (region(-2, 3), "the span -2..3 is not in its text"),
        ({"start": 2, "end": 9, "text": "aspirin"}, "the region 'aspirin' has no label"),
        ({"start": 2, "end": 9, "text": "aspirin", "labels": []}, "the region 'aspirin' has no label"),
    ],
)
def test_what_is_no_span_is_told_with_its_task(value, told):
    with pytest.raises(ReviewError, match=f"Task 3: {told}"):
        read_spans([value], TEXT, 3)


@given(st.text("ab \N{PILL}\N{COMBINING ACUTE ACCENT}\U00020000", min_size=1, max_size=12), st.data())
def test_a_span_is_where_its_words_are_however_they_were_counted(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    label = region(start, end, text[start:end])
    assert read_spans([label], text, 1) == ((start, end, "Effect"),)
    ((first, last, _),) = read_spans([region(units(text, start), units(text, end), text[start:end])], text, 1)
    assert text[first:last].split() == text[start:end].split()
