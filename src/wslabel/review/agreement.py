"""How far reviewers agree: with each other, label by label, and with themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.decisions import Decision, join_spans, standing
from wslabel.core.issues import Issue, Issues
from wslabel.core.labels import Labels
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ReviewError
from wslabel.review.resolve import disagreements

REJECTED = "(rejected)"
"""A rejection, as one more answer."""
RESAMPLES = 1000


@dataclass(frozen=True)
class Measure:
    """A coefficient of agreement, at most 1; 0 is that of chance. `low` and `high` are its 95 % bootstrap interval."""

    value: float
    low: float
    high: float

    def __str__(self) -> str:
        return f"{self.value:.2f} ({self.low:.2f}–{self.high:.2f})"


@dataclass(frozen=True)
class PairAgreement:
    """Two reviewers: the records both decided, the share on which they agree, and Cohen's κ."""

    first: str
    second: str
    records: int
    agreed: float
    kappa: Measure


@dataclass(frozen=True)
class Consistency:
    """A reviewer who saw a text again: how often, and how often the decision was the same."""

    reviewer: str
    repeats: int
    same: int


@dataclass(frozen=True)
class Agreement:
    """How far reviewers agree.

    Attributes
    ----------
    records
        Those that two or more reviewers decided.
    alpha
        Krippendorff's α of nominal answers; None without such records.
    fleiss
        Fleiss' κ over the records with the most frequent number of reviewers.
    by_label
        For each answer, Krippendorff's α of whether it was given.
    pairs
        Each two reviewers with records in common.
    own
        Each reviewer who decided a text more than once.
    """

    records: int
    alpha: Measure | None
    fleiss: Measure | None
    by_label: dict[str, Measure]
    pairs: tuple[PairAgreement, ...]
    own: tuple[Consistency, ...]

    def __str__(self) -> str:
        return f"{self.records} records decided by several; Krippendorff's alpha {self.alpha or 'unknown'}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON."""
        return asdict(self)


def measure_agreement(decisions: Iterable[Decision], seed: int = 0) -> Agreement:
    """Measure how far reviewers agree.

    A label or a rejection is an answer; ``skip`` and ``unsure`` are none.

    Sources: J. Cohen, "A Coefficient of Agreement for Nominal Scales", 1960; J. Fleiss, "Measuring nominal scale
    agreement among many raters", 1971; K. Krippendorff, "Computing Krippendorff's Alpha-Reliability", 2011. Intervals
    are percentiles over 1,000 resamples of the records.

    Parameters
    ----------
    decisions
        Logged decisions, in the order they were made.
    seed
        Of the resamples.

    Examples
    --------
    >>> said = [Decision(str(i), "label", "ab"[i % 2], reviewer=who) for i in range(10) for who in ("ana", "bob")]
    >>> print(measure_agreement(said))
    10 records decided by several; Krippendorff's alpha 1.00 (1.00–1.00)
    """
    logged = list(decisions)
    answers = _answers(logged)
    names = sorted({answer for said in answers.values() for answer in said.values()})
    several = [said for said in answers.values() if len(said) > 1]
    table = np.array([[list(said.values()).count(name) for name in names] for said in several], dtype=np.float64)
    reviewers = sorted({who for said in several for who in said})
    pairs = [_pair(one, other, several, names, seed) for one, other in combinations(reviewers, 2)]
    return Agreement(
        records=len(several),
        alpha=_measured(table, _alpha, seed) if several else None,
        fleiss=_measured(_level(table), _fleiss, seed) if several else None,
        by_label={
            name: _measured(_one_against_rest(table, k), _alpha, seed) for k, name in enumerate(names) if several
        },
        pairs=tuple(pair for pair in pairs if pair is not None),
        own=consistency(logged),
    )


def disputed(labels: Labels | SpanLabels, decisions: Iterable[Decision]) -> Issues:
    """Return the records whose reviewers disagree as issues of the kind ``disputed``, for an adjudicator's queue.

    The score is the share of reviewers behind the leading answer, so that the most divided come first; the suggestion
    is that answer where it is a label. Of spans, the score is the F1 of exact spans over all pairs of reviewers.
    """
    if isinstance(labels, SpanLabels):
        return _disputed_spans(labels, decisions)
    given = dict(zip(labels.ids.tolist(), labels.hard().tolist()))
    found = []
    for record, said in _answers(decisions).items():
        counts = {answer: list(said.values()).count(answer) for answer in said.values()}
        leading = max(counts, key=lambda answer: (counts[answer], answer))
        if len(counts) > 1 and record in given:
            label = given[record] if leading == REJECTED else leading
            found.append(Issue(record, "disputed", counts[leading] / len(said), given[record], label))
    return Issues(found)


