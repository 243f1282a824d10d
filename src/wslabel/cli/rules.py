"""`wslabel rules`: rules as data, from a suite into a spreadsheet and back."""

from __future__ import annotations

from pathlib import Path

import click

from wslabel.cli.shell import quiet
from wslabel.cli.suites import SUITES
from wslabel.errors import SuiteError

OUT = click.option(
    "-o", "--out", required=True, type=click.Path(path_type=Path), help="The file: .toml, .csv or .xlsx."
)
FORCE = click.option("--force", is_flag=True, help="Write over a file that is there.")


@click.group(short_help="Take rules to a spreadsheet and back.")
def rules() -> None:
    """Take the rules of a suite to a spreadsheet, and rules from a spreadsheet to rules.toml; nothing is lost.

    \b
    Example:
      wslabel rules export finance.sentiment -o rules.csv
      wslabel rules import rules.csv -o labeling_functions/finance/sentiment/rules.toml --force
    """


@rules.command("export", short_help="Write the rules of a suite to a file.")
@click.argument("name", metavar="SUITE")
@OUT
@FORCE
@SUITES
def export_(name: str, out: Path, force: bool, suites: str | None) -> None:
    """Write the rules that a suite holds as data to a .csv, .xlsx or .toml file.

    \b
    Example:
      wslabel rules export finance.sentiment -o rules.csv
    """
    from wslabel.suites.discovery import suite_info
    from wslabel.suites.loading import load
    from wslabel.suites.rule_files import suite_rules, write_rule_file

    info = suite_info(name, suites)
    with quiet():
        lfs = load(info).lfs  # each rule is checked
    found = suite_rules(info.folder)
    _check_free(out, force)
    write_rule_file(found, out)
    rest = len(lfs) - len(found)
    more = f" {rest} labeling functions in Python stay where they are." if rest else ""
    click.echo(f"{out}: {len(found)} rules of {name}.{more}")


@rules.command("import", short_help="Write the rules of a file to another.")
@click.argument("file", type=click.Path(path_type=Path))
@OUT
@FORCE
def import_(file: Path, out: Path, force: bool) -> None:
    """Check the rules of a .csv, .xlsx or .toml file and write them to another; word lists stand beside the other.

    \b
    Example:
      wslabel rules import rules.csv -o labeling_functions/finance/sentiment/rules.toml --force
    """
    from wslabel.suites.rule_files import read_rule_file, write_rule_file
    from wslabel.suites.rules import rule_lf

    found = read_rule_file(file)
    for rule in found:
        rule_lf(rule, out)
    _check_free(out, force)
    write_rule_file(found, out)
    click.echo(f"{out}: {len(found)} rules of {file}.")


def _check_free(out: Path, force: bool) -> None:
    if out.exists() and not force:
        raise SuiteError(f"{out} exists. Choose another name, or pass --force to write over it.")
