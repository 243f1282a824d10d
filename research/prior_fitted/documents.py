"""Votes of LFs that look for words in generated documents: errors, overlaps and copies come from the words.

A word has a rate in documents of each label and topic; long documents hold more of all of them. People pick words that
they hold to be typical of a label (and that are not too rare), try them on a few documents, and keep what works. So two
LFs with a word in common overlap, LFs on words of one topic err together, and a document that is about something else
than its label draws wrong votes of several LFs.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from worlds import Floats, Ints, Random, World

Flags = NDArray[np.bool_]


@dataclass(frozen=True)
class Corpus:
    """Which of W words stand in which of n documents, and K×W scores: how typical people hold a word of a label."""

    present: Flags
    belief: Floats
    truth: Ints


@dataclass(frozen=True)
class Author:
    """How someone writes LFs: labels by share, words a LF, the share that is tried, and what passes the trial."""

    shares: Floats
    words: float
    sharpness: float
    tried: int
    wanted: float
    several: float


def document_votes(random: Random, world: World, m: int) -> Ints:
    """Return n×m votes of LFs that look for words."""
    corpus = _corpus(random, world, int(m * random.uniform(1.0, 3.0)) + 3)
    author = _author(random, world)
    votes = np.full((len(world.truth), m), -1)
    words: list[tuple[int, Ints]] = []
    for j in range(m):
        if random.random() < author.several:
            votes[:, j] = _lexicon(random, corpus, author)
            continue
        label, chosen = _words(random, corpus, author)
        if words and random.random() < 0.08:  # the same LF again, with a word more or less
            label, before = words[random.integers(len(words))]
            chosen = np.union1d(before, chosen[:1]) if random.random() < 0.5 else before[: max(1, len(before) - 1)]
        words.append((label, chosen))
        votes[:, j] = np.where(_fires(random, corpus, chosen), label, -1)
    return votes


def _corpus(random: Random, world: World, count: int) -> Corpus:
    cardinality = len(world.balance)
    common = random.uniform(np.log(0.0002), np.log(0.008)) + random.uniform(0, np.log(40), size=count)
    tilt = _tilt(random, world, count)
    rates = np.exp(tilt)
    rates /= world.balance @ rates
    topics = np.exp(world.topic_strength * random.normal(size=(int(world.topic.max()) + 1, count)))
    length = np.exp(random.normal(0, random.uniform(0.1, 0.8), size=len(world.truth)))
    expected = np.exp(common) * rates[world.seen] * topics[world.topic] * length[:, None]
    present = random.random(expected.shape) < 1 - np.exp(-np.minimum(expected, 30.0))
    noise = random.uniform(0.1, 1.0) * random.normal(size=(cardinality, count))
    belief = np.log(rates) + noise + random.uniform(0, 0.8) * common
    return Corpus(present, belief, world.truth)


def _tilt(random: Random, world: World, count: int) -> Floats:
    """Return K×W log-odds of words: some belong to one label and to those it is confused with, the others vary."""
    cardinality = len(world.balance)
    size = int(random.integers(1, 6))
    spread = random.uniform(0.1, 1.2) / np.sqrt(size)
    tilt = spread * random.normal(size=(cardinality, size)) @ random.normal(size=(size, count))
    home = random.integers(cardinality, size=count)
    typical = random.random(count) < random.uniform(0.4, 1.0)
    gain = random.gamma(4.0, random.uniform(0.3, 0.8), size=count) + random.uniform(0.2, 1.0) * np.log(cardinality)
    gain *= typical
    tilt[home, np.arange(count)] += gain
    tilt += random.uniform(0, 0.8) * gain * world.likeness[:, home] * (np.arange(cardinality)[:, None] != home)
    return np.asarray(np.clip(tilt, -6, 7))


def _author(random: Random, world: World) -> Author:
    cardinality = len(world.balance)
    near = random.uniform(0, 1)
    shares = near * world.balance + (1 - near) * random.dirichlet(np.full(cardinality, random.uniform(0.5, 5.0)))
    return Author(
        shares,
        random.uniform(0, 4) * random.random(),
        random.uniform(1.0, 5.0),
        int(np.exp(random.uniform(np.log(20), np.log(400)))),
        random.uniform(0.3, 0.9),
        random.choice([0.0, random.uniform(0, 0.5)], p=[0.7, 0.3]),
    )


def _words(random: Random, corpus: Corpus, author: Author) -> tuple[int, Ints]:
    """Return a label and the words of an LF; up to six drafts are tried, the last one is kept as it is."""
    for _ in range(6):
        label = int(random.choice(len(author.shares), p=author.shares))
        chosen = _typical(random, corpus.belief[label], author, 1 + random.poisson(author.words))
        if _passes(random, corpus, author, label, chosen):
            break
    return label, chosen


def _typical(random: Random, belief: Floats, author: Author, count: int) -> Ints:
    """Return some words, the likelier the more typical they are held to be (Gumbel's trick, without replacement)."""
    scores = author.sharpness * belief + random.gumbel(size=len(belief))
    return np.asarray(np.argsort(-scores)[: min(count, len(belief))])


def _passes(random: Random, corpus: Corpus, author: Author, label: int, chosen: Ints) -> bool:
    """Return whether enough of the documents looked at, on which the words are found, have the label."""
    looked = random.integers(len(corpus.truth), size=author.tried)
    found = corpus.truth[looked][corpus.present[np.ix_(looked, chosen)].any(axis=1)]
    return bool(len(found) == 0 or (found == label).mean() >= author.wanted)


def _fires(random: Random, corpus: Corpus, chosen: Ints) -> Flags:
    """Return where an LF fires: where any of its words stands, or sometimes two of them, or one without another."""
    found = corpus.present[:, chosen]
    kind = random.random()
    if len(chosen) > 2 and kind < 0.15:
        return np.asarray(found.sum(axis=1) >= 2)
    if len(chosen) > 1 and kind < 0.25:
        return np.asarray(found[:, :-1].any(axis=1) & ~found[:, -1])
    return np.asarray(found.any(axis=1))


def _lexicon(random: Random, corpus: Corpus, author: Author) -> Ints:
    """Return the votes of an LF with a list of words for each of several labels: the one most are found of."""
    cardinality = len(author.shares)
    labels = random.permutation(cardinality)[: max(2, int(random.integers(2, cardinality + 1)))]
    count = 2 + int(random.integers(0, 8))
    found = np.stack(
        [corpus.present[:, _typical(random, corpus.belief[k], author, count)].sum(axis=1) for k in labels], axis=1
    )
    best = found.max(axis=1)
    clear = (found == best[:, None]).sum(axis=1) == 1
    return np.asarray(np.where((best > 0) & clear, labels[found.argmax(axis=1)], -1))
