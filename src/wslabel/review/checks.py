"""Checks that a decision speaks of a known record and a known label."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from itertools import islice

from wslabel.errors import ReviewError, suggest

COMPARED = 10_000
"""Ids among which a near one is looked for; more would make a message slow."""


def check_id(record: str, ids: Collection[str], where: str) -> None:
    """Raise `ReviewError` unless the record is one of the ids; the message names the nearest."""
    if record in ids:
        return
    near = difflib.get_close_matches(str(record), islice(ids, COMPARED), n=1)
    hint = f'Did you mean "{near[0]}"?' if near else "Was it made for another corpus?"
    raise ReviewError(f"{where}: there is no record {record!r} among these {len(ids)}. {hint}")


def check_label(label: str, labels: Collection[str], where: str) -> None:
    """Raise `ReviewError` unless the label is one of the task's."""
    if label not in labels:
        raise ReviewError(f"{where}: {label!r} is not a label of this task. {suggest(str(label), labels)}")
