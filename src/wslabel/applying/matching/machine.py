"""The machine code of the automaton: built and run by numba.

All of it stands in this one file, because numba's cache of compiled code looks at the file of a function and not at
what the function calls.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from wslabel.applying.matching.arrays import Bools, Bytes, Int32s, Int64s, Marks, Number, States, Words
from wslabel.core.compiling import compiled

ROOT, INSIDE = 0, 1
"""The states of no prefix: where a phrase may begin, and behind a word character, where none may."""

EVENTS = 1024
LANES = 8


class Trie(NamedTuple):
    """The prefixes of all phrases: states in order of their length, so that the children of a state are neighbours."""

    first: Int32s
    label: Int32s
    parent: Int32s
    ends: Int32s


class Automaton(NamedTuple):
    """Aho and Corasick's automaton (CACM 18, 1975) over classes of equal characters.

    A state is the longest prefix of a phrase that the text read so far ends in and that began where a phrase may
    begin. A state is written as the offset of its row in `delta`; deep states of a large vocabulary have no row,
    are numbered from the end of `delta` on, and find their children by search.

    Attributes
    ----------
    classes
        The class of every code point; of an odd one the complement of it.
    apart
        Whether characters of a class may touch a phrase.
    delta
        The next state by state and class, with the highest bit set where phrases of the old state end here. Deep
        states of a large vocabulary have no row and find their children by search.
    first, label, fail
        By state: its first child, the class it was reached by, the longest proper suffix.
    out
        By state: the longest suffix (or the state itself) that is a phrase, or -1.
    only
        By state: the one slot to mark, where what ends here comes to just that, or -1.
    phrase
        By state: which phrase it is, or -1.
    variants, spelling, spellings, slot, slots
        By phrase its variants; by variant where its exact spelling in UTF-8 begins (it has none where case is
        ignored), and its slots.
    """

    classes: Int32s
    apart: Bools
    delta: States
    first: Int32s
    label: Int32s
    fail: Int32s
    out: Int32s
    only: Int32s
    phrase: Int32s
    variants: Int32s
    spelling: Int64s
    spellings: Bytes
    slot: Int64s
    slots: Int32s


@compiled
def grow(labels: Int32s, starts: Int64s) -> tuple[Int32s, Int32s, Int32s, Int32s]:
    """Return parent, label and depth by node in depth-first order, and the node of each of the sorted phrases."""
    size = len(labels) + 1
    parent, label, depth = np.zeros(size, np.int32), np.zeros(size, np.int32), np.zeros(size, np.int32)
    path = np.zeros(size, np.int32)
    ends = np.zeros(len(starts) - 1, np.int32)
    nodes, deep = 1, 0
    for phrase in range(len(starts) - 1):
        begin, length = starts[phrase], starts[phrase + 1] - starts[phrase]
        shared = 0
        while shared < min(deep, length) and label[path[shared + 1]] == labels[begin + shared]:
            shared += 1
        for at in range(shared, length):
            parent[nodes], label[nodes], depth[nodes] = path[at], labels[begin + at], at + 1
            path[at + 1] = nodes
            nodes += 1
        deep = length
        ends[phrase] = path[length]
    return parent[:nodes].copy(), label[:nodes].copy(), depth[:nodes].copy(), ends


@compiled
def _child(first: Int32s, label: Int32s, state: Number, kind: Number) -> Number:
    low, high = first[state], first[state + 1]
    while low < high:
        middle = (low + high) // 2
        if label[middle] < kind:
            low = middle + 1
        else:
            high = middle
    return int(low) if low < first[state + 1] and label[low] == kind else -1


@compiled
def link(trie: Trie, phrase: Int32s, apart: Bools, delta: States) -> tuple[Int32s, Int32s]:
    """Fill the table of next states; return for every state its fail link and the longest suffix that is a phrase."""
    first, label, parent = trie.first, trie.label, trie.parent
    states, rows, width = len(label), len(delta), len(apart)
    fail, out = np.zeros(states, np.int32), np.full(states, -1, np.int32)
    for kind in range(width):
        delta[ROOT, kind] = delta[INSIDE, kind] = ROOT if apart[kind] else INSIDE
    for child in range(first[ROOT], first[ROOT + 1]):
        delta[ROOT, label[child]] = child
    for state in range(2, states):
        kind = label[state]
        if parent[state] == ROOT:
            fail[state] = ROOT if apart[kind] else INSIDE
        else:
            suffix = fail[parent[state]]
            found: Number = -1
            while suffix >= rows:
                found = _child(first, label, suffix, kind)
                if found >= 0:
                    break
                suffix = fail[suffix]
            fail[state] = found if found >= 0 else delta[suffix, kind]
        out[state] = state if phrase[state] >= 0 else out[fail[state]]
        if state < rows:
            delta[state] = delta[fail[state]]
            for child in range(first[state], first[state + 1]):
                delta[state, label[child]] = child
    ends = 1 << (8 * delta.itemsize - 1)
    for state in range(rows):
        if out[state] >= 0:
            for kind in range(width):
                if apart[kind]:
                    delta[state, kind] |= ends
    return fail, out


@compiled
def _search(machine: Automaton, state: Number, kind: Number, ends: Number) -> Number:
    """Return what `delta` would hold for a state that has no row."""
    rows = len(machine.delta)
    flag = ends if machine.apart[kind] and machine.out[state] >= 0 else 0
    while state >= rows:
        child = _child(machine.first, machine.label, state, kind)
        if child >= 0:
            return child | flag
        state = machine.fail[state]
    return int(machine.delta[state, kind]) & (ends - 1) | flag


@compiled
def _report(machine: Automaton, data: Bytes, events: Int64s, marks: Marks, found: Marks) -> None:
    """Mark the slots of the phrases that end in each event: a state, the place behind it, and the record."""
    for event in range(len(events)):
        state, end, row = events[event]
        slot = machine.only[state]
        if slot >= 0:
            found[slot, row] = marks[slot]
            continue
        number = machine.out[state]
        while number >= 0:
            phrase = machine.phrase[number]
            for variant in range(machine.variants[phrase], machine.variants[phrase + 1]):
                if _spelt(machine, variant, data, end):
                    for at in range(machine.slot[variant], machine.slot[variant + 1]):
                        slot = machine.slots[at]
                        found[slot, row] = marks[slot]
            number = machine.out[machine.fail[number]]


@compiled
def _spelt(machine: Automaton, variant: Number, data: Bytes, end: Number) -> bool:
    """Tell whether the exact spelling of the variant, if it has one, stands before `end`."""
    low, high = machine.spelling[variant], machine.spelling[variant + 1]
    for back in range(1, min(high - low, end) + 1):
        if machine.spellings[high - back] != data[end - back]:
            return False
    return bool(high - low <= end)


@compiled
def scan(machine: Automaton, data: Bytes, offsets: Int64s, marks: Marks, found: Marks, odd: Bools) -> None:
    """Write into `found` (slots x records) the mark of each slot that occurs in a text; tell the odd texts.

    The texts must be valid UTF-8. Some are read in turns, a character of each, and what ends in them is reported many
    events at a time: so the processor does not wait for the next state of one text while it could read another.
    Indices are unsigned, as a sign would be tested at each step.
    """
    delta, rows, width = machine.delta.ravel(), np.uint64(machine.delta.shape[0]), np.uint64(machine.delta.shape[1])
    ends = np.uint64(1 << (8 * delta.itemsize - 1))
    ascii_classes = machine.classes[:128].astype(np.uint64)
    events, count = np.empty((EVENTS + LANES, 3), np.int64), 0
    at, end, state = np.zeros(LANES, np.uint64), np.zeros(LANES, np.uint64), np.zeros(LANES, np.uint64)
    row = np.zeros(LANES, np.int64)
    texts = len(offsets) - 1
    lanes = upcoming = min(LANES, texts)
    for lane in range(lanes):
        at[lane], end[lane], row[lane] = offsets[lane], offsets[lane + 1], lane
    while lanes:
        for lane in range(lanes):
            here, old, kind = at[lane], state[lane], np.uint64(0)
            after = here + np.uint64(1)
            last = here >= end[lane]
            if not last:  # behind the last character stands, as it were, one of class 0
                byte = data[here]
                if byte < 0x80:
                    kind = ascii_classes[byte]
                else:
                    code, length = _decode(data, here)
                    after = here + np.uint64(length)
                    known = machine.classes[code]
                    odd[row[lane]] |= known < 0
                    kind = np.uint64(~known if known < 0 else known)
            if old < rows:
                following = np.uint64(delta[old * width + kind])
            else:
                following = np.uint64(_search(machine, np.int64(old), np.int64(kind), np.int64(ends)))
            if following & ends:
                events[count, 0], events[count, 1], events[count, 2] = old, here, row[lane]
                following ^= ends
                count += 1
            if last:
                following, row[lane] = np.uint64(0), upcoming
                if upcoming < texts:
                    after, end[lane] = np.uint64(offsets[upcoming]), offsets[upcoming + 1]
                    upcoming += 1
            state[lane], at[lane] = following, after
        if count >= EVENTS:
            _report(machine, data, events[:count], marks, found)
            count = 0
        if upcoming == texts:
            lanes = _close_up(lanes, texts, at, end, state, row)
    _report(machine, data, events[:count], marks, found)


@compiled
def _close_up(lanes: int, texts: int, at: Words, end: Words, state: Words, row: Int64s) -> int:
    """Move the lanes that still have a text together; return how many they are."""
    busy = 0
    for lane in range(lanes):
        if row[lane] < texts:
            at[busy], end[busy], state[busy], row[busy] = at[lane], end[lane], state[lane], row[lane]
            busy += 1
    return busy


@compiled
def _decode(data: Bytes, at: Number) -> tuple[Number, Number]:
    """Return the code point of more than one byte that begins at `at`, and its length."""
    code = int(data[at])
    length = 2 if code < 0xE0 else 3 if code < 0xF0 else 4
    code &= 0xFF >> (length + 1)
    for further in range(1, length):
        code = code << 6 | int(data[at + np.uint64(further)]) & 0x3F
    return code, length
