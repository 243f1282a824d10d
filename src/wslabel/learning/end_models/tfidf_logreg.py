"""TF-IDF features with logistic regression, trained on probabilistic labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.learning.end_models._features import tfidf
from wslabel.learning.end_models.base import Constant, FittedEndModel, balance_of, teachable
from wslabel.learning.logistic import Logistic, fit_logistic


@dataclass(frozen=True)
class TfidfLogreg:
    """Multinomial logistic regression on TF-IDF of words and of characters, with the cross-entropy to the labels.

    Attributes
    ----------
    words, characters
        The longest word n-gram, and character n-gram within words; 0 leaves that kind out.
    max_features
        The largest number of features of each kind.
    c
        Inverse strength of the L2 penalty, as in scikit-learn.
    steps
        The most iterations of the solver.
    seed
        Not used: the solver draws no random numbers.
    """

    words: int = 2
    characters: int = 5
    max_features: int = 100_000
    c: float = 1.0
    steps: int = 60
    seed: int = 0

    def fit(self, texts: Sequence[str], probs: Floats) -> FittedEndModel:
        """Fit to n texts and their n×K probabilities."""
        if not teachable(texts, probs):
            return Constant(balance_of(probs))
        features = tfidf(self.words, self.characters, self.max_features)
        try:
            matrix = features.fit_transform(texts)
        except ValueError:  # no text holds a word
            return Constant(balance_of(probs))
        return _Fitted(features, fit_logistic(matrix, probs, self.c, self.steps))


@dataclass(frozen=True)
class _Fitted:
    features: Any
    regression: Logistic

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return n×K probabilities."""
        if not len(texts):
            return np.zeros((0, len(self.regression.intercept)))
        return self.regression.predict(self.features.transform(texts))


MODEL = TfidfLogreg
