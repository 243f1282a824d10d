"""Single stages of a run: the same code as `wslabel run`, with its settings changed by options."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wslabel.cli.shell import json_option, print_json, quiet
from wslabel.errors import ExportError

RUN = click.argument("run", type=click.Path(path_type=Path))


@click.command(short_help="Fit the label model to a run's votes.")
@RUN
@click.option("--model", help="See `wslabel list models`.")
@click.option("--seed", type=int, help="For models that draw random numbers.")
@json_option
def fit(run: Path, model: str | None, seed: int | None, as_json: bool) -> None:
    """Fit the label model to the votes of RUN.

    \b
    Example:
      wslabel fit runs/try --model dawid_skene
    """
    _stage(run, "fit", {"label_model": {"name": model, **({"parameters": {}} if model else {})}, "seed": seed}, as_json)


@click.command(short_help="Predict a run's labels, and fuse them with the end model.")
@RUN
@click.option("--end-model", help="See `wslabel list end-models`; none for the label model alone.")
@click.option("--folds", type=int, help="Folds of cross-validation.")
@json_option
def label(run: Path, end_model: str | None, folds: int | None, as_json: bool) -> None:
    """Predict the labels of RUN with its label model, cross-validate the end model, and fuse the two.

    \b
    Example:
      wslabel label runs/try
    """
    _stage(run, "label", {"end_model": {"name": end_model, "folds": folds}}, as_json)


@click.command(short_help="Flag a run's likely label errors.")
@RUN
@json_option
def flag(run: Path, as_json: bool) -> None:
    """Flag likely label errors of RUN: Cleanlab's, conflicts, ties, uncovered records.

    \b
    Example:
      wslabel flag runs/try
    """
    _stage(run, "flag", {}, as_json)


@click.command(short_help="Export a run's labels as training data.")
@RUN
@click.option("--format", "formats", multiple=True, help="See `wslabel list formats`; may be given again.")
@click.option("--min-confidence", type=float, help="Leave out records whose label is less probable.")
@click.option("--include-uncovered/--covered-only", default=None, help="Records on which no labeling function voted.")
@click.option("--target-precision", type=float, help="The estimated share of right labels that is aimed at.")
@click.option("--quota", "quotas", multiple=True, metavar="LABEL=N", help="At most so many records of a label.")
@click.option("--target", "targets", multiple=True, metavar="LABEL=N", help="Tell what is short of so many records.")
@click.option("--slice", metavar="COLUMN", help="Quotas and targets are for each value of it.")
@click.option("--template", type=click.Path(path_type=Path), help="How records become conversations (TOML).")
@click.option("--unredacted", metavar="SUITE", help="Export records of this sensitive suite as they are.")
@click.option("--balance", type=click.Choice(["none", "downsample", "weights"]), help="How labels are balanced.")
@json_option
def export(
    run: Path,
    formats: tuple[str, ...],
    min_confidence: float | None,
    include_uncovered: bool | None,
    template: Path | None,
    unredacted: str | None,
    as_json: bool,
    **choice: Any,
) -> None:
    """Export the labels of RUN, reviewers' decisions in them, as validated training data.

    \b
    Example:
      wslabel export runs/try --format openai_chat --min-confidence 0.9
    """
    section = {"formats": list(formats) or None, "min_confidence": min_confidence, "unredacted": unredacted}
    section["template"] = str(template.absolute()) if template else None
    chosen = _choice(run, choice)
    _stage(run, "export", {"export": {**section, "include_uncovered": include_uncovered, "choice": chosen}}, as_json)


def _choice(run: Path, options: dict[str, Any]) -> dict[str, Any] | None:
    """Return the run's choice with the options that were given; None where there is nothing to choose."""
    from wslabel.pipeline import Run

    counts = {name: dict(map(_count, options.pop(name))) for name in ("quotas", "targets")}
    given = {name: value for name, value in {**options, **counts}.items() if value not in (None, {})}
    before = Run(run).manifest["config"]["export"].get("choice") or {}
    return {**before, **given} if before or given else None


def _count(text: str) -> tuple[str, int]:
    label, _, count = text.rpartition("=")
    if not label or not count.isdigit():
        raise ExportError(f"{text!r}: expected LABEL=N, a label and a whole number.")
    return label, int(count)


@click.command(short_help="Show a run's report, and write it as HTML.")
@RUN
@json_option
def report(run: Path, as_json: bool) -> None:
    """Write RUN/report.html (labeling functions, label model, issues, accuracy), and show the short form.

    \b
    Example:
      wslabel report runs/try
    """
    _stage(run, "report", {}, as_json)


def _stage(folder: Path, name: str, changes: dict[str, Any], as_json: bool) -> None:
    from wslabel.cli.progress import Progress
    from wslabel.cli.show import show_run
    from wslabel.pipeline import Run
    from wslabel.pipeline import run as run_pipeline
    from wslabel.pipeline.config import make_pipeline

    content = _changed(Run(folder).manifest["config"], changes)
    with quiet(), Progress() as progress:
        made = run_pipeline(make_pipeline(content, f"wslabel {name}"), name, folder, progress)
    if as_json:
        print_json(made.stage(name)["counts"])
    else:
        show_run(made)


def _changed(content: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Return the configuration with the options that were given."""
    out = dict(content)
    for key, value in changes.items():
        if isinstance(value, dict):
            out[key] = {**out[key], **{name: one for name, one in value.items() if one is not None}}
        elif value is not None:
            out[key] = value
    return out
