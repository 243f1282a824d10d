"""The splits of a corpus."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.core.arrays import Ids
from wslabel.core.files import write_atomically
from wslabel.errors import ExportError

if TYPE_CHECKING:
    import pandas as pd

Codes = NDArray[np.int8]
Rows = NDArray[np.int64]
NOWHERE = -1
REASONS = (
    "",
    "in the gap between two splits",
    "no time",
    "with earlier records of its group, or copies, in another split",
    "may not be tested on, and not early enough to train",
)
"""Why a record is in no split, by number; the first one stands for records that are in one."""
IN_GAP, NO_TIME, LINKED, PINNED = range(1, 5)


@dataclass(frozen=True, eq=False)
class Splits:
    """The split of each of n records.

    Attributes
    ----------
    ids
        n record ids, in the order of the corpus.
    names
        The splits in order.
    codes
        n places in `names`; -1 for a record that is in no split.
    reasons
        n numbers of `REASONS`.
    units
        n numbers: records of one number stay together (a group, copies, near-duplicates).
    facts
        The plan, and counts of what was done, for the card.
    """

    ids: Ids
    names: tuple[str, ...]
    codes: Codes
    reasons: Codes
    units: Rows
    facts: Mapping[str, Any] = field(default_factory=dict)

    @property
    def counts(self) -> dict[str, int]:
        """The number of records in each split."""
        inside = np.bincount(self.codes[self.codes >= 0], minlength=len(self.names))
        return dict(zip(self.names, inside.tolist()))

    @property
    def left_out(self) -> dict[str, int]:
        """The number of records in no split, by reason; ``sum(counts) + sum(left_out)`` is n."""
        found = np.bincount(self.reasons[self.codes == NOWHERE], minlength=len(REASONS))
        return {reason: int(count) for reason, count in zip(REASONS, found) if count}

    def by_id(self) -> dict[str, int]:
        """Return the code of each record."""
        return dict(zip(self.ids.tolist(), self.codes.tolist()))

    def to_pandas(self) -> pd.DataFrame:
        """Return columns split (None: in none), unit and reason, indexed by id."""
        frame: pd.DataFrame = self._table().to_pandas().set_index("id")
        return frame

    def write(self, path: Path) -> None:
        """Write columns id, split, unit and reason as Parquet."""
        import pyarrow.parquet as pq

        about = {"wslabel.names": json.dumps(self.names), "wslabel.facts": json.dumps(self.facts, sort_keys=True)}
        table = self._table().replace_schema_metadata(about)
        write_atomically(path, lambda beside: pq.write_table(table, beside, compression="zstd"), ExportError)

    def _table(self) -> pa.Table:
        names = pa.array([*self.names, None], pa.string())
        return pa.table(
            {
                "id": pa.array(self.ids, pa.string()),
                "split": names.take(pa.array(self.codes.astype(np.int64) % len(names))),
                "unit": pa.array(self.units),
                "reason": pa.array(REASONS).take(pa.array(self.reasons.astype(np.int64))),
            }
        )

    def __repr__(self) -> str:
        inside = ", ".join(f"{name} {count}" for name, count in self.counts.items())
        return f"Splits({inside}; {sum(self.left_out.values())} in none)"


def read_splits(path: str | Path) -> Splits:
    """Return what `Splits.write` wrote.

    Raises
    ------
    ExportError
        A file that cannot be read, or is none of splits.
    """
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
        about = table.schema.metadata or {}
        names = tuple(json.loads(about[b"wslabel.names"]))
        facts = json.loads(about[b"wslabel.facts"])
    except (OSError, pa.ArrowException, KeyError, ValueError) as error:
        raise ExportError(f"{path}: not a file of splits ({error}). Make one with `wslabel split`.") from None
    place = {**{name: code for code, name in enumerate(names)}, None: NOWHERE}
    reason = {text: code for code, text in enumerate(REASONS)}
    codes = np.array([place[name] for name in table["split"].to_pylist()], np.int8)
    reasons = np.array([reason[text] for text in table["reason"].to_pylist()], np.int8)
    ids = np.array(table["id"].to_pylist(), dtype=object)
    return Splits(ids, names, codes, reasons, table["unit"].to_numpy(), facts)
