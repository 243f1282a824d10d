"""Generate vote matrices with their truth: the prior that `prior_fitted` learns from.

No real data set has a part in it. What real suites are known for is: LFs that vote for one label only, firing on
anything from 0.3 % to 95 % of the records, one or two votes a record, a label that a catch-all LF votes for when
nothing else fires, LFs written for the same topic that err on the same records, copies of LFs, skewed class
balances, and records that look like another label than theirs. Crowds are the other kind: many workers, each with a
few records and with confusions of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from documents import document_votes
from worlds import Floats, Ints, Random, World, choose_rows, generate_world

LARGEST = 300_000
"""Records × LFs × labels of a task at most, so that a step of training stays short."""


@dataclass(frozen=True)
class GeneratedTask:
    """Votes (n×m, -1 abstains), n true labels, and the number of labels."""

    votes: Ints
    truth: Ints
    cardinality: int


def generate_task(random: Random, skewed: bool = False) -> GeneratedTask:
    """Return one task: draws until at least 20 records are covered, and people would go on with such votes.

    `skewed` leaves out nearly even class balances, and draws fewer records.
    """
    while True:
        cardinality = _cardinality(random)
        kind = random.choice(["documents", "rates", "mixed", "crowd"], p=[0.4, 0.24, 0.12, 0.24])
        m = _lf_count(random, kind, cardinality)
        sizes = (80, 2000) if kind == "crowd" else (80, 6000) if skewed else (150, 8000)
        n = int(np.exp(random.uniform(*np.log(sizes))))
        n = max(60, min(n, LARGEST // (m * cardinality)))
        votes, world = _votes(random, kind, m, generate_world(random, n, cardinality, skewed))
        votes = votes[:, (votes >= 0).any(axis=0)]
        covered = (votes >= 0).any(axis=1)
        kept = 1.0 if kind == "crowd" else _kept(votes[covered], world.truth[covered], cardinality)
        if covered.sum() >= 20 and random.random() < kept:
            return GeneratedTask(votes, world.truth, cardinality)


def _votes(random: Random, kind: str, m: int, world: World) -> tuple[Ints, World]:
    if kind == "crowd":
        return _crowd(random, world, m), world
    votes = document_votes(random, world, m) if kind == "documents" else _suite(random, world, m, kind == "mixed")
    if random.random() < (0.8 if world.balance.max() > 0.5 and len(world.balance) > 2 else 0.12):
        votes[:, random.integers(m)] = _catch_all(random, world, votes)
    return votes, world


def _kept(votes: Ints, truth: Ints, cardinality: int) -> float:
    """Return the chance that people go on with votes like these: the better for majority vote, the greater."""
    counts = np.stack([(votes == k).sum(axis=1) for k in range(cardinality)], axis=1)
    top = counts == counts.max(axis=1, keepdims=True, initial=0)
    right = float((top[np.arange(len(truth)), truth] / top.sum(axis=1)).sum() / max(len(truth), 1))
    return float(np.clip((right - 0.25 - 0.5 / cardinality) / 0.35, 0.02, 1.0))


def _cardinality(random: Random) -> int:
    if random.random() < 0.35:
        return 2
    if random.random() < 0.08:
        return int(random.integers(20, 150))
    return int(np.clip(np.round(np.exp(random.uniform(np.log(2.5), np.log(20)))), 3, 20))


def _lf_count(random: Random, kind: str, cardinality: int) -> int:
    if random.random() < 0.02:
        return int(np.exp(random.uniform(np.log(100), np.log(1000))))
    if kind == "crowd":
        return int(np.exp(random.uniform(np.log(3), np.log(300))))
    low, high = (3, 50) if cardinality <= 3 else (max(3, cardinality // 2), max(20, min(5 * cardinality, 90)))
    return int(np.exp(random.uniform(np.log(low), np.log(high))))


def _suite(random: Random, world: World, m: int, mixed: bool) -> Ints:
    """Return the votes of LFs as people write them."""
    cardinality = len(world.balance)
    n = len(world.truth)
    near = random.uniform(0, 1)
    shares = near * world.balance + (1 - near) * random.dirichlet(np.full(cardinality, random.uniform(0.5, 5.0)))
    typical = np.exp(random.uniform(np.log(0.01), np.log(0.6)))
    spread = random.uniform(0.3, 1.4)
    precision = 0.5 + 0.49 * random.beta(1.8, 0.9), np.exp(random.uniform(np.log(3), np.log(40)))
    broad = random.uniform(-0.1, 0.8)  # the more an LF fires on, the less specific it mostly is
    groups = int(random.integers(1, max(2, m // 2) + 1))
    taste = random.normal(size=(groups, int(world.topic.max()) + 1))
    tied = random.uniform(0, 1)
    votes = np.full((n, m), -1)
    several = random.uniform(0.2, 1.0) if mixed else random.choice([0.0, 0.1], p=[0.8, 0.2])
    for j in range(m):
        if j > 0 and random.random() < 0.06:
            votes[:, j] = _copy(random, votes[:, random.integers(j)])
            continue
        own = random.normal(size=taste.shape[1])
        tilt = (
            world.topic_strength
            * (np.sqrt(tied) * taste[random.integers(groups)] + np.sqrt(1 - tied) * own)[world.topic]
        )
        recall = float(np.clip(np.exp(random.normal(np.log(typical), spread)), 0.003, 0.97))
        if random.random() < several:
            votes[:, j] = _several_labels(random, world, tilt, recall, precision)
        else:
            label = int(random.choice(cardinality, p=shares))
            odds = np.log(precision[0] / (1 - precision[0])) - broad * np.log(recall / typical)
            votes[:, j] = _one_label(random, world, label, tilt, recall, (1 / (1 + np.exp(-odds)), precision[1]))
    return votes


def _one_label(
    random: Random, world: World, label: int, tilt: Floats, recall: float, precision: tuple[float, float]
) -> Ints:
    base = world.balance[label]
    lift = random.beta(precision[0] * precision[1] + 0.01, (1 - precision[0]) * precision[1] + 0.01)
    right = min(base + (1 - base) * lift, 0.995)
    if random.random() < 0.02:  # an LF that is worse than chance, and fires often all the same
        right = base * random.uniform(0.1, 0.8)
    if random.random() < 0.05:  # an LF that does not work, and so fires on little else than by chance
        right, recall = base * random.uniform(0.3, 1.5), recall * random.uniform(0.05, 0.5) * base
    wrong = random.dirichlet(np.full(len(world.balance), random.uniform(0.3, 3)))
    rates = np.clip(recall * base * (1 - right) / right * wrong / world.balance, 1e-5, 0.9)
    rates[label] = recall
    looks = world.seen if random.random() < 0.85 else world.truth
    odds = np.log(rates / (1 - rates))[looks] + tilt - 0.35 * tilt.std() ** 2
    return np.asarray(np.where(random.random(len(odds)) < 1 / (1 + np.exp(-odds)), label, -1))


def _several_labels(
    random: Random, world: World, tilt: Floats, coverage: float, precision: tuple[float, float]
) -> Ints:
    cardinality = len(world.balance)
    coverage = float(np.clip(coverage * random.uniform(1, 6), 0.003, 0.98))
    odds = np.log(coverage / (1 - coverage)) + tilt + random.normal(0, random.uniform(0, 1), cardinality)[world.seen]
    fires = random.random(len(odds)) < 1 / (1 + np.exp(-odds))
    can = random.random(cardinality) < random.uniform(0.3, 1.2)
    can[random.choice(cardinality, size=2, replace=False)] = True
    right = 1 / cardinality + (1 - 1 / cardinality) * random.beta(
        precision[0] * precision[1], (1 - precision[0]) * precision[1], size=cardinality
    )
    confusion = _confusion(random, world, right * random.uniform(0.6, 1.0), random.uniform(0, 1)) * can + 1e-9
    confusion /= confusion.sum(axis=1, keepdims=True)
    said = choose_rows(random, confusion[world.seen])
    return np.asarray(np.where(fires, said, -1))


def _confusion(random: Random, world: World, right: Floats, shared: float) -> Floats:
    """Return K×K chances of votes by label: wrong ones as labels are alike, and as the LF's own errors go."""
    cardinality = len(right)
    own = random.dirichlet(np.full(cardinality, 0.7), size=cardinality)
    if random.random() < 0.3:
        own = np.tile(own[:1], (cardinality, 1))
    wrong = shared * world.likeness + (1 - shared) * own
    wrong[np.diag_indices(cardinality)] = 0.0
    wrong /= np.maximum(wrong.sum(axis=1, keepdims=True), 1e-12)
    confusion = wrong * (1 - right)[:, None]
    confusion[np.diag_indices(cardinality)] = right
    return np.asarray(confusion)


