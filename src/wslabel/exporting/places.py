"""Where each record of an export went: its split and its row in the files, or why it was left out."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from wslabel.errors import ExportError
from wslabel.exporting.selection import Selection

PLACES = "provenance.parquet"


def write_places(selection: Selection, stage: Path) -> str:
    """Write one row a label (id, label, confidence, source, weight, split, row, reason), and return the file's name.

    With a template a column ``variant`` tells which of its forms a record got.

    ``row`` counts from 1 in the file of its split; it and ``split`` are null for a record that was left out, ``split``
    also where there are no splits. Formats without ids keep this order, so that the row tells whose example it is.
    """
    import pyarrow.parquet as pq

    labels, chosen = selection.labels, selection.chosen
    codes = np.zeros(len(chosen), np.int64) if selection.codes is None else selection.codes.astype(np.int64)
    names = np.array([None] if selection.splits is None else selection.splits.names, dtype=object)
    split, row = np.full(labels.n, None, dtype=object), np.zeros(labels.n, np.int64)
    for code in np.unique(codes):
        mine = chosen[codes == code]
        split[mine], row[mine] = names[code], np.arange(1, len(mine) + 1)
    weights = np.ones(labels.n) if selection.weights is None else selection.weights
    table = pa.table(
        {
            "id": pa.array(labels.ids, pa.string()),
            "label": pa.array(labels.named(), pa.string()),
            "confidence": pa.array(labels.confidence),
            "source": pa.array(labels.source, pa.string()),
            "weight": pa.array(weights),
            "split": pa.array(split, pa.string()),
            "row": pa.array(row, mask=row == 0),
            "reason": pa.array([one or None for one in selection.why], pa.string()),
            **_variants(selection),
        }
    )
    pq.write_table(table, stage / PLACES, compression="zstd")
    return PLACES


def _variants(selection: Selection) -> dict[str, pa.Array]:
    """Return the variant of the template that each record got; nothing without a template."""
    if selection.conversations is None:
        return {}
    found = np.full(selection.labels.n, None, dtype=object)
    found[selection.chosen] = selection.conversations.variants
    return {"variant": pa.array(found, pa.string())}


def place_of(folder: Path, record: str) -> dict[str, Any] | None:
    """Return what an export folder tells of a record; None where it had no label.

    Raises
    ------
    ExportError
        The folder holds no export, or one without such a file.
    """
    import pyarrow.parquet as pq

    try:
        found = pq.read_table(folder / PLACES, filters=[("id", "=", record)]).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise ExportError(f"{folder}: cannot read {PLACES}: {error}. Expected the folder of an export.") from None
    return found[0] if found else None
