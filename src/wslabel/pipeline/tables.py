"""Labels, out-of-sample probabilities and issues as Parquet files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wslabel.core.arrays import Floats, Ids
from wslabel.core.files import write_atomically
from wslabel.core.issues import Issues
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.multilabel import PROBLEM, MultiLabels, MultiOutOfSample
from wslabel.core.records import Records
from wslabel.core.span_labels import SpanLabels
from wslabel.core.tokens import SpanOutOfSample
from wslabel.errors import PipelineError
from wslabel.pipeline import span_tables

PROBABILITY, COVERED, SOURCE = "p_", "covered_", "source_"


def write_labels(labels: Labels | MultiLabels, path: Path) -> None:
    """Write columns id, label, covered, source and one probability a label.

    Of several labels a record: id, labels (a list), and for each label probability, covered and source.
    """
    if isinstance(labels, MultiLabels):
        _write(pa.table(_several(labels)), path)
        return
    columns = {
        "id": pa.array(labels.ids, pa.string()),
        "label": pa.array(labels.hard(), pa.string()),
        "covered": pa.array(labels.covered),
        "source": pa.array(labels.source, pa.string()),
    }
    _write(pa.table({**columns, **_probabilities(labels.labels, labels.probs)}), path)


def read_labels(path: Path) -> Labels | MultiLabels | SpanLabels:
    """Return what `write_labels` wrote, or that of `span_tables`."""
    table = _read(path)
    if span_tables.holds_spans(table):
        return span_tables.labels_of(table)
    names, probs = _read_probabilities(table)
    if "labels" not in table.schema.names:
        return Labels(_ids(table), probs, names, table["covered"].to_numpy(), table["source"].to_pylist())
    problems = [
        Labels(
            _ids(table),
            _binary(probs[:, k]),
            PROBLEM,
            table[f"{COVERED}{name}"].to_numpy(),
            table[f"{SOURCE}{name}"].to_pylist(),
        )
        for k, name in enumerate(names)
    ]
    return MultiLabels(tuple(names), tuple(problems))


def write_held_out(held: OutOfSample | MultiOutOfSample, path: Path) -> None:
    """Write columns id, fold and one probability a label."""
    if isinstance(held, MultiOutOfSample):
        probs = np.stack([one.probs[:, 1] for one in held.problems], axis=1)
        table = _folds(held.problems[0], held.labels, probs).replace_schema_metadata({"several": "yes"})
    else:
        table = _folds(held, held.labels, held.probs)
    _write(table, path)


def _folds(held: OutOfSample, labels: tuple[str, ...], probs: Floats) -> pa.Table:
    columns = {"id": pa.array(held.ids, pa.string()), "fold": pa.array(held.folds)}
    return pa.table({**columns, **_probabilities(labels, probs)})


def read_held_out(path: Path, records: Records) -> OutOfSample | MultiOutOfSample | SpanOutOfSample:
    """Return what `write_held_out` wrote, or that of `span_tables`, which takes the texts of the records."""
    table = _read(path)
    if span_tables.holds_spans(table):
        return span_tables.held_out_of(table, records.texts(table["id"].to_pylist()))
    names, probs = _read_probabilities(table)
    folds = table["fold"].to_numpy()
    if b"several" not in (table.schema.metadata or {}):
        return OutOfSample(_ids(table), probs, folds, names)
    problems = [OutOfSample(_ids(table), _binary(probs[:, k]), folds, PROBLEM) for k in range(len(names))]
    return MultiOutOfSample(tuple(names), tuple(problems))


def _several(labels: MultiLabels) -> dict[str, pa.Array]:
    columns = {
        "id": pa.array(labels.ids, pa.string()),
        "labels": pa.array([list(one) for one in labels.sets()], pa.list_(pa.string())),
    }
    for name, one in zip(labels.labels, labels.problems):
        columns[f"{PROBABILITY}{name}"] = pa.array(one.probs[:, 1])
        columns[f"{COVERED}{name}"] = pa.array(one.covered)
        columns[f"{SOURCE}{name}"] = pa.array(one.source, pa.string())
    return columns


def _binary(present: Floats) -> Floats:
    return np.stack([1 - present, present], axis=1)


def write_issues(issues: Issues, path: Path) -> None:
    """Write the issues in order."""
    _write(issues.table, path)


def read_issues(path: Path) -> Issues:
    """Return what `write_issues` wrote."""
    return Issues(_read(path))


def _read(path: Path) -> pa.Table:
    try:
        return pq.read_table(path)
    except (OSError, pa.ArrowInvalid) as error:
        raise PipelineError(f"{path}: damaged ({error}). Delete it and run again.") from None


def _probabilities(labels: tuple[str, ...], probs: Floats) -> dict[str, pa.Array]:
    return {f"{PROBABILITY}{label}": pa.array(probs[:, k]) for k, label in enumerate(labels)}


def _read_probabilities(table: pa.Table) -> tuple[list[str], Floats]:
    names = [name for name in table.schema.names if name.startswith(PROBABILITY)]
    probs = np.stack([table[name].to_numpy() for name in names], axis=1)
    return [name.removeprefix(PROBABILITY) for name in names], probs


def _ids(table: pa.Table) -> Ids:
    return np.array(table["id"].to_pylist(), dtype=object)


def _write(table: pa.Table, path: Path) -> None:
    write_atomically(path, lambda beside: pq.write_table(table, beside, compression="zstd"), PipelineError)
