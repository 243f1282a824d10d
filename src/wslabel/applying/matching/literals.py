"""What a text must contain for a regular expression to match it.

A clause is a set of texts of which one must occur; a pattern asks for all of its clauses. They are derived from the
tree that `re` parses, and only from parts that are understood: whatever else stands in a pattern asks for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from re import _constants as op  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

RUN_LIMIT = 64
"""The most alternatives of a run of text; a longer list is cut where it would exceed this."""
SET_LIMIT = 10
"""The most characters of a set that are spelled out."""
REPEAT_LIMIT = 4
CLAUSES = 3
"""The most clauses of a pattern that are looked for."""
WEIGHT = 2.0
"""The least weight of a clause: below it, it occurs in nearly every text."""
COMMON = frozenset(" \t\n.,-'\"")

_NON_WORD_AHEAD_OR_BEHIND = [(op.IN, [(op.CATEGORY, op.CATEGORY_WORD)])]
_EDGES = (op.AT_BEGINNING, op.AT_BEGINNING_STRING, op.AT_BOUNDARY, op.AT_END, op.AT_END_STRING)


@dataclass(frozen=True)
class Clause:
    """Texts of which one must occur, case ignored; on whole words where they are known to stand so."""

    texts: frozenset[str]
    whole_words: bool

    @property
    def weight(self) -> float:
        """How much the clause tells: roughly the number of letters of its shortest text."""
        return min(sum(map(_weight, text)) for text in self.texts) + self.whole_words


@dataclass(frozen=True)
class Run:
    """Adjacent characters of a pattern, spelled out.

    Attributes
    ----------
    texts
        All that they can match.
    left, right
        Whether a first (last) character that is a word character has none before (behind) it.
    """

    texts: frozenset[str]
    left: bool = False
    right: bool = False

    def then(self, other: Run) -> Run | None:
        """Return the run that begins with this one and goes on with the other; None if it has too many texts."""
        if len(self.texts) * len(other.texts) > RUN_LIMIT:
            return None
        return Run(
            frozenset(one + two for one in self.texts for two in other.texts),
            self.left or (self.texts == NOTHING and other.left),
            other.right or (other.texts == NOTHING and self.right),
        )

    def clauses(self) -> list[Clause]:
        """Return what the run asks for: one clause, or nothing if it may be empty."""
        if "" in self.texts:
            return []
        words = all(_is_word(text[0]) and _is_word(text[-1]) for text in self.texts)
        return [Clause(self.texts, self.left and self.right and words)]


NOTHING = frozenset([""])
EDGE = Run(NOTHING, left=True, right=True)
BREAK = None
"""Stands for anything: what comes before and behind need not touch."""
Piece = Run | Clause | None


def required(pattern: str, flags: re.RegexFlag = re.NOFLAG) -> list[Clause]:
    r"""Return clauses that every text fulfils which the pattern matches, the most telling first.

    Parameters
    ----------
    pattern
        A regular expression in the syntax of `re`. One that is none asks for nothing.
    flags
        Flags for the whole pattern.

    Examples
    --------
    >>> [(sorted(one.texts), one.whole_words) for one in required(r"\bnet (?:sales|loss)\b.*up \d")]
    [(['net loss', 'net sales'], True), (['up '], False)]
    >>> required(r"\w+")
    []
    """
    try:
        tree = _parser.parse(pattern, flags)
    except (re.error, RecursionError, OverflowError):
        return []
    run, clauses = _gather(_pieces(tree))
    found = clauses if run is None else run.clauses()
    if tree.state.flags & re.ASCII:  # there \b is another edge
        found = [Clause(clause.texts, False) for clause in found]
    telling = {clause for clause in found if clause.weight >= WEIGHT}
    return sorted(telling, key=lambda clause: (-clause.weight, sorted(clause.texts)))[:CLAUSES]


def _gather(pieces: Iterable[Piece]) -> tuple[Run | None, list[Clause]]:
    """Return the run that all pieces make together, if they do, else the clauses of what they make."""
    run, clauses, whole = Run(NOTHING), list[Clause](), True
    for piece in pieces:
        joined = run.then(piece) if isinstance(piece, Run) else None
        if joined is None:
            clauses += run.clauses()
            whole = False
        if isinstance(piece, Clause):
            clauses.append(piece)
        run = joined or (piece if isinstance(piece, Run) else Run(NOTHING))
    return (run, []) if whole else (None, clauses + run.clauses())


def _pieces(tree: Iterable[tuple[Any, Any]]) -> Iterator[Piece]:
    """Yield what the items of a parsed sequence match, in order."""
    for kind, value in tree:
        if kind is op.LITERAL:
            yield Run(frozenset([chr(value)]))
        elif kind is op.IN:
            yield _set(value)
        elif kind is op.SUBPATTERN and not value[1] & re.ASCII:
            yield from _pieces(value[3])
        elif kind is op.ATOMIC_GROUP:
            yield from _pieces(value)
        elif kind is op.BRANCH:
            yield from _branch(value[1])
        elif kind in (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT):
            yield from _repeat(*value)
        elif kind is op.AT:
            yield EDGE if value in _EDGES else Run(NOTHING)
        elif kind is op.ASSERT_NOT and list(value[1]) == _NON_WORD_AHEAD_OR_BEHIND:
            yield EDGE
        elif kind in (op.ASSERT, op.ASSERT_NOT):
            yield Run(NOTHING)
        else:
            yield BREAK


def _set(items: list[tuple[Any, Any]]) -> Piece:
    codes: set[int] = set()
    for kind, value in items:
        if kind is op.LITERAL:
            codes.add(value)
        elif kind is op.RANGE and value[1] - value[0] < SET_LIMIT:
            codes.update(range(value[0], value[1] + 1))
        else:
            return BREAK
    return Run(frozenset(map(chr, codes))) if len(codes) <= SET_LIMIT else BREAK


def _branch(branches: list[Any]) -> Iterator[Piece]:
    gathered = [_gather(_pieces(branch)) for branch in branches]
    runs = [run for run, _ in gathered if run is not None]
    texts = frozenset[str]().union(*(run.texts for run in runs))
    if len(runs) == len(branches) and len(texts) <= RUN_LIMIT:
        yield Run(texts, all(run.left for run in runs), all(run.right for run in runs))
        return
    yield BREAK
    options = [clauses if run is None else run.clauses() for run, clauses in gathered]
    if all(options):
        best = [max(clauses, key=lambda clause: clause.weight) for clauses in options]
        yield Clause(frozenset[str]().union(*(one.texts for one in best)), all(one.whole_words for one in best))
    yield BREAK


def _repeat(least: int, most: Any, tree: Any) -> Iterator[Piece]:
    pieces = list(_pieces(tree))
    if least:
        yield from pieces * min(least, REPEAT_LIMIT)
        if most is op.MAXREPEAT or most > min(least, REPEAT_LIMIT):
            yield BREAK
            yield from pieces
        return
    run, _ = _gather(pieces)
    yield BREAK if run is None or most is op.MAXREPEAT or most > 1 else Run(run.texts | NOTHING)


def _weight(character: str) -> float:
    return 0.5 if character in COMMON else 1.0 if character.isalnum() else WEIGHT


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
