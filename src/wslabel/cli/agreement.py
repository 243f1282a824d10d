"""`wslabel agreement`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wslabel.cli.shell import console, json_option, print_json, quiet

if TYPE_CHECKING:
    from wslabel.review import Agreement, SpanAgreement


@click.command(short_help="Tell how far the reviewers of a run agree.")
@click.argument("run", type=click.Path(path_type=Path))
@json_option
def agreement(run: Path, as_json: bool) -> None:
    """Tell how far the reviewers of RUN agree: in all (Krippendorff's alpha, Fleiss' kappa), by label, two by two
    (Cohen's kappa), and each with themselves where they saw a text again. Of spans: F1 of exact ones and of those that
    overlap, alpha (of two reviewers kappa) of tokens, of all and of those that somebody marked, and gamma. Intervals
    hold 95 %.

    \b
    Example:
      wslabel agreement runs/try
    """
    from wslabel.pipeline import Run
    from wslabel.review import measure_agreement, measure_span_agreement

    made = Run(run)
    with quiet():
        of_spans = made.of_spans
    told: Agreement | SpanAgreement
    told = measure_span_agreement(made.decisions(), made.records) if of_spans else measure_agreement(made.log.all())
    if as_json:
        print_json(told.to_dict())
    elif of_spans:
        _show_spans(told)  # type: ignore[arg-type]
    else:
        _show(told)  # type: ignore[arg-type]


def _show(told: Agreement) -> None:
    rows = [("all", f"{told.records} records", str(told.alpha or "unknown"), "Krippendorff's alpha")]
    rows += [("", "", str(told.fleiss), "Fleiss' kappa")] if told.fleiss else []
    rows += [(label, "", str(one), "Krippendorff's alpha") for label, one in told.by_label.items()]
    rows += [(f"{p.first}, {p.second}", f"{p.records} records", str(p.kappa), "Cohen's kappa") for p in told.pairs]
    rows += [(one.reviewer, f"{one.repeats} repeats", f"{one.same} the same", "with themselves") for one in told.own]
    _print(("who or what", "on", "agreement (95 %)", "measure"), rows)


def _show_spans(told: SpanAgreement) -> None:
    out = console()
    if told.overall is None:
        out.print("No record was decided by several reviewers yet.")
    else:
        named = {"all": told.overall, **told.by_label, **{", ".join(pair): row for pair, row in told.by_pair.items()}}
        rows = [
            (
                name,
                str(row.records),
                str(row.spans),
                *map(str, (row.exact, row.overlap, row.tokens, row.marked, row.gamma)),
            )
            for name, row in named.items()
        ]
        measures = ("exact F1 (95 %)", "overlap F1", "all tokens", "marked tokens", "gamma")
        _print(("who or what", "records", "spans", *measures), rows)
        out.print(
            "Tokens: Krippendorff's alpha, of two reviewers Cohen's kappa. Nearly all tokens lie in no span, which"
        )
        out.print("makes agreement on all of them high; on those that somebody marked it is low, and may be below 0.")
    if told.rejected:
        out.print(f"{told.rejected} records were rejected by some reviewers, and not by others.")
    for one in told.own:
        out.print(f"{one.reviewer} saw {one.repeats} texts again, and marked {one.same} the same.", markup=False)


def _print(head: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    from rich.table import Table

    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in head:
        table.add_column(name)
    for row in rows:
        table.add_row(*row)
    console().print(table)
