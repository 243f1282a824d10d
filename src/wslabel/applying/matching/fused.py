"""Matchers compiled together: one pass over the texts for all of them."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from wslabel.applying.calls import Failure, call_each
from wslabel.applying.matching.arrays import Bools, Int64s, Marks
from wslabel.authoring.accents import Unaccented, unaccented
from wslabel.authoring.finders import LONG
from wslabel.authoring.matchers import Matcher

if TYPE_CHECKING:
    from wslabel.applying.matching.compiled import Compiled

_COMPILER = "wslabel.applying.matching.compiled"
Failed = tuple[int, int, Failure]
WORTH_COMPILING = 30_000_000
"""Bytes of text times matchers from which on compiling pays: Python's `re` needs about a second for as many."""
ONCE_LOADED = 0.02
"""The part of it that is enough where the compiler is loaded already."""


class FusedMatchers:
    """Many matchers evaluated in one pass over the texts, with the answers that `Matcher.matches` gives.

    Parameters
    ----------
    matchers
        The matchers, which may be of both kinds and read different columns; the texts are given.
    worth_compiling
        Bytes of text times matchers, summed over all calls, from which on they are compiled (a fiftieth of it where
        that has been done in this process before). Until then each matcher is asked about each text.

    Examples
    --------
    >>> import pyarrow as pa
    >>> fused = FusedMatchers([Matcher("phrases", any_of=("job cuts",)), Matcher("patterns", any_of=("cut.*",))])
    >>> fused.matches(pa.array(["Job cuts ahead", "a haircut", None])).tolist()
    [[True, True], [False, True], [False, False]]
    """

    def __init__(self, matchers: Sequence[Matcher], worth_compiling: int = WORTH_COMPILING) -> None:
        self.matchers = tuple(matchers)
        self._worth_compiling = 0 if any(len(one.items) > LONG for one in matchers) else worth_compiling
        self._asked = 0

    def matches(self, texts: pa.Array) -> Bools:
        """Tell which matcher matches which text.

        Parameters
        ----------
        texts
            n texts of the Arrow type string or large_string; nothing matches null.

        Returns
        -------
        n x matchers, stored matcher by matcher

        Raises
        ------
        TypeError
            The array holds no strings.
        """
        answers = self.where(texts, np.ones(len(self.matchers), np.int8), 0)
        return answers.view(np.bool_).T

    def where(
        self,
        texts: pa.Array,
        marks: Marks,
        absent: int,
        failed: list[Failed] | None = None,
        make: Callable[[int], Marks] | None = None,
    ) -> Marks:
        """Return the mark of each matcher where it matches, and `absent` elsewhere.

        It is ``np.where(matches(texts).T, marks[:, None], absent)`` without a further pass.

        Parameters
        ----------
        texts
            As for `matches`.
        marks
            A number for each matcher, none of them `absent`, as int8 or int16.
        absent
            A number, less than the largest of its type.
        failed
            Gets (matcher, text, failure) for each search that did not end within the time limit, and finds nothing.
        make
            Returns memory for so many rows of n numbers of the type of the marks. There may be more rows than
            matchers; the answers are in the first.

        Returns
        -------
        matchers x n
        """
        if not is_text(texts.type):
            raise TypeError(f"Expected an Arrow array of strings, got {texts.type}.")
        if self._by_folding:
            return self._apart(texts, marks, absent, failed, make)
        self._asked += texts.nbytes * len(self.matchers)
        enough = self._worth_compiling * (ONCE_LOADED if _COMPILER in sys.modules else 1)
        compiled = None if self._asked < enough else self._compiled
        rows = len(self.matchers) if compiled is None else compiled.slots
        found = np.empty((rows, len(texts)), marks.dtype) if make is None else make(rows)
        found.fill(absent)
        if compiled is not None:
            return compiled.where(texts, marks, absent, failed, found)
        self._one_by_one(texts, marks, failed, found)
        return found

    @cached_property
    def _by_folding(self) -> dict[bool, tuple[list[int], FusedMatchers]]:
        """The matchers that read the text with and without accents, apart; empty where none reads it without."""
        places = {kind: [at for at, one in enumerate(self.matchers) if one.fold_accents == kind] for kind in (0, 1)}
        if not places[1]:
            return {}
        kinds = [
            self.matchers[at].without_accents if kind else self.matchers[at] for kind in (0, 1) for at in places[kind]
        ]
        cut = len(places[0])
        some = FusedMatchers(kinds[:cut], self._worth_compiling), FusedMatchers(kinds[cut:], self._worth_compiling)
        return {bool(kind): (places[kind], some[kind]) for kind in (0, 1) if places[kind]}

    def _apart(
        self,
        texts: pa.Array,
        marks: Marks,
        absent: int,
        failed: list[Failed] | None,
        make: Callable[[int], Marks] | None,
    ) -> Marks:
        """Answer as `where`, of the texts as they are and of the texts without accents."""
        rows = len(self.matchers)
        found = np.empty((rows, len(texts)), marks.dtype) if make is None else make(rows)
        for folding, (places, some) in self._by_folding.items():
            own: list[Failed] | None = None if failed is None else []
            given = _unaccented(texts) if folding else texts
            found[places] = some.where(given, marks[places], absent, own)[: len(places)]
            if failed is not None:
                failed += [(places[at], row, failure) for at, row, failure in own or ()]
        return found

    def located(self, texts: pa.Array, rows: Sequence[Int64s]) -> list[tuple[Int64s, Int64s, Int64s]]:
        """Return for each matcher its spans in these rows of the texts, where it matches: row, start and end, by row.

        They are those of `Matcher.spans`. Phrases are looked for in one pass where `where` has found the texts worth
        compiling for.
        """
        found: dict[int, tuple[Int64s, Int64s, Int64s]] = {}
        if self._by_folding:
            for folding, (places, some) in self._by_folding.items():
                mine = [rows[at] for at in places]
                given = _unaccented(texts) if folding else texts
                told = some.located(given, mine)
                found |= zip(places, [_in_original(texts, one) for one in told] if folding else told)
        elif "_compiled" in self.__dict__:
            found |= self._compiled.locator.located(texts, rows)
        return [
            found[at] if at in found else _one_by_one(matcher, texts, rows[at])
            for at, matcher in enumerate(self.matchers)
        ]

    @cached_property
    def _compiled(self) -> Compiled:
        from wslabel.applying.matching.compiled import Compiled

        return Compiled(self.matchers)

    def _one_by_one(self, texts: pa.Array, marks: Marks, failed: list[Failed] | None, answers: Marks) -> None:
        rows = np.flatnonzero(np.asarray(texts.is_valid()))
        strings = texts.drop_null().to_pylist()
        for row, matcher in enumerate(self.matchers):
            answers[row, rows[search(matcher, row, strings, rows, failed)]] = marks[row]


