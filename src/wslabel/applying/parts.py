"""Parts: the votes on one shard, held as the votes that were cast."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.applying.kernel import FAULTS
from wslabel.applying.soft import Confidences, soft_of
from wslabel.applying.span_votes import LENGTHS, SPAN, cast_spans
from wslabel.core.arrays import Ints
from wslabel.core.files import write_atomically
from wslabel.core.votes import ABSTAIN_INDEX, Fault, Votes
from wslabel.errors import VotesError

_ABOUT = b"wslabel"
Rows = NDArray[np.int32]


@dataclass(frozen=True, eq=False)
class Part:
    """The votes on one shard of n records.

    Attributes
    ----------
    ids
        n record ids.
    lf_names
        The LFs, in order.
    rows, votes
        For each vote, sorted by LF and then by record: the row in the shard, and the label index; for spans a
        `SPAN`, of which there may be several a record.
    ends
        For each LF, where its votes end; they begin where those of the LF before end.
    faults
        (row, fault) by record, then by LF.
    lengths
        n lengths of the texts where the votes are on spans, else empty.
    soft
        The confidences of votes that came with one.
    """

    ids: pa.Array
    lf_names: tuple[str, ...]
    rows: Rows
    votes: Votes
    ends: Ints
    faults: tuple[tuple[int, Fault], ...] = ()
    lengths: Rows = field(default_factory=lambda: np.zeros(0, np.int32))
    soft: Confidences = field(default_factory=dict)

    @classmethod
    def of(cls, voted: pa.RecordBatch) -> Part:
        """Take a kernel's output apart: faults become abstains that are told of."""
        names = tuple(name for name in voted.schema.names if name not in ("id", LENGTHS, FAULTS))
        spans = LENGTHS in voted.schema.names
        both = [cast_spans(voted[name]) if spans else _cast(voted[name].to_numpy()) for name in names]
        found, cast = [rows for rows, _ in both], [votes for _, votes in both]
        empty = np.zeros(0, SPAN if spans else np.int8)
        return cls(
            voted["id"],
            names,
            np.concatenate([np.zeros(0, np.int32), *found]),
            np.concatenate(cast) if cast else empty,
            np.cumsum([len(rows) for rows in found], dtype=np.int64),
            tuple(_faults(voted)),
            voted[LENGTHS].fill_null(0).to_numpy() if spans else np.zeros(0, np.int32),
            soft_of(voted),
        )

    def of_lf(self, name: str) -> tuple[Rows, Votes]:
        """Return the rows on which the LF votes, and its votes."""
        place = self.lf_names.index(name)
        begin, end = self.ends[place - 1] if place else 0, self.ends[place]
        return self.rows[begin:end], self.votes[begin:end]

    def dense(self) -> Votes:
        """Return the n×m votes, -1 where an LF abstains."""
        out = np.full((len(self.lf_names), len(self.ids)), ABSTAIN_INDEX, self.votes.dtype)
        lfs = np.repeat(np.arange(len(self.lf_names)), np.diff(self.ends, prepend=0))
        out[lfs, self.rows] = self.votes
        return out.T

    def join(self, other: Part, wanted: Sequence[str]) -> Part:
        """Return the votes of both on the same records, of the wanted LFs in this order; `other` goes first."""
        found = [(other if name in other.lf_names else self).of_lf(name) for name in wanted]
        place = {name: column for column, name in enumerate(wanted)}
        kept = [one for one in self.faults if one[1].lf not in other.lf_names]
        faults = [one for one in (*kept, *other.faults) if one[1].lf in place]
        return Part(
            self.ids,
            tuple(wanted),
            np.concatenate([np.zeros(0, np.int32), *(rows for rows, _ in found)]),
            np.concatenate([votes for _, votes in found]) if found else self.votes[:0],
            np.cumsum([len(rows) for rows, _ in found], dtype=np.int64),
            tuple(sorted(faults, key=lambda one: (one[0], place[one[1].lf]))),
            self.lengths,
            {
                name: some
                for name in wanted
                if (some := (other if name in other.lf_names else self).soft.get(name)) is not None
            },
        )


