"""Real texts cut to records, and labeling functions made of their words."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pyarrow.parquet as pq

from wslabel.authoring import LabelingFunction, keywords, regex

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "benchmarks"
SETS = ("classification/youtube", "classification/agnews_24k", "corpus/mtsamples")
RARE = slice(200, 20_000)
"""Ranks of the words that labeling functions look for: no stop words, and none that occurs once."""
PHRASES = 5
"""Phrases of an LF."""
TEMPLATES = (
    r"\b{a}\b.*\b{b}\b",
    r"\b(?:{a}|{b}|{c}) (?:{d}|{e})\b",
    r"\b{a}(?:s|ed|ing)?\b",
    r"{a}\s+\w+\s+{b}",
    r"\b(?:{a}|{b})\W+(?:\w+\W+){{0,3}}(?:{c}|{d})\b",
    r"\b\d+(?:\.\d+)? (?:{a}|{b})\b",
    r"(?<!\w){a}[- ]?{b}(?!\w)",
    r"^(?:the |a )?{a}\b",
    r"{a}.{{0,20}}{b}",
    r"\b{a}\b(?! {b})",
    r"\b[A-Z]\w+ (?:{a}|{b})\b",
    r"(?:{a}|{b}|{c})[.!?]",
)


def words() -> list[str]:
    """Return the words of all texts in order."""
    tables = (pq.read_table(FOLDER / name / "examples.parquet", columns=["text"]) for name in SETS)
    return [word for table in tables for text in table["text"].to_pylist() for word in text.split()]


def records(of: list[str], length: int, count: int) -> list[str]:
    """Return so many records of so many words; the texts begin again where they end."""
    cut = [" ".join(of[at : at + length]) for at in range(0, len(of) - length, length)]
    return [cut[number % len(cut)] for number in range(count)]


def vocabulary(of: list[str]) -> list[str]:
    counts = Counter(word.strip(".,;:!?\"'()[]").lower() for word in of)
    return [word for word, _ in counts.most_common() if word.isalpha() and len(word) > 2][RARE]


def keyword_lfs(of: list[str], count: int) -> list[LabelingFunction]:
    """Return LFs of five phrases: words, and now and then two that follow each other in a text."""
    draw, known = random.Random(1), vocabulary(of)

    def phrase() -> str:
        at = draw.randrange(len(of) - 1)
        return " ".join(of[at : at + 2]) if draw.random() < 0.2 else draw.choice(known)

    return [keywords(f"lf_{i}", votes="ab"[i % 2], any_of=[phrase() for _ in range(PHRASES)]) for i in range(count)]


def regex_lfs(of: list[str], count: int) -> list[LabelingFunction]:
    """Return LFs of one pattern."""
    draw, known = random.Random(2), vocabulary(of)

    def pattern(template: str) -> str:
        return template.format(**dict(zip("abcde", draw.sample(known, 5))))

    return [regex(f"lf_{i}", votes="ab"[i % 2], pattern=pattern(TEMPLATES[i % len(TEMPLATES)])) for i in range(count)]


def sources(lfs: Iterable[LabelingFunction]) -> list[str]:
    """Return the one regular expression that is the reference meaning of each LF."""
    return [lf.matcher._compiled[0].pattern for lf in lfs if lf.matcher and lf.matcher._compiled[0]]
