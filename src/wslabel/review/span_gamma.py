"""The measure γ: how far two reviewers agree on where spans are and what they are, beyond chance."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.decisions import Span

SHIFTS = 30
"""Shifted copies that chance is told from."""
REACH = 0.21
"""How far beyond its ends, in lengths, a span may be aligned: farther off it costs as much as two that stay alone."""
ALONE = 1.0
"""What a span costs that is aligned to none."""


@dataclass(frozen=True, eq=False)
class Disorder:
    """What two reviewers' spans cost in n texts.

    Attributes
    ----------
    costs
        n numbers: what the best alignment of both reviewers' spans costs.
    spans
        n numbers: the mean count of both reviewers' spans.
    expected
        What spans cost by chance, for one of `spans`; 0 where there are none.
    """

    costs: Floats
    spans: Floats
    expected: float


def disorder(pairs: Sequence[tuple[Sequence[Span], Sequence[Span]]], lengths: Sequence[int], seed: int) -> Disorder:
    """Compare two reviewers' spans in n texts, and with chance.

    A span u and one of the other reviewer, v, may be aligned at the cost ``d(u, v) = ((|start_u − start_v| +
    |end_u − end_v|) / (length_u + length_v))² + [label_u ≠ label_v]``; one that stays alone costs 1. The cost of a text
    is that of its cheapest alignment (H. Kuhn's assignment). By chance, the same spans are as many and as long and lie
    as close, but know nothing of each other: the texts are laid end to end, and the second reviewer's spans are moved
    by a random distance, around the end, as the source does.

    Source: Y. Mathet, A. Widlöcher and J.-P. Métivier, "The Unified and Holistic Method Gamma (γ) for Inter-Annotator
    Agreement Measure and Alignment", Computational Linguistics 41 (2015), doi:10.1162/COLI_a_00227, with its
    dissimilarities d_pos and nominal d_cat, both of weight 1, and Δ∅ = 1. Theirs aligns all annotators at once; this
    is of two, and of more it is the mean over pairs.

    Parameters
    ----------
    pairs
        For each text the spans of both.
    lengths
        n lengths of the texts, in characters.
    """
    costs = np.array([_cost(_columns(one), _columns(other)) for one, other in pairs], np.float64)
    spans = np.array([(len(one) + len(other)) / 2 for one, other in pairs])
    return Disorder(costs, spans, _by_chance(pairs, lengths, seed))


def _by_chance(pairs: Sequence[tuple[Sequence[Span], Sequence[Span]]], lengths: Sequence[int], seed: int) -> float:
    places = np.cumsum([0, *lengths])
    one, other = (_columns([_moved(s, int(at)) for pair, at in zip(pairs, places) for s in pair[k]]) for k in (0, 1))
    whole, many = int(places[-1]), len(one[0]) + len(other[0])
    if not many or not whole:
        return 0.0
    least = min(int((sum((one[1] - one[0]).tolist()) + sum((other[1] - other[0]).tolist())) / many), whole // 3)
    shifts = np.random.default_rng(seed).integers(least, max(whole - least, least + 1), SHIFTS)
    return float(np.mean([_cost(one, _shifted(other, shift, whole)) for shift in shifts]) / (many / 2))


def _moved(span: Span, by: int) -> Span:
    return span[0] + by, span[1] + by, span[2]


Columns = tuple[Ints, Ints, "np.ndarray[tuple[int], np.dtype[np.object_]]"]


def _columns(spans: Sequence[Span]) -> Columns:
    start, end = (np.array([span[k] for span in spans], np.int64) for k in (0, 1))
    return start, end, np.array([*(span[2] for span in spans), None], object)[:-1]


def _shifted(spans: Columns, by: int, whole: int) -> Columns:
    start = (spans[0] + by) % whole
    return start, start + spans[1] - spans[0], spans[2]


def _cost(one: Columns, other: Columns) -> float:
    """Return what the cheapest alignment costs, part by part: spans of different parts are too far from each other."""
    return sum(_aligned(one, other, mine, theirs) for mine, theirs in _parts(one, other))


def _parts(one: Columns, other: Columns) -> Iterator[tuple[list[int], list[int]]]:
    """Yield the places of spans among which alignments are possible."""
    start, end = (np.concatenate([one[k], other[k]]) for k in (0, 1))
    reach = REACH * (end - start)
    low, high = start - reach, end + reach
    order = np.argsort(low, kind="stable")
    until = np.maximum.accumulate(high[order]) if len(order) else high
    cuts = np.flatnonzero(low[order][1:] > until[:-1]) + 1
    for part in np.split(order, cuts) if len(order) else ():
        found = sorted(part.tolist())
        middle = bisect_left(found, len(one[0]))
        yield found[:middle], [place - len(one[0]) for place in found[middle:]]


def _aligned(one: Columns, other: Columns, mine: list[int], theirs: list[int]) -> float:
    alone = ALONE * (len(mine) + len(theirs))
    if not mine or not theirs:
        return alone
    start, end, label = (column[mine][:, None] for column in one)
    starts, ends, labels = (column[theirs][None] for column in other)
    apart = (abs(start - starts) + abs(end - ends)) / (end - start + ends - starts)
    saved = np.minimum(apart**2 + (label != labels).astype(np.float64) - 2 * ALONE, 0.0)
    if len(mine) == 1 or len(theirs) == 1:
        return alone + float(saved.min())
    from scipy.optimize import linear_sum_assignment

    return alone + float(saved[linear_sum_assignment(saved)].sum())
