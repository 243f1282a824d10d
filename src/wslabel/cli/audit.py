"""`wslabel audit`."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from wslabel.cli.shell import console, json_option, print_json


@click.command(short_help="Draw an audit sample of a run's labels; tell how good they are.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--size", type=click.IntRange(min=1), help="Records to draw [default: as before, else 240].")
@click.option(
    "--export", "export_to", type=click.Path(path_type=Path), help="Write the sample as CSV, to decide there."
)
@click.option("--import", "import_from", type=click.Path(path_type=Path), help="Read decisions from such a CSV.")
@click.option("--reviewer", help="Who decided, where the file does not say [default: your user name].")
@json_option
def audit(
    run: Path,
    size: int | None,
    export_to: Path | None,
    import_from: Path | None,
    reviewer: str | None,
    as_json: bool,
) -> None:
    """Draw records of RUN by chance, and tell from the decisions on them how right its labels are, with intervals.

    Decisions of other reviews may be mixed in. A larger --size goes on with the same sample.

    \b
    Example:
      wslabel audit runs/try --size 240 --export audit.csv
      wslabel audit runs/try --import audit.csv --reviewer ana
      wslabel audit runs/try
    """
    from wslabel.pipeline import Run, auditing

    made = Run(run)
    new = auditing.draw(made, size or auditing.size_of(made))
    queue = auditing.queue(made)
    if import_from:
        result = queue.import_decisions(import_from, reviewer=reviewer or getpass.getuser())
        click.echo(f"{result['added']} decisions added, {result['unchanged']} known already.", err=True)
    if export_to:
        queue.export(export_to)
        click.echo(
            f"{len(queue)} records written to {export_to}. Fill the column `decision`, then --import it.", err=True
        )
    told = auditing.estimate(made)
    if as_json:
        print_json({"drawn": len(queue), "new": new, "estimate": None if told is None else told.to_dict()})
        return
    _show(told, len(queue), len(queue.pending()))


def _show(told: object, drawn: int, pending: int) -> None:
    from rich.table import Table

    from wslabel.review import AccuracyEstimate, SpanEstimate

    out = console()
    if not isinstance(told, AccuracyEstimate | SpanEstimate):
        out.print(f"{drawn} records drawn, none decided yet. --export them, or open the run's audit in a notebook.")
        return
    spans = isinstance(told, SpanEstimate)
    table = Table(box=None, pad_edge=False, header_style="bold")
    measures = ("precision (95 %)", "recall (95 %)", *(["F1 (95 %)"] if spans else []))
    for name in ("label", "exported", "audited", *measures):
        table.add_column(name, justify="left" if name == "label" else "right")
    for one in told.by_label:
        table.add_row(one.label, str(one.exported), str(one.audited), *one.words())
    out.print(table)
    before = told.before if isinstance(told, SpanEstimate) else f"accuracy {told.before}"
    out.print(f"before review: {before}", markup=False, soft_wrap=True)
    what = f"{told}; {told.exported} records would be exported; {pending} of {drawn} drawn are open"
    out.print(what, markup=False, soft_wrap=True)
