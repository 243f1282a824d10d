"""Labels that stand in an order, as grades do: their expectation, and losses that grow with the distance."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.labels import Labels
from wslabel.errors import VotesError


def expected_value(labels: Labels, values: Sequence[float] | None = None) -> Floats:
    """Return n expected values of the label.

    Parameters
    ----------
    labels
        Labels of an ordinal task: their order is the class index.
    values
        K increasing numbers, one a label; 0..K-1 by default.

    Raises
    ------
    VotesError
        Values that do not increase, or of another number.

    Examples
    --------
    >>> labels = Labels(["a"], [[0.45, 0.15, 0.4]], ["low", "medium", "high"])
    >>> expected_value(labels).round(2).tolist(), ordinal_label(labels).tolist(), labels.hard().tolist()
    ([0.95], ['medium'], ['low'])
    """
    return np.asarray(labels.probs @ _values(labels, values))


def ordinal_indices(labels: Labels) -> Ints:
    """Return n class indices with the least expected distance to the truth: the median of each row.

    A label model's likeliest label is right most often; this one is wrong by the fewest steps.
    """
    return np.asarray((labels.probs.cumsum(axis=1) < 0.5 - 1e-12).sum(axis=1).clip(max=len(labels.labels) - 1))


def ordinal_label(labels: Labels) -> NDArray[np.object_]:
    """Return the names of `ordinal_indices`."""
    return np.array(labels.labels, dtype=object)[ordinal_indices(labels)]


def ordinal_loss(labels: Labels, gold: Sequence[str] | NDArray[np.object_]) -> tuple[float, float]:
    """Return the mean distance in steps of `ordinal_label` to gold, and the mean ranked probability score.

    The score is ``Σ_k (P(label ≤ k) − [gold ≤ k])²``: it is least for honest probabilities, and counts a far miss more
    than a near one (E. S. Epstein, 1969, doi:10.1175/1520-0450(1969)008<0985:ASSFPF>2.0.CO;2).

    Parameters
    ----------
    labels
        n labels of an ordinal task.
    gold
        n label names.

    Raises
    ------
    VotesError
        Gold labels of another number, or outside the task.
    """
    if len(gold) != labels.n or not labels.n:
        raise VotesError(f"There are {len(gold)} gold labels for {labels.n} records; give one a record.")
    unknown = sorted({str(name) for name in gold} - set(labels.labels))
    if unknown:
        raise VotesError(f"The gold label {unknown[0]!r} is not one of {', '.join(labels.labels)}.")
    truth = np.array([labels.labels.index(str(name)) for name in gold])
    steps = np.abs(ordinal_indices(labels) - truth).mean()
    reached = truth[:, None] <= np.arange(len(labels.labels))
    score = ((labels.probs.cumsum(axis=1) - reached) ** 2).sum(axis=1).mean()
    return float(steps), float(score)


def _values(labels: Labels, values: Sequence[float] | None) -> Floats:
    array = np.arange(len(labels.labels), dtype=np.float64) if values is None else np.asarray(values, np.float64)
    if array.shape != (len(labels.labels),) or not (np.diff(array) > 0).all():
        raise VotesError(f"{len(labels.labels)} ordinal labels need as many increasing values; got {array.tolist()}.")
    return array
