"""Plant leaks into real corpora, and measure how many of them the audit finds.

    python benchmarks/export/leaks.py [--folder ../shared/benchmarks] [--records 5000]

Nine tenths of a corpus train, the rest tests. For each kind a tenth of the training records (at most 300) is planted
into the test split: `exact`, a copy in other case with other punctuation; `near`, a copy of a text of ten words or more
in which 10 % of them are replaced by words of other texts; `short`, a copy of a text of five to nine words in which one
is replaced, which is 11 to 20 %; `group`, another text with the group's value of a training record. Prints a table:
words of a text, the share of each kind that is found, the test records of the corpus itself that are listed as copies
or near-duplicates, and seconds.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq

import wslabel as ws

CORPORA = (
    "classification/agnews_24k",
    "classification/imdb_5k",
    "classification/youtube",
    "classification/sms",
    "classification/trec",
    "classification/financial_phrasebank",
    "classification/massive18_en",
    "corpus/banking77",
    "corpus/mtsamples",
    "corpus/medical_abstracts",
    "corpus/maintnet_aviation_logbook",
    "corpus/unfair_tos_en",
)
KINDS = ("exact", "near", "short", "group")


def changed(text: str, words: list[str], rng: np.random.Generator) -> str:
    """Return the text with a tenth of its words replaced."""
    own = text.split()
    for place in rng.choice(len(own), max(1, round(len(own) / 10)), replace=False):
        own[place] = words[rng.integers(len(words))]
    return " ".join(own)


def planted(texts: list[str], rng: np.random.Generator) -> list[dict[str, Any]]:
    """Return the records of both splits; the ids of planted ones begin with their kind."""
    train, test = texts[: len(texts) * 9 // 10], texts[len(texts) * 9 // 10 :]
    rows = [{"id": f"train {i}", "text": text, "in": "train", "owner": f"o{i}"} for i, text in enumerate(train)]
    rows += [{"id": f"test {i}", "text": text, "in": "unseen", "owner": f"t{i}"} for i, text in enumerate(test)]
    words = [word for text in texts[:500] for word in text.split()]
    some = min(300, len(train) // 10)
    for kind in KINDS:
        least, most = {"near": (10, 10**6), "short": (5, 9)}.get(kind, (1, 10**6))
        usable = [i for i, text in enumerate(train) if least <= len(text.split()) <= most]
        for i in rng.choice(usable, min(some, len(usable)), replace=False).tolist():
            new = {
                "exact": lambda text: text.swapcase().replace(".", " !"),
                "near": lambda text: changed(text, words, rng),
                "short": lambda text: changed(text, words, rng),
                "group": lambda _: " ".join(words[at] for at in rng.integers(len(words), size=30)),
            }[kind](train[i])
            owner = f"o{i}" if kind == "group" else f"{kind}{i}"
            rows.append({"id": f"{kind} {i}", "text": new, "in": "unseen", "owner": owner})
    return rows


def measured(folder: Path, name: str, records: int) -> list[str]:
    """Return the table's row of one corpus."""
    rng = np.random.default_rng(5)
    texts = [text for text in pq.read_table(folder / name / "examples.parquet")["text"].to_pylist() if text.split()]
    texts = [texts[i] for i in rng.permutation(len(texts))[:records]]
    rows = planted(texts, rng)
    started = time.process_time()
    audit = ws.audit_splits(rows, "in", groups=["owner"], run_length=None, limit=None)
    seconds = time.process_time() - started
    met: dict[str, set[str]] = {"text": set(), "group": set()}
    for leak in audit.leaks:
        met["group" if leak.kind == "group owner" else "text"] |= {leak.id, leak.other}
    found = {}
    for kind in KINDS:
        mine = {row["id"] for row in rows if row["id"].startswith(f"{kind} ")}
        hits = len(mine & met["group" if kind == "group" else "text"])
        found[kind] = f"{100 * hits / len(mine):.1f} % of {len(mine)}" if mine else "none"
    own = sum(one.startswith("test ") for one in met["text"])
    length = round(float(np.median([len(text.split()) for text in texts])))
    return [Path(name).name, str(len(texts)), str(length), *found.values(), str(own), f"{seconds:.1f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path(__file__).parents[3] / "shared" / "benchmarks")
    parser.add_argument("--records", type=int, default=5000)
    args = parser.parse_args()
    print("| corpus | records | words a text | exact | near | short | group | own test records listed | seconds |")
    print("|---|---:|---:|---:|---:|---:|---:|---:|---:|")
    for name in CORPORA:
        print("| " + " | ".join(measured(args.folder, name, args.records)) + " |", flush=True)


if __name__ == "__main__":
    main()
