"""Matchers: declarative conditions on a text. Python's `re` is the reference for what they match."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from wslabel.errors import LabelingFunctionError

Span = tuple[int, int]


@dataclass(frozen=True)
class Matcher:
    """A condition on one column of a record.

    A text matches when some of `any_of` occur, all of `all_of` occur and none of `none_of` occurs (an empty
    `any_of` asks for nothing). Phrases match as written, on whole words: no word character
    (Unicode, as in `re`) touches them.

    Attributes
    ----------
    kind
        ``phrases`` or ``patterns`` (regular expressions in the syntax of `re`).
    any_of, all_of, none_of
        Phrases or patterns.
    column
        The column that is read.
    ignore_case
        Whether case counts (`re.IGNORECASE`).
    """

    kind: Literal["phrases", "patterns"]
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    column: str = "text"
    ignore_case: bool = True

    def matches(self, text: str) -> bool:
        """Tell whether the text fulfils the condition."""
        search_any, all_of, search_none = self._compiled
        return (
            (search_any is None or search_any.search(text) is not None)
            and all(one.search(text) is not None for one in all_of)
            and (search_none is None or search_none.search(text) is None)
        )

    def spans(self, text: str) -> list[Span]:
        """Return (start, end) of each occurrence that speaks for the match, end exclusive; none if it does not."""
        if not self.matches(text):
            return []
        search_any, all_of, _ = self._compiled
        patterns = [*all_of] if search_any is None else [search_any, *all_of]
        return sorted({found.span() for one in patterns for found in one.finditer(text)})

    def check(self, where: str) -> None:
        """Raise `LabelingFunctionError` for a pattern that is none, or a condition that asks for nothing."""
        if not self.any_of and not self.all_of:
            raise LabelingFunctionError(f"{where}: nothing to look for. Give it any_of or all_of.")
        for item in (*self.any_of, *self.all_of, *self.none_of):
            if not isinstance(item, str) or not item.strip():
                raise LabelingFunctionError(f"{where}: {item!r} is no phrase or pattern. Expected a non-empty string.")
            try:
                re.compile(item if self.kind == "patterns" else "")
            except re.error as error:
                raise LabelingFunctionError(f"{where}: the pattern {item!r} is wrong: {error}.") from None

    @cached_property
    def _compiled(self) -> tuple[re.Pattern[str] | None, tuple[re.Pattern[str], ...], re.Pattern[str] | None]:
        return (
            self._one_of(self.any_of) if self.any_of else None,
            tuple(self._one_of([item]) for item in self.all_of),
            self._one_of(self.none_of) if self.none_of else None,
        )

    def _one_of(self, items: Iterable[str]) -> re.Pattern[str]:
        flags = re.IGNORECASE if self.ignore_case else re.NOFLAG
        if self.kind == "patterns":
            return re.compile("|".join(f"(?:{item})" for item in items), flags)
        longest_first = sorted(set(items), key=lambda item: (-len(item), item))
        return re.compile(rf"(?<!\w)(?:{'|'.join(re.escape(item) for item in longest_first)})(?!\w)", flags)
