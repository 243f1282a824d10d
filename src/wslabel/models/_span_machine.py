"""Forward and backward over clusters of span votes, as machine code. Imports numba; hence it is imported late."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.compiling import compiled

EXACT, INSIDE, AROUND, ACROSS, OTHER, NOTHING = range(6)
"""What a vote may be to the truth: the same span; inside, around or across a span of its label; on a span of another
label; on nothing."""
KINDS = 6


@compiled
def shared(of_vote: Ints, lf: Ints, start: Ints, end: Ints, out: NDArray[np.bool_]) -> None:
    """Tell which votes are touched by a vote of another LF in their cluster."""
    for cluster in range(len(of_vote) - 1):
        for one in range(of_vote[cluster], of_vote[cluster + 1]):
            for other in range(one + 1, of_vote[cluster + 1]):
                if lf[one] != lf[other] and start[one] < end[other] and start[other] < end[one]:
                    out[one] = out[other] = True


@compiled
def pieces(of_vote: Ints, lf: Ints, start: Ints, end: Ints, lfs: int, out: Floats) -> None:
    """Count for each vote those of its LF, itself included, that lie with it in one vote of another LF; at least 1."""
    count = np.zeros(lfs, np.int64)
    for cluster in range(len(of_vote) - 1):
        first, last = of_vote[cluster], of_vote[cluster + 1]
        for whole in range(first, last):
            for one in range(first, last):
                if start[whole] <= start[one] and end[one] <= end[whole]:
                    count[lf[one]] += 1
            for one in range(first, last):
                if start[whole] <= start[one] and end[one] <= end[whole] and lf[one] != lf[whole]:
                    out[one] = max(out[one], float(count[lf[one]]))
            for one in range(first, last):
                count[lf[one]] = 0


@compiled
def kind_of(start: int, end: int, other_start: int, other_end: int, fits: bool) -> int:
    """Return what a vote is to a span that it overlaps."""
    if not fits:
        return 4
    if start == other_start and end == other_end:
        return 0
    if other_start <= start and end <= other_end:
        return 1
    return 2 if start <= other_start and other_end <= end else 3


@compiled
def _plus(left: float, right: float) -> float:
    """Return the logarithm of the sum of two numbers given by logarithms."""
    if left < right:
        left, right = right, left
    return left if right == -math.inf else left + math.log1p(math.exp(right - left))


@compiled
def marginals(
    of_vote: Ints,
    of_candidate: Ints,
    segments: Ints,
    code: Ints,
    vote_start: Ints,
    vote_end: Ints,
    weight: Floats,
    label: Ints,
    start: Ints,
    end: Ints,
    names: int,
    fits: NDArray[np.bool_],
    logs: Floats,
    confused: Floats,
    prior: float,
    out: Floats,
    kinds: Floats,
    confusions: Floats,
) -> None:
    """Compute the probability of each candidate, and what each vote is to the truth.

    Parameters
    ----------
    of_vote, of_candidate, segments, code, vote_start, vote_end, label, start, end
        As in `Clusters`.
    weight
        For each vote how much it counts.
    names
        How many things may be voted.
    fits
        names × K: whether what was voted may be the label.
    logs
        (m·names) × KINDS log-probabilities.
    confused
        names × K: what is added where a vote is on a span of that label instead.
    prior
        The log-odds that a candidate begins, beside that it does not.
    out
        Gets the probability of each candidate.
    kinds
        Gets votes × KINDS expectations.
    confusions
        Gets names × K expected numbers of votes on spans of that label instead, of spans that at least two votes tell:
        where one vote stands against one, learning would confirm what is believed already.
    """
    widest = segments.max() + 1 if len(segments) else 1
    most = np.diff(of_candidate).max() if len(segments) else 0
    nothing, forward, backward = np.zeros(widest), np.zeros(widest), np.zeros(widest)
    score, exact = np.zeros(most), np.zeros(most, np.int64)
    for cluster in range(len(segments)):
        v0, v1 = of_vote[cluster], of_vote[cluster + 1]
        c0, c1 = of_candidate[cluster], of_candidate[cluster + 1]
        size = segments[cluster]
        nothing[:size] = 0.0
        score[: c1 - c0], exact[: c1 - c0] = prior, 0
        for vote in range(v0, v1):
            length = vote_end[vote] - vote_start[vote]
            row, scale = code[vote], weight[vote] / length
            for segment in range(vote_start[vote], vote_end[vote]):
                nothing[segment] += logs[row, 5] * scale
            for one in range(c0, c1):
                common = min(end[one], vote_end[vote]) - max(start[one], vote_start[vote])
                if common > 0:
                    fit = fits[code[vote] % names, label[one]]
                    kind = kind_of(vote_start[vote], vote_end[vote], start[one], end[one], fit)
                    score[one - c0] += logs[row, kind] * common * scale
                    exact[one - c0] += kind == 0
                    if kind == 4:
                        score[one - c0] += confused[row % names, label[one]] * common * scale
        forward[0], forward[1 : size + 1] = 0.0, -math.inf
        one = c0
        for segment in range(1, size + 1):
            forward[segment] = forward[segment - 1] + nothing[segment - 1]
            while one < c1 and end[one] == segment:
                forward[segment] = _plus(forward[segment], forward[start[one]] + score[one - c0])
                one += 1
        backward[size], backward[:size] = 0.0, -math.inf
        one = c1 - 1
        for segment in range(size, 0, -1):
            backward[segment - 1] = _plus(backward[segment - 1], backward[segment] + nothing[segment - 1])
            while one >= c0 and end[one] == segment:
                at = start[one]
                backward[at] = _plus(backward[at], backward[segment] + score[one - c0])
                one -= 1
        whole = forward[size]
        for one in range(c0, c1):
            out[one] = math.exp(min(0.0, forward[start[one]] + score[one - c0] + backward[end[one]] - whole))
        for vote in range(v0, v1):
            length = vote_end[vote] - vote_start[vote]
            left = 1.0
            for kind in range(6):
                kinds[vote, kind] = 0.0
            for one in range(c0, c1):
                common = min(end[one], vote_end[vote]) - max(start[one], vote_start[vote])
                if common > 0:
                    fit = fits[code[vote] % names, label[one]]
                    kind = kind_of(vote_start[vote], vote_end[vote], start[one], end[one], fit)
                    share = out[one] * common / length
                    kinds[vote, kind] += share
                    if kind == 4 and exact[one - c0] > 1:
                        confusions[code[vote] % names, label[one]] += share
                    left -= share
            kinds[vote, 5] = max(0.0, left)


@compiled
def chosen(of_candidate: Ints, segments: Ints, start: Ints, end: Ints, gain: Floats, out: NDArray[np.bool_]) -> None:
    """Mark the candidates that do not overlap and whose gains sum to the most; those without gain are left out."""
    widest = segments.max() + 1 if len(segments) else 1
    best, by = np.zeros(widest), np.zeros(widest, np.int64)
    for cluster in range(len(segments)):
        one, c1 = of_candidate[cluster], of_candidate[cluster + 1]
        best[0] = 0.0
        for segment in range(1, segments[cluster] + 1):
            best[segment], by[segment] = best[segment - 1], -1
            while one < c1 and end[one] == segment:
                if best[start[one]] + gain[one] > best[segment]:
                    best[segment], by[segment] = best[start[one]] + gain[one], one
                one += 1
        at = segments[cluster]
        while at > 0:
            if by[at] >= 0:
                out[by[at]] = True
                at = start[by[at]]
            else:
                at -= 1
