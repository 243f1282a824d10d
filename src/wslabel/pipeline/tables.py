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
from wslabel.errors import PipelineError

PROBABILITY = "p_"


def write_labels(labels: Labels, path: Path) -> None:
    """Write columns id, label, covered, source and one probability a label."""
    columns = {
        "id": pa.array(labels.ids, pa.string()),
        "label": pa.array(labels.hard(), pa.string()),
        "covered": pa.array(labels.covered),
        "source": pa.array(labels.source, pa.string()),
    }
    _write(pa.table({**columns, **_probabilities(labels.labels, labels.probs)}), path)


def read_labels(path: Path) -> Labels:
    """Return what `write_labels` wrote."""
    table = _read(path)
    names, probs = _read_probabilities(table)
    return Labels(_ids(table), probs, names, table["covered"].to_numpy(), table["source"].to_pylist())


def write_held_out(held: OutOfSample, path: Path) -> None:
    """Write columns id, fold and one probability a label."""
    columns = {"id": pa.array(held.ids, pa.string()), "fold": pa.array(held.folds)}
    _write(pa.table({**columns, **_probabilities(held.labels, held.probs)}), path)


def read_held_out(path: Path) -> OutOfSample:
    """Return what `write_held_out` wrote."""
    table = _read(path)
    names, probs = _read_probabilities(table)
    return OutOfSample(_ids(table), probs, table["fold"].to_numpy(), names)


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
