"""The timed test: texts made for a pattern's loops, and how long a search in them takes."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass

from wslabel.applying.calls import Failure, call
from wslabel.applying.limits import WATCH
from wslabel.applying.regexes.ambiguity import loops
from wslabel.applying.regexes.graph import Graph

LENGTHS = (14, 17, 20, 22, 24, 26, 28, 30, 60, 125, 250, 500, 1_000)
"""Characters of the texts; closely at first, as an exponential search grows a thousandfold in ten of them."""
SLOW = 0.25
"""Seconds that make a search too slow, which should take microseconds."""
LIMIT = 1.0
"""Seconds after which a search is ended."""
PROMISING = 3e-3
"""Seconds on 250 characters under which no search gets too slow on 1,000, if it grows no faster than their cube."""
ENDS = ("\x00", "", "\n!", "0 a")


@dataclass(frozen=True)
class Attack:
    """A search that takes too long.

    Attributes
    ----------
    text
        The text searched.
    seconds
        What the search took, at least.
    ambiguous
        Whether the pattern has a loop that takes the same text in several ways, so that each character doubles it.
    """

    text: str
    seconds: float
    ambiguous: bool


def slowest(pattern: str, flags: int = 0) -> Attack | None:
    """Return a text of at most some 1,000 characters on which the search takes too long; None where none is found.

    Parameters
    ----------
    pattern, flags
        As for `re.compile`.

    Examples
    --------
    >>> slowest(r"(?:\\w+\\s?)+:").ambiguous, slowest(r"(?:\\w+\\s)+:")
    (True, None)
    """
    compiled = re.compile(pattern, flags)
    for prefix, pump, ambiguous in _attempts(pattern, flags):
        for end in ENDS:
            found = _grow(compiled, prefix, pump, end)
            if found:
                return Attack(*found, ambiguous)
    return None


def _attempts(pattern: str, flags: int) -> Iterator[tuple[str, str, bool]]:
    """Yield what leads to a loop, what goes round in it, and whether it is ambiguous; the likeliest first."""
    found = dict.fromkeys((loop.prefix, loop.pump, loop.ambiguous) for loop in loops(Graph.of(pattern, flags)))
    yield from sorted(found, key=lambda one: not one[2])


def _grow(compiled: re.Pattern[str], prefix: str, pump: str, end: str) -> tuple[str, float] | None:
    for length in LENGTHS:
        text = prefix + pump * (length // len(pump)) + end
        seconds = _measure(compiled, text)
        if seconds > SLOW:
            return text, seconds
        if length == 250 and seconds < PROMISING:
            return None
    return None


def _measure(compiled: re.Pattern[str], text: str) -> float:
    begin = time.process_time()
    with WATCH.armed(LIMIT):
        said = call(compiled.search, text)
    return LIMIT if type(said) is Failure else time.process_time() - begin
