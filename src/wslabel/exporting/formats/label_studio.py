"""Label Studio: tasks with predictions and annotations, the labeling config beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

from wslabel.core.label_studio import choices_result, labeling_config, spans_result
from wslabel.core.task import Kind
from wslabel.errors import ExportError, TaskError
from wslabel.exporting.formats._annotations import (
    answers,
    name_faults,
    names_faults,
    object_of,
    offset_faults,
    share_faults,
    span_list,
)
from wslabel.exporting.formats._json import JsonFormat, plain_columns
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt


@dataclass(frozen=True)
class LabelStudio(JsonFormat):
    """A JSON array of tasks: the model's labels as predictions, people's as annotations.

    Parameters
    ----------
    model_version
        What Label Studio shows as the origin of predictions.

    Notes
    -----
    Rules: https://labelstud.io/guide/tasks and https://labelstud.io/guide/predictions. ``label_studio.xml`` is
    the labeling config. A task's ``data`` holds text, record (the id) and the other columns. Offsets are
    characters (code points), end exclusive.
    """

    extension: ClassVar[str] = "json"
    name: ClassVar[str] = "label_studio"
    array: ClassVar[bool] = True
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    uncovered: ClassVar[bool] = True
    model_version: str = "wslabel"

    def __post_init__(self) -> None:
        if not isinstance(self.model_version, str) or not self.model_version:
            raise ExportError(f"label_studio: the option model_version is {self.model_version!r}; expected a string.")

    def files(self, name: str) -> tuple[str, ...]:
        """Return the tasks and the labeling config."""
        return (f"{name}.json", f"{name}.xml")

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write the tasks and the labeling config."""
        path.with_suffix(".xml").write_text(_config(context), encoding="utf-8", newline="\n")
        return super().write(rows, path, context)

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one task."""
        columns = {
            f"{name}_" if name == "record" else name: each for name, each in plain_columns(row, self.name).items()
        }
        task: dict[str, Any] = {"data": {"text": row.text, "record": row.id, **columns}}
        result = _result(row, context)
        if row.covered and row.source == "model":
            score = {"model_version": self.model_version, "score": row.confidence}
            task["predictions"] = [{**score, "result": result}]
        elif row.covered:
            task["annotations"] = [{"result": result, "ground_truth": row.source == "gold"}]
        return (task,)

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return the check of one task."""
        return _faults

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return text, id, and the labels with how they were given."""
        key = next((key for key in ("annotations", "predictions") if example.get(key)), "")
        result = example[key][0]["result"] if key else []
        values = [item["value"] for item in result]
        named = [label for value in values for label in value.get("choices", [])]
        spans = [(value["start"], value["end"], value["labels"][0]) for value in values if "labels" in value]
        data = example["data"]
        return {"text": data.get("text"), "id": data.get("record"), "as": key, "labels": named, "spans": spans}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return text, id, and the labels with how they were given as they should be."""
        key = ("predictions" if row.source == "model" else "annotations") if row.covered else ""
        said = {"spans": span_list(row)} if context.kind == "spans" else {"labels": answers(row, context)}
        yield {"text": row.text, "id": row.id, "as": key, **said}


def _config(context: ExportContext) -> str:
    try:
        return labeling_config(context.labels, context.kind)
    except TaskError as error:
        raise ExportError(str(error)) from None


def _result(row: ExportRow, context: ExportContext) -> list[dict[str, Any]]:
    if context.kind != "spans":
        return choices_result(answers(row, context))
    return spans_result(row.text, ((span.start, span.end, span.label, span.confidence) for span in row.spans))


def _faults(example: Any) -> Iterator[str]:
    data = example.get("data")
    if not isinstance(data, dict) or not data:
        yield f"data is {excerpt(data)}; expected an object with the text"
        data = {}
    elif not any(isinstance(value, str) and value for value in data.values()):
        yield f"data is {excerpt(data)}; expected a non-empty text in it"
    for key in ("predictions", "annotations"):
        given = example.get(key, [])
        if not isinstance(given, list):
            yield f"{key} is {excerpt(given)}; expected a list"
            continue
        for each in given:
            yield from (f"{key}: {fault}" for fault in _answer_faults(each, key, data.get("text")))


def _answer_faults(found: Any, key: str, text: Any) -> Iterator[str]:
    given = object_of(found)
    if "score" in given and key == "predictions":
        yield from share_faults(given["score"], "score")
    result = given.get("result")
    if not isinstance(result, list):
        yield f"result is {excerpt(result)}; expected a list"
        return
    ids = [object_of(each).get("id") for each in result]
    if len(set(map(str, ids))) != len(ids):
        yield f"the ids of the result are {excerpt(ids)}; expected each once"
    for each in map(object_of, result):
        for name in ("from_name", "to_name", "type"):
            yield from name_faults(each.get(name), name)
        yield from _value_faults(each, text)


def _value_faults(found: Mapping[str, Any], text: Any) -> Iterator[str]:
    value, kind = object_of(found.get("value")), found.get("type")
    if not value:
        yield f"value is {excerpt(found.get('value'))}; expected an object"
    elif isinstance(kind, str) and kind in ("choices", "labels") and kind not in value:
        yield f"value has the keys {', '.join(value)}; expected {kind}, as the type says"
    elif kind in ("choices", "labels"):
        faults = list(names_faults(value[kind], str(kind)))
        yield from faults
        if not faults and not value[kind] and kind == "labels":
            yield "labels is []; expected a label"
    if value and kind == "labels":
        yield from _span_faults(value, text)


def _span_faults(value: Mapping[str, Any], text: Any) -> Iterator[str]:
    faults = list(offset_faults(value.get("start"), value.get("end"), text, "the span"))
    yield from faults
    if faults or not isinstance(text, str) or "text" not in value:
        return
    wanted = text[value["start"] : value["end"]]
    if value["text"] != wanted:
        yield f"the span's text is {excerpt(value['text'])}; expected {excerpt(wanted)}"


FORMAT = LabelStudio
