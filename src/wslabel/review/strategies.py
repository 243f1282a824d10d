"""The order of a queue. A strategy is a function in `STRATEGIES`: from a pool and a budget to rows, in order."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.errors import PluginError, ReviewError, suggest
from wslabel.review.ballots import ONE_FOR_MANY
from wslabel.review.clusters import clusters
from wslabel.review.pool import AUDIT, Pool, first_of_each

Strategy = Callable[[Pool, int | None], Ints]


def worst_first(pool: Pool, budget: int | None) -> Ints:
    """Return the flagged records in the order of their worst issue; equals by its kind, then by id.

    A record that an audit drew, and that nothing else flags, is not among them.
    """
    return pool.flagged_once[:budget]


def audit(pool: Pool, budget: int | None) -> Ints:
    """Return the records of an audit sample in the order in which they were drawn (see `draw_audit`)."""
    return first_of_each(pool.flagged_by(AUDIT, True), len(pool.ids))[:budget]


def conflict(pool: Pool, budget: int | None) -> Ints:
    """Return the records on which LFs vote for different labels, those whose given label is least likely first."""
    if pool.ballots is None:
        raise ReviewError("The strategy 'conflict' needs votes: ReviewQueue(..., votes=votes).")
    return _lowest(pool.estimates.confidence, pool.disputed & pool.open)[:budget]


def uncertainty(pool: Pool, budget: int | None) -> Ints:
    """Return covered records by the entropy of their label, highest first, flagged or not."""
    return _lowest(-pool.estimates.uncertainty, pool.covered & pool.open)[:budget]


def uncovered(pool: Pool, budget: int | None) -> Ints:
    """Return the records on which no LF votes, those of the least likely label first."""
    return _lowest(pool.estimates.confidence, ~pool.covered & pool.open)[:budget]


def diverse(pool: Pool, budget: int | None) -> Ints:
    """Return flagged records so that the first ones cover vote patterns and clusters of texts.

    The records of a vote pattern whose texts lie in one cluster are a group. The worst record of every group comes
    first, large groups before small ones; then the second of every group, and so on.
    """
    rows = pool.flagged_once
    groups = np.unique(np.stack([pool.pattern[rows], clusters(pool, rows)]), axis=1, return_inverse=True)[1].ravel()
    sizes = np.bincount(groups, minlength=1)[groups]
    turn = _turns(groups)
    return rows[np.lexsort((np.arange(len(rows)), -sizes, turn))][:budget]


def by_pattern(pool: Pool, budget: int | None) -> Ints:
    """Return the records of flagged vote patterns pattern by pattern, those with most expected errors first.

    All records of a pattern stand together, flagged or not, the worst first, so that one decision can settle them; the
    budget is a number of patterns. Records without a vote have no pattern.

    Raises
    ------
    ReviewError
        Spans are decided.
    """
    if pool.ballots is not None and not pool.ballots.one_for_many:
        raise ReviewError(f"{ONE_FOR_MANY} Choose the strategy 'diverse' in place of 'by_pattern'.")
    rows = np.flatnonzero(pool.covered & pool.open)
    if not len(rows):
        return rows
    numbers = pool.pattern[rows]
    doubt = np.bincount(numbers, 1 - pool.score[rows])
    marked = np.zeros(len(doubt), np.bool_)
    marked[pool.pattern[pool.flagged_once]] = True
    chosen = np.flatnonzero(marked & (doubt > 0))
    ranked = chosen[np.argsort(-doubt[chosen], kind="stable")][:budget]
    rank = np.full(len(doubt), -1, np.int64)
    rank[ranked] = np.arange(len(ranked))
    kept = rows[rank[numbers] >= 0]
    return kept[np.lexsort((pool.score[kept], rank[pool.pattern[kept]]))]


STRATEGIES: dict[str, Strategy] = {
    "audit": audit,
    "worst_first": worst_first,
    "conflict": conflict,
    "uncertainty": uncertainty,
    "uncovered": uncovered,
    "diverse": diverse,
    "by_pattern": by_pattern,
}


def strategy(name: str) -> Strategy:
    """Return the strategy of that name.

    Raises
    ------
    PluginError
        There is none of that name; the message suggests one.
    """
    if name not in STRATEGIES:
        raise PluginError(f"There is no queue strategy {name!r}. {suggest(name, STRATEGIES)}")
    return STRATEGIES[name]


def _lowest(values: Floats, among: np.ndarray) -> Ints:
    rows = np.flatnonzero(among)
    return rows[np.argsort(values[rows], kind="stable")]


def _turns(groups: Ints) -> Ints:
    """Return for each place how often its group stood before.

    >>> _turns(np.array([5, 7, 5, 5, 7])).tolist()
    [0, 0, 1, 2, 1]
    """
    order = np.argsort(groups, kind="stable")
    starts = np.flatnonzero(np.diff(groups[order], prepend=-1))
    out = np.empty(len(groups), np.int64)
    out[order] = np.arange(len(groups)) - np.repeat(starts, np.diff([*starts.tolist(), len(groups)]))
    return out
