"""What a suite's golden votes are worth on its sample, told without loading the suite."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from wslabel.core.records import read_records
from wslabel.suites.discovery import SuiteInfo

GOLD = "gold"
DENIES = "not "


@dataclass(frozen=True)
class Standing:
    """The golden votes of a suite beside the gold of its sample.

    Attributes
    ----------
    records
        Records of the sample.
    covered
        Records on which an LF votes.
    votes, right
        Votes on records with gold, and those of them that agree with it.
    """

    records: int
    covered: int
    votes: int
    right: int

    @property
    def coverage(self) -> float:
        """The share of records on which an LF votes."""
        return self.covered / self.records if self.records else 0.0

    @property
    def accuracy(self) -> float | None:
        """The share of votes that agree with gold; None where there is no gold."""
        return round(self.right / self.votes, 4) if self.votes else None


def standing(info: SuiteInfo) -> Standing | None:
    """Return what the golden votes are worth, or None for a suite without sample or golden votes.

    A vote is right where its label is among the gold labels of the record; ``not LABEL`` where it is not; a vote on a
    span where gold has just that span and label.
    """
    if info.sample is None or not info.sample.exists() or not info.golden_votes.exists():
        return None
    gold = {str(row["id"]): _said(row.get(GOLD)) for row in _rows(info)}
    with info.golden_votes.open(encoding="utf-8", newline="") as file:
        votes = [(row["id"], one) for row in csv.DictReader(file) for one in _votes(row["vote"])]
    judged = [(one, known) for record, one in votes if (known := gold.get(record)) is not None]
    right = sum(_right(one, known) for one, known in judged)
    return Standing(len(gold), len({record for record, _ in votes} & set(gold)), len(judged), right)


def _rows(info: SuiteInfo) -> Iterator[Mapping[str, Any]]:
    for batch in read_records(str(info.sample)).batches():
        yield from batch.to_pylist()


def _said(gold: Any) -> set[str] | None:
    """Return the gold labels, spans as golden votes write them; None where gold is unknown."""
    if gold is None:
        return None
    if isinstance(gold, str):
        return {gold}
    return {f"{one['label']} {one['start']}:{one['end']}" if isinstance(one, Mapping) else str(one) for one in gold}


def _votes(vote: str) -> Iterable[str]:
    """Return the votes of a cell: one label, or spans with commas between."""
    parts = vote.split(", ")
    return parts if all(part.rpartition(" ")[2].replace(":", "").isdigit() for part in parts) else [vote]


def _right(vote: str, gold: set[str]) -> bool:
    if vote.startswith(DENIES) and vote not in gold:
        return vote.removeprefix(DENIES) not in gold
    return vote in gold
