import re

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel.applying.matching.index import PhraseIndex

LETTERS = st.one_of(
    st.sampled_from("aAbBsSſKkKΣς  .,+-$“’_\u0301İıßẞ中😀\u200b\u0345ιΙ"), st.characters(exclude_categories=["Cs"])
)
phrases = st.lists(st.text(LETTERS, min_size=1, max_size=5), min_size=1, max_size=8)


def all_spans(some, text, flags):
    return {
        (found.start(), found.start() + len(phrase))
        for phrase in some
        for found in re.finditer(rf"(?=(?<!\w){re.escape(phrase)}(?!\w))", text, flags)
    }


def longest_spans(some, text, flags):
    longest = "|".join(map(re.escape, sorted(some, key=len, reverse=True)))
    return [found.span() for found in re.finditer(rf"(?<!\w)(?:{longest})(?!\w)", text, flags)]


@settings(max_examples=300, deadline=None)
@given(phrases, st.lists(st.none() | st.text(LETTERS, max_size=24), max_size=4), st.booleans(), st.data())
def test_spans_are_those_of_re(some, texts, ignore_case, data):
    whole = data.draw(st.lists(st.sampled_from([*some, " ", "."]), max_size=6).map("".join))
    texts = [*texts, whole, whole.swapcase()]
    flags = re.IGNORECASE if ignore_case else re.NOFLAG
    index, array = PhraseIndex(some, ignore_case), pa.array(["cut off", *texts], pa.string())[1:]
    every, longest = index.spans(array, every=True).to_pylist(), index.spans(array).to_pylist()
    for row, text in enumerate(texts):
        spans = [(one["start"], one["end"]) for one in every if one["record"] == row]
        assert sorted(spans) == sorted(all_spans(some, text or "", flags))
        spans = [(one["start"], one["end"]) for one in longest if one["record"] == row]
        assert spans == longest_spans(some, text or "", flags)
    for one in every:
        assert re.fullmatch(re.escape(some[one["phrase"]]), texts[one["record"]][one["start"] : one["end"]], flags)
    assert index.occurs(array).tolist() == [bool(all_spans(some, text or "", flags)) for text in texts]
