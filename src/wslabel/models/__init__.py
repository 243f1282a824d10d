"""Label models: from votes to probabilistic labels. One file each, found by file name or entry point."""

from __future__ import annotations

import json
from typing import Any

from wslabel.core.plugins import load_plugin, plugin_names
from wslabel.models._multilabel import FittedMultiLabelModel
from wslabel.models.base import FittedLabelModel, LabelModel
from wslabel.models.spans import span_model_class, span_model_names
from wslabel.models.spans.base import FittedSpanModel, SpanModel

GROUP = "wslabel.models"


def label_model(name: str = "auto", **parameters: Any) -> Any:
    """Return a label model by name.

    Parameters
    ----------
    name
        See `label_model_names`; ``auto`` averages the models that suit the votes. For spans see `span_model_names`.
    parameters
        Its hyper-parameters, as its docstring lists them; `seed` goes with every model, `class_balance` with those
        for one label a record.

    Returns
    -------
    LabelModel, or SpanModel

    Raises
    ------
    PluginError
        An unknown name or parameter; the message suggests one.

    Examples
    --------
    >>> label_model("majority", pseudo_votes=2.0)
    Majority(class_balance=None, seed=0, pseudo_votes=2.0)
    """
    if name in span_model_names():
        return span_model_class(name).of(parameters)
    return model_class(name).of(parameters)


def model_class(name: str) -> type[LabelModel]:
    """Return the class of the label model of that name, for one label a record."""
    model: type[LabelModel] = load_plugin(__name__, GROUP, name, "MODEL", "label model", span_model_names())
    return model


def label_model_names() -> list[str]:
    """Return the names of the label models for one label a record."""
    return plugin_names(__name__, GROUP)


def load_label_model(text: str) -> Any:
    """Return a fitted label model from its JSON text: for one label a record, for several, or for spans."""
    content = json.loads(text)
    if content.get("kind") == "spans":
        return FittedSpanModel.from_json(text, span_model_class)
    if "problems" in content:
        return FittedMultiLabelModel.from_json(text, model_class)
    return FittedLabelModel.from_json(text, model_class)


__all__ = [
    "FittedLabelModel",
    "FittedMultiLabelModel",
    "FittedSpanModel",
    "LabelModel",
    "SpanModel",
    "fit_multilabel",
    "label_model",
    "label_model_names",
    "load_label_model",
    "model_class",
    "span_model_class",
    "span_model_names",
]
