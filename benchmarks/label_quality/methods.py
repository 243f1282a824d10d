"""The methods that are compared. To add one of ours, write a function (see `method.py`) and put it into `ours`."""

from __future__ import annotations

from collections.abc import Callable

from data import DataSet
from measuring import Meter
from method import Answer, Method
from peers import PEERS
from whole_records import whole_record_methods

ADAPTERS = ("snorkel", "skweak")
"""Label models of ours that only hand the votes to a peer: the peer itself is in the table."""


def methods() -> dict[str, Method]:
    """Return all methods by name, ours first."""
    return {**ours(), **PEERS}


def ours() -> dict[str, Method]:
    """Return the label models of this package, and what is added here."""
    try:
        from wslabel.models import label_model_names
    except ModuleNotFoundError:  # the environment of crowd-kit
        return {}
    names = [name for name in label_model_names() if name not in ADAPTERS]
    return {**{name: Method(label_model_method(name), ours=True) for name in names}, **whole_record_methods()}


def label_model_method(name: str) -> Callable[[DataSet, int], Answer]:
    """Return the method that fits a label model of ours to `train` and predicts `valid`."""

    def run(data: DataSet, seed: int) -> Answer:
        from wslabel import label_model

        seen, judged = data.matrix(data.train), data.matrix(data.valid)
        model = label_model(name, seed=seed)
        with Meter() as fit:
            fitted = model.fit(seen)
        with Meter() as predict:
            labels = fitted.predict(judged)
        return Answer(labels.probs, fit, predict)

    return run
