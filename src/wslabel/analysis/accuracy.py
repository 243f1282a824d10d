"""Labels against gold: accuracy, macro F1, precision and recall by label, confusion counts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wslabel.analysis.intervals import wilson
from wslabel.analysis.plain import aligned, in_words, share
from wslabel.core.arrays import Ints
from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels
from wslabel.core.multilabel import PROBLEM, MultiLabels, split_gold

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Accuracy:
    """How often labels equal gold; everything but `n` is None where no record has gold.

    Attributes
    ----------
    n
        The number of records with a gold label.
    accuracy, low, high
        The share of right labels, with the ends of its Wilson interval (95 %).
    macro_f1
        The mean F1 over the labels that occur in gold or among the given labels, as in scikit-learn.
    """

    n: int
    accuracy: float | None
    low: float | None
    high: float | None
    macro_f1: float | None


@dataclass(frozen=True)
class LabelAccuracy:
    """Precision, recall and F1 of one label; None where there is nothing to divide by.

    Attributes
    ----------
    label
        The label's name.
    gold, given
        The numbers of records whose gold label, and whose given label, it is.
    precision, recall, f1
        Shares, 0..1.
    """

    label: str
    gold: int
    given: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True)
class AccuracyReport:
    """Labels against gold.

    Attributes
    ----------
    overall
        Over all records with gold.
    covered
        Over those on which an LF votes, or whose label a human or gold gave.
    per_label
        K rows in label order, over all records with gold.
    confusion
        K×K counts: a row a gold label, a column a given one.
    """

    overall: Accuracy
    covered: Accuracy
    per_label: tuple[LabelAccuracy, ...]
    confusion: tuple[tuple[int, ...], ...]

    def to_pandas(self) -> pd.DataFrame:
        """Return gold, given, precision, recall and f1, indexed by label; what is unknown is NaN."""
        import pandas as pd

        frame = pd.DataFrame([asdict(row) for row in self.per_label]).set_index("label")
        return frame.astype({"precision": "float64", "recall": "float64", "f1": "float64"})

    def __str__(self) -> str:
        lines = [f"{name}: {_in_words(part)}" for name, part in (("overall", self.overall), ("covered", self.covered))]
        rows = self.per_label
        columns = [
            ["label", *[in_words(row.label) for row in rows]],
            ["gold", *[str(row.gold) for row in rows]],
            ["given", *[str(row.given) for row in rows]],
            ["precision", *[share(row.precision) for row in rows]],
            ["recall", *[share(row.recall) for row in rows]],
            ["f1", *[share(row.f1) for row in rows]],
        ]
        return "\n".join([*lines, "", *aligned(columns, left={0})])


def accuracy_report(labels: Labels, gold: Any) -> AccuracyReport:
    """Compare hard labels with gold.

    Parameters
    ----------
    labels
        The labels of n records; an uncovered record counts with the likeliest label of its row.
    gold
        `Records` with a gold column, a mapping or Series from record id to label name, or n label names with
        None where unknown.

    Raises
    ------
    VotesError
        Gold labels outside the task, or a sequence of another length.

    Examples
    --------
    >>> labels = Labels(["a", "b"], [[0.9, 0.1], [0.8, 0.2]], ["ham", "spam"])
    >>> report = accuracy_report(labels, {"a": "ham", "b": "spam"})
    >>> report.overall.accuracy, report.confusion
    (0.5, ((1, 0), (1, 0)))
    """
    known = align_gold(gold, labels.ids, labels.labels)
    rows = known >= 0
    table = _confusion(labels, known, rows)
    covered = _confusion(labels, known, rows & settled(labels))
    per_label = tuple(_label(name, k, table) for k, name in enumerate(labels.labels))
    return AccuracyReport(
        _accuracy(table), _accuracy(covered), per_label, tuple(tuple(int(n) for n in row) for row in table)
    )


@dataclass(frozen=True)
class SetAccuracy:
    """How right several labels a record are; shares are None where no record has gold.

    Attributes
    ----------
    n
        The number of records with gold.
    exact
        The share of them whose labels, as `MultiLabels.sets` tells them, are all right.
    right
        The share of right decisions over records and labels (one minus the Hamming loss).
    macro_f1
        The mean F1 of the labels that occur in gold or are given.
    by_label
        Each label, present or absent, against gold.
    """

    n: int
    exact: float | None
    right: float | None
    macro_f1: float | None
    by_label: Mapping[str, AccuracyReport]


def set_accuracy(labels: MultiLabels, gold: Any) -> SetAccuracy:
    """Compare the labels of a multi-label task with gold, as `wslabel.core.multilabel.split_gold` takes it.

    A label on which no LF votes counts as absent, as in `MultiLabels.sets`.
    """
    known = split_gold(gold, labels.labels, labels.ids)
    found = {name: accuracy_report(_told(one), known[name]) for name, one in zip(labels.labels, labels.problems)}
    place = {record: row for row, record in enumerate(labels.ids)}
    rows = [place[record] for record in next(iter(known.values())) if record in place]
    if not rows:
        return SetAccuracy(0, None, None, None, found)
    truth = np.array([[known[name][labels.ids[row]] == PROBLEM[1] for name in labels.labels] for row in rows])
    same = truth == ((labels.probs > 0.5) & labels.covered)[rows]  # as `sets` says
    f1 = [one.per_label[1].f1 for one in found.values() if one.per_label[1].f1 is not None]
    macro = float(np.mean(f1)) if f1 else None
    return SetAccuracy(len(rows), float(same.all(axis=1).mean()), float(same.mean()), macro, found)


def _told(problem: Labels) -> Labels:
    """Return the problem with what is not covered as absent."""
    probs = np.where(problem.covered[:, None], problem.probs, [1.0, 0.0])
    return Labels(problem.ids, probs, problem.labels, problem.covered, problem.source)


def settled(labels: Labels) -> NDArray[np.bool_]:
    """Return n booleans: an LF votes on the record, or a human or gold gave its label."""
    return np.asarray(labels.covered | (labels.source != "model"), dtype=np.bool_)


def _confusion(labels: Labels, known: NDArray[np.int16], rows: NDArray[np.bool_]) -> Ints:
    k = len(labels.labels)
    cells = known[rows].astype(np.int64) * k + labels.hard_indices()[rows]
    return np.bincount(cells, minlength=k * k).reshape(k, k).astype(np.int64)


def _accuracy(table: Ints) -> Accuracy:
    n, right = int(table.sum()), int(np.trace(table))
    if n == 0:
        return Accuracy(0, None, None, None, None)
    low, high = wilson(right, n) or (None, None)
    sizes = table.sum(axis=0) + table.sum(axis=1)
    met = sizes > 0
    f1 = 2 * np.diag(table)[met] / sizes[met]
    return Accuracy(n, right / n, low, high, float(f1.mean()))


def _label(name: str, k: int, table: Ints) -> LabelAccuracy:
    right, gold, given = int(table[k, k]), int(table[k].sum()), int(table[:, k].sum())
    return LabelAccuracy(name, gold, given, _ratio(right, given), _ratio(right, gold), _ratio(2 * right, gold + given))


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def _in_words(part: Accuracy) -> str:
    if part.accuracy is None:
        return "no record with gold"
    interval = f"({share(part.low)}-{share(part.high)})"
    return f"accuracy {share(part.accuracy)} {interval}, macro F1 {share(part.macro_f1)}, n {part.n}"
