"""Units: records that must stay together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from wslabel.exporting.splits.buckets import shared_keys
from wslabel.exporting.splits.facts import NO_VALUE, Facts
from wslabel.exporting.splits.words import Hashes, Places

Links = tuple[Places, Places]


def units_of(facts: Facts, groups: Sequence[str], near: float | None) -> tuple[Places, dict[str, int]]:
    """Return a number for each row (further texts included), the same for rows that must stay together.

    Parameters
    ----------
    groups
        Columns: rows that share a value of one are together.
    near
        The least similarity of texts that keeps rows together; None: only texts of the same words.

    Returns
    -------
    units, counts
        A unit's number is its first row. The counts tell how many rows hang together by what.
    """
    links = {"copies": same_key(facts.texts, np.arange(len(facts.texts)))}
    for name in groups:
        known = np.flatnonzero(facts.columns[name] != NO_VALUE)
        links[f"group {name}"] = same_key(facts.columns[name][known], known)
    if near is not None and facts.sketches is not None:
        first = np.unique(facts.texts, return_index=True)[1]
        left, right, _ = facts.sketches.pairs(first, near)
        links["near-duplicates"] = left, right
    counts = {what: len(np.union1d(left, right)) for what, (left, right) in links.items()}
    return _joined(list(links.values()), len(facts.texts)), counts


def same_key(keys: Hashes, rows: Places) -> Links:
    """Return links between the first row of each key and the others."""
    bucket, inside = shared_keys(keys, rows)
    if not len(inside):
        return np.zeros(0, np.int64), np.zeros(0, np.int64)
    first = inside[np.unique(bucket, return_index=True)[1]]
    start = np.repeat(first, np.unique(bucket, return_counts=True)[1])
    return start[start != inside], inside[start != inside]


def _joined(links: list[Links], n: int) -> Places:
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    left, right = (np.concatenate([link[side] for link in links]) for side in (0, 1))
    graph = coo_array((np.ones(len(left), np.bool_), (left, right)), shape=(n, n))
    part = connected_components(graph, directed=False)[1]
    first = np.unique(part, return_index=True)[1]
    return np.asarray(first[part], np.int64)
