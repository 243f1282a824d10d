"""Spans, votes and issues where they stand in the redacted texts that reviewers see."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from wslabel.core.decisions import join_spans, part_spans
from wslabel.core.issues import Issues
from wslabel.core.records import Records
from wslabel.core.span_labels import SpanLabels
from wslabel.redacting import RedactedRecords


def as_shown(records: Records, labels: Any, votes: Any, issues: Issues) -> tuple[Any, Any, Issues]:
    """Return labels, votes and issues as they are on the texts of the records.

    Where these are redacted, spans move along; the corpus is read three times. Labels of records stay as they are.
    """
    if not isinstance(records, RedactedRecords) or not isinstance(labels, SpanLabels):
        return labels, votes, issues
    moved, table = records.move(labels), issues.table
    for name, spans in (("given", moved), ("suggested", records.move(_suggested(labels, issues)))):
        said = spans.by_id()
        told = [join_spans((one.start, one.end, one.label) for one in said[id]) for id in table["id"].to_pylist()]
        table = table.set_column(table.schema.get_field_index(name), name, pa.array(told, pa.string()))
    return moved, records.move(votes), Issues(table)


def _suggested(labels: SpanLabels, issues: Issues) -> SpanLabels:
    """Return the spans that are suggested, which `flag` does alike in all issues of a record."""
    said = dict(zip(issues.table["id"].to_pylist(), issues.table["suggested"].to_pylist()))
    rows = [(record, *span) for record, words in said.items() for span in part_spans(words)]
    columns = [list(column) for column in zip(*rows)] or [[], [], [], []]
    return SpanLabels(labels.ids, labels.lengths, columns, labels.labels)
