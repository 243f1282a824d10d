"""What gold spans say beyond labels and end model: a regression over tags of tokens, about the answer without gold."""

from __future__ import annotations

from typing import Any

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.core.tokens import SpanOutOfSample, Tokens
from wslabel.learning.correction import corrected

FLOOR = 0.01
"""The least share of what may be in spans, spread over the tags: gold can say that there is more."""
OPEN = 0.98
"""Tokens on which nobody votes, and which the end model finds outside with more than this, are not asked about."""
SURE = 1.0
"""By how many standard errors labels that have learned from gold must be better on gold to stand."""


def correct_tags(
    fused: Floats, said: Floats, held: SpanOutOfSample, gold: SpanLabels, votes: SpanVotes | None
) -> Floats:
    """Correct the tags of tokens by gold, as far as that foretells gold that was held out (see `corrected`).

    The witnesses are the fused tags, the label model's and the end model's; the features are which LFs vote on a token
    and beside it, with or without a span that begins there. No token is corrected by gold of its own record.

    Parameters
    ----------
    fused, said
        tokens × tags: fused without gold, and what the label model says.
    gold
        Labels of which the records of source ``gold`` are gold.
    """
    tokens = held.tokens
    truth = np.where((gold.source == "gold")[tokens.record], tokens.tags(gold).argmax(axis=1), -1)
    rows = np.flatnonzero((said[:, 0] < OPEN) | (held.probs[:, 0] < OPEN))
    if not (truth[rows] >= 0).any():
        return fused
    witnesses = [_floored(one[rows]) for one in (fused, said, held.probs)]
    features = _features(said, tokens, votes)[rows]
    out = fused.copy()
    out[rows] = corrected(witnesses, features, truth[rows], held.folds[tokens.record][rows])
    return out


def foretells(learned: SpanLabels, plain: SpanLabels, gold: SpanLabels) -> bool:
    """Tell whether the learned labels have the higher F1 of exact spans on gold records, by `SURE` standard errors.

    The standard error is that of the jackknife over records.
    """
    rows = np.flatnonzero(gold.source == "gold")
    new, old = (_counts(one, gold, rows) for one in (learned, plain))
    gain = _f1(new.sum(axis=0)) - _f1(old.sum(axis=0))
    without = _f1(new.sum(axis=0) - new) - _f1(old.sum(axis=0) - old)
    error = np.sqrt((len(rows) - 1) / len(rows) * ((without - without.mean()) ** 2).sum())
    return bool(gain > SURE * error)


def _counts(labels: SpanLabels, gold: SpanLabels, rows: Ints) -> Floats:
    """Return for each of the rows how many spans are right, and how many there are in both together."""
    pairs = [[{(one.start, one.end, one.label) for one in some.at(row)} for some in (labels, gold)] for row in rows]
    return np.array([(len(found & true), len(found) + len(true)) for found, true in pairs], np.float64)


def _f1(counts: Floats) -> Floats:
    return np.asarray(2 * counts[..., 0] / np.maximum(counts[..., 1], 1), np.float64)


def _floored(probs: Floats) -> Floats:
    return np.asarray((1 - FLOOR) * probs + FLOOR / probs.shape[1])


def _features(said: Floats, tokens: Tokens, votes: SpanVotes | None) -> Any:
    """Return tokens × features, sparse: whether the label model is silent, and who votes on the token and beside it."""
    from scipy import sparse

    blocks = [sparse.csr_matrix((said[:, :1] > OPEN).astype(float))]
    if votes is not None:
        blocks += _who(tokens, votes)
    return sparse.hstack(blocks).tocsr()


def _who(tokens: Tokens, votes: SpanVotes) -> list[Any]:
    """Return who votes on each token, for what, as its first or a later one; and what votes end or begin beside it."""
    from scipy import sparse

    low, high = tokens.places(votes)
    size, names = np.maximum(high - low, 0), len(votes.names)
    vote = np.repeat(np.arange(len(size)), size)
    place = np.arange(len(vote)) - np.repeat(np.cumsum(size) - size, size)
    cast = votes.lf * names + votes.label
    count = np.bincount(low[vote] + place, minlength=len(tokens))
    blocks = [_block(tokens, low[vote] + place, 2 * cast[vote] + (place > 0), 2 * votes.m * names)]
    blocks[0] = sparse.diags(1 / np.sqrt(np.maximum(count, 1))) @ blocks[0]
    some = np.flatnonzero(size > 0)
    for at, beside in ((high[some], high[some] - 1), (low[some] - 1, low[some])):
        there = (at >= 0) & (at < len(tokens))
        there[there] = tokens.record[at[there]] == tokens.record[beside[there]]
        blocks.append(_block(tokens, at[there], votes.label[some][there], names))
    return blocks


def _block(tokens: Tokens, rows: Ints, columns: Ints, width: int) -> Any:
    from scipy import sparse

    made = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(tokens), width))
    made.data[:] = 1.0
    return made
