"""`wslabel split`: of a run, or of files that wslabel has not labeled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslabel.cli.shell import console, json_option, print_json
from wslabel.errors import ExportError, PipelineError

if TYPE_CHECKING:
    from wslabel.pipeline.config import SplitsSection

SHOWN = 5


@click.command(short_help="Split a run or files without leaks, and audit what is left.")
@click.argument("sources", metavar="RUN|FILE...", nargs=-1, required=True)
@click.option("--ratios", metavar="NAME=SHARE,…", help="[default: train=0.8,valid=0.1,test=0.1]")
@click.option("--folds", type=int, help="Folds of equal size, instead of ratios.")
@click.option(
    "--stratify", metavar="COLUMN", help="Equal shares of its values in every split; label: of a run's labels."
)
@click.option("--group", "groups", multiple=True, metavar="COLUMN", help="Records of one value stay together.")
@click.option("--time", metavar="COLUMN", help="Earlier records train, later ones test.")
@click.option("--gap", help="Left out between two splits by time, for example 7d.")
@click.option("--near", type=float, help="Texts at least so similar stay together; 0: only equal ones. [default: 0.5]")
@click.option("--test-on", multiple=True, type=click.Choice(["gold", "developed"]), help="Allow such records in test.")
@click.option("--seed", type=int, help="Another seed, another split.")
@click.option("--audit", "column", metavar="COLUMN", help="Of files: do not split, audit the splits that COLUMN names.")
@click.option("--label", metavar="COLUMN", help="Of files: labels, to look for equal texts with different ones.")
@click.option("--id", "id_", metavar="COLUMN", help="Of files: the column of ids.")
@click.option("--text", default="text", show_default=True, metavar="COLUMN", help="Of files: the column of texts.")
@click.option("--gold", metavar="COLUMN", help="Of files: the column of gold labels.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Of files: the folder for the results.")
@json_option
def split(sources: tuple[str, ...], as_json: bool, **options: Any) -> None:
    """Split the records of a RUN (it remembers how, and exports accordingly) or of FILEs into train, valid and test.
    Writes splits.parquet (id, split, unit, reason) and leak_audit.json, and shows what the splits still share.

    \b
    Example:
      wslabel split runs/try --stratify label --test-on gold --test-on developed
      wslabel split data_samples/finance/sentiment.jsonl --stratify gold --near 0.6 -o runs/splits
    """
    if len(sources) == 1 and (Path(sources[0]) / "manifest.json").exists():
        folder = Path(sources[0])
        _split_run(folder, options)
        facts = _audit_of(folder)
    else:
        folder = options["output"]
        facts = _split_files(list(sources), options)
    if as_json:
        print_json(facts)
    else:
        _show(facts, folder)


def _split_run(folder: Path, options: dict[str, Any]) -> None:
    from wslabel.cli.progress import Progress
    from wslabel.pipeline import Run, run
    from wslabel.pipeline.config import make_pipeline

    for name in ("column", "label", "id_", "gold", "output"):
        if options[name] is not None:
            raise PipelineError(f"--{name.strip('_').replace('column', 'audit')} goes with files; {folder} is a run.")
    content = Run(folder).manifest["config"]
    before = {key: value for key, value in (content["export"].get("splits") or {}).items() if value is not None}
    content["export"]["splits"] = {**before, **_given(options)}
    if options["seed"] is not None:
        content["seed"] = options["seed"]
    with Progress() as progress:
        run(make_pipeline(content, "wslabel split"), "split", folder, progress)


def _given(options: dict[str, Any]) -> dict[str, Any]:
    """Return the options as keys of ``[export.splits]``."""
    given = {key: options[key] for key in ("folds", "stratify", "time", "gap") if options[key] is not None}
    if options["ratios"]:
        given["ratios"] = _ratios(options["ratios"])
    if options["groups"]:
        given["groups"] = list(options["groups"])
    if options["near"] is not None:
        given["near_duplicates"] = options["near"] or False
    if options["test_on"]:
        given["never_test"] = [kind for kind in ("gold", "developed") if kind not in options["test_on"]]
    return given


def _ratios(text: str) -> dict[str, float]:
    pairs = [part.partition("=") for part in text.split(",")]
    try:
        return {name.strip(): float(share) for name, _, share in pairs}
    except ValueError:
        raise ExportError(f"--ratios is {text!r}; expected for example train=0.8,valid=0.1,test=0.1.") from None


def _audit_of(folder: Path) -> dict[str, Any]:
    import json

    from wslabel.pipeline import Run

    audit: dict[str, Any] = json.loads((folder / "leak_audit.json").read_text(encoding="utf-8"))
    counts = Run(folder).stage("split")["counts"]
    return {**audit, "left_out": counts["left_out"], "plan": counts["plan"]}


def _split_files(sources: list[str], options: dict[str, Any]) -> dict[str, Any]:
    from wslabel.core.files import write_json
    from wslabel.core.records import read_records
    from wslabel.exporting.splits import audit_splits
    from wslabel.exporting.splits import split as split_records
    from wslabel.pipeline.config import make_section
    from wslabel.pipeline.splitting import AUDIT, SPLITS, make_plan

    section: SplitsSection = make_section(_given(options), "wslabel split")
    records = read_records(sources, options["id_"], options["text"], options["gold"])
    plan = make_plan(section, options["seed"] or 0)
    made = options["column"] or split_records(records, plan)
    near, run_length = plan.near_duplicates or 0.5, section.run_length or None
    audit = audit_splits(records, made, groups=plan.groups, labels=options["label"], near=near, run_length=run_length)
    facts = audit.facts()
    if not isinstance(made, str):
        facts |= {"left_out": made.left_out, "plan": dict(made.facts)}
    if options["output"]:
        write_json(options["output"] / AUDIT, facts, ExportError)
        if not isinstance(made, str):
            made.write(options["output"] / SPLITS)
    return facts


def _show(facts: dict[str, Any], folder: Path | None) -> None:
    from rich.table import Table

    out = console()
    total = sum(facts["sizes"].values())
    for name, count in facts["sizes"].items():
        out.print(f"{name:<14}{count:>9}  {100 * count / max(total, 1):5.1f} %")
    for reason, count in facts.get("left_out", {}).items():
        out.print(f"in no split   {count:>9}  {reason}", soft_wrap=True)
    for what, count in facts.get("plan", {}).get("held together", {}).items():
        out.print(f"kept together by {what}: {count} records")
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("shared", "between", "records"):
        table.add_column(name, justify="right" if name == "records" else "left")
    for kind, found in facts["shared"].items():
        for pair, count in (found or {"any two splits": 0}).items():
            table.add_row(kind, pair, str(count))
    out.print()
    out.print(table)
    for kind, count in facts["conflicting labels"].items():
        out.print(f"other label than a text that is {kind}ly equal: {count} records")
    for leak in facts["leaks"][:SHOWN]:
        out.print(
            f"  {leak['kind']}: {leak['id']} ({leak['split']}) and {leak['other']} ({leak['other_split']})",
            soft_wrap=True,
        )
    if folder is not None:
        out.print(f"\nsplits and audit: {folder}", soft_wrap=True)
