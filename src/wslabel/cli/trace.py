"""`wslabel trace`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from wslabel.cli.shell import console, json_option, print_json


@click.command(short_help="Tell where an exported record's label came from.")
@click.argument("export", type=click.Path(path_type=Path))
@click.argument("record")
@json_option
def trace(export: Path, record: str, as_json: bool) -> None:
    """Show the way of RECORD, an id, into EXPORT (a run, its export folder, or a file in it), or why it is not in it:
    its place in the corpus, votes with the versions of their labeling functions, models, decisions of reviewers,
    redactions.

    \b
    Example:
      wslabel trace runs/try/export fs-001
    """
    from wslabel.pipeline.provenance import trace as way_of

    told = way_of(export, record)
    if as_json:
        print_json(told)
    else:
        _show(told)


def _show(told: dict[str, Any]) -> None:
    out = console()

    def line(name: str, text: object) -> None:
        out.print(f"{name:<13}{text}", soft_wrap=True)

    line("record", f"{told['id']}, from {told['source']['file']}, line {told['source']['line']}")
    for vote in told["votes"]:
        where = ", ".join(f"{start}–{end}" for start, end in vote["evidence"])
        worth = f", {vote['log-odds']:+.2f}" if "log-odds" in vote else ""
        at = (f"; at {where}" if where else "") + (f"; names {vote['entity']}" if vote.get("entity") else "")
        what = f"{vote['words']} [{vote['vote']}]" if "words" in vote else vote["vote"]
        line("vote", f"{what} by {vote['labeling function']} ({vote['version'][:8]}{worth}{at})")
    before, end_model = told["label before review"], told["end model"]
    by = told["label model"] if end_model == "none" else f"{told['label model']} and {end_model}"
    line("models", f"{_before(before)} by {by}")
    for one in told["decisions"]:
        said = f"{one['action']} {one['label'] or _marked(one)}".rstrip()
        line("decision", f"{said} by {one['reviewer']} at {one['time']}")
    for one in told["redactions"]:
        line("redacted", f"{one['kind']} at {one['start']}–{one['end']}, now {one['now']}")
    found = told["exported"]
    if found.get("row") is None:
        line("left out", found["reason"])
        return
    split = f" of {found['split']}" if found["split"] else ""
    line("exported", f"{found['label']} {found['confidence']:.3f} by {found['source']}, row {found['row']}{split}")
    line("in", ", ".join(told["files"]))


def _before(told: dict[str, Any]) -> str:
    """Return the label before review, or the spans, in words."""
    if not told.get("spans"):
        return f"{told['label']} {told['probability']:.3f}"
    return "; ".join(f"{one['words']} [{one['label']}] {one['probability']:.3f}" for one in told["spans"])


def _marked(decision: dict[str, Any]) -> str:
    """Return the spans of a decision in words; nothing where it tells none."""
    if decision["spans"] is None:
        return ""
    words = zip(decision["words"], decision["spans"])
    return "; ".join(f"{said} [{label}]" for said, (*_, label) in words) or "no span"
