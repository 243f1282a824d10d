"""What a split must know of each record, from one pass over the corpus: numbers only, the rest is on disk."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids
from wslabel.core.records import Records
from wslabel.errors import ExportError, suggest
from wslabel.exporting.splits.buckets import Buckets
from wslabel.exporting.splits.near import Sketches
from wslabel.exporting.splits.words import Hashes, Words, string_hashes, words_of

NO_VALUE = np.uint64(0)
"""Stands for a null; a hash is that by chance once in 10**19."""


@dataclass(frozen=True)
class Facts:
    """What is known of n records, and of the texts that were read after them (see `extra`).

    Attributes
    ----------
    ids
        n record ids, in the order of the corpus.
    texts
        A number a text: equal for texts of the same words.
    columns
        For each column that was asked for n numbers: equal for equal values; 0 for null.
    times
        n seconds, NaN where unknown; None where none were asked for.
    gold
        n booleans: a gold label is known.
    sketches, runs
        On disk: sketches of the texts; runs of words. None where they were not asked for.
    extra
        The number of further texts, which are no records; their rows are n, n + 1, …
    """

    ids: Ids
    texts: Hashes
    columns: Mapping[str, Hashes]
    times: Floats | None
    gold: NDArray[np.bool_]
    sketches: Sketches | None
    runs: Buckets | None
    extra: int


@contextmanager
def gathered(
    records: Records,
    *,
    columns: Sequence[str] = (),
    time: str | None = None,
    near: bool = True,
    run_length: int | None = None,
    extra: Sequence[str] = (),
) -> Iterator[Facts]:
    """Read the corpus once, and give what is known of it; what is on disk is gone afterwards.

    Parameters
    ----------
    columns
        Columns whose values are told apart.
    time
        A column of dates, times or numbers.
    near
        Make sketches.
    run_length
        Words in a run; None: no runs are kept.
    extra
        Texts that are no records.

    Raises
    ------
    ExportError
        A column that the corpus does not have; a time that cannot be read, named by its record.
    """
    _require(records, [*columns, *([time] if time else [])])
    with TemporaryDirectory(prefix="wslabel-splits-") as scratch:
        sketches = Sketches(Path(scratch) / "near") if near else None
        runs = Buckets(Path(scratch) / "runs") if run_length else None
        ids, texts, gold = [], [], []
        values: dict[str, list[Hashes]] = {name: [] for name in columns}
        times: list[Floats] = []
        row, corpus_gold = 0, records.gold is not None
        for batch in records.batches():
            words = words_of(batch["text"].to_pylist())
            ids.append(np.array(batch["id"].to_pylist(), dtype=object))
            texts.append(words.texts())
            gold.append(_known_gold(batch, corpus_gold))
            for name in columns:
                values[name].append(_value_hashes(batch[name]))
            if time:
                times.append(_seconds(batch[time], time, batch["id"]))
            _keep(words, row, sketches, runs, run_length)
            row += batch.num_rows
        if extra:
            words = words_of(extra)
            texts.append(words.texts())
            _keep(words, row, sketches, None, None)
        yield Facts(
            np.concatenate(ids),
            np.concatenate(texts),
            {name: np.concatenate(parts) for name, parts in values.items()},
            np.concatenate(times) if time else None,
            np.concatenate(gold),
            sketches,
            runs,
            len(extra),
        )


def _keep(words: Words, row: int, sketches: Sketches | None, runs: Buckets | None, run_length: int | None) -> None:
    if sketches is not None:
        sketches.add(words)
    if runs is not None and run_length is not None:
        keys, owner = words.runs(run_length)
        runs.add(keys, owner + row)


def _require(records: Records, columns: Sequence[str]) -> None:
    for name in columns:
        if name not in records.columns:
            raise ExportError(f"{records.where} has no column {name!r}. {suggest(name, records.columns)}")


def _known_gold(batch: pa.RecordBatch, declared: bool) -> NDArray[np.bool_]:
    if not declared:
        return np.zeros(batch.num_rows, np.bool_)
    return np.array([bool(value and str(value).strip()) for value in batch["gold"].to_pylist()], np.bool_)


def _value_hashes(column: pa.Array) -> Hashes:
    """Return a number a value; an empty text counts as null, so that blanks tie no records together."""
    values = column.to_pylist()
    hashes = string_hashes(["" if value is None else str(value).strip() for value in values])
    hashes[[value is None or not str(value).strip() for value in values]] = NO_VALUE
    return hashes


def _seconds(column: pa.Array, name: str, ids: pa.Array) -> Floats:
    """Return a column of numbers as it is, one of dates as seconds since 1970; NaN for null."""
    if pa.types.is_integer(column.type) or pa.types.is_floating(column.type):
        return np.array([np.nan if value is None else float(value) for value in column.to_pylist()])
    import pandas as pd

    values = [None if value is None or not str(value).strip() else str(value) for value in column.to_pylist()]
    found: Any = pd.to_datetime(pd.Series(values, dtype=object), utc=True, format="ISO8601", errors="coerce")
    wrong = np.flatnonzero(found.isna().to_numpy() & np.array([value is not None for value in values]))
    if len(wrong):
        raise ExportError(
            f"Record {ids[int(wrong[0])].as_py()}: {name} is {values[wrong[0]]!r}; "
            "expected a date or time in ISO 8601, for example 2024-05-31, or a number."
        )
    seconds: Floats = ((found - pd.Timestamp(0, tz="UTC")) / pd.Timedelta(seconds=1)).to_numpy(np.float64)
    return seconds
