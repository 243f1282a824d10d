"""What speaks for and against a label: each vote with its weight, and the words that it stands on."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from wslabel.core.labels import Labels
from wslabel.core.multilabel import ABSENT, MultiLabels
from wslabel.core.votes import VoteMatrix
from wslabel.review.items import ReviewItem

SMALLEST = 1e-12


class Found(Protocol):
    """What an LF found in a record, as `wslabel.explain` tells it."""

    @property
    def lf(self) -> str:
        """The LF's name."""
        ...

    @property
    def column(self) -> str:
        """The column that it looked at."""
        ...

    @property
    def spans(self) -> Iterable[tuple[int, int]]:
        """Start and end in characters, end exclusive."""
        ...


class Predicts(Protocol):
    """A fitted label model."""

    def predict(self, votes: VoteMatrix) -> Labels | MultiLabels:
        """Return labels."""
        ...


Evidence = Callable[[Mapping[str, Any]], Iterable[Found]]


@dataclass(frozen=True)
class WeighedVote:
    """The vote of an LF on a record, as a reviewer is shown it.

    Attributes
    ----------
    lf, vote
        Its name, and the label that it votes for.
    weight
        What the vote adds to the log-odds of that label when it alone is cast; None where no model is at hand.
    spans
        Where in the text it found what it votes for; empty where it does not say.
    """

    lf: str
    vote: str
    weight: float | None
    spans: tuple[tuple[int, int], ...]


def weighed_votes(
    item: ReviewItem, votes: VoteMatrix, model: Predicts | None, evidence: Evidence | None
) -> list[WeighedVote]:
    """Return the LFs that vote on a record, strongest first; without a model in the suite's order."""
    if not item.votes:
        return []
    spans = {} if evidence is None else _spans(item, evidence)
    weights = {} if model is None else _weights(item, votes, model)
    found = [WeighedVote(lf, vote, weights.get(lf), spans.get(lf, ())) for lf, vote in item.votes.items()]
    return sorted(found, key=lambda one: -abs(one.weight or 0))


def _spans(item: ReviewItem, evidence: Evidence) -> dict[str, tuple[tuple[int, int], ...]]:
    found = evidence({name: value for name, value in item.row.items() if name not in ("id", "gold")})
    return {one.lf: tuple((a, b) for a, b in one.spans) for one in found if one.column == "text"}


def _weights(item: ReviewItem, votes: VoteMatrix, model: Predicts) -> dict[str, float]:
    """Return for each LF the change in log-odds of its own label when it alone votes."""
    names = [lf for lf in item.votes if lf in votes.lf_names]
    cast = np.full((len(names) + 1, votes.m), -1, np.int16)
    cast[np.arange(len(names)), [votes.lf_names.index(lf) for lf in names]] = [
        votes.labels.index(item.votes[lf]) for lf in names
    ]
    asked = VoteMatrix([str(n) for n in range(len(cast))], cast, votes.lf_names, votes.labels)
    predicted = model.predict(asked)
    probs = np.clip(predicted.probs, SMALLEST, 1 - SMALLEST)
    odds = np.log(probs / (1 - probs))
    gains = {}
    for n, lf in enumerate(names):
        denied = item.votes[lf] not in predicted.labels  # in a multi-label task an LF may vote that a label is absent
        k = predicted.labels.index(item.votes[lf].removeprefix(ABSENT) if denied else item.votes[lf])
        gains[lf] = float(odds[n, k] - odds[-1, k]) * (-1 if denied else 1)
    return gains
