"""Issues of records with several labels: each label is looked at as a problem of its own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from wslabel.core.issues import Issue, Issues
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels, MultiOutOfSample, join_labels, split_votes
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError


def flag_each(
    flag: Callable[..., Issues],
    labels: MultiLabels,
    held: Any,
    votes: VoteMatrix | None,
    posterior: MultiLabels | None,
    rule: str,
) -> Issues:
    """Return for each record the worst issue of each kind over its labels.

    A record is uncovered where no LF votes on any of its labels.

    Parameters
    ----------
    flag
        Flags one problem.
    """
    if held is not None and not isinstance(held, MultiOutOfSample):
        raise VotesError(f"flag(): labels of several a record go with a MultiOutOfSample; got {type(held).__name__}.")
    said = {} if votes is None else split_votes(votes)
    found: dict[tuple[str, str], tuple[str, Issue]] = {}
    for name, one in zip(labels.labels, labels.problems):
        taught: Labels | None = None if posterior is None else posterior.problem(name)
        for issue in flag(one, None if held is None else held.problem(name), said.get(name), taught, rule):
            key = (issue.id, issue.kind)
            if key not in found or issue.score < found[key][1].score:
                found[key] = (name, issue)
    rows = {record: row for row, record in enumerate(labels.ids)}
    some, given = np.asarray(labels.covered.any(axis=1)), labels.sets()
    kept = [(name, issue) for name, issue in found.values() if issue.kind != "uncovered" or not some[rows[issue.id]]]
    return Issues([_of_record(labels, rows[issue.id], given[rows[issue.id]], name, issue) for name, issue in kept])


def _of_record(labels: MultiLabels, row: int, given: tuple[str, ...], name: str, issue: Issue) -> Issue:
    """Return the issue with all labels of the record: those it has, and those it would have."""
    if issue.kind == "uncovered":
        wanted = {label for label, p in zip(labels.labels, labels.probs[row]) if p > 0.5}
    else:
        wanted = {*given, name} if issue.suggested == "present" else {*given} - {name}
    suggested = join_labels(label for label in labels.labels if label in wanted)
    return Issue(issue.id, issue.kind, issue.score, join_labels(given), suggested, issue.lfs)
