"""Gold labels beside votes: whatever a user has them in, as class indices in the order of the records."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wslabel.core.arrays import Ids, frozen_ids
from wslabel.core.records import Records
from wslabel.core.task import Label
from wslabel.errors import VotesError, suggest


def align_gold(gold: Any, ids: Ids, labels: tuple[str, ...]) -> NDArray[np.int16]:
    """Return n class indices, -1 where a record has no gold label.

    Parameters
    ----------
    gold
        None; `Records` with a gold column; a mapping (or pandas Series) from record id to label name; or a
        sequence of n label names, None where unknown.

    Raises
    ------
    VotesError
        A label outside the task (the message names the record), or a sequence of another length.
    """
    indices = np.full(len(ids), -1, dtype=np.int16)
    if gold is None:
        return indices
    by_id = gold_by_id(gold, ids)
    index = {label: k for k, label in enumerate(labels)}
    for row, record in enumerate(ids):
        value = by_id.get(record)
        if value is None:
            continue
        if type(value) is str and value in index:  # nearly all
            indices[row] = index[value]
            continue
        name = value.value if isinstance(value, Label) else value
        if _unknown(name):
            continue
        if name not in index:
            raise VotesError(
                f"Record {record}: the gold label {name!r} is not one of the task's. {suggest(str(name), labels)}"
            )
        indices[row] = index[name]
    return indices


def check_gold(batches: Iterable[pa.RecordBatch], labels: tuple[str, ...]) -> None:
    """Raise `VotesError` for a gold label outside the task in batches of ``id`` and ``gold``."""
    for batch in batches:
        if not set(pc.unique(batch["gold"]).to_pylist()) <= {*labels, None}:
            align_gold(batch["gold"].to_pylist(), frozen_ids(batch["id"].to_pylist(), "The corpus"), labels)


def gold_by_id(gold: Any, ids: Ids) -> Mapping[str, Any]:
    """Return gold by record id, whatever a user has it in; `ids` are those that a sequence stands for."""
    if isinstance(gold, Records):
        return gold.gold_by_id()
    if isinstance(gold, Mapping):
        return {str(key): value for key, value in gold.items()}
    if hasattr(gold, "index") and hasattr(gold, "to_dict"):
        return {str(key): value for key, value in gold.to_dict().items()}
    if len(gold) != len(ids):
        raise VotesError(
            f"There are {len(gold)} gold labels for {len(ids)} records; give one a record, or a mapping by id."
        )
    return dict(zip(ids, gold))


def _unknown(name: Any) -> bool:
    """Tell whether there is no label: null, NaN, or the empty cell of a CSV file."""
    empty = isinstance(name, str) and not name.strip()
    return name is None or empty or (isinstance(name, float) and np.isnan(name))
