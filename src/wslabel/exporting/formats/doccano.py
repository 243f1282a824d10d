"""doccano: JSON lines of a text and its labels."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.formats._annotations import answers, names_faults, offset_faults, span_list
from wslabel.exporting.formats._json import JsonFormat, plain_columns
from wslabel.exporting.formats._prompting import text_faults
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

MAX_LABEL = 100
"""Characters of a label name that doccano stores."""


class Doccano(JsonFormat):
    """``text``, ``label`` (a list of labels, or of ``[start, end, label]``), and meta data.

    A record that nobody labeled has an empty list. doccano keeps ``record`` (the id), ``confidence``,
    ``source`` and the other columns as meta data; a column called label or record gets an underscore behind it.

    Notes
    -----
    Rules: https://doccano.github.io/doccano/ ("Import dataset", JSONL); offsets are characters (code points),
    end exclusive; a label has at most 100 characters.
    """

    name: ClassVar[str] = "doccano"
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    uncovered: ClassVar[bool] = True

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one object."""
        label = span_list(row) if context.kind == "spans" else answers(row, context)
        for name in [span.label for span in row.spans] or label:
            if len(name) > MAX_LABEL:
                raise ExportError(
                    f"doccano, record {row.id}: the label {excerpt(name)} has {len(name)} characters, and doccano "
                    f"stores at most {MAX_LABEL}. Rename the label."
                )
        told = {"record": row.id, "confidence": row.confidence, "source": row.source}
        columns = {
            f"{name}_" if name == "record" else name: each for name, each in plain_columns(row, self.name).items()
        }
        return ({"text": row.text, "label": label, **told, **columns},)

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return the check of one object."""
        return _faults

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return text, labels and meta data."""
        label = example.get("label")
        spans = [tuple(each) for each in label] if label and isinstance(label[0], list) else label
        return {**example, "label": spans}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return text, labels and the record's id as they should be."""
        label = span_list(row) if context.kind == "spans" else answers(row, context)
        yield {"text": row.text, "label": label, "record": row.id, "confidence": row.confidence}


def _faults(example: Any) -> Iterator[str]:
    yield from text_faults(example, "text")
    label = example.get("label")
    if not isinstance(label, list):
        yield f"label is {excerpt(label)}; expected a list"
    elif any(isinstance(each, list) for each in label):
        for place, each in enumerate(label, start=1):
            yield from _span_faults(each, example.get("text"), f"span {place}")
    else:
        yield from names_faults(label, "label")
        yield from _long_faults(label)


def _span_faults(span: Any, text: Any, what: str) -> Iterator[str]:
    if not isinstance(span, list) or len(span) != 3:
        yield f"{what} is {excerpt(span)}; expected [start, end, label]"
        return
    yield from offset_faults(span[0], span[1], text, what)
    yield from names_faults([span[2]], f"{what}: label")
    yield from _long_faults([span[2]])


def _long_faults(names: list[Any]) -> Iterator[str]:
    for name in names:
        if isinstance(name, str) and len(name) > MAX_LABEL:
            yield f"the label {excerpt(name)} has {len(name)} characters; expected at most {MAX_LABEL}"


FORMAT = Doccano
