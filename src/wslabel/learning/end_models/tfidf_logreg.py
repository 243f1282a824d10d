"""TF-IDF features with logistic regression, trained on probabilistic labels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.learning.end_models.base import FittedEndModel

SMALLEST_WEIGHT = 0.02
"""A label less probable than this on a record is left out of its training; it would cost time and teach nothing."""


@dataclass(frozen=True)
class TfidfLogreg:
    """Multinomial logistic regression on TF-IDF of words and of characters.

    A record with probabilities p counts as K records, one a label, weighted p_k: the gradient is that of the
    cross-entropy to p.

    Attributes
    ----------
    words, characters
        The longest word n-gram, and character n-gram within words; 0 leaves that kind out.
    max_features
        The largest number of features of each kind.
    c
        Inverse strength of the L2 penalty, as in scikit-learn.
    seed
        Not used: the solver draws no random numbers.
    """

    words: int = 2
    characters: int = 5
    max_features: int = 100_000
    c: float = 1.0
    seed: int = 0

    def fit(self, texts: Sequence[str], probs: Floats) -> FittedEndModel:
        """Fit to n texts and their n×K probabilities."""
        rows, labels = np.nonzero(probs >= SMALLEST_WEIGHT)
        balance = (probs.sum(axis=0) + 1e-3) / (len(probs) + 1e-3 * probs.shape[1])
        if len(set(labels.tolist())) < 2 or not any(text.strip() for text in texts):
            return _Constant(balance)
        features = self._vectoriser()
        try:
            matrix = features.fit_transform(texts)
        except ValueError:  # no text holds a word
            return _Constant(balance)
        from sklearn.linear_model import LogisticRegression

        classifier = LogisticRegression(C=self.c, max_iter=1000)
        classifier.fit(matrix[rows], labels, sample_weight=probs[rows, labels])
        return _Fitted(features, classifier, balance)

    def _vectoriser(self) -> Any:
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.pipeline import make_union

        kinds = []
        if self.words:
            kinds.append(
                TfidfVectorizer(
                    ngram_range=(1, self.words), sublinear_tf=True, min_df=2, max_features=self.max_features,
                    token_pattern=r"(?u)\b\w+\b",
                )
            )  # fmt: skip
        if self.characters:
            kinds.append(
                TfidfVectorizer(
                    analyzer="char_wb", ngram_range=(min(3, self.characters), self.characters), sublinear_tf=True,
                    min_df=2, max_features=self.max_features,
                )
            )  # fmt: skip
        return make_union(*kinds)


@dataclass(frozen=True)
class _Fitted:
    features: Any
    classifier: Any
    balance: Floats

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return n×K probabilities; a label never met in training keeps a small share."""
        probs = np.tile(self.balance * 1e-3, (len(texts), 1))
        if len(texts):
            probs[:, self.classifier.classes_] += self.classifier.predict_proba(self.features.transform(texts))
        return np.asarray(probs / probs.sum(axis=1, keepdims=True))


@dataclass(frozen=True)
class _Constant:
    """What is left where there is nothing to learn from: the class balance of the training labels."""

    balance: Floats

    def predict(self, texts: Sequence[str]) -> Floats:
        return np.tile(self.balance, (len(texts), 1))


MODEL = TfidfLogreg
