"""Cross-validation and fusing of spans: tags of tokens by an end model, beside those of the label model."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints, require_same_ids
from wslabel.core.records import Records, read_records
from wslabel.core.sensitive import follow
from wslabel.core.span_gold import align_span_gold
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.core.tokens import SpanOutOfSample, Tokens
from wslabel.errors import VotesError
from wslabel.learning.span_correction import correct_tags, foretells
from wslabel.learning.span_doubt import missed
from wslabel.learning.span_end_models import span_end_model
from wslabel.learning.span_end_models.span_logreg import OUTSIDE

LEAST = 1e-9
MOST = 0.5
"""The most tokens that are added, as a share of those in spans."""
FEW = 100
"""With so many tokens in spans, half as many are added."""
SHARPNESS = 2.0
"""The exponent of the end model's odds for tokens that no LF labels."""
HABIT = 0.5
"""The exponent of what is usual from one tag to the next; the end model sees the tokens beside, too."""


def cross_validate_spans(
    model: Any, records: Records | Any, labels: SpanLabels, folds: int, seed: int, fold_of: Any, gold: Any = None
) -> SpanOutOfSample:
    """Return tags of tokens, each from an end model that has not seen the record; it learns gold in place of labels."""
    learner = span_end_model(model) if isinstance(model, str) else model
    if not hasattr(learner, "cross_fit"):
        raise VotesError(f"The end model {learner!r} is for one label a record. For spans: span_logreg.")
    corpus = records if isinstance(records, Records) else read_records(records)
    texts = corpus.texts(labels.ids)
    fold = fold_of(texts, folds, seed)
    tokens = Tokens.of(texts)
    taught = with_gold(labels, gold)
    sure = (taught.source != "model")[tokens.record]
    probs = learner.cross_fit(tokens, tokens.tags(taught), fold[tokens.record], missed(labels, tokens), sure)
    return SpanOutOfSample(labels.ids, tokens, probs, fold, labels.labels)


def with_gold(labels: SpanLabels, gold: Any) -> SpanLabels:
    """Return the labels with gold spans in the records that have gold, which are covered and of source ``gold``."""
    known = align_span_gold(gold, labels.ids, labels.lengths, labels.labels)
    if known is None:
        return labels
    has = np.isin(labels.ids.astype(str), known.ids.astype(str))
    kept = ~has[labels.record]
    columns = [np.concatenate([old[kept], new]) for old, new in zip(labels.columns(), known.columns())]
    source = np.where(has, "gold", labels.source)
    shared = labels.corroboration
    made = SpanLabels(labels.ids, labels.lengths, columns, labels.labels, labels.covered | has, source, shared)
    return follow(made, labels)


def fuse_spans(labels: SpanLabels, held: SpanOutOfSample, votes: SpanVotes | None, gold: Any) -> SpanLabels:
    """Find the best spans by both, as far as it is in doubt that the LFs have seen what there is (`missed`).

    A token in a span of the label model has the tags ``p ∝ said · (held / balance)^doubt``, with the end model's mean
    prediction as balance. Of the tokens outside, as many as doubt tells and the end model finds likeliest may be in
    one: a share of the number of those that are in spans, at most `MOST`, and less where there are few to learn from.
    Without doubt the labels stay as they are: what LFs are silent about that know many different names, or confirm each
    other, the end model, which has learned from them, does not know better.

    The spans are the best sequence of tags, in which what is usual from one tag to the next in the labels counts half
    and no span goes on that has not begun; the probability of a span is the mean of its tokens'. Records that a human
    or gold labeled stay as they are.

    Gold corrects the tags (`correct_tags`) where that is better on gold that was held out (`foretells`).
    """
    require_same_ids(labels.ids, held.ids, "fuse(): labels and end model")
    if labels.labels != held.labels:
        raise VotesError(f"fuse(): the labels are {labels.labels} on one side and {held.labels} on the other.")
    doubt, said = missed(labels, held.tokens), held.tokens.tags(labels)
    plain = _without_gold(labels, held, doubt, said)
    final = with_gold(labels, gold)
    if final is labels or not len(held.tokens):
        return plain
    learned = _corrected(labels, held, votes, final, doubt, said)
    return with_gold(learned if foretells(learned, plain, final) else plain, gold)


def _without_gold(labels: SpanLabels, held: SpanOutOfSample, doubt: float, said: Floats) -> SpanLabels:
    if not doubt:
        return labels
    from wslabel.learning.span_end_models._machine import best_path

    tokens, logs = held.tokens, _fused(said, held, doubt, labels.source == "model")
    return _with_spans(labels, held, best_path(logs, _habits(said, tokens), tokens.first), np.exp(logs))


def _corrected(
    labels: SpanLabels, held: SpanOutOfSample, votes: SpanVotes | None, gold: SpanLabels, doubt: float, said: Floats
) -> SpanLabels:
    """Return what gold makes of labels and end model; on gold records what gold of other folds makes of them."""
    from wslabel.learning.span_end_models._machine import best_path

    tokens, logs = held.tokens, _fused(said, held, doubt, labels.source == "model")
    logs = np.log(np.maximum(correct_tags(np.exp(logs), said, held, gold, votes), LEAST))
    habits = _habits(tokens.tags(gold), tokens)
    logs[:, 1:] += _lead(best_path(logs, habits, tokens.first), tokens, gold)
    tags = best_path(logs, habits, tokens.first)
    return _with_spans(labels, held, tags, np.exp(logs - np.logaddexp.reduce(logs, axis=1, keepdims=True)))


def _lead(tags: Ints, tokens: Tokens, gold: SpanLabels) -> float:
    """Return by how much the logarithm of what is in spans is raised for the best F1.

    A span is worth it from a probability of half of the F1 that is reached (Z. Lipton, C. Elkan, B. Naryanaswamy,
    "Optimal Thresholding of Classifiers to Maximize F1 Measure", ECML 2014), which gold tells.
    """
    asked = (gold.source == "gold")[tokens.record]
    truth = tokens.tags(gold).argmax(axis=1)[asked]
    right = int(((truth == tags[asked]) & (truth > 0)).sum())
    f1 = (2 * right + 1) / (int((truth > 0).sum() + (tags[asked] > 0).sum()) + 2)
    return float(np.log((2 - f1) / f1))


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
