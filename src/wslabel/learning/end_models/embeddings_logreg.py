"""Sentence embeddings, beside TF-IDF, with logistic regression, trained on probabilistic labels."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.errors import PluginError
from wslabel.learning.end_models._features import tfidf, word_features
from wslabel.learning.end_models.base import Constant, FittedEndModel, balance_of, teachable
from wslabel.learning.logistic import Logistic, fit_logistic

INSTALL = "Install it with `pip install wslabel[embeddings]`."
Encode = Callable[[list[str]], Any]


@dataclass(frozen=True)
class EmbeddingsLogreg:
    """Multinomial logistic regression on a sentence embedding and, unless switched off, on TF-IDF beside it.

    Embeddings have length 1 and are multiplied by `scale`, so that one L2 penalty holds for both kinds of features.
    A text is embedded once for all folds.

    Attributes
    ----------
    path
        The folder of a sentence-transformers or a model2vec model. Nothing is fetched from a hub.
    scale
        The length of an embedding beside TF-IDF vectors of length 1.
    words, characters, max_features
        As in `tfidf_logreg`; 0 words and 0 characters leave the embeddings alone.
    c
        Inverse strength of the L2 penalty, as in scikit-learn.
    steps
        The most iterations of the solver.
    seed
        Not used: neither encoder nor solver draws random numbers.
    """

    path: str = ""
    scale: float = 4.0
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
        features = _Features(self._embeddings, self._tfidf(texts))
        return _Fitted(features, fit_logistic(features.of(texts), probs, self.c, self.steps))

    def features(self, texts: Sequence[str]) -> Any:
        """Return n×d features by which gold corrects: TF-IDF of words, and embeddings of length 1."""
        from scipy import sparse

        embeddings = sparse.csr_matrix(self._embeddings.of(texts) / self.scale)
        return sparse.hstack([word_features(texts), embeddings]).tocsr()

    def _tfidf(self, texts: Sequence[str]) -> Any:
        if not self.words and not self.characters:
            return None
        try:
            return tfidf(self.words, self.characters, self.max_features).fit(texts)
        except ValueError:  # no text holds a word
            return None

    @cached_property
    def _embeddings(self) -> _Embeddings:
        return _Embeddings(load_encoder(self.path), self.scale, {})


@dataclass(frozen=True)
class _Embeddings:
    encode: Encode
    scale: float
    known: dict[str, Floats]

    def of(self, texts: Sequence[str]) -> Floats:
        """Return n×d embeddings of length `scale`."""
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        if new:
            rows = np.asarray(self.encode(new), dtype=np.float64)
            lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
            self.known.update(zip(new, self.scale * rows / lengths))
        return np.stack([self.known[text] for text in texts])


@dataclass(frozen=True)
class _Features:
    embeddings: _Embeddings
    vectoriser: Any

    def of(self, texts: Sequence[str]) -> Any:
        """Return n×d features: TF-IDF where there is any, then the embedding."""
        from scipy import sparse

        dense = self.embeddings.of(texts)
        if self.vectoriser is None:
            return dense
        return sparse.hstack([self.vectoriser.transform(texts), sparse.csr_matrix(dense)]).tocsr()


@dataclass(frozen=True)
class _Fitted:
    features: _Features
    regression: Logistic

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return n×K probabilities."""
        if not len(texts):
            return np.zeros((0, len(self.regression.intercept)))
        return self.regression.predict(self.features.of(texts))


def load_encoder(path: str) -> Encode:
    """Return a function from texts to embeddings, from the folder of a model.

    Raises
    ------
    PluginError
        No such folder, neither kind of model in it, or its library is not installed.
    """
    folder = Path(path)
    if not path or not folder.is_dir():
        raise PluginError(
            f"The end model 'embeddings_logreg' needs path, the folder of a sentence-transformers or model2vec model; "
            f"{path!r} is none. Nothing is fetched from a hub."
        )
    if (folder / "modules.json").exists() and not _is_static(folder):
        return _sentence_transformer(folder)
    if (folder / "model.safetensors").exists() and (folder / "tokenizer.json").exists() and _is_static(folder):
        return _static_model(folder)
    raise PluginError(
        f"{folder} holds neither a sentence-transformers model (modules.json) nor a model2vec model (config.json with "
        "model_type model2vec, model.safetensors, tokenizer.json)."
    )


def _is_static(folder: Path) -> bool:
    config = folder / "config.json"
    return config.exists() and '"model2vec"' in config.read_text(encoding="utf-8")


def _sentence_transformer(folder: Path) -> Encode:
    try:
        from sentence_transformers import SentenceTransformer
    except ImportError:
        raise PluginError(f"{folder} is a sentence-transformers model; that library is missing. {INSTALL}") from None
    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return lambda texts: model.encode(texts, batch_size=32, show_progress_bar=False)


def _static_model(folder: Path) -> Encode:
    try:
        from model2vec import StaticModel
    except ImportError:
        raise PluginError(f"{folder} is a model2vec model; that library is missing. {INSTALL}") from None
    model = StaticModel.from_pretrained(str(folder))
    return lambda texts: model.encode(texts)


MODEL = EmbeddingsLogreg
