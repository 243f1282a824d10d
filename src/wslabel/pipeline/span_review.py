"""Spans, votes and issues where they stand in the redacted texts that reviewers see."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import pyarrow as pa

from wslabel.core.decisions import Decision, join_spans, part_spans, standing
from wslabel.core.fingerprint import fingerprint
from wslabel.core.issues import Issues
from wslabel.core.records import Records
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ReviewError
from wslabel.redacting import RedactedRecords
from wslabel.redacting.redaction import Redacted

SIGN = "\0"
Place = tuple[str, int, int]
"""Record, start and end."""


def as_shown(records: Records, labels: Any, votes: Any, issues: Issues) -> tuple[Any, Any, Issues]:
    """Return labels, votes and issues as they are on the texts of the records.

    Where these are redacted, spans move along; the corpus is read three times. Labels of records stay as they are.
    """
    if not isinstance(records, RedactedRecords) or not isinstance(labels, SpanLabels):
        return labels, votes, issues
    moved, table = records.move(labels), issues.table
    given, ids = moved.by_id(), table["id"].to_pylist()
    names = [f"{kind}{SIGN}{label}" for kind in issues.counts() for label in labels.labels]
    there = records.move(_suggested(labels, issues, names)).by_id() if names else {}
    told = {"given": [[(one.start, one.end, one.label) for one in given[record]] for record in ids]}
    told["suggested"] = [
        [
            (one.start, one.end, one.label.partition(SIGN)[2])
            for one in there[record]
            if one.label.startswith(kind + SIGN)
        ]
        for record, kind in zip(ids, table["kind"].to_pylist())
    ]
    for name, spans in told.items():
        words = pa.array(map(join_spans, spans), pa.string())
        table = table.set_column(table.schema.get_field_index(name), name, words)
    return moved, records.move(votes), Issues(table)


def as_original(shown: Records, logged: Sequence[Decision]) -> list[Decision]:
    """Return decisions with their spans where they stand in the original texts.

    What was decided on a text that is another one now, and does not stand any more, is left out.

    Parameters
    ----------
    shown
        The corpus as reviewers see it now.

    Raises
    ------
    ReviewError
        Spans that stand were marked in a text that is neither in the corpus nor what reviewers see of it now.
    """
    asked = {one.id for one in logged if one.spans and one.text_hash}
    sources = [shown, shown.original] if isinstance(shown, RedactedRecords) else [shown]
    known = {(record, fingerprint(text)) for source in sources for record, text in _texts(source, asked)}
    stale = {one for one in logged if one.id in asked and one.spans and (one.id, one.text_hash) not in known}
    for one in standing(logged) if stale else ():
        if one in stale:
            raise ReviewError(
                f"Decision of {one.reviewer} on {one.id}: its spans were marked in another text than the record is "
                "shown with now, so they may lie elsewhere. Decide it again, or bring back the text or the redaction."
            )
    fresh = [one for one in logged if one not in stale]
    return shown.originals(fresh) if isinstance(shown, RedactedRecords) else fresh


def words_of(shown: Records, spans: Iterable[Place]) -> dict[Place, str]:
    """Return the words of spans, told by record and offsets in the original text, as they stand in what is shown."""
    places, source = {*spans}, shown.original if isinstance(shown, RedactedRecords) else shown
    as_is = shown.redacted_text if isinstance(shown, RedactedRecords) else Redacted
    made = {record: as_is(text) for record, text in _texts(source, {one[0] for one in places})}
    return {one: made[one[0]].text[slice(*made[one[0]].span(*one[1:]))] for one in places if one[0] in made}


def _texts(records: Records, asked: Collection[str]) -> Iterator[tuple[str, str]]:
    """Yield id and text of each record that is asked for; nothing is read where none is."""
    for batch in records.batches() if asked else ():
        found = zip(batch["id"].to_pylist(), batch["text"].to_pylist())
        yield from ((record, text) for record, text in found if record in asked)


def _suggested(labels: SpanLabels, issues: Issues, names: list[str]) -> SpanLabels:
    """Return all spans that issues suggest, labeled by kind of issue and label, so that one pass moves them."""
    columns = (issues.table[name].to_pylist() for name in ("id", "kind", "suggested"))
    rows = [
        (record, start, end, f"{kind}{SIGN}{label}")
        for record, kind, words in zip(*columns)
        for start, end, label in part_spans(words)
    ]
    return SpanLabels(labels.ids, labels.lengths, [list(one) for one in zip(*rows)] or [[], [], [], []], names)
