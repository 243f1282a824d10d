"""Several labels a record: each label is a problem of its own, present or absent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids
from wslabel.core.labels import Labels
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError, suggest

if TYPE_CHECKING:
    import pandas as pd

ABSENT = "not "
"""A vote label that begins with this says that the label behind it is absent."""
PROBLEM = ("absent", "present")


@dataclass(frozen=True, eq=False)
class MultiLabels:
    """The probability of each label on each record; a record may have any number of labels.

    Attributes
    ----------
    labels
        K label names.
    problems
        K values `Labels` over ``absent`` and ``present``, all of the same n records: what `cross_validate`, `fuse`,
        `flag` and `export` take.
    """

    labels: tuple[str, ...]
    problems: tuple[Labels, ...]

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        return self.problems[0].ids

    @property
    def probs(self) -> Floats:
        """n×K probabilities that the label is present; rows need not sum to 1."""
        return np.stack([one.probs[:, 1] for one in self.problems], axis=1)

    @property
    def covered(self) -> NDArray[np.bool_]:
        """n×K booleans: an LF votes on that label of the record, or gold is known."""
        return np.stack([one.covered for one in self.problems], axis=1)

    def problem(self, label: str) -> Labels:
        """Return one label's problem."""
        if label not in self.labels:
            raise VotesError(f"There is no label {label!r}. {suggest(label, self.labels)}")
        return self.problems[self.labels.index(label)]

    def sets(self, threshold: float = 0.5) -> list[tuple[str, ...]]:
        """Return for each record the covered labels whose probability is above the threshold."""
        chosen = (self.probs > threshold) & self.covered
        return [tuple(self.labels[k] for k in np.flatnonzero(row)) for row in chosen]

    def to_pandas(self) -> pd.DataFrame:
        """Return one column of probabilities a label, indexed by id; NaN where no LF votes on the label."""
        import pandas as pd

        probs = np.where(self.covered, self.probs, np.nan)
        return pd.DataFrame(probs, columns=list(self.labels), index=pd.Index(self.ids, name="id", dtype=object))


def label_names(vote_labels: Sequence[str]) -> tuple[str, ...]:
    """Return the labels behind vote labels, in order.

    Examples
    --------
    >>> label_names(["late", "damaged", "not late"])
    ('late', 'damaged')
    """
    return tuple(name for name in vote_labels if not (name.startswith(ABSENT) and _denies(name, vote_labels)))


def _denies(name: str, vote_labels: Sequence[str]) -> bool:
    """Tell whether the name says that a label is absent; ``not urgent`` does where ``urgent`` is a label."""
    return name.removeprefix(ABSENT) in vote_labels


def split_votes(votes: VoteMatrix) -> dict[str, VoteMatrix]:
    """Return for each label the votes on it: absent, present, or abstaining.

    Parameters
    ----------
    votes
        n records × m LFs over the labels and, where LFs vote that one is absent, over ``not LABEL``. A vote for
        another label says nothing of this one.

    Returns
    -------
    dict
        By label, the votes of the LFs that ever vote on it (of all LFs where none does).
    """
    problems = {}
    for label in label_names(votes.labels):
        said = np.full(votes.votes.shape, -1, np.int8)
        for value, name in ((1, label), (0, ABSENT + label)):
            if name in votes.labels:
                said[votes.votes == votes.labels.index(name)] = value
        used = np.flatnonzero((said >= 0).any(axis=0))
        columns = used if len(used) else np.arange(votes.m)
        names = [votes.lf_names[j] for j in columns]
        problems[label] = VoteMatrix(votes.ids, said[:, columns], names, PROBLEM)
    return problems


def split_gold(gold: Mapping[str, Iterable[str]] | None, labels: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return for each label ``present`` or ``absent`` by record id.

    Parameters
    ----------
    gold
        All labels that are present, by record id; an empty collection says that none is.

    Raises
    ------
    VotesError
        A label that is not among `labels`, or a string in the place of a collection.
    """
    by_label: dict[str, dict[str, str]] = {label: {} for label in labels}
    for record, present in (gold or {}).items():
        names = _names(record, present, labels)
        for label in labels:
            by_label[label][str(record)] = PROBLEM[label in names]
    return by_label


def _names(record: str, present: Any, labels: Sequence[str]) -> set[str]:
    if isinstance(present, str):
        raise VotesError(f"Record {record}: gold is {present!r}; in a multi-label task give a list of labels.")
    names = {str(name) for name in present}
    for name in sorted(names - set(labels)):
        raise VotesError(f"Record {record}: the gold label {name!r} is not one of the task's. {suggest(name, labels)}")
    return names
