"""Gazetteers find what a plain search finds: the longest names or all of them, with all ids."""

import csv
import re
import tempfile
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import wslabel as ws
from wslabel.applying.kernel import Kernel
from wslabel.applying.matching import FusedMatchers, plan
from wslabel.authoring.matchers import Matcher
from wslabel.errors import LabelingFunctionError
from wslabel.suites.given import as_suite

PARTS = [
    "a",
    "B",
    "ab",
    "ß",
    "ẞ",
    "İ",
    "i",
    "ſ",
    "s",
    "e\u0301",
    "é",
    "ﬁ",
    "Σ",
    "ς",
    "😀",
    "東京",
    "東",
    "שלום",
    "ι",
    "\u0345",
]
FLAGS = st.lists(st.tuples(*[st.booleans()] * 4), min_size=1, max_size=3)
GLUE = [" ", " ", "-", "_", ".", "no "]
words = st.lists(st.sampled_from([*PARTS, " ", "-"]), min_size=1, max_size=4).map("".join).filter(str.strip)
names = st.lists(words, min_size=1, max_size=6)
pieces = st.lists(st.sampled_from([*PARTS, *GLUE]), max_size=14).map("".join)


def is_word(one):
    return re.match(r"\w", one) is not None


def plain(known, text, ignore_case, every):
    """Return the spans by comparing every piece of the text with every name."""
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    size, there = len(text), set()
    for name in known:
        for start in range(size - len(name) + 1):
            end = start + len(name)
            free = not (start and is_word(text[start - 1])) and not (end < size and is_word(text[end]))
            if free and re.fullmatch(re.escape(name), text[start:end], flags):
                there.add((start, end))
    if every:
        return sorted(there)
    kept, behind = [], 0
    for start, end in sorted(there, key=lambda span: (span[0], -span[1])):
        if start >= behind:
            kept.append((start, end))
            behind = end
    return kept


def texts_of(data, known, text):
    more = data.draw(st.lists(st.sampled_from([*known, " ", ". "]), max_size=6).map("".join))
    return [text or "-", more or "-", more.swapcase() or "-", f"no {text}{more}"]


@settings(max_examples=250, deadline=None)
@given(names, pieces, st.booleans(), st.booleans(), st.data())
def test_longest_and_all_matches_are_those_of_a_plain_search(known, text, ignore_case, every, data):
    matcher = Matcher("phrases", tuple(known), ignore_case=ignore_case, overlapping=every)
    for one in texts_of(data, known, text):
        assert matcher.spans(one) == plain(known, one, ignore_case, every)


@settings(max_examples=150, deadline=None)
@given(st.lists(names, min_size=1, max_size=3), pieces, st.booleans(), st.booleans(), st.data())
def test_many_lists_in_one_pass_are_each_alone(lists, text, ignore_case, long, data):
    strings = [one for known in lists for one in texts_of(data, known, text)]
    asked = [
        Matcher(
            "phrases",
            tuple(known),
            tuple(known[:1]) if all_of else (),
            ignore_case=ignore_case,
            overlapping=every,
            fold_accents=folds,
            cues=("no",) if negated else (),
        )
        for known in lists
        for every, folds, all_of, negated in data.draw(
            st.lists(st.tuples(*[st.booleans()] * 4), min_size=1, max_size=3)
        )
        if not folds or all(re.sub("[\u0301\u0345]", "", name).strip() for name in known)
    ]
    texts = pa.array([*strings, None])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plan, "LONG", 0 if long else 10**6)
        fused = FusedMatchers(asked, worth_compiling=0)
        rows = [found.nonzero()[0] for found in fused.matches(texts).T]
        told = fused.located(texts, rows)
    for matcher, (row, start, end) in zip(asked, told, strict=True):
        wanted = [(at, *span) for at, one in enumerate(strings) for span in matcher.spans(one)]
        assert list(zip(row.tolist(), start.tolist(), end.tolist())) == wanted


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(words, st.sampled_from(["D1", "D2", ""])), min_size=1, max_size=6), pieces, st.data())
def test_every_id_of_a_name_is_kept(table, text, data):
    known = [name for name, _ in table]
    strings = texts_of(data, known, text)
    with tempfile.TemporaryDirectory() as folder:
        with (Path(folder) / "kb.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([("alias", "id"), *table])
        lfs = [
            ws.gazetteer(kind, votes="x", source=Path(folder) / "kb.csv", matches=kind) for kind in ("longest", "all")
        ]
        votes = ws.apply(lfs, [{"id": str(at), "text": one} for at, one in enumerate(strings)], task=TASK).votes
    for kind in ("longest", "all"):
        wanted = [
            (str(at), start, end, "|".join(ids_of(table, one[start:end])))
            for at, one in enumerate(strings)
            for start, end in plain(known, one, True, kind == "all")
        ]
        assert [(one.id, one.start, one.end, one.entity) for one in votes if one.lf == kind] == wanted


TASK = ws.Task("demo.known", ["x"], kind="spans")


def ids_of(table, found):
    same = [entry for name, entry in table if re.fullmatch(re.escape(name), found, re.IGNORECASE)]
    return dict.fromkeys(filter(None, same))


def test_the_kernel_takes_the_short_way_and_patterns_the_long_one():
    lfs = [
        ws.gazetteer("nested", votes="x", source=["kidney", "kidney failure"], matches="all"),
        ws.regex("shaped", votes="x", pattern=r"fail\w+"),
    ]
    kernel = Kernel(as_suite(lfs, TASK))
    fused = kernel._fused["text"].matchers
    fused._worth_compiling = 0
    (batch,) = ws.read_records([{"id": "a", "text": "No. Kidney failure"}]).batches()
    voted = kernel.vote(batch)
    assert [(one["start"], one["end"]) for one in voted["nested"][0].as_py()] == [(4, 10), (4, 18)]
    assert [(one["start"], one["end"]) for one in voted["shaped"][0].as_py()] == [(11, 18)]
    assert fused._compiled.locator.places == [0]


def test_another_way_of_matching_is_another_function_and_refused_where_there_is_none():
    names = ["a", "a b"]
    longest, every = (ws.gazetteer("f", votes="x", source=names, matches=kind) for kind in ("longest", "all"))
    assert longest.fingerprint != every.fingerprint
    with pytest.raises(LabelingFunctionError, match="matches is 'every'. Expected 'longest' or 'all'"):
        ws.gazetteer("f", votes="x", source=names, matches="every")
    with pytest.raises(LabelingFunctionError, match="only phrases can be found where they overlap"):
        Matcher("patterns", ("a",), overlapping=True).check("f")
