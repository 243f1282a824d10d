"""End models for spans: from texts with labeled spans to tags of tokens. One file each."""

from __future__ import annotations

from wslabel.core.plugins import load_plugin, plugin_names
from wslabel.learning.end_models.base import make

GROUP = "wslabel.span_end_models"


def span_end_model_names() -> list[str]:
    """Return the names of the end models for spans."""
    return plugin_names(__name__, GROUP)


def span_end_model(name: str, **parameters: object) -> object:
    """Return an end model for spans by name, with its hyper-parameters."""
    return make(load_plugin(__name__, GROUP, name, "MODEL", "end model for spans"), name, parameters)
