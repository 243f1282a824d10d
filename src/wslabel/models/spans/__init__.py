"""Label models for spans: from votes on spans to labeled spans. One file each, found by file name or entry point."""

from __future__ import annotations

from wslabel.core.plugins import load_plugin, plugin_names
from wslabel.models.spans.base import SpanModel

GROUP = "wslabel.span_models"
SPAN_MODEL = "hmm"
"""What `auto` stands for."""


def span_model_names() -> list[str]:
    """Return the names of the label models for spans."""
    return plugin_names(__name__, GROUP)


def span_model_class(name: str) -> type[SpanModel]:
    """Return the class of the label model for spans of that name."""
    model: type[SpanModel] = load_plugin(__name__, GROUP, name, "MODEL", "label model for spans")
    return model
