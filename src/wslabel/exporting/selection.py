"""Which records are exported: one pass over the corpus, the chosen ones kept on disk for the formats."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import compress, repeat
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.labels import Labels
from wslabel.core.readers import QuarantinedRow
from wslabel.core.records import Records
from wslabel.errors import ExportError, suggest
from wslabel.exporting.choice import Choice, Chosen, Known, choose
from wslabel.exporting.conversations import Conversations
from wslabel.exporting.formats.base import ExportRow
from wslabel.exporting.labeled import Labeled, One, Stretches
from wslabel.exporting.splits.value import NOWHERE, Codes, Splits
from wslabel.exporting.splits.value import REASONS as WHY
from wslabel.exporting.spool import Spool

BELOW = "below min_confidence"
REASONS = ("uncovered", BELOW, "no label")
"""Why a record is left out, beside what splits say; each counted record has exactly one, the first that holds."""
RESERVED = ("label", "labels", "spans", "confidence", "source", "covered", "weight", "probs")
"""Names that formats write themselves, besides id, text and ``p_<label>``."""
_EXPORTED, _UNCOVERED, _UNSURE, _NO_LABEL = range(4)
UNSPLIT = "in no split"
"""The reason for records that the splits do not know."""


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
        The number of records for each of `REASONS`, and for what else was found.
    malformed
        The number of rows that the corpus reader set aside; not among `read`.
    spool
        The exported records.
    splits
        The split of each record; None: no splits.
    weights
        One a label, with the mean 1 over the exported ones; None: all count the same.
    why
        One a label: the reason why it is left out; empty for exported ones.
    report
        What choosing tells: the estimate of precision, the gaps.
    conversations
        What a template made of the exported records; None: there is no template.
    """

    labels: Labeled
    chosen: Ints
    read: int
    left_out: dict[str, int]
    malformed: int
    spool: Spool
    splits: Splits | None = None
    weights: Floats | None = None
    why: tuple[str, ...] = ()
    report: Mapping[str, Any] = field(default_factory=dict)
    conversations: Conversations | None = None

    @cached_property
    def codes(self) -> Codes | None:
        """The place of each exported record's split among the splits' names; None without splits."""
        if self.splits is None:
            return None
        by_id = self.splits.by_id()
        return np.array([by_id[record] for record in self.labels.ids[self.chosen]], np.int8)

    def parts(self) -> dict[str, int]:
        """Return the number of exported records of each split; without splits one part without a name."""
        if self.splits is None or self.codes is None:
            return {"": len(self.chosen)}
        counts = np.bincount(self.codes, minlength=len(self.splits.names))
        return dict(zip(self.splits.names, counts.tolist()))

    def rows(self, part: str = "", probabilities: bool = True) -> Iterator[ExportRow]:
        """Return the exported records (of one split) with their labels; may be called any number of times."""
        if self.splits is None or self.codes is None or not part:
            return self._rows(probabilities)
        inside = self.codes == self.splits.names.index(part)
        return compress(self._rows(probabilities), inside.tolist())

    def _rows(self, probabilities: bool) -> Iterator[ExportRow]:
        start = 0
        said = repeat(None) if self.conversations is None else self.conversations.read()
        for ids, texts, others in self.spool.read():
            at = self.chosen[start : start + len(ids)]
            *given, shares, sets, spans, covered = self.labels.columns(at, probabilities)
            weights = repeat(1.0) if self.weights is None else self.weights[at].tolist()
            yield from map(ExportRow, ids, texts, *given, shares, others, sets, spans, covered, weights, said)
            start += len(ids)


def select(
    labels: Labeled,
    records: Records,
    folder: Path,
    min_confidence: float,
    include_uncovered: bool,
    splits: Splits | None = None,
    choice: Choice | None = None,
    known: Known | None = None,
) -> Selection:
    """Read the corpus once and keep the records that are to be exported in files below `folder`.

    Raises
    ------
    ExportError
        A label whose record is not in the corpus.
    """
    reasons = list(REASONS)
    verdicts = np.append(_verdicts(labels, min_confidence, include_uncovered), np.int8(_NO_LABEL))
    if splits is not None:
        _leave_out(verdicts[:-1], _split_reasons(labels, splits), reasons)
    made = Chosen([], None, {})
    if choice is not None:
        columns = _columns(records, labels, choice.columns)
        trains = None if splits is None else _trains(labels, splits)
        made = choose(_of_one(labels), verdicts[:-1] == _EXPORTED, choice, columns, trains, known)
        _leave_out(verdicts[:-1], made.reasons, reasons)
    index, n = {record: row for row, record in enumerate(labels.ids)}, labels.n
    met = np.zeros(n + 1, np.bool_)
    counts = np.zeros(len(reasons) + 1, np.int64)
    chosen: list[Ints] = []
    aside: list[QuarantinedRow] = []
    lengths = labels.value.lengths if isinstance(labels, Stretches) else None
    with Spool(folder, reserved={*RESERVED, *[f"p_{name}" for name in labels.labels]}) as spool:
        for batch in records.batches(quarantine=aside):
            rows = np.array([index.get(record, n) for record in batch["id"].to_pylist()], np.int64)
            met[rows] = True
            counts += np.bincount(verdicts[rows], minlength=len(counts))
            taken = np.flatnonzero(verdicts[rows] == _EXPORTED)
            chosen.append(rows[taken])
            if lengths is not None:
                _require_lengths(batch, rows, lengths)
            spool.add(batch.take(pa.array(taken)) if len(taken) < len(rows) else batch)
    _require_met(labels, met, records, len(aside))
    left_out = {
        reason: int(counts[code]) for code, reason in enumerate(reasons, start=1) if counts[code] or reason in REASONS
    }
    kept, read = np.concatenate(chosen), int(counts.sum())
    why = tuple(["", *reasons][code] for code in verdicts[:-1].tolist())
    return Selection(labels, kept, read, left_out, len(aside), spool, splits, made.weights, why, made.report)


