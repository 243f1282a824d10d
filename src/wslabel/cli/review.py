"""`wslabel review`."""

from __future__ import annotations

import getpass
from pathlib import Path

import click

from wslabel.cli.shell import console, json_option, print_json


@click.command(short_help="Show a run's review queue; write and read decisions.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--export", "export_to", type=click.Path(path_type=Path), help="Write the queue as CSV, to decide there.")
@click.option("--import", "import_from", type=click.Path(path_type=Path), help="Read decisions from such a CSV.")
@click.option("--reviewer", help="Who decided, where the file does not say [default: your user name].")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Records to show.")
@json_option
def review(
    run: Path, export_to: Path | None, import_from: Path | None, reviewer: str | None, limit: int, as_json: bool
) -> None:
    """Show the records of RUN that are worth reviewing, worst first.

    To decide outside a notebook: --export writes a CSV; fill its column `decision` with a label, skip, unsure or
    reject; --import logs the decisions. `wslabel export RUN` then uses them.

    \b
    Example:
      wslabel review runs/try --export queue.csv
      wslabel review runs/try --import queue.csv --reviewer ana
    """
    from rich.text import Text

    from wslabel.pipeline import Run

    queue = Run(run).queue()
    if export_to:
        queue.export_csv(export_to)
        click.echo(f"{len(queue)} records written to {export_to}. Fill the column `decision`, then --import it.")
    if import_from:
        result = queue.import_csv(import_from, reviewer=reviewer or getpass.getuser())
        click.echo(
            f"{result['added']} decisions added, {result['unchanged']} known already, {result['empty']} rows undecided."
        )
    if export_to or import_from:
        return
    pending = {item.id for item in queue.pending()}
    items = queue.items()[:limit]
    if as_json:
        print_json([{"id": i.id, "text": i.text, "given": i.given, "decided": i.id not in pending} for i in items])
        return
    out = console()
    for number, item in enumerate(items, start=1):
        state = "open" if item.id in pending else "decided"
        kinds = ", ".join(f"{issue.kind} {issue.score:.2f} → {issue.suggested}" for issue in item.issues)
        given = (item.given, "bold")
        out.print(
            Text.assemble((str(number), "bold"), f" {item.id} ({state}) ", given, f" {item.confidence:.2f}  {kinds}")
        )
        out.print(f"  {item.text[:300]}")
        votes = ", ".join(f"{lf}: {vote}" for lf, vote in item.votes.items())
        out.print(f"  votes: {votes or 'none'}", style="dim")
    out.print(f"{len(items)} of {len(queue)} records shown, {len(pending)} open.")
