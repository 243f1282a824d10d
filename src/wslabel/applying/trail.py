"""A trail that outlives its process: which call was running when a worker died."""

from __future__ import annotations

import mmap
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from wslabel.applying.calls import Failure

_SIZE = 4096
_ROW = 8
NOWHERE = -1
DIED = "WorkerDied"


class Trail:
    """A file that holds the name of the function that runs and the row of its record."""

    def __init__(self, path: str) -> None:
        with open(path, "r+b") as file:
            self._map = mmap.mmap(file.fileno(), _SIZE)
        self._row = memoryview(self._map)[:_ROW].cast("q")

    def begin(self, name: str) -> None:
        """Write down that something of this name runs now, on no single record yet."""
        self._row[0] = NOWHERE
        self._map[_ROW:] = name.encode()[: _SIZE - _ROW].ljust(_SIZE - _ROW, b"\0")

    def following(
        self, function: Callable[..., Any], rows: Sequence[int], skip: Mapping[int, str]
    ) -> Callable[..., Any]:
        """Return the function, which leaves a trail of its calls for these rows; those to skip fail uncalled."""
        turn = iter(rows)
        here = self._row

        def call(*values: Any) -> Any:
            row = next(turn)
            if row in skip:
                return Failure(f"{DIED}: its process {skip[row]} in this call.", "")
            here[0] = row
            return function(*values)

        return call

    @staticmethod
    def new() -> str:
        """Return the path of a new file for a trail."""
        with tempfile.NamedTemporaryFile(prefix="wslabel-trail-", delete=False) as file:
            file.write(NOWHERE.to_bytes(_ROW, sys.byteorder, signed=True).ljust(_SIZE, b"\0"))
        return file.name

    @staticmethod
    def read(path: str) -> tuple[str, int]:
        """Return the name and the row where the trail ends; an empty name and `NOWHERE` for one never begun."""
        content = Path(path).read_bytes()
        name = content[_ROW:].rstrip(b"\0").decode(errors="replace")
        return name, int.from_bytes(content[:_ROW], sys.byteorder, signed=True)
