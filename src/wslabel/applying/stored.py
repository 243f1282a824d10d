"""Votes that stay on disk until they are used."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from wslabel.applying.soft import as_soft_votes, read_written
from wslabel.applying.span_votes import SPAN
from wslabel.applying.votes_file import VotesReader
from wslabel.core.arrays import Ids, Ints, frozen
from wslabel.core.soft import SoftVotes
from wslabel.core.spans import SpanVotes
from wslabel.core.votes import Fault, VoteMatrix, Votes, vote_type
from wslabel.errors import VotesError

FAULTS_FILE, EVIDENCE = "faults.jsonl", "evidence.parquet"


class StoredVotes(VoteMatrix):
    """The votes in a folder: a vote matrix whose parts are read when they are asked for.

    `blocks`, `lf` and `covered` hold a piece at a time; `votes` and `ids` hold all records once they are asked for.
    """

    _reader: VotesReader
    folder: Path

    def __init__(self, folder: Path) -> None:
        reader = VotesReader(folder)
        object.__setattr__(self, "_reader", reader)
        object.__setattr__(self, "folder", folder)
        object.__setattr__(self, "lf_names", tuple(reader.state.lfs))
        object.__setattr__(self, "labels", reader.state.labels)
        object.__setattr__(self, "kind", reader.state.kind)

    @property
    def n(self) -> int:
        """The number of records."""
        return int(self._reader.state.starts[-1])

    @cached_property
    def ids(self) -> Ids:
        """n record ids."""
        out = np.empty(self.n, dtype=object)
        for segment in self._reader.state.segments:
            begin, end = self._reader.state.span(segment)
            out[begin:end] = self._reader.ids(segment).to_pylist()
        return frozen(out)

    @cached_property
    def votes(self) -> Votes:
        """n×m label indices, -1 abstains."""
        out = cast(Votes, np.full((self.n, self.m), -1, vote_type(self.cardinality)))
        for column, name in enumerate(self.lf_names):
            records, votes = self.lf(name)
            out[records, column] = votes
        out.flags.writeable = False
        return out

    @cached_property
    def faults(self) -> tuple[Fault, ...]:
        """The records on which an LF raised."""
        return tuple(Fault(one["lf"], one["id"], one["error"], one["traceback"]) for one in read_faults(self.folder))

    @cached_property
    def soft(self) -> SoftVotes | None:
        """The votes that came with a confidence."""
        return as_soft_votes(read_written(self.folder), self.lf_names)

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: at least one LF votes on the record."""
        out = np.zeros(self.n, np.bool_)
        for name in self.lf_names:
            out[self.lf(name)[0]] = True
        return frozen(out)

    def lf(self, name: str) -> tuple[Ints, Votes]:
        """Return the rows on which an LF votes, and its votes.

        Raises
        ------
        VotesError
            There is no such LF.
        """
        if name not in self.lf_names:
            raise VotesError(f"There is no LF {name!r} in these votes; they hold {', '.join(self.lf_names)}.")
        return self._reader.lf(name)

    def blocks(self) -> Iterator[tuple[int, Votes]]:
        """Yield the votes in pieces: the first row, and rows × m label indices."""
        yield from self._reader.blocks(self.lf_names, self._reader.state.segments)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the votes as Arrow batches: ``id``, and a column of label indices an LF."""
        for segment in self._reader.state.segments:
            ids, begin = self._reader.ids(segment), self._reader.state.span(segment)[0]
            for first, block in self._reader.blocks(self.lf_names, [segment]):
                columns = {name: pa.array(block[:, column]) for column, name in enumerate(self.lf_names)}
                yield pa.RecordBatch.from_pydict({"id": ids.slice(first - begin, len(block)), **columns})


def stored_spans(folder: Path, reader: VotesReader) -> SpanVotes:
    """Return the span votes in a folder, which are held in memory."""
    state = reader.state
    ids = [record for segment in state.segments for record in reader.ids(segment).to_pylist()]
    lengths = [length for segment in state.segments for length in reader.ids(segment, "length").to_pylist()]
    by_lf = [reader.lf(name) for name in state.lfs]
    records = np.concatenate([np.zeros(0, np.int64), *(rows for rows, _ in by_lf)])
    votes: Any = np.concatenate([np.zeros(0, SPAN), *(some for _, some in by_lf)])
    lf = np.repeat(np.arange(len(by_lf)), [len(rows) for rows, _ in by_lf])
    faults = [Fault(one["lf"], one["id"], one["error"], one["traceback"]) for one in read_faults(folder)]
    labels = [name for name in state.labels if name not in state.groups]
    columns = records, lf, votes["start"], votes["end"], votes["label"]
    made = SpanVotes.from_places(ids, lengths, columns, list(state.lfs), labels, state.groups, faults)
    return _with_stored_entities(made, folder / EVIDENCE)


def _with_stored_entities(votes: SpanVotes, path: Path) -> SpanVotes:
    if not path.exists():
        return votes
    try:
        told = pq.read_table(path, columns=["record", "lf", "start", "end", "entity"]).to_pydict()
    except (OSError, pa.ArrowInvalid) as error:
        raise VotesError(f"{path}: damaged ({error}). Apply again.") from None
    known = dict(zip(zip(told["record"], told["lf"], told["start"], told["end"]), told["entity"]))
    lfs = [votes.lf_names[place] for place in votes.lf.tolist()]
    places = zip(votes.record.tolist(), lfs, votes.start.tolist(), votes.end.tolist())
    return votes.with_entities(np.array([*(known.get(place, "") for place in places), None], object)[:-1])


def read_faults(folder: Path) -> Iterator[dict[str, str]]:
    """Yield the faults that are written in a folder of votes: record, lf, id, error, traceback."""
    path = folder / FAULTS_FILE
    if path.exists():
        with path.open(encoding="utf-8") as lines:
            for line in lines:
                yield json.loads(line)
