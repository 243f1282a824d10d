"""Answers with a confidence: how they are read, and how they are kept beside the votes.

An LF may return ``(label, confidence)``, a mapping from labels to probabilities, or an array of K probabilities in the
task's order. Its vote is the likeliest label; where that is no likelier than chance, 1/K, it abstains.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wslabel.core.files import write_atomically
from wslabel.core.soft import SoftVotes
from wslabel.core.votes import ABSTAIN_INDEX
from wslabel.errors import VotesError

SOFT = "soft.parquet"
KEY = b"wslabel.soft"
_SCHEMA = pa.schema([("lf", pa.string()), ("record", pa.int64()), ("confidence", pa.float64())])

Confidences = dict[str, tuple[list[int], list[float]]]
"""By LF the rows of its soft votes, and their confidences."""


def read_soft(said: Any, declared: Sequence[str], labels: Sequence[str]) -> tuple[int, float] | None:
    """Return the index of the likeliest label with its confidence; None where the answer is nothing of that kind.

    Raises
    ------
    ValueError
        A number outside 0..1, probabilities that sum to more than 1, or a label that is not declared.
    """
    shares = _shares(said, labels)
    if shares is None:
        return None
    numbers = [float(share) for share in shares.values()]
    if not all(0 <= share <= 1 for share in numbers) or sum(numbers) > 1 + 1e-6:
        raise ValueError("probabilities lie in 0..1 and sum to at most 1")
    best = max(shares, key=lambda name: float(shares[name]))
    if float(shares[best]) * len(labels) <= 1 + 1e-9:
        return ABSTAIN_INDEX, 0.0
    if best not in declared:
        raise ValueError(f"it declares {', '.join(declared)}")
    return labels.index(best), float(shares[best])


def _shares(said: Any, labels: Sequence[str]) -> Mapping[str, Any] | None:
    if isinstance(said, tuple) and len(said) == 2 and isinstance(said[0], str) and _is_number(said[1]):
        return {said[0]: said[1]}
    if isinstance(said, Mapping):
        return said if said and all(isinstance(k, str) and _is_number(v) for k, v in said.items()) else None
    if hasattr(said, "tolist"):
        said = said.tolist()
    if isinstance(said, list | tuple) and len(said) == len(labels) and all(map(_is_number, said)):
        return dict(zip(labels, said))
    return None


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.floating) and not isinstance(value, bool)


def with_soft(voted: pa.RecordBatch, soft: Confidences) -> pa.RecordBatch:
    """Return the votes with the confidences in the schema's metadata."""
    if not soft:
        return voted
    return voted.replace_schema_metadata({**(voted.schema.metadata or {}), KEY: json.dumps(soft)})


def soft_of(voted: pa.RecordBatch) -> Confidences:
    """Return the confidences that `with_soft` put there."""
    written = (voted.schema.metadata or {}).get(KEY)
    return {} if written is None else {lf: (rows, some) for lf, (rows, some) in json.loads(written).items()}


def write_soft(folder: Path, soft: Confidences) -> None:
    """Write ``soft.parquet``, a row a soft vote: LF, number of the record, confidence; no file where there are none."""
    path = folder / SOFT
    if not soft:
        path.unlink(missing_ok=True)
        return
    rows = [(lf, record, one) for lf, (records, some) in soft.items() for record, one in zip(records, some)]
    table = pa.table([pa.array(column, field.type) for column, field in zip(zip(*rows), _SCHEMA)], schema=_SCHEMA)
    write_atomically(path, lambda beside: pq.write_table(table, beside, compression="zstd"), VotesError)


def read_written(folder: Path) -> Confidences:
    """Return what `write_soft` wrote."""
    if not (folder / SOFT).exists():
        return {}
    try:
        table = pq.read_table(folder / SOFT)
    except (OSError, pa.ArrowInvalid) as error:
        raise VotesError(f"{folder / SOFT}: damaged ({error}). Delete the folder and apply again.") from None
    found: Confidences = {}
    for row in table.to_pylist():
        records, some = found.setdefault(row["lf"], ([], []))
        records.append(row["record"])
        some.append(row["confidence"])
    return found


def add_soft(total: Confidences, some: Confidences, begin: int, lf_names: Iterable[str]) -> None:
    """Add confidences of these LFs on a shard that begins at a record."""
    for name in lf_names:
        if name in some:
            rows, numbers = total.setdefault(name, ([], []))
            rows += [row + begin for row in some[name][0]]
            numbers += some[name][1]


def within(soft: Confidences, begin: int, end: int) -> Confidences:
    """Return the confidences of the records from begin to end, counted from begin."""
    found: Confidences = {}
    for name, (records, some) in soft.items():
        low, high = bisect_left(records, begin), bisect_left(records, end)
        if low < high:
            found[name] = ([record - begin for record in records[low:high]], some[low:high])
    return found


def as_soft_votes(soft: Confidences, lf_names: Sequence[str]) -> SoftVotes | None:
    """Return the confidences as a vote matrix holds them; None where there are none."""
    rows = [row for name in lf_names for row in soft.get(name, ((), ()))[0]]
    columns = [column for column, name in enumerate(lf_names) for _ in soft.get(name, ((), ()))[0]]
    some = [one for name in lf_names for one in soft.get(name, ((), ()))[1]]
    return SoftVotes(rows, columns, some) if rows else None
