"""Which records are exported: one pass over the corpus, the chosen ones kept on disk for the formats."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.core.arrays import Ints
from wslabel.core.labels import Labels
from wslabel.core.readers import QuarantinedRow
from wslabel.core.records import Records
from wslabel.errors import ExportError
from wslabel.exporting.formats.base import ExportRow
from wslabel.exporting.spool import Spool

REASONS = ("uncovered", "below min_confidence", "no label")
"""Why a record is left out; each counted record has exactly one, the first that holds."""
_EXPORTED, _UNCOVERED, _UNSURE, _NO_LABEL = range(4)


@dataclass(frozen=True)
class Selection:
    """The records of one export.

    Attributes
    ----------
    labels
        All labels, exported or not.
    chosen
        Row numbers in `labels` of the exported records, in the order of the corpus.
    read
        The number of records in the corpus.
    left_out
        The number of records for each of `REASONS`.
    malformed
        The number of rows that the corpus reader set aside; not among `read`.
    spool
        The exported records.
    """

    labels: Labels
    chosen: Ints
    read: int
    left_out: dict[str, int]
    malformed: int
    spool: Spool

    def rows(self) -> Iterator[ExportRow]:
        """Yield the exported records with their labels; may be called any number of times."""
        labels, hard, confidence = self.labels, self.labels.hard(), self.labels.confidence
        start = 0
        for ids, texts, others in self.spool.read():
            at = self.chosen[start : start + len(ids)]
            shares = [dict(zip(labels.labels, row)) for row in labels.probs[at].tolist()]
            given = (hard[at].tolist(), confidence[at].tolist(), labels.source[at].tolist())
            yield from map(ExportRow, ids, texts, *given, shares, others)
            start += len(ids)


def select(labels: Labels, records: Records, folder: Path, min_confidence: float, include_uncovered: bool) -> Selection:
    """Read the corpus once and keep the records that are to be exported in files below `folder`.

    Raises
    ------
    ExportError
        A label whose record is not in the corpus.
    """
    verdicts = np.append(_verdicts(labels, min_confidence, include_uncovered), _NO_LABEL)
    index = {record: row for row, record in enumerate(labels.ids)}
    met = np.zeros(labels.n + 1, np.bool_)
    counts = np.zeros(len(REASONS) + 1, np.int64)
    chosen: list[Ints] = []
    aside: list[QuarantinedRow] = []
    with Spool(folder, reserved={"label", "confidence", "source", *[f"p_{name}" for name in labels.labels]}) as spool:
        for batch in records.batches(quarantine=aside):
            rows = np.array([index.get(record, labels.n) for record in batch["id"].to_pylist()], np.int64)
            met[rows] = True
            counts += np.bincount(verdicts[rows], minlength=len(counts))
            taken = np.flatnonzero(verdicts[rows] == _EXPORTED)
            chosen.append(rows[taken])
            spool.add(batch.take(pa.array(taken)) if len(taken) < len(rows) else batch)
    _require_met(labels, met, records, len(aside))
    left_out = {reason: int(counts[code]) for code, reason in enumerate(REASONS, start=1)}
    return Selection(labels, np.concatenate(chosen), int(counts.sum()), left_out, len(aside), spool)


def _verdicts(labels: Labels, min_confidence: float, include_uncovered: bool) -> NDArray[np.int8]:
    """Return n codes; what a human or gold says passes every filter."""
    verdicts = np.full(labels.n, _EXPORTED, np.int8)
    model = labels.source == "model"
    verdicts[model & (labels.confidence < min_confidence)] = _UNSURE
    if not include_uncovered:
        verdicts[model & ~labels.covered] = _UNCOVERED
    return verdicts


def _require_met(labels: Labels, met: NDArray[np.bool_], records: Records, malformed: int) -> None:
    strangers = labels.ids[~met[: labels.n]]
    if len(strangers):
        aside = f" ({malformed} malformed rows of it were set aside)" if malformed else ""
        raise ExportError(
            f"{len(strangers)} of {labels.n} labels have no record, the first is {strangers[0]!r}. "
            f"{records.where} has none of that id{aside}. Pass the records that the labels were made from."
        )
