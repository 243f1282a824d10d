"""What is exported, whatever its kind: one label a record, several, or spans."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import repeat
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids, Ints
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.span_labels import SpanLabels
from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.formats.base import Span

Columns = tuple[Iterable[Any], ...]
"""For `ExportRow`: label, confidence, source, probs, labels, spans, covered."""


@dataclass(frozen=True, eq=False)
class Labeled(ABC):
    """n records with labels of one kind, as an export sees them.

    Attributes
    ----------
    value
        The labels themselves: `Labels`, `MultiLabels` or `SpanLabels`.
    """

    kind: ClassVar[Kind]
    value: Any

    @property
    def labels(self) -> tuple[str, ...]:
        """K label names."""
        return tuple(self.value.labels)

    @property
    def ids(self) -> Ids:
        """n record ids."""
        found: Ids = self.value.ids
        return found

    @property
    def n(self) -> int:
        """The number of records."""
        return len(self.ids)

    @cached_property
    def source(self) -> NDArray[np.object_]:
        """n words: ``model``, ``human`` or ``gold``; of several labels ``model`` where a model says one of them."""
        return np.asarray(self.value.source)

    @cached_property
    def confidence(self) -> Floats:
        """n probabilities of what is least sure of a record."""
        return np.asarray(self.value.confidence)

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: somebody said something of the record."""
        return np.asarray(self.value.covered)

    @abstractmethod
    def named(self) -> NDArray[np.object_]:
        """Return n texts that tell the labels of a record."""

    @abstractmethod
    def count(self, rows: Ints) -> dict[str, int]:
        """Return how often each label is given in these rows, in label order."""

    @abstractmethod
    def columns(self, rows: Ints, probabilities: bool = True) -> Columns:
        """Return what these rows are labeled with; single labels come without probabilities unless they are wished."""

    def _said(self, rows: Ints) -> tuple[list[float], list[str], list[bool]]:
        covered = self.covered[rows] | (self.source[rows] != "model")
        return self.confidence[rows].tolist(), self.source[rows].tolist(), covered.tolist()


class One(Labeled):
    """One label a record."""

    kind = "single"

    def named(self) -> NDArray[np.object_]:
        """Return n label names."""
        return self._hard

    def count(self, rows: Ints) -> dict[str, int]:
        """Return the number of records of each label."""
        found = np.bincount(self.value.hard_indices()[rows], minlength=len(self.labels)).tolist()
        return dict(zip(self.labels, found))

    def columns(self, rows: Ints, probabilities: bool = True) -> Columns:
        """Return labels and, where they are asked for, probabilities."""
        confidence, source, covered = self._said(rows)
        shares: Iterable[dict[str, float]] = repeat({})
        if probabilities:
            shares = map(dict, map(zip, repeat(self.labels), self.value.probs[rows].tolist()))
        return self._hard[rows].tolist(), confidence, source, shares, repeat(()), repeat(()), covered

    @cached_property
    def _hard(self) -> NDArray[np.object_]:
        return np.asarray(self.value.hard())


class Several(Labeled):
    """Any number of labels a record: those that are covered and more likely present than absent."""

    kind = "multilabel"

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: an LF votes on a label of the record."""
        return np.asarray(self.value.covered.any(axis=1))

    def named(self) -> NDArray[np.object_]:
        """Return n texts: the labels that hold, joined."""
        return np.asarray(self.value.hard())

    def count(self, rows: Ints) -> dict[str, int]:
        """Return the number of records on which each label holds."""
        found = Counter(name for row in rows.tolist() for name in self._sets[row])
        return {label: found[label] for label in self.labels}

    def columns(self, rows: Ints, probabilities: bool = True) -> Columns:
        """Return the labels that hold, and the probability of each that it does."""
        confidence, source, covered = self._said(rows)
        shares = map(dict, map(zip, repeat(self.labels), self._probs[rows].tolist()))
        sets = [self._sets[row] for row in rows.tolist()]
        return repeat(""), confidence, source, shares, sets, repeat(()), covered

    @cached_property
    def _probs(self) -> Floats:
        return np.asarray(self.value.probs)

    @cached_property
    def _sets(self) -> list[tuple[str, ...]]:
        found: list[tuple[str, ...]] = self.value.sets()
        return found


class Stretches(Labeled):
    """Labeled spans of a record."""

    kind = "spans"

    @cached_property
    def confidence(self) -> Floats:
        """n probabilities of the span that is least sure; 1 where there is none."""
        least = np.ones(self.n)
        np.minimum.at(least, self.value.record, np.minimum(self.value.probability, 1.0))
        return least

    def named(self) -> NDArray[np.object_]:
        """Return n texts: the labels of the spans with their offsets."""
        told: list[list[str]] = [[] for _ in range(self.n)]
        for row, start, end, label in zip(*(column.tolist() for column in self._places)):
            told[row].append(f"{start}-{end} {self.labels[label]}")
        return np.array(["; ".join(one) for one in told], dtype=object)

    def count(self, rows: Ints) -> dict[str, int]:
        """Return the number of spans of each label."""
        inside = np.zeros(self.n, np.bool_)
        inside[rows] = True
        found = np.bincount(self.value.label[inside[self.value.record]], minlength=len(self.labels)).tolist()
        return dict(zip(self.labels, found))

    def columns(self, rows: Ints, probabilities: bool = True) -> Columns:
        """Return the spans; they have no probabilities by label."""
        confidence, source, covered = self._said(rows)
        nothing: Iterator[dict[str, float]] = ({} for _ in rows)
        return repeat(""), confidence, source, nothing, repeat(()), [self._spans(row) for row in rows.tolist()], covered

    def _spans(self, row: int) -> tuple[Span, ...]:
        found = self.value.at(row)
        return tuple(Span(one.start, one.end, one.label, min(one.probability, 1.0), one.entity) for one in found)

    @property
    def _places(self) -> tuple[Ints, ...]:
        return self.value.record, self.value.start, self.value.end, self.value.label


def labeled(labels: Labels | MultiLabels | SpanLabels) -> Labeled:
    """Return the labels as an export sees them.

    Raises
    ------
    ExportError
        Something else.
    """
    if isinstance(labels, Labels):
        return One(labels)
    if isinstance(labels, MultiLabels):
        return Several(labels)
    if isinstance(labels, SpanLabels):
        return Stretches(labels)
    raise ExportError(f"export() takes Labels, MultiLabels or SpanLabels; got {type(labels).__name__}.")
