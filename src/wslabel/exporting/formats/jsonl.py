"""JSON lines with all that is known of a record."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from wslabel.core.task import Kind
from wslabel.exporting.formats._annotations import (
    id_faults,
    name_faults,
    names_faults,
    object_of,
    offset_faults,
    share_faults,
)
from wslabel.exporting.formats._json import JsonFormat, plain_columns
from wslabel.exporting.formats._tabular import SOURCES
from wslabel.exporting.formats.base import ExportContext, ExportRow, Span, excerpt


class Jsonl(JsonFormat):
    """Keys id, text, label (or labels, or spans), confidence, source, covered, weight, probs, then the columns.

    ``probs`` maps each label to its probability. A span is an object of start, end (exclusive, in characters), label,
    confidence and, where it is known, entity (an id, or several with ``|`` between). Times are ISO 8601, bytes are
    hexadecimal, decimals text; NaN and infinity, which JSON does not have, are refused.
    """

    name: ClassVar[str] = "jsonl"
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    uncovered: ClassVar[bool] = True
    weights: ClassVar[bool] = True
    empty_text: ClassVar[bool] = True

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one object."""
        probs = {} if context.kind == "spans" else {"probs": dict(row.probs)}
        told = {"confidence": row.confidence, "source": row.source, "covered": row.covered, "weight": row.weight}
        return (
            {"id": row.id, "text": row.text, **_labels(row, context), **told, **probs, **plain_columns(row, self.name)},
        )

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return a check of one object that also wants ids to be unique."""
        seen: set[str] = set()
        return lambda example: _faults(example, seen)

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return the object itself, spans as start, end and label."""
        if "spans" not in example or context.kind != "spans":
            return dict(example)
        keys = ("start", "end", "label", "entity")
        return {**example, "spans": [tuple(one.get(key, "") for key in keys) for one in example["spans"]]}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return the object as it should be."""
        told = {name: getattr(row, name) for name in ("id", "text", "confidence", "source", "covered", "weight")}
        key = {"single": "label", "multilabel": "labels", "spans": "spans"}[context.kind]
        spans = [(span.start, span.end, span.label, span.entity) for span in row.spans]
        labeled = {"label": row.label, "labels": list(row.labels), "spans": spans}[key]
        probs = {} if context.kind == "spans" else {"probs": dict(row.probs)}
        yield {**told, key: labeled, **probs, **plain_columns(row, self.name)}


def _labels(row: ExportRow, context: ExportContext) -> dict[str, Any]:
    if context.kind == "single":
        return {"label": row.label}
    if context.kind == "multilabel":
        return {"labels": row.labels}
    return {"spans": [_span(span) for span in row.spans]}


def _span(span: Span) -> dict[str, Any]:
    told = {name: getattr(span, name) for name in ("start", "end", "label", "confidence")}
    return {**told, "entity": span.entity} if span.entity else told


def _faults(example: Any, seen: set[str]) -> Iterator[str]:
    yield from id_faults(example.get("id"), seen)
    text = example.get("text")
    if not isinstance(text, str):
        yield f"text is {excerpt(text)}; expected a string"
    keys = [key for key in ("label", "labels", "spans") if key in example]
    if not keys:
        yield "there is none of the keys label, labels, spans; expected one"
    if "label" in keys:
        yield from name_faults(example["label"], "label")
    elif "labels" in keys:
        yield from names_faults(example["labels"], "labels")
    elif keys:
        yield from _span_faults(example["spans"], text)
    yield from share_faults(example.get("confidence"), "confidence")
    if example.get("source") not in SOURCES:
        yield f"source is {excerpt(example.get('source'))}; expected {', '.join(SOURCES)}"
    if "spans" not in keys:
        yield from _probs_faults(example, "label" in keys)


def _span_faults(spans: Any, text: Any) -> Iterator[str]:
    if not isinstance(spans, list):
        yield f"spans is {excerpt(spans)}; expected a list of objects"
        return
    for place, span in enumerate(spans, start=1):
        found = object_of(span)
        yield from offset_faults(found.get("start"), found.get("end"), text, f"span {place}")
        yield from name_faults(found.get("label"), f"span {place}: label")


def _probs_faults(example: Any, single: bool) -> Iterator[str]:
    probs = example.get("probs")
    if not isinstance(probs, dict) or not probs:
        yield f"probs is {excerpt(probs)}; expected an object of label and probability"
        return
    faults = [fault for name, share in probs.items() for fault in share_faults(share, f"the probability of {name!r}")]
    yield from faults
    given = [example["label"]] if single else example.get("labels")
    for name in given if isinstance(given, list) else []:
        if isinstance(name, str) and name not in probs:
            yield f"the label {excerpt(name)} has no probability; expected one in probs"
    if single and not faults and abs(sum(probs.values()) - 1) > 1e-6:
        yield f"the probabilities sum to {sum(probs.values()):.6g}; expected 1"


FORMAT = Jsonl
