"""The machine code of the index of phrases: built and read by numba. All of it stands here; see `machine`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from wslabel.applying.matching.arrays import Bools, Bytes, Int32s, Int64s, Number, Words
from wslabel.applying.matching.machine import compiled

WORD, RARE = 1 << 24, 1 << 25
"""Bits of `Index.codes` above the folded code point: a word character; one that the index does not judge."""
FOLD = WORD - 1
MORE, LOOSE, TERM = 1, 2, 2
"""Bits of `Index.values`: a phrase goes on; one ends before the next word does; how far the phrase is shifted."""
SEED, FACTOR = np.uint64(0x9E3779B97F4A7C15), np.uint64(0xD6E8FEB86659FD93)


class Index(NamedTuple):
    """Prefixes of phrases by the hash of their folded characters, in a table of open addressing.

    A text and a phrase are seen as tokens: runs of word characters, and single other characters. A phrase occurs on
    whole words where its tokens are the text's, with no word character before its first or behind its last token. Of
    a phrase the prefixes are kept that end behind its first token, its words and its last token.

    Attributes
    ----------
    codes
        By code point: the folded one, with the bits `WORD` and `RARE`.
    opens
        By the lowest seven bits of a code point: whether a phrase begins with such a character.
    keys, values
        Hashes, 0 in an empty place; ``phrase + 1 << TERM | MORE | LOOSE`` with phrase -1 where none ends.
    data, offsets
        The phrases in UTF-8, and where each begins and the last ends.
    longest
        The characters of the longest phrase.
    """

    codes: Int32s
    opens: Bools
    keys: Words
    values: Int32s
    data: Bytes
    offsets: Int64s
    longest: Int64s


@compiled
def _decode(data: Bytes, at: Number) -> tuple[Number, Number]:
    """Return the code point that begins at `at`, and where the next begins."""
    code = int(data[at])
    if code < 0x80:
        return code, at + 1
    length = 2 if code < 0xE0 else 3 if code < 0xF0 else 4
    code &= 0xFF >> (length + 1)
    for further in range(1, length):
        code = code << 6 | int(data[at + further]) & 0x3F
    return code, at + length


@compiled
def _mix(state: Number, code: Number) -> np.uint64:
    state = (np.uint64(state) ^ np.uint64(code)) * FACTOR
    return state ^ state >> np.uint64(32)


@compiled
def _place(keys: Words, key: Number) -> np.int64:
    """Return where the key stands, or the empty place where it would."""
    mask = np.uint64(len(keys) - 1)
    place = np.uint64(key) & mask
    while keys[place] != 0 and keys[place] != key:
        place = (place + np.uint64(1)) & mask
    return np.int64(place)


@compiled
def _token(codes: Int32s, data: Bytes, at: Number, until: Number, state: Number) -> tuple[Any, ...]:
    """Read the token that begins at `at`: return its end, its characters, the hash, all its bits, whether a word."""
    code, after = _decode(data, at)
    known = codes[code]
    bits, count, state = known, 1, _mix(state, known & FOLD)
    if not known & WORD:
        return after, count, state, bits, False
    while after < until:
        code, following = _decode(data, after)
        known = codes[code]
        if not known & WORD:
            break
        bits |= known
        state = _mix(state, known & FOLD)
        after, count = following, count + 1
    return after, count, state, bits, True


@compiled
def _same(codes: Int32s, one: Bytes, at: Number, until: Number, other: Bytes, begin: Number, end: Number) -> bool:
    """Tell whether the folded characters are the same."""
    while at < until and begin < end:
        left, at = _decode(one, at)
        right, begin = _decode(other, begin)
        if (codes[left] ^ codes[right]) & FOLD:
            return False
    return bool(at == until and begin == end)


@compiled
def fill(index: Index, taken: Bools, seed: Number) -> int:
    """Enter the phrases that are `taken`; return how many places are used, -1 where they run out, -2 for a clash."""
    used = 0
    for term in range(len(index.offsets) - 1):
        if not taken[term]:
            continue
        begin, end = index.offsets[term], index.offsets[term + 1]
        at, state, last, first, count = begin, np.uint64(seed), np.int64(-1), True, 0
        while at < end:
            at, length, state, _, word = _token(index.codes, index.data, at, end, state)
            count += length
            if not (first or word or at == end):
                continue
            place = _place(index.keys, state)
            if index.keys[place] == 0:
                used += 1
                if used * 4 > len(index.keys) * 3 or state == 0:
                    return -1 if state else -2
                index.keys[place] = state
            if last >= 0:
                index.values[last] |= MORE if word else MORE | LOOSE
            last, first = place, False
            if at == end:
                old = (index.values[place] >> TERM) - 1
                if old < 0:
                    index.values[place] |= (term + 1) << TERM
                elif not _same(
                    index.codes, index.data, begin, end, index.data, index.offsets[old], index.offsets[old + 1]
                ):
                    return -2
        code, _ = _decode(index.data, begin)
        index.opens[index.codes[code] & 127] = True
        index.longest[0] = max(index.longest[0], count)
    return used


@compiled
def find(index: Index, data: Bytes, offsets: Int64s, rare: Bools, seed: Number, once: bool) -> Int64s:
    """Return (record, start, end, phrase) of every occurrence, in characters, in order of record, start and end.

    The texts must be valid UTF-8. `rare` tells afterwards in which a character is that the index does not judge.
    With `once`, only the first occurrence of each text.
    """
    found, count = np.empty((1024, 4), np.int64), 0
    ascii_opens, longest = index.opens, index.longest[0]
    for text in range(len(offsets) - 1):
        at, end, here, behind = offsets[text], offsets[text + 1], 0, False
        while at < end:
            begin, start, state, bits = at, here, np.uint64(seed), 0
            at, length, state, bits, word = _token(index.codes, data, begin, end, state)
            here += length
            rare[text] |= bits & RARE != 0
            code, _ = _decode(data, begin)
            may = not behind and ascii_opens[index.codes[code] & 127]
            behind = word
            if not may:
                continue
            place = _place(index.keys, state)
            if index.keys[place] == 0:
                continue
            flags, until, last = index.values[place], at, here
            term, ends = (flags >> TERM) - 1, word
            while True:
                if term >= 0 and (ends or until == end or not _word_at(index.codes, data, until)):
                    low, high = index.offsets[term], index.offsets[term + 1]
                    if _same(index.codes, data, begin, until, index.data, low, high):
                        if count == len(found):
                            found = np.concatenate((found, np.empty_like(found)))
                        found[count, 0], found[count, 1], found[count, 2], found[count, 3] = text, start, last, term
                        count += 1
                        if once:
                            break
                if not flags & MORE or until >= end or last - start >= longest:
                    break
                until, length, state, bits, ends = _token(index.codes, data, until, end, state)
                last, term = last + length, -1
                if ends or flags & LOOSE:
                    place = _place(index.keys, state)
                    if index.keys[place] != 0:
                        value = index.values[place]
                        term = (value >> TERM) - 1
                        flags = value if ends else flags | value
                    elif ends:
                        break
            if once and count and found[count - 1, 0] == text:
                while at < end:  # the rest may still hold a character that the index does not judge
                    code, at = _decode(data, at)
                    rare[text] |= index.codes[code] & RARE != 0
    return found[:count].copy()


@compiled
def _word_at(codes: Int32s, data: Bytes, at: Number) -> bool:
    code, _ = _decode(data, at)
    return bool(codes[code] & WORD)


@compiled
def longest_first(found: Int64s) -> Bools:
    """Tell which occurrences `re.finditer` gives for an alternation that begins with the longest phrase."""
    kept = np.zeros(len(found), np.bool_)
    at, free, record = 0, 0, -1
    while at < len(found):
        if found[at, 0] != record:
            record, free = found[at, 0], 0
        best = at
        while at < len(found) and found[at, 0] == record and found[at, 1] == found[best, 1]:
            at += 1
        if found[best, 1] >= free:
            kept[at - 1] = True
            free = found[at - 1, 2]
    return kept
