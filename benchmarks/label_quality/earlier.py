"""Answers of earlier runs, as results.parquet keeps them: for methods that were not made anew."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from pathlib import Path
from statistics import NormalDist

import numpy as np
import pyarrow.parquet as pq
from judging import Row
from metrics import NAMES, RESAMPLES

SPREAD = 2 * 1.96
"""Standard deviations between the ends of an interval."""


def earlier(rows: Sequence[Row], folder: Path) -> list[Row]:
    """Return the rows of results.parquet whose method has no answer on that set among `rows`.

    Their resamples are drawn from normal distributions with the intervals that were kept.
    """
    path = folder / "results.parquet"
    made = {(row.method, row.data_set) for row in rows}
    found: dict[tuple[str, str, int], Row] = {}
    for one in pq.read_table(path).to_pylist() if path.exists() else []:
        key = (one["method"], one["set"], one["seed"])
        if key[:2] in made:
            continue
        row = found.setdefault(key, Row(one["set"], one["method"], one["ours"], one["seed"], {}, *_cost(one)))
        row.tracks[one["track"]] = _values(one)
    return list(found.values())


def _cost(one: dict[str, float]) -> tuple[float, float, float]:
    return one["fit_seconds"], one["predict_seconds"], one["megabytes"]


def _values(one: dict[str, float]) -> np.ndarray:
    name = f"{one['method']} {one['set']} {one['track']}"  # seeds err on the same records
    seed = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")
    values = np.array([one[metric] for metric in NAMES])
    width = np.array([one[f"{metric}_high"] - one[f"{metric}_low"] for metric in NAMES])
    even = np.array([NormalDist().inv_cdf((i + 0.5) / RESAMPLES) for i in range(RESAMPLES)])
    drawn = np.random.default_rng(seed).permutation(even)[:, None]
    return np.vstack([values, values + drawn * width / SPREAD])
