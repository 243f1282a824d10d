"""What the LFs of a generated task look at: labels, what records look like, topics."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Random = np.random.Generator
Floats = NDArray[np.float64]
Ints = NDArray[np.int64]


@dataclass(frozen=True)
class World:
    """What the LFs of a task look at: the truth, what each record looks like, its topic, and the class balance."""

    truth: Ints
    seen: Ints
    topic: Ints
    balance: Floats
    topic_strength: float
    likeness: Floats


def generate_world(random: Random, n: int, cardinality: int, skewed: bool = False) -> World:
    """Draw a class balance, labels, topics, and records that look like another label than theirs."""
    balance = _balance(random, cardinality, skewed)
    truth = random.choice(cardinality, size=n, p=balance)
    likeness = random.dirichlet(np.full(cardinality, random.uniform(0.2, 2.0)), size=cardinality) * (balance + 0.02)
    likeness[np.diag_indices(cardinality)] = 0.0
    likeness /= np.maximum(likeness.sum(axis=1, keepdims=True), 1e-12)
    topics = int(random.integers(1, 13))
    of_label = random.dirichlet(np.full(topics, random.uniform(0.3, 3.0)), size=cardinality)
    topic = choose_rows(random, of_label[truth])
    clean = random.random() < 0.35
    hard = (0.0 if clean else random.beta(1.0, 11.0)) * 2.0 * random.dirichlet(np.full(topics, 1.0)) * topics
    fooled = random.random(n) < np.clip(hard[topic], 0, 0.6)
    seen = np.where(fooled, choose_rows(random, likeness[truth]), truth)
    strength = 0.0 if clean and random.random() < 0.5 else random.uniform(0, 2.0)
    return World(truth, seen, topic, balance, strength, likeness)


def _balance(random: Random, cardinality: int, skewed: bool) -> Floats:
    even = np.full(cardinality, 1.0 / cardinality)
    kind = random.random()
    if kind < 0.25:
        return even
    if kind < 0.5 and not skewed:
        return random.dirichlet(np.full(cardinality, random.uniform(5, 60)))
    shares = random.dirichlet(np.full(cardinality, np.exp(random.uniform(np.log(0.4), np.log(10)))))
    if random.random() < 0.3:
        main = 0.3 + 0.67 * random.beta(1.3, 1.0)
        shares = (1 - main) * shares
        shares[random.integers(cardinality)] += main
    return np.asarray(0.97 * shares + 0.03 * even)


def choose_rows(random: Random, probs: Floats) -> Ints:
    """Return a column for each row, drawn by the row's chances."""
    cumulative = probs.cumsum(axis=1)
    drawn = random.random(len(probs))[:, None] * cumulative[:, -1:]
    return np.asarray((drawn > cumulative).sum(axis=1).clip(0, probs.shape[1] - 1), dtype=np.int64)
