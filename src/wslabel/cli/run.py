"""`wslabel run` and `wslabel apply`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslabel.cli.shell import json_option, print_json, quiet

if TYPE_CHECKING:
    from wslabel.pipeline import Pipeline


@click.command(short_help="Run all stages of a pipeline file.")
@click.argument("pipeline", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The run directory, instead of the file's.")
@click.option("--until", metavar="STAGE", help="The last stage to run.")
@click.option("--dry-run", is_flag=True, help="Tell which stages would run and why; write nothing.")
@json_option
def run(pipeline: Path, output: Path | None, until: str | None, dry_run: bool, as_json: bool) -> None:
    """Run the stages of a pipeline file that are not fresh: apply, fit, label, flag, review, split, export,
    report.

    \b
    Example:
      wslabel run pipelines/finance_sentiment.toml
      wslabel run pipelines/finance_sentiment.toml --dry-run
    """
    from wslabel.cli.show import show_plan, show_run
    from wslabel.pipeline import load_pipeline, plan

    config = load_pipeline(pipeline)
    if dry_run:
        with quiet():
            plans = plan(config, until, output)
        show_plan(plans, as_json)
        return
    made = _run(config, until, output)
    if as_json:
        print_json(made.manifest)
    else:
        show_run(made)


def _workers(_: click.Context, option: click.Parameter, value: str) -> int | str:
    if value == "auto":
        return value
    if not value.isdigit() or int(value) < 1:
        raise click.BadParameter(f"{value!r} is neither a number from 1 on nor auto.", param=option)
    return int(value)


@click.command(short_help="Let a suite vote on a corpus.")
@click.argument("suite")
@click.argument("corpus", nargs=-1, required=True)
@click.option("-o", "--output", type=click.Path(path_type=Path), help="The run directory [default: runs/SUITE].")
@click.option("--id", "id_", metavar="COLUMN", help="The column of ids [default: id, else derived from the text].")
@click.option("--text", default="text", show_default=True, metavar="COLUMN", help="The column of texts.")
@click.option("--gold", metavar="COLUMN", help="The column of gold labels; labeling functions never see it.")
@click.option("--engine", default="local", show_default=True, help="See `wslabel list engines`.")
@click.option("--workers", default="auto", show_default=True, callback=_workers, help="Processes, or auto.")
@click.option("--shard-size", default=10_000, show_default=True, help="Records a shard.")
@click.option("--max-fault-rate", default=0.01, show_default=True, help="Stop when an LF raises on more records.")
@click.option("--time-limit", default=10.0, show_default=True, help="Seconds for one call; longer is a fault. 0: none.")
@click.option("--max-quarantine-rate", default=0.01, show_default=True, help="Stop when more rows are malformed.")
@click.option("--profile", is_flag=True, help="Show which function takes how long.")
@click.option("--evidence", is_flag=True, help="Write where in the texts rules found what they voted for.")
@click.option("--dry-run", is_flag=True, help="Tell what would vote again and why; write nothing.")
@click.option("--suites", metavar="FOLDER", help="The folder of industry packages.")
@json_option
def apply(
    suite: str,
    corpus: tuple[str, ...],
    output: Path | None,
    id_: str | None,
    text: str,
    gold: str | None,
    engine: str,
    workers: int | str,
    shard_size: int,
    max_fault_rate: float,
    time_limit: float,
    max_quarantine_rate: float,
    profile: bool,
    evidence: bool,
    dry_run: bool,
    suites: str | None,
    as_json: bool,
) -> None:
    """Let the labeling functions of SUITE vote on CORPUS: files, folders or globs
    (.jsonl, .csv, .tsv, .txt, also .gz, and .parquet). An interrupted run goes on where it stopped.

    \b
    Example:
      wslabel apply finance.sentiment data_samples/finance/sentiment.jsonl --gold gold -o runs/try
    """
    from wslabel.applying import Profile
    from wslabel.cli.show import show_plan, show_profile, show_votes
    from wslabel.pipeline import plan
    from wslabel.pipeline.config import make_pipeline

    records = {"paths": [str(Path(path).absolute()) for path in corpus], "id": id_, "text": text, "gold": gold}
    section = {"engine": engine, "workers": workers, "shard_size": shard_size}
    content: dict[str, Any] = {
        "suite": suite,
        "suites": suites,
        "records": {**records, "max_quarantine_rate": max_quarantine_rate},
        "apply": {
            **section,
            "max_fault_rate": max_fault_rate,
            "time_limit": time_limit,
            "profile": profile,
            "evidence": evidence,
        },
    }
    config = make_pipeline(content, "wslabel apply")
    if dry_run:
        with quiet():
            plans = plan(config, "apply", output)
        show_plan(plans, as_json)
        return
    made = _run(config, "apply", output)
    spent = Profile.read(made.folder / "profile.json") if profile else None
    if as_json:
        print_json(
            {
                **made.stage("apply")["counts"],
                **({} if spent is None else {"profile": [asdict(row) for row in spent.rows]}),
                "run": str(made.folder),
                "lfs": [asdict(row) for row in made.summary().rows],
            }
        )
    else:
        show_votes(made)
        if spent is not None:
            show_profile(spent)


def _run(config: Pipeline, until: str | None, output: Path | None) -> Any:
    from wslabel.cli.progress import Progress
    from wslabel.pipeline import run as run_pipeline

    with quiet(), Progress() as progress:
        return run_pipeline(config, until, output, progress)
