"""Building one automaton for the phrases of all labeling functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from wslabel.applying.matching.arrays import Bools, Int32s, Int64s
from wslabel.applying.matching.characters import characters
from wslabel.applying.matching.machine import Automaton, Trie, grow, link

CELLS = 1 << 22
"""Entries of the table of next states (16 MB); longer prefixes of a larger vocabulary are searched for."""
SMALL = 1 << 15
"""So many states are told by 16 bits, so that twice as many rows of the table stay in the processor's cache."""


@dataclass(frozen=True)
class Entry:
    """A phrase to look for, and the slot to mark where it occurs."""

    phrase: str
    slot: int
    ignore_case: bool = True


def build(entries: Iterable[Entry], whole_words: bool, cells: int = CELLS) -> Automaton:
    """Return the automaton of the phrases.

    Parameters
    ----------
    entries
        Phrases, none of them empty.
    whole_words
        Whether a word character may not touch a phrase. Where it may, no character is odd: what equals only in
        one direction is found as well.
    cells
        The largest table of next states.
    """
    phrases = _group(entries)
    alphabet = _alphabet(phrases)
    classes, apart = _classes(alphabet, whole_words)
    kinds = np.zeros(len(classes), np.int32)
    kinds[alphabet] = np.arange(len(alphabet)) + 2
    labels = {key: kinds[np.frombuffer(key, ">i4")] for key in phrases}
    keys = sorted(phrases, key=lambda key: labels[key].astype(">i4").tobytes())
    trie = _trie([labels[key] for key in keys])
    states, width = len(trie.label), len(apart)
    small = states <= SMALL
    rows = states if small else min(states, max(2, cells // width))
    delta = np.zeros((rows, width), np.uint16 if small else np.uint32)
    phrase = np.full(states, -1, np.int32)
    phrase[trie.ends] = np.arange(len(keys))
    fail, out = link(trie, phrase, apart, delta)
    variants = [sorted(phrases[key].items()) for key in keys]
    spellings = [spelling for some in variants for spelling, _ in some]
    slots = [sorted(marked) for some in variants for _, marked in some]
    return Automaton(
        classes,
        apart,
        delta,
        trie.first,
        trie.label,
        fail,
        out,
        _only(phrase, fail, out, variants),
        phrase,
        _starts(variants).astype(np.int32),
        _starts(spellings),
        np.frombuffer(b"".join(spellings), np.uint8).copy(),
        _starts(slots),
        np.array([one for some in slots for one in some], np.int32),
    )


def _group(entries: Iterable[Entry]) -> dict[bytes, dict[bytes, set[int]]]:
    """Return slots by exact spelling (empty where case is ignored) by folded phrase."""
    fold = characters().fold
    phrases: dict[bytes, dict[bytes, set[int]]] = {}
    for entry in entries:
        codes = np.frombuffer(entry.phrase.encode("utf-32-le", "surrogatepass"), "<i4")
        spelling = b"" if entry.ignore_case else entry.phrase.encode("utf-8", "surrogatepass")
        variants = phrases.setdefault(fold[codes].astype(">i4").tobytes(), {})
        variants.setdefault(spelling, set()).add(entry.slot)
    return phrases


def _alphabet(phrases: Iterable[bytes]) -> Int64s:
    """Return the folded characters of the phrases, the frequent ones first: rows are read near their beginning."""
    codes, counts = np.unique(np.frombuffer(b"".join(phrases), ">i4"), return_counts=True)
    return codes[np.argsort(-counts, kind="stable")].astype(np.int64)


def _classes(alphabet: Int64s, whole_words: bool) -> tuple[Int32s, Bools]:
    """Return the class of each code point, 0 and 1 for those outside the alphabet, and what may touch a phrase."""
    fold, word, odd = characters()
    own = np.full(len(fold), -1, np.int32)
    own[alphabet] = np.arange(len(alphabet)) + 2
    kinds = own[fold]
    if not whole_words:
        return np.maximum(kinds, 0), np.ones(len(alphabet) + 2, np.bool_)
    classes = np.where(kinds >= 0, kinds, word).astype(np.int32)
    return np.where((kinds >= 0) & odd, ~classes, classes), np.concatenate([[True, False], ~word[alphabet]])


def _trie(phrases: list[Int32s]) -> Trie:
    """Return the trie of the sorted phrases; `INSIDE` stands second, without parent or children."""
    labels = np.concatenate(phrases) if phrases else np.zeros(0, np.int32)
    parent, label, depth, ends = grow(labels, _starts(phrases))
    order = np.argsort(depth, kind="stable")
    number = np.empty(len(order), np.int32)
    number[order] = np.arange(len(order)) + 1
    number[0] = 0
    parents = number[parent[order[1:]]]
    first = np.searchsorted(parents, np.arange(len(order) + 2)).astype(np.int32) + 2
    padding = np.zeros(2, np.int32)
    return Trie(
        first.astype(np.int32),
        np.concatenate([padding, label[order[1:]]]),
        np.concatenate([padding, parents]),
        number[ends],
    )


def _only(phrase: Int32s, fail: Int32s, out: Int32s, variants: list[list[tuple[bytes, set[int]]]]) -> Int32s:
    """Return for each state the slot of its one phrase, if it has one variant with one slot and no shorter phrase."""
    simple = [
        next(iter(some[0][1])) if [(one, len(slots)) for one, slots in some] == [(b"", 1)] else -1 for some in variants
    ]
    slots = np.array([*simple, -1], np.int32)[phrase]
    alone = np.where(out[fail] < 0, slots, -1)  # of the phrases; another state has what its longest suffix has
    return np.where(out >= 0, alone[out], -1).astype(np.int32)


def _starts(parts: list[Int32s] | list[bytes] | list[list[int]] | list[list[tuple[bytes, set[int]]]]) -> Int64s:
    """Return where each part begins when they are joined, and where the last ends."""
    return np.concatenate([[0], np.cumsum([len(part) for part in parts], dtype=np.int64)])
