"""What the default pipeline makes of a set, without gold: votes, posterior, held-out probabilities and labels.

It is kept in the folder CACHE (``runs/review``), as it takes minutes; delete it after a change of the package.
"""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "label_quality"))

from data import DataSet, load

if TYPE_CHECKING:
    from wslabel import Labels, OutOfSample, VoteMatrix

CACHE = Path(os.environ.get("CACHE", Path(__file__).resolve().parents[2] / "runs" / "review"))
SETS = ("youtube", "sms", "trec", "agnews_24k", "imdb_5k", "financial_phrasebank", "massive18_en")
"""The sets that are reported."""
OTHERS = ("chemprot", "hausa", "claude9_unfair_tos")
"""Sets on which the design was tried first."""


@dataclass(frozen=True, eq=False)
class Made:
    """The records of a set with gold, all splits, as the default pipeline labels them.

    Attributes
    ----------
    votes, posterior, held, labels
        Of the same n records; `labels` are fused.
    gold
        n label indices: the simulated reviewer.
    """

    name: str
    votes: VoteMatrix
    posterior: Labels
    held: OutOfSample
    labels: Labels
    gold: np.ndarray

    @property
    def wrong(self) -> np.ndarray:
        return np.asarray(self.labels.hard_indices() != self.gold)


def made(name: str) -> Made:
    """Return a set, from the cache where it is there."""
    from wslabel import OutOfSample, fuse, label_model

    data = load(name)
    rows = np.flatnonzero(data.gold >= 0)
    votes = data.matrix(rows)
    posterior = label_model("auto").fit(votes).predict(votes)
    file = CACHE / f"{name}.npz"
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        held = _held(data, rows, votes, posterior)
        np.savez_compressed(file, held=held.probs, folds=held.folds)
    kept = np.load(file)
    held = OutOfSample(votes.ids, kept["held"], kept["folds"], votes.labels)
    return Made(name, votes, posterior, held, fuse(posterior, held, votes), data.gold[rows])


def _held(data: DataSet, rows: np.ndarray, votes: VoteMatrix, posterior: Labels) -> OutOfSample:
    from wslabel import cross_validate

    records = [{"id": record, "text": text} for record, text in zip(votes.ids, data.some(rows))]
    return cross_validate("tfidf_logreg", records, posterior)
