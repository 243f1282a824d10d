"""An accuracy that holds whenever one looks: when may the audit stop?"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.decisions import Decision, standing
from wslabel.core.labels import Labels
from wslabel.core.span_labels import SpanLabels
from wslabel.review.answers import Answers, gather
from wslabel.review.audit import AuditSample
from wslabel.review.whole_records import as_whole

ERROR_RATES = np.concatenate([[0.0], np.geomspace(1e-4, 1.0, 400)])
"""Shares of wrong labels that are tested."""
BOLDNESS = 0.75
"""The largest part of what is at hand that is bet at once."""
SPREAD = 0.25
"""The variance that is assumed before anything was seen, with the weight of one answer."""

Mask = NDArray[np.bool_]


def accuracy_bound(
    labels: Labels | SpanLabels,
    sample: AuditSample,
    decisions: Iterable[Decision],
    only: Mask | None = None,
    confidence: float = 0.95,
) -> float:
    """Return an accuracy that the export has at least, at every look: a valid test may stop when it is enough.

    A share of wrong labels is ruled out when a gambler who bets against it has multiplied what they had by
    1 / (1 − confidence), at any time: under that share the capital is a martingale, and the chance that it ever grows
    so far is below 1 − confidence. Each record that comes up in the audit is one bet on
    ``(errors known + (wrong − λ doubt) / its chance + λ Σ doubt of those left) / population``, whose mean is the share
    of wrong labels whichever records other decisions have taken out before; bets and λ follow from earlier answers.
    A record that came up and was not settled counts as wrong. Of spans, a record is right where all of its spans are,
    and none is missing.

    Source: I. Waudby-Smith and A. Ramdas, "Estimating means of bounded random variables by betting", JRSS B 86 (2024),
    doi:10.1093/jrsssb/qkad009; S. Shekhar et al., "Risk-limiting financial audits via weighted sampling without
    replacement", UAI 2023.

    Parameters
    ----------
    labels, sample, decisions, only
        As in `estimate_accuracy`; the decisions in the order they were made.
    confidence
        The probability that the bound holds at all looks together.

    Returns
    -------
    float
        0..1; 0 before anything was audited.
    """
    if isinstance(labels, SpanLabels):
        labels, sample, decisions = as_whole(labels, sample, decisions)
    stand = standing(decisions)
    found = gather(labels, sample, stand, only)
    if not len(found.rows):
        return 1.0 if found.exported else 0.0
    when = {one.id: place for place, one in enumerate(stand)}
    turn = np.array([when.get(record, len(stand)) for record in labels.ids[found.rows].tolist()])
    worst = _largest_rate(found, turn, 1 / (1 - confidence)) * len(found.rows)
    left = min(max(worst - int(found.wrong.sum()), 0.0), float((~found.known).sum()))
    return max(1 - left / found.exported, 0.0) if found.exported else 0.0


def _largest_rate(found: Answers, turn: Ints, enough: float) -> float:
    """Return the largest share of wrong labels in the population that no bet has ruled out."""
    capital, ruled_out = np.zeros(len(ERROR_RATES)), np.zeros(len(ERROR_RATES), np.bool_)
    gambler = _Gambler()
    for wrong, doubt, value, most in _bets(found, turn, gambler):
        stake = gambler.stakes(ERROR_RATES, most)
        capital += np.log1p(stake * (ERROR_RATES - value))
        ruled_out |= capital >= np.log(enough)
        gambler.learn(wrong, doubt, value)
    last = int(np.flatnonzero(~ruled_out)[-1]) if not ruled_out.all() else 0
    return float(ERROR_RATES[min(last + 1, len(ERROR_RATES) - 1)])


class _Gambler:
    """What earlier bets taught: the mean and variance of the values, and λ."""

    def __init__(self) -> None:
        self.count, self.sum, self.squares, self.both, self.own = 1.0, 0.5, SPREAD + 0.25, 0.0, 1.0

    @property
    def power(self) -> float:
        """λ, by least squares, drawn towards 0."""
        return min(max(self.both / self.own, 0.0), 1.0)

    def stakes(self, rates: Floats, most: float) -> Floats:
        """Return for each rate what to bet that the values are below it (the growth-optimal bet, approximately)."""
        mean = self.sum / self.count
        variance = max(self.squares / self.count - mean**2, 1e-6)
        edge = np.maximum(rates - mean, 0.0)
        return np.minimum(edge / (variance + edge**2), BOLDNESS / np.maximum(most - rates, 1e-9))

    def learn(self, wrong: float, doubt: float, value: float) -> None:
        """Take in what a bet showed."""
        self.count, self.sum, self.squares = self.count + 1, self.sum + value, self.squares + value**2
        self.both, self.own = self.both + wrong * doubt, self.own + doubt**2


def _bets(found: Answers, turn: Ints, gambler: _Gambler) -> Iterator[tuple[float, float, float, float]]:
    """Yield for each record of the audit: wrong, doubt, the value that is bet on, and its largest possible value."""
    population, wrong = len(found.rows), found.wrong
    weights = 1.0 / np.bincount(found.stratum)[found.stratum]
    mass, doubts, errors = float(weights.sum()), float(found.doubt.sum()), 0.0
    known = deque(np.flatnonzero(found.known)[np.argsort(turn[found.known], kind="stable")].tolist())
    gone = np.zeros(population, np.bool_)

    def take(row: int, amiss: bool) -> None:
        nonlocal mass, doubts, errors
        gone[row] = True
        mass, doubts, errors = mass - weights[row], doubts - found.doubt[row], errors + amiss

    for row in np.flatnonzero(found.came).tolist():
        while known and turn[known[0]] < turn[row]:  # decided before it came up
            other = known.popleft()
            if not gone[other]:
                take(other, bool(wrong[other]))
        if gone[row]:
            continue
        amiss, doubt, base = bool(wrong[row] or not found.known[row]), found.doubt[row], errors + gambler.power * doubts
        value = base + (amiss - gambler.power * doubt) * mass / weights[row]
        yield float(amiss), float(doubt), value / population, (base + mass / weights.min()) / population
        take(row, amiss)
