"""Spans of a text as a reviewer edits them: none ever lies outside the text, and none is empty."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal

from wslabel.core.decisions import Span
from wslabel.review.stops import characters, words

Edge = Literal["start", "end"]
Unit = Literal["word", "character"]


@dataclass(frozen=True)
class SpanEdit:
    """Spans in the course of being edited. Every method returns a new value; what cannot be done changes nothing.

    The widget has the same rules (``widget/edit.js``), and a test compares both.

    Attributes
    ----------
    text
        The text.
    spans
        The spans in order: start, end (in characters, exclusive), label. The same one may stand twice until it is
        `saved`, so that a border can be moved across another span's.
    at
        The place of the span that is chosen; None: none is.
    """

    text: str
    spans: tuple[Span, ...] = ()
    at: int | None = None

    @classmethod
    def of(cls, text: str, spans: Iterable[Span]) -> SpanEdit:
        """Return spans as they stand, with none chosen."""
        return cls(text, tuple(sorted(spans)))

    @property
    def saved(self) -> tuple[Span, ...]:
        """The spans as they are decided, each once."""
        return tuple(dict.fromkeys(self.spans))

    def choose(self, step: int) -> SpanEdit:
        """Return with the next (1) or previous (-1) span chosen; beyond the last one, none is."""
        stops = [None, *range(len(self.spans))]
        return replace(self, at=stops[(stops.index(self.at) + step) % len(stops)])

    def add(self, start: int, end: int, label: str) -> SpanEdit:
        """Return with one span more, which is chosen."""
        if not 0 <= start < end <= len(self.text):
            return self
        if (start, end, label) in self.spans:
            return replace(self, at=self.spans.index((start, end, label)))
        return self._with(self.spans, (start, end, label))

    def delete(self) -> SpanEdit:
        """Return without the chosen span; then none is chosen."""
        return self if self.at is None else replace(self, spans=self._others, at=None)

    def relabel(self, label: str) -> SpanEdit:
        """Return with another label for the chosen span."""
        return self if self.at is None else self._with(self._others, (*self.spans[self.at][:2], label))

    def move(self, edge: Edge, step: int, unit: Unit = "word") -> SpanEdit:
        """Return with a border of the chosen span moved to the next (1) or previous (-1) place, as far as there is one.

        By words the start goes to where words begin, and the end to where they end.
        """
        if self.at is None:
            return self
        start, end, label = self.spans[self.at]
        if edge == "start":
            start = self._next(start, step, self._starts if unit == "word" else self._places)
        else:
            end = self._next(end, step, self._ends if unit == "word" else self._places)
        return self._with(self._others, (start, end, label)) if start < end else self

    @property
    def _others(self) -> tuple[Span, ...]:
        assert self.at is not None
        return self.spans[: self.at] + self.spans[self.at + 1 :]

    def _with(self, others: tuple[Span, ...], new: Span) -> SpanEdit:
        spans = tuple(sorted([*others, new]))
        return replace(self, spans=spans, at=spans.index(new))

    def _next(self, place: int, step: int, places: list[int]) -> int:
        if step > 0:
            found = bisect_right(places, place)
            return places[found] if found < len(places) else place
        found = bisect_left(places, place) - 1
        return places[found] if found >= 0 else place

    @cached_property
    def _places(self) -> list[int]:
        return characters(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        return [start for start, _ in words(self.text)]

    @cached_property
    def _ends(self) -> list[int]:
        return [end for _, end in words(self.text)]
