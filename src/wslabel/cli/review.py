"""`wslabel review`."""

from __future__ import annotations

import getpass
import sys
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslabel.cli.keyboard import Keyboard
from wslabel.cli.shell import console, json_option, print_json

if TYPE_CHECKING:
    from wslabel.pipeline import Run
    from wslabel.review import ReviewQueue


class _Review(click.Group):
    """`review RUN` goes through the queue; `review push RUN` and `review pull RUN` speak with Label Studio."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        """Take what is no command for the run that is shown."""
        known = bool(args) and args[0] in self.commands
        return super().resolve_command(ctx, args if known else ["show", *args])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Leave options to the command that shows."""
        leads = bool(args) and args[0].startswith("-") and args[0] not in ("-h", "--help")
        return super().parse_args(ctx, ["show", *args] if leads else args)

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Show both ways to call it."""
        formatter.write_usage(ctx.command_path, "[show|push|pull] RUN [OPTIONS]...")


@click.group(cls=_Review, short_help="Review a run in the terminal; write and read decisions; push to Label Studio.")
def review() -> None:
    """Review the records of a run that are worth it; `wslabel review RUN` is `wslabel review show RUN`.

    \b
    Example:
      wslabel review runs/try
      wslabel review runs/try --export queue.csv
      wslabel review push runs/try --url https://studio.example.org
      wslabel review pull runs/try --url https://studio.example.org
    """


@review.command(short_help="Review a run's queue in the terminal; write and read decisions.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--export", "export_to", type=click.Path(path_type=Path), help="Write the queue as CSV or JSONL.")
@click.option("--import", "import_from", type=click.Path(path_type=Path), help="Read decisions from CSV or JSONL.")
@click.option("--log", "log_to", type=click.Path(path_type=Path), help="Write all decisions made, as CSV or JSONL.")
@click.option("--reviewer", help="Who decides [default: your user name].")
@click.option("--list", "listed", is_flag=True, help="List the records instead, as it is done without a terminal.")
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Records to list.")
@json_option
def show(
    run: Path,
    export_to: Path | None,
    import_from: Path | None,
    log_to: Path | None,
    reviewer: str | None,
    listed: bool,
    limit: int,
    as_json: bool,
) -> None:
    """Review the records of RUN, worst first: one record a screen, a key a decision, each saved at once. ? shows the
    keys.

    To decide elsewhere: --export writes a table; fill its column `decision` with a label (of spans, a list of them in
    JSON), skip, unsure or reject; --import logs the decisions. `wslabel export RUN` then uses them.

    \b
    Example:
      wslabel review runs/try
      wslabel review runs/try --export queue.csv
      wslabel review runs/try --import queue.csv --reviewer ana
    """
    from wslabel.pipeline import Run

    queue = Run(run).queue()
    who = reviewer or getpass.getuser()
    if export_to:
        queue.export(export_to)
        click.echo(f"{len(queue)} records written to {export_to}. Fill the column `decision`, then --import it.")
    if import_from:
        result = queue.import_decisions(import_from, reviewer=who)
        click.echo(
            f"{result['added']} decisions added, {result['unchanged']} known already, {result['empty']} rows undecided."
        )
    if log_to:
        click.echo(f"{queue.log.export(log_to)} decisions written to {log_to}.")
    if export_to or import_from or log_to:
        return
    if as_json or listed or not (sys.stdin.isatty() and sys.stdout.isatty()):
        _list(queue, limit, as_json)
        return
    from wslabel.cli.review_screen import ReviewScreen
    from wslabel.cli.span_screen import SpanScreen

    screen = SpanScreen if queue.kind == "spans" else ReviewScreen
    with Keyboard() as keyboard:
        decided = screen(queue.session(who), console(), keyboard.key, keyboard.ask).run()
    click.echo(f"{decided} records decided; the log is {queue.log.path}.")


def _list(queue: ReviewQueue, limit: int, as_json: bool) -> None:
    from rich.text import Text

    from wslabel.review.marks import visible
    from wslabel.review.page import in_words

    items = list(islice(queue, limit))
    pending = {*queue.pending_ids()}
    if as_json:
        print_json([{"id": i.id, "text": i.text, "given": i.given, "decided": i.id not in pending} for i in items])
        return
    out = console()
    for number, item in enumerate(items, start=1):
        state = "open" if item.id in pending else "decided"
        kinds = ", ".join(f"{issue.kind} {issue.score:.2f}" for issue in item.issues)
        kinds += f" → {in_words(item, item.suggested)}" if item.suggested != item.given else ""
        head = f" {visible(item.id)} ({state}) "
        given = (visible(in_words(item)), "bold")
        out.print(Text.assemble((str(number), "bold"), head, given, f" {item.confidence:.2f}  {visible(kinds)}"))
        out.print(Text(f"  {visible(item.text[:300])}"))
        votes = ", ".join(f"{lf}: {in_words(item, vote)}" for lf, vote in item.votes.items())
        out.print(Text(f"  votes: {visible(votes) or 'none'}"), style="dim")
    out.print(f"{len(items)} of {len(queue)} records shown, {len(pending)} open.")


URL = click.option("--url", envvar="LABEL_STUDIO_URL", required=True, help="The server [or LABEL_STUDIO_URL].")
TITLE = click.option("--title", help="The project's title [default: the suite and the run's folder].")


@review.command(short_help="Bring a run's queue to Label Studio, labels as predictions.")
@click.argument("run", type=click.Path(path_type=Path))
@URL
@TITLE
@click.option("--limit", type=click.IntRange(min=1), help="Push only the first so many records of the queue.")
@click.option("--unredacted", metavar="SUITE", help="Push records of this sensitive suite as they are.")
@json_option
def push(run: Path, url: str, title: str | None, limit: int | None, unredacted: str | None, as_json: bool) -> None:
    """Bring the records of RUN's queue to a project of Label Studio, with their labels as predictions. What is there
    already stays; an interrupted push is made again. The key, a personal access token, is read from
    LABEL_STUDIO_API_KEY.

    \b
    Example:
      wslabel review push runs/try --url https://studio.example.org --limit 200
    """
    from wslabel.pipeline import Run, privacy
    from wslabel.review import LabelStudio

    made = Run(run)
    privacy.require_shareable(made, unredacted)
    studio, queue = LabelStudio(url, title or _title(made)), made.queue()
    done = studio.push(queue.pool.estimates.given, made.shown, queue.ids[:limit])
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(
            f"{done.added} records added, {done.updated} with a new prediction, {done.unchanged} as they were: "
            f"{url.rstrip('/')}/projects/{done.project}"
        )


@review.command(short_help="Log the annotations that Label Studio holds as decisions.")
@click.argument("run", type=click.Path(path_type=Path))
@URL
@TITLE
@json_option
def pull(run: Path, url: str, title: str | None, as_json: bool) -> None:
    """Log the annotations of RUN's project in Label Studio as decisions of their annotators. Those that are in the log
    already are left out. The key, a personal access token, is read from LABEL_STUDIO_API_KEY.

    \b
    Example:
      wslabel review pull runs/try --url https://studio.example.org
    """
    from wslabel.pipeline import Run
    from wslabel.review import LabelStudio

    made = Run(run)
    done = LabelStudio(url, title or _title(made)).pull(made.labels(), made.log, made.shown)
    if as_json:
        print_json(asdict(done))
    else:
        click.echo(
            f"{done.added} decisions added, {done.known} known already, {done.undecided} annotations say nothing, "
            f"{done.foreign} are of records of others."
        )


def _title(run: Run) -> str:
    return f"{run.config.suite} {run.folder.resolve().name}"
