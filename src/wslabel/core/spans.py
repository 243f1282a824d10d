"""Votes of labeling functions on spans of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wslabel.core.arrays import Ids, Ints, frozen, frozen_ids
from wslabel.core.records import Records, read_records
from wslabel.core.task import check_labels, label_index
from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "lf", "start", "end", "label")


@dataclass(frozen=True)
class SpanVote:
    """One vote: `text[start:end]` of the record is of the label, says the LF."""

    id: str
    lf: str
    start: int
    end: int
    label: str


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

    Raises
    ------
    VotesError
        A vote on an unknown record, by an unknown LF, or with offsets outside ``0 <= start < end <= length``.
    TaskError
        A vote for an unknown label.
    """

    ids: Ids
    lengths: Ints
    votes: tuple[SpanVote, ...]
    lf_names: tuple[str, ...]
    labels: tuple[str, ...]

    def __init__(
        self,
        ids: Sequence[Any] | Ids,
        lengths: Any,
        votes: Sequence[SpanVote],
        lf_names: Sequence[str],
        labels: Sequence[str],
    ) -> None:
        checked_ids, sizes = frozen_ids(ids, "Span votes"), np.array(lengths, dtype=np.int64)
        if sizes.shape != (len(checked_ids),) or (sizes < 0).any():
            raise VotesError(f"{len(checked_ids)} records need {len(checked_ids)} text lengths >= 0.")
        names = check_labels(list(labels), "Span votes", "spans")
        rows = {record: row for row, record in enumerate(checked_ids)}
        length = dict(zip(checked_ids, sizes.tolist()))
        places = {name: column for column, name in enumerate(lf_names)}
        for vote in votes:
            _check(vote, length)
            label_index(vote.label, names, f"Record {vote.id}, LF {vote.lf}: the task")
            if vote.lf not in places:
                raise VotesError(f"Record {vote.id}: a vote by {vote.lf!r}, which is none of the LFs {list(lf_names)}.")
        ordered = sorted(set(votes), key=lambda v: (rows[v.id], v.start, v.end, places[v.lf], v.label))
        object.__setattr__(self, "ids", checked_ids)
        object.__setattr__(self, "lengths", frozen(sizes))
        object.__setattr__(self, "votes", tuple(ordered))
        object.__setattr__(self, "lf_names", tuple(lf_names))
        object.__setattr__(self, "labels", names)

    @classmethod
    def from_pandas(cls, frame: pd.DataFrame, records: Records | Any, labels: Sequence[str]) -> SpanVotes:
        """Build span votes from a frame with the columns id, lf, start, end, label.

        Parameters
        ----------
        records
            The records that were voted on; those without a vote count too.
        """
        missing = [column for column in COLUMNS if column not in frame.columns]
        if missing:
            raise VotesError(f"Span votes need the columns {', '.join(COLUMNS)}; {missing[0]!r} is missing.")
        lengths = _lengths(records if isinstance(records, Records) else read_records(records))
        rows = zip(*(frame[column].tolist() for column in COLUMNS))
        votes = [SpanVote(str(record), lf, int(start), int(end), label) for record, lf, start, end, label in rows]
        lf_names = list(dict.fromkeys(vote.lf for vote in votes))
        return cls(list(lengths), list(lengths.values()), votes, lf_names, labels)

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a vote: id, lf, start, end, label."""
        import pandas as pd

        rows = [(vote.id, vote.lf, vote.start, vote.end, vote.label) for vote in self.votes]
        return pd.DataFrame(rows, columns=list(COLUMNS))

    def __len__(self) -> int:
        return len(self.votes)

    def __repr__(self) -> str:
        return f"SpanVotes({len(self.ids)} records × {len(self.lf_names)} LFs, {len(self)} votes)"


def _check(vote: SpanVote, lengths: Mapping[str, int]) -> None:
    if vote.id not in lengths:
        raise VotesError(f"LF {vote.lf} votes on the record {vote.id!r}, which is not among the records.")
    if not 0 <= vote.start < vote.end <= lengths[vote.id]:
        raise VotesError(
            f"Record {vote.id}, LF {vote.lf}: the span {vote.start}..{vote.end} does not lie in the text of "
            f"{lengths[vote.id]} characters. Expected 0 <= start < end <= length, end exclusive."
        )


def _lengths(records: Records) -> dict[str, int]:
    return {
        record: len(text)
        for batch in records.batches()
        for record, text in zip(batch["id"].to_pylist(), batch["text"].to_pylist())
    }
