"""Records that fit: by label, LF, kind of issue, words in the text, ids, or the value of a column."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ints
from wslabel.errors import ReviewError, suggest
from wslabel.review.checks import check_label
from wslabel.review.pool import Pool


def chosen_places(pool: Pool, rows: Ints, where: Mapping[str, Any]) -> Ints:
    """Return the places of those rows that fit all conditions.

    Parameters
    ----------
    where
        ``label``: it is given (or among the given ones, or a span of it is). ``lf``: it votes. ``kind``: the record has
        an issue of it. ``text``: words that the text holds, in any case. ``ids``: a collection of record ids. Any other
        name is a column of the corpus that has the value.

    Raises
    ------
    ReviewError
        An unknown label, LF, kind or column.
    """
    kept = np.ones(len(rows), np.bool_)
    for name in sorted(where, key=lambda name: name not in _QUICK):  # reading texts comes last
        value = where[name]
        if name in _QUICK:
            kept &= _QUICK[name](pool, value)[rows]
            continue
        left = np.flatnonzero(kept)
        found = pool.rows.containing(value, rows[left]) if name == "text" else pool.rows.equal(name, value, rows[left])
        kept[left] = np.isin(rows[left], found)
    return np.flatnonzero(kept)


def _given(pool: Pool, label: str) -> NDArray[np.bool_]:
    check_label(label, pool.estimates.labels, "The filter")
    return pool.estimates.has(label)


def _voted(pool: Pool, lf: str) -> NDArray[np.bool_]:
    names = () if pool.ballots is None else pool.ballots.lf_names
    if pool.cast is None or lf not in names:
        raise ReviewError(f"The filter names the LF {lf!r}. {suggest(lf, names)}")
    return np.asarray(pool.cast[:, names.index(lf)] >= 0)


def _flagged(pool: Pool, kind: str) -> NDArray[np.bool_]:
    kinds = pool.issues.counts()
    if kind not in kinds:
        raise ReviewError(f"The filter names the kind {kind!r}. {suggest(kind, kinds)}")
    out = np.zeros(len(pool.ids), np.bool_)
    out[pool.flagged_by(kind)] = True
    return out


def _named(pool: Pool, ids: Any) -> NDArray[np.bool_]:
    rows = pool.find([str(one) for one in ids])
    out = np.zeros(len(pool.ids), np.bool_)
    out[rows[rows >= 0]] = True
    return out


FILTERS = frozenset({"label", "lf", "kind", "ids", "text"})
"""Conditions that are no columns of the corpus."""
_QUICK = {"label": _given, "lf": _voted, "kind": _flagged, "ids": _named}
