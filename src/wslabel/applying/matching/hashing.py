"""The machine code of the index of phrases: built and read by numba. All of it stands here; see `machine`."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from wslabel.applying.matching.arrays import Bools, Bytes, Int32s, Int64s, Number, Words
from wslabel.core.compiling import compiled

WORD, RARE = 1 << 24, 1 << 25
"""Bits of `Index.codes` above the folded code point: a word character; one that the index does not judge."""
FOLD = WORD - 1
MORE, LOOSE, TERM = 1, 2, 2
"""Bits of `Index.values`: a phrase goes on; one ends before the next word does; how far the phrase is shifted."""
EVERY, LONGEST, FIRST = 0, 1, 2
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
    table
        Hashes, 0 in an empty place, beside ``phrase + 1 << TERM | MORE | LOOSE`` with phrase -1 where none ends.
    data, offsets
        The phrases in UTF-8, and where each begins and the last ends.
    longest
        The characters of the longest phrase.
    """

    codes: Int32s
    opens: Bools
    table: Words
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
def _place(table: Words, key: Number) -> np.int64:
    """Return where the key stands, or the empty place where it would."""
    mask = np.uint64(len(table) - 1)
    place = np.uint64(key) & mask
    while table[place, 0] != 0 and table[place, 0] != key:
        place = (place + np.uint64(1)) & mask
    return np.int64(place)


@compiled
def _token(codes: Int32s, data: Bytes, at: Number, until: Number, seed: Number) -> tuple[Any, ...]:
    """Read the token that begins at `at`: return its end, its characters, its hash, its first character, all bits."""
    code, after = _decode(data, at)
    first = codes[code]
    bits, count, state = first, 1, _mix(seed, first & FOLD)
    if not first & WORD:
        return after, count, state, first, bits
    while after < until:
        byte, following = data[after], after + 1
        if byte < 0x80:
            known = codes[byte]
        else:
            code, following = _decode(data, after)
            known = codes[code]
        if not known & WORD:
            break
        bits |= known
        state = _mix(state, known & FOLD)
        after, count = following, count + 1
    return after, count, state, first, bits


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
            at, length, token, known, _ = _token(index.codes, index.data, at, end, seed)
            word = known & WORD != 0
            state, count = _mix(state, token), count + length
            if not (first or word or at == end):
                continue
            place = _place(index.table, state)
            if index.table[place, 0] == 0:
                used += 1
                if state == 0:
                    return -2
                if used * 4 > len(index.table) * 3:
                    return -1
                index.table[place, 0] = state
            if last >= 0:
                index.table[last, 1] |= np.uint64(MORE if word else MORE | LOOSE)
            last, first = place, False
            if at == end:
                old = (np.int64(index.table[place, 1]) >> TERM) - 1
                if old < 0:
                    index.table[place, 1] |= np.uint64((term + 1) << TERM)
                elif not _same(
                    index.codes, index.data, begin, end, index.data, index.offsets[old], index.offsets[old + 1]
                ):
                    return -2
        code, _ = _decode(index.data, begin)
        index.opens[index.codes[code] & 127] = True
        index.longest[0] = max(index.longest[0], count)
    return used


@compiled
def _read(
    index: Index, data: Bytes, at: Number, end: Number, seed: Number, ends: Int64s, states: Words, known: Int64s
) -> tuple[int, Number]:
    """Read a text's tokens; return how many they are and all their bits.

    Of each token, `ends` gets its end in bytes and in characters and whether it is a word, and `known` what the table
    tells of it as a first token. This is asked of all tokens before any is looked at more closely, and so is the next
    word behind it, because then the processor waits for many places of the table at once.
    """
    count, here, behind, table, codes, opens = 0, 0, False, index.table, index.codes, index.opens
    bits = np.int32(0)
    while at < end:  # as `_token` does; calls would count references to the arrays at each token
        state, word, length, start = seed, False, 0, True
        while at < end:
            byte = data[at]
            known_as, after = codes[byte], at + 1
            if byte >= 0x80:
                code, after = _decode(data, at)
                known_as = codes[code]
            if start:
                word = known_as & WORD != 0
                known[count] = -1 if not behind and opens[known_as & 127] else -2
                start = False
            elif not known_as & WORD:
                break
            bits |= known_as
            state = _mix(state, known_as & FOLD)
            at, length = after, length + 1
            if not word:
                break
        here, behind = here + length, word
        ends[count, 0], ends[count, 1], ends[count, 2], states[count] = at, here, word, state
        count += 1
    mask, touched = np.uint64(len(table) - 1), np.uint64(0)
    for token in range(count):
        if known[token] == -1:
            key = _mix(seed, states[token])
            place = key & mask
            while table[place, 0] != 0 and table[place, 0] != key:
                place = (place + np.uint64(1)) & mask
            known[token] = np.int64(table[place, 1]) if table[place, 0] != 0 else np.int64(-1)
    for token in range(count - 2):
        if known[token] >= 0 and known[token] & MORE:
            state = _mix(_mix(_mix(seed, states[token]), states[token + 1]), states[token + 2])
            touched |= table[state & mask, 0]
    states[count] = touched  # else the compiler would not read it
    return count, bits


