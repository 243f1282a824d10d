"""Cross-validation and fusing of spans: tags of tokens by an end model, beside those of the label model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints, require_same_ids
from wslabel.core.records import Records, read_records
from wslabel.core.sensitive import follow
from wslabel.core.span_labels import SpanLabels
from wslabel.core.tokens import SpanOutOfSample, Tokens
from wslabel.errors import VotesError
from wslabel.learning.span_end_models import span_end_model
from wslabel.learning.span_end_models.span_logreg import OUTSIDE

LEAST = 1e-9
VARIED, STEEP = 0.75, 4.0
"""The exponent of Heaps' law from which on spans are as varied as names are, and how fast doubt grows below it."""
MOST = 0.5
"""The most tokens that are added, as a share of those in spans."""
FEW = 100
"""With so many tokens in spans, half as many are added."""
SHARPNESS = 2.0
"""The exponent of the end model's odds for tokens that no LF labels."""
HABIT = 0.5
"""The exponent of what is usual from one tag to the next; the end model sees the tokens beside, too."""


def cross_validate_spans(
    model: Any, records: Records | Any, labels: SpanLabels, folds: int, seed: int, fold_of: Any
) -> SpanOutOfSample:
    """Return tags of tokens, each from an end model that has not seen the record."""
    learner = span_end_model(model) if isinstance(model, str) else model
    if not hasattr(learner, "cross_fit"):
        raise VotesError(f"The end model {learner!r} is for one label a record. For spans: span_logreg.")
    corpus = records if isinstance(records, Records) else read_records(records)
    texts = corpus.texts(labels.ids)
    fold = fold_of(texts, folds, seed)
    tokens = Tokens.of(texts)
    tags, seen = tokens.tags(labels), np.arange(len(tokens))
    sure = (labels.source != "model")[tokens.record]
    probs = learner.cross_fit(tokens, tags, fold[tokens.record], seen, missed(labels, tokens), sure)
    return SpanOutOfSample(labels.ids, tokens, probs, fold, labels.labels)


def missed(labels: SpanLabels, tokens: Tokens) -> float:
    """Return 0..1: how far it is to be doubted that nothing is where no LF votes.

    LFs that know few words vote for the same ones again and again. Names of a kind follow Heaps' law: n mentions hold
    about n^β different ones, with β mostly above `VARIED`. So the doubt is ``(1 - c) · 4 (0.75 - β)``, between 0 and 1,
    with the mean β of the labels, weighted by spans, and the corroboration c: LFs that confirm each other have seen
    what there is, however often it is the same.

    Source: H. S. Heaps, "Information Retrieval: Computational and Theoretical Aspects", 1978, section 7.5.
    """
    low, high = tokens.places(labels)
    counts, kinds = np.zeros(len(labels.labels)), np.zeros(len(labels.labels))
    words = {
        (label, *map(str.lower, tokens.words[begin:end]))
        for begin, end, label in zip(low.tolist(), high.tolist(), labels.label.tolist())
    }
    np.add.at(counts, labels.label, 1)
    np.add.at(kinds, np.array([key[0] for key in words], np.int64), 1)
    if not len(labels):
        return 0.0
    exponents = np.log(np.maximum(kinds, 1)) / np.log(counts + 1).clip(LEAST)
    poor = STEEP * (VARIED - float(np.average(exponents, weights=counts)))
    return float(np.clip((1 - labels.corroboration) * np.clip(poor, 0, 1), 0, 1))


def fuse_spans(labels: SpanLabels, held: SpanOutOfSample) -> SpanLabels:
    """Find the best spans by both, as far as it is in doubt that the LFs have seen what there is (`missed`).

    A token in a span of the label model has the tags ``p ∝ said · (held / balance)^doubt``, with the end model's mean
    prediction as balance. Of the tokens outside, as many as doubt tells and the end model finds likeliest may be in
    one: a share of the number of those that are in spans, at most `MOST`, and less where there are few to learn from.
    Without doubt the labels stay as they are: what LFs are silent about that know many different names, or confirm each
    other, the end model, which has learned from them, does not know better.

    The spans are the best sequence of tags, in which what is usual from one tag to the next in the labels counts half
    and no span goes on that has not begun; the probability of a span is the mean of its tokens'. Records that a human
    or gold labeled stay as they are.
    """
    require_same_ids(labels.ids, held.ids, "fuse(): labels and end model")
    if labels.labels != held.labels:
        raise VotesError(f"fuse(): the labels are {labels.labels} on one side and {held.labels} on the other.")
    doubt = missed(labels, held.tokens)
    if not doubt:
        return labels
    from wslabel.learning.span_end_models._machine import best_path

    said = held.tokens.tags(labels)
    logs = _fused(said, held, doubt, labels.source == "model")
    tags = best_path(logs, _habits(said, held.tokens), held.tokens.first)
    return _with_spans(labels, held, tags, np.exp(logs))


