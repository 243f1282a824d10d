"""What is authored while a file is loaded, in order: no registry outlives the load."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_collecting: ContextVar[list[Any] | None] = ContextVar("wslabel_collecting", default=None)


@contextmanager
def collecting() -> Iterator[list[Any]]:
    """Yield a list that receives every LF and preprocessor made inside the block."""
    made: list[Any] = []
    token = _collecting.set(made)
    try:
        yield made
    finally:
        _collecting.reset(token)


def add(made: Any) -> None:
    """Hand over what was made, where somebody collects; what has a name with an underscore before it is a helper."""
    into = _collecting.get()
    if into is not None and not made.name.startswith("_"):
        into.append(made)
