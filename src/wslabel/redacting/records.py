"""A corpus that is redacted as it is read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pyarrow as pa

from wslabel.core.fingerprint import fingerprint
from wslabel.core.readers import QuarantinedRow
from wslabel.core.records import BATCH_ROWS, Records, read_records
from wslabel.core.spans import SpanVote, SpanVotes
from wslabel.errors import ExportError, suggest
from wslabel.redacting.redaction import Redacted, Redaction


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

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of the corpus and of its redaction."""
        return fingerprint(Records(**self._source).fingerprint, self.redaction.fingerprint)

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

    def move(self, votes: SpanVotes) -> SpanVotes:
        """Return span votes on the original texts as votes on the redacted ones; the corpus is read once.

        Raises
        ------
        VotesError
            A vote on a record that is not in the corpus, or outside its text.
        """
        wanted: dict[str, list[SpanVote]] = {}
        for vote in votes.votes:
            wanted.setdefault(vote.id, []).append(vote)
        lengths, moved = dict.fromkeys(votes.ids.tolist(), 0), []
        for batch in Records.batches(self):
            for record, text in zip(batch["id"].to_pylist(), batch["text"].to_pylist()):
                if record in lengths:
                    made = self._text(text)
                    lengths[record] = len(made.text)
                    for vote in wanted.get(record, ()):
                        start, end = made.span(vote.start, vote.end)
                        moved.append(SpanVote(record, vote.lf, start, end, vote.label))
        return SpanVotes(votes.ids, list(lengths.values()), moved, votes.lf_names, votes.labels)

    def _text(self, text: str) -> Redacted:
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
