"""What answers are worth on the two tracks, and means over sets with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from data import DataSet
from metrics import NAMES, measure, resampled

TRACKS = ("votes", "whole")
"""*votes*: records on which an LF votes; *whole*: all records."""


@dataclass(frozen=True)
class Row:
    """One answer: the metrics of each track, first of the records as they are and then of each resample.

    `tracks` maps a track to (1 + resamples) × metrics, in the order of `NAMES`.
    """

    data_set: str
    method: str
    ours: bool
    seed: int
    tracks: dict[str, np.ndarray]
    fit_seconds: float
    predict_seconds: float
    megabytes: float


def judge(data: DataSet, texts: bool, probs: np.ndarray) -> dict[str, np.ndarray]:
    """Return the metrics of the answer by track; a method that reads texts is judged on whole records only."""
    rows = {"whole": np.arange(len(probs))}
    if not texts:
        rows["votes"] = np.flatnonzero(data.covered[data.valid])
    gold = data.gold[data.valid]
    return {track: _values(probs[chosen], gold[chosen]) for track, chosen in rows.items()}


def _values(probs: np.ndarray, gold: np.ndarray) -> np.ndarray:
    found, again = measure(probs, gold), resampled(probs, gold)
    return np.array([[found[name], *again[name]] for name in NAMES]).T


@dataclass(frozen=True)
class Mean:
    """A method's metrics on one set or in the mean over several, with intervals (95 %), and its cost.

    The mean over seeds; `values`, `low`, `high` stand in the order of `NAMES`.
    """

    method: str
    ours: bool
    values: np.ndarray
    low: np.ndarray
    high: np.ndarray
    fit_seconds: float
    predict_seconds: float
    megabytes: float


def mean(rows: Sequence[Row], track: str, sets: Sequence[str]) -> Mean | None:
    """Return the mean of one method's rows over the sets, None where it did not answer on one of them."""
    by_set = [[row for row in rows if row.data_set == name and track in row.tracks] for name in sets]
    if not sets or not all(by_set):
        return None
    tables = np.stack([np.mean([row.tracks[track] for row in some], axis=0) for some in by_set]).mean(axis=0)
    low, high = np.quantile(tables[1:], [0.025, 0.975], axis=0)
    flat = [row for some in by_set for row in some]
    return Mean(
        flat[0].method,
        flat[0].ours,
        tables[0],
        low,
        high,
        float(np.mean([row.fit_seconds for row in flat])),
        float(np.mean([row.predict_seconds for row in flat])),
        float(np.max([row.megabytes for row in flat])),
    )


def best_of_grid(rows: Sequence[Row], prefix: str, name: str) -> list[Row]:
    """Return under a new name, for each set, the row of the grid that is most accurate on covered records."""
    found = []
    for data_set in dict.fromkeys(row.data_set for row in rows):
        grid = [row for row in rows if row.data_set == data_set and row.method.startswith(prefix)]
        if grid:
            best = max(grid, key=lambda row: row.tracks["votes"][0, 0])
            found.append(Row(**{**best.__dict__, "method": name}))
    return found
