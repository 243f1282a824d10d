"""Labels of records under review, one a record or several."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids, Ints
from wslabel.core.decisions import Span
from wslabel.core.fingerprint import fingerprint
from wslabel.core.labels import Labels
from wslabel.core.multilabel import LabelSets, MultiLabels, join_labels, part_labels
from wslabel.core.task import Kind
from wslabel.errors import ReviewError
from wslabel.review.checks import check_label
from wslabel.review.estimates import information

PRESENT = 0.5


@dataclass(frozen=True, eq=False)
class LabelEstimates:
    """n labels, or n sets of labels; see `wslabel.review.estimates.Estimates`.

    Attributes
    ----------
    given
        What a model says.
    """

    given: Labels | MultiLabels

    @property
    def several(self) -> bool:
        """Whether a record may have several labels."""
        return isinstance(self.given, MultiLabels)

    @property
    def kind(self) -> Kind:
        """``multilabel`` or ``single``."""
        return "multilabel" if self.several else "single"

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        return self.given.ids

    @property
    def labels(self) -> tuple[str, ...]:
        """The K label names."""
        return self.given.labels

    @cached_property
    def choices(self) -> tuple[str, ...]:
        """The labels; where a record has several, any that join some of them are among them, too."""
        return LabelSets(self.labels) if self.several else self.labels

    @cached_property
    def probs(self) -> Floats:
        """n×K probabilities."""
        return self.given.probs

    @cached_property
    def confidence(self) -> Floats:
        """n probabilities of what is given; of a set, of its most doubtful label."""
        return self.given.confidence

    @cached_property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: an LF votes on the record."""
        covered = self.given.covered
        return covered if isinstance(self.given, Labels) else np.asarray(covered.any(axis=1))

    @cached_property
    def doubtful(self) -> NDArray[np.bool_]:
        """n booleans: a model gave the label, no human and no gold."""
        return np.asarray(self.given.source == "model")

    @cached_property
    def hard(self) -> Ints:
        """n indices of the likeliest label."""
        return self.probs.argmax(axis=1) if len(self.ids) else np.zeros(0, np.int64)

    @cached_property
    def uncertainty(self) -> Floats:
        """n entropies of the label in bits; of a set, of its most uncertain label."""
        if isinstance(self.given, Labels):
            return np.asarray(-information(self.probs).sum(axis=1))
        each = -information(self.probs) - information(1 - self.probs)
        return np.asarray(each.max(axis=1)) if len(each) else np.zeros(0)

    def chosen(self, row: int) -> tuple[str, ...]:
        """Return the labels of a record."""
        if not self.several:
            return (self.labels[int(self.hard[row])],)
        said = (self.probs[row] > PRESENT) & self.given.covered[row]
        return tuple(self.labels[k] for k in np.flatnonzero(said))

    def has(self, label: str) -> NDArray[np.bool_]:
        """Return n booleans: the label is given, or among the given ones."""
        k = self.labels.index(label)
        return np.asarray(self.probs[:, k] > PRESENT if self.several else self.hard == k)

    def facts(self, row: int, text: str) -> dict[str, Any]:
        """Return what is given."""
        chosen = self.chosen(row)
        return {
            "given": join_labels(chosen) if self.several else chosen[0],
            "probs": dict(zip(self.labels, self.probs[row].tolist())),
            "chosen": chosen if self.several else (),
        }

    def value(self, where: str, text: str, label: str | None, spans: Sequence[Span] | None) -> Mapping[str, Any]:
        """Return the value of a decision, checked: a label of several in the task's order."""
        if spans is not None:
            raise ReviewError(f"{where}: spans are decided where the task is of the kind spans. Expected a label.")
        if label is None:
            return {}
        check_label(label, self.choices, where)
        parts: Collection[str] = part_labels(label) if self.several else ()
        return {"label": join_labels(name for name in self.labels if name in parts) if self.several else str(label)}

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of ids, labels and probabilities."""
        ids = "\0".join(self.ids.tolist()).encode("utf-8", "surrogatepass")
        return fingerprint(list(self.labels), ids, np.ascontiguousarray(self.probs).tobytes())
