"""Several labels a record: each label is a problem of its own, present or absent.

Written as one text, a record's labels stand joined: ``late|damaged``, and ``(none)`` where none holds. So does gold in
a corpus, where a column may hold lists as well, and so do reviewers' decisions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids
from wslabel.core.gold import gold_by_id
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.records import Records
from wslabel.core.sensitive import follow, sensitive_of
from wslabel.core.soft import SoftVotes
from wslabel.core.task import JOINED, NO_LABELS
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError, suggest

if TYPE_CHECKING:
    import pandas as pd

ABSENT = "not "
"""A vote label that begins with this says that the label behind it is absent."""
PROBLEM = ("absent", "present")
UNSAID = "no vote for "
"""Before a label: the name of what stands for absence where no LF says that the label is absent."""


@dataclass(frozen=True, eq=False)
class MultiLabels:
    """The probability of each label on each record; a record may have any number of labels.

    Attributes
    ----------
    labels
        K label names.
    problems
        K values `Labels` over ``absent`` and ``present``, all of the same n records.
    """

    labels: tuple[str, ...]
    problems: tuple[Labels, ...]

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        return self.problems[0].ids

    @property
    def n(self) -> int:
        """The number of records."""
        return len(self.ids)

    @property
    def sensitive(self) -> str:
        """The sensitive suite that they come from; empty where there is none."""
        return next(filter(None, map(sensitive_of, self.problems)), "")

    @property
    def probs(self) -> Floats:
        """n×K probabilities that the label is present; rows need not sum to 1."""
        return np.stack([one.probs[:, 1] for one in self.problems], axis=1)

    @property
    def covered(self) -> NDArray[np.bool_]:
        """n×K booleans: an LF votes on that label of the record, or gold is known."""
        return np.stack([one.covered for one in self.problems], axis=1)

    @property
    def source(self) -> NDArray[np.object_]:
        """n words: who says which labels hold; ``model`` where a model says so of one of them."""
        said = np.stack([one.source for one in self.problems])
        return np.asarray(np.where((said == "model").any(axis=0), "model", said[0]), dtype=object)

    @property
    def confidence(self) -> Floats:
        """n probabilities of the record's least certain label, as present or as absent."""
        return np.asarray(np.min([one.confidence for one in self.problems], axis=0))

    def problem(self, label: str) -> Labels:
        """Return one label's problem."""
        return self.problems[_place(label, self.labels)]

    def sets(self, threshold: float = 0.5) -> list[tuple[str, ...]]:
        """Return for each record the covered labels whose probability is above the threshold."""
        chosen = (self.probs > threshold) & self.covered
        return [tuple(self.labels[k] for k in np.flatnonzero(row)) for row in chosen]

    def hard(self) -> NDArray[np.object_]:
        """Return n texts: the labels of `sets`, joined."""
        return np.array([join_labels(one) for one in self.sets()], dtype=object)

    def with_gold(self, gold: Any) -> MultiLabels:
        """Return the labels with these gold labels in them (see `split_gold`): certain, covered, of source ``gold``."""
        known = split_gold(gold, self.labels, self.ids)
        made = [one.with_gold(known[label]) for label, one in zip(self.labels, self.problems)]
        return MultiLabels(self.labels, tuple(made))

    def to_pandas(self) -> pd.DataFrame:
        """Return one column of probabilities a label, indexed by id; NaN where no LF votes on the label."""
        import pandas as pd

        probs = np.where(self.covered, self.probs, np.nan)
        return pd.DataFrame(probs, columns=list(self.labels), index=pd.Index(self.ids, name="id", dtype=object))

    def __repr__(self) -> str:
        covered = int(self.covered.any(axis=1).sum())
        return f"MultiLabels({self.n} records, {len(self.labels)} labels, {covered} covered)"


@dataclass(frozen=True, eq=False)
class MultiOutOfSample:
    """An end model's probabilities of each label, from folds that had not seen the record.

    Attributes
    ----------
    labels
        K label names.
    problems
        K values `OutOfSample` over ``absent`` and ``present``.
    """

    labels: tuple[str, ...]
    problems: tuple[OutOfSample, ...]

    def problem(self, label: str) -> OutOfSample:
        """Return one label's problem."""
        return self.problems[_place(label, self.labels)]

    def to_pandas(self) -> pd.DataFrame:
        """Return columns fold and one probability a label, indexed by id."""
        frame = self.problems[0].to_pandas()[["fold"]]
        for label, one in zip(self.labels, self.problems):
            frame[f"p_{label}"] = one.probs[:, 1]
        return frame


def join_labels(labels: Iterable[str]) -> str:
    """Return the labels of a record as one text.

    Examples
    --------
    >>> join_labels(["late", "damaged"]), join_labels([])
    ('late|damaged', '(none)')
    """
    return JOINED.join(labels) or NO_LABELS


