"""What a change of labeling functions moved: votes, labels, and whether reviewed records got better."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ids, Ints
from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError

SHOWN = 20
"""Records of each move that are named."""


@dataclass(frozen=True)
class LFChange:
    """An LF whose votes differ: how many it cast before and after, and on how many shared records they differ."""

    lf: str
    before: int
    after: int
    changed: int


@dataclass(frozen=True)
class Move:
    """Records whose label went from one to another.

    Attributes
    ----------
    before, after
        The labels.
    count
        How many.
    lfs
        The LFs whose votes changed on them, with how often, most often first.
    records
        The first of them, in the order of the corpus.
    """

    before: str
    after: str
    count: int
    lfs: dict[str, int]
    records: tuple[str, ...]


@dataclass(frozen=True)
class LabelsDiff:
    """The difference of two runs.

    Attributes
    ----------
    shared, only_before, only_after
        Records of both, and of one.
    lfs
        Those whose votes differ, those that changed most first; one that is not there casts 0 votes.
    moves
        Labels that moved, most frequent first.
    reviewed
        Records of both that were decided, and labeled by the model in both runs.
    right_before, right_after
        How many of those had the decided label.
    mended, broken
        Which of them became right, and wrong.
    """

    shared: int
    only_before: int
    only_after: int
    lfs: tuple[LFChange, ...]
    moves: tuple[Move, ...]
    reviewed: int
    right_before: int
    right_after: int
    mended: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def moved(self) -> int:
        """How many records have another label."""
        return sum(move.count for move in self.moves)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return {"moved": self.moved, **asdict(self)}


@dataclass(frozen=True, eq=False)
class Side:
    """One of the runs: its votes, its labels before review, of the same records."""

    votes: VoteMatrix
    labels: Labels


def diff_labels(before: Side, after: Side, decided: Mapping[str, str]) -> LabelsDiff:
    """Compare two runs of a task.

    Parameters
    ----------
    before, after
        The runs; their corpora may differ.
    decided
        The decided label by record id, as `agreed_labels` returns it.

    Raises
    ------
    VotesError
        The runs have different labels.
    """
    names = before.labels.labels
    if names != after.labels.labels:
        raise VotesError(f"The runs have different labels: {list(names)} and {list(after.labels.labels)}.")
    first, second = _shared(before.labels.ids, after.labels.ids)
    ids = before.labels.ids[first]
    old, new = before.labels.hard_indices()[first], after.labels.hard_indices()[second]
    lfs, changed = _changes(before.votes, after.votes, first, second)
    truth = align_gold(dict(decided), ids, names).astype(np.int64)
    model = (before.labels.source[first] == "model") & (after.labels.source[second] == "model")
    known = (truth >= 0) & model
    was, is_ = known & (old == truth), known & (new == truth)
    return LabelsDiff(
        shared=len(ids),
        only_before=before.labels.n - len(ids),
        only_after=after.labels.n - len(ids),
        lfs=lfs,
        moves=_moves(ids, old, new, names, changed),
        reviewed=int(known.sum()),
        right_before=int(was.sum()),
        right_after=int(is_.sum()),
        mended=tuple(ids[is_ & ~was].tolist()),
        broken=tuple(ids[was & ~is_].tolist()),
    )


def _shared(one: Ids, other: Ids) -> tuple[Ints, Ints]:
    """Return the rows of the ids that both have, in the order of the first."""
    place = {record: row for row, record in enumerate(other.tolist())}
    pairs = [(row, place[record]) for row, record in enumerate(one.tolist()) if record in place]
    rows = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return rows[:, 0], rows[:, 1]


def _changes(
    before: VoteMatrix, after: VoteMatrix, first: Ints, second: Ints
) -> tuple[tuple[LFChange, ...], dict[str, NDArray[np.bool_]]]:
    """Return the LFs whose votes differ, and for each where they do."""
    changes, where = [], {}
    for lf in dict.fromkeys((*before.lf_names, *after.lf_names)):
        old, new = _column(before, lf), _column(after, lf)
        differ = old[first] != new[second]
        if differ.any() or (lf in before.lf_names) != (lf in after.lf_names):
            changes.append(LFChange(lf, int((old >= 0).sum()), int((new >= 0).sum()), int(differ.sum())))
            where[lf] = differ
    return tuple(sorted(changes, key=lambda one: (-one.changed, one.lf))), where


def _column(votes: VoteMatrix, lf: str) -> Ints:
    if lf not in votes.lf_names:
        return np.full(votes.n, -1, np.int64)
    return votes.votes[:, votes.lf_names.index(lf)].astype(np.int64)


def _moves(
    ids: Ids, old: Ints, new: Ints, names: tuple[str, ...], changed: Mapping[str, NDArray[np.bool_]]
) -> tuple[Move, ...]:
    moves = []
    for (a, b), count in Counter(zip(old[old != new].tolist(), new[old != new].tolist())).items():
        rows = np.flatnonzero((old == a) & (new == b))
        blamed = {lf: int(where[rows].sum()) for lf, where in changed.items() if where[rows].any()}
        lfs = dict(sorted(blamed.items(), key=lambda pair: (-pair[1], pair[0])))
        moves.append(Move(names[a], names[b], count, lfs, tuple(ids[rows[:SHOWN]].tolist())))
    return tuple(sorted(moves, key=lambda move: (-move.count, move.before, move.after)))
