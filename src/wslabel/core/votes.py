"""The vote matrix and its patterns: what labeling functions say, and all that label models see."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids, Ints, frozen, frozen_ids
from wslabel.core.sensitive import follow
from wslabel.core.soft import SoftVotes, soft_from_array
from wslabel.core.task import Kind, check_labels
from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd

ABSTAIN_INDEX = -1
"""The vote of an LF that says nothing."""
BLOCK = 100_000
"""Rows of a piece of votes."""
FAULT_INDEX = -2
"""The vote of an LF that raised: only in flight between kernel and vote matrix, never an abstain in silence."""

MANY, SAMPLE, MOSTLY = 100_000, 20_000, 0.95
"""From so many rows on a sample tells whether more than this share of them is distinct."""

Votes = NDArray[np.int8] | NDArray[np.int16]


@dataclass(frozen=True)
class Fault:
    """An LF that raised, or returned what it had not declared, on one record."""

    lf: str
    id: str
    error: str
    traceback: str = ""


@dataclass(frozen=True, init=False, eq=False)
class VoteMatrix:
    """The votes of m LFs on n records of a task with K labels.

    Parameters
    ----------
    ids
        n distinct record ids.
    votes
        n×m integers in {-1, 0, .., K-1}; -1 abstains. Stored as int8 (int16 where K > 127), read-only.
    lf_names
        m distinct names, in the suite's order.
    labels
        K label names; a vote is an index into them.
    faults
        Records on which an LF raised; the vote there is an abstain.
    kind
        How records of the task carry labels. In a ``multilabel`` task votes for two labels do not contradict each other
        (see `wslabel.core.multilabel`).
    soft
        The votes that came with a confidence; what is said of votes elsewhere holds for their labels.

    Raises
    ------
    VotesError
        Parts that do not fit together, or a vote outside -1..K-1.

    Examples
    --------
    >>> votes = VoteMatrix.from_array([[0, -1], [1, 1]], labels=["ham", "spam"])
    >>> votes.n, votes.m, votes.covered.tolist()
    (2, 2, [True, True])
    """

    ids: Ids
    votes: Votes
    lf_names: tuple[str, ...]
    labels: tuple[str, ...]
    faults: tuple[Fault, ...]
    kind: Kind
    soft: SoftVotes | None

    def __init__(
        self,
        ids: Sequence[Any] | Ids,
        votes: NDArray[Any],
        lf_names: Sequence[str],
        labels: Sequence[str],
        faults: Sequence[Fault] = (),
        kind: Kind = "single",
        soft: SoftVotes | None = None,
    ) -> None:
        names, checked_labels = tuple(lf_names), check_labels(list(labels), "A vote matrix")
        if votes.ndim != 2 or votes.shape != (len(ids), len(names)):
            raise VotesError(
                f"The votes have shape {votes.shape}; expected ({len(ids)}, {len(names)}): a row an id, a column an LF."
            )
        if len(set(names)) != len(names):
            twice = sorted({name for name in names if names.count(name) > 1})
            raise VotesError(f"LF names must be distinct; these stand twice: {', '.join(twice)}.")
        object.__setattr__(self, "ids", frozen_ids(ids, "A vote matrix"))
        object.__setattr__(self, "votes", frozen(_checked_votes(votes, len(checked_labels), names)))
        object.__setattr__(self, "lf_names", names)
        object.__setattr__(self, "labels", checked_labels)
        object.__setattr__(self, "faults", tuple(faults))
        object.__setattr__(self, "kind", kind)
        object.__setattr__(self, "soft", soft)

    @classmethod
    def from_array(
        cls,
        array: Any,
        labels: Sequence[str],
        ids: Sequence[Any] | None = None,
        lf_names: Sequence[str] | None = None,
        kind: Kind = "single",
        confidence: Any = None,
    ) -> VoteMatrix:
        """Build votes from an n×m array in Snorkel's convention: label indices, -1 abstains.

        `confidence` holds n×m numbers in 0..1, NaN for votes without one.
        """
        votes = np.asarray(array)
        if votes.ndim != 2:
            raise VotesError(f"Votes are a table of records × LFs; this array has shape {votes.shape}.")
        names = [f"lf_{j}" for j in range(votes.shape[1])] if lf_names is None else lf_names
        soft = soft_from_array(confidence, votes)
        known = [str(i) for i in range(len(votes))] if ids is None else ids
        return cls(known, votes, names, labels, kind=kind, soft=soft)

    @property
    def n(self) -> int:
        """The number of records."""
        return len(self.ids)

    @property
    def m(self) -> int:
        """The number of LFs."""
        return len(self.lf_names)

    @property
    def cardinality(self) -> int:
        """The number of labels, K."""
        return len(self.labels)

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: at least one LF votes on the record."""
        return frozen(any_vote(self.votes))

    def counts(self) -> Ints:
        """Return the n×K numbers of votes for each label."""
        return count_votes(self.votes, self.cardinality)

    def to_array(self) -> Votes:
        """Return a writable copy of the n×m votes, -1 where an LF abstains."""
        return self.votes.copy()

    def to_pandas(self) -> pd.DataFrame:
        """Return one column of label names an LF (None where it abstains), indexed by record id."""
        import pandas as pd

        names = np.array([*self.labels, None], dtype=object)
        columns = {name: names[self.votes[:, j]] for j, name in enumerate(self.lf_names)}
        return pd.DataFrame(columns, index=pd.Index(self.ids, name="id", dtype=object), dtype=object)

    def confidence(self) -> Floats:
        """Return the n×m confidences of the votes: NaN for votes without one, and where an LF abstains."""
        out = np.full(self.votes.shape, np.nan)
        if self.soft:
            out[self.soft.rows, self.soft.lfs] = self.soft.confidence
        return out

    def blocks(self) -> Iterator[tuple[int, Votes]]:
        """Yield the votes in pieces: the first row, and rows × m label indices."""
        for first in range(0, self.n, BLOCK):
            yield first, self.votes[first : first + BLOCK]

    def select(self, lf_names: Sequence[str]) -> VoteMatrix:
        """Return the votes of the named LFs only, in that order."""
        missing = [name for name in lf_names if name not in self.lf_names]
        if missing:
            raise VotesError(f"There is no LF {missing[0]!r} in these votes; they hold {', '.join(self.lf_names)}.")
        columns = [self.lf_names.index(name) for name in lf_names]
        faults = [fault for fault in self.faults if fault.lf in set(lf_names)]
        soft = self.soft.of_lfs(columns) if self.soft else None
        made = VoteMatrix(self.ids, self.votes[:, columns], lf_names, self.labels, faults, self.kind, soft)
        return follow(made, self)

    def patterns(self, gold: NDArray[np.int16] | None = None) -> VotePatterns:
        """Return the distinct rows of votes with their counts, and with the gold labels met on each.

        Parameters
        ----------
        gold
            n class indices, -1 where the record's gold label is unknown.
        """
        first, inverse = self._distinct
        return VotePatterns.from_distinct(self.votes, self.labels, first, inverse, gold)

    @cached_property
    def _distinct(self) -> tuple[Ints, Ints]:
        return distinct_rows(self.votes)

    def __repr__(self) -> str:
        return f"VoteMatrix({self.n} records × {self.m} LFs, coverage {self.covered.mean() if self.n else 0:.3f})"


