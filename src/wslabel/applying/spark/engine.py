"""The engine: shards go from the driver to executors and their votes come back, in order."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import chain, islice
from typing import Any

import pyarrow as pa

from wslabel.applying.engines.base import Shard
from wslabel.applying.kernel import Kernel
from wslabel.applying.spark.session import active_session, map_in_arrow, to_arrow
from wslabel.applying.spark.voting import kernel_of
from wslabel.applying.spec import KernelSpec

SHARDS_AHEAD = 8
"""Shards a core in one job: enough to share out evenly, few enough to bound the driver's memory."""
JOBS_AHEAD = 2
"""Jobs at a time, so that executors are busy while the driver reads shards and keeps votes."""


class SparkEngine:
    """Votes in the executors of the active Spark session, or of one that it starts on this machine.

    The cluster says how many work at a time, so `workers` is not used. For corpora that the driver should not
    read, see `vote_frame`.
    """

    def run(self, kernel: Kernel, shards: Iterable[Shard], workers: int | str) -> Iterator[Shard]:
        """Yield (index, votes) in the order of the shards.

        Raises
        ------
        SuiteError
            LFs from a notebook, or a suite whose files in an executor are not the author's.
        """
        spec = KernelSpec.of(kernel.suite)
        stream = iter(shards)
        first = list(islice(stream, 1))
        if not first:
            return
        session = active_session()
        size = SHARDS_AHEAD * session.sparkContext.defaultParallelism
        jobs: deque[Future[list[Shard]]] = deque()
        pool = ThreadPoolExecutor(JOBS_AHEAD)
        try:
            for some in _windows(chain(first, stream), size):
                jobs.append(pool.submit(_vote, session, spec, some))
                if len(jobs) == JOBS_AHEAD:
                    yield from jobs.popleft().result()
            while jobs:
                yield from jobs.popleft().result()
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _windows(shards: Iterator[Shard], size: int) -> Iterator[list[Shard]]:
    while some := list(islice(shards, size)):
        yield some


def _vote(session: Any, spec: KernelSpec, shards: list[Shard]) -> list[Shard]:
    """Return the votes on some shards, which travel as bytes: Spark would change types that it does not know."""
    columns = {"index": pa.array([index for index, _ in shards]), "shard": [_to_bytes(shard) for _, shard in shards]}
    frame = session.createDataFrame(pa.table(columns))
    voted = to_arrow(map_in_arrow(frame, VoteShards(spec), "index long, votes binary")).sort_by("index")
    indices, votes = voted["index"].to_pylist(), voted["votes"].to_pylist()
    return [(index, _from_bytes(content)) for index, content in zip(indices, votes)]


@dataclass(frozen=True)
class VoteShards:
    """Votes on whole shards in an executor."""

    spec: KernelSpec

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the index and the votes of each shard."""
        for batch in batches:
            for index, shard in zip(batch["index"], batch["shard"].to_pylist()):
                votes = _to_bytes(kernel_of(self.spec).vote(_from_bytes(shard)))
                yield pa.RecordBatch.from_pydict({"index": pa.array([index.as_py()]), "votes": [votes]})


def _to_bytes(batch: pa.RecordBatch) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as writer:
        writer.write_batch(batch)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def _from_bytes(content: bytes) -> pa.RecordBatch:
    return pa.ipc.open_stream(content).read_next_batch()
