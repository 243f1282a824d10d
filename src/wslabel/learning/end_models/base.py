"""What an end model is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, Protocol

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.errors import PluginError, suggest


class FittedEndModel(Protocol):
    """Predicts from texts."""

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return n×K probabilities; rows sum to 1."""
        ...


class EndModel(Protocol):
    """Learns from texts with probabilistic labels.

    To add one, write a file in this folder: a frozen dataclass whose fields are the hyper-parameters (`seed` among
    them), with this method, and the line ``MODEL = YourModel``.
    """

    def fit(self, texts: Sequence[str], probs: Floats) -> FittedEndModel:
        """Fit to n texts and their n×K probabilities."""
        ...


def make(cls: type[Any], name: str, parameters: Mapping[str, Any]) -> EndModel:
    """Return the end model with these hyper-parameters, or say which one it does not have."""
    known = [field.name for field in fields(cls)]
    for parameter in parameters:
        if parameter not in known:
            raise PluginError(f"The end model {name!r} has no parameter {parameter!r}. {suggest(parameter, known)}")
    model: EndModel = cls(**parameters)
    return model


@dataclass(frozen=True)
class Constant:
    """What is left where there is nothing to learn from: the class balance of the training labels.

    Attributes
    ----------
    balance
        K shares.
    """

    balance: Floats

    def predict(self, texts: Sequence[str]) -> Floats:
        """Return the class balance n times."""
        return np.tile(self.balance, (len(texts), 1))


def balance_of(probs: Floats) -> Floats:
    """Return the K mean probabilities; uniform where there are no rows."""
    cardinality = probs.shape[1]
    return np.asarray((probs.sum(axis=0) + 1e-3) / (len(probs) + 1e-3 * cardinality))


def teachable(texts: Sequence[str], probs: Floats) -> bool:
    """Tell whether there is anything to learn: a text that is not blank, and labels of which no one is certain."""
    return any(text.strip() for text in texts) and bool((probs.max(axis=0) > 0.02).sum() > 1)
