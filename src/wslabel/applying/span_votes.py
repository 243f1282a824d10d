"""What labeling functions say of spans: from their answers to a column of spans a record, and back to votes.

In a task of the kind ``spans`` the kernel gives for every LF a list of (start, end, label index) a record, in the place
of one label index; all else is as for other tasks. The column ``LENGTHS`` holds the lengths of the texts.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.applying.calls import Failure
from wslabel.core.arrays import Ints
from wslabel.core.task import Label

LENGTHS = "__lengths__"
SPAN = np.dtype([("start", np.int32), ("end", np.int32), ("label", np.int16)])
"""One vote, as parts hold it."""
SPANS_TYPE = pa.list_(pa.struct([("start", pa.int32()), ("end", pa.int32()), ("label", pa.int16())]))
_SHAPES = (
    "Expected (start, end), (start, end, label), a match of `re` or a span of spaCy; or a list or generator of them"
)
Found = tuple[int, int, int]


def spans_column(found: Sequence[Sequence[Found]]) -> pa.Array:
    """Return the spans of each record as a column."""
    flat = np.array([span for some in found for span in some], np.int32).reshape(-1, 3)
    offsets = np.cumsum([0, *map(len, found)], dtype=np.int32)
    return _column(offsets, flat[:, 0], flat[:, 1], flat[:, 2])


def placed_column(n: int, rows: Ints, start: Ints, end: Ints, label: int) -> pa.Array:
    """Return spans of one label as a column; `rows` are the records, rising."""
    offsets = np.searchsorted(rows, np.arange(n + 1)).astype(np.int32)
    return _column(offsets, start, end, np.full(len(rows), label))


def _column(offsets: Any, start: Any, end: Any, label: Any) -> pa.Array:
    arrays = [pa.array(np.ascontiguousarray(one, kind)) for one, kind in ((start, "i4"), (end, "i4"), (label, "i2"))]
    return pa.ListArray.from_arrays(pa.array(offsets), pa.StructArray.from_arrays(arrays, fields=list(_FIELDS)))


_FIELDS = tuple(SPANS_TYPE.value_type.field(at) for at in range(SPANS_TYPE.value_type.num_fields))


def cast_spans(column: pa.Array) -> tuple[NDArray[np.int32], NDArray[Any]]:
    """Return the row and the span of each vote in a column, by row, start, end and label."""
    offsets = column.offsets.to_numpy()
    values = column.values.slice(offsets[0], offsets[-1] - offsets[0])
    rows = np.repeat(np.arange(len(column), dtype=np.int32), np.diff(offsets))
    spans = np.empty(len(rows), SPAN)
    for name in SPAN.names or ():
        spans[name] = values.field(name).to_numpy()
    order = np.lexsort((spans["label"], spans["end"], spans["start"], rows))
    return rows[order], spans[order]


def gathered(said: Any) -> Any:
    """Return what a function said, with all that a generator yields; runs while the call is watched."""
    return list(said) if isinstance(said, Iterator) else said


def read_spans(said: Any, votes: Sequence[str], names: Sequence[str], length: int) -> list[Found] | Failure:
    """Return the spans of an answer as (start, end, index of the label), sorted; a failure where it is none.

    Parameters
    ----------
    said
        What a function returned.
    votes
        What the function declares that it votes.
    names
        What may be voted in the task.
    length
        The length of the text.
    """
    found = set[Found]()
    for one in _each(said):
        read = _span(one, votes)
        if read is None:
            return Failure(f"TypeError: returned {one!r:.200}. {_SHAPES}.", "")
        start, end, label = read
        if not 0 <= start < end <= length:
            return Failure(
                f"ValueError: returned the span {start}..{end}, which does not lie in the text of {length} characters.",
                "",
            )
        if label not in votes:
            return Failure(f"ValueError: returned a span of {label!r}; it declares {', '.join(votes)}.", "")
        found.add((start, end, names.index(label)))
    return sorted(found)


def _each(said: Any) -> Iterable[Any]:
    if said is None:
        return ()
    if isinstance(said, list | set | frozenset):
        return said
    if isinstance(said, tuple) and not (said and isinstance(said[0], int)):
        return said
    return (said,)


def _span(one: Any, votes: Sequence[str]) -> tuple[int, int, str] | None:
    """Return (start, end, label) of a span in any of its shapes; the label may be told by the function alone."""
    usual = votes[0] if len(votes) == 1 else ""
    if hasattr(one, "start_char") and hasattr(one, "end_char"):
        return int(one.start_char), int(one.end_char), str(one.label_ or usual)
    if hasattr(one, "span") and callable(one.span):
        start, end = one.span()
        return int(start), int(end), usual
    if all(hasattr(one, name) for name in ("start", "end", "label")):
        return _span((one.start, one.end, one.label), votes)
    if not isinstance(one, tuple | list) or len(one) not in (2, 3):
        return None
    start, end, *named = one
    if not (_whole(start) and _whole(end)) or (named and not isinstance(named[0], str)):
        return None
    label = named[0] if named else usual
    return int(start), int(end), str(label.value if isinstance(label, Label) else label)


def _whole(value: Any) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)