def _disputed_spans(labels: SpanLabels, decisions: Iterable[Decision]) -> Issues:
    given, found = labels.by_id(), []
    for record, said in disagreements(decisions).items():
        if record in given:
            told = join_spans((one.start, one.end, one.label) for one in given[record])
            pairs = [_same_spans(one, other) for one, other in combinations(said, 2)]
            found.append(Issue(record, "disputed", sum(pairs) / len(pairs), told, told))
    return Issues(found)


def _same_spans(one: Decision, other: Decision) -> float:
    """Return the F1 of two reviewers' spans; 0 where one of them rejects the record, 1 where both do."""
    if one.spans is None or other.spans is None:
        return float(one.action == other.action)
    whole = len(one.spans) + len(other.spans)
    return 2 * len({*one.spans} & {*other.spans}) / whole if whole else 1.0


def _answers(decisions: Iterable[Decision]) -> dict[str, dict[str, str]]:
    """Return by record and reviewer the answer that stands."""
    found: dict[str, dict[str, str]] = {}
    for one in standing(decisions):
        if one.action == "spans":
            raise ReviewError(
                f"Decision of {one.reviewer} on {one.id}: spans, and labels are compared. Use measure_span_agreement()."
            )
        if one.action in ("label", "reject"):
            found.setdefault(one.id, {})[one.reviewer] = one.label or REJECTED
    return found


def consistency(decisions: Sequence[Decision]) -> tuple[Consistency, ...]:
    """Compare what a reviewer decided of a text with what they had decided of it before, on any record."""
    last: dict[tuple[str, str], object] = {}
    counts: dict[str, list[int]] = {}
    for one in decisions:
        if not one.settles:
            continue
        key, answer = (one.reviewer, one.text_hash or one.id), _answer(one)
        if key in last:
            counts.setdefault(one.reviewer, []).append(int(last[key] == answer))
        last[key] = answer
    return tuple(Consistency(who, len(same), sum(same)) for who, same in sorted(counts.items()))


def _answer(decision: Decision) -> object:
    return frozenset(decision.spans) if decision.spans is not None else decision.label or REJECTED


def _pair(one: str, other: str, several: list[dict[str, str]], names: list[str], seed: int) -> PairAgreement | None:
    both = [(said[one], said[other]) for said in several if one in said and other in said]
    if not both:
        return None
    first, second = (np.array([[pair[side] == name for name in names] for pair in both], np.float64) for side in (0, 1))
    agreed = float((first * second).sum() / len(both))
    return PairAgreement(one, other, len(both), agreed, _measured(np.stack([first, second], axis=2), _cohen, seed))


Coefficient = Callable[[Floats, Floats], Floats]
"""From weights (resamples × records) and the records' answers to a coefficient for each resample."""


def _measured(table: Floats, coefficient: Coefficient, seed: int) -> Measure:
    n = len(table)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), RESAMPLES).astype(np.float64)
    value = float(coefficient(np.ones((1, n)), table)[0])
    low, high = np.quantile(coefficient(weights, table), [0.025, 0.975])
    return Measure(value, min(float(low), value), max(float(high), value))


def _alpha(weights: Floats, table: Floats) -> Floats:
    each = table.sum(axis=1)
    alike = (table * (table - 1)).sum(axis=1) / (each - 1)
    answers, totals = weights @ each, weights @ table
    differ = answers - weights @ alike
    expected = (answers**2 - (totals**2).sum(axis=1)) / (answers - 1)
    return _beyond_chance(differ, expected)


def _fleiss(weights: Floats, table: Floats) -> Floats:
    each = table.sum(axis=1)
    alike = (table * (table - 1)).sum(axis=1) / (each * (each - 1))
    records, shares = weights.sum(axis=1), weights @ table / (weights @ each)[:, None]
    return _beyond_chance(1 - weights @ alike / records, 1 - (shares**2).sum(axis=1))


def _cohen(weights: Floats, table: Floats) -> Floats:
    first, second = table[:, :, 0], table[:, :, 1]
    records = weights.sum(axis=1)
    same = weights @ (first * second).sum(axis=1) / records
    chance = ((weights @ first) * (weights @ second)).sum(axis=1) / records**2
    return _beyond_chance(1 - same, 1 - chance)


def _beyond_chance(differ: Floats, expected: Floats) -> Floats:
    """Return ``1 − differ / expected``; 1 where all answers are the same, so that chance cannot differ either."""
    return np.asarray(1 - np.divide(differ, expected, out=np.zeros_like(differ), where=expected > 1e-12))


def _one_against_rest(table: Floats, k: int) -> Floats:
    return np.stack([table[:, k], table.sum(axis=1) - table[:, k]], axis=1)


def _level(table: Floats) -> Floats:
    """Return the records with the most frequent number of answers."""
    each = table.sum(axis=1)
    values, counts = np.unique(each, return_counts=True)
    return np.asarray(table[each == values[counts.argmax()]])
