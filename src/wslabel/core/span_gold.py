"""Gold spans, as a corpus's gold column holds them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from wslabel.core.arrays import Ids
from wslabel.core.gold import gold_by_id
from wslabel.core.span_labels import SpanLabels
from wslabel.core.task import NO_LABELS
from wslabel.errors import VotesError, suggest

FORM = 'expected a list of {"start": …, "end": …, "label": …}, in characters, end exclusive'
Span = tuple[int, int, str]


def span_gold(gold: Mapping[str, Any], ids: Ids, lengths: Any, labels: Sequence[str]) -> SpanLabels:
    """Return the gold spans of the records that have gold, in the order of the ids; an empty list is gold, too.

    Parameters
    ----------
    gold
        By record id JSON text, or what it stands for: a list of ``{"start", "end", "label"}``, or of tuples.
    ids, lengths
        n record ids, and the lengths of their texts in characters.

    Raises
    ------
    VotesError
        Something else, a label outside the task, a span outside its text, or the same span twice.
    """
    known = [(record, length) for record, length in zip(ids.tolist(), lengths) if record in gold]
    rows = [(record, *span) for record, _ in known for span in _read(record, gold[record], labels)]
    columns = [list(column) for column in zip(*rows)] or [[], [], [], []]
    names, sizes = [record for record, _ in known], [length for _, length in known]
    return SpanLabels(names, sizes, columns, labels, source=["gold"] * len(known))


def align_span_gold(gold: Any, ids: Ids, lengths: Any, labels: Sequence[str]) -> SpanLabels | None:
    """Return the gold spans of those of the records that have gold; None where none has.

    Parameters
    ----------
    gold
        None; `SpanLabels`; `Records` with a gold column; a mapping from record id to its spans, or n of these,
        None where unknown. Spans are JSON text, or a list of ``{"start", "end", "label"}`` or (start, end, label).
    """
    if isinstance(gold, SpanLabels):
        gold = {one: [(span.start, span.end, span.label) for span in some] for one, some in gold.by_id().items()}
    known = {} if gold is None else {one: some for one, some in gold_by_id(gold, ids).items() if some is not None}
    made = span_gold(known, ids, lengths, labels)
    return made if made.n else None


def _read(record: str, said: Any, labels: Sequence[str]) -> list[Span]:
    try:
        if isinstance(said, str):
            said = [] if said == NO_LABELS else json.loads(said)
        return [_span(record, one, labels) for one in said]
    except (ValueError, TypeError, KeyError):
        raise VotesError(f"Record {record}: the gold is {said!r:.80}; {FORM}.") from None


def _span(record: str, one: Any, labels: Sequence[str]) -> Span:
    start, end, label = one if isinstance(one, tuple) else (one["start"], one["end"], one["label"])
    if type(start) is not int or type(end) is not int:
        raise TypeError
    if label not in labels:
        hint = suggest(str(label), labels)
        raise VotesError(f"Record {record}: the gold label {label!r} of a span is not one of the task's. {hint}")
    return start, end, label
