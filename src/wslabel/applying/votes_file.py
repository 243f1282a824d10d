"""The two Parquet files of finished votes: a row a vote, gathered by LF, and a row a record."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from types import TracebackType
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wslabel.applying.span_votes import SPAN
from wslabel.core.arrays import Ints
from wslabel.core.files import write_json
from wslabel.core.fingerprint import fingerprint
from wslabel.core.task import Kind, Task
from wslabel.core.votes import Votes, vote_type
from wslabel.errors import VotesError

VOTES, RECORDS, STATE = "votes.parquet", "records.parquet", "state.json"
SEGMENT = 100
"""Shards whose votes are gathered by LF: a row group holds the votes of one LF on so many shards."""
_GROUPS, _TAIL = "wslabel.groups", 4096
_NAMES = pa.dictionary(pa.int16(), pa.string())
_VOTES = pa.schema([("lf", _NAMES), ("record", pa.int64()), ("label", _NAMES)])
_RECORDS = pa.schema([("record", pa.int64()), ("id", pa.string())])
_SPAN_VOTES = pa.schema([*list(_VOTES)[:2], ("start", pa.int32()), ("end", pa.int32()), ("label", _NAMES)])
_MEASURED = pa.schema([*_RECORDS, ("length", pa.int32())])
_LEVEL = 3


@dataclass(frozen=True)
class State:
    """What finished votes were made from.

    Attributes
    ----------
    shards
        (records, fingerprint) of each shard.
    lfs
        The fingerprint of each LF, in order.
    labels
        The label names, and behind them those of the groups.
    kind
        How records of the task carry them.
    groups
        The members of each group of labels.
    """

    shards: tuple[tuple[int, str], ...] = ()
    lfs: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    kind: Kind = "single"
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, shards: Iterable[tuple[int, str]], lfs: Mapping[str, str], task: Task) -> State:
        """Return the state of votes in a task."""
        return cls(tuple(shards), lfs, task.votable, task.kind, dict(task.groups))

    @property
    def vote(self) -> np.dtype[Any]:
        """How a vote is held: as a label index, or as a `SPAN`."""
        return SPAN if self.kind == "spans" else np.dtype(vote_type(len(self.labels)))

    @cached_property
    def starts(self) -> Ints:
        """The number of the first record of each shard, and of the one behind the last."""
        return np.cumsum([0, *(rows for rows, _ in self.shards)])

    @property
    def segments(self) -> range:
        """The first shard of each segment."""
        return range(0, len(self.shards), SEGMENT)

    def span(self, segment: int) -> tuple[int, int]:
        """Return the first record of the segment that begins with this shard, and the one behind its last."""
        return int(self.starts[segment]), int(self.starts[min(segment + SEGMENT, len(self.shards))])

    def to_json(self) -> str:
        """Return the state as JSON."""
        content = {"shards": self.shards, "lfs": dict(self.lfs), "labels": self.labels, "kind": self.kind}
        return json.dumps(content if not self.groups else {**content, "groups": self.groups})

    @classmethod
    def from_json(cls, text: str | bytes) -> State:
        """Return the state that was written."""
        content = json.loads(text)
        shards = tuple((int(rows), str(named)) for rows, named in content["shards"])
        groups = {name: tuple(members) for name, members in content.get("groups", {}).items()}
        return cls(shards, content["lfs"], tuple(content["labels"]), content.get("kind", "single"), groups)


class VotesWriter:
    """Writes both files, a segment at a time."""

    def __init__(self, votes: Path, records: Path, state: State) -> None:
        self._state = state
        spans = state.kind == "spans"
        self._schemas = (_SPAN_VOTES, _MEASURED) if spans else (_VOTES, _RECORDS)
        self._votes = _writer(votes, self._schemas[0], ["lf", "label"], ["record"])
        self._records = _writer(records, self._schemas[1], [], ["record"])
        self._groups: list[tuple[str, int]] = []

    def __enter__(self) -> VotesWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._votes.add_key_value_metadata({_GROUPS: json.dumps(self._groups)})
        self._votes.close()
        self._records.close()

    def write_lf(self, lf: str, segment: int, records: Ints, votes: Votes) -> None:
        """Write the votes of an LF on a segment: numbers of records, rising, and label indices or spans."""
        if not len(records):
            return
        cast_votes: Any = votes
        placed = ("start", "end") if votes.dtype == SPAN else ()
        spans = [pa.array(np.ascontiguousarray(cast_votes[name])) for name in placed]
        labels = cast_votes["label"] if placed else votes
        used = np.bincount(labels, minlength=len(self._state.labels)) > 0
        codes = (np.cumsum(used) - 1)[labels]
        names = [self._state.labels[label] for label in np.flatnonzero(used)]
        columns = [
            _dictionary(np.zeros(len(records), np.int16), [lf]),
            pa.array(records),
            *spans,
            _dictionary(codes.astype(np.int16), names),
        ]
        self._votes.write_table(pa.Table.from_arrays(columns, schema=self._schemas[0]), row_group_size=len(records))
        self._groups.append((lf, segment))

    def write_ids(self, segment: int, *of_records: pa.Array) -> None:
        """Write the ids of the records of a segment, and for spans the lengths of their texts."""
        begin, end = self._state.span(segment)
        columns = [pa.array(np.arange(begin, end)), *of_records]
        table = pa.Table.from_arrays(columns, schema=self._schemas[1])
        self._records.write_table(table, row_group_size=max(1, end - begin))


class VotesReader:
    """Reads both files.

    Raises
    ------
    VotesError
        A file is missing, damaged, or they are not of one state.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            written = json.loads((folder / STATE).read_text(encoding="utf-8"))
            self.state = State.from_json(written["state"])
            whole = written["files"] == _tails(folder)
            self._votes = _opened(folder / VOTES, read_dictionary=["label"])
            self._records = _opened(folder / RECORDS)
            groups = json.loads(self._votes.metadata.metadata[_GROUPS.encode()])
        except (OSError, pa.ArrowInvalid, ValueError, KeyError, TypeError) as error:
            raise VotesError(f"{folder}: the votes are damaged ({error}). Apply again.") from None
        if not whole:
            raise VotesError(f"{folder}: the votes are damaged: {STATE} tells of other files. Apply again.")
        self._groups = {(lf, segment): place for place, (lf, segment) in enumerate(groups)}

    def votes_of(self, lf: str, segment: int) -> tuple[Ints, Votes]:
        """Return the numbers of the records of the segment on which the LF votes, and the label indices or spans."""
        kind = self.state.vote
        place = self._groups.get((lf, segment))
        if place is None:
            return np.zeros(0, np.int64), cast(Votes, np.zeros(0, kind))
        spans = ["start", "end"] if kind == SPAN else []
        table = self._read(self._votes, place, ["record", *spans, "label"])
        label = table.column("label").combine_chunks()
        index = {name: number for number, name in enumerate(self.state.labels)}
        known = np.array([index[name] for name in label.dictionary.to_pylist()], np.int16 if spans else kind)
        votes: Any = known[label.indices.to_numpy()]
        if spans:
            labels, votes = votes, np.empty(len(votes), SPAN)
            votes["label"], votes["start"], votes["end"] = labels, *(table.column(name).to_numpy() for name in spans)
        return table.column("record").to_numpy(), cast(Votes, votes)

    def lf(self, lf: str) -> tuple[Ints, Votes]:
        """Return the numbers of all records on which the LF votes, and the label indices."""
        found = [self.votes_of(lf, segment) for segment in self.state.segments]
        records = np.concatenate([np.zeros(0, np.int64), *(some for some, _ in found)])
        votes = np.concatenate([np.zeros(0, self.state.vote), *(some for _, some in found)])
        return cast(Ints, records), cast(Votes, votes)

    def ids(self, segment: int, column: str = "id") -> pa.Array:
        """Return the ids of the records of the segment, or the lengths of their texts."""
        return self._read(self._records, segment // SEGMENT, [column]).column(column).combine_chunks()

    def blocks(self, lf_names: Sequence[str], segments: Iterable[int]) -> Iterator[tuple[int, Votes]]:
        """Yield the votes of the LFs shard by shard: the number of the first record, and records × LFs."""
        kind = vote_type(len(self.state.labels))
        for segment in segments:
            columns = [self.votes_of(name, segment) for name in lf_names]
            bounds = self.state.starts[segment : segment + SEGMENT + 1]
            cuts = [np.searchsorted(records, bounds) for records, _ in columns]
            for place, (low, high) in enumerate(pairwise(bounds)):
                block = np.full((len(lf_names), high - low), -1, kind)
                for column, ((records, votes), cut) in enumerate(zip(columns, cuts)):
                    some = slice(cut[place], cut[place + 1])
                    block[column, records[some] - low] = votes[some]
                yield int(low), block.T

    def _read(self, file: pq.ParquetFile, group: int, columns: list[str]) -> pa.Table:
        try:
            return file.read_row_group(group, columns=columns, use_threads=False)
        except (OSError, pa.ArrowInvalid) as error:
            raise VotesError(f"{self._folder}: the votes are damaged ({error}). Apply again.") from None


def _opened(path: Path, **options: Any) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path, memory_map=True, **options)
    except pa.ArrowInvalid as error:
        raise VotesError(f"{path}: damaged ({error}). Apply again.") from None


def write_state(folder: Path, state: State) -> None:
    """Write what the files of the folder were made from: beside them, as they are the same after edits of no effect."""
    write_json(folder / STATE, {"state": state.to_json(), "files": _tails(folder)}, VotesError)


def _tails(folder: Path) -> list[str]:
    """Return the fingerprints of the files' lengths and ends."""
    found = []
    for name in (VOTES, RECORDS):
        with (folder / name).open("rb") as file:
            size = file.seek(0, 2)
            file.seek(max(0, size - _TAIL))
            found.append(fingerprint(size, file.read()))
    return found


def _writer(path: Path, schema: pa.Schema, dictionaries: Iterable[str], rising: Iterable[str]) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=list(dictionaries),
        column_encoding=dict.fromkeys(rising, "DELTA_BINARY_PACKED"),
    )


def _dictionary(codes: Any, names: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names, pa.string()))
