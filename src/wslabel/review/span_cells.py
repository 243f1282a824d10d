"""Spans in a cell of a table, or on a line of JSON: a list of mappings from and to which people may copy.

The words of a span stand beside its offsets, so that a reader sees what is marked, and a slip shows when the cell comes
back. Offsets may be left out where the words stand once in the text.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from wslabel.core.decisions import Span
from wslabel.errors import ReviewError

FORM = (
    'a list of {"start": …, "end": …, "label": …}, in characters, end exclusive; or of {"text": …, "label": …} where '
    "the words stand once in the text"
)


def spans_as_mappings(spans: Iterable[Span], text: str) -> list[dict[str, Any]]:
    """Return spans as mappings.

    >>> spans_as_mappings([(0, 7, "Drug")], "Aspirin-induced")
    [{'start': 0, 'end': 7, 'text': 'Aspirin', 'label': 'Drug'}]
    """
    return [{"start": start, "end": end, "text": text[start:end], "label": label} for start, end, label in spans]


def spans_as_cell(spans: Iterable[Span], text: str) -> str:
    """Return spans as JSON."""
    return json.dumps(spans_as_mappings(spans, text), ensure_ascii=False)


def is_cell(words: str) -> bool:
    """Tell whether the words of a cell are meant as spans."""
    return words.lstrip().startswith("[")


def read_cell(words: str, where: str) -> list[Any]:
    """Return the list that a cell holds."""
    try:
        found = json.loads(words)
    except ValueError as fault:
        raise ReviewError(f"{where}: {words!r:.80} is no JSON: {fault}. Expected {FORM}.") from None
    return list(found)


def read_spans(values: Sequence[Any], text: str, where: str) -> tuple[Span, ...]:
    """Return the spans of mappings; whether the task has their labels is not looked at.

    Raises
    ------
    ReviewError
        No such mapping, or words that do not stand there.

    Examples
    --------
    >>> read_spans([{"text": "rash", "label": "Effect"}], "a rash", "line 2")
    ((2, 6, 'Effect'),)
    """
    return tuple(_read(value, text, where) for value in values)


def _read(value: Any, text: str, where: str) -> Span:
    if not isinstance(value, dict) or "label" not in value:
        raise ReviewError(f"{where}: {value!r:.80} is no span. Expected {FORM}.")
    words, label = value.get("text"), str(value["label"])
    if words is not None and "start" not in value and "end" not in value:
        return (*_place(str(words), text, where), label)
    start, end = value.get("start"), value.get("end")
    if type(start) is not int or type(end) is not int:
        raise ReviewError(f"{where}: {value!r:.80} is no span. Expected {FORM}.")
    if words is not None and text[start:end] != words:
        raise ReviewError(
            f"{where}: {start}..{end} is {text[start:end]!r:.60}, and not {words!r:.60}. Mend the offsets, or leave "
            "them out where the words stand once in the text."
        )
    return start, end, label


def _place(words: str, text: str, where: str) -> tuple[int, int]:
    start = text.find(words)
    if not words or start < 0:
        raise ReviewError(f"{where}: {words!r:.60} does not stand in the text.")
    if text.find(words, start + 1) >= 0:
        raise ReviewError(f"{where}: {words!r:.60} stands more than once in the text. Give start and end.")
    return start, start + len(words)
