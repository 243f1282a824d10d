"""Which labeling functions led to the labels that reviewers overturned."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wslabel.analysis.intervals import wilson
from wslabel.analysis.plain import aligned, clipped, share
from wslabel.analysis.summary import check_same_records
from wslabel.core.decisions import Span
from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels
from wslabel.core.votes import VoteMatrix

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class LFBlameRow:
    """One LF on the records that were decided.

    Attributes
    ----------
    lf
        Its name.
    reviewed
        Decided records on which it voted.
    wrong
        How often its vote was another label than the decided one.
    low, high
        The 95 % interval of the share of wrong votes; None without votes. Reviewed records are mostly doubtful ones:
        the share tells what to mend first, not how good the LF is.
    overturned
        Records whose label it had voted for, and the reviewers changed.
    outvoted
        How often it had voted for the decided label, and the model gave another.
    spans
        In tasks of spans start, end and label of each overturned span, beside its record in `overturned`.
    """

    lf: str
    reviewed: int
    wrong: int
    low: float | None
    high: float | None
    overturned: tuple[str, ...]
    outvoted: int
    spans: tuple[Span, ...] = ()


@dataclass(frozen=True)
class LFBlame:
    """The LFs, those first that led to most overturned labels."""

    rows: tuple[LFBlameRow, ...]

    def to_pandas(self) -> pd.DataFrame:
        """Return a row an LF: columns overturned, outvoted, wrong, reviewed, low, high and records, indexed by name."""
        import pandas as pd

        columns = ["lf", "overturned", "outvoted", "wrong", "reviewed", "low", "high", "records"]
        rows = [
            [r.lf, len(r.overturned), r.outvoted, r.wrong, r.reviewed, r.low, r.high, " ".join(r.overturned)]
            for r in self.rows
        ]
        return pd.DataFrame(rows, columns=columns).set_index("lf")

    def __str__(self) -> str:
        shown = [row for row in self.rows if row.wrong or row.outvoted]
        rest = f"{len(self.rows) - len(shown)} others cast no wrong vote on a reviewed record"
        head = ["labeling function", "overturned", "outvoted", "wrong", "of"]
        cells = [
            [clipped(r.lf, 50, "end"), str(len(r.overturned)), str(r.outvoted), share(r.wrong / max(r.reviewed, 1)),
             str(r.reviewed)]
            for r in shown
        ]  # fmt: skip
        return "\n".join([*aligned(list(zip(head, *cells)), left={0}), rest])


def lf_blame(votes: VoteMatrix, labels: Labels, decided: Mapping[str, str]) -> LFBlame:
    """Rank LFs by how many labels reviewers overturned that they had voted for.

    Parameters
    ----------
    votes, labels
        Of the same n records; the labels before review.
    decided
        The decided label by record id, as `agreed_labels` returns it.

    Raises
    ------
    VotesError
        The parts hold different records, or a decided label is not one of the task's.

    Examples
    --------
    >>> votes = VoteMatrix.from_array([[0, 1], [0, -1], [1, 1]], ["ham", "spam"])
    >>> labels = Labels(votes.ids, [[0.9, 0.1], [0.9, 0.1], [0.2, 0.8]], ["ham", "spam"])
    >>> for row in lf_blame(votes, labels, {"0": "spam", "1": "ham"}).rows:
    ...     print(row.lf, row.overturned, row.outvoted, f"{row.wrong} of {row.reviewed}")
    lf_0 ('0',) 0 1 of 2
    lf_1 () 1 0 of 1
    """
    check_same_records(votes, labels)
    truth = align_gold(dict(decided), votes.ids, votes.labels)
    rows = np.flatnonzero(truth >= 0)
    cast, true = votes.votes[rows], truth[rows][:, None]
    given = labels.hard_indices()[rows][:, None]
    overturned = (cast == given) & (given != true)
    counts = {
        "reviewed": (cast >= 0).sum(axis=0),
        "wrong": ((cast >= 0) & (cast != true)).sum(axis=0),
        "outvoted": ((cast == true) & (given != true)).sum(axis=0),
    }
    found = []
    for j, lf in enumerate(votes.lf_names):
        seen, wrong, outvoted = (int(counts[name][j]) for name in ("reviewed", "wrong", "outvoted"))
        low, high = wilson(wrong, seen) or (None, None)
        ids = tuple(str(votes.ids[row]) for row in rows[overturned[:, j]])
        found.append(LFBlameRow(lf, seen, wrong, low, high, ids, outvoted))
    return LFBlame(tuple(sorted(found, key=lambda row: (-len(row.overturned), -row.wrong, row.lf))))
