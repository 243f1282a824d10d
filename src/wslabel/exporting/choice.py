"""Choosing among labeled records: by estimated precision, quotas and balance, with weights and a report of gaps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.labels import Labels
from wslabel.errors import ExportError, suggest
from wslabel.exporting.splits.words import mixed_hash, string_hashes

Mask = NDArray[np.bool_]
Balance = Literal["none", "downsample", "weights"]
Prefer = Literal["sample", "confident"]
MIN_KNOWN = 30
"""Known answers from which on confidence is calibrated with them."""
BELOW_PRECISION = "below the confidence of target_precision"
ABOVE_QUOTA = "above the quota of its label"
DOWNSAMPLED = "left out to balance the labels"


@dataclass(frozen=True)
class Choice:
    """Which of the records that pass the filters are exported, and how much each counts.

    Parameters
    ----------
    target_precision
        The share of exported model labels that should be right, 0..1: the least confidence is chosen with
        which the estimate reaches it.
    quotas
        The most records of a label, by label name; where `slice` is given, of a label in each slice.
    targets
        The wished number of records of a label (in each slice); what is short is reported, nothing else.
    slice
        A column whose values divide the corpus, for `quotas` and `targets`.
    prefer
        Which records fill a quota after those labeled by people: a fixed ``sample``, or the most
        ``confident`` ones (which are the easy ones).
    balance
        ``downsample`` cuts every label down to the rarest one, ``weights`` gives every label the same sum
        of weights. With splits only the first one, the training data, is cut.
    impact
        A column of numbers >= 0: what a record counts, relative to others.
    difficulty
        A record whose two likeliest labels are equally likely counts 1 + difficulty times as much as a
        record without doubt.
    seed
        Another seed is another sample.

    Raises
    ------
    ExportError
        A share outside 0..1, a negative count, or an unknown word.
    """

    target_precision: float | None = None
    quotas: Mapping[str, int] = field(default_factory=dict)
    targets: Mapping[str, int] = field(default_factory=dict)
    slice: str | None = None
    prefer: Prefer = "sample"
    balance: Balance = "none"
    impact: str | None = None
    difficulty: float = 0.0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.target_precision is not None and not 0 < self.target_precision <= 1:
            raise ExportError(f"target_precision is a share above 0 and up to 1; it is {self.target_precision}.")
        for name, choices in (("prefer", get_args(Prefer)), ("balance", get_args(Balance))):
            if getattr(self, name) not in choices:
                raise ExportError(f"{name} is {getattr(self, name)!r}. {suggest(str(getattr(self, name)), choices)}")
        wrong = [label for counts in (self.quotas, self.targets) for label, count in counts.items() if count < 0]
        if wrong or self.difficulty < 0:
            raise ExportError(f"{wrong[0] if wrong else 'difficulty'}: expected a number >= 0.")

    @property
    def columns(self) -> list[str]:
        """The columns of the corpus that must be read before records are chosen."""
        return [name for name in dict.fromkeys((self.slice, self.impact)) if name]

    @property
    def weighs(self) -> bool:
        """Whether records count differently."""
        return self.balance == "weights" or self.impact is not None or self.difficulty > 0


@dataclass(frozen=True)
class Known:
    """Model labels whose truth is known, from gold or from review.

    Attributes
    ----------
    confidence
        Their confidence before review, 0..1.
    right
        Whether each was the right label.
    weight
        How many labels each stands for, where they were drawn with unequal chances; None: all count the same.
    """

    confidence: Floats
    right: Mask
    weight: Floats | None = None


@dataclass(frozen=True)
class Chosen:
    """What was chosen among n labels.

    Attributes
    ----------
    reasons
        n reasons why a record is left out; empty for those that are exported, and for those left out before.
    weights
        n weights with the mean 1 over the exported records; None where all count the same.
    report
        Sections of the card: the estimate of precision, and the gaps.
    """

    reasons: list[str]
    weights: Floats | None
    report: dict[str, Any]


def choose(
    labels: Labels,
    passing: Mask,
    choice: Choice,
    columns: Mapping[str, Sequence[Any]],
    trains: Mask | None = None,
    known: Known | None = None,
) -> Chosen:
    """Choose among the labels that pass the filters.

    Parameters
    ----------
    labels
        n labels.
    passing
        n booleans: the filters let it pass.
    columns
        For each of ``choice.columns`` n values.
    trains
        n booleans: the record is training data. None: all are.
    known
        Answers that tell how right the model is; without at least 30 its own probabilities are believed.

    Raises
    ------
    ExportError
        A label outside the task, an impact that is no number >= 0, or no confidence that reaches the precision.
    """
    for name in (*choice.quotas, *choice.targets):
        if name not in labels.labels:
            raise ExportError(f"quotas or targets name {name!r}. {suggest(name, labels.labels)}")
    kept, reasons = passing.copy(), np.full(labels.n, "", dtype=object)
    report: dict[str, Any] = {}
    if choice.target_precision is not None:
        threshold, report["Estimated precision"] = _threshold(labels, kept, choice.target_precision, known)
        _drop((labels.source == "model") & (labels.confidence < threshold), BELOW_PRECISION, kept, reasons)
    cells = _cells(labels, choice, columns)
    rank = _rank(labels, choice)
    if choice.quotas:
        quota = np.array([choice.quotas.get(name, labels.n) for name in labels.labels])
        _drop(_beyond(cells, rank, kept, quota[labels.hard_indices()]), ABOVE_QUOTA, kept, reasons)
    if choice.balance == "downsample":
        inside = kept if trains is None else kept & trains
        held = np.bincount(labels.hard_indices()[inside], minlength=len(labels.labels))
        least = np.full(labels.n, held[held > 0].min(initial=labels.n))
        _drop(_beyond(labels.hard_indices(), rank, inside, least), DOWNSAMPLED, kept, reasons)
    if choice.targets:
        report["Gaps"] = _gaps(labels, choice, columns, kept)
    return Chosen(reasons.tolist(), _weights(labels, choice, columns, kept) if choice.weighs else None, report)


def _drop(wrong: Mask, reason: str, kept: Mask, reasons: NDArray[np.object_]) -> None:
    reasons[kept & wrong] = reason
    kept &= ~wrong


def _threshold(labels: Labels, kept: Mask, target: float, known: Known | None) -> tuple[float, dict[str, Any]]:
    """Return the least confidence with which the estimated precision reaches the target, and how it was estimated."""
    model = kept & (labels.source == "model")
    confidence = np.sort(labels.confidence[model])[::-1]
    if not len(confidence):
        return 0.0, {"target": target, "labels of the model": 0}
    enough = known is not None and len(known.right) >= MIN_KNOWN
    right = _calibrated(confidence, known) if enough and known is not None else confidence
    precision = np.cumsum(right) / np.arange(1, len(right) + 1)
    last = np.append(confidence[1:] < confidence[:-1], True)  # equal confidences are chosen together
    good = np.flatnonzero(last & (precision >= target - 1e-12))
    source = f"{len(known.right)} known answers" if enough and known is not None else "the model's own probabilities"
    if not len(good):
        raise ExportError(
            f"No confidence reaches target_precision {target:g}: the best estimate is {precision[last].max():.3f}, by "
            f"{source}. Lower it, review more records, or mend labeling functions."
        )
    at = int(good[-1])
    facts = {"target": target, "estimate": round(float(precision[at]), 4), "least confidence": float(confidence[at])}
    return float(confidence[at]), {**facts, "labels of the model": at + 1, "estimated from": source}


def _calibrated(confidence: Floats, known: Known) -> Floats:
    """Return how often labels of such a confidence are right: isotonic regression (Zadrozny & Elkan, KDD 2002)."""
    from scipy.optimize import isotonic_regression

    values, place = np.unique(known.confidence, return_inverse=True)
    weight = np.ones(len(place)) if known.weight is None else known.weight
    count = np.bincount(place, weight)
    share = np.bincount(place, weight * known.right) / count
    fitted = isotonic_regression(share, weights=count).x
    return np.asarray(np.interp(confidence, values, fitted), np.float64)


def _cells(labels: Labels, choice: Choice, columns: Mapping[str, Sequence[Any]]) -> Ints:
    """Return n numbers, one a label and slice."""
    if choice.slice is None:
        return labels.hard_indices()
    place = np.unique(np.array([str(value) for value in columns[choice.slice]]), return_inverse=True)[1]
    return np.asarray(place * len(labels.labels) + labels.hard_indices(), np.int64)


def _rank(labels: Labels, choice: Choice) -> Ints:
    """Return n places in the order in which quotas are filled: people's labels first."""
    seed = mixed_hash(np.array([choice.seed], np.int64).view(np.uint64))
    chance = mixed_hash(string_hashes(labels.ids.tolist()) ^ seed)
    sure = -labels.confidence if choice.prefer == "confident" else np.zeros(labels.n)
    order = np.lexsort((chance, sure, labels.source == "model"))
    rank = np.empty(labels.n, np.int64)
    rank[order] = np.arange(labels.n)
    return rank