def search(
    matcher: Matcher, place: int, strings: list[str], rows: np.ndarray[Any, Any], failed: list[Failed] | None
) -> Bools:
    """Tell in which strings, which stand in these rows, the matcher matches; a search that fails finds nothing.

    Raises
    ------
    RuntimeError
        A search failed, and nobody wants to know which.
    """
    said = call_each(matcher.matches, strings)
    for at in [at for at, one in enumerate(said) if type(one) is Failure]:
        if failed is None:
            raise RuntimeError(said[at].error)
        failed.append((place, int(rows[at]), said[at]))
        said[at] = False
    return np.array(said, np.bool_)


def _one_by_one(matcher: Matcher, texts: pa.Array, rows: Int64s) -> tuple[Int64s, Int64s, Int64s]:
    strings = texts.take(pa.array(rows)).to_pylist()
    found = [(row, *span) for row, text in zip(rows.tolist(), strings) for span in matcher.spans(text)]
    row, start, end = np.array(found, np.int64).reshape(-1, 3).T
    return row, start, end


def _in_original(texts: pa.Array, found: tuple[Int64s, Int64s, Int64s]) -> tuple[Int64s, Int64s, Int64s]:
    """Return spans of texts without accents where they stand in the texts as they came."""
    row, own = found[0], np.unique(found[0])
    folded = {at: Unaccented(text) for at, text in zip(own.tolist(), texts.take(pa.array(own)).to_pylist())}
    spans = [folded[at].original(start, end) for at, start, end in zip(*(column.tolist() for column in found))]
    start, end = np.array(spans, np.int64).reshape(-1, 2).T
    return row, start, end


def _unaccented(texts: pa.Array) -> pa.Array:
    return pa.array([None if one is None else unaccented(one) for one in texts.to_pylist()], texts.type)


def is_text(kind: pa.DataType) -> bool:
    """Tell whether arrays of the Arrow type can be matched."""
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))
