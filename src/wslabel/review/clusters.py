"""Texts that are alike: vectors of hashed words, and clusters of these."""

from __future__ import annotations

import re
import zlib
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ints

if TYPE_CHECKING:
    from wslabel.review.pool import Pool

WIDTH = 256
"""Numbers of a vector: words are hashed to signed places (K. Weinberger et al. 2009, doi:10.1145/1553374.1553516)."""
MOST_CHARACTERS = 2_000
SAMPLE = 5_000
MOST_CLUSTERS = 64
STEPS = 8
_WORD = re.compile(r"\w\w+")
Vectors = NDArray[np.float32]


def vectors(texts: Sequence[str]) -> Vectors:
    """Return a vector of length 1 for each text; of length 0 for a text without words.

    Words count once, and are weighed by how rare they are among the texts; what stands in one text alone counts little,
    as it makes no two texts alike.
    """
    places = [_places(text) for text in texts]
    lengths = [len(one) for one in places]
    flat = np.concatenate([*places, np.zeros(0, np.uint32)])
    owner = np.repeat(np.arange(len(texts)), lengths)
    distinct, inverse = np.unique(flat, return_inverse=True)
    counts = np.bincount(inverse, minlength=len(distinct))
    rarity = np.log((1 + len(texts)) / (1 + counts))
    rarity = np.where(counts > 1, rarity, np.minimum(rarity, 1))
    sign = np.where(flat & 1, 1.0, -1.0)
    out = np.zeros((len(texts), WIDTH), np.float32)
    np.add.at(out, (owner, (flat >> 1) % WIDTH), (sign * (0.1 + rarity[inverse])).astype(np.float32))
    norms = np.linalg.norm(out, axis=1, keepdims=True)
    return np.asarray(np.divide(out, norms, out=np.zeros_like(out), where=norms > 0))


def clusters(pool: Pool, rows: Ints, piece: int = 20_000) -> Ints:
    """Return the cluster of each row's text: spherical k-means on a sample, then the nearest centre.

    A cluster for every 50 records, at most 64. The rows are read once, in pieces.
    """
    if len(rows) < 2:
        return np.zeros(len(rows), np.int64)
    random = np.random.default_rng(pool.seed)
    sample = np.sort(random.choice(len(rows), min(SAMPLE, len(rows)), replace=False))
    centres = _centres(vectors(_texts(pool, rows[sample])), min(MOST_CLUSTERS, 1 + len(rows) // 50), random)
    found = [
        (vectors(_texts(pool, rows[begin : begin + piece])) @ centres.T).argmax(axis=1)
        for begin in range(0, len(rows), piece)
    ]
    return np.concatenate(found)


def _centres(points: Vectors, count: int, random: np.random.Generator) -> Vectors:
    centres = points[np.sort(random.choice(len(points), count, replace=False))]
    for _ in range(STEPS):
        nearest = (points @ centres.T).argmax(axis=1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, points)
        norms = np.linalg.norm(sums, axis=1, keepdims=True)
        centres = np.where(norms > 0, sums / np.maximum(norms, 1e-12), centres)
    return np.asarray(centres, np.float32)


def _places(text: str) -> NDArray[np.uint32]:
    words = sorted(set(_WORD.findall(text[:MOST_CHARACTERS].casefold())))
    return np.fromiter((zlib.crc32(word.encode("utf-8", "surrogatepass")) for word in words), np.uint32, len(words))


def _texts(pool: Pool, rows: Ints) -> list[str]:
    texts: list[str] = pool.rows.texts(rows)
    return texts
