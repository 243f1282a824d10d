"""`wslabel diff` and `wslabel blame`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from wslabel.cli.shell import console, json_option, print_json

LINES = 10
"""Labeling functions and moves that are shown."""


@click.command(short_help="Tell which labels moved between two runs.")
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@json_option
def diff(before: Path, after: Path, as_json: bool) -> None:
    """Tell which votes and labels differ between the runs BEFORE and AFTER, and whether the records that reviewers of
    either decided got better.

    \b
    Example:
      wslabel diff runs/try runs/better
    """
    from wslabel.pipeline.comparing import diff_runs

    told = diff_runs(before, after)
    if as_json:
        print_json(told.to_dict())
        return
    out = console()
    new = (
        f", {told.only_before} only before, {told.only_after} only after" if told.only_before + told.only_after else ""
    )
    out.print(f"{told.shared} records in both{new}; {told.moved} have another label", markup=False)
    for lf in told.lfs[:LINES]:
        what = f"{lf.before} votes, now {lf.after}; {lf.changed} records differ"
        out.print(f"  {lf.lf}: {what}", markup=False, soft_wrap=True)
    for move in told.moves[:LINES]:
        why = ", ".join(f"{lf} ({count})" for lf, count in list(move.lfs.items())[:3]) or "the models alone"
        some = " ".join(move.records[:3])
        out.print(f"{move.before} → {move.after}: {move.count} by {why}; {some}", markup=False, soft_wrap=True)
    if told.reviewed:
        out.print(
            f"of {told.reviewed} reviewed records {told.right_before} were right, now {told.right_after}: "
            f"{len(told.mended)} mended, {len(told.broken)} broken {' '.join(told.broken[:LINES])}",
            markup=False,
            soft_wrap=True,
        )
    else:
        out.print("no reviewed record tells which run is better: none was decided, or the models were told")


@click.command(short_help="Rank labeling functions by labels that reviewers overturned.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--records", default=3, show_default=True, type=click.IntRange(min=0), help="Records to show for each.")
@json_option
def blame(run: Path, records: int, as_json: bool) -> None:
    """Rank the labeling functions of RUN by how many labels reviewers overturned that they had voted for, and show the
    records.

    \b
    Example:
      wslabel blame runs/try
    """
    from wslabel.pipeline import Run
    from wslabel.pipeline.comparing import blame_lfs

    made = Run(run)
    told = blame_lfs(made)
    if as_json:
        print_json([asdict(row) for row in told.rows])
        return
    out = console()
    if not any(row.reviewed for row in told.rows):
        out.print("No record on which a labeling function voted was reviewed yet.")
        return
    out.print(str(told), markup=False, soft_wrap=True)
    shown = {record for row in told.rows[:LINES] for record in row.overturned[:records]}
    texts = dict(zip(sorted(shown), made.shown.texts(sorted(shown)))) if shown else {}
    for row in told.rows[:LINES]:
        for record in row.overturned[:records]:
            out.print(f"{row.lf}  {record}: {' '.join(texts[record].split())[:200]}", markup=False)
