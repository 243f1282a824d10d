"""Croissant: what an export holds, for programs that look for data sets.

Rules: https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html (Akhtar et al. 2024). The file is JSON-LD;
no library is needed to write it, and mlcroissant reads it in the tests.
"""

from __future__ import annotations

import csv
import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa

CROISSANT = "croissant.json"
ENCODINGS = {"parquet": "application/x-parquet", "csv": "text/csv", "jsonl": "application/jsonlines"}
"""Formats whose files hold records with named fields, as Croissant describes them."""
_FLOATS, _FLAGS = ("confidence", "weight"), ("covered",)
_CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileProperty": "cr:fileProperty",
    "fileObject": "cr:fileObject",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def write_croissant(stage: Path, files: Mapping[str, str], labels: Sequence[str], counts: Mapping[str, int]) -> str:
    """Write the description of the files below `stage` that Croissant can describe.

    Parameters
    ----------
    files
        Format by file name.
    labels
        The task's labels.
    counts
        The number of records of each file.

    Returns
    -------
    str
        The file's name; empty where there is nothing to describe, and then no file.
    """
    told = {file: format for file, format in files.items() if format in ENCODINGS}
    if not told:
        return ""
    content = {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "wslabel_export",
        "description": f"Training data with the labels {', '.join(labels)}, made with wslabel. README.md tells how.",
        "distribution": [_object(stage, file, format) for file, format in told.items()],
        "recordSet": [_record_set(stage, file, format, counts[file]) for file, format in told.items()],
    }
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    (stage / CROISSANT).write_text(text, encoding="utf-8", newline="\n")
    return CROISSANT


def _object(stage: Path, file: str, format: str) -> dict[str, str]:
    with (stage / file).open("rb") as data:
        digest = hashlib.file_digest(data, "sha256").hexdigest()
    return {
        "@type": "cr:FileObject",
        "@id": file,
        "name": file,
        "contentUrl": file,
        "encodingFormat": ENCODINGS[format],
        "sha256": digest,
    }


def _record_set(stage: Path, file: str, format: str, count: int) -> dict[str, Any]:
    name = file.rpartition(".")[0]
    return {
        "@type": "cr:RecordSet",
        "@id": name,
        "name": name,
        "description": f"{count} records, one a row.",
        "key": {"@id": f"{name}/id"},
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{name}/{slug}",
                "name": field,
                "dataType": kind,
                "source": {"fileObject": {"@id": file}, "extract": {"column": field}},
            }
            for slug, field, kind in _named(_fields(stage / file, format))
        ],
    }


def _named(fields: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str, str]]:
    """Yield each field with a name that an ``@id`` may have: without white space, and once."""
    met: set[str] = set()
    for field, kind in fields:
        slug = re.sub(r"[^A-Za-z0-9_.-]", "_", field)
        while slug in met:
            slug += "_"
        met.add(slug)
        yield slug, field, kind


def _fields(path: Path, format: str) -> Iterator[tuple[str, str]]:
    """Yield the fields of plain values, with their types; lists and objects are left to the format's own readers."""
    import pyarrow.parquet as pq

    if format == "parquet":
        for field in pq.read_schema(path):
            if not pa.types.is_nested(field.type):
                yield field.name, _arrow_type(field.type)
    elif format == "csv":
        with path.open(encoding="utf-8", newline="") as file:
            yield from ((name, _named_type(name)) for name in next(csv.reader(file)))
    else:
        with path.open(encoding="utf-8") as file:
            first = json.loads(file.readline())
        yield from ((name, _named_type(name)) for name, value in first.items() if not isinstance(value, list | dict))


def _arrow_type(kind: pa.DataType) -> str:
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    return "sc:Float" if pa.types.is_floating(kind) else "sc:Text"


def _named_type(name: str) -> str:
    """Return the type of a field that wslabel writes; a column of the corpus is text where its type is not known."""
    if name in _FLOATS or name.startswith("p_"):
        return "sc:Float"
    return "sc:Boolean" if name in _FLAGS else "sc:Text"
