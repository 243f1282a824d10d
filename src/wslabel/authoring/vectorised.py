"""Functions of whole columns: Arrow arrays in, a label or None for each record out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any


def call_on_one(function: Callable[..., Any], args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """Return what a function of columns says of a single record."""
    import pyarrow as pa

    said = function(*(pa.array([one]) for one in args), **{name: pa.array([one]) for name, one in kwargs.items()})
    return as_list(said, 1)[0]


def as_list(said: Any, n: int) -> list[Any]:
    """Return the answers as a list.

    Raises
    ------
    TypeError, ValueError
        They are no column, or not one a record.
    """
    convert = next((getattr(said, name) for name in ("to_pylist", "tolist", "to_list") if hasattr(said, name)), None)
    answers = convert() if convert else said
    if not isinstance(answers, list | tuple):
        raise TypeError(f"returned {type(said).__name__}; expected an array or a list of labels and None")
    if len(answers) != n:
        raise ValueError(f"returned {len(answers)} answers for {n} records; expected one each, None to abstain")
    return list(answers)
