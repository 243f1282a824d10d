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
    from wslabel.core.decisions import join_spans

    out = console()

    def line(name: str, text: object) -> None:
        out.print(f"{name:<13}{text}", soft_wrap=True)

    line("record", f"{told['id']}, from {told['source']['file']}, line {told['source']['line']}")
    for vote in told["votes"]:
        where = ", ".join(f"{start}–{end}" for start, end in vote["evidence"])
        worth = f", {vote['log-odds']:+.2f}" if "log-odds" in vote else ""
        at = (f"; at {where}" if where else "") + (f"; names {vote['entity']}" if vote.get("entity") else "")
        line("vote", f"{vote['vote']} by {vote['labeling function']} ({vote['version'][:8]}{worth}{at})")
    before = told["label before review"]
    line("models", f"{before['label']} {before['probability']:.3f} by {told['label model']} and {told['end model']}")
    for one in told["decisions"]:
        said = "" if one["spans"] is None else join_spans(one["spans"])
        line("decision", f"{one['action']} {one['label'] or said} by {one['reviewer']} at {one['time']}")
    for one in told["redactions"]:
        line("redacted", f"{one['kind']} at {one['start']}–{one['end']}, now {one['now']}")
    found = told["exported"]
    if found.get("row") is None:
        line("left out", found["reason"])
        return
    split = f" of {found['split']}" if found["split"] else ""
    line("exported", f"{found['label']} {found['confidence']:.3f} by {found['source']}, row {found['row']}{split}")
    line("in", ", ".join(told["files"]))
