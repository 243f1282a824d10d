"""What an engine is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol

import pyarrow as pa

from wslabel.applying.kernel import Kernel

Shard = tuple[int, pa.RecordBatch]


class Engine(Protocol):
    """Hosts the kernel.

    To add an engine, write a file in this folder with an object ``ENGINE`` that has this method. It must give
    for every shard just what ``kernel.vote`` gives; ``wslabel.testing.check_engine`` compares.
    """

    def run(self, kernel: Kernel, shards: Iterable[Shard], workers: int | str) -> Iterator[Shard]:
        """Yield (index, votes) for every (index, records), in the order of the shards.

        Shards are taken as they are needed, so that memory stays bounded. Where code cannot travel,
        ``KernelSpec.of(kernel.suite)`` is what does.
        """
        ...
