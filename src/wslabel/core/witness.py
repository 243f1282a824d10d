"""What an LF's vote on a record rests on, as an export or a reviewer is told."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Witness:
    """An LF that votes on a record, and why.

    Attributes
    ----------
    lf
        The LF's name.
    label
        What it votes.
    says
        Why the evidence speaks for the label: the first line of its docstring; empty where it has none.
    phrases
        What it found in the record, as written there, each once; empty for Python functions, which do not tell.
    entries
        The ids of the knowledge base's entries of which the phrases are aliases, each once.
    """

    lf: str
    label: str
    says: str = ""
    phrases: tuple[str, ...] = ()
    entries: tuple[str, ...] = ()


Witnesses = Callable[[str, Mapping[str, Any]], Sequence[Witness]]
"""From a record's id and its columns (``text`` among them) to the LFs that vote on it."""
