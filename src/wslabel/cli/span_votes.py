"""Votes on spans, for `wslabel votes`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from wslabel.cli.shell import console

if TYPE_CHECKING:
    from collections.abc import Sequence

    import pandas as pd

    from wslabel.core.arrays import Ints
    from wslabel.core.spans import SpanVotes

SHOWN = 300
"""Characters of a text, and of what a vote covers, that are shown."""


def chosen_rows(votes: SpanVotes, lf: str | None, label: str | None, conflicts: bool) -> Ints:
    """Return the rows of the records on which an LF votes, for a label, or votes that cannot all be right."""
    asked = np.ones(len(votes), np.bool_)
    if lf is not None:
        asked &= votes.lf == votes.lf_names.index(lf)
    if label is not None:
        asked &= votes.label == votes.names.index(label)
    rows = np.arange(votes.n) if lf is None and label is None else np.unique(votes.record[asked])
    return np.intersect1d(rows, votes.record[votes.clashes[0]]) if conflicts else rows


def as_rows(votes: SpanVotes, rows: Ints, texts: Sequence[str]) -> list[dict[str, Any]]:
    """Return the records with their votes, each with what it covers."""
    made = []
    for row, text in zip(rows.tolist(), texts):
        cast = votes.votes[slice(*np.searchsorted(votes.record, [row, row + 1]))]
        told = [
            {"lf": one.lf, "start": one.start, "end": one.end, "label": one.label, "words": text[one.start : one.end]}
            | ({"entity": one.entity} if one.entity else {})
            for one in cast
        ]
        made.append({"id": str(votes.ids[row]), "text": text, "votes": told})
    return made


def as_frame(votes: SpanVotes, rows: Ints, texts: Sequence[str]) -> pd.DataFrame:
    """Return a row a vote: id, text, lf, start, end, label, words and, where one is known, entity."""
    import pandas as pd

    columns = ["id", "text", "lf", "start", "end", "label", "words"]
    found = [
        {"id": one["id"], "text": one["text"], **vote} for one in as_rows(votes, rows, texts) for vote in one["votes"]
    ]
    return pd.DataFrame(found, columns=columns + ["entity"] * any("entity" in one for one in found))


def show(rows: Sequence[dict[str, Any]]) -> None:
    """Show each text, and below it a line a span: its label, its words, and who votes for it."""
    out = console()
    for one in rows:
        out.print(f"{one['id']}  {one['text'][:SHOWN]}", markup=False)
        by_span: dict[tuple[int, int, str, str], list[str]] = {}
        for vote in one["votes"]:
            by_span.setdefault((vote["start"], vote["end"], vote["label"], vote["words"]), []).append(vote["lf"])
        for (start, end, label, words), lfs in by_span.items():
            line = f"    {label} {start}..{end} {words[:SHOWN]!r}: {', '.join(lfs)}"
            out.print(line, style="dim", markup=False, soft_wrap=True)
        if not one["votes"]:
            out.print("    no votes", style="dim")