@dataclass(frozen=True, eq=False)
class VotePatterns:
    """Distinct rows of votes with counts: p patterns of m LFs.

    Where nearly all of many rows are distinct, equal ones may stand more than once.

    Attributes
    ----------
    votes
        p×m label indices, -1 abstains.
    counts
        p positive numbers of records; their sum is n.
    inverse
        n indices: the pattern of each record; empty for patterns that were counted on a cluster.
    gold
        p×K numbers of records with a known gold label.
    labels
        K label names.
    """

    votes: Votes
    counts: Ints
    inverse: Ints
    gold: Ints
    labels: tuple[str, ...]

    def __post_init__(self) -> None:
        here = len(self.inverse) > 0
        if len(self.counts) != len(self.votes) or (here and self.counts.sum() != len(self.inverse)):
            raise VotesError(f"{len(self.votes)} patterns count {self.counts.sum()} of {len(self.inverse)} records.")

    def __repr__(self) -> str:
        p, m = self.votes.shape
        return f"VotePatterns({p} patterns of {m} LFs, {self.counts.sum()} records)"

    @classmethod
    def from_votes(cls, votes: Votes, labels: tuple[str, ...], gold: NDArray[np.int16] | None = None) -> VotePatterns:
        """Count the distinct rows, in the order of their first record."""
        return cls.from_distinct(votes, labels, *distinct_rows(votes), gold)

    @classmethod
    def from_distinct(
        cls, votes: Votes, labels: tuple[str, ...], first: Ints, inverse: Ints, gold: NDArray[np.int16] | None = None
    ) -> VotePatterns:
        """Return the patterns of rows whose first records, and the pattern of each record, are known."""
        counts = np.bincount(inverse, minlength=len(first)).astype(np.int64)
        known = no_gold(len(first), len(labels))
        if gold is not None and (gold >= 0).any():
            rows = np.flatnonzero(gold >= 0)
            known = np.zeros((len(first), len(labels)), np.int64)
            np.add.at(known, (inverse[rows], gold[rows]), 1)
        chosen = votes if len(first) == len(votes) else votes[first]
        return cls(chosen, frozen(counts), frozen(inverse), frozen(known), labels)

    @property
    def cardinality(self) -> int:
        """The number of labels, K."""
        return len(self.labels)

    @property
    def covered(self) -> NDArray[np.bool_]:
        """p booleans: at least one LF votes in the pattern."""
        return any_vote(self.votes)

    @property
    def weights(self) -> Floats:
        """p numbers of records, as floats."""
        return self.counts.astype(np.float64)


