"""Labelbox: NDJSON of annotations, and of the data rows that they belong to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, ClassVar

from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.formats._annotations import (
    answers,
    id_faults,
    name_faults,
    object_of,
    offset_faults,
    share_faults,
)
from wslabel.exporting.formats._json import JsonFormat, encoded, plain_columns, read_lines
from wslabel.exporting.formats.base import ExportContext, ExportRow, Problem, excerpt, require_text


@dataclass(frozen=True)
class Labelbox(JsonFormat):
    """``labelbox.ndjson`` holds an annotation a line, ``labelbox_rows.ndjson`` the texts by global key.

    Parameters
    ----------
    feature
        The name of the classification in Labelbox's ontology; spans carry their label's name.

    Notes
    -----
    Rules: https://docs.labelbox.com/reference/import-text-annotations. A single label is a radio answer, several
    are a checklist (a record with none has no line), a span is an entity whose ``end`` is inclusive. A record
    that nobody labeled has a data row and no annotation. The global key is the record's id; the other columns
    go to the data row's ``attachments`` as one raw text of JSON.
    """

    extension: ClassVar[str] = "ndjson"
    name: ClassVar[str] = "labelbox"
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    uncovered: ClassVar[bool] = True
    feature: str = "label"

    def __post_init__(self) -> None:
        if not isinstance(self.feature, str) or not self.feature:
            raise ExportError(f"labelbox: the option feature is {self.feature!r}; expected a non-empty string.")

    def files(self, name: str) -> tuple[str, ...]:
        """Return annotations and data rows."""
        return (f"{name}.ndjson", f"{name}_rows.ndjson")

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write annotations and data rows."""
        count = 0
        with path.open("wb") as file, _rows_path(path).open("wb") as beside:
            for row in rows:
                require_text(self.name, row)
                beside.write(encoded(_data_row(row), self.name, row.id) + b"\n")
                for example in self.examples(row, context):
                    file.write(encoded(example, self.name, row.id) + b"\n")
                count += 1
        return count

    def examples(self, row: ExportRow, context: ExportContext) -> Iterator[Mapping[str, Any]]:
        """Yield an annotation for the classification, or for each span."""
        key = {"dataRow": {"globalKey": row.id}}
        if context.kind == "spans":
            for span in row.spans:
                where = {"location": {"start": span.start, "end": span.end - 1}}
                yield {**key, "name": span.label, "confidence": span.confidence, **where}
        elif context.kind == "multilabel":
            checked: Any = [{"name": label, "confidence": row.probs[label]} for label in answers(row, context)]
            if checked:
                yield {**key, "name": self.feature, "answer": checked}
        elif row.covered:
            yield {**key, "name": self.feature, "answer": {"name": row.label, "confidence": row.confidence}}

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return the check of one annotation."""
        return _faults

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return key and answer, or key and span."""
        key = {"global key": example["dataRow"].get("globalKey")}
        if "location" in example:
            where = example["location"]
            return {**key, "span": (where["start"], where["end"] + 1, example["name"])}
        answer = example["answer"]
        names = [each["name"] for each in answer] if isinstance(answer, list) else answer["name"]
        return {**key, "answer": names}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterator[Mapping[str, Any]]:
        """Yield key and answer, or key and spans, as they should be."""
        key, given = {"global key": row.id}, answers(row, context)
        if context.kind == "spans":
            yield from ({**key, "span": (span.start, span.end, span.label)} for span in row.spans)
        elif given:
            yield {**key, "answer": given if context.kind == "multilabel" else given[0]}

    def _problems(self, path: Path, context: ExportContext) -> Iterator[Problem]:
        beside = _rows_path(path)
        if not beside.is_file():
            if context.rows is not None:
                yield Problem(0, f"{beside.name} is missing; expected the data rows")
            yield from super()._problems(path, context)
            return
        problems = super()._problems(path, context)
        # Where nobody labeled a record, or none holds a span, there are data rows and no annotation.
        whole = (each for each in problems if not (each.line == 0 and "holds no example" in each.message))
        yield from chain(whole, _row_problems(beside, context))


def _rows_path(path: Path) -> Path:
    return path.with_name(f"{path.stem}_rows{path.suffix}")


def _data_row(row: ExportRow) -> dict[str, Any]:
    columns = plain_columns(row, "labelbox")
    said = encoded(columns, "labelbox", row.id).decode("utf-8")
    attached = {"attachments": [{"type": "RAW_TEXT", "value": said}]} if columns else {}
    return {"row_data": row.text, "global_key": row.id, "media_type": "TEXT", **attached}


def _row_problems(path: Path, context: ExportContext) -> Iterator[Problem]:
    written, seen, line = context.written(), set[str](), 0
    with path.open("rb") as file:
        for line, example, fault in read_lines(file):
            row = next(written, None) if written is not None else None
            faults = [fault] if fault else list(id_faults(example.get("global_key"), seen, "global_key"))
            faults += list(name_faults(object_of(example).get("row_data"), "row_data"))
            if not faults and written is not None and row is None:
                faults = ["a data row more than records were written"]
            if not faults and row and (example["global_key"], example["row_data"]) != (row.id, row.text):
                faults = [f"the text is {excerpt(example['row_data'])}; expected {excerpt(row.text)}"]
            for each in faults:
                yield Problem(line, f"{path.name}: {each}", row.id if row else "")
    if written is not None and (missing := next(written, None)):
        yield Problem(line + 1, f"{path.name}: the file ends; expected a data row for this record", missing.id)
    if line == 0:
        yield Problem(0, f"{path.name}: the file holds no data row; expected at least one")


def _faults(example: Any) -> Iterator[str]:
    key = object_of(example.get("dataRow"))
    given = [name for name in ("id", "globalKey") if isinstance(key.get(name), str) and key[name]]
    if len(given) != 1 or len(key) != 1:
        yield f"dataRow is {excerpt(example.get('dataRow'))}; expected an object with id or globalKey"
    if "schemaId" not in example:
        yield from name_faults(example.get("name"), "name")
    if "confidence" in example:
        yield from share_faults(example["confidence"], "confidence")
    if ("answer" in example) == ("location" in example):
        yield "there are both or none of answer and location; expected one of the two"
    elif "location" in example:
        where = object_of(example["location"])
        yield from offset_faults(where.get("start"), where.get("end"), None, "location", inclusive=True)
    else:
        yield from _answer_faults(example["answer"])


def _answer_faults(answer: Any) -> Iterator[str]:
    if isinstance(answer, str) and answer:
        return
    each = answer if isinstance(answer, list) else [answer]
    if not each or not all(isinstance(one, dict) for one in each):
        yield f"answer is {excerpt(answer)}; expected an object with a name, a list of them, or a text"
        return
    for one in each:
        if "schemaId" not in one:
            yield from name_faults(one.get("name"), "the answer's name")
        if "confidence" in one:
            yield from share_faults(one["confidence"], "the answer's confidence")
    names = [str(one.get("name", one.get("schemaId"))) for one in each]
    if len(set(names)) != len(names):
        yield f"the answers are {excerpt(names)}; expected each once"


FORMAT = Labelbox
