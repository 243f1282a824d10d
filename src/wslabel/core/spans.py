"""Votes of labeling functions on spans of text."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ids, Ints, frozen, frozen_ids
from wslabel.core.records import Records, read_records
from wslabel.core.task import NO_LABELS, Kind, check_groups, check_labels, label_index
from wslabel.core.votes import Fault, VoteMatrix
from wslabel.errors import VotesError, suggest

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "lf", "start", "end", "label")
SEVERAL = "|"
"""Between the ids of entities, where a name has several."""


@dataclass(frozen=True)
class SpanVote:
    """One vote: `text[start:end]` of the record is of the label, says the LF.

    `entity` tells which known entity it is (ids with ``|`` between where several are possible); "" where none is known.
    """

    id: str
    lf: str
    start: int
    end: int
    label: str
    entity: str = ""


@dataclass(frozen=True, init=False, eq=False)
class SpanVotes:
    """The span votes of m LFs on n records, sorted by record, start, end, LF and label; a repeated vote counts once.

    Parameters
    ----------
    ids
        n distinct record ids; those without a vote too.
    lengths
        n lengths of the texts, in characters.
    votes
        Offsets are characters of the original text, end exclusive.
    lf_names
        m distinct names.
    labels
        K label names, at least 1.
    groups
        Names of label groups with their members: a vote for a group says that it is one of its labels.
    faults
        Records on which an LF raised; it votes nothing there.

    Attributes
    ----------
    record, lf, start, end, label
        For each vote the row of its record, the place of its LF, its offsets, and the place of what it votes among
        `names`.
    entity
        For each vote the id of the entity, or "".

    Raises
    ------
    VotesError
        A vote on an unknown record, by an unknown LF, or with offsets outside ``0 <= start < end <= length``.
    TaskError
        A vote for an unknown label.
    """

    ids: Ids
    lengths: Ints
    lf_names: tuple[str, ...]
    labels: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]] = field(repr=False)
    record: Ints = field(repr=False)
    lf: Ints = field(repr=False)
    start: Ints = field(repr=False)
    end: Ints = field(repr=False)
    label: Ints = field(repr=False)
    entity: NDArray[np.object_] = field(repr=False)
    faults: tuple[Fault, ...] = field(repr=False)

    def __init__(
        self,
        ids: Sequence[Any] | Ids,
        lengths: Any,
        votes: Sequence[SpanVote],
        lf_names: Sequence[str],
        labels: Sequence[str],
        groups: Mapping[str, Sequence[str]] | None = None,
        faults: Sequence[Fault] = (),
    ) -> None:
        columns = [[getattr(vote, name) for vote in votes] for name in (*COLUMNS, "entity")]
        self._take(ids, lengths, columns, lf_names, labels, groups, faults)

    @classmethod
    def from_columns(
        cls,
        ids: Sequence[Any] | Ids,
        lengths: Any,
        columns: Sequence[Any],
        lf_names: Sequence[str],
        labels: Sequence[str],
        groups: Mapping[str, Sequence[str]] | None = None,
    ) -> SpanVotes:
        """Build span votes from columns of equal length: id, lf, start, end, label and, where known, entity."""
        made = cls.__new__(cls)
        made._take(ids, lengths, columns, lf_names, labels, groups, ())
        return made

    @classmethod
    def from_places(
        cls,
        ids: Sequence[Any] | Ids,
        lengths: Any,
        columns: Sequence[Ints],
        lf_names: Sequence[str],
        labels: Sequence[str],
        groups: Mapping[str, Sequence[str]] | None = None,
        faults: Sequence[Fault] = (),
    ) -> SpanVotes:
        """Build span votes from right columns of numbers: row of the record, place of the LF, start, end, label."""
        made = cls.__new__(cls)
        numbers = [np.asarray(column, np.int64) for column in columns]
        entity = np.full(len(numbers[0]), "", object)
        made._fill(frozen_ids(ids, "Span votes"), lengths, [*numbers, entity], lf_names, labels, groups, faults)
        return made

    def _take(
        self,
        ids: Sequence[Any] | Ids,
        lengths: Any,
        columns: Sequence[Any],
        lf_names: Sequence[str],
        labels: Sequence[str],
        groups: Mapping[str, Sequence[str]] | None,
        faults: Sequence[Fault],
    ) -> None:
        """Bring columns of names to numbers."""
        checked_ids, sizes = frozen_ids(ids, "Span votes"), np.array(lengths, dtype=np.int64)
        if sizes.shape != (len(checked_ids),) or (sizes < 0).any():
            raise VotesError(f"{len(checked_ids)} records need {len(checked_ids)} text lengths >= 0.")
        names = check_labels(list(labels), "Span votes", "spans")
        members = check_groups(groups or {}, names, "Span votes")
        given = (list(columns[0]), list(columns[1]), list(columns[4]))
        record = places(checked_ids.tolist(), given[0])
        lf, label = places(list(lf_names), given[1]), places([*names, *members], given[2])
        start, end = (whole_numbers(column) for column in columns[2:4])
        entity = np.array([*columns[5], None] if len(columns) > 5 else [""] * len(start) + [None], object)[:-1]
        self._check(given, (record, lf, start, end, label), sizes, lf_names, names)
        self._fill(checked_ids, sizes, [record, lf, start, end, label, entity], lf_names, labels, groups, faults)

    def _fill(
        self,
        ids: Ids,
        lengths: Any,
        columns: Sequence[Any],
        lf_names: Sequence[str],
        labels: Sequence[str],
        groups: Mapping[str, Sequence[str]] | None,
        faults: Sequence[Fault],
    ) -> None:
        """Sort the votes, and leave out repeated ones."""
        record, lf, start, end, label, entity = columns
        names = check_labels(list(labels), "Span votes", "spans")
        order = np.lexsort((label, lf, end, start, record))
        keys = np.stack([record, start, end, lf, label], axis=1)[order]
        order = order[np.append(True, (keys[1:] != keys[:-1]).any(axis=1))[: len(order)]]
        values = {"record": record, "lf": lf, "start": start, "end": end, "label": label, "entity": entity}
        for name, column in values.items():
            object.__setattr__(self, name, frozen(column[order]))
        object.__setattr__(self, "ids", ids)
        object.__setattr__(self, "lengths", frozen(np.array(lengths, np.int64)))
        object.__setattr__(self, "lf_names", tuple(lf_names))
        object.__setattr__(self, "labels", names)
        object.__setattr__(self, "groups", check_groups(groups or {}, names, "Span votes"))
        object.__setattr__(self, "faults", tuple(faults))

    @staticmethod
    def _check(
        given: tuple[list[Any], ...],
        columns: tuple[Ints, ...],
        lengths: Ints,
        lf_names: Sequence[str],
        labels: tuple[str, ...],
    ) -> None:
        """Raise for the first vote that is none."""
        record, lf, start, end, label = columns
        for row in np.flatnonzero((lf < 0) | (label < 0))[:1].tolist():
            ids, names, said = (column[row] for column in given)
            if lf[row] < 0:
                raise VotesError(f"Record {ids}: a vote by {names!r}, which is none of the LFs {list(lf_names)}.")
            label_index(said, labels, f"Record {ids}, LF {names}: the task")
        require_spans(given[0], (record, start, end), lengths, given[1])

    @classmethod
    def from_pandas(
        cls,
        frame: pd.DataFrame,
        records: Records | Any,
        labels: Sequence[str],
        groups: Mapping[str, Sequence[str]] | None = None,
    ) -> SpanVotes:
        """Build span votes from a frame with the columns id, lf, start, end, label and, if it likes, entity.

        Parameters
        ----------
        records
            The records that were voted on; those without a vote count too.
        labels, groups
            As for the class.
        """
        missing = [column for column in COLUMNS if column not in frame.columns]
        if missing:
            raise VotesError(f"Span votes need the columns {', '.join(COLUMNS)}; {missing[0]!r} is missing.")
        lengths = text_lengths(records if isinstance(records, Records) else read_records(records))
        columns = [frame[name].tolist() for name in (*COLUMNS, "entity") if name in frame.columns]
        columns[0] = list(map(str, columns[0]))
        lf_names = list(dict.fromkeys(columns[1]))
        return cls.from_columns(list(lengths), list(lengths.values()), columns, lf_names, labels, groups)

    @property
    def kind(self) -> Kind:
        """``spans``, as the task's."""
        return "spans"

    @property
    def n(self) -> int:
        """The number of records."""
        return len(self.ids)

    @property
    def m(self) -> int:
        """The number of LFs."""
        return len(self.lf_names)

    @property
    def names(self) -> tuple[str, ...]:
        """What may be voted: the labels, then the groups."""
        return (*self.labels, *self.groups)

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: at least one LF votes on the record."""
        out = np.zeros(self.n, np.bool_)
        out[self.record] = True
        return frozen(out)

    @cached_property
    def corroboration(self) -> float:
        """How far LFs confirm each other: of the votes but for those of each label's busiest LF, the share that another
        LF's vote for the label touches. 1 where nobody votes, 0 where no two LFs vote for one label.

        The busiest LF is left out, since the others can touch few of its votes, however much it sees.
        """
        touched = np.zeros(len(self), np.bool_)
        room = int(self.lengths.max(initial=0)) + 1
        place = (self.label * len(self.ids) + self.record) * room
        order = np.lexsort((self.start, place))
        start, end, lf = (place + self.start)[order], (place + self.end)[order], self.lf[order]
        for step in range(1, self.m + 1):  # votes on one place are at most so far apart where each LF votes once
            near = (start[step:] < end[:-step]) & (lf[step:] != lf[:-step])
            touched[order[step:][near]] = touched[order[:-step][near]] = True
            if not (start[step:] < end[:-step]).any():
                break
        counts = np.zeros((self.m, len(self.names)), np.int64)
        np.add.at(counts, (self.lf, self.label), 1)
        rival = self.lf != counts.argmax(axis=0)[self.label] if len(self) else touched
        return float(touched[rival].mean()) if rival.any() else float(not len(self))

    @cached_property
    def clashes(self) -> tuple[Ints, Ints]:
        """The places of the votes that overlap another one and cannot both be right, pair by pair.

        A vote for a group contradicts none for a member of it, nor for a group that shares a member.
        """
        members = [{name} for name in self.labels] + [{*some} for some in self.groups.values()]
        apart = np.array([[not one & other for other in members] for one in members])
        found = [np.zeros((2, 0), np.int64)]
        for step in range(1, len(self)):
            over = (self.record[step:] == self.record[:-step]) & (self.start[step:] < self._reach[:-step])
            if not over.any():
                break
            over &= (self.start[step:] < self.end[:-step]) & apart[self.label[step:], self.label[:-step]]
            first = np.flatnonzero(over)
            found.append(np.stack([first, first + step]))
        first, second = np.concatenate(found, axis=1)
        return frozen(first), frozen(second)

    @cached_property
    def _reach(self) -> Ints:
        """For each vote the furthest end of any of its record that begin no later."""
        room = int(self.lengths.max(initial=0)) + 1
        furthest: Ints = np.maximum.accumulate(self.record * room + self.end) - self.record * room
        return furthest

    @cached_property
    def votes(self) -> tuple[SpanVote, ...]:
        """The votes as values."""
        return self.rows(0, len(self))

    def rows(self, begin: int, end: int) -> tuple[SpanVote, ...]:
        """Return some of the votes as values, by their places."""
        return tuple(SpanVote(*row) for row in zip(*self._columns(slice(begin, end)).values()))

    def by_record(self) -> VoteMatrix:
        """Return for each record and LF the label of the LF's first span in it, as a vote on the record."""
        votes = np.full((self.n, self.m), -1, np.int16)
        votes[self.record[::-1], self.lf[::-1]] = self.label[::-1]
        names = self.names if len(self.names) > 1 else (*self.names, NO_LABELS)
        return VoteMatrix(self.ids, votes, self.lf_names, names, self.faults, "multilabel")

    def only(self, lf_names: Sequence[str]) -> SpanVotes:
        """Return the votes of these LFs, in this order."""
        for name in lf_names:
            if name not in self.lf_names:
                raise VotesError(f"There is no LF {name!r} in these votes. {suggest(name, self.lf_names)}")
        keep = np.isin(self.lf, [self.lf_names.index(name) for name in lf_names])
        place = np.array([lf_names.index(name) if name in lf_names else -1 for name in self.lf_names])
        made = SpanVotes.__new__(SpanVotes)
        columns = [self.record, place[self.lf], self.start, self.end, self.label, self.entity]
        faults = [fault for fault in self.faults if fault.lf in lf_names]
        kept = [column[keep] for column in columns]
        made._fill(self.ids, self.lengths, kept, lf_names, self.labels, self.groups, faults)
        return made

    def given_to(self, lf: Ints) -> SpanVotes:
        """Return the same votes as those of other LFs; `lf` has the place of one for each vote."""
        made = SpanVotes.__new__(SpanVotes)
        columns = [self.record, lf, self.start, self.end, self.label, self.entity]
        made._fill(self.ids, self.lengths, columns, self.lf_names, self.labels, self.groups, self.faults)
        return made

    def with_entities(self, entity: NDArray[np.object_]) -> SpanVotes:
        """Return the same votes with these ids (see `joined`), one a vote."""
        made = copy(self)
        object.__setattr__(made, "entity", frozen(entity))
        made.__dict__.pop("votes", None)
        return made

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a vote: id, lf, start, end, label, and entity where one is known."""
        import pandas as pd

        frame = pd.DataFrame(self._columns())
        return frame if (self.entity != "").any() else frame[list(COLUMNS)]

    def _columns(self, where: slice = slice(None)) -> dict[str, list[Any]]:
        return {
            "id": self.ids[self.record[where]].tolist(),
            "lf": [self.lf_names[at] for at in self.lf[where].tolist()],
            "start": self.start[where].tolist(),
            "end": self.end[where].tolist(),
            "label": [self.names[at] for at in self.label[where].tolist()],
            "entity": self.entity[where].tolist(),
        }

    def __len__(self) -> int:
        return len(self.record)

    def __repr__(self) -> str:
        return f"SpanVotes({self.n} records × {self.m} LFs, {len(self)} votes)"


def joined(entities: Iterable[str]) -> str:
    """Return the ids of entities as `SpanVote.entity` holds them."""
    return SEVERAL.join(entities)


def text_lengths(records: Records) -> dict[str, int]:
    """Return the length of each record's text in characters, by id."""
    import pyarrow.compute as pc

    return {
        record: length or 0
        for batch in records.batches()
        for record, length in zip(batch["id"].to_pylist(), pc.utf8_length(batch["text"]).to_pylist())
    }


