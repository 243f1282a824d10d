"""Calibration: probabilities that mean what they say, by one exponent for all records."""

from __future__ import annotations

import numpy as np

from wslabel.core.arrays import Floats, Ints

EXPONENTS = np.exp(np.linspace(np.log(0.05), np.log(20), 241))
SPREAD = 0.5
"""The standard deviation of the logarithm of the exponent about the one that holds without gold."""


def tempered(probs: Floats, exponent: float) -> Floats:
    """Return n×K probabilities raised to a power and normalised; below 1 they become more even."""
    logs = exponent * np.log(np.maximum(probs, 1e-300))
    shares = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


def exponent_for(probs: Floats, confidence: float) -> float:
    """Return the exponent with which the mean probability of the likeliest label is the one asked for.

    Parameters
    ----------
    probs
        n×K.
    confidence
        The mean that is wanted, 1/K..1; beyond what exponents from .05 to 20 reach, the nearest of them.
    """
    low, high = np.log(EXPONENTS[0]), np.log(EXPONENTS[-1])
    for _ in range(40):
        middle = (low + high) / 2
        above = tempered(probs, float(np.exp(middle))).max(axis=1, initial=0.0).mean() > confidence
        low, high = (low, middle) if above else (middle, high)
    return float(np.exp((low + high) / 2))


def exponent_by_gold(probs: Floats, gold: Ints, start: float) -> float:
    """Return the likeliest exponent given gold, a posteriori: log-normal about `start`.

    Source: temperature scaling, C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017.

    Parameters
    ----------
    probs
        n×K probabilities of records with gold, which must not know it.
    gold
        n label indices.
    start
        The exponent that holds without gold.
    """
    rows = np.arange(len(gold))
    losses = [
        -np.log(np.maximum(tempered(probs, start * factor)[rows, gold], 1e-12)).sum()
        + np.log(factor) ** 2 / (2 * SPREAD**2)
        for factor in EXPONENTS
    ]
    return float(start * EXPONENTS[int(np.argmin(losses))])
