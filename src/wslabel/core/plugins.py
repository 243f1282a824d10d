"""Plugins: the file name is the registry, and entry points add packages from outside."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Sequence
from importlib.metadata import entry_points
from typing import Any

from wslabel.errors import PluginError, suggest


def plugin_names(package: str, group: str) -> list[str]:
    """Return the names of a kind of plugin: modules of the package, and entry points of the group.

    Modules that begin with an underscore, and ``base``, are no plugins.
    """
    inside = importlib.import_module(package)
    own = {module.name for module in pkgutil.iter_modules(inside.__path__) if not module.ispkg}
    names = {name for name in own if not name.startswith("_") and name != "base"}
    outside = {entry.name for entry in entry_points(group=group)}
    if both := names & outside:
        raise PluginError(f"The entry point {group}:{sorted(both)[0]} has the name of a built-in; rename it.")
    return sorted(names | outside)


def load_plugin(package: str, group: str, name: str, attribute: str, what: str, others: Sequence[str] = ()) -> Any:
    """Return the attribute of the module of that name, or what the entry point of that name loads.

    `others` are further names that a message may suggest.

    Raises
    ------
    PluginError
        There is no plugin of that name; the message suggests one.
    """
    if name not in plugin_names(package, group):
        raise PluginError(f"There is no {what} {name!r}. {suggest(name, [*plugin_names(package, group), *others])}")
    for entry in entry_points(group=group):
        if entry.name == name:
            return entry.load()
    return getattr(importlib.import_module(f"{package}.{name}"), attribute)
