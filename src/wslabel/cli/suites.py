"""`wslabel check`, `try`, `list` and `new`: for those who write labeling functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslabel.cli.shell import console, json_option, print_json, quiet, shorter
from wslabel.errors import SuiteError

if TYPE_CHECKING:
    from wslabel.core.task import Kind

SUITES = click.option("--suites", metavar="FOLDER", help="The folder of industry packages.")
GOLDEN_SHOWN = 20


@click.command(short_help="Check suites: examples, known misses, votes on the sample.")
@click.argument("names", metavar="[SUITE]...", nargs=-1)
@click.option("--update", is_flag=True, help="Accept the votes on the sample as the new golden votes.")
@SUITES
@json_option
def check(names: tuple[str, ...], update: bool, suites: str | None, as_json: bool) -> None:
    """Check that examples fire and abstain as declared, and that votes on the sample are as they were.

    \b
    Example:
      wslabel check finance.sentiment
    """
    from wslabel.applying.checking import check_suite
    from wslabel.suites.discovery import find_suites, suite_info

    infos = [suite_info(name, suites) for name in names] or list(find_suites(suites).values())
    if not infos:
        raise SuiteError("There is no suite to check. Make one with `wslabel new industry.task`.")
    with quiet():
        checks = [check_suite(info, update) for info in infos]
    if as_json:
        print_json([_check_facts(one) for one in checks])
    else:
        for one in checks:
            _show_check(one, update)
    if not all(one.passed for one in checks):
        raise click.exceptions.Exit(1)


@click.command("try", short_help="Try labeling functions on a text.")
@click.argument("name", metavar="SUITE|SUITE.LF")
@click.option("--text", required=True, help="The text.")
@click.option("--column", "columns", multiple=True, metavar="NAME=VALUE", help="Another column; may be given again.")
@SUITES
@json_option
def try_(name: str, text: str, columns: tuple[str, ...], suites: str | None, as_json: bool) -> None:
    """Show what one labeling function, or all of a suite, vote on a text, and on which evidence.

    \b
    Example:
      wslabel try finance.sentiment --text "Quarterly profit rose to EUR 41 mn from EUR 36 mn"
    """
    from wslabel.applying import explain
    from wslabel.suites import load_suite

    if any("=" not in column for column in columns):
        raise click.BadParameter("expected NAME=VALUE", param_hint="--column")
    record: dict[str, Any] = {"text": text, **dict(column.split("=", 1) for column in columns)}
    with quiet():
        suite = load_suite(".".join(name.split(".")[:2]), suites)
        said = explain(suite.only([suite.lf(name).name]) if name.count(".") > 1 else suite, record)
    found = [[str(record[one.column])[start:end] for start, end in one.spans] for one in said]
    if as_json:
        print_json([{**asdict(one), "evidence": texts} for one, texts in zip(said, found)])
        return
    out = console()
    told = [(one, texts) for one, texts in zip(said, found) if one.vote or one.error or len(said) == 1]
    width = max([12, *(len(one.vote or "") for one, _ in told)])
    for one, texts in told:
        where = ", ".join(repr(text) for text in texts)
        line = f"{one.lf:<36} {one.vote or one.error or 'abstains':<{width}} {where}"
        out.print(line.rstrip(), soft_wrap=True)
    if len(said) > 1:
        out.print(f"{sum(one.vote is not None for one in said)} of {len(said)} labeling functions vote.")


@click.command("list", short_help="List suites, models, formats and other plugins.")
@click.argument("what", default="suites", metavar="[WHAT]")
@SUITES
@json_option
def list_(what: str, suites: str | None, as_json: bool) -> None:
    """List WHAT: suites (the default), models, end-models, formats, engines; or the name of a suite for its
    labeling functions.

    Beside a suite stands the share of its sample's records on which it votes, and the share of those votes that agree
    with the sample's gold.

    \b
    Example:
      wslabel list
      wslabel list finance.sentiment
    """
    with quiet():
        rows = _listed(what, suites)
    if as_json:
        print_json(rows)
        return
    out = console()
    widest = max((len(str(row["name"])) for row in rows), default=0)
    for row in rows:
        cells = (f"{_cell(key, row[key]):<{widest if key == 'name' else 10}}" for key in row)
        out.print("  ".join(cells).rstrip(), markup=False)


@click.command(short_help="Begin a new suite that already passes check.")
@click.argument("name", metavar="INDUSTRY.TASK")
@click.option("--labels", default="first,second", show_default=True, help="Label names, with commas between.")
@click.option(
    "--kind",
    type=click.Choice(["single", "ordinal", "multilabel", "spans"]),
    default="single",
    show_default=True,
    help="One label a record, one of a scale, several, or labeled stretches of text.",
)
@click.option("--folder", default="labeling_functions", show_default=True, type=click.Path(path_type=Path))
def new(name: str, labels: str, kind: Kind, folder: Path) -> None:
    """Write the files of a new suite.

    \b
    Example:
      wslabel new retail.returns --labels refund,exchange,other
      wslabel new retail.parties --labels person,company --kind spans
      wslabel check retail.returns
    """
    from wslabel.applying.checking import check_suite
    from wslabel.suites.discovery import suite_info
    from wslabel.suites.scaffold import scaffold

    files = scaffold(name, folder, [one.strip() for one in labels.split(",")], kind)
    info = suite_info(name, folder)
    check_suite(info, update=True)
    for file in [*files, info.golden_votes]:
        click.echo(shorter(file))
    click.echo(f"Next: edit task.py and the rules, then `wslabel check {name}`.")


def _listed(what: str, suites: str | None) -> list[dict[str, Any]]:
    from wslabel.suites.discovery import find_suites

    if what == "suites":
        found = find_suites(suites).values()
        return [
            {"name": one.name, "version": one.version, **_standing(one), "description": one.description}
            for one in found
        ]
    if "." in what:
        from wslabel.suites import load_suite

        lfs = load_suite(what, suites).lfs
        return [
            {"name": lf.name, "votes": ", ".join(lf.votes), "doc": lf.doc.partition("\n")[0], "place": str(lf.place)}
            for lf in lfs
        ]
    return _plugins(what)


def _standing(info: Any) -> dict[str, float | None]:
    """Return on how many records of the sample a suite votes, and how many of its votes there are right."""
    from wslabel.suites.standing import standing

    found = standing(info)
    if found is None:
        return {"coverage": None, "accuracy": None}
    return {"coverage": round(found.coverage, 4), "accuracy": found.accuracy}


def _cell(key: str, value: Any) -> str:
    """Return what a list shows of a value: of shares what they are of."""
    if value is None:
        return ""
    share = {"coverage": "votes on", "accuracy": "right"}.get(key)
    return f"{share} {100 * value:3.0f} %" if share else str(value)


def _plugins(what: str) -> list[dict[str, Any]]:
    from wslabel.applying.engines import engine_names
    from wslabel.errors import PluginError, suggest
    from wslabel.exporting import format_names
    from wslabel.learning import end_model_names
    from wslabel.learning.span_end_models import span_end_model_names
    from wslabel.models import label_model_names, span_model_names

    kinds: dict[str, Callable[[], list[dict[str, Any]]]] = {
        "models": lambda: _for_records(label_model_names()) + _for_spans(span_model_names()),
        "end-models": lambda: _for_records(end_model_names()) + _for_spans(span_end_model_names()),
        "formats": lambda: [{"name": name} for name in format_names()],
        "engines": lambda: [{"name": name} for name in engine_names()],
    }
    if what not in kinds:
        raise PluginError(f"There is nothing called {what!r} to list. {suggest(what, ['suites', *kinds])}")
    return kinds[what]()


def _for_records(names: list[str]) -> list[dict[str, Any]]:
    return [{"name": name, "of": "records"} for name in names]


def _for_spans(names: list[str]) -> list[dict[str, Any]]:
    return [{"name": name, "of": "spans"} for name in names]


def _check_facts(one: Any) -> dict[str, Any]:
    findings = [vars(finding) for finding in one.findings]
    facts = {"suite": one.info.name, "passed": one.passed, "lfs": len(one.suite.lfs), "examples": one.examples}
    return {**facts, "findings": findings}


def _show_check(one: Any, update: bool) -> None:
    out = console()
    golden = [finding for finding in one.findings if finding.kind == "golden"]
    for finding in [finding for finding in one.findings if finding.kind != "golden"] + golden[:GOLDEN_SHOWN]:
        mark = "FAIL" if finding.fails else "note"
        where = f" ({finding.place})" if finding.place else ""
        out.print(f"{mark}  {finding.lf} {finding.message}{where}", soft_wrap=True)
    if len(golden) > GOLDEN_SHOWN:
        out.print(f"FAIL  and {len(golden) - GOLDEN_SHOWN} more votes on the sample changed")
    if one.votes is None:
        sample = "no sample"
    else:
        sample = f"sample of {one.votes.n} records, coverage {100 * one.votes.covered.mean():.0f} %"
    if update and one.votes is not None:
        sample += ", golden votes written"
    state = "passed" if one.passed else "FAILED"
    out.print(f"{one.info.name}: {state}. {len(one.suite.lfs)} labeling functions, {one.examples} examples, {sample}")
