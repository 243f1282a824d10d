"""A folder of votes: kept shard by shard while the work goes on, as two Parquet files once they are whole."""

from __future__ import annotations

import json
import shutil
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from functools import cached_property
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa

from wslabel.applying.limits import TimeLimitReached
from wslabel.applying.parts import Part, PartFile
from wslabel.applying.shards import Shard, Shards
from wslabel.applying.soft import Confidences, add_soft, read_written, within, write_soft
from wslabel.applying.stored import FAULTS_FILE, StoredVotes, read_faults, stored_spans
from wslabel.applying.trail import DIED
from wslabel.applying.votes_file import RECORDS, SEGMENT, STATE, VOTES, State, VotesReader, VotesWriter, write_state
from wslabel.core.files import TEMPORARY, remove_temporaries, write_json
from wslabel.core.records import Records
from wslabel.core.spans import SpanVotes
from wslabel.core.task import Task
from wslabel.core.votes import Votes
from wslabel.errors import VotesError

NOT_FOR_GOOD = (TimeLimitReached.__name__, DIED)
"""How errors begin that depend on the machine."""


class VoteStore:
    """A folder of votes.

    ``votes.parquet`` has a row a vote: ``lf``, ``record`` (the number of the record) and ``label``; each row group
    holds votes of one LF. ``records.parquet`` has a row a record: ``record`` and ``id``. ``faults.jsonl`` tells
    where LFs raised; ``votes.json`` is there once the votes are whole, and tells labels, LFs and counts. ``parts/``
    is there while the work goes on; ``shards/`` keeps the records as they were read.

    Parameters
    ----------
    folder
        The folder.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._wanted: dict[str, str] = {}
        self._shards: list[tuple[int, str]] = []

    @property
    def begun(self) -> bool:
        """Whether votes lie in the folder, whole or in parts."""
        return any((self.folder / name).exists() for name in (STATE, "parts", "shards"))

    @property
    def about(self) -> dict[str, Any]:
        """What ``votes.json`` tells.

        Raises
        ------
        VotesError
            There are no whole votes in the folder.
        """
        file = self.folder / "votes.json"
        if not file.exists():
            raise VotesError(
                f"{self.folder} holds no finished votes. Run `wslabel apply` (it continues where it stopped)."
            )
        try:
            content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise VotesError(f"{file}: damaged ({error}). Delete it and apply again.") from None
        return content

    def read(self) -> Any:
        """Return the votes, which are read from disk as they are used; a `SpanVotes` in a task of the kind spans."""
        _ = self.about
        return self.read_gathered()

    def gold(self, records: Records) -> Iterator[pa.RecordBatch]:
        """Yield ``id`` and ``gold`` of the records that were voted on; they are parsed only where they have changed."""
        return Shards(records, None, 0, self.folder / "shards").gold()

    def make_folder(self) -> None:
        """Make the folder.

        Raises
        ------
        VotesError
            It cannot be made.
        """
        try:
            (self.folder / "parts").mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._unwritable(error) from None

    def begin(self, wanted: Mapping[str, str]) -> None:
        """Make ready for the votes of the LFs with these fingerprints; clear away what was left half-written."""
        self._wanted, self._shards = dict(wanted), []
        self.__dict__.pop("_before", None)
        try:
            (self.folder / "votes.json").unlink(missing_ok=True)
            for folder in (self.folder, self.folder / "parts", self.folder / "shards"):
                remove_temporaries(folder)
        except OSError as error:
            raise self._unwritable(error) from None

    def _unwritable(self, error: OSError) -> VotesError:
        return VotesError(f"{self.folder}: cannot be written: {error.strerror or error}. Choose another folder.")

    def stale(self, shard: Shard) -> list[str]:
        """Take note of the next shard, and return the LFs that must vote on it."""
        self._shards.append((shard.batch.num_rows, shard.fingerprint))
        done = self._part(shard.index)
        known = dict(self._fresh_before(shard.index))
        if done:
            again = _to_try_again((fault.lf, fault.error) for _, fault in done.part.faults)
            known |= {name: "" if name in again else named for name, named in done.lfs.items()}
        return [name for name, named in self._wanted.items() if known.get(name) != named]

    def write(self, shard: Shard, part: Part) -> None:
        """Keep the votes of some LFs on a shard."""
        lfs = {name: self._wanted[name] for name in part.lf_names}
        done = self._part(shard.index)
        if done:
            lfs = {**{name: named for name, named in done.lfs.items() if self._wanted.get(name) == named}, **lfs}
            part = done.part.join(part, list(lfs))
        PartFile(part, shard.fingerprint, lfs).write(self._file(shard.index))

    def gather(self, task: Task) -> None:
        """Make the two files of the parts and of what stood in the folder before."""
        state = State.of(self._shards, self._wanted, task)
        unchanged = self._before is not None and self._before.state.to_json() == state.to_json()
        if unchanged and (self.folder / FAULTS_FILE).exists() and not any((self.folder / "parts").iterdir()):
            return
        soft = self._gather_soft(state)
        names = (VOTES, RECORDS, FAULTS_FILE)
        votes, records, faults = beside = [self.folder / f".{name}{TEMPORARY}" for name in names]
        try:
            with VotesWriter(votes, records, state) as writer, faults.open("w", encoding="utf-8") as told:
                for segment in state.segments:
                    self._gather_segment(segment, state, writer, told)
            for path, name in zip(beside, names):
                path.replace(self.folder / name)
            write_soft(self.folder, soft)
            write_state(self.folder, state)
        except OSError as error:
            why = error.strerror or error
            raise VotesError(f"{self.folder}: cannot be written: {why}. Free the place, or choose another.") from None

    def read_gathered(self) -> StoredVotes | SpanVotes:
        """Return the votes before they are declared whole; those on spans in memory."""
        reader = VotesReader(self.folder)
        return stored_spans(self.folder, reader) if reader.state.kind == "spans" else StoredVotes(self.folder)

    def declare(self, about: Mapping[str, Any]) -> None:
        """Say that the votes are whole."""
        faults = sum(1 for _ in read_faults(self.folder))
        voted = sum(rows for rows, _ in self._shards)
        content = {**about, "lfs": list(self._wanted), "voted": voted, "faults": faults, "shards": len(self._shards)}
        write_json(self.folder / "votes.json", content, VotesError)
        shutil.rmtree(self.folder / "parts", ignore_errors=True)

    def _gather_segment(self, segment: int, state: State, writer: VotesWriter, told: Any) -> None:
        shards = range(segment, min(segment + SEGMENT, len(state.shards)))
        parts = {index: done.part for index in shards if (done := self._part(index))}
        for name in state.lfs:
            voted = {index: part for index, part in parts.items() if name in part.lf_names}
            known = self._votes_before(name, segment)
            records, votes = _merged(name, shards, voted, known, state) if voted else known
            if len(voted) < len(shards):  # the corpus may have been longer
                records, votes = (
                    column[: np.searchsorted(records, state.span(segment)[1])] for column in (records, votes)
                )
            writer.write_lf(name, segment, records.astype(np.int64), cast(Votes, votes.astype(state.vote)))
        measured = ("id", "length") if state.kind == "spans" else ("id",)
        writer.write_ids(segment, *(self._of_records(one, segment, shards, parts, state) for one in measured))
        for fault in self._faults(shards, parts, state):
            told.write(json.dumps(fault, sort_keys=True, ensure_ascii=False) + "\n")

    def _gather_soft(self, state: State) -> Confidences:
        """Return the confidences by LF: of the parts, and those known before where an LF had not to vote again."""
        total: Confidences = {}
        before = read_written(self.folder) if self._before else {}
        for index in range(len(state.shards)):
            done, begin, end = self._part(index), int(state.starts[index]), int(state.starts[index + 1])
            voted = done.part.lf_names if done else ()
            if before:
                add_soft(total, within(before, begin, end), begin, self._fresh_before(index).keys() - set(voted))
            if done:
                add_soft(total, done.part.soft, begin, voted)
        return {name: total[name] for name in state.lfs if name in total}

    def _of_records(
        self, column: str, segment: int, shards: range, parts: Mapping[int, Part], state: State
    ) -> pa.Array:
        begin = state.starts[segment]
        before = None
        pieces = []
        for index in shards:
            if index in parts:
                part = parts[index]
                pieces.append(part.ids if column == "id" else pa.array(part.lengths, pa.int32()))
                continue
            before = self._before.ids(segment, column) if before is None and self._before else before
            assert before is not None
            pieces.append(before.slice(int(state.starts[index] - begin), state.shards[index][0]))
        return pa.concat_arrays(pieces)

    def _faults(self, shards: range, parts: Mapping[int, Part], state: State) -> Iterator[dict[str, Any]]:
        place = {name: column for column, name in enumerate(state.lfs)}
        for index in shards:
            part, begin, end = parts.get(index), int(state.starts[index]), int(state.starts[index + 1])
            voted = part.lf_names if part else ()
            low, high = (bisect_left(self._faults_before, at, key=_record) for at in (begin, end))
            fresh = self._fresh_before(index).keys() - set(voted)
            kept = [fault for fault in self._faults_before[low:high] if fault["lf"] in fresh]
            new = [{"record": row + begin, **asdict(fault)} for row, fault in part.faults] if part else []
            wanted = [fault for fault in (*kept, *new) if fault["lf"] in place]
            yield from sorted(wanted, key=lambda fault: (fault["record"], place[fault["lf"]]))

    @cached_property
    def _before(self) -> VotesReader | None:
        """What an earlier apply left, if it is whole."""
        try:
            return VotesReader(self.folder)
        except VotesError:
            return None

    @cached_property
    def _faults_before(self) -> list[dict[str, Any]]:
        return list(read_faults(self.folder)) if self._before else []

    def _fresh_before(self, index: int) -> dict[str, str]:
        """Return the LFs whose votes on the shard stood there before and still hold."""
        if not self._before or self._before.state.shards[index : index + 1] != (self._shards[index],):
            return {}
        begin, end = self._before.state.starts[index : index + 2]
        low, high = (bisect_left(self._faults_before, at, key=_record) for at in (begin, end))
        again = _to_try_again((fault["lf"], fault["error"]) for fault in self._faults_before[low:high])
        before = self._before.state.lfs
        kept = {name: named for name, named in self._wanted.items() if before.get(name) == named}
        return {name: named for name, named in kept.items() if name not in again}

    def _votes_before(self, name: str, segment: int) -> tuple[Any, Any]:
        if self._before and self._before.state.lfs.get(name) == self._wanted[name]:
            return self._before.votes_of(name, segment)
        return np.zeros(0, np.int64), np.zeros(0, np.int8)  # no LF without votes of its own is asked for these

    def _part(self, index: int) -> PartFile | None:
        """Return the part of a shard, if it was made from these records."""
        done = PartFile.read(self._file(index))
        return done if done and done.records == self._shards[index][1] else None

    def _file(self, index: int) -> Path:
        return self.folder / "parts" / f"{index:05d}.arrow"


def _merged(
    name: str, shards: range, voted: Mapping[int, Part], known: tuple[Any, Any], state: State
) -> tuple[Any, Any]:
    """Return the votes of an LF on the shards: those just cast, and elsewhere those known before."""
    found = []
    for index in shards:
        begin, end = state.starts[index : index + 2]
        if index in voted:
            rows, votes = voted[index].of_lf(name)
            found.append((rows + begin, votes))
        else:
            low, high = np.searchsorted(known[0], [begin, end])
            found.append((known[0][low:high], known[1][low:high]))
    records, votes = (np.concatenate(pieces) for pieces in zip(*found))
    return records, votes


def _to_try_again(faults: Iterable[tuple[str, str]]) -> set[str]:
    """Return the LFs that hung or died: they may do better now."""
    return {lf for lf, error in faults if error.startswith(NOT_FOR_GOOD)}


def _record(fault: Mapping[str, Any]) -> int:
    return int(fault["record"])
