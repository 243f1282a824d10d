import unicodedata

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wslabel as ws
from wslabel.applying.matching import FusedMatchers
from wslabel.authoring import finders
from wslabel.authoring.accents import Unaccented, unaccented
from wslabel.authoring.matchers import Matcher
from wslabel.errors import LabelingFunctionError

LETTERS = st.one_of(
    st.sampled_from("aáà e\u0301ëEÉ\u0300\u0323\u0345 .-ßİıǖÅ\u212b\u212aq中가\u1100\u1161😀ﬁאָشّक्"),
    st.characters(exclude_categories=["Cs"]),
)
TEXTS = st.text(LETTERS, max_size=14)
NAMES = st.text(LETTERS, min_size=1, max_size=4).filter(lambda name: unaccented(name).strip())


def plain(text):
    """Return the bases of a text, written without the code that is tested."""
    out = ""
    for one in text:
        parts = unicodedata.normalize("NFD", one)
        if unicodedata.combining(parts[0]):
            continue
        out += parts[0] if all(unicodedata.combining(mark) for mark in parts[1:]) else one
    return out


def word(one):
    return one.isalnum() or one == "_"


def longest(names, text):
    """Return the spans of the longest names from left to right, found by comparing pieces of the text as it came."""
    names, bases, spans, at = {plain(name) for name in names}, plain(text), [], 0
    starts = [place for place, one in enumerate(text) if plain(one)]
    edges = [*starts, len(text)]
    while at < len(starts):
        ends = [
            end
            for end in range(len(starts), at, -1)
            if plain(text[edges[at] : edges[end]]) in names
            and not (at and word(bases[at - 1]))
            and not (end < len(bases) and word(bases[end]))
        ]
        if ends:
            spans.append((edges[at], edges[ends[0]]))
        at = ends[0] if ends else at + 1
    return spans


@settings(max_examples=400, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=5), TEXTS, st.data())
def test_names_are_found_without_accents_as_a_plain_search_finds_them(names, text, data):
    text += "".join(data.draw(st.lists(st.sampled_from([*names, " ", "\u0301"]), max_size=4)))
    matcher = Matcher("phrases", tuple(names), ignore_case=False, fold_accents=True)
    wanted = longest(names, text)
    assert matcher.spans(text) == wanted
    assert matcher.matches(text) == bool(wanted)
    for start, end in wanted:
        assert plain(text[start:end]) in set(map(plain, names))
        assert end == len(text) or plain(text[end])  # no mark is cut from its letter


@settings(max_examples=150, deadline=None)
@given(st.lists(NAMES, min_size=1, max_size=4), st.lists(TEXTS, min_size=1, max_size=4), st.booleans())
def test_compiled_and_long_lists_answer_as_single_matchers_do(names, strings, ignore_case):
    strings += [f"{names[0]} {unicodedata.normalize('NFD', names[-1])}"]
    asked = [
        Matcher("phrases", tuple(names), ignore_case=ignore_case, fold_accents=folds, at_least=1)
        for folds in (True, False, True)
    ]
    wanted = [[one.matches(text) for one in asked] for text in strings]
    texts = pa.array([*strings, None])
    for worth in (0, 10**9):
        found = FusedMatchers(asked, worth_compiling=worth).matches(texts)
        assert found.tolist() == [*wanted, [False] * len(asked)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(finders, "LISTED", 0)
        long = Matcher("phrases", tuple(names), ignore_case=ignore_case, fold_accents=True)
        assert [long.spans(text) for text in strings] == [asked[0].spans(text) for text in strings]


@given(TEXTS)
def test_the_text_without_accents(text):
    assert unaccented(text) == plain(text) == Unaccented(text).text
    assert unaccented(unaccented(text)) == unaccented(text)


def test_a_gazetteer_finds_both_spellings(tmp_path):
    (tmp_path / "kb.csv").write_text("alias,id\nMéniere,D1\nMeniere,D2\nMe\u0301nie\u0300re disease,D3\n")
    lf = ws.gazetteer("f", votes="x", source=tmp_path / "kb.csv", fold_accents=True)
    text = "No me\u0301nie\u0300re\u0301, MENIERE DISEASE or Ménières."
    assert [text[start:end] for start, end in lf.spans(text)] == ["me\u0301nie\u0300re\u0301", "MENIERE DISEASE"]
    votes = ws.apply([lf], ws.read_records([{"text": text}] * 3), task=ws.Task("demo.ill", ["x"], kind="spans"))
    assert votes.to_pandas()["entity"].tolist() == ["D1|D2", "D3"] * 3
    classes = ws.apply([lf], ws.read_records([{"text": text}] * 8), task=ws.Task("demo.all", ["x", "y"]))
    assert np.array_equal(classes.votes, np.zeros((8, 1)))
    strict = ws.gazetteer("f", votes="x", source=tmp_path / "kb.csv")
    assert strict.spans("ménière") == []
    assert strict.fingerprint != lf.fingerprint


def test_a_name_of_accents_only_is_refused():
    with pytest.raises(LabelingFunctionError, match="holds nothing but accents"):
        ws.gazetteer("f", votes="x", source=["a", "\u0301"], fold_accents=True)
