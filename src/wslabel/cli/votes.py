"""`wslabel votes`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from wslabel.cli.shell import console, json_option, print_json
from wslabel.errors import VotesError, suggest

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from wslabel.pipeline import Run


@click.command(short_help="Show, filter and join a run's votes.")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--lf", metavar="NAME", help="Only records on which this labeling function votes.")
@click.option("--label", metavar="LABEL", help="Only records with a vote for this label (by the labeling function).")
@click.option("--conflicts", is_flag=True, help="Only records on which labeling functions disagree.")
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="Write id, text and votes as .csv or .parquet (of spans, one a row).",
)
@click.option("--limit", type=click.IntRange(min=1), default=20, show_default=True, help="Records to show.")
@json_option
def votes(
    run: Path, lf: str | None, label: str | None, conflicts: bool, output: Path | None, limit: int, as_json: bool
) -> None:
    """Show what the labeling functions voted on the records of RUN, beside their texts.

    \b
    Example:
      wslabel votes runs/try --conflicts
      wslabel votes runs/try --lf profit_rose -o profit_rose.csv
    """
    from wslabel.pipeline import Run

    made = Run(run)
    votes = made.votes()
    _require_known(votes, lf, label)
    if votes.kind == "spans":
        _of_spans(made, lf, label, conflicts, output, limit, as_json)
        return
    frame = _chosen(made, lf, label, conflicts)
    if output:
        _write(_joined(made, frame), output)
        click.echo(f"{len(frame)} records written to {output}.")
        return
    shown = frame.head(limit)
    texts = made.records.texts(shown.index) if len(shown) else []
    rows: list[dict[str, Any]] = [
        {"id": record, "text": text, "votes": {name: vote for name, vote in row.items() if vote is not None}}
        for (record, row), text in zip(shown.to_dict("index").items(), texts)
    ]
    sure = _confidences(made.votes(), [one["id"] for one in rows])
    for one in rows if sure else ():
        one["confidence"] = sure.get(one["id"], {})
    if as_json:
        print_json(rows)
        return
    out = console()
    for one in rows:
        out.print(f"{one['id']}  {one['text'][:300]}")
        said = ", ".join(_vote(name, vote, one.get("confidence", {})) for name, vote in one["votes"].items())
        out.print(f"    {said or 'no votes'}", style="dim")
    out.print(f"{len(rows)} of {len(frame)} records shown.")


def _of_spans(
    run: Run, lf: str | None, label: str | None, conflicts: bool, output: Path | None, limit: int, as_json: bool
) -> None:
    from wslabel.cli.span_votes import as_frame, as_rows, chosen_rows, show

    votes: Any = run.votes()
    chosen = chosen_rows(votes, lf, label, conflicts)
    rows = chosen if output else chosen[:limit]
    texts = run.records.texts(votes.ids[rows]) if len(rows) else []
    if output:
        frame = as_frame(votes, rows, texts)
        _write(frame, output)
        click.echo(f"{len(frame)} votes on {len(rows)} records written to {output}.")
        return
    told = as_rows(votes, rows, texts)
    if as_json:
        print_json(told)
        return
    show(told)
    console().print(f"{len(told)} of {len(chosen)} records shown.")


def _confidences(votes: object, ids: list[str]) -> dict[str, dict[str, float]]:
    """Return the confidences of soft votes by record and LF."""
    from wslabel.core.votes import VoteMatrix

    if not isinstance(votes, VoteMatrix) or votes.soft is None:
        return {}
    row = {record: number for number, record in enumerate(votes.ids)}
    found = {record: votes.soft.of_row(row[record]) for record in ids}
    return {record: {votes.lf_names[j]: one for j, one in some.items()} for record, some in found.items() if some}


def _vote(name: str, vote: str, confidence: dict[str, float]) -> str:
    return f"{name}: {vote} ({confidence[name]:.2f})" if name in confidence else f"{name}: {vote}"


def _require_known(votes: Any, lf: str | None, label: str | None) -> None:
    for what, name, known in (("label", label, votes.labels), ("LF", lf, votes.lf_names)):
        if name is not None and name not in known:
            raise VotesError(f"There is no {what} {name!r} in these votes. {suggest(name, known)}")


def _chosen(run: Run, lf: str | None, label: str | None, conflicts: bool) -> pd.DataFrame:
    found = run.votes()
    frame: pd.DataFrame = found.to_pandas()
    asked = frame[[lf]] if lf else frame
    keep = asked.notna().any(axis=1) | (lf is None)
    if label is not None:
        keep &= (asked == label).any(axis=1)
    if conflicts:
        keep &= (found.counts() > 0).sum(axis=1) > 1
    return frame[keep]


def _joined(run: Run, frame: pd.DataFrame) -> pd.DataFrame:
    joined = frame.reset_index()
    joined.insert(1, "text", run.records.texts(frame.index) if len(frame) else [])
    return joined


def _write(joined: pd.DataFrame, output: Path) -> None:
    from wslabel.core.files import write_atomically

    writers: dict[str, Callable[[Path], object]] = {
        ".csv": lambda path: _harmless(joined).to_csv(path, index=False),
        ".parquet": joined.to_parquet,
    }
    if output.suffix not in writers:
        raise VotesError(f"{output}: votes are written as {' or '.join(writers)}; give it such a name.")
    write_atomically(output, writers[output.suffix], VotesError)


def _harmless(joined: pd.DataFrame) -> pd.DataFrame:
    """Return the table so that no spreadsheet runs a cell as a formula."""
    from wslabel.core.cells import harmless

    return joined.map(lambda cell: harmless(cell) if isinstance(cell, str) else cell).rename(columns=harmless)
