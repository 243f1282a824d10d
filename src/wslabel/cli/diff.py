"""`wslabel diff` and `wslabel blame`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wslabel.cli.shell import console, json_option, print_json

if TYPE_CHECKING:
    from wslabel.analysis import LabelsDiff, LFBlame, SpansDiff
    from wslabel.pipeline import Run

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
    _show(told)


def _show(told: LabelsDiff | SpansDiff) -> None:
    from wslabel.analysis import SpansDiff

    out, spans = console(), isinstance(told, SpansDiff)
    new = (
        f", {told.only_before} only before, {told.only_after} only after" if told.only_before + told.only_after else ""
    )
    moved = f"{told.moved} have another label"
    if isinstance(told, SpansDiff):
        moved = f"{told.moved} spans moved in {told.changed} of them"
    out.print(f"{told.shared} records in both{new}; {moved}", markup=False)
    for lf in told.lfs[:LINES]:
        what = f"{lf.before} votes, now {lf.after}; {lf.changed} records differ"
        out.print(f"  {lf.lf}: {what}", markup=False, soft_wrap=True)
    for move in told.moves[:LINES]:
        why = ", ".join(f"{lf} ({count})" for lf, count in list(move.lfs.items())[:3]) or "the models alone"
        some = " ".join(move.records[:3])
        what = f"{move.count} spans" if spans else str(move.count)
        out.print(f"{move.before} → {move.after}: {what} by {why}; {some}", markup=False, soft_wrap=True)
    if not told.reviewed:
        out.print("no reviewed record tells which run is better: none was decided, or the models were told")
        return
    right = f"of {told.reviewed} reviewed records "
    if isinstance(told, SpansDiff):
        right = f"exact F1 on {told.reviewed} reviewed records {told.f1_before:.3f}, now {told.f1_after:.3f}: "
    else:
        right += f"{told.right_before} were right, now {told.right_after}: "
    ends = f"{len(told.mended)} mended, {len(told.broken)} broken {' '.join(told.broken[:LINES])}"
    out.print(right + ends, markup=False, soft_wrap=True)


@click.command(short_help="Rank labeling functions by labels that reviewers overturned.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--records", default=3, show_default=True, type=click.IntRange(min=0), help="Records to show for each.")
@json_option
def blame(run: Path, records: int, as_json: bool) -> None:
    """Rank the labeling functions of RUN by how many labels, or spans, reviewers overturned that they had voted for,
    and show the records.

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
    spans = _overturned(made, told, records) if made.of_spans else {}
    for row in told.rows[:LINES]:
        for record in dict.fromkeys(row.overturned[:records]):
            what = "; ".join(spans.get((row.lf, record), ()))
            text = " ".join(texts[record].split())[:200]
            out.print(f"{row.lf}  {record}: {what + ' in: ' if what else ''}{text}", markup=False, soft_wrap=True)


def _overturned(run: Run, told: LFBlame, records: int) -> dict[tuple[str, str], list[str]]:
    """Return by labeling function and record the words, with their label, of spans that were overturned."""
    from wslabel.pipeline.span_review import words_of

    places = [
        (row.lf, record, start, end, label)
        for row in told.rows[:LINES]
        for record, (start, end, label) in list(zip(row.overturned, row.spans))[:records]
    ]
    words = words_of(run.shown, [(record, start, end) for _, record, start, end, _ in places])
    found = dict[tuple[str, str], list[str]]()
    for lf, record, start, end, label in places:
        found.setdefault((lf, record), []).append(f"{words[record, start, end]} [{label}]")
    return found
