"""Features of tokens: the words around, their shapes, prefixes and suffixes, and in what company words are found."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.tokens import Tokens

WINDOW = 2
CONTEXTS = 4_000
"""Frequent words that count as company."""
_REPEATED = re.compile(r"(.)\1+")
_RUNS = ((re.compile(r"[^\W\d_a-z]"), "X"), (re.compile(r"[^\W\d_]"), "x"), (re.compile(r"\d"), "0"))


@dataclass(frozen=True, eq=False)
class TokenFeatures:
    """Makes the features of tokens, a row each.

    Attributes
    ----------
    ids
        For each token the place of its word in the tables below, behind WINDOW places that stand for no word.
    near, own, vectors
        Words × features: of a word beside the token, of the token itself, and its vector.
    pairs
        For both neighbours: tokens' numbers of the pair of words, and how many different pairs there are.
    """

    ids: Ints
    record: Ints
    near: Any
    own: Any
    vectors: Floats
    pairs: tuple[tuple[Ints, int], ...]

    @classmethod
    def of(cls, tokens: Tokens, dimensions: int, seed: int) -> TokenFeatures:
        """Learn words and their vectors from the tokens of a corpus."""
        words = {"": 0}
        ids = np.fromiter((words.setdefault(word, len(words)) for word in tokens.words), np.int64, len(tokens))
        folded = dict[str, int]()
        plain = np.array([folded.setdefault(re.sub(r"\d", "0", word.lower()), len(folded)) for word in words])
        beside = {step: _beside(ids, tokens.record, step) for step in range(-WINDOW, WINDOW + 1)}
        vectors = _vectors(plain, beside, dimensions, seed)
        counts = np.bincount(plain[ids], minlength=len(folded))
        pairs = tuple(_pairs(plain[ids], plain[beside[step]], len(folded)) for step in (-1, 1))
        near, own = (_table(list(words), whole, counts[plain]) for whole in (False, True))
        return cls(ids, tokens.record, near, own, vectors, pairs)

    @property
    def offsets(self) -> Ints:
        """Where the numbers of the features of each place around a token begin, then of each kind of pairs."""
        sizes = [self.own.shape[1] if step == 0 else self.near.shape[1] for step in range(-WINDOW, WINDOW + 1)]
        return np.cumsum([0, *sizes, *(count for _, count in self.pairs)])

    def arrays(self) -> tuple[Any, ...]:
        """Return words, records, tables, pairs, offsets and vectors, as the machine code takes them."""
        tables = tuple((one.indptr.astype(np.int64), one.indices.astype(np.int64)) for one in (self.near, self.own))
        pairs = np.stack([number for number, _ in self.pairs])
        return self.ids, self.record, tables, pairs, self.offsets, self.vectors


def _beside(ids: Ints, record: Ints, step: int) -> Ints:
    """Return the words `step` tokens further in the same text, 0 where there is none."""
    at = np.arange(len(ids))
    there = np.clip(at + step, 0, max(len(ids) - 1, 0))
    same = (there == at + step) & (record[there] == record[at])
    return np.where(same, ids[there], 0)


def _pairs(left: Ints, right: Ints, size: int) -> tuple[Ints, int]:
    """Number the pairs that occur at least twice; -1 for the others."""
    _, number, counts = np.unique(left * size + right, return_inverse=True, return_counts=True)
    kept = np.where(counts > 1, np.cumsum(counts > 1) - 1, -1)
    return kept[number], max(1, int((counts > 1).sum()))


def _table(words: list[str], whole: bool, counts: Ints) -> Any:
    from scipy import sparse

    known: dict[str, int] = {}
    cells = [
        (row, known.setdefault(feature, len(known)))
        for row, word in enumerate(words)
        for feature in _features(word, whole)
        if counts[row] > 1 or feature[0] != "w"
    ]
    rows, columns = np.array(cells).T
    return sparse.csr_matrix((np.ones(len(cells)), (rows, columns)), shape=(len(words), len(known)))


def _features(word: str, whole: bool) -> Iterator[str]:
    lower, shape = word.lower(), word
    for pattern, sign in _RUNS:
        shape = pattern.sub(sign, shape)
    yield f"w {lower}"
    yield "s " + _REPEATED.sub(r"\1\1", shape)
    if not whole:
        yield f"e {lower[-3:]}"
        return
    for size in (2, 3, 4):
        if len(lower) > size:
            yield f"p {lower[:size]}"
            yield f"e {lower[-size:]}"


def _vectors(plain: Ints, beside: dict[int, Ints], dimensions: int, seed: int) -> Floats:
    """Return a vector for each word: words that stand in like company have like vectors.

    They are the first singular vectors of the positive pointwise mutual information of words and their neighbours,
    each place of a neighbour apart (O. Levy, Y. Goldberg, I. Dagan 2015, doi:10.1162/tacl_a_00134).
    """
    from scipy import sparse
    from sklearn.utils.extmath import randomized_svd

    size = int(plain.max()) + 1
    counts = np.bincount(plain[beside[0]], minlength=size)
    company = np.full(size, -1)
    frequent = np.argsort(-counts, kind="stable")[:CONTEXTS]
    company[frequent] = np.arange(len(frequent))
    cells = []
    for place, step in enumerate(step for step in beside if step):
        context = company[plain[beside[step]]]
        there = (beside[step] > 0) & (context >= 0)
        cells.append((plain[beside[0]][there], context[there] + place * CONTEXTS))
    rows, columns = (np.concatenate(some) for some in zip(*cells))
    shape = (size, CONTEXTS * 2 * WINDOW)
    seen = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
    seen.sum_duplicates()
    wide = min(dimensions, size - 1)
    if not seen.nnz or wide < 1:
        return np.zeros((len(plain), dimensions))
    by_word, by_company = (np.asarray(seen.sum(axis=axis)).ravel() for axis in (1, 0))
    by_company = by_company**0.75 / (by_company**0.75).sum()
    cell = seen.tocoo()
    shared = np.log(cell.data / (by_word[cell.row] * by_company[cell.col]))
    positive = sparse.csr_matrix((np.maximum(shared, 0), (cell.row, cell.col)), shape=shape)
    left, values, _ = randomized_svd(positive, wide, random_state=seed)
    found = np.zeros((size, dimensions))
    found[:, :wide] = left * np.sqrt(values)
    found /= np.linalg.norm(found, axis=1, keepdims=True) + 1e-9
    return np.asarray(found[plain])
