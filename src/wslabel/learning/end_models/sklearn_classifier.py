"""Any classifier of scikit-learn as an end model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.errors import PluginError
from wslabel.learning.end_models._features import tfidf
from wslabel.learning.end_models.base import Constant, FittedEndModel, balance_of, teachable

SMALLEST_WEIGHT = 0.02
"""A label less probable than this on a record is left out of its training; it would cost time and teach nothing."""


@dataclass(frozen=True)
class SklearnClassifier:
    """A classifier with `predict_proba`, on TF-IDF of words.

    Where its `fit` takes `sample_weight`, a record with probabilities p counts as K records, one a label, weighted
    p_k; otherwise it counts once, with its likeliest label.

    Attributes
    ----------
    estimator
        A classifier, which is copied before it is fitted, or its full name (``sklearn.naive_bayes.ComplementNB``).
        A `sklearn.pipeline.Pipeline` gets the texts themselves, other classifiers TF-IDF.
    parameters
        Of the classifier, where it is given by name.
    words, max_features
        As in `tfidf_logreg`.
    seed
        Becomes the classifier's `random_state` where it has one that is None.
    """

    estimator: Any = "sklearn.naive_bayes.ComplementNB"
    parameters: Mapping[str, Any] = field(default_factory=dict)
    words: int = 2
    max_features: int = 100_000
    seed: int = 0

    def fit(self, texts: Sequence[str], probs: Floats) -> FittedEndModel:
        """Fit to n texts and their n×K probabilities."""
        from sklearn.pipeline import Pipeline

        classifier = self._classifier()
        if not teachable(texts, probs):
            return Constant(balance_of(probs))
        if isinstance(classifier, Pipeline):
            classifier.fit(list(texts), probs.argmax(axis=1))
            return _Fitted(None, classifier, balance_of(probs))
        features = tfidf(self.words, 0, self.max_features)
        try:
            matrix = features.fit_transform(texts)
        except ValueError:  # no text holds a word
            return Constant(balance_of(probs))
        _train(classifier, matrix, probs)
        return _Fitted(features, classifier, balance_of(probs))

    def _classifier(self) -> Any:
        from sklearn.base import clone

        made = self._named() if isinstance(self.estimator, str) else clone(self.estimator)
        if not hasattr(made, "predict_proba"):
            raise PluginError(f"{made} has no predict_proba; an end model needs a classifier with probabilities.")
        if made.get_params().get("random_state", 0) is None:
            made.set_params(random_state=self.seed)
        return made

    def _named(self) -> Any:
        place, _, name = self.estimator.rpartition(".")
        try:
            return getattr(import_module(place), name)(**self.parameters)
        except (ImportError, AttributeError, ValueError):
            raise PluginError(
                f"There is no classifier {self.estimator!r}; give its full name, as sklearn.naive_bayes.ComplementNB."
            ) from None
        except TypeError as error:
            raise PluginError(f"{self.estimator}: {error}.") from None


def _train(classifier: Any, matrix: Any, probs: Floats) -> None:
    from sklearn.utils.validation import has_fit_parameter

    if not has_fit_parameter(classifier, "sample_weight"):
        classifier.fit(matrix, probs.argmax(axis=1))
        return
    rows, labels = np.nonzero(probs >= SMALLEST_WEIGHT)
    classifier.fit(matrix[rows], labels, sample_weight=probs[rows, labels])


@dataclass(frozen=True)
class _Fitted:
    features: Any
    classifier: Any
    balance: Floats

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return n×K probabilities; a label never met in training keeps a small share."""
        probs = np.tile(self.balance * 1e-3, (len(texts), 1))
        if len(texts):
            given = list(texts) if self.features is None else self.features.transform(texts)
            probs[:, self.classifier.classes_] += self.classifier.predict_proba(given)
        return np.asarray(probs / probs.sum(axis=1, keepdims=True))


MODEL = SklearnClassifier
