"""Votes and labels remember that the suite they come from is sensitive, until records are exported."""

from __future__ import annotations

from typing import Any, TypeVar

_Made = TypeVar("_Made")


def sensitive_of(value: Any) -> str:
    """Return the name of the sensitive suite that votes or labels come from; empty where there is none."""
    return str(getattr(value, "sensitive", ""))


def follow(made: _Made, *sources: Any) -> _Made:
    """Return what was made of votes or labels, remembering the sensitive suite that one of them comes from."""
    return mark(made, next(filter(None, map(sensitive_of, sources)), ""))


def mark(made: _Made, suite: str) -> _Made:
    """Return votes or labels that remember that they come from a sensitive suite of this name."""
    if suite:
        object.__setattr__(made, "sensitive", suite)
    return made
