"""Records whose labeled spans deserve a second look."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from wslabel.core.arrays import require_same_ids
from wslabel.core.issues import Issue, Issues
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.core.tokens import SpanOutOfSample
from wslabel.errors import VotesError
from wslabel.flagging.label_errors import token_errors

HALF = 0.5


def flag_spans(labels: SpanLabels, held: Any, votes: SpanVotes | None) -> Issues:
    """Return the records whose spans are likely wrong, worst first; those of people and gold are left out.

    The score is the probability of the least probable span; for a ``label_error`` the lowest probability, by the end
    model, that a token's label is right (Cleanlab's token classification). ``low_confidence``: a span that is less
    probable than not. ``conflict``: votes for different labels on one place. ``uncovered``: no LF votes.
    """
    if held is not None and not isinstance(held, SpanOutOfSample):
        raise VotesError(f"flag() of spans takes what cross_validate() of spans returns; got {type(held).__name__}.")
    for other in (held, votes):
        if other is not None:
            require_same_ids(labels.ids, other.ids, "flag(): labels and what stands beside them")
    least = np.ones(labels.n)
    np.minimum.at(least, labels.record, labels.probability)
    errors = {} if held is None else token_errors(held.tokens.tags(labels), held.probs, held.tokens.first)
    conflicts = {} if votes is None else _conflicts(votes)
    open_rows = np.flatnonzero(labels.source == "model").tolist()
    return Issues(issue for row in open_rows for issue in _issues(labels, row, float(least[row]), errors, conflicts))


def _issues(
    labels: SpanLabels, row: int, least: float, errors: dict[int, float], conflicts: dict[int, set[str]]
) -> Iterator[Issue]:
    record = str(labels.ids[row])
    told = ", ".join(f"{span.label} {span.start}:{span.end}" for span in labels.at(row))
    score = min(1.0, max(0.0, min(least, errors.get(row, 1.0))))
    if row in errors:
        yield Issue(record, "label_error", score, told, told)
    if least < HALF:
        yield Issue(record, "low_confidence", score, told, told)
    if row in conflicts:
        yield Issue(record, "conflict", score, told, told, tuple(sorted(conflicts[row])))
    if not labels.covered[row]:
        yield Issue(record, "uncovered", score, told, told)


def _conflicts(votes: SpanVotes) -> dict[int, set[str]]:
    """Return by row of the record the LFs whose votes for different labels overlap."""
    found: dict[int, set[str]] = {}
    record, end = votes.record, votes.end
    for step in range(1, votes.m + 1):
        if step >= len(votes):
            break
        same = (record[step:] == record[:-step]) & (votes.start[step:] < end[:-step])
        for at in np.flatnonzero(same & (votes.label[step:] != votes.label[:-step])).tolist():
            names = {votes.lf_names[votes.lf[at]], votes.lf_names[votes.lf[at + step]]}
            found.setdefault(int(record[at]), set()).update(names)
    return found
