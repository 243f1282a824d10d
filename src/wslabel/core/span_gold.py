"""Gold spans, as a corpus's gold column holds them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from wslabel.core.arrays import Ids
from wslabel.core.span_labels import SpanLabels
from wslabel.core.task import NO_LABELS
from wslabel.errors import VotesError, suggest

FORM = 'expected a list of {"start": …, "end": …, "label": …}, in characters, end exclusive'
Span = tuple[int, int, str]


def span_gold(gold: Mapping[str, str], ids: Ids, lengths: Any, labels: Sequence[str]) -> SpanLabels:
    """Return the gold spans of the records that have gold, in the order of the ids; an empty list is gold, too.

    Parameters
    ----------
    gold
        By record id JSON text: a list of ``{"start", "end", "label"}``.
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


def _read(record: str, text: str, labels: Sequence[str]) -> list[Span]:
    try:
        return [] if text == NO_LABELS else [_span(record, one, labels) for one in json.loads(text)]
    except (ValueError, TypeError, KeyError):
        raise VotesError(f"Record {record}: the gold is {text!r:.80}; {FORM}.") from None


def _span(record: str, one: Any, labels: Sequence[str]) -> Span:
    start, end, label = one["start"], one["end"], one["label"]
    if type(start) is not int or type(end) is not int:
        raise TypeError
    if label not in labels:
        hint = suggest(str(label), labels)
        raise VotesError(f"Record {record}: the gold label {label!r} of a span is not one of the task's. {hint}")
    return start, end, label
