"""`wslabel agreement`."""

from __future__ import annotations

from pathlib import Path

import click

from wslabel.cli.shell import console, json_option, print_json


@click.command(short_help="Tell how far the reviewers of a run agree.")
@click.argument("run", type=click.Path(path_type=Path))
@json_option
def agreement(run: Path, as_json: bool) -> None:
    """Tell how far the reviewers of RUN agree: in all (Krippendorff's alpha, Fleiss' kappa), by label, two by two
    (Cohen's kappa), and each with themselves where they saw a text again. Intervals hold 95 %.

    \b
    Example:
      wslabel agreement runs/try
    """
    from rich.table import Table

    from wslabel.pipeline import Run
    from wslabel.review import measure_agreement

    told = measure_agreement(Run(run).log.all())
    if as_json:
        print_json(told.to_dict())
        return
    out = console()
    rows = [("all", f"{told.records} records", str(told.alpha or "unknown"), "Krippendorff's alpha")]
    rows += [("", "", str(told.fleiss), "Fleiss' kappa")] if told.fleiss else []
    rows += [(label, "", str(one), "Krippendorff's alpha") for label, one in told.by_label.items()]
    rows += [(f"{p.first}, {p.second}", f"{p.records} records", str(p.kappa), "Cohen's kappa") for p in told.pairs]
    rows += [(one.reviewer, f"{one.repeats} repeats", f"{one.same} the same", "with themselves") for one in told.own]
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in ("who or what", "on", "agreement (95 %)", "measure"):
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    out.print(table)
