"""Which characters an item of a parsed pattern accepts, on a sample of characters that tells its sets apart."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import lru_cache
from re import _constants as sre  # type: ignore[attr-defined]
from typing import Any

COMMON = "aZ0_ \n-.,!é"
_CATEGORIES: dict[Any, Callable[[str], bool]] = {
    sre.CATEGORY_DIGIT: str.isdecimal,
    sre.CATEGORY_NOT_DIGIT: lambda one: not one.isdecimal(),
    sre.CATEGORY_SPACE: str.isspace,
    sre.CATEGORY_NOT_SPACE: lambda one: not one.isspace(),
    sre.CATEGORY_WORD: lambda one: one.isalnum() or one == "_",
    sre.CATEGORY_NOT_WORD: lambda one: not (one.isalnum() or one == "_"),
}
SINGLE = (sre.LITERAL, sre.NOT_LITERAL, sre.ANY, sre.IN)
"""The kinds of items that take one character."""


def sample(tree: Any) -> str:
    """Return the characters that the pattern names, the ends of its ranges, and before them some common ones."""
    named = [chr(code) for code in _codes(tree)]
    cases = [one.swapcase() for one in named if len(one.swapcase()) == 1]
    return "".join(dict.fromkeys([*COMMON, *named, *cases]))


def accepted(item: tuple[Any, Any], alphabet: str, flags: int) -> int:
    """Return a bit for each character of the alphabet that the item accepts."""
    kind, what = item
    return _accepted((kind, tuple(what) if isinstance(what, list) else what), alphabet, flags)


@lru_cache(maxsize=10_000)  # a pattern's letters come again and again
def _accepted(item: tuple[Any, Any], alphabet: str, flags: int) -> int:
    return sum(1 << place for place, one in enumerate(alphabet) if _accepts(item, one, flags))


def _accepts(item: tuple[Any, Any], one: str, flags: int) -> bool:
    kind, what = item
    if kind is sre.ANY:
        return one != "\n" or bool(flags & re.DOTALL)
    forms = {one, *(case for case in (one.lower(), one.upper()) if len(case) == 1)} if flags & re.IGNORECASE else {one}
    if kind is sre.LITERAL:
        return any(ord(form) == what for form in forms)
    if kind is sre.NOT_LITERAL:
        return all(ord(form) != what for form in forms)
    negated = what[0][0] is sre.NEGATE
    return any(_within(part, form) for part in what for form in forms) != negated


def _within(part: tuple[Any, Any], one: str) -> bool:
    kind, what = part
    if kind is sre.LITERAL:
        return ord(one) == int(what)
    if kind is sre.RANGE:
        return int(what[0]) <= ord(one) <= int(what[1])
    return kind is sre.CATEGORY and _CATEGORIES[what](one)


def _codes(tree: Any) -> Iterator[int]:
    """Yield the code points that stand in a parsed pattern."""
    for kind, what in tree:
        if kind in (sre.LITERAL, sre.NOT_LITERAL):
            yield what
        elif kind is sre.RANGE:
            yield from what
        elif kind is sre.IN:
            yield from _codes(what)
        elif isinstance(what, tuple | list):
            for inner in _inside(what):
                yield from _codes(inner)


def _inside(what: Any) -> Iterator[Any]:
    """Yield the parsed patterns within an item's arguments."""
    for one in what:
        if type(one).__name__ == "SubPattern":
            yield one
        elif isinstance(one, list):
            yield from _inside(one)
