"""Logistic regression on features of tokens, trained on probable spans."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.tokens import Tokens
from wslabel.learning.logistic import fit_logistic
from wslabel.learning.span_end_models._token_features import TokenFeatures

OUTSIDE = 0.99
"""From this probability on that it lies in no span a token counts as unlabeled."""
BLOCK = 50_000
"""Tokens that are tagged at a time."""


@dataclass(frozen=True)
class SpanLogreg:
    """Multinomial logistic regression over tags of tokens, from words, shapes, affixes and word vectors around.

    That no LF votes on a token says little where LFs see little. So a token outside all spans counts in training as
    ``corroboration²`` of one inside, with the share of votes that other LFs confirm: where LFs that look for the same
    meet often, they miss little; where they never meet, most that is there is missed (the reasoning of capture and
    recapture). Tokens are drawn rather than weighted where there are many.

    The word vectors are made of the corpus itself (see `TokenFeatures`): they carry what is learned of some words to
    others in like company.

    Attributes
    ----------
    c
        Inverse strength of the L2 penalty, as in scikit-learn.
    steps
        The most iterations of the solver.
    dimensions
        Of word vectors.
    most
        Tokens outside spans that are drawn for a fold.
    seed
        Of the draw, and of the vectors.
    """

    c: float = 1.0
    steps: int = 30
    dimensions: int = 32
    most: int = 40_000
    seed: int = 0

    def cross_fit(self, tokens: Tokens, tags: Floats, folds: Ints, seen: Ints, corroboration: float) -> Floats:
        """Return tokens × tags probabilities, each from the other folds.

        Parameters
        ----------
        tags
            tokens × tags probabilities that are learned.
        folds
            For each token its fold.
        seen
            The tokens of which something may be learned.
        corroboration
            The share of votes that other LFs confirm.
        """
        out = np.tile(tags.mean(axis=0), (len(tokens), 1)) if len(tokens) else tags
        outside = tags[:, 0] > OUTSIDE
        if not len(seen) or outside[seen].all():
            return out
        features = TokenFeatures.of(tokens, self.dimensions, self.seed)
        rows, weights = self._drawn(seen, outside, corroboration**2)
        matrix = features.rows(rows)
        for fold in np.unique(folds):
            kept = folds[rows] != fold
            if not (~outside[rows[kept]]).any():
                continue
            fitted = fit_logistic(matrix[kept], tags[rows[kept]], self.c, self.steps, weights[kept])
            held = np.flatnonzero(folds == fold)
            for begin in range(0, len(held), BLOCK):
                some = held[begin : begin + BLOCK]
                out[some] = fitted.predict(features.rows(some))
        return out

    def _drawn(self, seen: Ints, outside: NDArray[np.bool_], weight: float) -> tuple[Ints, Floats]:
        """Return the tokens to learn from, and how much each counts."""
        share = min(1.0, max(weight, 1e-3), self.most / max(1, int(outside[seen].sum())))
        lucky = np.random.default_rng(self.seed).random(len(seen)) < share
        rows = seen[~outside[seen] | lucky]
        return rows, np.where(outside[rows], weight / share, 1.0)


MODEL = SpanLogreg
