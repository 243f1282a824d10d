"""Running a pipeline: each stage in turn, skipped when all that it reads is as it was."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from wslabel import __version__
from wslabel.core.files import locked, remove_temporaries
from wslabel.errors import PipelineError, suggest
from wslabel.pipeline.config import Pipeline, load_pipeline
from wslabel.pipeline.run import Run
from wslabel.pipeline.stages import STAGES, Stage, check_names

SHOWN = 5
"""Changed inputs that a reason names."""


class Observer:
    """Hears what happens; does nothing with it. The command line shows it."""

    def started(self, stage: str, reason: str) -> None:
        """A stage begins, for a reason."""

    def progressed(self, stage: str, records: int, total: int | None) -> None:
        """So many more records are done, of so many, where that is known."""

    def skipped(self, stage: str) -> None:
        """A stage is fresh."""

    def finished(self, stage: str, counts: dict[str, Any]) -> None:
        """A stage has ended."""


@dataclass(frozen=True)
class Plan:
    """What a stage would do: `reason` says why it would run; empty when it is fresh."""

    stage: str
    reason: str


def run(
    pipeline: Pipeline | str | Path,
    until: str | None = None,
    output: str | Path | None = None,
    observer: Observer | None = None,
) -> Run:
    """Run the stages of a pipeline that are not fresh.

    Parameters
    ----------
    pipeline
        A pipeline file, or its content.
    until
        The last stage; all of them by default.
    output
        The run directory; by default the pipeline's, else ``runs/SUITE``.

    Returns
    -------
    Run

    Raises
    ------
    WslabelError
        What a stage raises; what earlier stages made stays, and the next run goes on from there.
    """
    config = pipeline if isinstance(pipeline, Pipeline) else load_pipeline(pipeline)
    stages = _stages(until)
    check_names(config)
    made = Run.create(output or config.output or Path("runs") / config.suite, config)
    with locked(made.folder, PipelineError):
        for stage in stages:
            _bring_up_to_date(stage, made, observer or Observer())
        remove_temporaries(made.folder)
    return made


def _bring_up_to_date(stage: Stage, made: Run, hear: Observer) -> None:
    inputs = _inputs(stage, made)
    reason = _reason(stage, made, inputs, {})
    if not reason:
        hear.skipped(stage.name)
        return
    hear.started(stage.name, reason)
    made.forget(stage.name)
    counts = stage.work(made, partial(hear.progressed, stage.name))
    made.remember(stage.name, inputs, stage.written(made.folder), counts)
    hear.finished(stage.name, counts)


def plan(pipeline: Pipeline | str | Path, until: str | None = None, output: str | Path | None = None) -> list[Plan]:
    """Tell which stages would run and why; nothing is written."""
    config = pipeline if isinstance(pipeline, Pipeline) else load_pipeline(pipeline)
    folder = Path(output or config.output or Path("runs") / config.suite)
    if not (folder / "manifest.json").exists():
        return [Plan(stage.name, "it was never run") for stage in _stages(until)]
    made = Run(folder)
    made.__dict__["config"] = config  # as it would be, without writing it
    reasons: dict[str, str] = {}
    for stage in _stages(until):
        waiting = [name for name in stage.needs if reasons.get(name)]
        inputs = {} if waiting else _inputs(stage, made)
        reasons[stage.name] = _reason(stage, made, inputs, reasons)
    return [Plan(name, reason) for name, reason in reasons.items()]


def stage_names() -> list[str]:
    """Return the names of the stages, in order."""
    return [stage.name for stage in STAGES]


def _stages(until: str | None) -> tuple[Stage, ...]:
    if until is None:
        return STAGES
    if until not in stage_names():
        raise PipelineError(f"There is no stage {until!r}. {suggest(until, stage_names())}")
    return STAGES[: stage_names().index(until) + 1]


def _inputs(stage: Stage, made: Run) -> dict[str, str]:
    upstream = {name: made.identity(name) for name in stage.needs}
    return {"wslabel": __version__, **upstream, **stage.reads(made)}


def _reason(stage: Stage, made: Run, inputs: dict[str, str], upstream: dict[str, str]) -> str:
    """Return why the stage must run; empty when it need not."""
    waiting = [name for name in stage.needs if upstream.get(name)]
    if waiting:
        return f"{waiting[0]} runs before it"
    before = made.stage(stage.name)
    if not before:
        return "it was never finished"
    changes = _changes(before["inputs"], inputs)
    if changes:
        more = f" and {len(changes) - SHOWN} more" if len(changes) > SHOWN else ""
        return "; ".join(changes[:SHOWN]) + more
    for path, facts in before["outputs"].items():
        if not (made.folder / path).exists() or (made.folder / path).stat().st_size != facts["bytes"]:
            return f"{path} is missing or not as it was written"
    return ""


def _changes(before: dict[str, str], now: dict[str, str]) -> list[str]:
    """Return what is new, changed or gone among the inputs, in words."""
    new = [f"new: {name}" for name in now if name not in before]
    changed = [f"changed: {name}" for name in now if name in before and before[name] != now[name]]
    return changed + new + [f"gone: {name}" for name in before if name not in now]
