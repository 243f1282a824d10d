"""How far reviewers agree who mark spans: on spans, on what they overlap, on tokens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.decisions import Decision, Span, standing
from wslabel.core.records import Records, read_records
from wslabel.core.tokens import TOKEN
from wslabel.errors import ReviewError
from wslabel.review.agreement import RESAMPLES, Consistency, Measure, consistency
from wslabel.review.checks import check_id
from wslabel.review.span_gamma import Disorder, disorder

Marks = dict[str, frozenset[Span]]
"""What each reviewer marked in a text."""


@dataclass(frozen=True)
class SpanAgreementRow:
    """How far some reviewers agree on spans, of all labels or of one.

    Attributes
    ----------
    records, spans
        Records that two or more of them decided; spans that they marked there.
    exact
        F1 of spans with the same boundaries and label, over all pairs of reviewers.
    overlap
        F1 of spans that overlap one of the same label.
    tokens, marked
        Of what tokens are, on all tokens and on those that somebody marked: Krippendorff's α, of a pair of reviewers
        Cohen's κ. Most tokens lie in no span, and agreement on them is cheap, so that the first is high where spans are
        rare; the second leaves out all that reviewers agree is nothing, and may be below 0. The truth lies between.
    gamma
        γ: position and label together, beyond chance; see `wslabel.review.span_gamma.disorder`.
    """

    records: int
    spans: int
    exact: Measure
    overlap: Measure
    tokens: Measure
    marked: Measure
    gamma: Measure


@dataclass(frozen=True)
class SpanAgreement:
    """How far reviewers agree on spans.

    Attributes
    ----------
    records
        Records in which two or more reviewers marked spans, or found none.
    rejected
        Records that some rejected and others did not; those who rejected one are left out of the measures.
    overall
        All labels and reviewers; None without such records.
    by_label, by_pair
        Each label, and each two reviewers with records in common.
    own
        Reviewers who saw a text again, and how often they marked the same.
    """

    records: int
    rejected: int
    overall: SpanAgreementRow | None
    by_label: Mapping[str, SpanAgreementRow]
    by_pair: Mapping[tuple[str, str], SpanAgreementRow]
    own: tuple[Consistency, ...]

    def __str__(self) -> str:
        if self.overall is None:
            return "no record decided by several reviewers"
        return f"{self.records} records decided by several; F1 of exact spans {self.overall.exact}"

    def to_dict(self) -> dict[str, Any]:
        """Return plain values, for JSON; a pair's name has a comma between the two."""
        made = {**asdict(self), "by_pair": {}}
        return {**made, "by_pair": {", ".join(pair): asdict(row) for pair, row in self.by_pair.items()}}


def measure_span_agreement(decisions: Iterable[Decision], records: Any, seed: int = 0) -> SpanAgreement:
    """Measure how far reviewers agree who mark spans.

    F1 needs no chance: where what is not marked has no count, kappa comes to F1 (G. Hripcsak and A. Rothschild,
    "Agreement, the F-Measure, and Reliability in Information Retrieval", 2005, doi:10.1197/jamia.M1733). Intervals are
    percentiles over 1,000 resamples of the records, since the spans of a record stand and fall together; for γ what is
    expected by chance is held fixed. A measure is 1 where all said the same.

    Parameters
    ----------
    decisions
        Logged decisions, in the order they were made.
    records
        The records that were decided: texts are cut into tokens.
    seed
        Of the resamples, and of chance in γ.

    Raises
    ------
    ReviewError
        A decision on a record that is not there, with a span outside its text, or with a label where spans are due.

    Examples
    --------
    >>> texts = [{"id": str(i), "text": "aspirin and a rash"} for i in range(9)]
    >>> said = [
    ...     Decision(str(i), "spans", spans=((0, 7, "Drug"), (14, 18, "Effect")), reviewer=who)
    ...     for i in range(9) for who in ("ana", "bob")
    ... ]
    >>> print(measure_span_agreement(said, texts))
    9 records decided by several; F1 of exact spans 1.00 (1.00–1.00)
    """
    logged = list(decisions)
    said, rejected = _marks(standing(logged))
    several = {record: marks for record, marks in said.items() if len(marks) > 1}
    texts = _texts(several, records)
    group = [(texts[record], marks) for record, marks in several.items()]
    names = sorted({label for _, marks in group for spans in marks.values() for *_, label in spans})
    reviewers = sorted({who for _, marks in group for who in marks})
    pairs = {
        pair: [(text, _of(marks, pair)) for text, marks in group if {*pair} <= {*marks}] for pair in _two(reviewers)
    }
    return SpanAgreement(
        records=len(group),
        rejected=rejected,
        overall=_row(group, seed, _alpha) if group else None,
        by_label={name: _row(group, seed, _alpha, name) for name in names},
        by_pair={pair: _row(some, seed, _kappa) for pair, some in pairs.items() if some},
        own=consistency(logged),
    )


