"""The LF summary: what each labeling function covers, where it meets others, and how often it is right."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wslabel.analysis.intervals import wilson
from wslabel.analysis.plain import aligned, clipped, in_words, share
from wslabel.core.arrays import Floats, Ints, require_same_ids
from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels
from wslabel.core.multilabel import ABSENT, PROBLEM, MultiLabels, label_names, split_gold, split_votes
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.core.votes import VoteMatrix, Votes, any_vote
from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd

WIDTH = 100
"""Columns of a terminal into which the plain-text table fits."""
LEAST_NAME = 12
"""Characters of an LF's name that are shown however wide the other columns are, and of its labels at most."""


@dataclass(frozen=True)
class LFRow:
    """What the votes say of one LF.

    Attributes
    ----------
    index
        The LF's column in the vote matrix.
    lf
        Its name.
    polarity
        The label names that it voted, in label order.
    votes
        The number of records on which it votes.
    coverage, overlap, conflict
        Shares of all records, 0..1: the LF votes; it votes and so does another LF; it votes and another LF
        votes a different label.
    faults
        The number of records on which it raised.
    estimated_accuracy
        The mean posterior probability of its vote over the records on which it votes, 0..1. None without
        labels, or without votes.
    gold_accuracy, gold_low, gold_high
        The share of its votes that equal the gold label, with the ends of the Wilson interval (95 %). None
        where it meets no gold.
    gold_votes
        The number of its votes on records with a gold label.
    """

    index: int
    lf: str
    polarity: tuple[str, ...]
    votes: int
    coverage: float
    overlap: float
    conflict: float
    faults: int
    estimated_accuracy: float | None
    gold_accuracy: float | None
    gold_low: float | None
    gold_high: float | None
    gold_votes: int


