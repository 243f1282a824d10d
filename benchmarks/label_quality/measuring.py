"""Seconds of the processor and peak memory of a block of code (Linux); standard library only."""

from __future__ import annotations

import time
from pathlib import Path
from types import TracebackType

MEGABYTE = 1024.0


class Meter:
    """Measures what stands in its `with` block.

    Attributes
    ----------
    seconds
        Of the processor, all threads.
    megabytes
        The largest resident memory above that at the beginning.
    """

    seconds: float = 0.0
    megabytes: float = 0.0

    def __enter__(self) -> Meter:
        Path("/proc/self/clear_refs").write_text("5")
        self._resident, self._begin = resident("VmRSS"), time.process_time()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.seconds = time.process_time() - self._begin
        self.megabytes = max(resident("VmHWM") - self._resident, 0.0)


def resident(field: str) -> float:
    """Return megabytes: VmRSS now, VmHWM at most since the last reset."""
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith(field):
            return int(line.split()[1]) / MEGABYTE
    raise OSError(f"/proc/self/status has no {field}")
