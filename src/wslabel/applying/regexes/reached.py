"""Which regular expressions a labeling function uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from types import CodeType, FunctionType
from typing import Any

from wslabel.authoring import LabelingFunction, Preprocessor

_Pattern = tuple[str, int]


def patterns_of(lf: LabelingFunction | Preprocessor) -> list[_Pattern]:
    """Return pattern and flags of each regular expression of a rule, or that a function finds compiled in its file."""
    if isinstance(lf, LabelingFunction) and lf.matcher is not None:
        flags = re.IGNORECASE if lf.matcher.ignore_case else 0
        if lf.matcher.kind != "patterns":
            return []
        return [(one, flags) for one in lf.matcher.items]
    return list(dict.fromkeys(_reached(lf.function, set())))


def _reached(function: Callable[..., Any], seen: set[int]) -> Iterator[_Pattern]:
    if not isinstance(function, FunctionType) or id(function) in seen:
        return
    seen.add(id(function))
    cells = [cell.cell_contents for cell in function.__closure__ or ()]
    named = [function.__globals__[name] for name in _names(function.__code__) if name in function.__globals__]
    for value in (*named, *cells):
        if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
            yield value.pattern, value.flags
        elif getattr(value, "__module__", None) == function.__module__:
            yield from _reached(value, seen)


def _names(code: CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, CodeType):
            yield from _names(constant)