def places(known: Sequence[Any], given: Sequence[Any]) -> Ints:
    """Return for each name its place among those known, -1 where it is not."""
    index = {name: place for place, name in enumerate(known)}
    return np.fromiter((index.get(name, -1) for name in given), np.int64, len(given))


def whole_numbers(values: Any) -> Ints:
    """Return the offsets as integers.

    Raises
    ------
    VotesError
        One is not whole.
    """
    try:
        array = np.asarray(values)
        if array.size and array.dtype.kind not in "iu" and (array.astype(np.float64) % 1 != 0).any():
            raise ValueError(f"{values!r:.80}")
        return array.astype(np.int64)
    except (TypeError, ValueError) as error:
        raise VotesError(f"Offsets of spans are whole numbers: {error}.") from None


def require_spans(
    ids: Sequence[Any], columns: tuple[Ints, Ints, Ints], lengths: Ints, lf_names: Sequence[str] = ()
) -> None:
    """Raise `VotesError` for the first span of an unknown record, or that does not lie in its text.

    Parameters
    ----------
    ids
        For each span the id of its record.
    columns
        For each span the row of its record (-1: unknown), its start and its end.
    lengths
        n lengths of texts.
    lf_names
        For each span the LF that voted it, if one did.
    """
    record, start, end = columns
    known = np.append(lengths, -1)[record]
    for row in np.flatnonzero((record < 0) | (start < 0) | (start >= end) | (end > known))[:1].tolist():
        who = f", LF {lf_names[row]}" if len(lf_names) else ""
        if record[row] < 0:
            raise VotesError(f"Record {ids[row]}{who}: a span of a record that is not among the records.")
        raise VotesError(
            f"Record {ids[row]}{who}: the span {start[row]}..{end[row]} does not lie in the text of "
            f"{known[row]} characters. Expected 0 <= start < end <= length, end exclusive."
        )
