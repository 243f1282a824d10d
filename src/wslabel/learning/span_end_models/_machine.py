"""Learning and applying a regression over tags of tokens, as machine code. Imports numba; hence it is imported late."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.compiling import compiled

ROOM = 64
"""More features than a token ever has."""
SMALLEST = 1e-3
"""Of what a token is off by in all, what teaches nothing more."""
CAUTION = 0.1
"""What the sum of squared slopes begins with, so that a feature's first step is no leap."""


@compiled
def _gather(
    at: int, words: Ints, record: Ints, tables: Any, pairs: Ints, offsets: Ints, near: Ints, found: Ints
) -> int:
    """Write the features of a token to `found` and the words around it to `near`; return how many features."""
    count, middle = 0, len(near) // 2
    for place in range(len(near)):
        there = at + place - middle
        word = words[there] if 0 <= there < len(words) and record[there] == record[at] else 0
        near[place] = word
        first, features = tables[1] if place == middle else tables[0]
        for cell in range(first[word], first[word + 1]):
            found[count] = offsets[place] + features[cell]
            count += 1
    for side in range(len(pairs)):
        if pairs[side, at] >= 0:
            found[count] = offsets[len(near) + side] + pairs[side, at]
            count += 1
    return count


@compiled
def _shares(
    found: Ints, near: Ints, vectors: Floats, weights: Floats, dense: Floats, bias: Floats, out: Floats
) -> None:
    """Write the probabilities of the tags to `out`."""
    for k in range(len(bias)):
        out[k] = bias[k]
    for feature in found:
        for k in range(len(bias)):
            out[k] += weights[feature, k]
    for place in range(len(near)):
        for d in range(vectors.shape[1]):
            for k in range(len(bias)):
                out[k] += vectors[near[place], d] * dense[place, d, k]
    top, total = out.max(), 0.0
    for k in range(len(bias)):
        out[k] = np.exp(out[k] - top)
        total += out[k]
    for k in range(len(bias)):
        out[k] /= total


@compiled
def learn(
    order: Ints,
    counted: Floats,
    tags: Floats,
    rate: float,
    words: Ints,
    record: Ints,
    tables: Any,
    pairs: Ints,
    offsets: Ints,
    vectors: Floats,
    weights: Floats,
    dense: Floats,
    bias: Floats,
) -> None:
    """Go through the tokens in this order; each moves the weights of its features by what its tags are off by.

    The step of a weight is divided by the root of its squared slopes so far (AdaGrad: J. Duchi, E. Hazan, Y. Singer,
    "Adaptive Subgradient Methods", JMLR 12 (2011)): rare features learn as fast as frequent ones.
    """
    slope, off = np.full_like(weights, CAUTION), np.zeros_like(bias)
    slope_dense, slope_bias = np.full_like(dense, CAUTION), np.full_like(bias, CAUTION)
    near, room = np.zeros(len(dense), np.int64), np.zeros(ROOM, np.int64)
    for at in order:
        found = room[: _gather(at, words, record, tables, pairs, offsets, near, room)]
        _shares(found, near, vectors, weights, dense, bias, off)
        total = 0.0
        for k in range(len(bias)):
            off[k] = counted[at] * (off[k] - tags[at, k])
            total += abs(off[k])
        if total < SMALLEST:
            continue
        for k in range(len(bias)):
            slope_bias[k] += off[k] ** 2
            bias[k] -= rate * off[k] / np.sqrt(slope_bias[k])
        for feature in found:
            for k in range(len(bias)):
                slope[feature, k] += off[k] ** 2
                weights[feature, k] -= rate * off[k] / np.sqrt(slope[feature, k])
        for place in range(len(near)):
            for d in range(vectors.shape[1]):
                value = vectors[near[place], d]
                if value != 0:
                    for k in range(len(bias)):
                        step = off[k] * value
                        slope_dense[place, d, k] += step**2
                        dense[place, d, k] -= rate * step / np.sqrt(slope_dense[place, d, k])


@compiled
def tag(
    some: Ints,
    out: Floats,
    words: Ints,
    record: Ints,
    tables: Any,
    pairs: Ints,
    offsets: Ints,
    vectors: Floats,
    weights: Floats,
    dense: Floats,
    bias: Floats,
) -> None:
    """Write the probabilities of the tags of some tokens to their rows of `out`."""
    near, room = np.zeros(len(dense), np.int64), np.zeros(ROOM, np.int64)
    for at in some:
        found = room[: _gather(at, words, record, tables, pairs, offsets, near, room)]
        _shares(found, near, vectors, weights, dense, bias, out[at])


@compiled
def best_path(logs: Floats, steps: Floats, first: Ints) -> NDArray[np.int64]:
    """Return the best sequence of tags of each text (Viterbi 1967).

    Parameters
    ----------
    logs
        tokens × tags.
    steps
        tags × tags: what it is worth to go from one tag to another; -inf where that cannot be.
    first
        Where the tokens of each text begin, and the end. No text begins with an inner tag (2, 4, …).
    """
    tags = logs.shape[1]
    out, came = np.zeros(len(logs), np.int64), np.zeros(logs.shape, np.int64)
    for text in range(len(first) - 1):
        begin, end = first[text], first[text + 1]
        if begin == end:
            continue
        best = logs[begin].copy()
        best[2::2] = -np.inf
        for at in range(begin + 1, end):
            reached = np.full(tags, -np.inf)
            for k in range(tags):
                for before in range(tags):
                    if best[before] + steps[before, k] > reached[k]:
                        reached[k], came[at, k] = best[before] + steps[before, k], before
                reached[k] += logs[at, k]
            best = reached
        k = best.argmax()
        for at in range(end - 1, begin - 1, -1):
            out[at] = k
            k = came[at, k]
    return out
