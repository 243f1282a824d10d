"""What the formats of annotation tools share: ids, shares and spans."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt


def answers(row: ExportRow, context: ExportContext) -> list[str]:
    """Return the labels of a classified record; none where nobody labeled it."""
    if not row.covered:
        return []
    return list(row.labels) if context.kind == "multilabel" else [row.label]


def id_faults(value: Any, seen: set[str], what: str = "the id") -> Iterator[str]:
    """Yield a fault where an id is missing, or was there before."""
    if not isinstance(value, str) or not value:
        yield f"{what} is {excerpt(value)}; expected a non-empty string"
    elif value in seen:
        yield f"{what} {excerpt(value)} stands twice; expected unique ids"
    else:
        seen.add(value)


def share_faults(value: Any, what: str) -> Iterator[str]:
    """Yield a fault where a value is no number in 0..1."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
        yield f"{what} is {excerpt(value)}; expected a number in 0..1"


def name_faults(value: Any, what: str) -> Iterator[str]:
    """Yield a fault where a value is no non-empty string."""
    if not isinstance(value, str) or not value:
        yield f"{what} is {excerpt(value)}; expected a non-empty string"


def names_faults(value: Any, what: str) -> Iterator[str]:
    """Yield a fault where a value is no list of distinct non-empty strings."""
    if not isinstance(value, list) or not all(isinstance(each, str) and each for each in value):
        yield f"{what} is {excerpt(value)}; expected a list of non-empty strings"
    elif len(set(value)) != len(value):
        yield f"{what} is {excerpt(value)}; expected each label once"


def offset_faults(start: Any, end: Any, text: Any, what: str, inclusive: bool = False) -> Iterator[str]:
    """Yield a fault where two numbers are no stretch of a text; without a text its end is not checked."""
    whole = [value for value in (start, end) if isinstance(value, int) and not isinstance(value, bool)]
    stop = (whole[1] + inclusive) if len(whole) == 2 else 0
    length = len(text) if isinstance(text, str) else stop
    if len(whole) != 2 or not 0 <= whole[0] < stop <= length:
        order = "0 <= start <= end < length" if inclusive else "0 <= start < end <= length"
        size = f" ({length})" if isinstance(text, str) else ""
        yield f"{what} is {excerpt(start)}..{excerpt(end)}; expected {order}{size}, in characters"


def span_list(row: ExportRow) -> list[tuple[int, int, str]]:
    """Return start, end (exclusive) and label of each span."""
    return [(span.start, span.end, span.label) for span in row.spans]


def object_of(value: Any) -> Mapping[str, Any]:
    """Return a value that is an object, or an empty one."""
    return value if isinstance(value, dict) else {}
