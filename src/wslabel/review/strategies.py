"""The order of a queue. A strategy is a function in `STRATEGIES`: from issues to record ids, first to review first."""

from __future__ import annotations

from collections.abc import Callable

from wslabel.core.issues import Issues
from wslabel.errors import PluginError, suggest

Strategy = Callable[[Issues], list[str]]


def worst_first(issues: Issues) -> list[str]:
    """Return the records in the order of their worst issue; equals by its kind, then by id. No audit is among them."""
    return issues.without_kind("audit").ids()


def audit(issues: Issues) -> list[str]:
    """Return the records of an audit sample in the order in which they were drawn (see `draw_audit`)."""
    return issues.of_kind("audit").ids()


STRATEGIES: dict[str, Strategy] = {"worst_first": worst_first, "audit": audit}


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
