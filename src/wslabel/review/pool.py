"""What a queue is drawn from: labels, issues, votes and texts of the same records, aligned once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wslabel.core.arrays import Ids, Ints
from wslabel.core.issues import Issue, Issues
from wslabel.core.votes import Votes, hashed_rows
from wslabel.review.ballots import Ballots
from wslabel.review.checks import check_id
from wslabel.review.estimates import Estimates
from wslabel.review.rows import Rows

AUDIT = "audit"
"""The kind of issue of a record that was drawn to measure, not because something speaks against its label."""


@dataclass(frozen=True, eq=False)
class Pool:
    """n records that have labels, and what is known of each.

    Attributes
    ----------
    estimates
        The labels under review.
    issues
        What `flag` found.
    ballots
        The votes, where they are at hand; their records may stand in another order.
    rows
        The corpus.
    seed
        For strategies that draw.
    """

    estimates: Estimates
    issues: Issues
    ballots: Ballots | None
    rows: Rows
    seed: int = 0

    @cached_property
    def _issue_ids(self) -> pa.Array:
        column = self.issues.table["id"].combine_chunks()
        return column if isinstance(column, pa.Array) else pa.concat_arrays(column.chunks)

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        return self.estimates.ids

    @cached_property
    def id_column(self) -> pa.Array:
        """The ids as an Arrow array."""
        return pa.array(self.ids, pa.string())

    def check(self) -> None:
        """Raise `ReviewError` where a record with an issue has no label, no row of votes or no row in the corpus."""
        _ = self.flagged, self._ballot
        self.rows.check(self.flagged_once)

    @cached_property
    def flagged(self) -> Ints:
        """The row of each issue, worst first.

        Raises
        ------
        ReviewError
            An issue of a record that has no label.
        """
        rows = self.find(self._issue_ids)
        for place in np.flatnonzero(rows < 0)[:1]:
            check_id(self._issue_ids[int(place)].as_py(), self.ids.tolist(), "The labels do not cover the issues")
        return rows

    @cached_property
    def flagged_once(self) -> Ints:
        """The rows that have an issue other than of an audit, by their worst issue."""
        return first_of_each(self.flagged_by(AUDIT, False), len(self.ids))

    def flagged_by(self, kind: str, wanted: bool = True) -> Ints:
        """Return the row of each issue of a kind (or of any other kind), worst first."""
        of_kind = pc.equal(self.issues.table["kind"], kind).to_numpy()
        return np.asarray(self.flagged[of_kind == wanted])

    @cached_property
    def score(self) -> NDArray[np.float64]:
        """The score of each record's worst issue; of a record without one, its confidence."""
        out = np.array(self.estimates.confidence, np.float64)
        worst_last = self.flagged[::-1]
        out[worst_last] = self.issues.table["score"].to_numpy()[::-1]
        return out

    @cached_property
    def open(self) -> NDArray[np.bool_]:
        """n booleans: a model gave the label, so that it may be doubted."""
        return self.estimates.doubtful

    def find(self, ids: Sequence[str] | pa.Array) -> Ints:
        """Return the rows of the ids, -1 where there is none."""
        wanted = ids if isinstance(ids, pa.Array) else pa.array(list(ids), pa.string())
        return np.asarray(pc.index_in(wanted, value_set=self.id_column).fill_null(-1).to_numpy(), np.int64)

    def row(self, id: str) -> int:
        """Return the row of one id, -1 where there is none."""
        return int(pc.index(self.id_column, pa.scalar(id, pa.string())).as_py()) if isinstance(id, str) else -1

    def issues_of(self, row: int) -> tuple[Issue, ...]:
        """Return the issues of a row, worst first."""
        order, starts = self._by_row
        found = self.issues.table.take(pa.array(order[starts[row] : starts[row + 1]])).to_pylist()
        return tuple(Issue(**{**one, "lfs": tuple(one["lfs"])}) for one in found)

    @cached_property
    def _by_row(self) -> tuple[Ints, Ints]:
        order = np.argsort(self.flagged, kind="stable")
        return order, np.concatenate([[0], np.cumsum(np.bincount(self.flagged, minlength=len(self.ids)))])

    @cached_property
    def cast(self) -> Votes | None:
        """The votes on whole records in the order of the labels, n×m; None without votes."""
        if self.ballots is None:
            return None
        votes = self.ballots.matrix.votes
        if self._ballot is None:
            return votes
        aligned = votes[self._ballot]
        aligned[self._ballot < 0] = -1
        return aligned

    @cached_property
    def _ballot(self) -> Ints | None:
        """The row of each record among the votes, -1 where there is none; None where both have the same order."""
        if self.ballots is None:
            return None
        other = pa.array(self.ballots.ids, pa.string())
        if other.equals(self.id_column):
            return None
        rows = np.asarray(pc.index_in(self.id_column, value_set=other).fill_null(-1).to_numpy(), np.int64)
        for place in np.flatnonzero(rows[self.flagged_once] < 0)[:1]:
            record = str(self.ids[self.flagged_once[place]])
            check_id(record, self.ballots.ids.tolist(), "The votes do not cover the issues")
        return rows

    def ballot(self, row: int) -> int:
        """Return the row of a record among the votes, -1 where it has none."""
        if self.ballots is None:
            return -1
        return row if self._ballot is None else int(self._ballot[row])

    @property
    def disputed(self) -> NDArray[np.bool_]:
        """n booleans: LFs vote for labels that cannot all be right."""
        if self.ballots is None:
            return np.zeros(len(self.ids), np.bool_)
        own = self.ballots.disputed
        return own if self._ballot is None else np.append(own, False)[self._ballot]

    @cached_property
    def pattern(self) -> Ints:
        """The number of each record's vote pattern; records with equal votes share it. All differ without votes."""
        if self.cast is None or not self.cast.size:
            return np.arange(len(self.ids))
        return hashed_rows(self.cast)[1]

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: an LF votes."""
        return self.estimates.covered


def first_of_each(rows: Ints, n: int) -> Ints:
    """Return the distinct rows in the order of their first appearance.

    >>> first_of_each(np.array([3, 1, 3, 0, 1]), 4).tolist()
    [3, 1, 0]
    """
    first = np.full(n, len(rows), np.int64)
    first[rows[::-1]] = np.arange(len(rows))[::-1]
    return np.asarray(rows[first[rows] == np.arange(len(rows))])