@dataclass(frozen=True)
class PartFile:
    """A part on disk: what an interrupted run need not do again.

    Attributes
    ----------
    records
        The fingerprint of the records that were voted on.
    lfs
        The fingerprint of each LF that voted.
    """

    part: Part
    records: str
    lfs: Mapping[str, str]

    def write(self, path: Path) -> None:
        """Write the part, whole or not at all."""
        part = self.part
        faults = [{"row": row, **asdict(fault)} for row, fault in part.faults]
        about = {"records": self.records, "lfs": dict(self.lfs), "faults": faults, "soft": part.soft}
        columns = {
            "ids": part.ids,
            "rows": pa.array(part.rows),
            "votes": _plain(part.votes),
            "ends": pa.array(part.ends),
            "lengths": pa.array(part.lengths),
        }
        lists = {name: _one_row(values) for name, values in columns.items()}
        batch = pa.RecordBatch.from_pydict(lists).replace_schema_metadata({_ABOUT: json.dumps(about)})

        def save(beside: Path) -> None:
            with pa.OSFile(str(beside), "wb") as sink, pa.ipc.new_file(sink, batch.schema) as writer:
                writer.write_batch(batch)

        write_atomically(path, save, VotesError)

    @classmethod
    def read(cls, path: Path) -> PartFile | None:
        """Return the part; None where it is missing or damaged."""
        try:
            with pa.OSFile(str(path), "rb") as source:
                batch = pa.ipc.open_file(source).get_batch(0)
            batch.validate(full=True)
            about: dict[str, Any] = json.loads(batch.schema.metadata[_ABOUT])
            ids, rows, votes, ends = (batch[name].flatten() for name in ("ids", "rows", "votes", "ends"))
            lengths = batch["lengths"].flatten().to_numpy()
            faults = tuple((fault.pop("row"), Fault(**fault)) for fault in about["faults"])
            cast = votes.to_numpy() if not len(lengths) else _spans(votes)
            soft = {lf: (some, numbers) for lf, (some, numbers) in about["soft"].items()}
            part = Part(ids, tuple(about["lfs"]), rows.to_numpy(), cast, ends.to_numpy(), faults, lengths, soft)
            return cls(part, about["records"], about["lfs"])
        except (OSError, pa.ArrowInvalid, ValueError, KeyError, TypeError):
            return None


def _cast(column: Any) -> tuple[Rows, Any]:
    """Return the rows on which an LF votes, and its votes."""
    rows = np.flatnonzero(column >= 0).astype(np.int32)
    return rows, column[rows]


def _plain(votes: Any) -> pa.Array:
    """Return the votes as Arrow holds them; spans as three columns in one."""
    if votes.dtype != SPAN:
        return pa.array(votes)
    return pa.StructArray.from_arrays(
        [pa.array(np.ascontiguousarray(votes[name])) for name in SPAN.names or ()], SPAN.names
    )


def _spans(votes: pa.Array) -> Any:
    out = np.empty(len(votes), SPAN)
    for name in SPAN.names or ():
        out[name] = votes.field(name).to_numpy() if len(votes) else 0
    return out


def _one_row(values: pa.Array) -> pa.Array:
    return pa.LargeListArray.from_arrays(pa.array(np.array([0, len(values)])), values)


def _faults(voted: pa.RecordBatch) -> list[tuple[int, Fault]]:
    if voted[FAULTS].null_count == voted.num_rows:
        return []
    told = zip(voted["id"].to_pylist(), voted[FAULTS].to_pylist())
    return [
        (row, Fault(fault["lf"], record, fault["error"], fault["traceback"]))
        for row, (record, some) in enumerate(told)
        for fault in some or ()
    ]
