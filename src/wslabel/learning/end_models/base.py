"""What an end model is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, Protocol

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
