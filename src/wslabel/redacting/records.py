"""A corpus that is redacted as it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.core.arrays import Ints
from wslabel.core.decisions import Decision
from wslabel.core.fingerprint import fingerprint
from wslabel.core.readers import QuarantinedRow
from wslabel.core.records import BATCH_ROWS, Records, read_records
from wslabel.core.sensitive import follow
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.errors import ExportError, suggest
from wslabel.redacting.redaction import Redacted, Redaction

Spans = TypeVar("Spans", SpanVotes, SpanLabels)


@dataclass(frozen=True, eq=False)
class RedactedRecords(Records):
    """Records whose texts are redacted in every batch; see `redact`."""

    redaction: Redaction = field(default_factory=lambda: Redaction(()))
    _found: dict[str, Any] = field(default_factory=dict, repr=False)

    def batches(
        self, quarantine: list[QuarantinedRow] | None = None, size: int = BATCH_ROWS
    ) -> Iterator[pa.RecordBatch]:
        """Yield the records, redacted; see `Records.batches`."""
        replaced: Counter[str] = Counter()
        records: Counter[str] = Counter()
        read = 0
        for batch in super().batches(quarantine, size):
            read += batch.num_rows
            yield self._redacted(batch, replaced, records)
        self._found.update(records=read, replaced=dict(replaced), touched=dict(records))

    @property
    def redacted(self) -> bool:
        """Whether something was taken out of the texts: yes."""
        return True

    @property
    def original(self) -> Records:
        """The records as they are without the redaction."""
        return Records(**self._source)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the corpus and of its redaction."""
        return fingerprint(self.original.fingerprint, self.redaction.fingerprint)

    def report(self) -> dict[str, Any]:
        """Return how much was replaced, by kind; never what. Reads the corpus where no pass has ended yet.

        Returns
        -------
        dict
            ``records`` (read), ``replaced`` (stretches by kind), ``touched`` (records by kind; a kind
            ``ids`` counts records whose id itself looks like one of the kinds, which stays as it is).
        """
        if not self._found:
            for _ in self.batches():
                pass
        return {**self.redaction.facts, **{key: self._found[key] for key in ("records", "replaced", "touched")}}

    def move(self, spans: Spans) -> Spans:
        """Return span votes, or span labels, on the original texts as those on the redacted ones.

        The corpus is read once. What is redacted loses the id of its entity. Of labeled spans that become the same one,
        the most probable stays.

        Raises
        ------
        VotesError
            A vote on a record that is not in the corpus, or outside its text.
        """
        lengths, start, end, same = self._moved(spans)
        entity = np.where(same, spans.entity, "")
        if isinstance(spans, SpanVotes):
            lf, label = np.array(spans.lf_names, object)[spans.lf], np.array(spans.names, object)[spans.label]
            columns = (spans.ids[spans.record], lf, start, end, label, entity)
            made = SpanVotes.from_columns(spans.ids, lengths, columns, spans.lf_names, spans.labels, spans.groups)
            return follow(made, spans)
        record, _, _, label, probability = spans.columns()
        best = np.lexsort((-probability, spans.label, end, start, spans.record))
        keys = np.stack([spans.record, start, end, spans.label], axis=1)[best]
        kept = best[np.append(True, (keys[1:] != keys[:-1]).any(axis=1))[: len(best)]]
        columns = tuple(column[kept] for column in (record, start, end, label, probability))
        labels = SpanLabels(spans.ids, lengths, columns, spans.labels, spans.covered, spans.source)
        known = (record, ["-"] * len(spans), start, end, label, entity)
        return follow(
            labels.with_entities(SpanVotes.from_columns(spans.ids, lengths, known, ["-"], spans.labels)), spans
        )

    def originals(self, decisions: Sequence[Decision]) -> list[Decision]:
        """Return decisions on the redacted texts with their spans where they stand in the original ones.

        Decisions without spans, and those whose `text_hash` tells that the original text was shown, stay as they are.
        The corpus is read once where there are others.
        """
        asked = {one.id for one in decisions if one.spans}
        texts = {
            record: text
            for batch in (Records.batches(self) if asked else ())
            for record, text in zip(batch["id"].to_pylist(), batch["text"].to_pylist())
            if record in asked
        }
        return [self._original(one, texts[one.id]) if one.id in texts and one.spans else one for one in decisions]

    def _original(self, decision: Decision, text: str) -> Decision:
        made = self.redacted_text(text)
        if not made.replacements or decision.text_hash == fingerprint(text):
            return decision
        spans = {(*made.original(start, end), label) for start, end, label in decision.spans or ()}
        return replace(decision, spans=tuple(sorted(spans)))

    def _moved(self, spans: SpanVotes | SpanLabels) -> tuple[Ints, Ints, Ints, NDArray[np.bool_]]:
        """Return n lengths of redacted texts, the spans' starts and ends in them, and whether they say the same."""
        rows = {record: row for row, record in enumerate(spans.ids.tolist())}
        cuts = np.searchsorted(spans.record, np.arange(len(rows) + 1))
        lengths, start, end = np.zeros(len(rows), np.int64), spans.start.copy(), spans.end.copy()
        same = np.ones(len(spans), np.bool_)
        for batch in Records.batches(self):
            for record, text in zip(batch["id"].to_pylist(), batch["text"].to_pylist()):
                if (row := rows.get(record)) is not None:
                    made = self.redacted_text(text)
                    lengths[row] = len(made.text)
                    for at in range(cuts[row], cuts[row + 1]):
                        said = text[start[at] : end[at]]
                        start[at], end[at] = made.span(int(start[at]), int(end[at]))
                        same[at] = said == made.text[start[at] : end[at]]
        return lengths, start, end, same

    def redacted_text(self, text: str) -> Redacted:
        """Return a text of the corpus as it is shown, with what was replaced in it."""
        columns = self.redaction.columns
        return self.redaction.apply(text) if columns is None or "text" in columns else Redacted(text)

    @property
    def _source(self) -> dict[str, Any]:
        names = ("paths", "table", "text", "id", "gold", "max_quarantine_rate")
        return {name: getattr(self, name) for name in names}

    def _redacted(self, batch: pa.RecordBatch, replaced: Counter[str], records: Counter[str]) -> pa.RecordBatch:
        columns = dict(zip(batch.schema.names, batch.columns))
        touched: list[set[str]] = [set() for _ in range(batch.num_rows)]
        for name in self._names(columns):
            values = columns[name].to_pylist()
            columns[name] = pa.array(
                [self._cell(value, replaced, touched[row]) for row, value in enumerate(values)], pa.string()
            )
        for row, record in enumerate(columns["id"].to_pylist()):
            if self.redaction.apply(record).replacements:
                touched[row].add("ids")
        for kinds in touched:
            records.update(kinds)
        return pa.RecordBatch.from_pydict(columns)

    def _cell(self, value: str | None, replaced: Counter[str], touched: set[str]) -> str | None:
        if not value:
            return value
        made = self.redaction.apply(value)
        for one in made.replacements:
            replaced[one.kind] += 1
            touched.add(one.kind)
        return made.text

    def _names(self, columns: Mapping[str, pa.Array]) -> list[str]:
        if self.redaction.columns is None:
            return [name for name, column in columns.items() if name not in ("id", "gold") and _is_text(column)]
        for name in self.redaction.columns:
            if name not in columns:
                raise ExportError(f"Redaction names the column {name!r}. {suggest(name, columns)}")
            if not _is_text(columns[name]):
                raise ExportError(f"Redaction names the column {name!r}, which holds {columns[name].type}, no text.")
        return list(self.redaction.columns)


def redact(records: Any, redaction: Redaction) -> RedactedRecords:
    """Return the records with what the redaction recognises replaced, batch by batch as they are read.

    Parameters
    ----------
    records
        `Records`, or what `wslabel.read_records` takes. Ids and gold labels stay as they are.

    Examples
    --------
    >>> from wslabel.redacting import load_recognisers
    >>> given = [{"id": "1", "text": "Mail jo@example.org", "from": "ann@example.org", "n": 1}]
    >>> redacted = redact(given, Redaction(load_recognisers(["email"])))
    >>> next(redacted.batches()).to_pylist()
    [{'id': '1', 'text': 'Mail [EMAIL]', 'from': '[EMAIL]', 'n': 1}]
    """
    source = read_records(records)
    names = ("paths", "table", "text", "id", "gold", "max_quarantine_rate")
    return RedactedRecords(**{name: getattr(source, name) for name in names}, redaction=redaction)


def _is_text(column: pa.Array) -> bool:
    kind = column.type.value_type if pa.types.is_dictionary(column.type) else column.type
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
