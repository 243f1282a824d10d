"""Spans in their text: what is marked is what the offsets say, and no word of a record becomes HTML."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wslabel as ws
from conftest import ROOT
from wslabel.errors import ReviewError
from wslabel.review.marks import MOST_CHARACTERS, Mark, hue, pieces, visible

EVIL = "<script>alert(1)</script>\"'&<img src=x onerror=alert(1)>\u202egnp\x1b[2J{{ 7*7 }}"
TEXT = "Aspirin-induced severe rash 👩🏽‍⚕️ in Zoë"


class Read(HTMLParser):
    """The marks of a page: words, title and names; and all tags."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[list[str]] = []
        self.tags: set[str] = set()
        self.here: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.here.append(tag)
        if tag == "mark":
            self.found.append(["", dict(attrs)["title"] or "", ""])

    def handle_endtag(self, tag: str) -> None:
        self.here.pop()

    def handle_data(self, data: str) -> None:
        if "mark" in self.here:
            self.found[-1][2 if self.here[-1] == "sub" else 0] += data


def labels(rows: list[tuple[Any, ...]], names: tuple[str, ...] = ("Drug", "Effect"), text: str = TEXT) -> ws.SpanLabels:
    columns = [["a"] * len(rows), *map(list, zip(*rows))]
    return ws.SpanLabels(["a", "b"], [len(text), 3], columns, names)


RECORDS = [{"id": "a", "text": TEXT}, {"id": "b", "text": "bye"}]


def test_labels_are_marked_where_they_stand_with_what_is_known_of_them() -> None:
    found = labels(
        [(0, 7, "Drug", 0.9), (16, 27, "Effect", 0.8), (23, 27, "Drug", 0.5), (len(TEXT) - 3, len(TEXT), "Drug", 1.0)]
    )
    page = ws.show_spans(found, RECORDS)
    assert Read(page._repr_html_()).found == [
        ["Aspirin", "Drug 0.90", "Drug"],
        ["severe ", "Effect 0.80", ""],
        ["rash", "Effect 0.80\nDrug 0.50", "Effect, Drug"],
        ["Zoë", "Drug 1.00", "Drug"],
    ]
    assert "2 of 2 records shown; 1 have a span" in page.html()
    assert str(page).splitlines()[2:4] == ["    Drug 0..7 'Aspirin' 0.90", "    Effect 16..27 'severe rash' 0.80"]
    assert str(page).endswith("b  bye\n    no span")


def test_votes_tell_who_cast_them_and_groups_are_shown() -> None:
    task = ws.Task("demo.x", ["Drug", "Effect"], kind="spans", groups={"EITHER": ["Drug", "Effect"]})
    lfs = [ws.keywords(f"lf{k}", votes=vote, any_of=["rash"]) for k, vote in enumerate(("Effect", "EITHER"))]
    page = ws.show_spans(ws.apply(lfs, RECORDS, task=task), RECORDS)
    assert Read(page.html()).found == [["rash", "Effect lf0\nEITHER lf1", "Effect, EITHER"]]


@pytest.mark.parametrize("part", ["text", "id", "label"])
def test_hostile_words_stay_words(part: str) -> None:
    text, name = (EVIL if part == "text" else "plain"), (EVIL if part == "label" else "L")
    record = EVIL if part == "id" else "a"
    found = ws.SpanLabels([record], [len(text)], [[record], [0], [len(text)], [name]], [name])
    page = ws.show_spans(found, [{"id": record, "text": text}])
    assert Read(page.html()).tags == {
        "html",
        "head",
        "meta",
        "title",
        "body",
        "div",
        "style",
        "p",
        "mark",
        "sub",
        "bdi",
    }
    assert "[U+202E]" in page.html()
    for shown in (page.html(), str(page)):
        assert "\u202e" not in shown
        assert "\x1b" not in shown


def test_records_are_chosen_and_what_does_not_fit_is_told() -> None:
    found = labels([(0, 7, "Drug")])
    assert [one.id for one in ws.show_spans(found, RECORDS, ids=["b", "a"], limit=1).records] == ["b"]
    assert ws.show_spans(found, RECORDS, limit=0).records == ()
    with pytest.raises(ReviewError, match="no record 'c' among the spans"):
        ws.show_spans(found, RECORDS, ids=["c"])
    with pytest.raises(ReviewError, match="Record b: the text has 4 characters, and its spans are of one with 3"):
        ws.show_spans(found, [RECORDS[0], {"id": "b", "text": "four"}])
    with pytest.raises(ReviewError, match="takes SpanLabels or SpanVotes; got list"):
        ws.show_spans([], RECORDS)  # type: ignore[arg-type]


@given(
    st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs"]), max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=5),
)
def test_pieces_are_the_text_and_cover_what_is_marked(text: str, drawn: list[tuple[int, int]]) -> None:
    marks = [Mark(a, b, f"L{k}") for k, (a, b) in enumerate(drawn) if a < b <= len(text)]
    found = pieces(text, marks, [f"L{k}" for k in range(5)])
    assert "".join(one.words for one in found).replace("\n", "") == "".join(map(visible, text)).replace("\n", "")
    for mark in marks:
        covered = "".join(one.words for one in found if mark.label in one.told.split())
        assert covered.replace("\n", "") == "".join(map(visible, text[mark.start : mark.end])).replace("\n", "")
        assert sum(mark.label in one.names for one in found) == 1


def test_a_long_text_is_cut_and_its_last_mark_named() -> None:
    found = pieces("x" * (MOST_CHARACTERS + 10), [Mark(MOST_CHARACTERS - 1, MOST_CHARACTERS + 5, "L")], ["L"])
    assert [one.names for one in found] == [(), ("L",), ()]
    assert found[-1].words == " … 10 more characters"


def test_colours_are_those_of_the_widget() -> None:
    code = (ROOT / "src" / "wslabel" / "review" / "widget" / "dom.js").read_text()
    assert re.search(r"Math\.round\(\(25 \+ index \* 137\.5\) % 360\)", code)
    assert [hue(place) for place in range(4)] == [25, 163, 300, 78]
