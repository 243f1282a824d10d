"""The local engine: this process, or worker processes that each load the suite once."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import chain, islice
from queue import SimpleQueue

import pyarrow as pa

from wslabel.applying.engines.base import Shard
from wslabel.applying.kernel import Kernel
from wslabel.applying.spec import KernelSpec
from wslabel.applying.worker import Worker
from wslabel.errors import VotesError

SHARDS_AHEAD = 2
"""Shards a worker that are read before their turn: enough to keep it busy, few enough to bound memory."""


class LocalEngine:
    """Votes in this process for one worker or a single shard, else in worker processes."""

    def run(self, kernel: Kernel, shards: Iterable[Shard], workers: int | str) -> Iterator[Shard]:
        """Yield (index, votes) in the order of the shards."""
        count = _count(workers)
        stream = iter(shards)
        first = list(islice(stream, 2))
        stream = chain(first, stream)
        if count == 1 or len(first) < 2 or kernel.suite.root is None:
            for index, shard in stream:
                yield index, kernel.vote(shard)
        else:
            yield from _in_processes(KernelSpec.of(kernel.suite), stream, count)


def _in_processes(spec: KernelSpec, shards: Iterator[Shard], count: int) -> Iterator[Shard]:
    idle: SimpleQueue[Worker] = SimpleQueue()
    workers = [Worker(spec) for _ in range(count)]
    for worker in workers:
        idle.put(worker)

    def vote(shard: pa.RecordBatch) -> pa.RecordBatch:
        worker = idle.get()
        try:
            return worker.vote(shard)
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(count)
    waiting: deque[tuple[int, Future[pa.RecordBatch]]] = deque()
    try:
        for index, shard in shards:
            waiting.append((index, pool.submit(vote, shard)))
            if len(waiting) >= count * SHARDS_AHEAD:
                index, voted = waiting.popleft()
                yield index, voted.result()
        while waiting:
            index, voted = waiting.popleft()
            yield index, voted.result()
    finally:
        for worker in workers:
            worker.stop()
        pool.shutdown(wait=True, cancel_futures=True)


def _count(workers: int | str) -> int:
    if workers == "auto":
        return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    if not isinstance(workers, int) or workers < 1:
        raise VotesError(f"workers is {workers!r}; expected a number from 1, or 'auto'.")
    return workers


ENGINE = LocalEngine()
