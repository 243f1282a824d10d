"""Where the phrases of many matchers stand in many texts, found in one pass over the texts."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa

from wslabel.applying.matching.arrays import Int32s, Int64s
from wslabel.applying.matching.hashing import longest_first
from wslabel.applying.matching.index import PhraseIndex
from wslabel.authoring.conditions import read
from wslabel.authoring.finders import fold
from wslabel.authoring.matchers import Matcher

Places = tuple[Int64s, Int64s, Int64s]
"""Rows of texts, rising, with start and end, in characters."""


class List(NamedTuple):
    """A list of phrases of which occurrences are told: the matcher, and whether they may overlap."""

    matcher: int
    overlapping: bool


class Joined:
    """Lists of phrases that are looked for together, as one index of all their different phrases."""

    def __init__(self, lists: Sequence[tuple[List, Sequence[str]]], ignore_case: bool) -> None:
        self.lists = [one for one, _ in lists]
        owners = defaultdict[str, list[int]](list)
        spelt: dict[str, str] = {}
        for number, (_, phrases) in enumerate(lists):
            for phrase in dict.fromkeys(phrases):
                key = fold(phrase) if ignore_case else phrase
                spelt.setdefault(key, phrase)
                owners[key].append(number)
        self._index = PhraseIndex(list(spelt.values()), ignore_case)
        own = [np.unique(owners[key]) for key in spelt]
        self._owners = np.concatenate([np.zeros(0, np.int64), *own])
        self._first = np.cumsum([0, *map(len, own)])

    def found(self, texts: pa.Array) -> list[Int32s]:
        """Return for each list (record, start, end) of its occurrences, in order."""
        every = _columns(self._index.spans(texts, every=True))
        phrase = every[:, 3]
        counts = (self._first[1:] - self._first[:-1])[phrase]
        rows = np.repeat(np.arange(len(every)), counts)
        within = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
        owner = self._owners[self._first[phrase[rows]] + within]
        order = np.argsort(owner, kind="stable")
        cuts = np.searchsorted(owner[order], np.arange(len(self.lists) + 1))
        some = [every[rows[order[low:high]]] for low, high in itertools.pairwise(cuts)]
        return [(mine if one.overlapping else mine[longest_first(mine)])[:, :3] for one, mine in zip(self.lists, some)]


class Locator:
    """Tells where matchers stand that ask for phrases, and for nothing about where these stand but negation.

    Parameters
    ----------
    matchers
        The matchers; none of them overlooks accents.
    long
        Indexes that are there already, by the matcher whose `any_of` they hold.
    """

    def __init__(self, matchers: Sequence[Matcher], long: Mapping[int, PhraseIndex]) -> None:
        self._matchers = matchers
        self.places = [at for at, one in enumerate(matchers) if _is_plain(one)]
        """The matchers that are told about."""
        self._long = {at: long[at] for at in self.places if at in long}
        self._joined = [made for ignore_case in (True, False) if (made := self._join(ignore_case))]

    def _join(self, ignore_case: bool) -> Joined | None:
        lists: list[tuple[List, Sequence[str]]] = []
        for at in self.places:
            matcher = self._matchers[at]
            if matcher.ignore_case == ignore_case:
                if matcher.any_of and at not in self._long:
                    lists.append((List(at, matcher.overlapping), matcher.any_of))
                lists += [(List(at, overlapping=False), (phrase,)) for phrase in matcher.all_of]
        return Joined(lists, ignore_case) if lists else None

    def located(self, texts: pa.Array, rows: Sequence[Int64s]) -> dict[int, Places]:
        """Return for each matcher its spans in these rows of the texts, where it matches."""
        asked = np.unique(np.concatenate([np.zeros(0, np.int64), *(rows[at] for at in self.places)]))
        some = texts.take(pa.array(asked))
        found: dict[int, list[Int32s]] = {at: [] for at in self.places}
        for joined in self._joined:
            for one, mine in zip(joined.lists, joined.found(some)):
                found[one.matcher].append(mine)
        for at, index in self._long.items():
            found[at].append(_columns(index.spans(some, every=self._matchers[at].overlapping))[:, :3])
        return {at: self._kept(at, _together(pieces), asked, some, rows[at]) for at, pieces in found.items()}

    def _kept(self, at: int, found: Int32s, asked: Int64s, texts: pa.Array, rows: Int64s) -> Places:
        """Return the different spans in the matcher's rows that no cue negates, in order."""
        matcher, inside = self._matchers[at], np.zeros(len(asked), np.bool_)
        inside[np.searchsorted(asked, rows)] = True
        kept = found[inside[found[:, 0]]]
        if matcher.cues:
            strings = dict(zip((own := np.unique(kept[:, 0])).tolist(), texts.take(pa.array(own)).to_pylist()))
            said = [
                not read(strings[row], matcher.negations, matcher.scope).negated(start)
                for row, start in kept[:, :2].tolist()
            ]
            kept = kept[np.array(said, np.bool_)]
        row, start, end = kept.astype(np.int64).T
        return asked[row], start, end


def _is_plain(matcher: Matcher) -> bool:
    phrases = matcher.kind == "phrases" and all((*matcher.items, *matcher.cues))
    return phrases and matcher.at_least == 1 and not matcher.pairs


def _together(pieces: Sequence[Int32s]) -> Int32s:
    """Return the different spans of several lists, in order."""
    return pieces[0] if len(pieces) == 1 else np.unique(np.concatenate(pieces), axis=0)


def _columns(found: pa.RecordBatch) -> Int32s:
    return np.stack([column.to_numpy() for column in found.columns], axis=1)
