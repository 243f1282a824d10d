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

from wslabel.core.arrays import Ints
from wslabel.core.files import write_json
from wslabel.core.fingerprint import fingerprint
from wslabel.core.task import Kind
from wslabel.core.votes import Votes, vote_type
from wslabel.errors import VotesError

VOTES, RECORDS, STATE = "votes.parquet", "records.parquet", "state.json"
SEGMENT = 100
"""Shards whose votes are gathered by LF: a row group holds the votes of one LF on so many shards."""
_GROUPS, _TAIL = "wslabel.groups", 4096
_NAMES = pa.dictionary(pa.int16(), pa.string())
_VOTES = pa.schema([("lf", _NAMES), ("record", pa.int64()), ("label", _NAMES)])
_RECORDS = pa.schema([("record", pa.int64()), ("id", pa.string())])
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
        The label names.
    kind
        How records of the task carry them.
    """

    shards: tuple[tuple[int, str], ...] = ()
    lfs: Mapping[str, str] = field(default_factory=dict)
    labels: tuple[str, ...] = ()
    kind: Kind = "single"

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
        return json.dumps(content)

    @classmethod
    def from_json(cls, text: str | bytes) -> State:
        """Return the state that was written."""
        content = json.loads(text)
        shards = tuple((int(rows), str(named)) for rows, named in content["shards"])
        return cls(shards, content["lfs"], tuple(content["labels"]), content.get("kind", "single"))


class VotesWriter:
    """Writes both files, a segment at a time."""

    def __init__(self, votes: Path, records: Path, state: State) -> None:
        self._state = state
        self._votes = _writer(votes, _VOTES, ["lf", "label"])
        self._records = _writer(records, _RECORDS, [])
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
        """Write the votes of an LF on a segment: numbers of records, rising, and label indices."""
        if not len(records):
            return
        used = np.bincount(votes, minlength=len(self._state.labels)) > 0
        codes = (np.cumsum(used) - 1)[votes]
        names = [self._state.labels[label] for label in np.flatnonzero(used)]
        columns = [
            _dictionary(np.zeros(len(records), np.int16), [lf]),
            pa.array(records),
            _dictionary(codes.astype(np.int16), names),
        ]
        self._votes.write_table(pa.Table.from_arrays(columns, schema=_VOTES), row_group_size=len(records))
        self._groups.append((lf, segment))

    def write_ids(self, segment: int, ids: pa.Array) -> None:
        """Write the ids of the records of a segment."""
        begin, end = self._state.span(segment)
        columns = [pa.array(np.arange(begin, end)), ids]
        self._records.write_table(pa.Table.from_arrays(columns, schema=_RECORDS), row_group_size=max(1, end - begin))


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
        """Return the numbers of the records of the segment on which the LF votes, and the label indices."""
        kind = vote_type(len(self.state.labels))
        place = self._groups.get((lf, segment))
        if place is None:
            return np.zeros(0, np.int64), cast(Votes, np.zeros(0, kind))
        table = self._read(self._votes, place, ["record", "label"])
        label = table.column("label").combine_chunks()
        index = {name: number for number, name in enumerate(self.state.labels)}
        known = np.array([index[name] for name in label.dictionary.to_pylist()], kind)
        return table.column("record").to_numpy(), cast(Votes, known[label.indices.to_numpy()])

    def lf(self, lf: str) -> tuple[Ints, Votes]:
        """Return the numbers of all records on which the LF votes, and the label indices."""
        found = [self.votes_of(lf, segment) for segment in self.state.segments]
        records = np.concatenate([np.zeros(0, np.int64), *(some for some, _ in found)])
        votes = np.concatenate([np.zeros(0, vote_type(len(self.state.labels))), *(some for _, some in found)])
        return cast(Ints, records), cast(Votes, votes)

    def ids(self, segment: int) -> pa.Array:
        """Return the ids of the records of the segment."""
        return self._read(self._records, segment // SEGMENT, ["id"]).column("id").combine_chunks()

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


def _writer(path: Path, schema: pa.Schema, dictionaries: Iterable[str]) -> pq.ParquetWriter:
    return pq.ParquetWriter(
        path,
        schema,
        compression="zstd",
        compression_level=_LEVEL,
        use_dictionary=list(dictionaries),
        column_encoding={"record": "DELTA_BINARY_PACKED"},
    )


def _dictionary(codes: Any, names: list[str]) -> pa.DictionaryArray:
    return pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(names, pa.string()))