@dataclass(frozen=True)
class LFSummary:
    """A row an LF, and the totals over all of them.

    Attributes
    ----------
    rows
        m rows in the order of the vote matrix.
    n
        The number of records.
    coverage, overlap, conflict
        Shares of all records, 0..1: at least one LF votes; at least two do; at least two disagree.
    has_labels, has_gold
        Whether labels, and gold labels of at least one record, were at hand.
    """

    rows: tuple[LFRow, ...]
    n: int
    coverage: float
    overlap: float
    conflict: float
    has_labels: bool = False
    has_gold: bool = False

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows as columns, indexed by LF name; what is unknown is NaN."""
        import pandas as pd

        rows = [{**asdict(row), "polarity": ", ".join(row.polarity)} for row in self.rows]
        frame = pd.DataFrame(rows, columns=list(LFRow.__dataclass_fields__))
        unknown = ["estimated_accuracy", "gold_accuracy", "gold_low", "gold_high"]
        frame[unknown] = frame[unknown].astype("float64")
        return frame.set_index("lf")

    def __repr__(self) -> str:
        return f"LFSummary({self._totals()})"

    def __str__(self) -> str:
        return f"{self._totals()}\n\n" + "\n".join(self._table())

    def _totals(self) -> str:
        shares = f"coverage {share(self.coverage)}, overlap {share(self.overlap)}, conflict {share(self.conflict)}"
        return f"{self.n} records, {len(self.rows)} LFs: {shares}"

    def _table(self) -> list[str]:
        rows = self.rows
        columns = [
            ["#", *[str(row.index) for row in rows]],
            ["votes for", *[clipped(in_words(", ".join(row.polarity) or "-"), LEAST_NAME) for row in rows]],
            ["votes", *[str(row.votes) for row in rows]],
            ["cover", *[share(row.coverage) for row in rows]],
            ["overl", *[share(row.overlap) for row in rows]],
            ["confl", *[share(row.conflict) for row in rows]],
        ]
        if any(row.faults for row in rows):
            columns.append(["faults", *[str(row.faults) for row in rows]])
        if self.has_labels:
            columns.append(["est.", *[share(row.estimated_accuracy) for row in rows]])
        if self.has_gold:
            columns.append(["gold", *[share(row.gold_accuracy) for row in rows]])
            columns.append(["95 %", *[_interval(row) for row in rows]])
            columns.append(["n", *[str(row.gold_votes) for row in rows]])
        used = sum(max(map(len, column)) + 2 for column in columns)
        # The end of a dotted name tells more than its beginning.
        width = max(LEAST_NAME, WIDTH - used)
        columns.insert(1, ["LF", *[clipped(in_words(row.lf), width, keep="end") for row in rows]])
        return aligned(columns, left={1, 2})


def summarize(votes: VoteMatrix | SpanVotes, gold: Any = None, labels: Labels | MultiLabels | None = None) -> LFSummary:
    """Summarize the votes by labeling function.

    Parameters
    ----------
    votes
        The votes of m LFs on n records.
    gold
        `Records` with a gold column, a mapping or Series from record id to label name, or n label names with
        None where unknown. For votes on spans a `SpanLabels`.
    labels
        The label model's labels of the same records: adds each LF's estimated accuracy.

    Returns
    -------
    LFSummary
        In a multi-label task a row an LF and label it votes on, with overlap and conflict on that label. Of votes on
        spans a row an LF: overlap and conflict are shares of records, on which a span of it overlaps one of another LF,
        and one for another label; accuracy is the share of its spans that are exactly those of gold. More of that tells
        `span_accuracy`.

    Raises
    ------
    VotesError
        Gold labels outside the task, or labels of other records or of another task.

    Notes
    -----
    Coverage, overlap and conflict are defined as in Snorkel's ``LFAnalysis``: a conflict is a vote on a record
    that holds two different votes, so that every LF that votes on such a record counts.

    Examples
    --------
    >>> votes = VoteMatrix.from_array([[0, -1], [1, 0], [-1, -1]], labels=["ham", "spam"])
    >>> summary = summarize(votes, gold=["ham", "ham", None])
    >>> [(row.lf, row.polarity, row.gold_accuracy) for row in summary.rows]
    [('lf_0', ('ham', 'spam'), 0.5), ('lf_1', ('ham',), 1.0)]
    """
    if isinstance(votes, SpanVotes):
        from wslabel.analysis.span_summary import summarize_spans

        if labels is not None or not (gold is None or isinstance(gold, SpanLabels)):
            raise VotesError("Votes on spans are summarized without labels; gold is a SpanLabels, or None.")
        return summarize_spans(votes, gold)
    if votes.kind == "multilabel":
        return _summarize_each(votes, gold, labels)
    if isinstance(labels, MultiLabels):
        raise VotesError("These labels are several a record, and the votes are not of a multi-label task.")
    if labels is not None:
        check_same_records(votes, labels)
    known = None if gold is None else align_gold(gold, votes.ids, votes.labels)
    sums = _Sums(votes.m, votes.cardinality)
    for first, block in votes.blocks():
        some = slice(first, first + len(block))
        sums.add(block, None if known is None else known[some], None if labels is None else labels.probs[some])
    faults = Counter(fault.lf for fault in votes.faults)
    rows = [
        LFRow(
            index=j,
            lf=name,
            polarity=tuple(votes.labels[k] for k in np.flatnonzero(sums.by_label[j])),
            votes=int(sums.votes[j]),
            coverage=_share(sums.votes[j], votes.n),
            overlap=_share(sums.overlap[j], votes.n),
            conflict=_share(sums.conflict[j], votes.n),
            faults=faults[name],
            estimated_accuracy=None if labels is None or not sums.votes[j] else float(sums.trust[j] / sums.votes[j]),
            **_gold_fields(int(sums.right[j]), int(sums.met[j])),
        )
        for j, name in enumerate(votes.lf_names)
    ]
    coverage, overlap, conflict = (_share(count, votes.n) for count in sums.records)
    has_gold = known is not None and bool((known >= 0).any())
    return LFSummary(tuple(rows), votes.n, coverage, overlap, conflict, labels is not None, has_gold)


def _summarize_each(votes: VoteMatrix, gold: Any, labels: Any) -> LFSummary:
    names = label_names(votes.labels)
    known, place = split_gold(gold, names, votes.ids), {name: j for j, name in enumerate(votes.lf_names)}
    faults, rows, found, torn = Counter(fault.lf for fault in votes.faults), [], [], np.zeros(votes.n, np.bool_)
    for name, some in split_votes(votes).items():
        found.append(summarize(some, known[name], None if labels is None else labels.problem(name)))
        torn |= (some.counts() > 0).all(axis=1)
        said = {PROBLEM[0]: ABSENT + name, PROBLEM[1]: name}
        for row in found[-1].rows:
            if row.lf in place and row.votes:
                polarity = tuple(said[one] for one in row.polarity)
                rows.append(replace(row, index=place[row.lf], polarity=polarity, faults=faults[row.lf]))
    silent = [name for name in votes.lf_names if name not in {row.lf for row in rows}]
    rows += [LFRow(place[name], name, (), 0, 0.0, 0.0, 0.0, faults[name], None, None, None, None, 0) for name in silent]
    rows.sort(key=lambda row: row.index)
    many = ((votes.votes >= 0).sum(axis=1) > 1).sum()
    cover, overlap, conflict = (_share(count, votes.n) for count in (votes.covered.sum(), many, torn.sum()))
    has_gold = any(one.has_gold for one in found)
    return LFSummary(tuple(rows), votes.n, cover, overlap, conflict, labels is not None, has_gold)


def check_same_records(votes: VoteMatrix, labels: Labels) -> None:
    """Raise `VotesError` unless the labels are of the votes' records and of their task."""
    require_same_ids(votes.ids, labels.ids, "Votes and labels")
    if votes.labels != labels.labels:
        raise VotesError(
            f"The votes are for {', '.join(votes.labels)}, the labels for {', '.join(labels.labels)}. "
            "Pass the labels that were made from these votes."
        )


