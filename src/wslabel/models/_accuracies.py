"""Accuracies of LFs, one number each, and the weights that follow from them. m LFs, K labels."""

from __future__ import annotations

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import Votes
from wslabel.models._sums import tally

MARGIN = 0.02
"""How far an accuracy stays from chance and from certainty."""


def within(accuracy: Floats, cardinality: int) -> Floats:
    """Return accuracies between chance and certainty: nobody is worse than guessing, nobody is always right."""
    return np.asarray(np.clip(accuracy, 1 / cardinality + MARGIN, 1 - MARGIN))


def right_votes(votes: Votes, weights: Floats) -> tuple[Floats, Floats]:
    """Return for each LF the expected number of right votes and the number of votes; weights are p×K records."""
    cardinality = weights.shape[1]
    seen = tally(votes, weights, cardinality)[:, 1:]
    return np.trace(seen, axis1=1, axis2=2), seen.sum(axis=(1, 2))


def shrunk(right: Floats, votes: Floats, strength: float, cardinality: int) -> Floats:
    """Return accuracies, pulled to their mean by so many votes."""
    total = votes.sum()
    mean = within(np.array((right.sum() + strength * 0.7) / (total + strength)), cardinality)
    return within((right + strength * mean) / (votes + strength), cardinality)


def log_odds(accuracy: Floats, cardinality: int) -> Floats:
    """Return ``log(a (K-1) / (1-a))``: how many times likelier a vote makes its label than any other."""
    return np.asarray(np.log(accuracy * (cardinality - 1) / (1 - accuracy)))


def bounded_prior(balance: Floats, odds: Floats) -> Floats:
    """Return the log class balance, drawn so near to uniform that it decides between equal votes only.

    An accuracy is the chance that a vote is right, given that it is cast: how rare a label is stands in it already.
    The full balance would outweigh LFs that vote for a rare label on every record, however right they are.
    """
    logs = np.log(balance)
    span, room = float(np.ptp(logs)), 0.5 * float(odds.min(initial=np.inf))
    return np.asarray(logs * min(1.0, room / span) if span > 0 else logs)
