"""Judge span suites on real text: `python benchmarks/suites/spans.py [SUITE…]` writes SPANS.md.

The labeling functions were tuned on `train` with its gold; the model that joins their votes sees no gold. A span counts
where start, end and label are those of gold.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from corpora import FOLDER

import wslabel as ws

HERE = Path(__file__).resolve().parent
JUDGES = {"manufacturing.work_order": "corpus/maintie_work_orders", "healthcare.drug_effect": "corpus/ade_drug_effect"}
MODELS = ("span_majority", "hmm")
FLOOR, RESAMPLES = 0.60, 500
HEAD = """# Span suites on real text

Made by `python benchmarks/suites/spans.py`. The labeling functions are written by hand and tuned on `train`; the models
that join their votes see no gold. A span counts where start, end and label are those of gold. In brackets the 95 %
interval of F1 over 500 resamples of the records of `valid`. The floor is F1 0.60.

| suite | corpus | LFs | train / valid | model | precision | recall | F1 | F1 on train | seconds to vote |
|---|---|---:|---:|---|---:|---:|---:|---:|---:|
"""
Span = tuple[int, int, str]


def main() -> None:
    known = ws.find_suites(HERE.parents[1] / "labeling_functions")
    chosen = sys.argv[1:] or [name for name in JUDGES if name in known]
    lines = [line for name in chosen for line in judge(name, JUDGES[name])]
    (HERE / "SPANS.md").write_text(HEAD + "\n".join(lines) + "\n")
    print("\n".join(lines))


def judge(name: str, corpus: str) -> list[str]:
    """Return the rows of the table for a suite, one a model."""
    frame = pd.read_parquet(FOLDER / corpus / "examples.parquet")
    frame = frame[frame["split"].isin(["train", "valid"])].assign(id=lambda rows: rows["id"].astype(str))
    frame, gold = placed(frame)
    suite = ws.load_suite(name, HERE.parents[1] / "labeling_functions")
    started = time.process_time()
    votes = ws.apply(suite, frame[["id", "text"]])
    seconds = time.process_time() - started
    return [row(name, corpus, suite, frame, gold, answer(votes, model), model, seconds) for model in MODELS]


def answer(votes: Any, model: str) -> dict[str, set[Span]]:
    """Return the spans of each record, joined by the model."""
    labels = ws.label_model(model).fit(votes).predict(votes)
    return {one: {(span.start, span.end, span.label) for span in some} for one, some in labels.by_id().items()}


def row(
    name: str, corpus: str, suite: Any, frame: pd.DataFrame, gold: dict, found: dict, model: str, seconds: float
) -> str:
    """Return a row of the table."""
    train, valid = (list(frame["id"][frame["split"] == split]) for split in ("train", "valid"))
    counts = counted(valid, gold, found)
    precision, recall, f1 = scores(counts.sum(axis=0))
    random = np.random.default_rng(0)
    drawn = [scores(counts[random.integers(len(valid), size=len(valid))].sum(axis=0))[2] for _ in range(RESAMPLES)]
    low, high = np.quantile(drawn, [0.025, 0.975])
    learned = scores(counted(train, gold, found).sum(axis=0))[2]
    sizes, scored = f"{len(train):,} / {len(valid):,}", f"**{f1:.3f}** ({low:.2f}–{high:.2f})"
    cells = (
        f"`{name}`",
        corpus.split("/")[1],
        len(suite.lfs),
        sizes,
        model,
        f"{precision:.3f}",
        f"{recall:.3f}",
        scored,
    )
    cells = (*cells, f"{learned:.3f}", f"{seconds:.1f}")
    return "| " + " | ".join(map(str, cells)) + " |"


def counted(ids: list[str], gold: dict[str, set[Span]], found: dict[str, set[Span]]) -> np.ndarray:
    """Return for each record the spans that are right, found, and in gold."""
    none: set[Span] = set()
    pairs = [(gold[one], found.get(one, none)) for one in ids]
    return np.array([(len(true & said), len(said), len(true)) for true, said in pairs])


def scores(counts: np.ndarray) -> tuple[float, float, float]:
    """Return precision, recall and F1."""
    right, said, true = (float(one) for one in counts)
    return right / max(said, 1), right / max(true, 1), 2 * right / max(said + true, 1)


def placed(frame: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, set[Span]]]:
    """Return the records with their gold spans in characters; a text that lacks its tokens is made of them."""
    texts, gold = [], {}
    for record in frame.itertuples():
        text = str(record.text)
        offsets = found_tokens(text, record.tokens)
        if offsets is None:
            text = " ".join(record.tokens)
            offsets = found_tokens(text, record.tokens)
        assert offsets is not None
        texts.append(text)
        gold[str(record.id)] = gold_spans(list(record.gold), offsets)
    return frame.assign(text=texts), gold


def found_tokens(text: str, tokens: Any) -> list[tuple[int, int]] | None:
    """Return where the tokens stand, or None where one is missing."""
    found, at = [], 0
    for token in tokens:
        at = text.find(token, at)
        if at < 0:
            return None
        found.append((at, at + len(token)))
        at += len(token)
    return found


def gold_spans(tags: list[str], offsets: list[tuple[int, int]]) -> set[Span]:
    """Return the spans that BIO tags mark."""
    spans, begin = set(), 0
    for at, tag in enumerate(tags):
        if tag == "O":
            continue
        if tag.startswith("B-") or at == 0 or tags[at - 1][2:] != tag[2:]:
            begin = at
        if at + 1 == len(tags) or tags[at + 1] != f"I-{tag[2:]}":
            spans.add((offsets[begin][0], offsets[at][1], tag[2:]))
    return spans


if __name__ == "__main__":
    main()
