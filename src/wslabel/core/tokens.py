"""Tokens of texts: where they stand, and labels of tokens in place of labels of spans."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from wslabel.core.arrays import Floats, Ids, Ints, frozen, frozen_ids
from wslabel.core.decisions import Span
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.core.task import check_labels
from wslabel.errors import VotesError

TOKEN = re.compile(r"\w+|[^\w\s]")
"""A word, or a mark: what spans are made of, whatever the language. Text in which no spaces stand is one long word."""


@dataclass(frozen=True, eq=False)
class Tokens:
    """The tokens of n texts, one behind another.

    Attributes
    ----------
    record, start, end
        For each token the row of its text, and its offsets in characters.
    first
        n+1 places: where the tokens of each text begin.
    words
        For each token what it says.
    """

    record: Ints
    start: Ints
    end: Ints
    first: Ints
    words: tuple[str, ...] = field(repr=False)

    @classmethod
    def of(cls, texts: Sequence[str]) -> Tokens:
        """Cut texts into tokens."""
        found = [[one.span() for one in TOKEN.finditer(text)] for text in texts]
        sizes = np.array([len(some) for some in found], np.int64)
        flat = np.array([span for some in found for span in some], np.int64).reshape(-1, 2)
        words = tuple(text[start:end] for text, some in zip(texts, found) for start, end in some)
        first = np.cumsum(np.append(0, sizes))
        return cls(np.repeat(np.arange(len(texts)), sizes), flat[:, 0], flat[:, 1], first, words)

    def __len__(self) -> int:
        return len(self.record)

    def places(self, labels: SpanLabels | SpanVotes) -> tuple[Ints, Ints]:
        """Return for each span or vote its first token and the one after its last: those that it overlaps."""
        room = int(max(self.end.max(initial=0), labels.end.max(initial=0))) + 2
        low = np.searchsorted(self.record * room + self.end, labels.record * room + labels.start, side="right")
        high = np.searchsorted(self.record * room + self.start, labels.record * room + labels.end, side="left")
        return low, high

    def tags(self, labels: SpanLabels) -> Floats:
        """Return tokens × (2K+1) probabilities: outside, and for each label its first token and its others.

        A token belongs to a span that it overlaps.
        """
        out = np.zeros((len(self), 2 * len(labels.labels) + 1))
        low, high = self.places(labels)
        for begin, end, k, share in zip(
            low.tolist(), high.tolist(), labels.label.tolist(), labels.probability.tolist()
        ):
            if begin < end:
                out[begin, 2 * k + 1] += share
                out[begin + 1 : end, 2 * k + 2] += share
        out[:, 0] = np.maximum(0.0, 1.0 - out.sum(axis=1))
        return np.asarray(out / out.sum(axis=1, keepdims=True))


@dataclass(frozen=True, init=False, eq=False)
class SpanOutOfSample:
    """An end model's probabilities for the tokens of n records, each from a fold that had not seen the record.

    Attributes
    ----------
    ids
        n distinct record ids.
    tokens
        Their tokens.
    probs
        tokens × (2K+1): outside, and for each label its first token and its others; rows sum to 1.
    folds
        n integers >= 0: the fold that held the record out.
    labels
        K label names.
    """

    ids: Ids
    tokens: Tokens
    probs: Floats
    folds: Ints
    labels: tuple[str, ...]

    def __init__(self, ids: Ids, tokens: Tokens, probs: Floats, folds: Ints, labels: Sequence[str]) -> None:
        names = check_labels(list(labels), "Out-of-sample probabilities", "spans")
        if (
            probs.shape != (len(tokens), 2 * len(names) + 1)
            or len(folds) != len(ids)
            or len(tokens.first) != len(ids) + 1
        ):
            raise VotesError(f"{len(ids)} records with {len(tokens)} tokens do not fit probabilities {probs.shape}.")
        if not np.isfinite(probs).all() or (np.abs(probs.sum(axis=1) - 1) > 1e-6).any():
            raise VotesError("Out-of-sample probabilities of a token must be finite and sum to 1.")
        object.__setattr__(self, "ids", frozen_ids(ids, "Out-of-sample probabilities"))
        object.__setattr__(self, "tokens", tokens)
        object.__setattr__(self, "probs", frozen(probs))
        object.__setattr__(self, "folds", frozen(np.asarray(folds, np.int64)))
        object.__setattr__(self, "labels", names)

    def spans(self, row: int) -> list[Span]:
        """Return the spans of a record that the likeliest labels of its tokens make: start, end and label."""
        found: list[Span] = []
        before = -1
        for at in range(int(self.tokens.first[row]), int(self.tokens.first[row + 1])):
            begin, inner = self.probs[at, 1::2], self.probs[at, 2::2]
            best = int((begin + inner).argmax())
            label = best if begin[best] + inner[best] > self.probs[at, 0] else -1
            if label >= 0 and label == before and inner[label] >= begin[label]:
                found[-1] = (found[-1][0], int(self.tokens.end[at]), found[-1][2])
            elif label >= 0:
                found.append((int(self.tokens.start[at]), int(self.tokens.end[at]), self.labels[label]))
            before = label
        return found

    def __repr__(self) -> str:
        return f"SpanOutOfSample({len(self.ids)} records, {len(self.tokens)} tokens)"
