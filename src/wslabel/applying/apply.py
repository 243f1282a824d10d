"""`apply`: the votes of a suite on a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from wslabel.applying.engines import Engine, load_engine
from wslabel.applying.engines.base import Shard as EngineShard
from wslabel.applying.entities import with_entities, write_entities
from wslabel.applying.evidence import write_evidence
from wslabel.applying.kernel import Kernel
from wslabel.applying.limits import TIME_LIMIT, check_limit
from wslabel.applying.parts import Part
from wslabel.applying.profile import Profile, Sum
from wslabel.applying.shards import Shard, Shards
from wslabel.applying.soft import Confidences, add_soft, as_soft_votes
from wslabel.applying.store import VoteStore
from wslabel.applying.stored import EVIDENCE, StoredVotes
from wslabel.applying.wish import ask
from wslabel.authoring import LabelingFunction, Task
from wslabel.core.files import locked, write_jsonl
from wslabel.core.records import Records, read_records
from wslabel.core.sensitive import mark
from wslabel.core.spans import SpanVotes
from wslabel.core.votes import Fault, VoteMatrix
from wslabel.errors import FaultRateError, VotesError
from wslabel.suites import Suite, as_suite

Progress = Callable[[int, int | None], None]
SHARD_SIZE = 10_000
FAULT_RATE = 0.01
ROWS_FOR_EARLY_STOP = 1_000


def apply(
    suite: Suite | str | LabelingFunction | Sequence[LabelingFunction],
    records: Records | Any,
    *,
    engine: str = "local",
    workers: int | str = 1,
    out: str | Path | None = None,
    task: Task | None = None,
    shard_size: int = SHARD_SIZE,
    max_fault_rate: float = FAULT_RATE,
    time_limit: float | None = TIME_LIMIT,
    progress: Progress | None = None,
    profile: Callable[[Profile], object] | None = None,
    evidence: bool = False,
) -> Any:
    """Let labeling functions vote on records.

    Parameters
    ----------
    suite
        A suite or its name, or LFs as in a notebook cell.
    records
        Records, or whatever `read_records` takes, for example a DataFrame.
    engine
        The name of an engine.
    workers
        Processes, or ``auto`` for one a core. LFs from a notebook always run in this process.
    out
        A folder for the votes; shards that it already holds, made by the same suite from the same records, are
        not voted on again. None keeps the votes in memory only.
    task
        The task of LFs that do not come from a suite; by default their votes tell it.
    shard_size
        Records a shard.
    max_fault_rate
        The share of records, 0..1, on which an LF may raise before the work stops; a single fault never stops
        it, unless the rate is 0.
    time_limit
        Seconds that an LF or a preprocessor may take for one record; what takes longer is a fault. None or 0: no
        limit. It needs a signal, which is to be had in the main thread of a process, and not on Windows.
    progress
        Called with the number of records of each finished shard, and with that of the corpus where it is known
        before it is read.
    profile
        Called at the end with what each function took; ``profile=print`` shows it.
    evidence
        Whether to write ``evidence.parquet`` beside the votes: where in the texts matchers found what they voted
        for. It takes a search of Python's `re` a vote. For single records there is `explain`.

    Returns
    -------
    VoteMatrix, or SpanVotes in a task of the kind ``spans``

    Raises
    ------
    WslabelError
        An LF reads a column that is not there, or raises too often; malformed or empty corpus; unwritable folder.
    """
    own = as_suite(suite, task)
    corpus = records if isinstance(records, Records) else read_records(records)
    if shard_size < 1:
        raise VotesError(f"shard_size is {shard_size}; expected at least 1 record.")
    if evidence and out is None:
        raise VotesError("Evidence is written beside the votes: name a folder for them (out).")
    limit = check_limit(time_limit)
    kernel = Kernel(own)
    kernel.check_columns(corpus.columns)
    work = _Work(kernel, load_engine(engine), workers, limit, _FaultJudge(max_fault_rate, own), progress)
    columns = None if kernel.reads_all else kernel.columns
    store = None if out is None else VoteStore(Path(out))
    shards = Shards(corpus, columns, shard_size, None if store is None else store.folder / "shards")
    if store is None:
        votes: VoteMatrix | SpanVotes = work.in_memory(shards)
    else:
        votes = stored = work.stored(shards, store)
        spans = store.folder / EVIDENCE
        spans.unlink(missing_ok=True)
        if evidence and not isinstance(stored, SpanVotes):  # votes on spans tell where they stand
            write_evidence(spans, own, shards, stored)
    if isinstance(votes, SpanVotes):
        votes = with_entities(votes, own, shards)
        if store is not None:
            write_entities(store.folder, votes)
    if profile:
        profile(work.spent.profile())
    return mark(votes, own.name if own.sensitive else "")


@dataclass
class _Work:
    """One pass over a corpus."""

    kernel: Kernel
    engine: Engine
    workers: int | str
    time_limit: float
    judge: _FaultJudge
    progress: Progress | None
    spent: Sum = field(default_factory=Sum)

    def in_memory(self, shards: Shards) -> VoteMatrix | SpanVotes:
        """Return the votes of all LFs."""
        names = list(self.kernel.suite.lf_names)
        asking = ((shard.index, ask(shard.batch, names, self.time_limit)) for shard in shards)
        parts = []
        with closing(self._voted(asking)) as voted:
            for _, batch in voted:
                self.spent.hear(batch)
                parts.append(Part.of(batch))
                self._hear(parts[-1], shards)
        suite = self.kernel.suite
        self.judge.close()
        ids = [record for part in parts for record in part.ids.to_pylist()]
        if suite.task.kind == "spans":
            return _span_votes(suite, ids, parts)
        votes = np.concatenate([part.dense() for part in parts])
        faults = [fault for part in parts for _, fault in part.faults]
        soft: Confidences = {}
        for begin, part in zip(np.cumsum([0, *(len(part.ids) for part in parts)]).tolist(), parts):
            add_soft(soft, part.soft, begin, suite.lf_names)
        told = as_soft_votes(soft, suite.lf_names)
        return VoteMatrix(ids, votes, suite.lf_names, suite.task.labels, faults, suite.task.kind, told)

    def stored(self, shards: Shards, store: VoteStore) -> StoredVotes | SpanVotes:
        """Bring the votes in a folder up to date, and return them as they lie there."""
        store.make_folder()
        with locked(store.folder, VotesError):
            return self._stored(shards, store)

    def _stored(self, shards: Shards, store: VoteStore) -> StoredVotes | SpanVotes:
        suite = self.kernel.suite
        store.begin({lf.name: suite.lf_fingerprint(lf) for lf in suite.lfs})
        asked: dict[int, Shard] = {}
        try:
            with closing(self._voted(self._asking(shards, store, asked))) as voted:
                for index, batch in voted:
                    self.spent.hear(batch)
                    part = Part.of(batch)
                    store.write(asked.pop(index), part)
                    self._hear(part, shards)
        finally:  # what was set aside is needed most when there was too much of it
            write_jsonl(store.folder / "quarantine.jsonl", [asdict(row) for row in shards.quarantine], VotesError)
        store.gather(suite.task)
        votes = store.read_gathered()
        self.judge.judge(votes.n, votes.faults)
        store.declare({"suite": suite.name, "labels": suite.task.labels, "quarantined": len(shards.quarantine)})
        return votes

    def _voted(self, asking: Iterable[EngineShard]) -> Generator[EngineShard, None, None]:
        """Yield what the engine yields; closing this ends the engine's workers, now and not when they are collected."""
        yield from self.engine.run(self.kernel, asking, self.workers)

    def _asking(self, shards: Shards, store: VoteStore, asked: dict[int, Shard]) -> Iterator[EngineShard]:
        """Yield the shards on which LFs must vote, each with the wish which."""
        for shard in shards:
            names = store.stale(shard)
            if names:
                asked[shard.index] = shard
                yield shard.index, ask(shard.batch, names, self.time_limit)
            elif self.progress:
                self.progress(shard.batch.num_rows, shards.total)

    def _hear(self, part: Part, shards: Shards) -> None:
        self.judge.hear(part)
        if self.progress:
            self.progress(len(part.ids), shards.total)


