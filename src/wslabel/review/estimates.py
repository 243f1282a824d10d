"""What stands under review, whatever is labeled: records, or spans in them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids
from wslabel.core.decisions import Span
from wslabel.core.task import Kind


class Estimates(Protocol):
    """Labels of n records. All that a queue does with labels of another kind is here."""

    @property
    def given(self) -> Any:
        """What a model says: `Labels`, `MultiLabels` or `SpanLabels`."""
        ...

    @property
    def kind(self) -> Kind:
        """``single``, ``multilabel`` or ``spans``."""
        ...

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        ...

    @property
    def labels(self) -> tuple[str, ...]:
        """The K label names."""
        ...

    @property
    def choices(self) -> tuple[str, ...]:
        """The K label names, among which are also texts that stand for a choice of them."""
        ...

    @property
    def confidence(self) -> Floats:
        """n probabilities that what is given is right; where it has parts, of the most doubtful one."""
        ...

    @property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: an LF votes on the record."""
        ...

    @property
    def doubtful(self) -> NDArray[np.bool_]:
        """n booleans: a model gave the labels, no human and no gold."""
        ...

    @property
    def uncertainty(self) -> Floats:
        """n entropies in bits of what is given; where it has parts, of the most uncertain one."""
        ...

    @property
    def fingerprint(self) -> str:
        """The fingerprint of ids, labels and probabilities."""
        ...

    def has(self, label: str) -> NDArray[np.bool_]:
        """Return n booleans: the label is given, or among what is given."""
        ...

    def facts(self, row: int, text: str) -> dict[str, Any]:
        """Return what is given, as fields of a `ReviewItem`: ``given`` and what else the kind has."""
        ...

    def value(self, where: str, text: str, label: str | None, spans: Sequence[Span] | None) -> Mapping[str, Any]:
        """Return the fields of a decision that hold its value, checked; nothing for an action without one.

        Raises
        ------
        ReviewError
            A value of another kind, or one that the text or the task does not have.
        """
        ...


def information(probs: Floats) -> Floats:
    """Return p·log2 p, 0 where p is 0."""
    return np.asarray(probs * np.log2(np.clip(probs, 1e-300, 1)))
