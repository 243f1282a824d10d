"""The profile of an application: which function takes how long."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import pyarrow as pa

from wslabel.core.files import write_json
from wslabel.errors import VotesError

_KEY = b"wslabel.seconds"


@dataclass(frozen=True)
class ProfileRow:
    """What one function took.

    Attributes
    ----------
    kind
        ``labeling function``, ``preprocessor``, ``matchers`` (all rules on a column, in one pass), or ``spaCy``.
    name
        Of the function; for matchers and spaCy, of the column.
    seconds
        Summed over all workers.
    share
        Of all seconds, 0..1.
    records
        That it ran on.
    """

    kind: str
    name: str
    seconds: float
    share: float
    records: int

    @property
    def microseconds(self) -> float:
        """Microseconds a record."""
        return 1e6 * self.seconds / self.records if self.records else 0.0


@dataclass(frozen=True)
class Profile:
    """What the functions of a suite took, the slowest first. Votes that were there already took nothing."""

    rows: tuple[ProfileRow, ...]

    @property
    def seconds(self) -> float:
        """The sum."""
        return sum(row.seconds for row in self.rows)

    @classmethod
    def read(cls, file: Path) -> Profile:
        """Return the profile that was written last; an empty one where there is none."""
        if not file.exists():
            return cls(())
        return cls(tuple(ProfileRow(**row) for row in json.loads(file.read_text(encoding="utf-8"))))

    def write(self, file: Path) -> None:
        """Write the profile, unless nothing ran."""
        if self.rows:
            write_json(file, [asdict(row) for row in self.rows], VotesError)

    def __str__(self) -> str:
        lines = [f"{'':<48} {'seconds':>9} {'share':>7} {'µs a record':>12}"]
        for row in self.rows:
            what = f"{row.name} ({row.kind})"
            lines.append(f"{what:<48} {row.seconds:>9.3f} {row.share:>7.1%} {row.microseconds:>12.2f}")
        return "\n".join(lines)


class Sum:
    """Sums the seconds that the kernel tells of batch after batch."""

    def __init__(self) -> None:
        self._seconds: dict[tuple[str, str], float] = {}
        self._records: dict[tuple[str, str], int] = {}

    def hear(self, voted: pa.RecordBatch) -> None:
        """Add what a batch of votes took."""
        for kind, name, seconds in json.loads((voted.schema.metadata or {}).get(_KEY, b"[]")):
            self._seconds[kind, name] = self._seconds.get((kind, name), 0.0) + seconds
            self._records[kind, name] = self._records.get((kind, name), 0) + len(voted)

    def profile(self) -> Profile:
        """Return the sums, the slowest first."""
        whole = sum(self._seconds.values()) or 1.0
        rows = (
            ProfileRow(*what, seconds, seconds / whole, self._records[what]) for what, seconds in self._seconds.items()
        )
        return Profile(tuple(sorted(rows, key=lambda row: (-row.seconds, row.name))))


def with_seconds(voted: pa.RecordBatch, seconds: Mapping[tuple[str, str], float]) -> pa.RecordBatch:
    """Return the batch with the seconds in its schema's metadata, where they change no vote."""
    told = [[kind, name, round(some, 7)] for (kind, name), some in seconds.items()]
    return voted.replace_schema_metadata({_KEY: json.dumps(told)})