def _of_one(labels: Labeled) -> Labels:
    """Return the labels of records that have one each; of others nothing can be chosen by label.

    Raises
    ------
    ExportError
        Several labels a record, or spans.
    """
    if not isinstance(labels, One):
        raise ExportError(
            f"A choice (quotas, target_precision, balance, weights) is made among records with one label each; these "
            f"are of the kind {labels.kind}. Choose by min_confidence, or leave the choice out."
        )
    found: Labels = labels.value
    return found


def _require_lengths(batch: pa.RecordBatch, rows: Ints, lengths: Ints) -> None:
    """Refuse texts that are not those that the spans were found in."""
    found = pc.utf8_length(batch["text"]).to_numpy(zero_copy_only=False)
    known = rows < len(lengths)
    wrong = np.flatnonzero(known)[found[known] != lengths[rows[known]]]
    if len(wrong):
        raise ExportError(
            f"Record {batch['id'][int(wrong[0])].as_py()}: the text has {int(found[wrong[0]])} characters, and its "
            f"spans are of one with {int(lengths[rows[wrong[0]]])}. Pass the records that were labeled, or move the "
            "spans along: redacted.move(spans)."
        )


def _verdicts(labels: Labeled, min_confidence: float, include_uncovered: bool) -> NDArray[np.int8]:
    """Return n codes; what a human or gold says passes every filter."""
    verdicts = np.full(labels.n, _EXPORTED, np.int8)
    model = labels.source == "model"
    verdicts[model & (labels.confidence < min_confidence)] = _UNSURE
    if not include_uncovered:
        verdicts[model & ~labels.covered] = _UNCOVERED
    return verdicts


def _leave_out(verdicts: NDArray[np.int8], said: Sequence[str], reasons: list[str]) -> None:
    """Give records that are to be exported the reason that is said of them, where one is."""
    for reason in dict.fromkeys(one for one in said if one):
        reasons.append(reason)
        verdicts[(verdicts == _EXPORTED) & np.array([one == reason for one in said])] = len(reasons)


def _split_reasons(labels: Labeled, splits: Splits) -> list[str]:
    said = dict(zip(splits.ids.tolist(), zip(splits.codes.tolist(), splits.reasons.tolist())))
    found = (said.get(record, (NOWHERE, 0)) for record in labels.ids.tolist())
    return ["" if code != NOWHERE else WHY[reason] or UNSPLIT for code, reason in found]


def _columns(records: Records, labels: Labeled, names: Sequence[str]) -> dict[str, list[Any]]:
    """Return the values of columns in the order of the labels."""
    for name in names:
        if name not in records.columns:
            raise ExportError(f"{records.where}: there is no column {name!r}. {suggest(name, records.columns)}")
    found: dict[str, list[Any]] = {name: [None] * labels.n for name in names}
    index = {record: row for row, record in enumerate(labels.ids)}
    for batch in records.batches() if names else ():
        rows = [index.get(record) for record in batch["id"].to_pylist()]
        for name in names:
            for row, value in zip(rows, batch[name].to_pylist()):
                if row is not None:
                    found[name][row] = value
    return found


def _trains(labels: Labeled, splits: Splits) -> NDArray[np.bool_]:
    """Return n booleans: the record is in the first split."""
    by_id = splits.by_id()
    return np.array([by_id.get(record) == 0 for record in labels.ids], np.bool_)


def _require_met(labels: Labeled, met: NDArray[np.bool_], records: Records, malformed: int) -> None:
    strangers = labels.ids[~met[: labels.n]]
    if len(strangers):
        aside = f" ({malformed} malformed rows of it were set aside)" if malformed else ""
        raise ExportError(
            f"{len(strangers)} of {labels.n} labels have no record, the first is {strangers[0]!r}. "
            f"{records.where} has none of that id{aside}. Pass the records that the labels were made from."
        )
