"""Engines: hosts of the kernel, one file each, found by file name or by the entry points ``wslabel.engines``."""

from __future__ import annotations

from wslabel.applying.engines.base import Engine
from wslabel.core.plugins import load_plugin, plugin_names

GROUP = "wslabel.engines"


def engine_names() -> list[str]:
    """Return the names of the engines."""
    return plugin_names(__name__, GROUP)


def load_engine(name: str) -> Engine:
    """Return the engine of that name."""
    engine: Engine = load_plugin(__name__, GROUP, name, "ENGINE", "engine")
    return engine


__all__ = ["Engine", "engine_names", "load_engine"]
