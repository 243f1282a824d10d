"""What is asked of a kernel besides votes: it travels in a batch's schema, to any engine."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import pyarrow as pa

from wslabel.applying.limits import TIME_LIMIT

_KEY = b"wslabel.wish"


@dataclass(frozen=True)
class Wish:
    """How to vote on a batch.

    Attributes
    ----------
    lfs
        The names of the LFs that vote, in the suite's order; None for all.
    time_limit
        Seconds that a call may take, 0 for no limit.
    trail
        The file in which each call leaves its trail; empty for none, as it takes time.
    skip
        Name of a function, row of a record and how a process died: calls that are faults without being tried.
    """

    lfs: tuple[str, ...] | None = None
    time_limit: float = TIME_LIMIT
    trail: str = ""
    skip: tuple[tuple[str, int, str], ...] = ()

    @classmethod
    def of(cls, batch: pa.RecordBatch) -> Wish:
        """Return the wish that the batch carries, else the usual one."""
        written = (batch.schema.metadata or {}).get(_KEY)
        if written is None:
            return cls()
        content = json.loads(written)
        lfs = None if content["lfs"] is None else tuple(content["lfs"])
        skip = tuple((name, row, how) for name, row, how in content["skip"])
        return cls(lfs, content["time_limit"], content["trail"], skip)

    def on(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the batch with this wish."""
        return batch.replace_schema_metadata({_KEY: json.dumps(asdict(self))})


def ask(batch: pa.RecordBatch, lf_names: Sequence[str], time_limit: float = TIME_LIMIT) -> pa.RecordBatch:
    """Return the batch with the wish that only these LFs vote."""
    return Wish(tuple(lf_names), time_limit).on(batch)
