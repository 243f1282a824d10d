"""SageMaker Ground Truth: augmented manifests."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.formats._annotations import name_faults, object_of, offset_faults, share_faults, span_list
from wslabel.exporting.formats._json import JsonFormat
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

_SUFFIX = "-metadata"
_TYPES = {
    "single": "groundtruth/text-classification",
    "multilabel": "groundtruth/text-classification-multilabel",
    "spans": "groundtruth/text-span",
}


@dataclass(frozen=True)
class SageMakerManifest(JsonFormat):
    """JSON lines of ``source``, the label attribute, and its metadata.

    Parameters
    ----------
    attribute
        The name of the label attribute; it holds no ``-metadata`` and does not end in ``-ref``.
    job_name
        The name of the labeling job in the metadata.
    creation_date
        The date of creation in the metadata, ISO 8601; a fixed one by default, so that equal labels give equal
        files.

    Notes
    -----
    Rules: https://docs.aws.amazon.com/sagemaker/latest/dg/sms-data-output.html. A single label is its class
    index, with its name in the metadata; several labels are a list of indices, with ``class-map`` and
    ``confidence-map``; spans are entities with ``startOffset`` and an exclusive ``endOffset``. Ids have no place.
    """

    extension: ClassVar[str] = "manifest"
    name: ClassVar[str] = "sagemaker_manifest"
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    attribute: str = "label"
    job_name: str = "labeling-job/wslabel"
    creation_date: str = "2000-01-01T00:00:00"

    def __post_init__(self) -> None:
        name = self.attribute
        if not isinstance(name, str) or not name or _SUFFIX in name or name.endswith("-ref") or name == "source":
            raise ExportError(
                f"sagemaker_manifest: the option attribute is {name!r}; expected a name without {_SUFFIX}, "
                "that does not end in -ref and is not source."
            )
        if not _is_date(self.creation_date):
            raise ExportError(f"sagemaker_manifest: creation_date is {self.creation_date!r}; expected ISO 8601.")
        if not isinstance(self.job_name, str) or not self.job_name:
            raise ExportError(f"sagemaker_manifest: job_name is {self.job_name!r}; expected a non-empty string.")

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one line."""
        value, more = _labeled(row, context)
        told = {"type": _TYPES[context.kind], "job-name": self.job_name, "creation-date": self.creation_date}
        human = "no" if row.source == "model" else "yes"
        metadata = {**more, **told, "human-annotated": human}
        return ({"source": row.text, self.attribute: value, f"{self.attribute}{_SUFFIX}": metadata},)

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return a check of one line that also wants the same attributes on all lines."""
        attributes: list[list[str]] = []
        return lambda example: _faults(example, attributes)

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return text, label names, and whether a person gave them."""
        value, metadata = example.get(self.attribute), object_of(example.get(f"{self.attribute}{_SUFFIX}"))
        names: Any = metadata.get("class-name")
        if "class-map" in metadata:
            names = [metadata["class-map"][str(index)] for index in value]
        if isinstance(value, dict):
            entities = value["annotations"]["entities"]
            names = [(each["startOffset"], each["endOffset"], each["label"]) for each in entities]
        shown = {"class index": value} if isinstance(value, int) else {}
        return {"text": example.get("source"), "label": names, "human": metadata.get("human-annotated"), **shown}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return text, label names, and whether a person gave them as they should be."""
        names: dict[str, Any] = {"single": row.label, "multilabel": list(row.labels), "spans": span_list(row)}
        index = {"class index": context.labels.index(row.label)} if context.kind == "single" else {}
        human = "no" if row.source == "model" else "yes"
        yield {"text": row.text, "label": names[context.kind], "human": human, **index}


def _labeled(row: ExportRow, context: ExportContext) -> tuple[Any, dict[str, Any]]:
    """Return the value of the label attribute, and what of its metadata depends on the kind."""
    places = {label: place for place, label in enumerate(context.labels)}
    if context.kind == "single":
        return places[row.label], {"class-name": row.label, "confidence": row.confidence}
    if context.kind == "multilabel":
        names = {str(places[label]): label for label in row.labels}
        return [places[label] for label in row.labels], {
            "class-map": names,
            "confidence-map": {place: row.probs[label] for place, label in names.items()},
        }
    entities = [{"startOffset": start, "endOffset": end, "label": label} for start, end, label in span_list(row)]
    value = {"annotations": {"entities": entities, "labels": [{"label": label} for label in context.labels]}}
    return value, {"entities": [{"confidence": span.confidence} for span in row.spans]}


def _is_date(value: Any) -> bool:
    try:
        return bool(datetime.datetime.fromisoformat(value))
    except (TypeError, ValueError):
        return False


def _faults(example: Any, attributes: list[list[str]]) -> Iterator[str]:
    sources = [key for key in ("source", "source-ref") if key in example]
    if len(sources) != 1:
        yield f"{' and '.join(sources) or 'neither source nor source-ref'} is there; expected one of the two"
    for key in sources:
        yield from name_faults(example[key], key)
    names = [key for key in example if not key.endswith(_SUFFIX) and f"{key}{_SUFFIX}" in example]
    lonely = [key for key in example if key.endswith(_SUFFIX) and key.removesuffix(_SUFFIX) not in example]
    if lonely:
        yield f"{lonely[0]!r} has no attribute beside it; expected {lonely[0].removesuffix(_SUFFIX)!r}"
    if not names:
        yield f"no attribute has metadata; expected a label attribute NAME and NAME{_SUFFIX}"
    attributes[:] = attributes or [names]
    if names and attributes[0] != names:
        wanted = f"{', '.join(attributes[0])}, as on the lines before"
        yield f"the label attributes are {', '.join(names)}; expected {wanted}"
    for name in names:
        if name.endswith("-ref") or _SUFFIX in name:
            yield f"the attribute is called {name!r}; expected a name without {_SUFFIX} that does not end in -ref"
        yield from _attribute_faults(example[name], example[f"{name}{_SUFFIX}"], example.get("source"))


def _attribute_faults(value: Any, found: Any, text: Any) -> Iterator[str]:
    metadata = object_of(found)
    for key in ("type", "job-name"):
        yield from name_faults(metadata.get(key), key)
    if metadata.get("human-annotated") not in ("yes", "no"):
        yield f"human-annotated is {excerpt(metadata.get('human-annotated'))}; expected yes or no"
    if not _is_date(metadata.get("creation-date")):
        yield f"creation-date is {excerpt(metadata.get('creation-date'))}; expected a date in ISO 8601"
    if isinstance(value, list):
        yield from _map_faults(value, metadata)
    elif isinstance(value, dict):
        yield from _entity_faults(value, metadata, text)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield from name_faults(metadata.get("class-name"), "class-name")
        yield from share_faults(metadata.get("confidence"), "confidence")
    else:
        yield f"the label is {excerpt(value)}; expected a class index, a list of them, or annotations"


def _map_faults(value: list[Any], metadata: Mapping[str, Any]) -> Iterator[str]:
    wanted = {str(index) for index in value}
    if not all(isinstance(index, int) and not isinstance(index, bool) for index in value) or len(wanted) != len(value):
        yield f"the labels are {excerpt(value)}; expected distinct class indices"
    for key in ("class-map", "confidence-map"):
        given = metadata.get(key)
        if not isinstance(given, dict) or set(given) != wanted:
            yield f"{key} is {excerpt(given)}; expected an entry for each class index of the label"
            continue
        for each in given.values():
            yield from name_faults(each, key) if key == "class-map" else share_faults(each, key)


def _entity_faults(value: Mapping[str, Any], metadata: Mapping[str, Any], text: Any) -> Iterator[str]:
    entities = object_of(value.get("annotations")).get("entities")
    if not isinstance(entities, list):
        yield f"annotations is {excerpt(value.get('annotations'))}; expected an object with a list of entities"
        return
    for entity in map(object_of, entities):
        yield from offset_faults(entity.get("startOffset"), entity.get("endOffset"), text, "the entity")
        yield from name_faults(entity.get("label"), "the entity's label")
    told = metadata.get("entities")
    if not isinstance(told, list) or len(told) != len(entities):
        yield f"the metadata's entities are {excerpt(told)}; expected one for each of {len(entities)} entities"
        return
    for entity in map(object_of, told):
        yield from share_faults(entity.get("confidence"), "the entity's confidence")


FORMAT = SageMakerManifest
