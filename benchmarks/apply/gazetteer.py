"""A gazetteer of a million terms beside skweak's: `python benchmarks/apply/gazetteer.py`, some three minutes, one core.

Terms are words and pairs of words of the corpora of `data.py`, real ones first and combinations of them after.
skweak 0.3.3 walks tries of tokens over spaCy documents; its documents are made beforehand for one figure and counted
for the other, with spaCy's tokeniser only. Both look for the longest terms, case ignored; ours gives what `re` finds.
skweak's annotator stores spans, its `find_spans` yields them: the lighter one is measured. Rounds take turns, and are
measured in seconds of the processor. Prints its section of RESULTS.md and writes sections/gazetteer.md.
"""

from __future__ import annotations

import os
import platform
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import spacy
from data import records, words
from skweak.gazetteers import GazetteerAnnotator, Trie

from wslabel.applying.matching.index import PhraseIndex

HERE = Path(__file__).resolve().parent
COUNT, ROUNDS = 1_000_000, 5
OURS, THEIRS, LENGTH, CHECKED = 10_000, 400, 100, 200
START = """
import sys
import time
import pyarrow as pa, pyarrow.parquet as pq
from wslabel.applying.matching.index import PhraseIndex
terms = pq.read_table(sys.argv[1])["term"].combine_chunks()
index = PhraseIndex(terms)
index.spans(pa.array(["once"]))
print(time.process_time())
"""


def terms(of: list[str]) -> list[str]:
    """Return as many different terms: rare words and neighbours, then pairs of words that may or may not occur."""
    draw = random.Random(5)
    kept = dict.fromkeys(word.strip(".,;:!?\"'()[]") for word in of)
    known = [word for word in kept if word.isalpha() and len(word) > 4]
    made = dict.fromkeys(known)
    for at in draw.sample(range(len(of) - 1), 200_000):
        pair = [word for word in of[at : at + 2] if word.isalpha()]
        made[" ".join(pair)] = None
    made.pop("", None)
    while len(made) < COUNT:
        made[" ".join(draw.choices(known, k=draw.choice((2, 2, 3))))] = None
    return list(made)[:COUNT]


def seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def resident() -> int:
    """Return the bytes of memory that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def start(path: Path) -> float:
    """Return the seconds in which a process of its own starts, reads the terms, opens the index and looks."""
    done = subprocess.run([sys.executable, "-c", START, str(path)], capture_output=True, text=True, check=True)
    return float(done.stdout)


def theirs(english: spacy.Language, annotator: GazetteerAnnotator, texts: list[str]) -> tuple[float, float]:
    """Return the seconds in which spaCy makes documents, and those in which skweak finds spans in them."""
    docs: list[spacy.tokens.Doc] = []
    made = seconds(lambda: docs.extend(english.pipe(texts)))
    return made, seconds(lambda: [list(annotator.find_spans(doc)) for doc in docs])


def check(index: PhraseIndex, of: list[str], texts: list[str]) -> None:
    """Compare spans with those of `re` for the terms whose words occur in the text."""
    spans = index.spans(pa.array(texts)).to_pylist()
    by_word: dict[str, list[str]] = {}
    for term in of:
        by_word.setdefault(term.split()[0].lower(), []).append(term)
    for row, text in enumerate(texts):
        near = {term for word in re.findall(r"\w+", text.lower()) for term in by_word.get(word, [])}
        longest = "|".join(re.escape(term) for term in sorted(near, key=lambda term: (-len(term), term)))
        there = [one.span() for one in re.finditer(rf"(?<!\w)(?:{longest})(?!\w)", text, re.IGNORECASE)] if near else []
        assert [(one["start"], one["end"]) for one in spans if one["record"] == row] == there, "differs from re"


def main() -> None:
    of = words()
    some = terms(of)
    texts = records(of, LENGTH, OURS)
    array = pa.array(texts)
    with tempfile.TemporaryDirectory() as name:
        os.environ["WSLABEL_CACHE"] = name
        path = Path(name) / "terms.parquet"
        pq.write_table(pa.table({"term": some}), path)
        PhraseIndex([f"x{number}" for number in range(10)]).spans(array[:1])  # compiles
        begin = time.process_time()
        index = PhraseIndex(some)
        built = time.process_time() - begin
        starts = [start(path) for _ in range(ROUNDS)]
        check(index, some, texts[:CHECKED])
        held, begin = resident(), time.process_time()
        annotator = GazetteerAnnotator(
            "g", {"T": Trie([term.split() for term in some])}, case_sensitive=False, additional_checks=False
        )
        trie = time.process_time() - begin
        theirs_held = resident() - held
        english = spacy.blank("en")
        ours, every, walk, tokenised = [], [], [], []
        for turn in range(ROUNDS):
            part = texts[turn * THEIRS : (turn + 1) * THEIRS]
            ours.append(seconds(lambda: index.spans(array)) / OURS)
            every.append(seconds(lambda: index.spans(array, every=True)) / OURS)
            made, walked = theirs(english, annotator, part)
            walk.append(walked / THEIRS)
            tokenised.append((made + walked) / THEIRS)
        found, all_found = index.spans(array).num_rows, index.spans(array, every=True).num_rows
    mine = statistics.median(ours)
    walked, both = statistics.median(walk), statistics.median(tokenised)
    size = sum(map(len, map(str.encode, texts))) / OURS
    section = f"""## A gazetteer of {COUNT:,} terms

Made by `python benchmarks/apply/gazetteer.py`: records of {LENGTH} words, {found / OURS:.1f} spans in each,
{ROUNDS} rounds in turns, medians; Python {platform.python_version()}; spans compared with those of `re`.

| | µs a record | slower |
|---|---|---|
| wslabel, spans with offsets out of the text ({size / mine / 1e6:.0f} MB/s) | {mine * 1e6:.1f} | |
| wslabel, all matches, also within others and overlapping ({all_found / OURS:.1f} in each) \
| {statistics.median(every) * 1e6:.1f} | |
| skweak, documents made beforehand | {walked * 1e6:,.0f} | {walked / mine:,.0f}x (15) |
| skweak, with spaCy's tokeniser | {both * 1e6:,.0f} | {both / mine:,.0f}x |

Table: {index.bytes / 1e6:.0f} MB, mapped (skweak's trie: {theirs_held / 1e6:.0f} MB; at most half of that).
Made in {built:.1f} s of the processor (skweak's trie: {trie:.1f} s; at most twice that).
Second start, a new process with all imports, until the first spans: {statistics.median(starts):.2f} s (at most 1).
Programs that ran or waited on the machine's {os.cpu_count()} cores meanwhile: {os.getloadavg()[1]:.1f} (its load).
"""
    (HERE / "sections" / "gazetteer.md").write_text(section)
    print(section)


if __name__ == "__main__":
    main()
