"""`apply`: the votes of a suite on a corpus."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pyarrow as pa

from wslabel.applying.engines import load_engine
from wslabel.applying.kernel import Kernel
from wslabel.applying.limits import TIME_LIMIT, check_limit
from wslabel.applying.profile import Profile, Sum
from wslabel.applying.store import Part, VoteStore, to_matrix
from wslabel.applying.wish import ask
from wslabel.authoring import LabelingFunction, Task
from wslabel.core.files import write_jsonl
from wslabel.core.fingerprint import fingerprint
from wslabel.core.readers import QuarantinedRow
from wslabel.core.records import Records, read_records
from wslabel.core.votes import Fault, VoteMatrix
from wslabel.errors import FaultRateError, VotesError
from wslabel.suites import Suite, as_suite

SHARD_SIZE = 10_000
FAULT_RATE = 0.01
ROWS_FOR_EARLY_STOP = 1_000


def apply(
    suite: Suite | LabelingFunction | Sequence[LabelingFunction],
    records: Records | Any,
    *,
    engine: str = "local",
    workers: int | str = 1,
    out: str | Path | None = None,
    task: Task | None = None,
    shard_size: int = SHARD_SIZE,
    max_fault_rate: float = FAULT_RATE,
    time_limit: float | None = TIME_LIMIT,
    progress: Callable[[int], None] | None = None,
    profile: Callable[[Profile], object] | None = None,
) -> VoteMatrix:
    """Let labeling functions vote on records.

    Parameters
    ----------
    suite
        A suite, or LFs as in a notebook cell.
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
        Called with the number of records of each finished shard.
    profile
        Called at the end with what each function took; ``profile=print`` shows it.

    Returns
    -------
    VoteMatrix

    Raises
    ------
    WslabelError
        An LF reads a column that is not there, or raises too often; malformed or empty corpus; unwritable folder.
    """
    own = as_suite(suite, task)
    corpus = records if isinstance(records, Records) else read_records(records)
    if shard_size < 1:
        raise VotesError(f"shard_size is {shard_size}; expected at least 1 record.")
    limit = check_limit(time_limit)
    kernel = Kernel(own)
    kernel.check_columns(corpus.columns)
    store = None if out is None else VoteStore(Path(out))
    quarantine: list[QuarantinedRow] = []
    shards = (_narrow(batch, kernel) for batch in corpus.batches(quarantine, shard_size))
    parts: list[Part] = []
    spent = Sum()
    judge = _FaultJudge(max_fault_rate, own)
    if store:
        store.begin()
    try:
        for part in _parts(shards, kernel, store, load_engine(engine), workers, limit, spent):
            parts.append(part)
            judge.hear(part)
            if progress:
                progress(part.votes.num_rows)
        judge.close()
        if profile:
            profile(spent.profile())
    finally:  # what was set aside is needed most when there was too much of it
        if store:
            write_jsonl(store.folder / "quarantine.jsonl", [asdict(row) for row in quarantine], VotesError)
    votes = to_matrix([part.votes for part in parts], list(own.lf_names), list(own.task.labels), judge.faults)
    if store:
        about = {"suite": own.name, "labels": own.task.labels, "lfs": own.lf_names}
        store.finish(len(parts), {**about, "voted": votes.n, "quarantined": len(quarantine)})
    return votes


def _parts(
    shards: Iterator[pa.RecordBatch],
    kernel: Kernel,
    store: VoteStore | None,
    engine: Any,
    workers: int | str,
    time_limit: float,
    spent: Sum,
) -> Iterator[Part]:
    """Yield the part of each shard in order: from the store what is fresh there, from the engine the rest."""
    wanted = {lf.name: kernel.suite.lf_fingerprint(lf) for lf in kernel.suite.lfs}
    waiting: dict[int, tuple[str, Part | None]] = {}
    ready: dict[int, Part] = {}

    def stale() -> Iterator[tuple[int, pa.RecordBatch]]:
        for index, shard in enumerate(shards):
            records = _content(shard) if store else ""
            stored = store.part(index, records) if store else None
            fresh = stored.fresh(wanted) if stored else []
            if stored and len(fresh) == len(wanted):
                ready[index] = stored.part.select(fresh)
                if store and dict(stored.lfs) != wanted:
                    store.write(index, ready[index], records, wanted)
                continue
            waiting[index] = (records, stored.part.select(fresh) if stored and fresh else None)
            yield index, ask(shard, [name for name in wanted if name not in fresh], time_limit)

    following = 0
    for index, voted in engine.run(kernel, stale(), workers):
        while following in ready:
            yield ready.pop(following)
            following += 1
        records, known = waiting.pop(index)
        spent.hear(voted)
        part = Part.of(voted)
        ready[index] = known.join(part, list(wanted)) if known else part
        if store:
            store.write(index, ready[index], records, wanted)
    for index in sorted(ready):
        yield ready[index]


def _narrow(batch: pa.RecordBatch, kernel: Kernel) -> pa.RecordBatch:
    """Return the columns that the suite reads; gold is never among them."""
    read = [name for name in batch.schema.names if kernel.reads_all or name in kernel.columns]
    return batch.select(["id", *[name for name in read if name not in ("id", "gold")]])


def _content(batch: pa.RecordBatch) -> str:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    return fingerprint(sink.getvalue().to_pybytes())


class _FaultJudge:
    """Counts faults an LF, and stops the work when one raises too often."""

    def __init__(self, rate: float, suite: Suite) -> None:
        self.faults: list[Fault] = []
        self._rate, self._suite, self._rows = rate, suite, 0
        self._count: Counter[str] = Counter()

    def hear(self, part: Part) -> None:
        self.faults += part.faults
        self._count.update(fault.lf for fault in part.faults)
        self._rows += part.votes.num_rows
        if self._rows >= ROWS_FOR_EARLY_STOP:
            self.close()

    def close(self) -> None:
        allowed = max(self._rate * self._rows, 1 if self._rate > 0 else 0)
        for lf, count in sorted(self._count.items()):
            if count > allowed:
                first = next(fault for fault in self.faults if fault.lf == lf)
                raise FaultRateError(
                    f"LF {lf} ({self._suite.lf(lf).place}) failed on {count} of {self._rows} records; "
                    f"max_fault_rate is {self._rate}. The first: record {first.id}: {first.error} "
                    "Mend the LF, or raise the rate."
                )
