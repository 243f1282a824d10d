"""The numbers of the report, as plain values that the template only has to lay out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wslabel.analysis.accuracy import settled
from wslabel.core.arrays import Floats, Ints
from wslabel.core.issues import Issue, Issues
from wslabel.core.labels import Labels
from wslabel.core.votes import VoteMatrix

WORST = 20
"""Issues of each kind that the report shows."""
EXCERPT = 280
"""Characters of a text that the report shows."""
BINS = 10


@dataclass(frozen=True)
class Agreement:
    """One LF beside the label model.

    Attributes
    ----------
    lf
        The LF's name.
    votes
        The number of its votes.
    shares
        K shares of its votes by the label model's hard label of the record; None without votes.
    own
        K booleans: the LF votes that label.
    agreed
        The share of votes equal to the hard label; None without votes.
    """

    lf: str
    votes: int
    shares: tuple[float | None, ...]
    own: tuple[bool, ...]
    agreed: float | None


@dataclass(frozen=True)
class Facts:
    """A small table with a title; `head` is empty for names beside values."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


def agreements(votes: VoteMatrix, labels: Labels) -> list[Agreement]:
    """Return for each LF how its votes fall on the label model's hard labels."""
    hard, rows = labels.hard_indices(), []
    for j, name in enumerate(votes.lf_names):
        at = np.flatnonzero(votes.votes[:, j] >= 0)
        column = votes.votes[at, j]
        met = np.bincount(hard[at], minlength=votes.cardinality)
        own = np.bincount(column, minlength=votes.cardinality) > 0
        shares = tuple(float(count) / len(at) if len(at) else None for count in met)
        agreed = float((column == hard[at]).mean()) if len(at) else None
        rows.append(Agreement(name, len(at), shares, tuple(own.tolist()), agreed))
    return rows


def balance(labels: Labels) -> Ints:
    """Return K numbers of settled records by hard label."""
    return np.bincount(labels.hard_indices()[settled(labels)], minlength=len(labels.labels)).astype(np.int64)


def histogram(labels: Labels) -> Ints:
    """Return the numbers of settled records in ten bins of confidence, 0..1."""
    # A confidence may lie above 1 by the rounding of its row.
    values: Floats = np.clip(labels.confidence[settled(labels)], 0, 1)
    return np.histogram(values, bins=BINS, range=(0, 1))[0].astype(np.int64)


def worst(issues: Issues, texts: Mapping[str, str]) -> list[tuple[str, int, list[tuple[Issue, str]]]]:
    """Return each kind of issue with its number and the worst of it, each with an excerpt of its text."""
    kinds = []
    for kind, count in issues.counts().items():
        first = [issue for issue in issues if issue.kind == kind][:WORST]
        kinds.append((kind, count, [(issue, excerpt(texts.get(issue.id, ""))) for issue in first]))
    return kinds


def excerpt(text: str) -> str:
    """Return the beginning of a text on one line."""
    short = " ".join(text[: 2 * EXCERPT].split())
    return short if len(short) <= EXCERPT and len(text) <= 2 * EXCERPT else short[:EXCERPT].rstrip() + " …"


def fact_tables(report: Mapping[str, Any]) -> list[Facts]:
    """Return a nested mapping as small tables: first the plain values, then one for each mapping or list."""
    plain = tuple((spelled(name), shown(value)) for name, value in report.items() if not _nested(value))
    nested = [table for name, value in report.items() if _nested(value) for table in _tables(spelled(name), value)]
    return [*([Facts("", (), plain)] if plain else []), *nested]


def shown(value: Any) -> str:
    """Return a value as a cell shows it: numbers with four digits, a dash where nothing is known."""
    if value is None:
        return "–"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(shown(item) for item in value)
    return str(value)


def spelled(name: Any) -> str:
    """Return the name of a value for people.

    >>> spelled("class_balance")
    'class balance'
    """
    return str(name).replace("_", " ")


def _nested(value: Any) -> bool:
    return isinstance(value, Mapping) or (_is_rows(value) and bool(value))


def _is_rows(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(row, Mapping) for row in value)


def _tables(title: str, value: Any) -> Iterator[Facts]:
    if not isinstance(value, Mapping):
        yield _rows_table(title, [(None, row) for row in value])
    elif value and all(isinstance(row, Mapping) for row in value.values()):
        yield _rows_table(title, list(value.items()))
    else:
        yield Facts(title, (), tuple((str(name), shown(cell)) for name, cell in value.items()))


def _rows_table(title: str, rows: Sequence[tuple[Any, Mapping[str, Any]]]) -> Facts:
    names = list(dict.fromkeys(name for _, row in rows for name in row))
    first = [] if all(key is None for key, _ in rows) else [""]
    cells = tuple(
        (*([str(key)] if first else []), *[shown(row[name]) if name in row else "" for name in names])
        for key, row in rows
    )
    return Facts(title, (*first, *[spelled(name) for name in names]), cells)
