"""A page of texts with their spans marked, for notebooks and terminals."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from wslabel.core.decisions import NO_SPAN
from wslabel.core.records import read_records
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.errors import ReviewError, suggest
from wslabel.review.marks import Mark, Piece, document, environment, pieces, visible


@dataclass(frozen=True)
class MarkedRecord:
    """A record and the spans in it."""

    id: str
    text: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, repr=False)
class SpanPage:
    """Records with their spans.

    Attributes
    ----------
    records
        The records shown.
    labels
        What spans may be: labels, then groups of them.
    total, with_spans
        The number of all records, and of those with a span.
    """

    records: tuple[MarkedRecord, ...]
    labels: tuple[str, ...]
    total: int
    with_spans: int

    @property
    def heading(self) -> str:
        """What is shown, in a line."""
        return f"{len(self.records)} of {self.total} records shown; {self.with_spans} have a span"

    def pieces(self, record: MarkedRecord) -> list[Piece]:
        """Return the text of a record in pieces."""
        return pieces(record.text, record.marks, self.labels)

    def html(self) -> str:
        """Return a whole HTML document, for a file or a browser."""
        return document("wslabel spans", self._repr_html_())

    def _repr_html_(self) -> str:
        return environment().get_template("spans.html.jinja").render(page=self)

    def __repr__(self) -> str:
        return "\n".join([self.heading, *[_plain(one) for one in self.records]])


def show_spans(
    spans: SpanLabels | SpanVotes, records: Any, ids: Iterable[str] | None = None, limit: int = 10
) -> SpanPage:
    """Show spans in their texts: a notebook marks them, `str` lists them.

    Parameters
    ----------
    spans
        Labels, or the votes of labeling functions; a mark tells how probable it is, or who voted for it.
    records
        The corpus, as `wslabel.read_records` takes it; spans of redacted records go with redacted records.
    ids
        The records to show, in this order; by default the first.
    limit
        The most records.

    Raises
    ------
    ReviewError
        An unknown record, or a text that is not the one that the spans are of.

    Examples
    --------
    >>> records = [{"id": "a", "text": "Aspirin-induced rash"}]
    >>> labels = SpanLabels(["a"], [20], [["a"], [16], [20], ["Effect"], [0.9]], ["Drug", "Effect"])
    >>> print(show_spans(labels, records))
    1 of 1 records shown; 1 have a span
    a  Aspirin-induced rash
        Effect 16..20 'rash' 0.90
    """
    if not isinstance(spans, SpanLabels | SpanVotes):
        raise ReviewError(f"show_spans takes SpanLabels or SpanVotes; got {type(spans).__name__}.")
    rows = _rows(spans, ids, limit)
    texts = read_records(records).texts(spans.ids[rows].tolist()) if rows else []
    shown = tuple(_marked(spans, row, text) for row, text in zip(rows, texts))
    names = spans.labels if isinstance(spans, SpanLabels) else spans.names
    return SpanPage(shown, names, spans.n, len(np.unique(spans.record)))


def _rows(spans: SpanLabels | SpanVotes, ids: Iterable[str] | None, limit: int) -> list[int]:
    if ids is None:
        return list(range(min(spans.n, max(limit, 0))))
    place = {record: row for row, record in enumerate(spans.ids.tolist())}
    wanted = list(map(str, ids))[: max(limit, 0)]
    for record in wanted:
        if record not in place:
            raise ReviewError(f"There is no record {record!r} among the spans. {suggest(record, list(place))}")
    return [place[record] for record in wanted]


def _marked(spans: SpanLabels | SpanVotes, row: int, text: str) -> MarkedRecord:
    if len(text) != spans.lengths[row]:
        raise ReviewError(
            f"Record {spans.ids[row]}: the text has {len(text)} characters, and its spans are of one with "
            f"{spans.lengths[row]}. Give the records that the spans were made from."
        )
    if isinstance(spans, SpanLabels):
        marks = tuple(Mark(one.start, one.end, one.label, f"{one.probability:.2f}") for one in spans.at(row))
    else:
        begin, end = np.searchsorted(spans.record, [row, row + 1]).tolist()
        marks = tuple(Mark(one.start, one.end, one.label, one.lf) for one in spans.rows(begin, end))
    return MarkedRecord(str(spans.ids[row]), text, marks)


def _plain(record: MarkedRecord) -> str:
    lines = [f"{visible(record.id)}  {visible(record.text)}".replace("\n", "\n  ")]
    for one in record.marks:
        words = visible(record.text[one.start : one.end])
        lines.append(f"    {visible(one.label)} {one.start}..{one.end} {words!r} {visible(one.told)}")
    return "\n".join(lines if record.marks else [*lines, f"    {NO_SPAN}"])
