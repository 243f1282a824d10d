"""What a check finds, and how findings become issues."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.issues import SCHEMA, Issues
from wslabel.core.labels import Labels
from wslabel.core.votes import VoteMatrix

Blame = Literal["for", "against", "nobody"]
BLOCK = 100_000
"""Records whose LFs are named at once."""


@dataclass(frozen=True, eq=False)
class Finding:
    """All issues of one kind.

    Attributes
    ----------
    kind
        Its name.
    rows
        r rows of the labels, ascending.
    suggested
        r label indices.
    blame
        Which LFs caused it: those that voted ``for`` the given label, or ``against`` it.
    """

    kind: str
    rows: Ints
    suggested: Ints
    blame: Blame = "nobody"


def as_issues(findings: Iterable[Finding], labels: Labels, score: Floats, votes: VoteMatrix | None) -> Issues:
    """Return the issues of all kinds.

    Parameters
    ----------
    findings
        Each kind once.
    score
        n numbers in 0..1: how likely the given label is right.
    """
    given, names = labels.hard_indices(), np.array(labels.labels, dtype=object)
    ids, clipped = labels.ids, np.clip(score, 0.0, 1.0)
    tables = [
        pa.table(
            [
                pa.array(ids[one.rows], pa.string()),
                pa.repeat(pa.scalar(one.kind), len(one.rows)),
                pa.array(clipped[one.rows]),
                pa.array(names[given[one.rows]], pa.string()),
                pa.array(names[one.suggested], pa.string()),
                _lfs(one, given, votes),
            ],
            schema=SCHEMA,
        )
        for one in findings
    ]
    return Issues(pa.concat_tables([SCHEMA.empty_table(), *tables]))


def _lfs(finding: Finding, given: Ints, votes: VoteMatrix | None) -> pa.ChunkedArray:
    """Return for each row the names of the LFs to blame, in the suite's order."""
    starts = range(0, len(finding.rows), BLOCK)
    parts = [_named(finding.rows[first : first + BLOCK], finding.blame, given, votes) for first in starts]
    return pa.chunked_array(parts, SCHEMA.field("lfs").type)


def _named(rows: Ints, blame: Blame, given: Ints, votes: VoteMatrix | None) -> pa.ListArray:
    blamed: NDArray[np.bool_] = np.zeros((len(rows), 0), np.bool_)
    if votes is not None and blame != "nobody":
        cast, agrees = votes.votes[rows], votes.votes[rows] == given[rows, None]
        blamed = agrees if blame == "for" else (cast >= 0) & ~agrees
    offsets = np.concatenate([[0], blamed.sum(axis=1).cumsum()]).astype(np.int32)
    names = pa.array(() if votes is None else votes.lf_names, pa.string())
    return pa.ListArray.from_arrays(pa.array(offsets), names.take(pa.array(blamed.nonzero()[1])))
