"""Logistic regression on features of tokens, trained on probable spans."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.tokens import Tokens
from wslabel.learning.span_end_models._token_features import WINDOW, TokenFeatures

OUTSIDE = 0.99
"""From this probability on that it lies in no span a token counts as unlabeled."""
FAINT, QUICK = 0.01, 2.0
"""What an unlabeled token counts at most doubt, and how fast doubt leads there."""


@dataclass(frozen=True)
class SpanLogreg:
    """Multinomial logistic regression over tags of tokens, from words, shapes, affixes and word vectors around.

    It is learned token by token (AdaGrad), in a few passes: stopping early is what keeps it from believing every
    label. Where the labels are in doubt of having missed spans, a token outside all of them counts little; tokens are
    drawn rather than weighted where there are many.

    The word vectors are made of the corpus itself (see `TokenFeatures`): they carry what is learned of some words to
    others in like company.

    Attributes
    ----------
    rate
        How far a step goes.
    passes
        How often the tokens are gone through.
    dimensions
        Of word vectors.
    most
        Tokens outside spans that are drawn.
    seed
        Of the draw, the order and the vectors.
    """

    rate: float = 0.1
    passes: int = 4
    dimensions: int = 32
    most: int = 60_000
    seed: int = 0

    def cross_fit(
        self, tokens: Tokens, tags: Floats, folds: Ints, doubt: float, sure: NDArray[np.bool_] | None = None
    ) -> Floats:
        """Return tokens × tags probabilities, each from the other folds.

        Parameters
        ----------
        tags
            tokens × tags probabilities that are learned.
        folds
            For each token its fold.
        doubt
            0..1: how much of what is there the labels may have missed.
        sure
            The tokens of whose tags there is no doubt.
        """
        out = np.tile(tags.mean(axis=0), (len(tokens), 1)) if len(tokens) else tags
        outside = tags[:, 0] > OUTSIDE
        if outside.all():
            return out
        rows, counted = self._drawn(outside, doubt, np.zeros(len(tokens), np.bool_) if sure is None else sure)
        arrays = TokenFeatures.of(tokens, self.dimensions, self.seed).arrays()
        for fold in np.unique(folds):
            kept = rows[folds[rows] != fold]
            if not outside[kept].all():
                self._tag(np.flatnonzero(folds == fold), kept, counted, tags, arrays, out)
        return out

    def _drawn(self, outside: Any, doubt: float, sure: Any) -> tuple[Ints, Floats]:
        """Return the tokens to learn from, and how much each token counts."""
        unlabeled = outside & ~sure
        weight = FAINT ** min(1.0, QUICK * doubt)
        share = min(1.0, weight, self.most / max(1, int(unlabeled.sum())))
        lucky = np.random.default_rng(self.seed).random(len(outside)) < share
        return np.flatnonzero(~unlabeled | lucky), np.where(unlabeled, weight / share, 1.0)

    def _tag(self, held: Ints, rows: Ints, counted: Floats, tags: Floats, arrays: tuple[Any, ...], out: Floats) -> None:
        """Learn from rows; write the tags of the tokens that are held out."""
        from wslabel.learning.span_end_models import _machine

        balance = np.average(tags[rows], axis=0, weights=counted[rows])
        weights = np.zeros((arrays[4][-1], tags.shape[1]))
        dense = np.zeros((2 * WINDOW + 1, arrays[5].shape[1], tags.shape[1]))
        learned = (*arrays, weights, dense, np.log(np.maximum(balance, 1e-6)))
        random = np.random.default_rng(self.seed)
        order = np.concatenate([random.permutation(rows) for _ in range(self.passes)])
        _machine.learn(order, counted, tags, self.rate, *learned)
        _machine.tag(held, out, *learned)


MODEL = SpanLogreg
