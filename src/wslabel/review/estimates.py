"""The labels under review, whether each record has one or several."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids, Ints
from wslabel.core.fingerprint import fingerprint
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels, join_labels

PRESENT = 0.5


@dataclass(frozen=True, eq=False)
class Estimates:
    """n labels, or n sets of labels.

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
    def ids(self) -> Ids:
        """The n record ids."""
        return self.given.ids

    @property
    def labels(self) -> tuple[str, ...]:
        """The K label names."""
        return self.given.labels

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
            return np.asarray(-_information(self.probs).sum(axis=1))
        each = -_information(self.probs) - _information(1 - self.probs)
        return np.asarray(each.max(axis=1)) if len(each) else np.zeros(0)

    def chosen(self, row: int) -> tuple[str, ...]:
        """Return the labels of a record."""
        if not self.several:
            return (self.labels[int(self.hard[row])],)
        said = (self.probs[row] > PRESENT) & self.given.covered[row]
        return tuple(self.labels[k] for k in np.flatnonzero(said))

    def name(self, row: int) -> str:
        """Return what is given, in words."""
        return join_labels(self.chosen(row)) if self.several else self.chosen(row)[0]

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of ids, labels and probabilities."""
        ids = "\0".join(self.ids.tolist()).encode("utf-8", "surrogatepass")
        return fingerprint(list(self.labels), ids, np.ascontiguousarray(self.probs).tobytes())


def _information(probs: Floats) -> Floats:
    return np.asarray(probs * np.log2(np.clip(probs, 1e-300, 1)))