@compiled
def find(index: Index, data: Bytes, offsets: Int64s, rare: Bools, seed: Number, mode: int) -> tuple[Int32s, bool]:
    """Return (record, start, end, phrase) of occurrences, in characters, in order, and whether they are right.

    With the mode `EVERY` all occurrences; with `LONGEST` those that `longest_first` keeps; with `FIRST` one of each
    text. Only `EVERY` is always right; the others are wrong, as good as never, where a text has the hash of a phrase.
    The texts must be valid UTF-8. `rare` tells afterwards in which a character is that the index does not judge.
    """
    found, count, most = np.empty((1024, 6), np.int32), 0, 0
    table, mask, longest = index.table, np.uint64(len(index.table) - 1), index.longest[0]
    for text in range(len(offsets) - 1):
        most = max(most, offsets[text + 1] - offsets[text])
    ends, states, known = np.empty((most, 3), np.int64), np.empty(most + 1, np.uint64), np.empty(most, np.int64)
    for text in range(len(offsets) - 1):
        tokens, bits = _read(index, data, offsets[text], offsets[text + 1], seed, ends, states, known)
        rare[text] = bits & RARE != 0
        first = 0
        while first < tokens:
            flags = known[first]
            if flags < 0:
                first += 1
                continue
            begin, start = (ends[first - 1, 0] - offsets[text], ends[first - 1, 1]) if first else (0, 0)
            last, term, state, hit = first, (flags >> TERM) - 1, _mix(seed, states[first]), False
            first += 1
            while True:
                if term >= 0 and (ends[last, 2] or last + 1 == tokens or not ends[last + 1, 2]):
                    if count == len(found):
                        found = np.concatenate((found, np.empty_like(found)))
                    found[count, 0], found[count, 1], found[count, 2] = text, start, ends[last, 1]
                    found[count, 3], found[count, 4], found[count, 5] = term, begin, ends[last, 0] - offsets[text]
                    if mode == EVERY:
                        count += 1
                    else:  # a longer one of the same start takes its place
                        hit, first = True, last + 1
                last += 1
                if not flags & MORE or last == tokens or ends[last - 1, 1] - start >= longest:
                    break
                state, term = _mix(state, states[last]), -1
                if ends[last, 2] or flags & LOOSE:
                    place = state & mask
                    while table[place, 0] != 0 and table[place, 0] != state:
                        place = (place + np.uint64(1)) & mask
                    value = np.int64(table[place, 1]) if table[place, 0] != 0 else np.int64(-1)
                    if value >= 0:
                        term = (value >> TERM) - 1
                        flags = value if ends[last, 2] else flags | value
                    elif ends[last, 2]:
                        break
            if hit:
                count += 1
                if mode == FIRST:
                    break
    kept, phrases, own = 0, index.data, index.offsets
    for one in range(count):
        term, begin = found[one, 3], offsets[found[one, 0]] + found[one, 4]
        low, length, same = own[term], found[one, 5] - found[one, 4], 0
        if own[term + 1] - low == length:
            while same < length and data[begin + same] == phrases[low + same]:
                same += 1
        if same == length or _same(index.codes, data, begin, begin + length, phrases, low, own[term + 1]):
            for column in range(4):
                found[kept, column] = found[one, column]
            kept += 1
    return found[:kept, :4].copy(), mode == EVERY or kept == count


@compiled
def longest_first(found: Int32s) -> Bools:
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
