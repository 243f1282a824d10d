"""Which split each unit goes to: shares are kept, and neither order nor chance has a say."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats
from wslabel.exporting.splits.value import Codes
from wslabel.exporting.splits.words import Hashes, Places


def by_share(units: Places, order: Hashes, strata: Places, shares: Floats, pinned: Codes) -> Codes:
    """Return the split of each record.

    Large units go first, each to the split that is least full with what the unit holds; single records then
    fill what is missing, stratum by stratum, in the order of their hashes.

    Parameters
    ----------
    units
        n numbers; records of one number stay together.
    order
        n hashes of record ids and seed; a unit has the least of its records'.
    strata
        n numbers of a stratum, from 0.
    shares
        One a split; they sum to 1.
    pinned
        n codes of the split a unit's records must go to; -1 where any will do. The same in all of a unit.
    """
    codes = pinned.copy()
    wanted = np.bincount(strata, minlength=int(strata.max(initial=0)) + 1)[:, None] * shares[None, :]
    filled = np.zeros_like(wanted)
    np.add.at(filled, (strata[codes >= 0], codes[codes >= 0]), 1)
    free = np.flatnonzero(codes < 0)
    size = np.bincount(units, minlength=len(units))[units]
    for rows in _large_units(units, order, size, free[size[free] > 1]):
        held = np.bincount(strata[rows], minlength=len(wanted))
        some = np.flatnonzero(held)
        weight = held[some]
        full = weight @ (filled[some] + weight[:, None]) / (weight @ wanted[some])
        codes[rows] = int(full.argmin())
        filled[some, codes[rows[0]]] += weight
    _fill(codes, free[size[free] == 1], order, strata, wanted - filled)
    return codes


def _large_units(units: Places, order: Hashes, size: Places, rows: Places) -> list[Places]:
    """Return the rows of each unit, the largest first, then by the unit's hash."""
    if not len(rows):
        return []
    by_unit = rows[np.lexsort((order[rows], units[rows]))]
    starts = np.unique(units[by_unit], return_index=True)[1]
    parts = np.split(by_unit, starts[1:])
    place = np.lexsort((order[by_unit[starts]], -size[by_unit[starts]]))
    return [parts[number] for number in place.tolist()]


def _fill(codes: Codes, singles: Places, order: Hashes, strata: Places, missing: Floats) -> None:
    """Give single records to the splits in proportion to what each is short of."""
    ordered = singles[np.lexsort((order[singles], strata[singles]))]
    edges = np.searchsorted(strata[ordered], np.arange(len(missing) + 1))
    for stratum, (start, end) in enumerate(pairwise(edges)):
        counts = _apportioned(np.maximum(missing[stratum], 0), int(end - start))
        codes[ordered[start:end]] = np.repeat(np.arange(len(counts)), counts)


def _apportioned(weights: Floats, count: int) -> Places:
    """Return whole numbers that sum to `count`, in proportion to weights, the largest remainders rounded up."""
    total = weights.sum()
    exact = weights * (count / total) if total > 0 else np.full(len(weights), count / len(weights))
    floor: Places = np.floor(exact).astype(np.int64)
    short = count - int(floor.sum())
    floor[np.argsort(-(exact - floor), kind="stable")[:short]] += 1
    return floor


def by_time(times: Floats, shares: Floats, gap: float) -> tuple[Codes, NDArray[np.bool_]]:
    """Return the split of each record by its time (-1 where unknown), and whether it lies in a gap.

    A cut stands where the earlier splits have their share; records of equal time are on one side of it, the
    later one. What lies less than `gap` before a cut is in the gap.
    """
    known = np.flatnonzero(~np.isnan(times))
    ordered = np.sort(times[known])
    places = np.minimum(np.round(np.cumsum(shares)[:-1] * len(known)).astype(np.int64), max(len(known) - 1, 0))
    cuts = ordered[places] if len(known) else np.zeros(0)
    codes = np.full(len(times), -1, np.int8)
    codes[known] = np.searchsorted(cuts, times[known], side="right")
    inside = np.zeros(len(times), np.bool_)
    for cut in cuts if gap > 0 else ():
        inside |= (times < cut) & (times >= cut - gap)
    return codes, inside
