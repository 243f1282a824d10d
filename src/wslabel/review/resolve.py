"""Labels after review: what humans decided stands above what a model estimated."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import replace
from typing import overload

import numpy as np

from wslabel.core.decisions import Decision, standing
from wslabel.core.labels import Labels
from wslabel.core.multilabel import PROBLEM, LabelSets, MultiLabels, part_labels
from wslabel.core.sensitive import follow
from wslabel.review.checks import check_id, check_label

REJECTED = None
"""The outcome of a record that is to be left out."""


@overload
def resolve(labels: Labels, decisions: Iterable[Decision]) -> Labels: ...
@overload
def resolve(labels: MultiLabels, decisions: Iterable[Decision]) -> MultiLabels: ...
def resolve(labels: Labels | MultiLabels, decisions: Iterable[Decision]) -> Labels | MultiLabels:
    """Return the labels with the reviewers' decisions in force.

    A record that reviewers labeled has probability 1 at that label, the source ``human``, and counts as covered,
    whether or not an LF voted on it. A rejected record is left out. ``skip`` and ``unsure`` change nothing. Where
    several reviewers decided, more than half of them must agree; else the record keeps its label and its source,
    and stands in `disagreements`.

    Parameters
    ----------
    labels
        n labels of a model. Of several labels a record, decisions join all that hold (``late|damaged``), and reviewers
        agree or disagree on each.
    decisions
        Logged or standing decisions, in the order they were made.

    Raises
    ------
    ReviewError
        A decision on a record, or for a label, that is not among `labels`.

    Examples
    --------
    >>> labels = Labels(["a", "b"], [[0.6, 0.4], [0.1, 0.9]], ["ham", "spam"])
    >>> final = resolve(labels, [Decision("a", "label", "spam"), Decision("b", "reject")])
    >>> final.ids.tolist(), final.hard().tolist(), final.source.tolist()
    (['a'], ['spam'], ['human'])
    """
    stand = standing(decisions)
    if isinstance(labels, MultiLabels):
        return _resolve_each(labels, stand)
    rows = {record: row for row, record in enumerate(labels.ids)}
    for decision in stand:
        _check(decision, rows, labels.labels)
    probs, covered, source = labels.probs.copy(), labels.covered.copy(), labels.source.copy()
    keep = np.ones(labels.n, np.bool_)
    for record, said in _by_record(stand).items():
        settled, label = _majority(said)
        if settled and label is REJECTED:
            keep[rows[record]] = False
        elif settled:
            row = rows[record]
            probs[row], covered[row], source[row] = 0.0, True, "human"
            probs[row, labels.labels.index(str(label))] = 1.0
    return follow(Labels(labels.ids[keep], probs[keep], labels.labels, covered[keep], source[keep]), labels)


def _resolve_each(labels: MultiLabels, stand: list[Decision]) -> MultiLabels:
    for one in stand:
        _check(one, labels.ids.tolist(), LabelSets(labels.labels))
    made = [resolve(part, [_on(name, one) for one in stand]) for name, part in zip(labels.labels, labels.problems)]
    return MultiLabels(labels.labels, tuple(made))


def _on(name: str, decision: Decision) -> Decision:
    """Return the decision as one on whether a label is present."""
    if decision.label is None:
        return decision
    return replace(decision, label=PROBLEM[name in part_labels(decision.label)])


def agreed_labels(decisions: Iterable[Decision]) -> dict[str, str]:
    """Return the label of each record on which more than half of its reviewers agree, as gold for the next run.

    Examples
    --------
    >>> agreed_labels([Decision("a", "label", "spam"), Decision("b", "reject"), Decision("c", "skip")])
    {'a': 'spam'}
    """
    settled = {record: _majority(said) for record, said in _by_record(decisions).items()}
    return {record: str(label) for record, (agreed, label) in settled.items() if agreed and label is not REJECTED}


def disagreements(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Return the records whose reviewers decided differently, each with the decisions that stand.

    Records that a majority settled are among them. ``skip`` and ``unsure`` are no decisions here.
    """
    by_record = _by_record(decisions)
    return {record: said for record, said in by_record.items() if len({one.label for one in said}) > 1}


def _by_record(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    by_record: dict[str, list[Decision]] = {}
    for decision in standing(decisions):
        if decision.settles:
            by_record.setdefault(decision.id, []).append(decision)
    return by_record


def _check(decision: Decision, ids: Collection[str], labels: tuple[str, ...]) -> None:
    where = f"Decision of {decision.reviewer} on {decision.id}"
    check_id(decision.id, ids, where)
    if decision.label is not None:
        check_label(decision.label, labels, where)


def _majority(said: list[Decision]) -> tuple[bool, str | None]:
    """Return whether more than half agree, and on what (`REJECTED` or a label)."""
    label, votes = Counter(decision.label for decision in said).most_common(1)[0]
    return 2 * votes > len(said), label