def _copy(random: Random, votes: Ints) -> Ints:
    """Return an LF that fires mostly where another does, with the same vote."""
    kept = np.where(random.random(len(votes)) < random.uniform(0.3, 1.0), votes, -1)
    voted = np.flatnonzero(votes >= 0)
    if len(voted) and random.random() < 0.5:
        other = votes[voted[0]]
        more = random.random(len(votes)) < random.uniform(0, 0.05)
        kept = np.where((kept < 0) & more, other, kept)
    return np.asarray(kept)


def _catch_all(random: Random, world: World, votes: Ints) -> Ints:
    """Return the LF that votes for the commonest label (mostly) where few or no others fire."""
    label = int(world.balance.argmax()) if random.random() < 0.8 else int(random.integers(len(world.balance)))
    heeded = votes[:, random.random(votes.shape[1]) < random.choice([1.0, random.uniform(0.2, 1)])]
    silent = (heeded < 0).all(axis=1) if heeded.shape[1] else np.ones(len(votes), bool)
    kept = random.random(len(votes)) < random.uniform(0.4, 1.0)
    anyway = random.random(len(votes)) < random.choice([0.0, random.uniform(0, 0.5)])
    return np.asarray(np.where((silent & kept) | anyway, label, -1))


def _crowd(random: Random, world: World, m: int) -> Ints:
    """Return the votes of workers: a few records each, each with confusions of its own."""
    n, cardinality = len(world.truth), len(world.balance)
    a_record = min(m, max(1.0, np.exp(random.uniform(np.log(2), np.log(40)))))
    zeal = np.exp(random.normal(0, random.uniform(0, 2), m))
    coverage = np.clip(zeal / zeal.sum() * a_record, 0.003, 0.98)
    typical, narrow = random.uniform(0.15, 0.97), random.uniform(1.5, 10)
    guessers = random.choice([0.0, random.uniform(0, 0.4)])
    shared, by_label = random.uniform(0, 1), random.random() < 0.6
    looks = world.seen if random.random() < 0.5 else world.truth
    votes = np.full((n, m), -1)
    for j in range(m):
        lift = random.beta(typical * narrow, (1 - typical) * narrow, size=cardinality if by_label else 1)
        right = np.broadcast_to(1 / cardinality + (1 - 1 / cardinality) * lift, (cardinality,))
        if random.random() < guessers:
            right = np.full(cardinality, random.uniform(0.3, 1.3) / cardinality)
        said = choose_rows(random, _confusion(random, world, right, shared)[looks])
        votes[:, j] = np.where(random.random(n) < coverage[j], said, -1)
    return votes
