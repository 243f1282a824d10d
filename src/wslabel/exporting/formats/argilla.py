"""Argilla: records with suggestions and responses."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.formats._annotations import (
    answers,
    id_faults,
    name_faults,
    names_faults,
    object_of,
    offset_faults,
    share_faults,
    span_list,
)
from wslabel.exporting.formats._json import JsonFormat, plain
from wslabel.exporting.formats._prompting import key_faults
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

KEYS = ("id", "fields", "metadata", "suggestions", "responses", "vectors", "_server_id")


@dataclass(frozen=True)
class Argilla(JsonFormat):
    """A JSON array of records: the model's labels as suggestions, people's as responses.

    Parameters
    ----------
    user_id
        The UUID of the Argilla user whose responses the labels of people and of gold become. Without it they are
        suggestions with the agent ``human`` or ``gold``.

    Notes
    -----
    Read with ``dataset.records.from_json(path)``; the data set has a field ``text`` and a question ``label``
    (LabelQuestion, MultiLabelQuestion or SpanQuestion). Rules: argilla 2, `Record.from_dict`. A suggestion's
    agent has 1 to 200 characters. The other columns become metadata where they hold text or numbers; other
    values are written as text.
    """

    extension: ClassVar[str] = "json"
    name: ClassVar[str] = "argilla"
    array: ClassVar[bool] = True
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    uncovered: ClassVar[bool] = True
    user_id: str = ""

    def __post_init__(self) -> None:
        if self.user_id and not _is_uuid(self.user_id):
            raise ExportError(f"argilla: the option user_id is {self.user_id!r}; expected the UUID of an Argilla user.")

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one record."""
        suggestions: dict[str, Any] = {}
        responses: dict[str, Any] = {}
        if row.covered and self.user_id and row.source != "model":
            responses = {"label": [{"value": _value(row, context), "user_id": self.user_id}]}
        elif row.covered:
            score: Any = [span.confidence for span in row.spans] if context.kind == "spans" else row.confidence
            if context.kind == "multilabel":
                score = [row.probs[label] for label in row.labels]
            suggestions = {"label": {"value": _value(row, context), "score": score, "agent": row.source}}
        metadata = {name: _meta(value, row, name) for name, value in row.columns.items() if value is not None}
        record = {"id": row.id, "fields": {"text": row.text}, "metadata": metadata}
        return ({**record, "suggestions": suggestions, "responses": responses, "vectors": {}},)

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return a check of one record that also wants ids to be unique."""
        seen: set[str] = set()
        return lambda example: _faults(example, seen)

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return id, text, and the label with who gave it."""
        suggested, answered = example["suggestions"].get("label"), example["responses"].get("label")
        given = suggested or (answered[0] if answered else {})
        who = given.get("agent", given.get("user_id"))
        return {"id": example["id"], "text": example["fields"].get("text"), "label": given.get("value"), "by": who}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return id, text, and the label with who gave it as they should be."""
        by = self.user_id if self.user_id and row.source != "model" else row.source
        label = {"label": _value(row, context), "by": by} if row.covered else {"label": None, "by": None}
        yield {"id": row.id, "text": row.text, **label}


def _value(row: ExportRow, context: ExportContext) -> Any:
    if context.kind == "spans":
        return [{"start": start, "end": end, "label": label} for start, end, label in span_list(row)]
    return answers(row, context) if context.kind == "multilabel" else row.label


def _meta(value: Any, row: ExportRow, name: str) -> Any:
    given = plain(value, f"argilla, record {row.id}: {name}")
    return given if isinstance(given, str | int | float) and not isinstance(given, bool) else str(given)


def _is_uuid(value: Any) -> bool:
    try:
        return bool(uuid.UUID(str(value)))
    except ValueError:
        return False


def _faults(example: Any, seen: set[str]) -> Iterator[str]:
    yield from key_faults(example, KEYS)
    yield from id_faults(example.get("id"), seen)
    for name in ("fields", "metadata", "suggestions", "responses", "vectors"):
        if not isinstance(example.get(name, {}), dict):
            yield f"{name} is {excerpt(example[name])}; expected an object"
    fields = object_of(example.get("fields"))
    if not fields:
        yield f"fields is {excerpt(example.get('fields'))}; expected an object with a text"
    texts = [value for value in fields.values() if isinstance(value, str) and value]
    if len(texts) != len(fields):
        yield f"fields is {excerpt(example.get('fields'))}; expected non-empty strings"
    text = max(texts, key=len, default=None)
    for question, given in object_of(example.get("suggestions")).items():
        yield from _suggestion_faults(given, f"suggestion {question!r}", text)
    for question, given in object_of(example.get("responses")).items():
        yield from _response_faults(given, f"response {question!r}", text)


def _suggestion_faults(found: Any, what: str, text: Any) -> Iterator[str]:
    given = object_of(found)
    if not given:
        yield f"{what} is {excerpt(found)}; expected an object with value, score and agent"
        return
    yield from (f"{what}: {fault}" for fault in key_faults(given, ("value", "score", "agent")))
    yield from _value_faults(given.get("value"), what, text)
    score, agent = given.get("score"), given.get("agent")
    for one in score if isinstance(score, list) else [] if score is None else [score]:
        yield from share_faults(one, f"{what}: score")
    if isinstance(score, list) and isinstance(given.get("value"), list) and len(score) != len(given["value"]):
        yield f"{what} has {len(score)} scores; expected one for each of {len(given['value'])} values"
    if agent is not None and not (isinstance(agent, str) and 0 < len(agent) <= 200):
        yield f"{what}: agent is {excerpt(agent)}; expected 1 to 200 characters"


def _response_faults(found: Any, what: str, text: Any) -> Iterator[str]:
    if not isinstance(found, list):
        yield f"{what} is {excerpt(found)}; expected a list of objects with value and user_id"
        return
    users = [object_of(each).get("user_id") for each in found]
    if len({str(user) for user in users}) != len(users):
        yield f"{what}: a user stands twice; expected one response of each user"
    for each, user in zip(found, users):
        yield from _value_faults(object_of(each).get("value"), what, text)
        if not _is_uuid(user):
            yield f"{what}: user_id is {excerpt(user)}; expected a UUID"


def _value_faults(value: Any, what: str, text: Any) -> Iterator[str]:
    if isinstance(value, int) and not isinstance(value, bool):
        return
    if isinstance(value, list) and any(isinstance(each, dict) for each in value):
        for span in map(object_of, value):
            yield from offset_faults(span.get("start"), span.get("end"), text, f"{what}: span")
            yield from name_faults(span.get("label"), f"{what}: the span's label")
    elif isinstance(value, list):
        yield from names_faults(value, f"{what}: value")
    else:
        yield from name_faults(value, f"{what}: value")


FORMAT = Argilla