def distinct_rows(votes: Votes) -> tuple[Ints, Ints]:
    """Return the first record of each distinct row, and for each of n records its row among them.

    Rows are hashed by Arrow, not sorted. Of many rows that are nearly all distinct each counts as a pattern of its
    own: to find the few that are equal would cost more than to compute them twice.
    """
    n, m = votes.shape
    if n == 0 or m == 0:
        return np.zeros(min(n, 1), np.int64), np.zeros(n, np.int64)
    if n >= MANY and len(hashed_rows(votes[:: n // SAMPLE])[0]) > MOSTLY * SAMPLE:
        return np.arange(n), np.arange(n)
    return hashed_rows(votes)


def hashed_rows(votes: Votes) -> tuple[Ints, Ints]:
    """Return the first record of each distinct row, and for each record its row among them."""
    rows = np.ascontiguousarray(votes)
    width = rows.shape[1] * rows.dtype.itemsize
    keys = pa.FixedSizeBinaryArray.from_buffers(pa.binary(width), len(rows), [None, pa.py_buffer(rows)])
    inverse = keys.dictionary_encode().indices.to_numpy().astype(np.int64)
    return np.unique(inverse, return_index=True)[1], inverse


def any_vote(votes: Votes) -> NDArray[np.bool_]:
    """Return for each row whether an LF votes: -1 has all bits set, and only -1 has."""
    return np.asarray(np.bitwise_and.reduce(votes, axis=1) != ABSTAIN_INDEX)


def no_gold(p: int, cardinality: int) -> Ints:
    """Return p×K zeros that take no memory."""
    return np.broadcast_to(np.int64(0), (p, cardinality))


def count_votes(votes: Votes, cardinality: int) -> Ints:
    """Return the rows × K numbers of votes for each label."""
    return np.stack([(votes == k).sum(axis=1) for k in range(cardinality)], axis=1).astype(np.int64)


def vote_type(cardinality: int) -> type[np.int8] | type[np.int16]:
    """Return the smallest integer type that holds the label indices and -2."""
    return np.int8 if cardinality <= 127 else np.int16


def _checked_votes(votes: NDArray[Any], cardinality: int, names: tuple[str, ...]) -> Votes:
    if votes.dtype.kind == "f" and not (votes == np.floor(votes)).all():
        raise VotesError("Votes are label indices; this array holds fractions or NaN. -1 abstains.")
    if votes.dtype.kind not in "iuf":
        raise VotesError(f"Votes are label indices; this array holds {votes.dtype}. -1 abstains.")
    outside = np.argwhere((votes < -1) | (votes >= cardinality))
    if len(outside):
        row, column = (int(x) for x in outside[0])
        raise VotesError(
            f"Row {row}, LF {names[column]}: vote {votes[row, column]}; expected -1 (abstain) or 0..{cardinality - 1}."
        )
    return votes.astype(np.int8) if cardinality <= 127 else votes.astype(np.int16)
