"""Votes beside the labels under review, whatever they are on: records, or spans in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ids
from wslabel.core.decisions import Span, join_spans
from wslabel.core.multilabel import label_names
from wslabel.core.spans import SpanVotes
from wslabel.core.task import Kind
from wslabel.core.votes import VoteMatrix
from wslabel.errors import ReviewError
from wslabel.review.items import ReviewItem
from wslabel.review.weighed_votes import Evidence, Predicts, WeighedVote, weighed_votes

ONE_FOR_MANY = "One decision cannot settle several records where spans are decided; each has its own text."


class Ballots(Protocol):
    """The votes of m LFs on n records. All that a queue does with votes of another kind is here."""

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        ...

    @property
    def lf_names(self) -> tuple[str, ...]:
        """The m names of LFs."""
        ...

    @property
    def matrix(self) -> VoteMatrix:
        """Votes on whole records: what each LF votes, of spans what it votes first."""
        ...

    @property
    def disputed(self) -> NDArray[np.bool_]:
        """n booleans: LFs vote for labels that cannot all be right."""
        ...

    @property
    def one_for_many(self) -> bool:
        """Whether records with the same votes may be settled by one decision."""
        ...

    def told(self, row: int) -> dict[str, str]:
        """Return what each LF votes, in words."""
        ...

    def witnesses(
        self, item: ReviewItem, row: int, model: Predicts | None, evidence: Evidence | None
    ) -> list[WeighedVote]:
        """Return the LFs that vote on a record, with the places that they point at."""
        ...


@dataclass(frozen=True, eq=False)
class LabelBallots:
    """Votes on records."""

    matrix: VoteMatrix
    one_for_many: bool = True

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        return self.matrix.ids

    @property
    def lf_names(self) -> tuple[str, ...]:
        """The m names of LFs."""
        return self.matrix.lf_names

    @property
    def disputed(self) -> NDArray[np.bool_]:
        """n booleans: LFs vote for different labels."""
        votes = self.matrix.votes
        highest = votes.max(axis=1, initial=-1)
        cast = np.where(votes < 0, np.iinfo(votes.dtype).max, votes)
        return np.asarray(cast.min(axis=1, initial=highest.max(initial=0)) < highest)

    def told(self, row: int) -> dict[str, str]:
        """Return the label that each LF votes for."""
        cast = self.matrix.votes[row]
        return {self.matrix.lf_names[j]: self.matrix.labels[cast[j]] for j in np.flatnonzero(cast >= 0)}

    def witnesses(
        self, item: ReviewItem, row: int, model: Predicts | None, evidence: Evidence | None
    ) -> list[WeighedVote]:
        """Return the LFs that vote on a record, strongest first; without a model in the suite's order."""
        return weighed_votes(item, self.matrix, model, evidence)


@dataclass(frozen=True, eq=False)
class SpanBallots:
    """Votes on spans."""

    votes: SpanVotes
    one_for_many: bool = False

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        return self.votes.ids

    @property
    def lf_names(self) -> tuple[str, ...]:
        """The m names of LFs."""
        return self.votes.lf_names

    @property
    def matrix(self) -> VoteMatrix:
        """The label of each LF's first span in each record."""
        return self.votes.by_record()

    @property
    def disputed(self) -> NDArray[np.bool_]:
        """n booleans: votes overlap that cannot both be right."""
        out = np.zeros(self.votes.n, np.bool_)
        out[self.votes.record[self.votes.clashes[0]]] = True
        return out

    def told(self, row: int) -> dict[str, str]:
        """Return the spans that each LF votes for, in words."""
        by_lf: dict[str, list[Span]] = {}
        for lf, span in self._cast(row):
            by_lf.setdefault(lf, []).append(span)
        return {lf: join_spans(spans) for lf, spans in by_lf.items()}

    def witnesses(
        self, item: ReviewItem, row: int, model: Predicts | None, evidence: Evidence | None
    ) -> list[WeighedVote]:
        """Return for each LF and label that it votes for the places, in the order of the text."""
        places: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for lf, (start, end, label) in self._cast(row):
            places.setdefault((lf, label), []).append((start, end))
        return [WeighedVote(lf, label, None, tuple(found)) for (lf, label), found in places.items()]

    def _cast(self, row: int) -> Sequence[tuple[str, Span]]:
        begin, end = np.searchsorted(self.votes.record, [row, row + 1])
        columns = (column[begin:end].tolist() for column in (self.votes.start, self.votes.end, self.votes.label))
        spans = [(start, stop, self.votes.names[k]) for start, stop, k in zip(*columns)]
        return [(self.votes.lf_names[j], span) for j, span in zip(self.votes.lf[begin:end].tolist(), spans)]


def ballots_of(votes: VoteMatrix | SpanVotes | None, kind: Kind, labels: tuple[str, ...]) -> Ballots | None:
    """Return the votes that stand beside labels of a kind.

    Raises
    ------
    ReviewError
        They are on something else, or for other labels.
    """
    if votes is None:
        return None
    if isinstance(votes, SpanVotes) != (kind == "spans"):
        raise ReviewError(f"The votes are a {type(votes).__name__}, and the labels under review of the kind {kind}.")
    names = label_names(votes.labels) if kind == "multilabel" else votes.labels
    if names != labels:
        raise ReviewError(f"The votes have the labels {list(votes.labels)}, the labels {list(labels)}.")
    return SpanBallots(votes) if isinstance(votes, SpanVotes) else LabelBallots(votes)
