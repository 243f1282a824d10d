"""What an end model has proven: how far its held-out probabilities foretell labels, and what they lean to."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wslabel.core.arrays import Floats, log_shares
from wslabel.core.labels import Labels, OutOfSample

SHARPNESS = 2.0
"""The exponent of a proven end model's odds. It was taught blurred labels, so that its odds are flatter than the
truth's."""
CALMER = np.linspace(0.1, 1.0, 10)
"""Exponents with which held-out probabilities are tried: those of an end model that is surer than it may be foretell
better with a smaller one."""
ENOUGH = 0.4
"""With this share of the labels' information foretold, an end model counts in full; with less in proportion."""
CERTAIN = 3.0
"""How many standard errors are taken off it."""
LEAST = 0.05
"""An end model that would count less than this has proven nothing: noise foretells so much by chance."""
RECOGNISED = (0.4, 0.6)
"""With these shares of the records beyond the most frequent label recognised, none and all of the frequency of labels
is taken out of the end model's odds."""
CAUTION = 0.7
"""Where none of it is, how much of the leaning is taken out that the label model's posterior does not explain."""
MOST_ROWS = 20_000
"""So many records, evenly spaced, are enough to tell."""
SMALLEST = 1e-6
"""Probabilities below this count as this."""


@dataclass(frozen=True, eq=False)
class Proof:
    """How much an end model's probabilities count, and against what.

    Attributes
    ----------
    share
        0..1: 0 is an end model that foretells labels no better than their frequencies do.
    leaning
        K numbers: the logarithms of what its probabilities are compared with.
    """

    share: float
    leaning: Floats

    def odds(self, held: OutOfSample) -> Floats:
        """Return n×K log-odds, ``2 · share · (log held - leaning)``; 0 where nothing is proven."""
        return np.asarray(SHARPNESS * self.share * (_logs(held.probs) - self.leaning))


def prove(labels: Labels, held: OutOfSample) -> Proof:
    """Measure held-out probabilities against the labels of covered records.

    The `share` is the log-loss that held-out probabilities save beside the frequencies of labels, over what the labels
    themselves would save, less three standard errors, so that few records prove little; 40 % is enough. What an end
    model knows is asked, not how sure it is: its probabilities are raised to the exponent, at most 1, that saves most.

    The `leaning` is the mean of the held-out probabilities for an end model that recognises, beyond the most frequent
    label, 60 % of the other records: to take it out makes up for its shyness about rare labels. One that recognises
    less than 40 % has not shown that it can tell rare labels from the frequent one; there the posterior, which has the
    frequencies in it too, would be outvoted by small differences on many records of the frequent label. So only the
    part of the leaning counts that the posterior does not explain: the biases α of the regression ``log held_k = α_k +
    β log posterior_k``. In between it is a mixture.

    Parameters
    ----------
    labels
        n labels, those that taught the end model or those that were made of it.
    held
        Of the same records.
    """
    rows = np.flatnonzero(labels.covered)
    rows = rows[:: max(1, -(-len(rows) // MOST_ROWS))]
    if not len(rows):
        return Proof(0.0, np.zeros(len(labels.labels)))
    given, probs = labels.probs[rows], held.probs[rows]
    low, high = RECOGNISED
    able = min(max((_recognised(given, probs) - low) / (high - low), 0.0), 1.0)
    leaning = able * _centred(_logs(held.probs.mean(axis=0))) + (1 - able) * CAUTION * _biases(given, probs)
    share = min(_foretold(given, probs) / ENOUGH, 1.0)
    return Proof(share if share >= LEAST else 0.0, leaning)


def _foretold(given: Floats, held: Floats) -> float:
    """Return the share of the labels' information that is foretold, less its uncertainty."""
    n, cardinality = given.shape
    frequency = _logs((given.sum(axis=0) + 0.5) / (n + 0.5 * cardinality))
    odds = _logs(held) - _logs(held.mean(axis=0))
    saved = [(given * (log_shares(frequency + calmer * odds) - frequency)).sum(axis=1) for calmer in CALMER]
    proven = max(one.mean() - CERTAIN * one.std() / np.sqrt(n) for one in saved)
    possible = (given * (_logs(given) - frequency)).sum(axis=1).mean()
    return float(proven / max(possible, 1e-9))


def _recognised(given: Floats, held: Floats) -> float:
    """Return the share of records recognised beyond those of the most frequent label, less a standard error.

    What is recognised among them counts against what is lost among those of the most frequent label, as in Cohen's
    kappa.
    """
    label = given.argmax(axis=1)
    usual = label == np.bincount(label).argmax()
    gained = (held.argmax(axis=1) == label).astype(np.float64) - usual
    error = gained.std() / np.sqrt(len(label))
    return float((gained.mean() - error) / max((~usual).mean(), 1 / len(label)))


def _biases(given: Floats, held: Floats) -> Floats:
    """Return α of ``log held_k = α_k + β log given_k``, by least squares over the centred logarithms."""
    reason, told = _centred(_logs(given)), _centred(_logs(held))
    around = reason - reason.mean(axis=0)
    slope = (around * told).sum() / max((around**2).sum(), SMALLEST)
    return np.asarray(told.mean(axis=0) - slope * reason.mean(axis=0))


def _logs(probs: Floats) -> Floats:
    return np.asarray(np.log(np.maximum(probs, SMALLEST)))


def _centred(logs: Floats) -> Floats:
    return np.asarray(logs - logs.mean(axis=-1, keepdims=True))
