"""Corpora as Spark frames, with the ids and column names that `read_records` would give them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa

from wslabel.applying.spark.session import clear_errors, map_in_arrow
from wslabel.core.records import text_id
from wslabel.errors import CorpusError, suggest

FORMATS = ("parquet", "jsonl", "csv", "tsv", "table")
# What the reader of files takes for granted: quotes are doubled, fields may hold line ends, all of them are checked.
_CSV = {"header": True, "multiLine": True, "escape": '"', "columnPruning": False}
_STRICT = {"mode": "FAILFAST"}


def read_corpus(
    spark: Any, *sources: str | Path, id: str | None = None, text: str = "text", format: str | None = None
) -> Any:
    """Open a corpus as a frame whose columns are named as in `Records`: ``id``, ``text`` and the others.

    A malformed row stops the job that meets it: setting rows aside with file and line is what `read_records` does.
    That no id stands twice is seen to by `write_votes`.

    Parameters
    ----------
    spark
        The session.
    sources
        Files or folders, with any address that Spark reads; or names of tables.
    id
        The column of ids. None: ``id`` where there is such a column, else derived from the text as `read_records`
        does. Equal texts then get equal ids, since numbering them needs an order of the whole corpus: where texts
        repeat, name a column of ids.
    text
        The column of texts.
    format
        ``parquet``, ``jsonl``, ``csv``, ``tsv`` or ``table``; by default what the name of the first source ends in.

    Returns
    -------
    DataFrame

    Raises
    ------
    CorpusError
        No or an unknown source, or a column is missing or of the wrong type.
    """
    frame = _read(spark, [str(source) for source in sources], format)
    id = id or ("id" if "id" in frame.columns else None)
    columns = named_columns(frame, id, text)
    named = frame.select([column.alias(name) for name, column in columns.items()])
    return named if id else _with_ids(named)


def named_columns(frame: Any, id: str | None, text: str) -> dict[str, Any]:
    """Return the frame's columns by the names that `Records` gives them; without an id column, all but the id.

    Raises
    ------
    CorpusError
        A column is missing or of the wrong type.
    """
    from pyspark.sql import functions as sql
    from pyspark.sql.types import IntegralType, StringType

    chosen: dict[str, Any] = {}
    for name, source, types in (("id", id, (StringType, IntegralType)), ("text", text, (StringType,))):
        if source is None:
            continue
        if source not in frame.columns:
            raise CorpusError(f"The frame has no column {source!r}. {suggest(source, frame.columns)}")
        kind = next(field.dataType for field in frame.schema if field.name == source)
        if not isinstance(kind, types):
            raise CorpusError(f"The {name} column {source!r} holds {kind.simpleString()}; cast it to a string.")
        chosen[name] = sql.col(_quoted(source)).cast("string")
    others = [name for name in frame.columns if name not in (id, text)]
    return chosen | {f"{name}_" if name in ("id", "text") else name: sql.col(_quoted(name)) for name in others}


@dataclass(frozen=True)
class DeriveIds:
    """Derives ids from texts in an executor."""

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield each batch with the column ``id`` before the others."""
        for batch in batches:
            ids = [None if one is None else text_id(one) for one in batch["text"].to_pylist()]
            others = dict(zip(batch.schema.names, batch.columns))
            yield pa.RecordBatch.from_pydict({"id": pa.array(ids, pa.string()), **others})


def _with_ids(frame: Any) -> Any:
    from pyspark.sql.types import StringType, StructField, StructType

    schema = StructType([StructField("id", StringType()), *frame.schema.fields])
    return map_in_arrow(frame, DeriveIds(), schema)


def _read(spark: Any, sources: list[str], format: str | None) -> Any:
    if not sources:
        raise CorpusError("No corpus was given. Expected at least one file, folder or table.")
    kind = format or Path(sources[0].removesuffix(".gz")).suffix.removeprefix(".")
    if kind not in FORMATS:
        raise CorpusError(f"{sources[0]}: {kind!r} is no format; pass format=. {suggest(kind, FORMATS)}")
    with clear_errors():
        if kind == "table":
            tables = [spark.table(name) for name in sources]
            first = tables.pop(0)
            for table in tables:
                first = first.unionByName(table)
            return first
        if kind == "parquet":
            return spark.read.parquet(*sources)
        if kind == "jsonl":
            return spark.read.options(**_STRICT).json(sources)
        frame = spark.read.options(**_STRICT, **_CSV, sep="\t" if kind == "tsv" else ",").csv(sources)
        return frame.na.fill("")  # an empty field is a text, not null


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
