"""Label models: from votes to probabilistic labels. One file each, found by file name or entry point."""

from __future__ import annotations

import json
from typing import Any, cast

from wslabel.core.plugins import load_plugin, plugin_names
from wslabel.models._multilabel import FittedMultiLabelModel
from wslabel.models.base import FittedLabelModel, LabelModel

GROUP = "wslabel.models"


def label_model(name: str = "auto", **parameters: Any) -> LabelModel:
    """Return a label model by name.

    Parameters
    ----------
    name
        See `label_model_names`; ``auto`` averages the models that suit the votes.
    parameters
        Its hyper-parameters, as its docstring lists them; `seed` and `class_balance` go with every model.

    Raises
    ------
    PluginError
        An unknown name or parameter; the message suggests one.

    Examples
    --------
    >>> label_model("majority", pseudo_votes=2.0)
    Majority(class_balance=None, seed=0, pseudo_votes=2.0)
    """
    return model_class(name).of(parameters)


def model_class(name: str) -> type[LabelModel]:
    """Return the class of the label model of that name."""
    model: type[LabelModel] = load_plugin(__name__, GROUP, name, "MODEL", "label model")
    return model


def label_model_names() -> list[str]:
    """Return the names of the label models."""
    return plugin_names(__name__, GROUP)


def load_label_model(text: str) -> FittedLabelModel:
    """Return a fitted label model from its JSON text; that of a multi-label task is a `FittedMultiLabelModel`."""
    if "problems" in json.loads(text):
        return cast(FittedLabelModel, FittedMultiLabelModel.from_json(text, model_class))
    return FittedLabelModel.from_json(text, model_class)


__all__ = [
    "FittedLabelModel",
    "FittedMultiLabelModel",
    "LabelModel",
    "label_model",
    "label_model_names",
    "load_label_model",
    "model_class",
]