def _marks(stand: Iterable[Decision]) -> tuple[dict[str, Marks], int]:
    """Return what reviewers marked, by record, and how many records some of them rejected."""
    found, rejected = dict[str, Marks](), set[str]()
    for one in stand:
        if one.action == "label":
            raise ReviewError(
                f"Decision of {one.reviewer} on {one.id}: a label, where the reviewers of spans mark spans."
            )
        if one.spans is not None:
            found.setdefault(one.id, {})[one.reviewer] = frozenset(one.spans)
        elif one.action == "reject":
            rejected.add(one.id)
    return found, len(rejected & {*found})


def _texts(several: Mapping[str, Marks], records: Any) -> dict[str, str]:
    corpus = records if isinstance(records, Records) else read_records(records)
    known = {
        record: text
        for batch in (corpus.batches() if several else ())
        for record, text in zip(batch["id"].to_pylist(), batch["text"].to_pylist())
        if record in several
    }
    for record, marks in several.items():
        check_id(record, known, "A decision on spans")
        longest = max((end for spans in marks.values() for _, end, _ in spans), default=0)
        if longest > len(known[record]):
            raise ReviewError(f"Record {record}: a span ends at {longest}, and the text has {len(known[record])}.")
    return known


def _two(reviewers: Sequence[str]) -> list[tuple[str, str]]:
    return list(combinations(reviewers, 2))


def _of(marks: Marks, pair: tuple[str, str]) -> Marks:
    return {who: marks[who] for who in pair}


def _about(marks: Marks, label: str) -> Marks:
    return {who: frozenset(span for span in spans if span[2] == label) for who, spans in marks.items()}


Group = Sequence[tuple[str, Marks]]
Coefficient = Callable[[Floats, Sequence["_Answers"]], Floats]


def _row(group: Group, seed: int, coefficient: Coefficient, label: str = "") -> SpanAgreementRow:
    """Return the measures, of one label where one is given: then other labels are as good as none."""
    n = len(group)
    weights = np.random.default_rng(seed).multinomial(n, np.full(n, 1 / n), RESAMPLES).astype(np.float64)
    weights = np.concatenate([np.ones((1, n)), weights])  # the first is the value itself
    answers = [_answers(text, marks) for text, marks in group]
    marked = [one.marked() for one in answers]
    if label:
        group = [(text, _about(marks, label)) for text, marks in group]
        answers, marked = [one.about(label) for one in answers], [one.about(label) for one in marked]
    exact, overlap, total = np.array([_shared(list(marks.values())) for _, marks in group], np.float64).T
    return SpanAgreementRow(
        records=n,
        spans=sum(len(spans) for _, marks in group for spans in marks.values()),
        exact=_interval(_ratio(weights @ exact, weights @ total)),
        overlap=_interval(_ratio(weights @ overlap, weights @ total)),
        tokens=_interval(coefficient(weights, answers)),
        marked=_interval(coefficient(weights, marked)),
        gamma=_interval(_gamma(weights, group, seed)),
    )


def _interval(values: Floats) -> Measure:
    value = float(values[0])
    low, high = np.quantile(values[1:], [0.025, 0.975])
    return Measure(value, min(float(low), value), max(float(high), value))


def _ratio(part: Floats, whole: Floats) -> Floats:
    return np.asarray(np.divide(part, whole, out=np.ones_like(part), where=whole > 0))


def _shared(marks: Sequence[frozenset[Span]]) -> tuple[int, int, int]:
    """Return over all pairs of reviewers the spans that both have, that overlap, and all; each side's counted."""
    exact = overlap = total = 0
    for one, other in combinations(marks, 2):
        exact += 2 * len(one & other)
        overlap += _touched(one, other) + _touched(other, one)
        total += len(one) + len(other)
    return exact, overlap, total


def _touched(one: frozenset[Span], other: frozenset[Span]) -> int:
    return sum(any(s < end and start < e and label == said for s, e, said in other) for start, end, label in one)


