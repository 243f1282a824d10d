"""Hugging Face datasets: Parquet with its features, and a dataset card, in a folder of their own."""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

import pyarrow as pa

from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.formats._annotations import id_faults, span_list
from wslabel.exporting.formats._dataset_card import feature_yaml, front_matter
from wslabel.exporting.formats.base import (
    CHUNK,
    MAX_PROBLEMS,
    ExportContext,
    ExportFormat,
    ExportRow,
    Problem,
    excerpt,
)

CARD = "README.md"
Features = dict[str, Any]
"""Features by column, as ``datasets`` keeps them in the metadata of a Parquet schema."""


@dataclass(frozen=True)
class HuggingFace(ExportFormat):
    """Columns id, text, label (or labels, or spans), confidence, source, covered, weight, probs, then the others.

    ``label`` is a ClassLabel, ``labels`` a list of them; ``spans`` a list of start, end (exclusive, in
    characters), label and confidence. ``probs`` has a probability for each label, in the order of the ClassLabel.

    Notes
    -----
    Read with ``datasets.load_dataset("EXPORT/huggingface", split="train")``, also offline. Where ``datasets`` is
    installed, the export is read back with it. Rules: https://huggingface.co/docs/hub/datasets-cards and
    https://huggingface.co/docs/datasets/about_dataset_features.
    """

    name: ClassVar[str] = "huggingface"
    extension: ClassVar[str] = "parquet"
    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel", "spans")
    uncovered: ClassVar[bool] = True
    weights: ClassVar[bool] = True
    empty_text: ClassVar[bool] = True
    card: ClassVar[str] = f"huggingface/{CARD}"

    def files(self, name: str) -> tuple[str, ...]:
        """Return data and card, in a folder that is a data set repository."""
        folder, _, split = name.partition(".")
        return (f"{folder}/{split or 'train'}.parquet", f"{folder}/{CARD}")

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write the rows in row groups of `CHUNK`, and the card."""
        import pyarrow.parquet as pq

        features = _features(context)
        schema = _schema(context, features)
        source, count, sources = iter(rows), 0, set[str]()
        with pq.ParquetWriter(path, schema, compression="zstd") as writer:
            while chunk := list(islice(source, CHUNK)):
                writer.write_batch(_batch(chunk, schema, context), row_group_size=CHUNK)
                count += len(chunk)
                sources |= {row.source for row in chunk}
        # Splits that are already written beside this one are in the card too.
        counts = {each.name: pq.read_metadata(each).num_rows for each in sorted(path.parent.glob("*.parquet"))}
        text = front_matter(features, context.kind, counts, sources)
        path.with_name(CARD).write_text(text, encoding="utf-8", newline="\n")
        return count

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Check features, values and card, and that ``datasets`` reads the rows that were written."""
        where = path / "train.parquet" if path.is_dir() else path
        try:
            problems = list(islice(_problems(where, context), MAX_PROBLEMS))
        except (pa.ArrowException, OSError) as error:
            return [Problem(0, f"not a readable Parquet file: {error}")]
        if not problems and context.rows is not None and importlib.util.find_spec("datasets"):
            problems = list(islice(_consumer_problems(where, context), MAX_PROBLEMS))
        return problems


def _features(context: ExportContext) -> Features:
    value = {name: _value("float64") for name in ("confidence", "weight")}
    labels = {"names": list(context.labels), "_type": "ClassLabel"}
    kinds = {"single": ("label", labels), "multilabel": ("labels", _list(labels)), "spans": ("spans", _spans(labels))}
    column, feature = kinds[context.kind]
    told = {"confidence": value["confidence"], "source": _value("string"), "covered": _value("bool")}
    probs = {} if context.kind == "spans" else {"probs": _list(_value("float64"))}
    others = {field.name: _of_type(field.type, field.name) for field in context.schema}
    fixed = {"id": _value("string"), "text": _value("string"), column: feature}
    return {**fixed, **told, "weight": value["weight"], **probs, **others}


def _value(dtype: str) -> dict[str, Any]:
    return {"dtype": dtype, "_type": "Value"}


def _list(feature: Any) -> dict[str, Any]:
    return {"feature": feature, "_type": "List"}


def _spans(labels: Any) -> dict[str, Any]:
    offset = _value("int64")
    return _list({"start": offset, "end": offset, "label": labels, "confidence": _value("float64")})


def _of_type(kind: pa.DataType, name: str) -> Any:
    """Return the feature of an Arrow type."""
    if pa.types.is_list(kind):
        return _list(_of_type(kind.value_type, name))
    if pa.types.is_large_list(kind):
        return {"feature": _of_type(kind.value_type, name), "_type": "LargeList"}
    if pa.types.is_struct(kind):
        return {field.name: _of_type(field.type, name) for field in kind}
    if pa.types.is_nested(kind) or pa.types.is_dictionary(kind):
        raise ExportError(
            f"huggingface: the column {name!r} holds {kind}, for which datasets has no feature. "
            "Give the column another type, or drop it from the corpus."
        )
    names = {"double": "float64", "float": "float32", "halffloat": "float16", "date32[day]": "date32"}
    return _value(names.get(str(kind), "date64" if str(kind) == "date64[ms]" else str(kind)))