def part_labels(text: str) -> tuple[str, ...]:
    """Return the labels that `join_labels` joined."""
    return () if text.strip() == NO_LABELS else tuple(part.strip() for part in text.split(JOINED))


class LabelSets(tuple[str, ...]):
    """The K labels of a multi-label task, among which are also the texts that join some of them."""

    def __contains__(self, text: object) -> bool:
        """Tell whether the text joins labels of the task."""
        return isinstance(text, str) and {*part_labels(text)} <= {*self}


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
        another label says nothing of this one; only where no LF ever says that the label is absent, a record with
        votes for other labels and none for this one counts as a vote for its absence.

    Returns
    -------
    dict
        By label, the votes of the LFs that ever vote on it (of all LFs where none does). What stands for absence has
        the name ``no vote for LABEL``.
    """
    return {label: votes_on(votes, label) for label in label_names(votes.labels)}


def votes_on(votes: VoteMatrix, label: str, lf_names: Sequence[str] | None = None) -> VoteMatrix:
    """Return the votes on one label, of the LFs named, or of those that `split_votes` tells."""
    said = np.full(votes.votes.shape, -1, np.int8)
    for value, name in ((1, label), (0, ABSENT + label)):
        if name in votes.labels:
            said[votes.votes == votes.labels.index(name)] = value
    names = _voters(votes, said, label) if lf_names is None else list(lf_names)
    place = {name: j for j, name in enumerate(votes.lf_names)}
    if missing := [name for name in names if name not in place and name != UNSAID + label]:
        raise VotesError(f"There is no LF {missing[0]!r} in these votes. {suggest(missing[0], votes.lf_names)}")
    columns = [said[:, place[name]] if name in place else _unsaid(votes, said) for name in names]
    soft = None
    if votes.soft:
        kept = np.flatnonzero(said[votes.soft.rows, votes.soft.lfs] >= 0)
        mine = SoftVotes(votes.soft.rows[kept], votes.soft.lfs[kept], votes.soft.confidence[kept])
        soft = mine.of_lfs([place.get(name, votes.m) for name in names])
    return follow(VoteMatrix(votes.ids, np.stack(columns, axis=1), names, PROBLEM, soft=soft), votes)


def _voters(votes: VoteMatrix, said: NDArray[np.int8], label: str) -> list[str]:
    names = [votes.lf_names[j] for j in np.flatnonzero((said >= 0).any(axis=0))]
    if not names:
        return list(votes.lf_names)
    return names if (said == 0).any() else [*names, UNSAID + label]


def _unsaid(votes: VoteMatrix, said: NDArray[np.int8]) -> NDArray[np.int8]:
    """Return n votes: absent where LFs vote, but none on this label."""
    return np.where(votes.covered & (said < 0).all(axis=1), 0, -1).astype(np.int8)


def split_gold(gold: Any, labels: Sequence[str], ids: Ids | None = None) -> dict[str, dict[str, str]]:
    """Return for each label ``present`` or ``absent`` by record id.

    Parameters
    ----------
    gold
        All labels that are present: a mapping (or pandas Series) from record id to a collection of them, empty where
        none is; `Records` with a gold column; or n collections, None where unknown.
    ids
        The n ids that a sequence stands for.

    Raises
    ------
    VotesError
        A label that is not among `labels`, or a string in the place of a collection.
    """
    by_label: dict[str, dict[str, str]] = {label: {} for label in labels}
    for record, present in gold_sets(gold, ids).items():
        names = _names(record, present, labels)
        for label in labels:
            by_label[label][record] = PROBLEM[label in names]
    return by_label


def gold_sets(gold: Any, ids: Ids | None = None) -> Mapping[str, Iterable[str]]:
    """Return the collection of each record that has one; those of `Records` are read from their gold column."""
    if gold is None:
        return {}
    if isinstance(gold, Records):
        return {record: part_labels(text) for record, text in gold.gold_by_id().items()}
    found = gold_by_id(gold, np.zeros(0, dtype=object) if ids is None else ids)
    return {record: present for record, present in found.items() if present is not None}


def _names(record: str, present: Any, labels: Sequence[str]) -> set[str]:
    if isinstance(present, str):
        raise VotesError(f"Record {record}: gold is {present!r}; in a multi-label task give a list of labels.")
    names = {str(name) for name in present}
    for name in sorted(names - set(labels)):
        raise VotesError(f"Record {record}: the gold label {name!r} is not one of the task's. {suggest(name, labels)}")
    return names


def _place(label: str, labels: tuple[str, ...]) -> int:
    if label not in labels:
        raise VotesError(f"There is no label {label!r}. {suggest(label, labels)}")
    return labels.index(label)
