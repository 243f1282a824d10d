"""Machine code of functions. Imports numba; hence only modules that are imported late import it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from numba import njit

_Function = TypeVar("_Function", bound=Callable[..., Any])


def compiled(function: _Function) -> _Function:
    """Compile with numba, and keep the code for later processes where some folder can be written."""
    try:
        return cast(_Function, njit(cache=True, nogil=True)(function))
    except RuntimeError:  # neither the package's folder nor the user's cache is writable
        return cast(_Function, njit(nogil=True)(function))
