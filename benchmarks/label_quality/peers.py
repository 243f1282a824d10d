"""The peers: majority vote, Snorkel, crowd-kit and skweak, as their authors would have them used."""

from __future__ import annotations

from collections.abc import Callable
from itertools import product
from typing import Any

import numpy as np
from data import DataSet
from measuring import Meter
from method import Answer, Method


def majority_vote(data: DataSet, seed: int) -> Answer:
    """Equal parts for the labels with most votes, as Snorkel's MajorityLabelVoter gives them."""
    with Meter() as predict:
        votes = data.votes[data.valid]
        counts = np.stack([(votes == k).sum(axis=1) for k in range(data.cardinality)], axis=1)
        top = counts == counts.max(axis=1, keepdims=True)
        probs = top / top.sum(axis=1, keepdims=True)
    return Answer(probs, Meter(), predict)


def snorkel(**options: Any) -> Callable[[DataSet, int], Answer]:
    """Return Snorkel's LabelModel with these options of `fit`; its defaults are 100 epochs at a rate of 0.01."""

    def run(data: DataSet, seed: int) -> Answer:
        from snorkel.labeling.model import LabelModel

        seen, judged = data.votes[data.train].astype(int), data.votes[data.valid].astype(int)
        model = LabelModel(cardinality=data.cardinality, verbose=False)
        with Meter() as fit:
            model.fit(seen, seed=seed, progress_bar=False, **options)
        with Meter() as predict:
            probs = model.predict_proba(judged)
        return Answer(probs, fit, predict)

    return run


def snorkel_recipe(data: DataSet, seed: int) -> Answer:
    """Snorkel's tutorial: LabelModel, then TF-IDF and logistic regression on the soft labels of covered records."""
    if not data.crossed:
        return _snorkel_recipe(data, seed, data.unseen_train, data.valid)
    texts = data.some(data.valid)
    fold = np.array([sum(text.encode()) % 5 for text in texts])
    probs = np.empty((len(data.valid), data.cardinality))
    parts = []
    for number in range(5):
        held = fold == number
        parts.append(_snorkel_recipe(data, seed, data.valid[~held], data.valid[held]))
        probs[held] = parts[-1].probs
    return Answer(probs, _total([one.fit for one in parts]), _total([one.predict for one in parts]))


def _snorkel_recipe(data: DataSet, seed: int, seen: np.ndarray, judged: np.ndarray) -> Answer:
    from sklearn.feature_extraction.text import TfidfVectorizer
    from sklearn.linear_model import LogisticRegression
    from snorkel.labeling.model import LabelModel

    texts, held = data.some(seen), data.some(judged)
    votes, cardinality = data.votes[seen].astype(int), data.cardinality
    probs = np.full((len(judged), cardinality), 1e-9)
    with Meter() as fit:
        model = LabelModel(cardinality=cardinality, verbose=False)
        model.fit(votes, seed=seed, progress_bar=False)
        covered = np.flatnonzero((votes >= 0).any(axis=1))
        soft = model.predict_proba(votes[covered])
        features = TfidfVectorizer(ngram_range=(1, 2), sublinear_tf=True, min_df=2)
        matrix = features.fit_transform([texts[row] for row in covered])
        rows, labels = np.nonzero(soft > 1e-3)
        classifier = LogisticRegression(max_iter=1000).fit(matrix[rows], labels, sample_weight=soft[rows, labels])
    with Meter() as predict:
        probs[:, classifier.classes_] += classifier.predict_proba(features.transform(held))
    return Answer(probs / probs.sum(axis=1, keepdims=True), fit, predict)


def _total(meters: list[Meter]) -> Meter:
    total = Meter()
    total.seconds = sum(one.seconds for one in meters)
    total.megabytes = max(one.megabytes for one in meters)
    return total


def skweak_naive_bayes(data: DataSet, seed: int) -> Answer:
    """skweak's NaiveBayes with its defaults, on covered records (it knows no others)."""
    import contextlib
    import io

    import pandas as pd
    from skweak.generative import NaiveBayes

    model = NaiveBayes("nb", list(data.labels))
    names = list(data.lf_names)
    seen = data.votes[data.train][data.covered[data.train]]
    covered = data.covered[data.valid]
    probs = np.full((len(data.valid), data.cardinality), 1 / data.cardinality)
    with Meter() as fit, contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        model._fit([pd.DataFrame(seen, columns=names)])
    with Meter() as predict:
        probs[covered] = model.aggregate(pd.DataFrame(data.votes[data.valid][covered], columns=names)).to_numpy()
    return Answer(probs, fit, predict)


def crowdkit(name: str, **options: Any) -> Callable[[DataSet, int], Answer]:
    """Return a model of crowd-kit, fitted to the votes of all rows, as it can predict no others.

    MMSR fails where too few workers meet; there it gets majority vote's answer.
    """

    def run(data: DataSet, seed: int) -> Answer:
        import crowdkit.aggregation as aggregation
        import pandas as pd

        rows, columns = np.nonzero(data.votes >= 0)
        frame = pd.DataFrame({"task": rows, "worker": columns, "label": data.votes[rows, columns].astype(int)})
        model = getattr(aggregation, name)(**options)
        probs = np.full((len(data.ids), data.cardinality), 1 / data.cardinality)
        with Meter() as fit:
            if hasattr(model, "fit_predict_proba"):
                found = model.fit_predict_proba(frame)
                part = found.reindex(columns=range(data.cardinality), fill_value=0.0)
            else:
                try:
                    hard = model.fit_predict(frame)
                except ValueError:
                    return majority_vote(data, seed)
                part = pd.get_dummies(hard).reindex(columns=range(data.cardinality), fill_value=0)
        probs[part.index.to_numpy()] = part.to_numpy(float)
        return Answer(probs[data.valid], fit, Meter())

    return run


GRID = {
    f"snorkel_grid_{number}": {"lr": lr, "n_epochs": epochs, "l2": l2}
    for number, (lr, epochs, l2) in enumerate(product((0.001, 0.01, 0.1), (100, 500), (0.0, 0.1)))
}
"""Of these the report shows, for each set, the one that is most accurate on `valid`: a user could not choose it."""

PEERS = {
    "majority_vote": Method(majority_vote),
    "snorkel_label_model": Method(snorkel(), seeds=3),
    **{name: Method(snorkel(**options)) for name, options in GRID.items()},
    "crowdkit_dawid_skene": Method(crowdkit("DawidSkene", n_iter=100), crowdkit=True),
    "crowdkit_glad": Method(crowdkit("GLAD"), crowdkit=True),
    "crowdkit_mmsr": Method(crowdkit("MMSR"), crowdkit=True),
    "crowdkit_wawa": Method(crowdkit("Wawa"), crowdkit=True),
    "skweak_naive_bayes": Method(skweak_naive_bayes),
    "snorkel_recipe": Method(snorkel_recipe, texts=True),
}