def _span_votes(suite: Suite, ids: list[str], parts: Sequence[Part]) -> SpanVotes:
    """Return the votes on spans of all parts."""
    records, lfs, votes = list[Any](), list[Any](), list[Any]()
    first = 0
    for part in parts:
        records.append(part.rows.astype(np.int64) + first)
        lfs.append(np.repeat(np.arange(len(part.lf_names)), np.diff(part.ends, prepend=0)))
        votes.append(part.votes)
        first += len(part.ids)
    lengths = np.concatenate([part.lengths for part in parts])
    cast = np.concatenate(votes)
    columns = np.concatenate(records), np.concatenate(lfs), cast["start"], cast["end"], cast["label"]
    faults = [fault for part in parts for _, fault in part.faults]
    task = suite.task
    return SpanVotes.from_places(ids, lengths, columns, suite.lf_names, task.labels, task.groups, faults)


class _FaultJudge:
    """Stops the work when an LF raises too often."""

    def __init__(self, rate: float, suite: Suite) -> None:
        self._rate, self._suite, self._rows = rate, suite, 0
        self._count: Counter[str] = Counter()
        self._first: dict[str, Fault] = {}

    def hear(self, part: Part) -> None:
        """Count the faults of a part; stop early where they are too many already."""
        self._add(len(part.ids), (fault for _, fault in part.faults))
        if self._rows >= ROWS_FOR_EARLY_STOP:
            self.close()

    def judge(self, rows: int, faults: Iterable[Fault]) -> None:
        """Judge all votes, those that were made earlier too."""
        self._rows, self._count = 0, Counter()
        self._add(rows, faults)
        self.close()

    def close(self) -> None:
        """Raise `FaultRateError` where an LF raised on too many of the records."""
        allowed = max(self._rate * self._rows, 1 if self._rate > 0 else 0)
        for lf, count in sorted(self._count.items()):
            if count > allowed:
                first = self._first[lf]
                raise FaultRateError(
                    f"LF {lf} ({self._suite.lf(lf).place}) failed on {count} of {self._rows} records; "
                    f"max_fault_rate is {self._rate}. The first: record {first.id}: {first.error} "
                    "Mend the LF, or raise the rate."
                )

    def _add(self, rows: int, faults: Iterable[Fault]) -> None:
        self._rows += rows
        for fault in faults:
            self._count[fault.lf] += 1
            self._first.setdefault(fault.lf, fault)
