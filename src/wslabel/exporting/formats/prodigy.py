"""Prodigy: JSON lines for the choice and the ner_manual interface."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, ClassVar

from wslabel.core.task import Kind
from wslabel.exporting.formats._annotations import (
    answers,
    name_faults,
    names_faults,
    object_of,
    offset_faults,
    span_list,
)
from wslabel.exporting.formats._json import JsonFormat, plain_columns
from wslabel.exporting.formats._prompting import text_faults
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

ANSWERS = ("accept", "reject", "ignore")


class Prodigy(JsonFormat):
    """``text`` with ``options`` and ``accept``, or with ``spans``; the rest in ``meta``.

    A record that nobody labeled has the answer ``ignore``. Tokens are left to Prodigy (``add_tokens``), since
    only it knows the pipeline.

    Notes
    -----
    Rules: https://prodi.gy/docs/api-interfaces. Offsets are characters, end exclusive; ``token_end``, where a
    file has it, is inclusive.
    """

    name: ClassVar[str] = "prodigy"
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    uncovered: ClassVar[bool] = True

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one task."""
        told = {"confidence": row.confidence, "source": row.source}
        meta = {**plain_columns(row, self.name), "id": row.id, **told}
        answer = "accept" if row.covered else "ignore"
        if context.kind == "spans":
            spans = [{"start": start, "end": end, "label": label} for start, end, label in span_list(row)]
            return ({"text": row.text, "spans": spans, "_view_id": "ner_manual", "answer": answer, "meta": meta},)
        options = [{"id": label, "text": label} for label in context.labels]
        choice = {"options": options, "accept": answers(row, context), "config": {"choice_style": _style(context)}}
        return ({"text": row.text, **choice, "_view_id": "choice", "answer": answer, "meta": meta},)

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return the check of one task."""
        return _faults

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return text, answer, labels and the record's id."""
        spans = [(span["start"], span["end"], span["label"]) for span in example.get("spans", [])]
        options = [option["id"] for option in example.get("options", [])]
        told = {"options": options, "accept": example.get("accept", []), "id": object_of(example.get("meta")).get("id")}
        return {"text": example["text"], "answer": example.get("answer"), "spans": spans, **told}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return text, answer, labels and the record's id as they should be."""
        given = {"text": row.text, "answer": "accept" if row.covered else "ignore", "id": row.id}
        if context.kind == "spans":
            yield {**given, "spans": span_list(row)}
        else:
            yield {**given, "accept": answers(row, context), "options": list(context.labels)}


def _style(context: ExportContext) -> str:
    return "multiple" if context.kind == "multilabel" else "single"


def _faults(example: Any) -> Iterator[str]:
    yield from text_faults(example, "text")
    if "answer" in example and example["answer"] not in ANSWERS:
        yield f"answer is {excerpt(example['answer'])}; expected {', '.join(ANSWERS)}"
    if "meta" in example and not isinstance(example["meta"], dict):
        yield f"meta is {excerpt(example['meta'])}; expected an object"
    if not any(key in example for key in ("options", "label", "spans")):
        yield "there is none of the keys options, label, spans; expected one"
    if "label" in example:
        yield from name_faults(example["label"], "label")
    if "options" in example:
        yield from _option_faults(example)
    yield from _token_faults(example)
    yield from _spans_faults(example)


def _option_faults(example: Any) -> Iterator[str]:
    options = example["options"]
    if not isinstance(options, list) or not all(object_of(each).get("id") not in (None, "") for each in options):
        yield f"options is {excerpt(options)}; expected a list of objects with id and text"
        return
    ids, accept = [each["id"] for each in options], example.get("accept", [])
    if len({str(each) for each in ids}) != len(ids):
        yield f"the ids of the options are {excerpt(ids)}; expected each once"
    yield from names_faults(accept, "accept") if all(isinstance(each, str) for each in ids) else ()
    for each in accept if isinstance(accept, list) else []:
        if each not in ids:
            yield f"accept holds {excerpt(each)}; expected the id of an option"
    single = object_of(example.get("config")).get("choice_style") == "single"
    if single and isinstance(accept, list) and len(accept) > 1:
        yield f"accept is {excerpt(accept)}; expected one label, as choice_style is single"


def _token_faults(example: Any) -> Iterator[str]:
    tokens, text = example.get("tokens", []), example.get("text")
    if not isinstance(tokens, list):
        yield f"tokens is {excerpt(tokens)}; expected a list of objects"
        return
    for place, token in enumerate(map(object_of, tokens)):
        faults = list(offset_faults(token.get("start"), token.get("end"), text, f"token {place}"))
        yield from faults
        if token.get("id") != place:
            yield f"token {place} has the id {excerpt(token.get('id'))}; expected {place}"
        if not faults and isinstance(text, str) and text[token["start"] : token["end"]] != token.get("text"):
            yield f"token {place} is {excerpt(token.get('text'))}; expected {text[token['start'] : token['end']]!r}"


def _spans_faults(example: Any) -> Iterator[str]:
    spans, tokens = example.get("spans", []), example.get("tokens")
    if not isinstance(spans, list):
        yield f"spans is {excerpt(spans)}; expected a list of objects"
        return
    for place, span in enumerate(map(object_of, spans), start=1):
        yield from offset_faults(span.get("start"), span.get("end"), example.get("text"), f"span {place}")
        yield from name_faults(span.get("label"), f"span {place}: label")
        if isinstance(tokens, list) and all(isinstance(each, dict) for each in tokens):
            yield from _edge_faults(span, tokens, f"span {place}")


def _edge_faults(span: Mapping[str, Any], tokens: list[dict[str, Any]], what: str) -> Iterator[str]:
    starts = {token.get("start"): place for place, token in enumerate(tokens)}
    ends = {token.get("end"): place for place, token in enumerate(tokens)}
    for key, edges, edge in (("token_start", starts, "start"), ("token_end", ends, "end")):
        if span.get(edge) not in edges:
            yield f"{what}: {edge} is {excerpt(span.get(edge))}; expected the {edge} of a token"
        elif key in span and span[key] != edges[span[edge]]:
            yield f"{what}: {key} is {excerpt(span[key])}; expected {edges[span[edge]]} (the last token is meant)"


FORMAT = Prodigy
