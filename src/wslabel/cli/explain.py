"""`wslabel explain`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from wslabel.cli.shell import console, json_option, print_json


@click.command(short_help="Explain a record's label: what each vote adds, and its evidence.")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("record")
@json_option
def explain(run: Path, record: str, as_json: bool) -> None:
    """Show why RECORD, an id, has its label in RUN: the log-odds that each labeling function and the end model add,
    and where in the text the labeling functions found their evidence. The log-odds sum to those of the label.

    \b
    Example:
      wslabel explain runs/try fs-001
    """
    from wslabel.pipeline import Run

    made = Run(run)
    told, found = made.explain(record)
    text = made.records.texts([record])[0]
    spans = {one.lf: [text[start:end] for start, end in one.spans] for one in found if one.column == "text"}
    if as_json:
        print_json({**asdict(told), "text": text, "evidence": {lf: words for lf, words in spans.items() if words}})
        return
    out = console()
    out.print(text, markup=False, soft_wrap=True)
    out.print(f"\n{told.label} with probability {told.probability:.3f}; log-odds:", markup=False)
    for one in told.contributions:
        words = ", ".join(repr(word) for word in spans.get(one.witness, []))
        line = f"{one.log_odds:+6.2f}  {one.witness:<36} {one.vote or '':<12} {words}"
        out.print(line.rstrip(), markup=False, soft_wrap=True)
