"""Splitting a corpus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.records import read_records
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ExportError
from wslabel.exporting.splits.assigning import by_share, by_time
from wslabel.exporting.splits.facts import Facts, gathered
from wslabel.exporting.splits.plan import ALWAYS_TRAIN, LABEL, TEST, SplitPlan
from wslabel.exporting.splits.units import units_of
from wslabel.exporting.splits.value import IN_GAP, LINKED, NO_TIME, NOWHERE, PINNED, Codes, Splits
from wslabel.exporting.splits.words import Places, mixed_hash, string_hashes

Mask = NDArray[np.bool_]


def split(
    records: Any,
    plan: SplitPlan | None = None,
    *,
    labels: Labels | MultiLabels | SpanLabels | None = None,
    gold: Iterable[str] = (),
    developed: Iterable[str] = (),
) -> Splits:
    """Tell which records train, validate and test; the corpus is read once, and its order does not matter.

    Records that are copies of each other, near-duplicates, or of one group stay together. All that is held in
    memory are some numbers a record; texts are compared by sketches on disk (about 1 KB a record, in the
    folder for temporary files).

    Parameters
    ----------
    records
        `Records`, or what `wslabel.read_records` takes.
    plan
        How; by default 80 % train, 10 % valid, 10 % test, near-duplicates together.
    labels
        For ``stratify="label"``. Of several labels, or spans, of a record the rarest one counts; records without any
        are a stratum of their own.
    gold
        Ids of records whose gold label is known, beside those of the corpus's gold column and of `labels`.
    developed
        Texts that labeling functions were written with at hand: their examples, the suite's sample.

    Returns
    -------
    Splits

    Raises
    ------
    ExportError
        A column that is not there, a time that cannot be read, or a split that would be empty.

    Examples
    --------
    >>> made = split([{"id": str(i), "text": f"note {i}", "who": i // 2} for i in range(40)], SplitPlan(groups=["who"]))
    >>> made.counts
    {'train': 32, 'valid': 4, 'test': 4}
    """
    plan = plan or SplitPlan()
    corpus = read_records(records)
    written = sorted(set(developed)) if "developed" in plan.never_test else []
    columns = [*plan.groups, *([plan.stratify] if plan.stratify and not _by_labels(plan, labels) else [])]
    near = plan.near_duplicates is not None
    with gathered(corpus, columns=list(dict.fromkeys(columns)), time=plan.time, near=near, extra=written) as facts:
        units, linked = units_of(facts, plan.groups, plan.near_duplicates)
    n = len(facts.ids)
    pinned = _pinned(facts, units, plan, {*gold, *_gold_ids(labels)})
    if plan.time is None:
        made = _shared_out(facts, units[:n], plan, labels, pinned)
    else:
        made = _by_time(facts, units[:n], plan, pinned)
    return _checked(_value(facts, units[:n], plan, made, linked, int(pinned.sum())), plan, int(pinned.sum()))


def _shared_out(
    facts: Facts, units: Places, plan: SplitPlan, labels: Labels | MultiLabels | SpanLabels | None, pinned: Mask
) -> tuple[tuple[str, ...], Codes, Codes]:
    names, protects = plan.names, plan.folds is not None or TEST in plan.names
    fixed = np.full(len(units), NOWHERE, np.int8)
    shares = np.array(plan.shares)
    if plan.folds is not None and pinned.any():
        names, shares = (*names, ALWAYS_TRAIN), np.append(shares, 0.0)
    if protects:
        fixed[pinned] = len(names) - 1 if plan.folds is not None else _home(names)
    seed = mixed_hash(np.array([plan.seed], np.int64).view(np.uint64))
    order = mixed_hash(string_hashes(facts.ids.tolist()) ^ seed)
    if plan.folds is None:
        return names, by_share(units, order, _strata(facts, plan, labels), shares, fixed), _none(units)
    codes, free = fixed.copy(), fixed < 0
    parts = by_share(
        _compact(units[free]), order[free], _strata(facts, plan, labels)[free], np.array(plan.shares), fixed[free]
    )
    codes[free] = parts
    return names, codes, _none(units)


def _home(names: Sequence[str]) -> int:
    """Return where records go that may not be tested on: the first split that is not the test."""
    return next(code for code, name in enumerate(names) if name != TEST)


def _by_time(facts: Facts, units: Places, plan: SplitPlan, pinned: Mask) -> tuple[tuple[str, ...], Codes, Codes]:
    assert facts.times is not None
    codes, gap = by_time(facts.times, np.array(plan.shares), plan.seconds)
    reasons = _none(units)
    reasons[gap], reasons[np.isnan(facts.times)] = IN_GAP, NO_TIME
    inside = reasons == 0
    earliest = np.full(len(units), len(plan.names), np.int8)
    np.minimum.at(earliest, units[inside], codes[inside])
    reasons[inside & (codes != earliest[units])] = LINKED
    if TEST in plan.names:
        reasons[(reasons == 0) & pinned & (codes != _home(plan.names))] = PINNED
    codes[reasons != 0] = NOWHERE
    return plan.names, codes, reasons


def _pinned(facts: Facts, units: Places, plan: SplitPlan, gold: set[str]) -> Mask:
    """Return which records may not be tested on: those of a unit with gold, or with a text LFs were written with."""
    n = len(facts.ids)
    alone = np.zeros(len(units), np.bool_)
    alone[n:] = True
    if "gold" in plan.never_test:
        alone[:n] = facts.gold | np.array([record in gold for record in facts.ids], np.bool_)
    together = np.zeros(len(units), np.bool_)
    together[units[alone]] = True
    return together[units][:n]


def _strata(facts: Facts, plan: SplitPlan, labels: Labels | MultiLabels | SpanLabels | None) -> Places:
    if plan.stratify is None:
        return np.zeros(len(facts.ids), np.int64)
    if not _by_labels(plan, labels):
        return np.unique(facts.columns[plan.stratify], return_inverse=True)[1].astype(np.int64)
    assert labels is not None
    codes = labels.hard_indices() if isinstance(labels, Labels) else _rarest(_held(labels))
    place = dict(zip(labels.ids.tolist(), codes.tolist()))
    return np.array([place.get(record, len(labels.labels) + 1) for record in facts.ids], np.int64)


def _held(labels: MultiLabels | SpanLabels) -> Mask:
    """Return n×K booleans: the record has the label, or a span of it."""
    if isinstance(labels, MultiLabels):
        return labels.probs >= 0.5
    held = np.zeros((labels.n, len(labels.labels)), np.bool_)
    held[labels.record, labels.label] = True
    return held


def _rarest(held: Mask) -> Places:
    """Return for each record that of its labels which the fewest records have, or K where it has none.

    Combinations of labels would be strata of one record each. A rare label is what a split runs short of first
    (K. Sechidis, G. Tsoumakas, I. Vlahavas 2011, doi:10.1007/978-3-642-23808-6_10).
    """
    order = np.argsort(held.sum(axis=0), kind="stable")
    rarest: Places = np.where(held.any(axis=1), order[held[:, order].argmax(axis=1)], held.shape[1])
    return rarest


def _by_labels(plan: SplitPlan, labels: Labels | MultiLabels | SpanLabels | None) -> bool:
    return plan.stratify == LABEL and labels is not None


def _gold_ids(labels: Labels | MultiLabels | SpanLabels | None) -> list[str]:
    return [] if labels is None else labels.ids[labels.source == "gold"].tolist()


def _none(units: Places) -> Codes:
    return np.zeros(len(units), np.int8)


def _compact(units: Places) -> Places:
    return np.unique(units, return_inverse=True)[1].astype(np.int64)


def _value(
    facts: Facts,
    units: Places,
    plan: SplitPlan,
    made: tuple[tuple[str, ...], Codes, Codes],
    linked: dict[str, int],
    pinned: int,
) -> Splits:
    names, codes, reasons = made
    about = {**plan.facts, "held together": linked, "may not be tested on": pinned}
    return Splits(facts.ids, names, codes, reasons, units, about)


def _checked(splits: Splits, plan: SplitPlan, pinned: int) -> Splits:
    empty = [name for name, count in splits.counts.items() if not count]
    if empty:
        largest = int(np.bincount(splits.units).max())
        raise ExportError(
            f"The split {empty[0]!r} would hold none of {len(splits.ids)} records: {pinned} may not be tested on "
            f"(never_test is {list(plan.never_test)}), and the largest set that stays together has {largest}. "
            "Give more records, another ratio, or never_test = []."
        )
    return splits