def _schema(context: ExportContext, features: Features) -> pa.Schema:
    span = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", pa.int64()), ("confidence", pa.float64())])
    own = {"id": pa.string(), "text": pa.string(), "label": pa.int64(), "labels": pa.list_(pa.int64())}
    own |= {"spans": pa.list_(span), "probs": pa.list_(pa.float64()), "covered": pa.bool_(), "source": pa.string()}
    own |= {"confidence": pa.float64(), "weight": pa.float64()}
    types = {**own, **{field.name: field.type for field in context.schema}}
    metadata = {"huggingface": json.dumps({"info": {"features": features}})}
    return pa.schema([pa.field(name, types[name]) for name in features], metadata)


def _batch(chunk: list[ExportRow], schema: pa.Schema, context: ExportContext) -> pa.RecordBatch:
    places = {label: place for place, label in enumerate(context.labels)}
    try:
        return pa.RecordBatch.from_pylist([_record(row, context, places) for row in chunk], schema=schema)
    except (pa.ArrowException, TypeError, ValueError, OverflowError) as error:
        raise ExportError(
            f"huggingface, records {chunk[0].id} to {chunk[-1].id}: a column cannot be written: {error}. "
            "Give the column one plain type, or drop it from the corpus."
        ) from error


def _record(row: ExportRow, context: ExportContext, places: Mapping[str, int]) -> dict[str, Any]:
    told = {name: getattr(row, name) for name in ("id", "text", "confidence", "source", "covered", "weight")}
    if context.kind == "single":
        return {**told, "label": places[row.label], "probs": list(row.probs.values()), **row.columns}
    if context.kind == "multilabel":
        return {
            **told,
            "labels": [places[each] for each in row.labels],
            "probs": list(row.probs.values()),
            **row.columns,
        }
    keys = ("start", "end", "label", "confidence")
    spans = [dict(zip(keys, (one.start, one.end, places[one.label], one.confidence))) for one in row.spans]
    return {**told, "spans": spans, **row.columns}


def _problems(path: Path, context: ExportContext) -> Iterator[Problem]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        features, fault = _read_features(file.schema_arrow)
        names, more = _class_names(features)
        faults = [fault] if fault else [*more, *_column_faults(file.schema_arrow.names, features)]
        yield from (Problem(0, each) for each in faults)
        yield from (Problem(0, each) for each in _card_faults(path.with_name(CARD), features))
        if faults:
            return
        check, line = _Rows(names), 0
        for line, found in enumerate(_rows(file), start=1):
            yield from (Problem(line, each, str(found.get("id") or "")) for each in check.faults(found))
    if line == 0:
        yield Problem(0, "the file holds no row; expected at least one")
    if context.rows is not None:
        yield from _differences(_stored(path), context)


def _rows(file: Any) -> Iterator[dict[str, Any]]:
    for batch in file.iter_batches(batch_size=CHUNK):
        yield from batch.to_pylist()


def _stored(path: Path) -> Iterator[dict[str, Any]]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        yield from _rows(file)


def _read_features(schema: pa.Schema) -> tuple[Features, str]:
    try:
        features = json.loads((schema.metadata or {})[b"huggingface"])["info"]["features"]
    except (KeyError, ValueError, TypeError):
        return {}, "the schema has no features; expected them in its metadata, as datasets writes them"
    if not isinstance(features, dict):
        return {}, f"the features are {excerpt(features)}; expected an object by column"
    return features, ""


def _class_names(features: Features) -> tuple[list[str], list[str]]:
    """Return the names of the labels, and what is wrong with them."""
    label = features.get("label", features.get("labels", features.get("spans")))
    while isinstance(label, dict) and "feature" in label:
        label = label["feature"]
    if isinstance(label, dict) and "_type" not in label:
        label = label.get("label")
    names = label.get("names") if isinstance(label, dict) and label.get("_type") == "ClassLabel" else None
    if not isinstance(names, list) or not names or not all(isinstance(name, str) and name for name in names):
        return [], ["no column label, labels or spans is a ClassLabel with names; expected one"]
    if len(set(names)) != len(names):
        return names, [f"the names of the ClassLabel are {excerpt(names)}; expected each once"]
    return names, []


def _column_faults(columns: list[str], features: Features) -> Iterator[str]:
    if columns != list(features):
        yield f"the columns are {excerpt(columns)}; expected those of the features, {excerpt(list(features))}"
    for name in ("id", "text"):
        if name not in columns:
            yield f"there is no column {name!r}; expected one"


