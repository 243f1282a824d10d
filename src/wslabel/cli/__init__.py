"""The command line; the only place that prints. Heavy imports stand inside the commands."""

from __future__ import annotations

import sys

import click

from wslabel import __version__
from wslabel.cli.agreement import agreement
from wslabel.cli.audit import audit
from wslabel.cli.diff import blame, diff
from wslabel.cli.doctor import doctor
from wslabel.cli.explain import explain
from wslabel.cli.redact import redact
from wslabel.cli.review import review
from wslabel.cli.rules import rules
from wslabel.cli.run import apply, run
from wslabel.cli.shell import Commands
from wslabel.cli.split import split
from wslabel.cli.stages import export, fit, flag, label, report
from wslabel.cli.suites import check, list_, new, try_
from wslabel.cli.trace import trace
from wslabel.cli.validate import validate
from wslabel.cli.votes import votes


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="wslabel")
def main() -> None:
    """Programmatic labeling: labeling functions vote, a label model weighs, people review, training data comes out.

    \b
    wslabel run pipelines/finance_sentiment.toml
    wslabel apply finance.sentiment data_samples/finance/sentiment.jsonl -o runs/try
    wslabel try finance.sentiment --text "Quarterly profit rose to EUR 41 mn"
    """


for stream in (sys.stdout, sys.stderr):  # a terminal that cannot show a letter shows a question mark
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(errors="replace")

for command in (
    run,
    apply,
    votes,
    fit,
    label,
    flag,
    review,
    audit,
    agreement,
    blame,
    diff,
    redact,
    split,
    trace,
    export,
    validate,
    report,
    explain,
    check,
    try_,
    list_,
    new,
    rules,
    doctor,
):
    main.add_command(command)