def _beyond(cells: Ints, rank: Ints, kept: Mask, most: Ints) -> Mask:
    """Return n booleans: the record comes after as many of its cell as there may be."""
    rows = np.flatnonzero(kept)
    order = rows[np.lexsort((rank[rows], cells[rows]))]
    _, start, count = np.unique(cells[order], return_index=True, return_counts=True)
    place = np.arange(len(order)) - np.repeat(start, count)
    beyond = np.zeros(len(kept), np.bool_)
    beyond[order[place >= most[order]]] = True
    return beyond


def _gaps(labels: Labels, choice: Choice, columns: Mapping[str, Sequence[Any]], kept: Mask) -> list[dict[str, Any]]:
    """Return a row for each label and slice that has a target: what is wished, there, and short."""
    values = [""] * labels.n if choice.slice is None else [str(value) for value in columns[choice.slice]]
    slices, place = np.unique(np.array(values), return_inverse=True)
    found = np.zeros((len(slices), len(labels.labels)), np.int64)
    np.add.at(found, (place[kept], labels.hard_indices()[kept]), 1)
    rows = []
    for label, target in choice.targets.items():
        for at, name in enumerate(slices.tolist()):
            there = int(found[at, labels.labels.index(label)])
            where = {} if choice.slice is None else {choice.slice: name}
            rows.append({"label": label, **where, "target": target, "there": there, "short": max(target - there, 0)})
    return rows


