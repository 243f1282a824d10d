"""What a change of labeling functions moved in a task of spans."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

from wslabel.analysis.diff import SHOWN, LFChange, Move
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.errors import VotesError

NOTHING, OTHER_ENDS = "nothing", "with other ends"
Span = tuple[int, int, str]
Spans = dict[str, frozenset[Span]]


@dataclass(frozen=True)
class SpansDiff:
    """The difference of two runs of a task of spans.

    Attributes
    ----------
    shared, only_before, only_after
        Records of both, and of one.
    changed
        Shared records whose spans differ.
    lfs
        Those whose votes differ, those that changed most first; one that is not there casts 0 votes.
    moves
        Labels of spans that moved, most frequent first: to or from ``nothing``, to another label, or to the same
        ``with other ends``. `count` is of spans.
    reviewed
        Records of both that were decided, and labeled by the model in both runs.
    f1_before, f1_after
        F1 of exact spans on those; None without any.
    mended, broken
        Which of them became just what reviewers marked, and were so and are no longer.
    """

    shared: int
    only_before: int
    only_after: int
    changed: int
    lfs: tuple[LFChange, ...]
    moves: tuple[Move, ...]
    reviewed: int
    f1_before: float | None
    f1_after: float | None
    mended: tuple[str, ...]
    broken: tuple[str, ...]

    @property
    def moved(self) -> int:
        """How many spans came, went or changed."""
        return sum(move.count for move in self.moves)

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return {"moved": self.moved, **asdict(self)}


@dataclass(frozen=True, eq=False)
class SpanSide:
    """One of the runs: its votes, its labels before review, of the same records."""

    votes: SpanVotes
    labels: SpanLabels


def diff_spans(before: SpanSide, after: SpanSide, decided: SpanLabels) -> SpansDiff:
    """Compare two runs of a task of spans.

    Parameters
    ----------
    before, after
        The runs; their corpora may differ.
    decided
        What reviewers marked in some records, as `span_gold` makes it of `agreed_labels`.

    Raises
    ------
    VotesError
        The runs have different labels.
    """
    names = before.labels.labels
    if names != after.labels.labels:
        raise VotesError(f"The runs have different labels: {list(names)} and {list(after.labels.labels)}.")
    old, new, true = (_by_id(labels) for labels in (before.labels, after.labels, decided))
    shared = [record for record in old if record in new]
    lfs, where = _changes(before.votes, after.votes, set(shared))
    model = [dict(zip(side.labels.ids.tolist(), (side.labels.source == "model").tolist())) for side in (before, after)]
    known = [record for record in shared if record in true and all(one[record] for one in model)]
    right = {record: (old[record] == true[record], new[record] == true[record]) for record in known}
    return SpansDiff(
        shared=len(shared),
        only_before=len(old) - len(shared),
        only_after=len(new) - len(shared),
        changed=sum(old[record] != new[record] for record in shared),
        lfs=lfs,
        moves=_moves(old, new, shared, where),
        reviewed=len(known),
        f1_before=_f1(old, true, known),
        f1_after=_f1(new, true, known),
        mended=tuple(record for record, (was, is_) in right.items() if is_ and not was),
        broken=tuple(record for record, (was, is_) in right.items() if was and not is_),
    )


def _by_id(labels: SpanLabels) -> Spans:
    return {one: frozenset((s.start, s.end, s.label) for s in some) for one, some in labels.by_id().items()}


def _f1(found: Spans, true: Spans, records: list[str]) -> float | None:
    both, all_ = (
        sum(len(found[one] & true[one]) for one in records),
        sum(len(found[one]) + len(true[one]) for one in records),
    )
    return (2 * both / all_ if all_ else 1.0) if records else None


def _changes(before: SpanVotes, after: SpanVotes, shared: set[str]) -> tuple[tuple[LFChange, ...], dict[str, set[str]]]:
    """Return the LFs whose votes differ, and for each in which records they do."""
    old, new = _by_lf(before), _by_lf(after)
    changes, where = [], {}
    for lf in dict.fromkeys((*before.lf_names, *after.lf_names)):
        was, is_ = old.get(lf, set()), new.get(lf, set())
        differ = {record for record, *_ in was ^ is_} & shared
        if differ or (lf in before.lf_names) != (lf in after.lf_names):
            changes.append(LFChange(lf, len(was), len(is_), len(differ)))
            where[lf] = differ
    return tuple(sorted(changes, key=lambda one: (-one.changed, one.lf))), where


def _by_lf(votes: SpanVotes) -> dict[str, set[tuple[str, int, int, str]]]:
    found: dict[str, set[tuple[str, int, int, str]]] = {}
    for one in votes.votes:
        found.setdefault(one.lf, set()).add((one.id, one.start, one.end, one.label))
    return found


def _moves(old: Spans, new: Spans, shared: list[str], where: dict[str, set[str]]) -> tuple[Move, ...]:
    found: dict[tuple[str, str], list[str]] = {}
    for record in shared:
        for pair in _moved(old[record] - new[record], new[record] - old[record]):
            found.setdefault(pair, []).append(record)
    moves = []
    for (was, is_), records in found.items():
        blamed = {lf: sum(record in some for record in records) for lf, some in where.items()}
        lfs = {lf: count for lf, count in sorted(blamed.items(), key=lambda pair: (-pair[1], pair[0])) if count}
        moves.append(Move(was, is_, len(records), lfs, tuple(dict.fromkeys(records))[:SHOWN]))
    return tuple(sorted(moves, key=lambda move: (-move.count, move.before, move.after)))


def _moved(gone: frozenset[Span], come: frozenset[Span]) -> Iterator[tuple[str, str]]:
    """Yield what became of each span that is gone, and where those came from that are left."""
    left = sorted(come)
    for start, end, label in sorted(gone):
        near = [one for one in left if one[0] < end and start < one[1]]
        near.sort(key=lambda one: (one[:2] != (start, end), one[2] != label, one))
        if near:
            left.remove(near[0])
            yield label, OTHER_ENDS if near[0][2] == label else near[0][2]
        else:
            yield label, NOTHING
    yield from ((NOTHING, label) for *_, label in left)
