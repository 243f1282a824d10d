"""`wslabel explain`."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from wslabel.cli.shell import console, json_option, print_json, quiet

if TYPE_CHECKING:
    from wslabel.analysis import LabelExplanation
    from wslabel.pipeline import Run


@click.command(short_help="Explain a record's label: what each vote adds, and its evidence.")
@click.argument("run", type=click.Path(path_type=Path))
@click.argument("record")
@json_option
def explain(run: Path, record: str, as_json: bool) -> None:
    """Show why RECORD, an id, has its label in RUN: the log-odds that each labeling function and the end model add,
    and where in the text the labeling functions found their evidence. The log-odds sum to those of the label.

    Of spans: which labeling functions voted for each, how probable it would be without each of them and by each alone,
    and which votes came to nothing.

    \b
    Example:
      wslabel explain runs/try fs-001
    """
    from wslabel.pipeline import Run

    made = Run(run)
    with quiet():
        of_spans = made.of_spans
    if of_spans:
        _explain_spans(made, record, as_json)
        return
    with quiet():
        told, found = made.explain(record)
    text = made.records.texts([record])[0]
    spans = {one.lf: [text[start:end] for start, end in one.spans] for one in found if one.column == "text"}
    if as_json:
        more = {"text": text, "evidence": {lf: words for lf, words in spans.items() if words}}
        several = made.suite.task.kind == "multilabel"
        print_json({**({"labels": [asdict(one) for one in told]} if several else asdict(told[0])), **more})
        return
    console().print(text, soft_wrap=True)
    for one in told:
        _show(one, spans)


def _explain_spans(made: Run, record: str, as_json: bool) -> None:
    with quiet():
        told = made.explain_spans(record)
    text = made.records.texts([record])[0]
    if as_json:
        print_json({**asdict(told), "text": text})
        return
    console().print(text, soft_wrap=True, markup=False)
    for span in told.spans:
        console().print(f"\n{text[span.start : span.end]!r}", soft_wrap=True, markup=False)
        console().print(str(span), soft_wrap=True, markup=False)
    if told.lost:
        console().print(f"\n{told.lost_votes()}", soft_wrap=True, markup=False)


def _show(told: LabelExplanation, spans: dict[str, list[str]]) -> None:
    out = console()
    out.print(f"\n{told.label} with probability {told.probability:.3f}; log-odds:")
    width = max([12, *(len(one.vote or "") for one in told.contributions)])
    for one in told.contributions:
        words = ", ".join(repr(word) for word in spans.get(one.witness, []))
        line = f"{one.log_odds:+6.2f}  {one.witness:<36} {one.vote or '':<{width}} {words}"
        out.print(line.rstrip(), soft_wrap=True)
