"""A pattern as a graph: its items that take a character, and which can follow which, in how many ways.

This is the position automaton (Glushkov, "The abstract theory of automata", Russian Mathematical Surveys 16, 1961); it
is as ambiguous as the pattern is, which is what backtracking pays for.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from re import _constants as sre  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from wslabel.applying.regexes.characters import SINGLE, accepted, sample

UNROLLED = 200
"""Positions that a counted repeat may be written out to."""
MANY = 25
"""Repeats from which on a count is as good as no bound."""
_FLAGS = re.IGNORECASE | re.DOTALL


@dataclass
class Part:
    """A part of the pattern: may it be empty, with which positions does it begin and end."""

    empty: bool = True
    first: tuple[int, ...] = ()
    last: tuple[int, ...] = ()


@dataclass
class Graph:
    """Positions with the characters that each accepts (bits over the alphabet), and edges with their number.

    Attributes
    ----------
    first
        Where a match may begin.
    asserted
        The graphs of lookarounds.
    """

    alphabet: str
    accepts: list[int] = field(default_factory=list)
    edges: list[Counter[int]] = field(default_factory=list)
    first: tuple[int, ...] = ()
    asserted: list[Graph] = field(default_factory=list)

    @classmethod
    def of(cls, pattern: str, flags: int) -> Graph:
        """Return the graph of a pattern that `re` accepts."""
        tree = _parser.parse(pattern, flags)
        return cls._of(tree, sample(tree), tree.state.flags & _FLAGS)

    @classmethod
    def _of(cls, tree: Any, alphabet: str, flags: int) -> Graph:
        graph = cls(alphabet)
        graph.first = graph._sequence(tree, flags).first
        return graph

    def _position(self, accepts: int) -> Part:
        self.accepts.append(accepts)
        self.edges.append(Counter())
        return Part(False, (len(self.accepts) - 1,), (len(self.accepts) - 1,))

    def _link(self, ends: tuple[int, ...], begins: tuple[int, ...]) -> None:
        for end in ends:
            self.edges[end].update(begins)

    def _sequence(self, items: Any, flags: int) -> Part:
        whole = Part()
        for item in items:
            whole = self._join(whole, self._item(item, flags))
        return whole

    def _join(self, one: Part, two: Part) -> Part:
        self._link(one.last, two.first)
        first = one.first + two.first if one.empty else one.first
        last = one.last + two.last if two.empty else two.last
        return Part(one.empty and two.empty, first, last)

    def _item(self, item: tuple[Any, Any], flags: int) -> Part:
        kind, what = item
        if kind in SINGLE:
            return self._position(accepted(item, self.alphabet, flags))
        if kind in (sre.MAX_REPEAT, sre.MIN_REPEAT):
            return self._repeat(what[0], what[1], what[2], flags)
        if kind is sre.SUBPATTERN:
            return self._sequence(what[3], (flags | what[1]) & ~what[2])
        if kind is sre.BRANCH:
            return self._branch(what[1], flags)
        if kind is sre.GROUPREF_EXISTS:
            return self._branch([one for one in (what[1], what[2] or []) if one is not None], flags)
        if kind in (sre.ASSERT, sre.ASSERT_NOT):
            self.asserted.append(Graph._of(what[1], self.alphabet, flags))
        if kind in (sre.POSSESSIVE_REPEAT, sre.ATOMIC_GROUP):  # never tried again another way
            return self._position((1 << len(self.alphabet)) - 1)
        return Part()  # an anchor, or a reference back, which may be empty

    def _branch(self, choices: Any, flags: int) -> Part:
        parts = [self._sequence(one, flags) for one in choices]
        first = tuple(position for part in parts for position in part.first)
        last = tuple(position for part in parts for position in part.last)
        return Part(any(part.empty for part in parts), first, last)

    def _repeat(self, low: int, high: int, inner: Any, flags: int) -> Part:
        before = len(self.accepts)
        part = self._sequence(inner, flags)
        size = len(self.accepts) - before
        if high >= MANY and (low != high or high is sre.MAXREPEAT):
            self._link(part.last, part.first)
            return Part(part.empty or not low, part.first, part.last)
        whole = Part(part.empty or not low, part.first, part.last)
        for turn in range(1, min(int(high), 1 + UNROLLED // max(size, 1))):
            part = self._sequence(inner, flags)
            whole = self._join(whole, Part(part.empty or turn >= low, part.first, part.last))
        return whole if high else Part()
