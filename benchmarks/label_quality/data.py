"""The data sets of ../shared/benchmarks that hold votes, split into the rows to fit on and the rows to judge.

Classification sets are fitted on `train` and judged on `valid`; those without `train`, and crowd sets, which have no
split, are fitted on the votes of the rows they are judged on. Gold is never handed to a model that does not ask for it.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from wslabel import VoteMatrix

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "benchmarks"
KINDS = ("classification", "crowd")


@dataclass(frozen=True, eq=False)
class DataSet:
    """A data set with votes.

    Attributes
    ----------
    name, kind
        ``youtube``, ``classification``.
    labels, lf_names
        K and m names; in a crowd set a worker is an LF.
    ids
        n record ids.
    votes
        n×m label indices, -1 abstains.
    gold
        n label indices, -1 where unknown.
    split
        n words, ``train`` or ``valid``.
    texts
        n texts, or None where the set has none.
    """

    name: str
    kind: str
    labels: tuple[str, ...]
    lf_names: tuple[str, ...]
    ids: np.ndarray
    votes: np.ndarray
    gold: np.ndarray
    split: np.ndarray
    texts: list[str] | None

    @property
    def cardinality(self) -> int:
        return len(self.labels)

    @property
    def train(self) -> np.ndarray:
        """Rows to fit on: `train`, or where there is no such split all rows."""
        rows = np.flatnonzero(self.split == "train")
        return rows if len(rows) else np.arange(len(self.ids))

    @property
    def valid(self) -> np.ndarray:
        """Rows to judge on: those of `valid` with gold, or where there is no such split all rows with gold."""
        chosen = self.split == "valid"
        return np.flatnonzero((chosen if chosen.any() else True) & (self.gold >= 0))

    @property
    def crossed(self) -> bool:
        """Whether `train` and `valid` are the same rows, so that an end model must be cross-fitted."""
        return not ((self.split == "train").any() and (self.split == "valid").any())

    @property
    def unseen_train(self) -> np.ndarray:
        """Rows of `train` whose text does not stand in `valid` too: what an end model may learn from."""
        if self.texts is None:
            raise ValueError(f"{self.name} has no texts")
        held = {self.texts[row] for row in self.valid}
        return np.array([row for row in self.train if self.texts[row] not in held], dtype=np.int64)

    @property
    def covered(self) -> np.ndarray:
        """n booleans: an LF votes on the record."""
        return (self.votes >= 0).any(axis=1)

    def matrix(self, rows: np.ndarray | None = None) -> VoteMatrix:
        """Return the votes of these rows, or of all, as a vote matrix."""
        from wslabel import VoteMatrix

        chosen = np.arange(len(self.ids)) if rows is None else rows
        return VoteMatrix(self.ids[chosen], self.votes[chosen], self.lf_names, self.labels)

    def gold_names(self, rows: np.ndarray) -> list[str | None]:
        """Return the gold label names of these rows, None where unknown."""
        return [self.labels[k] if k >= 0 else None for k in self.gold[rows]]

    def some(self, rows: np.ndarray) -> list[str]:
        """Return the texts of these rows."""
        if self.texts is None:
            raise ValueError(f"{self.name} has no texts")
        return [self.texts[row] for row in rows]


def names(kinds: Sequence[str] = KINDS, texts: bool = False) -> list[str]:
    """Return the names of the sets of these kinds, those with texts only where asked, in order."""
    found = [folder for kind in kinds for folder in sorted((FOLDER / kind).iterdir()) if folder.is_dir()]
    return [folder.name for folder in found if not texts or _has_texts(folder)]


def load(name: str) -> DataSet:
    """Return one data set."""
    folder = next(FOLDER / kind / name for kind in KINDS if (FOLDER / kind / name).is_dir())
    labels = tuple(json.loads((folder / "meta.json").read_text())["classes"])
    examples = pq.read_table(folder / "examples.parquet")
    ids = np.array(examples["id"].to_pylist(), dtype=object)
    lf_names, votes = _votes(folder, ids, labels)
    index = {label: k for k, label in enumerate(labels)}
    gold = np.array([index.get(value, -1) for value in examples["gold"].to_pylist()], dtype=np.int64)
    split = np.array(examples["split"].to_pylist(), dtype=object)
    texts = examples["text"].to_pylist() if _has_texts(folder) else None
    return DataSet(name, folder.parent.name, labels, lf_names, ids, votes, gold, split, texts)


def _has_texts(folder: Path) -> bool:
    file = pq.ParquetFile(folder / "examples.parquet")
    if "text" not in file.schema_arrow.names:
        return False
    return file.read(columns=["text"])["text"].null_count == 0


def _votes(folder: Path, ids: np.ndarray, labels: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    table = pq.read_table(folder / "votes.parquet")
    if folder.parent.name == "crowd":
        return _crowd(table, ids, labels)
    order = {record: row for row, record in enumerate(table["id"].to_pylist())}
    rows = [order[record] for record in ids]
    lf_names = tuple(name for name in table.column_names if name != "id")
    return lf_names, np.stack([table[name].to_numpy()[rows] for name in lf_names], axis=1).astype(np.int16)


def _crowd(table: Any, ids: np.ndarray, labels: tuple[str, ...]) -> tuple[tuple[str, ...], np.ndarray]:
    workers = tuple(sorted(set(table["worker"].to_pylist())))
    rows = {record: row for row, record in enumerate(ids)}
    columns = {worker: j for j, worker in enumerate(workers)}
    index = {label: k for k, label in enumerate(labels)}
    votes = np.full((len(ids), len(workers)), -1, dtype=np.int16)
    for record, worker, label in zip(*(table[name].to_pylist() for name in ("id", "worker", "label"))):
        votes[rows[record], columns[worker]] = index[label]
    return workers, votes
