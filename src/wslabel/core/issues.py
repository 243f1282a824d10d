"""Likely label errors, worst first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("kind", pa.string()),
        ("score", pa.float64()),
        ("given", pa.string()),
        ("suggested", pa.string()),
        ("lfs", pa.list_(pa.string())),
    ]
)


@dataclass(frozen=True)
class Issue:
    """One reason to look at one record.

    Attributes
    ----------
    id
        The record.
    kind
        ``label_error`` (Cleanlab), ``conflict``, ``tie``, ``uncovered``, … (see `flag`), or ``audit``.
    score
        0 (worst) to 1.
    given
        The label as it stands.
    suggested
        The label that the evidence proposes; the given one where it proposes nothing else.
    lfs
        The LFs that caused the issue, where votes were at hand.
    """

    id: str
    kind: str
    score: float
    given: str
    suggested: str
    lfs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 1:
            raise _outside(self.id, self.kind, self.score)


@dataclass(frozen=True, init=False, eq=False)
class Issues:
    """Issues in a total order: by score (0 first), then kind, then id; at most one of a kind for a record.

    Attributes
    ----------
    table
        An Arrow table with the columns id, kind, score, given, suggested and lfs, in order. A million issues take
        some 100 MB here, and ten times that as objects.
    """

    table: pa.Table

    def __init__(self, issues: Iterable[Issue] | pa.Table) -> None:
        table = issues if isinstance(issues, pa.Table) else _table(issues)
        table = table.select(SCHEMA.names).cast(SCHEMA)
        _check_scores(table)
        if table.group_by(["id", "kind"]).aggregate([]).num_rows != table.num_rows:
            raise VotesError("A record has two issues of one kind; each kind may stand once for a record.")
        keys = [("score", "ascending"), ("kind", "ascending"), ("id", "ascending")]
        object.__setattr__(self, "table", table.sort_by(keys))

    @cached_property
    def issues(self) -> tuple[Issue, ...]:
        """All issues as objects, in order."""
        return tuple(self)

    def __len__(self) -> int:
        return int(self.table.num_rows)

    def __iter__(self) -> Iterator[Issue]:
        for batch in self.table.to_batches(max_chunksize=1000):
            columns = [batch.column(name).to_pylist() for name in SCHEMA.names]
            for record, kind, score, given, suggested, lfs in zip(*columns):
                yield Issue(record, kind, score, given, suggested, tuple(lfs))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Issues) and bool(self.table.equals(other.table))

    def __hash__(self) -> int:
        return hash((len(self), *self.counts().items()))

    def ids(self) -> list[str]:
        """Return the records that have issues, in the order of the worst issue of each."""
        found: list[str] = pc.unique(self.table["id"]).to_pylist()
        return found

    def of_kind(self, kind: str) -> Issues:
        """Return the issues of one kind."""
        return self if set(self.counts()) <= {kind} else Issues(self.table.filter(pc.equal(self.table["kind"], kind)))

    def without_kind(self, kind: str) -> Issues:
        """Return the issues of all other kinds."""
        if kind not in self.counts():
            return self
        return Issues(self.table.filter(pc.not_equal(self.table["kind"], kind)))

    def counts(self) -> dict[str, int]:
        """Return the number of issues of each kind, sorted by kind."""
        counted = pc.value_counts(self.table["kind"]).to_pylist()
        return {one["values"]: one["counts"] for one in sorted(counted, key=lambda one: str(one["values"]))}

    def to_pandas(self) -> pd.DataFrame:
        """Return columns id, kind, score, given, suggested, lfs, worst first."""
        frame: pd.DataFrame = self.table.to_pandas()
        return frame.assign(lfs=[" ".join(lfs) for lfs in frame["lfs"]])

    def __repr__(self) -> str:
        return f"Issues({len(self)}: {', '.join(f'{n} {kind}' for kind, n in self.counts().items()) or 'none'})"


def _table(issues: Iterable[Issue]) -> pa.Table:
    rows = [(i.id, i.kind, i.score, i.given, i.suggested, list(i.lfs)) for i in issues]
    columns = zip(*rows) if rows else [()] * len(SCHEMA)
    return pa.table([pa.array(column, field.type) for column, field in zip(columns, SCHEMA)], schema=SCHEMA)


def _check_scores(table: pa.Table) -> None:
    scores = np.asarray(table["score"].to_numpy())
    wrong = np.flatnonzero(~((scores >= 0) & (scores <= 1)))
    if len(wrong):
        record, kind = (table[name][int(wrong[0])].as_py() for name in ("id", "kind"))
        raise _outside(record, kind, scores[wrong[0]])


def _outside(record: str, kind: str, score: float) -> VotesError:
    return VotesError(f"Record {record}, {kind}: a score lies in 0..1 (0 is worst); this is {score}.")
