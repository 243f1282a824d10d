"""Votes on disk: a Parquet part a shard, a marker once it is whole, and what is needed to read them alone."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wslabel.applying.kernel import FAULTS
from wslabel.applying.limits import TimeLimitReached
from wslabel.applying.trail import DIED
from wslabel.core.files import remove_temporaries, write_atomically, write_json, write_jsonl
from wslabel.core.votes import ABSTAIN_INDEX, FAULT_INDEX, Fault, VoteMatrix
from wslabel.errors import VotesError

NOT_FOR_GOOD = (TimeLimitReached.__name__, DIED)
"""How errors begin that depend on the machine."""


@dataclass(frozen=True)
class Part:
    """The votes on one shard: column ``id`` and one an LF, and the faults in the order of records, then of LFs."""

    votes: pa.RecordBatch
    faults: tuple[Fault, ...]

    @classmethod
    def of(cls, voted: pa.RecordBatch) -> Part:
        """Take a kernel's output apart: faults become abstains that are told of."""
        faults = tuple(
            Fault(fault["lf"], record, fault["error"], fault["traceback"])
            for record, some in zip(voted["id"].to_pylist(), voted[FAULTS].to_pylist())
            for fault in some or ()
        )
        columns = {"id": voted["id"]}
        for name in voted.schema.names:
            if name not in ("id", FAULTS):
                values = voted[name].to_numpy()
                columns[name] = pa.array(np.where(values == FAULT_INDEX, ABSTAIN_INDEX, values).astype(values.dtype))
        return cls(pa.RecordBatch.from_pydict(columns), faults)

    def select(self, lf_names: Sequence[str]) -> Part:
        """Return the votes of these LFs, in this order."""
        faults = tuple(fault for fault in self.faults if fault.lf in set(lf_names))
        return Part(self.votes.select(["id", *lf_names]), faults)

    def join(self, other: Part, lf_names: Sequence[str]) -> Part:
        """Return the votes of both on the same records, with the LFs in this order."""
        columns = {name: (self.votes if name in self.votes.schema.names else other.votes)[name] for name in lf_names}
        votes = pa.RecordBatch.from_pydict({"id": self.votes["id"], **columns})
        rows = {record: row for row, record in enumerate(votes["id"].to_pylist())}
        place = {name: column for column, name in enumerate(lf_names)}
        faults = sorted((*self.faults, *other.faults), key=lambda fault: (rows[fault.id], place[fault.lf]))
        return Part(votes, tuple(faults))


@dataclass(frozen=True)
class StoredPart:
    """A part on disk, with the fingerprint of each LF that voted in it."""

    part: Part
    lfs: Mapping[str, str]

    def fresh(self, wanted: Mapping[str, str]) -> list[str]:
        """Return the wanted LFs whose votes need not be made anew; those that hung or died may do better again."""
        again = {fault.lf for fault in self.part.faults if fault.error.startswith(NOT_FOR_GOOD)}
        kept = {name: fingerprint for name, fingerprint in self.lfs.items() if name not in again}
        return [name for name, fingerprint in wanted.items() if kept.get(name) == fingerprint]


@dataclass(frozen=True)
class VoteStore:
    """A folder of votes.

    ``part-00000.parquet`` has the column ``id`` and an integer column an LF (label index, -1 abstains);
    ``part-00000.json`` is there once the part is whole; ``votes.json`` tells labels, LFs and counts;
    ``faults.jsonl`` the records on which LFs raised.
    """

    folder: Path

    def part(self, index: int, records: str) -> StoredPart | None:
        """Return the part if it was made from the same records."""
        try:
            content = json.loads(self._marker(index).read_text(encoding="utf-8"))
            if content["records"] != records:
                return None
            batches = pq.read_table(self._file(index)).combine_chunks().to_batches()
        except (OSError, ValueError, KeyError, TypeError):  # missing or damaged: it is made anew
            return None
        part = Part(batches[0], tuple(Fault(**fault) for fault in content["faults"]))
        return StoredPart(part, content["lfs"])

    def write(self, index: int, part: Part, records: str, lfs: Mapping[str, str]) -> None:
        """Write a part, then its marker: the fingerprints of its records and of the LFs that voted."""
        self._marker(index).unlink(missing_ok=True)
        table = pa.Table.from_batches([part.votes])
        write_atomically(self._file(index), lambda path: pq.write_table(table, path, compression="zstd"), VotesError)
        faults = [asdict(fault) for fault in part.faults]
        marker = {"records": records, "lfs": dict(lfs), "rows": table.num_rows, "faults": faults}
        write_json(self._marker(index), marker, VotesError)

    def begin(self) -> None:
        """Make the folder, and clear away what an interrupted run left half-written."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            (self.folder / "votes.json").unlink(missing_ok=True)
            remove_temporaries(self.folder)
        except OSError as error:
            raise VotesError(f"{self.folder}: cannot be written: {error.strerror}. Choose another folder.") from None

    def finish(self, parts: int, about: dict[str, Any]) -> None:
        """Declare the votes whole: drop parts of an earlier, larger corpus and write what reading needs."""
        for marker in self.folder.glob("part-*.json"):
            if int(marker.stem.removeprefix("part-")) >= parts:
                marker.unlink()
                marker.with_suffix(".parquet").unlink(missing_ok=True)
        faults = [fault for index in range(parts) for fault in self._content(index)["faults"]]
        write_jsonl(self.folder / "faults.jsonl", faults, VotesError)
        write_json(self.folder / "votes.json", {**about, "parts": parts, "faults": len(faults)}, VotesError)

    @cached_property
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
        return _read_json(file)

    def batches(self) -> Iterator[pa.RecordBatch]:
        """Yield the parts in order."""
        for index in range(self.about["parts"]):
            try:
                yield from pq.read_table(self._file(index)).combine_chunks().to_batches()
            except (OSError, pa.ArrowInvalid) as error:
                raise VotesError(f"{self._file(index)}: damaged ({error}). Delete it and apply again.") from None

    def read(self) -> VoteMatrix:
        """Return all votes as one matrix."""
        faults = [Fault(**fault) for index in range(self.about["parts"]) for fault in self._content(index)["faults"]]
        return to_matrix(list(self.batches()), self.about["lfs"], self.about["labels"], faults)

    def _content(self, index: int) -> dict[str, Any]:
        return _read_json(self._marker(index))

    def _file(self, index: int) -> Path:
        return self.folder / f"part-{index:05d}.parquet"

    def _marker(self, index: int) -> Path:
        return self.folder / f"part-{index:05d}.json"


def _read_json(file: Path) -> dict[str, Any]:
    try:
        content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise VotesError(f"{file}: damaged ({error}). Delete it and apply again.") from None
    return content


def to_matrix(batches: list[pa.RecordBatch], lfs: list[str], labels: list[str], faults: list[Fault]) -> VoteMatrix:
    """Return batches of votes as one matrix."""
    ids = [record for batch in batches for record in batch["id"].to_pylist()]
    blocks = [np.stack([batch[name].to_numpy() for name in lfs], axis=1) for batch in batches]
    return VoteMatrix(ids, np.concatenate(blocks), lfs, labels, faults)