def _card_faults(path: Path, features: Features) -> Iterator[str]:
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        yield f"there is no {CARD} beside the file; expected the dataset card"
        return
    except (OSError, UnicodeDecodeError) as error:
        yield f"{CARD} cannot be read: {error}; expected UTF-8"
        return
    head, end, _ = text.removeprefix("---\n").partition("\n---\n")
    if not text.startswith("---\n") or not end:
        yield f"{CARD} does not begin with metadata; expected YAML between two lines of ---"
        return
    for key in ("configs:", "dataset_info:"):
        if not any(line.startswith(key) for line in head.splitlines()):
            yield f"{CARD} has no {key[:-1]} in its metadata; expected it"
    missing = [name for name in features if feature_yaml(name, features[name]) not in head]
    if missing:
        yield f"the features of {CARD} do not have the column {missing[0]!r} as the file has it; expected the same"


class _Rows:
    """The checks of one row after the other."""

    def __init__(self, names: list[str]) -> None:
        self._seen, self._count = set[str](), len(names)

    def faults(self, found: Mapping[str, Any]) -> Iterator[str]:
        yield from id_faults(found.get("id"), self._seen)
        if not isinstance(found.get("text"), str):
            yield f"text is {excerpt(found.get('text'))}; expected a string"
        for name in ("confidence", "weight"):
            value, most = found.get(name, 0.0), 1.0 if name == "confidence" else float("inf")
            if not isinstance(value, float) or not 0 <= value <= most:
                yield f"{name} is {excerpt(value)}; expected a number from 0" + (" to 1" if most == 1 else "")
        yield from self._label_faults(found)
        probs = found.get("probs", [])
        if not isinstance(probs, list) or (probs and len(probs) != self._count):
            yield f"probs is {excerpt(probs)}; expected {self._count} numbers, one a label"
        elif not all(isinstance(each, float) and 0 <= each <= 1 for each in probs):
            yield f"probs is {excerpt(probs)}; expected numbers in 0..1"
        elif probs and "label" in found and abs(sum(probs) - 1) > 1e-6:
            yield f"probs sum to {sum(probs):.6g}; expected 1"

    def _label_faults(self, found: Mapping[str, Any]) -> Iterator[str]:
        given = [found["label"]] if "label" in found else found.get("labels")
        if given is None:
            given = [span["label"] for span in found.get("spans") or []]
        for each in given:
            # -1 is what datasets keeps for a record without a label.
            if not isinstance(each, int) or not -1 <= each < self._count:
                yield f"the label is {excerpt(each)}; expected the index of a class, 0..{self._count - 1}"


def _consumer_problems(path: Path, context: ExportContext) -> Iterator[Problem]:
    """Read the folder with ``datasets`` as a user does, row after row and without its cache."""
    import datasets

    datasets.disable_progress_bars()
    try:
        loaded = datasets.load_dataset(str(path.parent), split=path.stem, streaming=True)
    except Exception as error:  # whatever datasets raises about a folder that it does not read
        yield Problem(0, f"datasets {datasets.__version__} does not load the folder: {error}")
        return
    labels = loaded.features.get("label") or loaded.features.get("labels") or loaded.features.get("spans")
    while not isinstance(labels, datasets.ClassLabel):
        labels = labels["label"] if isinstance(labels, dict) else labels.feature
    if tuple(labels.names) != context.labels:
        yield Problem(0, f"datasets reads the labels {excerpt(labels.names)}; expected {excerpt(context.labels)}")
    yield from _differences(iter(loaded), context)


def _differences(found: Iterator[Mapping[str, Any]], context: ExportContext) -> Iterator[Problem]:
    written, line = context.written() or iter(()), 0
    for line, one in enumerate(found, start=1):
        row = next(written, None)
        if row is None:
            yield Problem(line, "a row more than records were written", str(one["id"]))
            continue
        wanted: dict[str, Any] = {"id": row.id, "text": row.text, "covered": row.covered, "weight": row.weight}
        if context.kind == "spans":
            wanted["spans"] = span_list(row)
        else:
            wanted["probs"] = list(row.probs.values())
            key = "label" if context.kind == "single" else "labels"
            wanted[key] = row.label if context.kind == "single" else list(row.labels)
        read = _named(one, context)
        for name, value in {**wanted, **row.columns}.items():
            if read.get(name) != value and repr(read.get(name)) != repr(value):
                yield Problem(line, f"{name} is {excerpt(read.get(name))}; expected {excerpt(value)}", row.id)
    if missing := next(written, None):
        yield Problem(line + 1, "the file ends; expected a row for this record", missing.id)


def _named(found: Mapping[str, Any], context: ExportContext) -> dict[str, Any]:
    """Return a row with the names of its labels."""
    read, names = dict(found), context.labels
    if context.kind == "single":
        read["label"] = names[found["label"]]
    elif context.kind == "multilabel":
        read["labels"] = [names[each] for each in found["labels"]]
    else:
        read["spans"] = [(span["start"], span["end"], names[span["label"]]) for span in found["spans"]]
    return read


FORMAT = HuggingFace