def _weights(labels: Labels, choice: Choice, columns: Mapping[str, Sequence[Any]], kept: Mask) -> Floats:
    weights = np.ones(labels.n)
    if choice.impact is not None:
        weights *= _impact(labels, columns[choice.impact], choice.impact, kept)
    if choice.difficulty > 0:
        two = np.sort(labels.probs, axis=1)[:, -2:]
        weights *= 1 + choice.difficulty * (1 - (two[:, 1] - two[:, 0]))
    if choice.balance == "weights":
        held = np.bincount(labels.hard_indices()[kept], weights[kept], len(labels.labels))
        share = np.divide(1.0, held, out=np.zeros_like(held), where=held > 0)
        weights *= share[labels.hard_indices()]
    mean = weights[kept].mean() if kept.any() else 1.0
    return weights / mean if mean > 0 else weights


def _impact(labels: Labels, values: Sequence[Any], name: str, kept: Mask) -> Floats:
    numbers = np.ones(labels.n)
    for row in np.flatnonzero(kept).tolist():
        try:
            numbers[row] = float(values[row])
        except (TypeError, ValueError):
            numbers[row] = np.nan
        if not 0 <= numbers[row] < np.inf:
            raise ExportError(f"Record {labels.ids[row]}: {name} is {values[row]!r}; expected a number >= 0.")
    return numbers
