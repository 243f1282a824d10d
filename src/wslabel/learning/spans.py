"""Cross-validation and fusing of spans: tags of tokens by an end model, beside those of the label model."""

from __future__ import annotations

from typing import Any

import numpy as np

from wslabel.core.arrays import Floats, Ints, require_same_ids
from wslabel.core.records import Records, read_records
from wslabel.core.sensitive import follow
from wslabel.core.span_labels import SpanLabels
from wslabel.core.tokens import SpanOutOfSample, Tokens
from wslabel.errors import VotesError
from wslabel.learning.span_end_models import span_end_model

LEAST = 1e-9


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
    tags = tokens.tags(labels)
    seen = np.arange(len(tokens))
    probs = learner.cross_fit(tokens, tags, fold[tokens.record], seen, labels.corroboration)
    return SpanOutOfSample(labels.ids, tokens, probs, fold, labels.labels)


def fuse_spans(labels: SpanLabels, held: SpanOutOfSample) -> SpanLabels:
    """Multiply the label model's tags with the end model's odds, and find the best spans.

    ``p ∝ ((1 - doubt) · said + doubt · balance) · held / balance``, tag by tag, with the tags that the label model
    says, the end model's, and its mean prediction as balance. With corroboration c the doubt in what the votes leave
    out is ``max(0, 1 - 2c)``: where half of the votes are confirmed by other LFs, their silence is believed. The spans
    are the best sequence of tags in which no span goes on that has not begun; the probability of a span is the mean of
    its tokens'. Records that a human or gold labeled stay as they are.
    """
    require_same_ids(labels.ids, held.ids, "fuse(): labels and end model")
    if labels.labels != held.labels:
        raise VotesError(f"fuse(): the labels are {labels.labels} on one side and {held.labels} on the other.")
    tokens = held.tokens
    if not len(tokens):
        return labels
    said, balance = tokens.tags(labels), np.maximum(held.probs.mean(axis=0), LEAST)
    doubt = max(0.0, 1 - 2 * labels.corroboration)
    fused = ((1 - doubt) * said + doubt * balance) * held.probs / balance
    fused = np.maximum(fused / fused.sum(axis=1, keepdims=True), LEAST)
    best = _best_tags(np.log(fused), tokens.first)
    settled = labels.source != "model"
    found = _spans(best, fused, tokens, settled)
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


def _best_tags(scores: Floats, first: Ints) -> Ints:
    """Return the best sequence of tags of each text, all texts at once, a token at a time (Viterbi 1967)."""
    sizes = np.diff(first)
    order = np.argsort(-sizes, kind="stable")
    begins, sizes = first[:-1][order], sizes[order]
    tags = scores.shape[1]
    best = np.full((len(order), tags), -np.inf)
    some = int((sizes > 0).sum())
    best[:some] = scores[begins[:some]]
    best[:some, 2::2] = -np.inf
    came = np.zeros(scores.shape, np.int16)
    for at in range(1, int(sizes.max(initial=0))):
        some = int((sizes > at).sum())
        before = best[:some]
        top = before.argmax(axis=1)
        reached = np.repeat(before[np.arange(some), top][:, None], tags, axis=1)
        path = np.repeat(top[:, None], tags, axis=1)
        fresh = before[:, 1::2] >= before[:, 2::2]  # what an inner tag goes on from: the first, or another inner one
        reached[:, 2::2] = np.where(fresh, before[:, 1::2], before[:, 2::2])
        path[:, 2::2] = np.where(fresh, np.arange(1, tags, 2), np.arange(2, tags, 2))
        came[begins[:some] + at] = path
        best[:some] = reached + scores[begins[:some] + at]
    out = np.zeros(len(scores), np.int64)
    tag = best.argmax(axis=1)
    for at in range(int(sizes.max(initial=0)) - 1, -1, -1):
        some = int((sizes > at).sum())
        rows = begins[:some] + at
        out[rows] = tag[:some]
        tag[:some] = came[rows, tag[:some]]
    return out


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
