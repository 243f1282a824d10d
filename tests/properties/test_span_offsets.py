"""Offsets of spans are right in every text: what a function finds is what stands at its offsets."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

import wslabel as ws
from wslabel.applying import Kernel
from wslabel.core.tokens import Tokens
from wslabel.suites.given import as_suite

PIECES = [
    "e\u0301",
    "ﬁ",
    "ß",
    "İ",
    "ı",
    "😀",
    "👩🏽‍⚕️",
    "東京",
    "שלום",
    "مرحبا",
    "\u200f",
    "rash",
    "RASH",
    " ",
    ". ",
    "\n",
    "é",
    "K",
]
PHRASES = ["rash", "İ", "ß", "東京", "שלום", "😀", "ﬁ", "é", "rash ß"]
texts = st.lists(st.sampled_from(PIECES), max_size=12).map("".join)
listed = ws.keywords("listed", votes="A", any_of=PHRASES)
shaped = ws.regex("shaped", votes="A", pattern=r"(?P<span>rash|東京)\W*(?:😀|ß)?")
SUITE = as_suite([listed, shaped], ws.Task("demo.offsets", ["A"], kind="spans"))


def compiled():
    kernel = Kernel(SUITE)
    for fused in kernel._fused.values():
        fused.matchers._worth_compiling = 0
    return kernel


KERNEL = compiled()


@settings(max_examples=80, deadline=None)
@given(st.lists(texts, min_size=1, max_size=4))
def test_what_stands_at_the_offsets_is_what_was_found(some):
    records = ws.read_records([{"id": str(row), "text": text or " "} for row, text in enumerate(some)])
    (batch,) = records.batches()
    voted = KERNEL.vote(batch)
    assert voted.equals(Kernel(SUITE).vote(batch))
    for text, listed_there, shaped_there in zip(
        batch["text"].to_pylist(), voted["listed"].to_pylist(), voted["shaped"].to_pylist()
    ):
        found = [(one["start"], one["end"]) for one in listed_there]
        longest = "|".join(map(re.escape, sorted(PHRASES, key=len, reverse=True)))
        assert found == [one.span() for one in re.finditer(rf"(?<!\w)(?:{longest})(?!\w)", text, re.IGNORECASE)]
        assert all(text[one["start"] : one["end"]].casefold() in ("rash", "東京") for one in shaped_there)


@given(texts)
def test_tokens_are_what_stands_at_their_offsets(text):
    tokens = Tokens.of([text])
    assert [text[a:b] for a, b in zip(tokens.start.tolist(), tokens.end.tolist())] == list(tokens.words)
    assert "".join(tokens.words) == re.sub(r"\s", "", text)
