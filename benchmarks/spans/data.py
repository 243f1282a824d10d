"""The public data on which span models are judged: votes and gold in tokens, brought to characters."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

import wslabel as ws

ROOT = Path(__file__).resolve().parents[2].parent / "shared" / "benchmarks"
SETS = ("bc5cdr", "laptop_review", "mit_restaurant")
Found = Mapping[str, Iterable[tuple[int, int, str]]]


@dataclass(frozen=True)
class Data:
    """A data set: its records, tokens, votes, and gold spans by record; `valid` are the records that are judged."""

    name: str
    labels: list[str]
    records: pd.DataFrame
    tokens: dict[str, list[tuple[int, int]]]
    gold: dict[str, list[tuple[int, int, str]]]
    votes: ws.SpanVotes | None
    valid: list[str]

    def f1(self, found: Found, ids: Sequence[str] = ()) -> tuple[float, float, float]:
        """Return precision, recall and F1 of spans that must be just those of gold."""
        judged = list(ids) or self.valid
        right = sum(len(set(found.get(one, ())) & set(self.gold[one])) for one in judged)
        said = sum(len(set(found.get(one, ()))) for one in judged)
        true = sum(len(self.gold[one]) for one in judged)
        return right / max(said, 1), right / max(true, 1), 2 * right / max(said + true, 1)


def load(name: str, kind: str = "sequence") -> Data:
    """Return a data set by name."""
    folder = ROOT / kind / name
    frame, meta = pd.read_parquet(folder / "examples.parquet"), json.loads((folder / "meta.json").read_text())
    tokens = {row.id: _offsets(row.text, row.tokens) for row in frame.itertuples()}
    gold = {row.id: list(_spans(row.gold, tokens[row.id])) for row in frame.itertuples()}
    records = frame[["id", "text"]]
    votes = None
    if (folder / "votes.parquet").exists():
        said = pd.read_parquet(folder / "votes.parquet")
        said["start"] = [tokens[one][at][0] for one, at in zip(said["id"], said["start_token"])]
        said["end"] = [tokens[one][at - 1][1] for one, at in zip(said["id"], said["end_token"])]
        votes = ws.SpanVotes.from_pandas(said, records=records, labels=meta["classes"])
    return Data(name, meta["classes"], records, tokens, gold, votes, list(frame["id"][frame["split"] == "valid"]))


def spans_of(labels: ws.SpanLabels) -> Found:
    """Return the spans by record."""
    return {one: [(span.start, span.end, span.label) for span in some] for one, some in labels.by_id().items()}


def _offsets(text: str, tokens: Iterable[str]) -> list[tuple[int, int]]:
    found, at = [], 0
    for token in tokens:
        at = text.index(token, at)
        found.append((at, at + len(token)))
        at += len(token)
    return found


def _spans(tags: Sequence[str], offsets: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int, str]]:
    begin = 0
    for at, tag in enumerate(tags):
        if tag == "O":
            continue
        if tag.startswith("B-") or at == 0 or tags[at - 1][2:] != tag[2:]:
            begin = at
        if at + 1 == len(tags) or tags[at + 1] != f"I-{tag[2:]}":
            yield offsets[begin][0], offsets[at][1], tag[2:]