@dataclass(frozen=True, eq=False)
class _Answers:
    """What the reviewers of a text say of its tokens: tokens × reviewers places in `names`, sets of labels."""

    said: Ints
    names: tuple[frozenset[str], ...]

    def marked(self) -> _Answers:
        """Return the tokens of which somebody says that they are something."""
        return _Answers(self.said[(self.said > 0).any(axis=1)], self.names)

    def about(self, label: str) -> _Answers:
        """Return which tokens are of the label, and which are not."""
        place = np.array([int(label in name) for name in self.names])
        return _Answers(place[self.said], (frozenset(), frozenset([label])))


def _answers(text: str, marks: Marks) -> _Answers:
    places = [found.span() for found in TOKEN.finditer(text)]
    starts, ends = [start for start, _ in places], [end for _, end in places]
    names: dict[frozenset[str], int] = {frozenset(): 0}
    said = np.zeros((len(places), len(marks)), np.int64)
    for column, spans in enumerate(marks.values()):
        labels: dict[int, frozenset[str]] = {}
        for start, end, label in spans:
            for at in range(bisect_right(ends, start), bisect_left(starts, end)):
                labels[at] = labels.get(at, frozenset()) | {label}
        for at, some in labels.items():
            said[at, column] = names.setdefault(some, len(names))
    return _Answers(said, tuple(names))


def _counts(answers: Sequence[_Answers], column: int | None = None) -> Floats:
    """Return for each text how often each answer was given, by all reviewers or by one."""
    names = {name: k for k, name in enumerate(dict.fromkeys(name for one in answers for name in one.names))}
    out = np.zeros((len(answers), len(names)))
    for row, one in enumerate(answers):
        said = one.said if column is None else one.said[:, column]
        places = [names[name] for name in one.names]
        out[row, places] = np.bincount(said.ravel(), minlength=len(places))
    return out


def _alpha(weights: Floats, answers: Sequence[_Answers]) -> Floats:
    """Return Krippendorff's α for each row of weights of the texts."""
    totals = weights @ _counts(answers)
    each = totals.sum(axis=1)
    differ = weights @ np.array([_differ(one.said) for one in answers])
    expected = (each**2 - (totals**2).sum(axis=1)) / np.maximum(each - 1, 1)
    return 1 - _beside(differ, expected)


def _differ(said: Ints) -> float:
    """Return Σ over tokens of the ordered pairs of reviewers that differ, over the number of reviewers less one."""
    reviewers = said.shape[1]
    return float(sum(np.count_nonzero(said[:, [k]] != said) for k in range(reviewers)) / (reviewers - 1))


def _kappa(weights: Floats, answers: Sequence[_Answers]) -> Floats:
    """Return Cohen's κ of two reviewers for each row of weights of the texts."""
    tokens = weights @ np.array([float(len(one.said)) for one in answers])
    differ = weights @ np.array([float((one.said[:, 0] != one.said[:, 1]).sum()) for one in answers])
    same = ((weights @ _counts(answers, 0)) * (weights @ _counts(answers, 1))).sum(axis=1)
    expected = tokens - np.divide(same, tokens, out=np.zeros_like(same), where=tokens > 0)
    return 1 - _beside(differ, expected)


def _gamma(weights: Floats, group: Group, seed: int) -> Floats:
    """Return γ over all pairs of reviewers: 1 − what alignments cost over what they cost by chance."""
    reviewers = sorted({who for _, marks in group for who in marks})
    costs, expected = np.zeros(len(group)), np.zeros(len(group))
    for one, other in _two(reviewers):
        rows = [row for row, (_, marks) in enumerate(group) if one in marks and other in marks]
        found = _disorder([group[row] for row in rows], one, other, seed)
        costs[rows] += found.costs
        expected[rows] += found.spans * found.expected
    return 1 - _beside(weights @ costs, weights @ expected)


def _beside(differ: Floats, expected: Floats) -> Floats:
    """Return differ over expected; 0 where chance cannot differ either."""
    return np.asarray(np.divide(differ, expected, out=np.zeros_like(differ), where=expected > 1e-12))


def _disorder(group: Group, one: str, other: str, seed: int) -> Disorder:
    pairs = [(sorted(marks[one]), sorted(marks[other])) for _, marks in group]
    return disorder(pairs, [len(text) for text, _ in group], seed)
