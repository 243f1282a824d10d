"""Labels after review: what humans decided stands above what a model estimated."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import overload

import numpy as np

from wslabel.core.decisions import Action, Decision, Span, standing
from wslabel.core.labels import Labels
from wslabel.core.multilabel import PROBLEM, LabelSets, MultiLabels, part_labels
from wslabel.core.sensitive import follow
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ReviewError
from wslabel.review.agreed_spans import agreed_spans
from wslabel.review.checks import check_id, check_label

REJECTED = None
"""The outcome of a record that is to be left out."""


@overload
def resolve(labels: Labels, decisions: Iterable[Decision]) -> Labels: ...
@overload
def resolve(labels: MultiLabels, decisions: Iterable[Decision]) -> MultiLabels: ...
@overload
def resolve(labels: SpanLabels, decisions: Iterable[Decision]) -> SpanLabels: ...
def resolve(
    labels: Labels | MultiLabels | SpanLabels, decisions: Iterable[Decision]
) -> Labels | MultiLabels | SpanLabels:
    """Return the labels with the reviewers' decisions in force.

    A record that reviewers labeled has probability 1 at that label, the source ``human``, and counts as covered,
    whether or not an LF voted on it. A rejected record is left out. ``skip`` and ``unsure`` change nothing. Where
    several reviewers decided, more than half of them must agree; else the record keeps its label and its source,
    and stands in `disagreements`.

    Of spans, a decision tells all spans of its record; those stand with probability 1, and what the model found beside
    them is gone. Of several reviewers, each span that more than half marked exactly alike stands; `agreed_spans` tells
    when they do not agree.

    Parameters
    ----------
    labels
        n labels of a model. Of several labels a record, decisions join all that hold (``late|damaged``), and reviewers
        agree or disagree on each. Of spans, decisions tell offsets in the texts that were labeled.
    decisions
        Logged or standing decisions, in the order they were made.

    Raises
    ------
    ReviewError
        A decision on a record, or for a label, that is not among `labels`; a span outside its text; spans where a label
        is due, or a label where spans are.

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
    if isinstance(labels, SpanLabels):
        return _resolve_spans(labels, stand)
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


def _resolve_spans(labels: SpanLabels, stand: list[Decision]) -> SpanLabels:
    rows = {record: row for row, record in enumerate(labels.ids.tolist())}
    for one in stand:
        _check_spans(one, rows, labels)
    settled = {rows[record]: spans for record, said in _by_record(stand).items() for spans in _settled(said)}
    covered, source = labels.covered.copy(), labels.source.copy()
    covered[list(settled)], source[list(settled)] = True, "human"
    keep, old = np.ones(labels.n, np.bool_), ~np.isin(labels.record, list(settled))
    keep[[row for row, spans in settled.items() if spans is None]] = False
    new = [(labels.ids[row], *span, 1.0) for row, spans in settled.items() for span in spans or ()]
    told = zip(*new) if new else [()] * 5
    columns = [[*column[old].tolist(), *added] for column, added in zip(labels.columns(), told)]
    lengths, ids = labels.lengths[keep], labels.ids[keep]
    made = SpanLabels(ids, lengths, columns, labels.labels, covered[keep], source[keep], labels.corroboration)
    return follow(made, labels)


def _settled(said: list[Decision]) -> list[tuple[Span, ...] | None]:
    """Return what the reviewers of a record agree upon, as the only entry; nothing where they do not agree."""
    agreed, spans = agreed_spans(said)
    return [spans] if agreed else []


def agreed_labels(decisions: Iterable[Decision]) -> dict[str, str]:
    """Return the label of each record on which more than half of its reviewers agree, as gold for the next run.

    Of spans, they are JSON text as a corpus's gold column holds it.

    Examples
    --------
    >>> agreed_labels([Decision("a", "label", "spam"), Decision("b", "reject"), Decision("c", "skip")])
    {'a': 'spam'}
    >>> agreed_labels([Decision("a", "spans", spans=((0, 7, "Drug"),))])
    {'a': '[{"start": 0, "end": 7, "label": "Drug"}]'}
    """
    found = {}
    for record, said in _by_record(decisions).items():
        agreed, answer = _outcome(said)
        if agreed and answer is not REJECTED:
            found[record] = answer if isinstance(answer, str) else _as_gold(answer)
    return found


def _outcome(said: list[Decision]) -> tuple[bool, str | tuple[Span, ...] | None]:
    return agreed_spans(said) if any(one.action == "spans" for one in said) else _majority(said)


def _as_gold(spans: Iterable[Span]) -> str:
    return json.dumps([dict(zip(("start", "end", "label"), span)) for span in spans], ensure_ascii=False)


def disagreements(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    """Return the records whose reviewers decided differently, each with the decisions that stand.

    Records that a majority settled are among them. ``skip`` and ``unsure`` are no decisions here.
    """
    by_record = _by_record(decisions)
    return {record: said for record, said in by_record.items() if len({_answer(one) for one in said}) > 1}


def _answer(decision: Decision) -> object:
    return decision.label if decision.spans is None else frozenset(decision.spans)


def _by_record(decisions: Iterable[Decision]) -> dict[str, list[Decision]]:
    by_record: dict[str, list[Decision]] = {}
    for decision in standing(decisions):
        if decision.settles:
            by_record.setdefault(decision.id, []).append(decision)
    return by_record


def _check(decision: Decision, ids: Collection[str], labels: tuple[str, ...]) -> None:
    where = _place(decision, ids, "spans")
    if decision.label is not None:
        check_label(decision.label, labels, where)


def _check_spans(decision: Decision, rows: Mapping[str, int], labels: SpanLabels) -> None:
    where = _place(decision, rows, "label")
    for start, end, label in decision.spans or ():
        check_label(label, labels.labels, where)
        if end > labels.lengths[rows[decision.id]]:
            raise ReviewError(
                f"{where}: the span {start}..{end} does not lie in the text, which has "
                f"{labels.lengths[rows[decision.id]]} characters. Was the text another when it was decided?"
            )


def _place(decision: Decision, ids: Collection[str], other: Action) -> str:
    """Return whose decision it is, for messages.

    Raises
    ------
    ReviewError
        There is no such record, or the decision is of another kind of task.
    """
    where = f"Decision of {decision.reviewer} on {decision.id}"
    check_id(decision.id, ids, where)
    if decision.action == other:
        due = "labels" if other == "spans" else "spans"
        raise ReviewError(f"{where}: it tells {other!r}, and the task is to review {due}. Use this task's own log.")
    return where


def _majority(said: list[Decision]) -> tuple[bool, str | None]:
    """Return whether more than half agree, and on what (`REJECTED` or a label)."""
    label, votes = Counter(decision.label for decision in said).most_common(1)[0]
    return 2 * votes > len(said), label
