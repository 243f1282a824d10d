"""The order of a queue. A strategy is a function in `STRATEGIES`: from issues to record ids, first to review first."""

from __future__ import annotations

from collections.abc import Callable

from wslabel.core.issues import Issues
from wslabel.errors import PluginError, suggest

Strategy = Callable[[Issues], list[str]]


def worst_first(issues: Issues) -> list[str]:
    """Return the records in the order of their worst issue; equals by its kind, then by id."""
    return list(dict.fromkeys(issue.id for issue in issues))


STRATEGIES: dict[str, Strategy] = {"worst_first": worst_first}


def strategy(name: str) -> Strategy:
    """Return the strategy of that name.

    Raises
    ------
    PluginError
        There is none of that name; the message suggests one.
    """
    if name not in STRATEGIES:
        raise PluginError(f"There is no queue strategy {name!r}. {suggest(name, STRATEGIES)}")
    return STRATEGIES[name]
