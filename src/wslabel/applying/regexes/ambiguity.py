"""The static test: loops of a pattern that can take the same text in several ways.

A loop is exponentially ambiguous where two ways lead from a position back to it over the same word (Weber and Seidl,
"On the degree of ambiguity of finite automata", Theoretical Computer Science 88, 1991): each further turn doubles the
ways, and a search that fails tries them all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from wslabel.applying.regexes.graph import Graph

PAIRS = 4_000
"""Pairs of positions of one loop that are looked at."""
POSITIONS = 6
"""Positions of one loop that are tried."""
_Pair = tuple[int, int]
_Parents = dict[_Pair, _Pair | None]


@dataclass(frozen=True)
class Loop:
    """A loop: the text that leads to it, a text that goes round in it, and whether that can be taken in two ways."""

    prefix: str
    pump: str
    ambiguous: bool


def loops(graph: Graph) -> Iterator[Loop]:
    """Yield the loops of a pattern, the ambiguous one first in each of its parts; those of lookarounds as well."""
    for members in _components(graph):
        found = _two_ways(graph, members)
        if found:
            yield Loop(_prefix(graph, found[0]), found[1], True)
        for member in sorted(members)[:POSITIONS]:
            around = _path(graph, member, member, members)
            yield Loop(_prefix(graph, member), _word(graph, around[1:]), False)
    for inner in graph.asserted:
        yield from loops(inner)


def _components(graph: Graph) -> list[set[int]]:
    """Return the sets of positions that lead to each other and go round."""
    reach = [_reached(one, lambda at: graph.edges[at]) for one in range(len(graph.edges))]
    seen: set[int] = set()
    found = []
    for one in range(len(graph.edges)):
        if one in reach[one] and one not in seen:
            members = {other for other in reach[one] if one in reach[other]}
            seen |= members
            found.append(members)
    return found


def _reached(start: int, following: Callable[[int], Iterable[int]]) -> set[int]:
    seen: set[int] = set()
    waiting = [start]
    while waiting:
        for one in following(waiting.pop()):
            if one not in seen:
                seen.add(one)
                waiting.append(one)
    return seen


def _two_ways(graph: Graph, members: set[int]) -> tuple[int, str] | None:
    """Return a position and a word that leads from it back to it in two ways."""
    for one in sorted(members):
        for other, ways in graph.edges[one].items():
            if other in members and ways > 1:  # the same step by two loops, one within the other
                back = _path(graph, other, one, members) if other != one else [one]
                return one, _word(graph, [other, *back[1:]])
    if len(members) ** 2 > PAIRS:
        return None
    before = _search(graph, members, [(one, one) for one in sorted(members)])
    for pair in before:
        if pair[0] != pair[1]:
            after = _search(graph, members, [pair])
            end = next((end for end in after if end[0] == end[1]), None)
            if end:
                way = _trace(before, pair)
                home = [(one, one) for one in _path(graph, end[0], way[0][0], members)] if end != way[0] else [end]
                steps = [*way[1:], *_trace(after, end)[1:], *home[1:]]
                return way[0][0], "".join(_letter(graph, graph.accepts[one] & graph.accepts[two]) for one, two in steps)
    return None


def _search(graph: Graph, members: set[int], starts: list[_Pair]) -> _Parents:
    """Return the pairs that two ways over the same word reach from the starts, each with the pair before it."""
    parents: _Parents = dict.fromkeys(starts)
    waiting = deque(starts)
    while waiting:
        pair = waiting.popleft()
        for one in members.intersection(graph.edges[pair[0]]):
            for two in members.intersection(graph.edges[pair[1]]):
                if graph.accepts[one] & graph.accepts[two] and (one, two) not in parents:
                    parents[one, two] = pair
                    waiting.append((one, two))
    return parents


def _trace(parents: _Parents, pair: _Pair) -> list[_Pair]:
    way: list[_Pair] = []
    at: _Pair | None = pair
    while at is not None:
        way.append(at)
        at = parents[at]
    return way[::-1]


def _path(graph: Graph, start: int, end: int, members: set[int] | None) -> list[int]:
    """Return the shortest way of at least one step, begin and end included; nothing where there is none."""
    parents: dict[int, int] = {}
    waiting = deque([start])
    while waiting:
        at = waiting.popleft()
        for one in graph.edges[at]:
            if one == end:
                way = [one, at]
                while way[-1] != start:
                    way.append(parents[way[-1]])
                return way[::-1]
            if one not in parents and (members is None or one in members):
                parents[one] = at
                waiting.append(one)
    return []


def _prefix(graph: Graph, position: int) -> str:
    """Return a shortest text that leads to the position, the position's own letter included."""
    if position in graph.first:
        return _word(graph, [position])
    ways = [way for one in graph.first if (way := _path(graph, one, position, None))]
    return _word(graph, min(ways, key=len, default=[position]))


def _word(graph: Graph, positions: list[int]) -> str:
    return "".join(_letter(graph, graph.accepts[one]) for one in positions)


def _letter(graph: Graph, bits: int) -> str:
    return next((one for place, one in enumerate(graph.alphabet) if bits >> place & 1), "a")
