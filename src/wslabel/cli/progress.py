"""Progress on stderr: a line a stage, and a count with rate while records pass."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Any

import rich.progress
from rich.text import Text

from wslabel.cli.shell import console
from wslabel.pipeline import Observer


class Progress(Observer):
    """Shows what a run does."""

    def __init__(self) -> None:
        self._console = console(err=True)
        self._bar = rich.progress.Progress(
            rich.progress.TextColumn("  {task.description}"),
            rich.progress.SpinnerColumn(),
            rich.progress.BarColumn(bar_width=20),
            rich.progress.TextColumn("{task.completed:,.0f} records"),
            rich.progress.TextColumn("{task.fields[rate]}"),
            rich.progress.TimeElapsedColumn(),
            rich.progress.TextColumn("left"),
            rich.progress.TimeRemainingColumn(),
            console=self._console,
            transient=True,
        )
        self._began, self._done = 0.0, 0
        self._task: rich.progress.TaskID | None = None

    def __enter__(self) -> Progress:
        if self._console.is_terminal:
            self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._console.is_terminal:
            self._bar.stop()

    def started(self, stage: str, reason: str) -> None:
        """Say why the stage runs."""
        self._began = time.monotonic()
        self._done = 0
        self._task = self._bar.add_task(stage, total=None, rate="")
        self._console.print(Text.assemble((f"{stage:<7}", "bold"), f" {reason}"), soft_wrap=True)

    def progressed(self, stage: str, records: int, total: int | None) -> None:
        """Count the records; show the rate, and the time left where it can be told."""
        if self._task is not None:
            self._done += records
            rate = f"{self._done / max(time.monotonic() - self._began, 1e-3):,.0f} records/s"
            whole = None if total is None else max(total, self._done)
            self._bar.update(self._task, completed=self._done, total=whole, rate=rate)

    def skipped(self, stage: str) -> None:
        """Say that the stage is fresh."""
        self._console.print(Text.assemble((f"{stage:<7}", "bold"), (" fresh, skipped", "dim")))

    def finished(self, stage: str, counts: dict[str, Any]) -> None:
        """Say how long the stage took."""
        if self._task is not None:
            self._bar.remove_task(self._task)
        self._console.print(f"        done in {time.monotonic() - self._began:.1f} s", style="dim")
