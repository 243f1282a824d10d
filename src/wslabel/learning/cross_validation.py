"""Cross-validation: every record is scored by an end model that has not seen it."""

from __future__ import annotations

import hashlib
from typing import Any, overload

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.multilabel import MultiLabels, MultiOutOfSample, split_gold
from wslabel.core.plugins import load_plugin, plugin_names
from wslabel.core.records import Records, read_records
from wslabel.core.span_labels import SpanLabels
from wslabel.core.tokens import SpanOutOfSample
from wslabel.errors import VotesError
from wslabel.learning.correction import corrected
from wslabel.learning.end_models._features import word_features
from wslabel.learning.end_models.base import EndModel, make
from wslabel.learning.span_end_models import span_end_model, span_end_model_names
from wslabel.learning.spans import cross_validate_spans

PACKAGE, GROUP = "wslabel.learning.end_models", "wslabel.end_models"


def end_model(name: str, **parameters: Any) -> Any:
    """Return an end model by name, with its hyper-parameters; for spans ``span_logreg``.

    Raises
    ------
    PluginError
        An unknown name or parameter; the message suggests one.
    """
    if name in span_end_model_names():
        return span_end_model(name, **parameters)
    return make(load_plugin(PACKAGE, GROUP, name, "MODEL", "end model", span_end_model_names()), name, parameters)


def end_model_names() -> list[str]:
    """Return the names of the end models."""
    return plugin_names(PACKAGE, GROUP)


@overload
def cross_validate(
    model: str | EndModel, records: Records | Any, labels: Labels, folds: int = 5, seed: int = 0, gold: Any = None
) -> OutOfSample: ...
@overload
def cross_validate(
    model: str | EndModel, records: Records | Any, labels: MultiLabels, folds: int = 5, seed: int = 0, gold: Any = None
) -> MultiOutOfSample: ...
@overload
def cross_validate(
    model: str | EndModel, records: Records | Any, labels: SpanLabels, folds: int = 5, seed: int = 0, gold: Any = None
) -> SpanOutOfSample: ...
def cross_validate(
    model: str | EndModel,
    records: Records | Any,
    labels: Labels | MultiLabels | SpanLabels,
    folds: int = 5,
    seed: int = 0,
    gold: Any = None,
) -> OutOfSample | MultiOutOfSample | SpanOutOfSample:
    """Train an end model on the covered records' labels, and let it score the records it was not trained on.

    Records of equal text stand in one fold, so that none is scored by a model that saw its copy. The fold depends
    on text and seed only.

    Parameters
    ----------
    model
        The name of an end model, or one.
    records
        Records that hold at least those of the labels.
    labels
        n probabilistic labels; uncovered records are scored, not trained on.
    folds
        Number of folds, >= 2.
    gold
        Gold labels of some records, as in `LabelModel.fit`: they correct what the end model has learned from
        `labels` (see `taught`). So do labels that a human or gold gave. Of spans, as in `fuse`, they are learned in
        place of the labels.

    Returns
    -------
    OutOfSample
        n×K, in the order of the labels. Of several labels a record a `MultiOutOfSample`: each label is a problem of its
        own, in the same folds.

    Raises
    ------
    VotesError
        A label whose record is missing, or fewer than 2 folds.
    """
    if folds < 2:
        raise VotesError(f"folds is {folds}; cross-validation needs at least 2.")
    if isinstance(labels, SpanLabels):
        return cross_validate_spans(model, records, labels, folds, seed, _folds, gold)
    learner = end_model(model) if isinstance(model, str) else model
    if hasattr(learner, "cross_fit"):
        raise VotesError(f"The end model {learner!r} is for spans; these labels are of records.")
    corpus = records if isinstance(records, Records) else read_records(records)
    texts = corpus.texts(labels.ids)
    fold = _folds(texts, folds, seed)
    if isinstance(labels, Labels):
        return _held_out(learner, texts, labels, fold, gold)
    known = split_gold(gold, labels.labels, labels.ids)
    made = [_held_out(learner, texts, one, fold, known[label]) for label, one in zip(labels.labels, labels.problems)]
    return MultiOutOfSample(labels.labels, tuple(made))


def _held_out(learner: EndModel, texts: list[str], labels: Labels, fold: Ints, gold: Any) -> OutOfSample:
    probs = np.empty((labels.n, len(labels.labels)))
    for number in np.unique(fold):
        held = np.flatnonzero(fold == number)
        seen = np.flatnonzero(labels.covered & (fold != number))
        fitted = learner.fit([texts[row] for row in seen], _training(labels, seen))
        probs[held] = fitted.predict([texts[row] for row in held])
    held_out = OutOfSample(labels.ids, probs, fold, labels.labels)
    known = labels.with_gold(gold)
    return taught(held_out, learner, texts, np.where(known.source != "model", known.hard_indices(), -1))


def taught(held: OutOfSample, learner: EndModel, texts: list[str], gold: Ints) -> OutOfSample:
    """Correct the held-out probabilities by gold and features of the texts (``wslabel.learning.correction``).

    The features are those that the end model offers by a method `features`, else TF-IDF of words. No record is
    corrected by its own gold.

    Parameters
    ----------
    held
        Of an end model that has seen no gold of the records it scored.
    learner
        The end model.
    texts
        n texts.
    gold
        n label indices, -1 where unknown.
    """
    if not (gold >= 0).any():
        return held
    features = getattr(learner, "features", word_features)(texts)
    return OutOfSample(held.ids, corrected([held.probs], features, gold, held.folds), held.folds, held.labels)


def _training(labels: Labels, rows: Ints) -> Floats:
    if len(rows):
        return labels.probs[rows]
    return np.full((0, len(labels.labels)), 1.0)


def _folds(texts: list[str], folds: int, seed: int) -> Ints:
    salt = seed.to_bytes(8, "little", signed=True)
    digests = (hashlib.blake2b(text.encode(), digest_size=8, salt=salt).digest() for text in texts)
    return np.array([int.from_bytes(digest, "little") % folds for digest in digests], dtype=np.int64)