class _Sums:
    """What is counted over pieces of the votes, by LF: so that no more than a piece is ever held.

    Attributes
    ----------
    votes, overlap, conflict
        Records on which the LF votes; and another votes too; and the votes differ.
    by_label
        m×K votes.
    met, right
        Votes on records with gold, and how many of them are right.
    trust
        The sum of the posterior probabilities of the LF's votes.
    records
        Records with at least one vote, at least two, and different ones.
    """

    def __init__(self, m: int, cardinality: int) -> None:
        self.votes, self.overlap, self.conflict, self.met, self.right = np.zeros((5, m), np.int64)
        self.by_label, self.trust = np.zeros((m, cardinality), np.int64), np.zeros(m)
        self.records = np.zeros(3, np.int64)

    def add(self, votes: Votes, known: NDArray[np.int16] | None, probs: Floats | None) -> None:
        """Count a piece."""
        voted, many, torn = _records(votes)
        self.votes += _sums(voted)
        self.overlap += _sums(voted[many])
        self.conflict += _sums(voted[torn])
        self.records += [int(any_vote(votes).sum()), int(many.sum()), int(torn.sum())]
        for j in range(votes.shape[1]):
            rows = np.flatnonzero(voted[:, j])
            cast = votes[rows, j]
            self.by_label[j] += np.bincount(cast, minlength=self.by_label.shape[1])
            if probs is not None:
                self.trust[j] += probs[rows, cast].sum()
        if known is not None:
            met = np.flatnonzero(known >= 0)
            self.met += _sums(votes[met] >= 0)
            self.right += _sums(votes[met] == known[met, None])


def _records(votes: Votes) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """Return n×m: the LF votes; and n each: at least two LFs vote, at least two disagree."""
    voted = votes >= 0
    if votes.shape[1] == 0:
        none = np.zeros(len(votes), np.bool_)
        return voted, none, none
    most = votes.max(axis=1)
    # As unsigned numbers abstains are the largest, so the minimum is the smallest vote.
    least = votes.view(f"u{votes.dtype.itemsize}").min(axis=1)
    return voted, voted.sum(axis=1, dtype=np.int32) > 1, (most >= 0) & (least < most.astype(least.dtype))


def _sums(mask: NDArray[np.bool_]) -> Ints:
    return np.asarray(mask.sum(axis=0, dtype=np.int64))


def _share(count: Any, n: int) -> float:
    return float(count) / n if n else 0.0


def _gold_fields(right: int, met: int) -> dict[str, Any]:
    low, high = wilson(right, met) or (None, None)
    accuracy = right / met if met else None
    return {"gold_accuracy": accuracy, "gold_low": low, "gold_high": high, "gold_votes": met}


def _interval(row: LFRow) -> str:
    return "-" if row.gold_low is None else f"{row.gold_low:.2f}-{row.gold_high:.2f}"
