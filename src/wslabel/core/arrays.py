"""What the values that hold arrays share: ids, probabilities, read-only numpy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from wslabel.errors import VotesError

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Ids = NDArray[np.object_]
_Scalar = TypeVar("_Scalar", bound=np.generic)


def frozen(array: NDArray[_Scalar]) -> NDArray[_Scalar]:
    """Return a read-only view of the array."""
    view = array.view()
    view.flags.writeable = False
    return view


class CheckedIds(np.ndarray[Any, Any]):
    """Ids that `frozen_ids` has checked: as long as they are read-only they need no second look."""


def frozen_ids(ids: Sequence[Any] | NDArray[Any], where: str) -> Ids:
    """Return the ids as a read-only array of n distinct strings."""
    if isinstance(ids, CheckedIds) and not ids.flags.writeable:
        return ids
    array = np.empty(len(ids), dtype=object)
    array[:] = [value if type(value) is str else _as_id(value, where) for value in ids]
    if len(set(array.tolist())) != len(array):
        seen: set[str] = set()
        twice = next(value for value in array if value in seen or seen.add(value))  # type: ignore[func-returns-value]
        raise VotesError(f"{where}: the id {twice!r} stands for more than one record; ids must be unique.")
    return frozen(array.view(CheckedIds))


def frozen_probs(probs: Any, shape: tuple[int, int], where: str) -> Floats:
    """Return the probabilities as a read-only n×K array whose rows are finite and sum to 1."""
    array = np.array(probs, dtype=np.float64)
    if array.shape != shape:
        raise VotesError(f"{where}: probabilities have shape {array.shape}; expected {shape} (records, labels).")
    if not np.isfinite(array).all() or (array < -1e-9).any() or (np.abs(array.sum(axis=1) - 1) > 1e-6).any():
        ok = np.isfinite(array).all(axis=1) & (array >= -1e-9).all(axis=1)
        row = int(np.flatnonzero(~ok | ~(np.abs(array.sum(axis=1) - 1) <= 1e-6))[0])
        raise VotesError(f"{where}: row {row} is {array[row].tolist()}; each row must be finite, >= 0 and sum to 1.")
    return frozen(array)


def log_shares(logs: Floats) -> Floats:
    """Return n×K logarithms less a number a row, so that their exponentials sum to 1."""
    shifted = logs - logs.max(axis=1, keepdims=True)
    return np.asarray(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)))


def frozen_bools(values: Any, n: int, where: str) -> NDArray[np.bool_]:
    """Return n booleans, read-only."""
    array = np.array(values, dtype=np.bool_)
    if array.shape != (n,):
        raise VotesError(f"{where} has shape {array.shape}; expected ({n},), one a record.")
    return frozen(array)


def require_same_ids(left: Ids, right: Ids, where: str) -> None:
    """Raise `VotesError` unless both hold the same ids in the same order."""
    if len(left) != len(right):
        raise VotesError(f"{where}: {len(left)} records on one side and {len(right)} on the other.")
    different = np.flatnonzero(left != right)
    if len(different):
        row = int(different[0])
        raise VotesError(f"{where}: row {row} is {left[row]!r} on one side and {right[row]!r} on the other.")


def _as_id(value: Any, where: str) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        raise VotesError(f"{where}: an id is null; every record needs one.")
    return str(value)
