"""An interval for how many of a population have a mark, from a stratified sample and a prediction of the mark."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from wslabel.core.arrays import Floats, Ints

Z95 = 1.959963984540054
"""The 97.5 % quantile of the standard normal distribution."""
PRIOR = 2.0
"""The weight of the prediction beside the answers in the shape of the strata, in answers."""
FARTHEST = 40.0
"""Logits, beyond which no share is looked for."""


@dataclass(frozen=True)
class Interval:
    """A share with its 95 % interval, all in 0..1."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{100 * self.value:.1f} % ({100 * self.low:.1f}–{100 * self.high:.1f})"


def share_interval(stratum: Ints, predicted: Floats, drawn: Ints, marks: Floats) -> Interval:
    """Estimate the share of a population that has a mark.

    The estimate is ``Σ_h W_h (mean_h(mark) − λ (mean_h(predicted) of the sample − of the population))`` over strata h
    of share W_h: prediction-powered inference, stratified. λ is tuned to the least variance and lies in 0..1.

    The interval is a score interval as Wilson's: all shares p from which the estimate is less than 1.96 standard errors
    away, with the error that it would have at p. For that the strata's shares are those observed, smoothed by the
    prediction, all moved by one logit so that their mean is p; so that the interval holds where all answers agree.

    Sources: A. Angelopoulos et al., "Prediction-powered inference", Science 382 (2023), doi:10.1126/science.adi6000;
    A. Angelopoulos, J. Duchi and T. Zrnic, "PPI++", 2023, arXiv:2311.01453 (λ); A. Fisch et al., "Stratified
    Prediction-Powered Inference", 2024, arXiv:2406.04291; E. B. Wilson, "Probable Inference", 1927.

    Parameters
    ----------
    stratum
        p strata of the population, numbered in the order of their prediction.
    predicted
        p probabilities of the mark; they may be wrong.
    drawn
        The s rows that were drawn, each stratum's by chance.
    marks
        s zeros and ones.
    """
    population = len(stratum)
    if not len(drawn):
        return Interval(0.5, 0.0, 1.0) if population else Interval(0.0, 0.0, 0.0)
    stratum = joined(stratum, drawn)
    sizes, count = np.bincount(stratum).astype(np.float64), np.bincount(stratum[drawn]).astype(np.float64)
    expected, seen = np.bincount(stratum, predicted) / sizes, np.bincount(stratum[drawn], predicted[drawn]) / count
    hits = np.bincount(stratum[drawn], marks).astype(np.float64)
    share = sizes / population
    power, left = _tuned(stratum[drawn], predicted[drawn] - seen[stratum[drawn]], marks, share**2 / count)
    value = float(np.clip((share * (hits / count - power * (seen - expected))).sum(), 0.0, 1.0))
    spread = share**2 / np.maximum(count - 1, 1) * (1 - count / sizes) * left
    return _score_interval(value, _shape(hits, count, expected), share, spread)


def joined(stratum: Ints, drawn: Ints) -> Ints:
    """Return the strata with those joined to their neighbour of which fewer than two records (or all) were drawn."""
    sizes = np.bincount(stratum)
    count = np.bincount(stratum[drawn], minlength=len(sizes))
    name, names, held, all_ = 0, np.zeros(len(sizes), np.int64), 0, 0
    for place in range(len(sizes)):
        names[place] = name
        held, all_ = held + int(count[place]), all_ + int(sizes[place])
        if all_ and held >= min(2, all_):
            name, held, all_ = name + 1, 0, 0
    if name and (held or all_):  # what is left at the end joins the one before
        names[names == name] = name - 1
    return np.asarray(np.unique(names[stratum], return_inverse=True)[1])


def _tuned(stratum: Ints, centred: Floats, marks: Floats, weight: Floats) -> tuple[float, float]:
    """Return λ, and the share of the variance within strata that it leaves."""
    count = np.bincount(stratum)
    off = marks - (np.bincount(stratum, marks) / count)[stratum]
    each = (weight / np.maximum(count - 1, 1))[stratum]
    both, own, all_ = (float((each * x).sum()) for x in (off * centred, centred**2, off**2))
    if own <= 0 or all_ <= 0:
        return 0.0, 1.0
    power = min(max(both / own, 0.0), 1.0)
    left = float((each * (off - power * centred) ** 2).sum()) / all_
    free = len(marks) - len(count)
    return power, min(left * free / (free - 1), 1.0) if free > 1 else 1.0


def _shape(hits: Floats, count: Floats, expected: Floats) -> Floats:
    """Return the strata's logits: what was observed, smoothed by the prediction at the level of the answers."""
    logit = _logit(expected)
    total = float(np.clip(hits.sum(), 0.5, count.sum() - 0.5))
    level = _root(lambda move: float((count * _expit(logit + move)).sum()) - total)
    return _logit((hits + PRIOR * _expit(logit + level)) / (count + PRIOR))


def _score_interval(value: float, shape: Floats, share: Floats, spread: Floats) -> Interval:
    def at(move: float) -> tuple[float, float]:
        each = _expit(shape + move)
        return float((share * each).sum()), Z95 * float(np.sqrt((spread * each * (1 - each)).sum()))

    def above(move: float) -> float:
        mean, error = at(move)
        return mean - error - value

    def below(move: float) -> float:
        mean, error = at(move)
        return mean + error - value

    low = 0.0 if value <= 0 else min(at(_root(below))[0], value)
    high = 1.0 if value >= 1 else max(at(_root(above))[0], value)
    return Interval(value, low, high)


def _root(function: Callable[[float], float]) -> float:
    """Return where a function that ends above 0 passes it, by bisection."""
    low, high = -FARTHEST, FARTHEST
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if function(middle) > 0 else (middle, high)
    return (low + high) / 2


def _expit(values: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -FARTHEST, FARTHEST))))


def _logit(shares: Floats) -> Floats:
    clipped = np.clip(shares, 1e-9, 1 - 1e-9)
    return np.asarray(np.log(clipped) - np.log(1 - clipped))