def _fused(said: Floats, held: SpanOutOfSample, doubt: float, asked: NDArray[np.bool_]) -> Floats:
    """Return tokens × tags: the logarithms of fused probabilities."""
    probs = np.maximum(held.probs, LEAST)
    logs = np.log(np.maximum(said, LEAST)) + doubt * np.log(probs / np.maximum(held.probs.mean(axis=0), LEAST))
    silent = (said[:, 0] > OUTSIDE) & asked[held.tokens.record]
    spoken = int((said[:, 0] <= OUTSIDE).sum())
    odds = SHARPNESS * (np.log1p(-np.minimum(probs[:, 0], 1 - LEAST)) - np.log(probs[:, 0]))
    added = int(min(doubt, MOST) * spoken * spoken / (spoken + FEW))
    ranked = np.sort(odds[silent])[::-1]
    inside = np.zeros(len(odds))
    if added and len(ranked):
        inside = 1 / (1 + np.exp(np.clip(ranked[min(added, len(ranked) - 1)] - odds, -50, 50)))
    kinds = probs[:, 1:] ** SHARPNESS
    found = np.concatenate([1 - inside[:, None], inside[:, None] * kinds / kinds.sum(axis=1, keepdims=True)], axis=1)
    logs[silent] = np.log(np.maximum(found[silent], LEAST))
    return np.asarray(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True))


def _habits(said: Floats, tokens: Tokens) -> Floats:
    """Return tags × tags: how much likelier than by chance one follows the other, as a logarithm, times `HABIT`."""
    inside = np.flatnonzero(tokens.record[1:] == tokens.record[:-1])
    share = np.maximum(said.mean(axis=0), 1e-6)
    share /= share.sum()
    after = said[inside].T @ said[inside + 1] + 10 * share
    steps = HABIT * np.log(after / after.sum(axis=1, keepdims=True) / share)
    for inner in range(2, len(share), 2):
        others = ~np.isin(np.arange(len(share)), (inner - 1, inner))
        steps[others, inner] = -np.inf
    return np.asarray(steps)


def _with_spans(labels: SpanLabels, held: SpanOutOfSample, tags: Ints, probs: Floats) -> SpanLabels:
    settled = labels.source != "model"
    found = _spans(tags, probs, held.tokens, settled)
    kept = settled[labels.record]
    columns = [
        np.concatenate([new, old[kept]]) if len(new) else old[kept]
        for new, old in zip(found, (labels.record, labels.start, labels.end, labels.label, labels.probability))
    ]
    names = np.array([*labels.labels, None], object)
    record, start, end, label, probability = columns
    placed = [labels.ids[record.astype(int)], start, end, names[label.astype(int)], np.clip(probability, LEAST, 1.0)]
    made = SpanLabels(
        labels.ids, labels.lengths, placed, labels.labels, labels.covered, labels.source, labels.corroboration
    )
    return follow(made, labels)


def _spans(tags: Ints, probs: Floats, tokens: Tokens, settled: Any) -> tuple[Any, ...]:
    """Return row of the record, start, end, label and probability of each span that the tags tell."""
    begins = np.flatnonzero((tags % 2 == 1) & ~settled[tokens.record])
    inner = (tags % 2 == 0) & (tags > 0)
    inner &= np.append(False, tokens.record[1:] == tokens.record[:-1])[: len(tags)]
    stop = np.flatnonzero(~inner)
    after = np.append(stop, len(tags))[np.searchsorted(stop, begins, side="right")]
    label = (tags[begins] - 1) // 2
    sums = np.cumsum(
        np.concatenate([np.zeros((1, (probs.shape[1] - 1) // 2)), probs[:, 1::2] + probs[:, 2::2]]), axis=0
    )
    mean = (sums[after, label] - sums[begins, label]) / np.maximum(after - begins, 1)
    return tokens.record[begins], tokens.start[begins], tokens.end[after - 1], label, mean
