"""Which LFs are better left out, and by how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np

from wslabel.analysis.explaining import Predicts
from wslabel.core.arrays import Floats
from wslabel.core.gold import align_gold
from wslabel.core.multilabel import split_gold, split_votes
from wslabel.core.votes import VoteMatrix, count_votes

if TYPE_CHECKING:
    import pandas as pd

LEAST_RECORDS = 2
"""Gold records by which the labels must gain before an LF is named."""

MOST_RECORDS = 20_000
"""The guard looks at so many records, spread evenly."""


class Fits(Protocol):
    """A label model."""

    def fit(self, votes: VoteMatrix, gold: Any = None) -> Predicts:
        """Fit to votes."""
        ...


@dataclass(frozen=True)
class Pruning:
    """An LF whose removal helps.

    Attributes
    ----------
    lf
        The LF's name.
    by
        ``gold``: the share of covered records with gold that are labeled right, where no model saw the gold;
        ``guard``: the mean log-likelihood of a vote given the other LFs' votes on its record.
    before, after
        That measure with the LF and without it. An LF's own votes are never among those that the guard scores.
    gain
        after - before.
    coverage_lost
        The share of records on which it alone votes.
    """

    lf: str
    by: Literal["gold", "guard"]
    before: float
    after: float
    gain: float
    coverage_lost: float


def suggest_pruning(votes: VoteMatrix, model: Fits, gold: Any = None) -> list[Pruning]:
    """Name the LFs whose removal helps, the most helpful first.

    With gold, the label model is fitted without each LF in turn, without the gold, and measured on it. Without gold,
    the guard asks how well the votes of the other LFs are foretold by each other (smoothed majority vote), with
    the LF among the foretellers and without: an LF that says the contrary of all others, or guesses, makes it worse.

    Parameters
    ----------
    votes
        The votes of m LFs on n records.
    model
        A label model, not yet fitted.
    gold
        As in `summarize`.

    Returns
    -------
    list of Pruning
        Empty where every LF helps. Each is measured alone; remove one, and ask again. In a multi-label task an LF is
        named where its removal helps on every label that it votes on, with the smallest gain.
    """
    if votes.kind == "multilabel":
        return _of_each(votes, model, gold)
    known = align_gold(gold, votes.ids, votes.labels)
    if (known >= 0).any():
        return _ordered(_by_gold(votes, model, known))
    return _ordered(_by_guard(votes)) if votes.n else []


def _of_each(votes: VoteMatrix, model: Fits, gold: Any) -> list[Pruning]:
    problems = split_votes(votes)
    known = split_gold(gold, tuple(problems), votes.ids)
    named: dict[str, list[Pruning]] = {}
    for label, some in problems.items():
        for one in suggest_pruning(some, model, known[label]):
            named.setdefault(one.lf, []).append(one)
    asked = Counter(name for some in problems.values() for name in some.lf_names)
    helped = [some for name, some in named.items() if len(some) == asked[name] and name in votes.lf_names]
    return _ordered([min(some, key=lambda one: one.gain) for some in helped])


def pruning_to_pandas(found: Sequence[Pruning]) -> pd.DataFrame:
    """Return the suggestions as a table, indexed by LF."""
    import pandas as pd

    return pd.DataFrame([asdict(one) for one in found], columns=list(Pruning.__dataclass_fields__)).set_index("lf")


def _ordered(found: list[Pruning]) -> list[Pruning]:
    return sorted(found, key=lambda one: (-one.gain, one.lf))


def _by_gold(votes: VoteMatrix, model: Fits, known: Any) -> list[Pruning]:
    rows = np.flatnonzero((known >= 0) & votes.covered)
    if votes.m < 2 or not len(rows):
        return []

    def right(some: VoteMatrix) -> float:
        return float((model.fit(some).predict(some).hard_indices()[rows] == known[rows]).mean())

    before, found = right(votes), []
    for name in votes.lf_names:
        after = right(votes.select([other for other in votes.lf_names if other != name]))
        if (after - before) * len(rows) >= LEAST_RECORDS - 1e-9:
            found.append(Pruning(name, "gold", before, after, after - before, _lost(votes, name)))
    return found


def _by_guard(votes: VoteMatrix) -> list[Pruning]:
    some = np.unique(np.linspace(0, votes.n - 1, min(votes.n, MOST_RECORDS)).astype(np.int64))
    seen, found = votes.votes[some], []
    counts = count_votes(seen, votes.cardinality).astype(np.float64)
    for j, name in enumerate(votes.lf_names):
        at = np.flatnonzero(seen[:, j] >= 0)
        array, own = seen[at], seen[at, j]
        before, after = _guard(array, counts[at], own, j)
        if after > before:
            found.append(Pruning(name, "guard", before, after, after - before, _lost(votes, name)))
    return found


def _guard(array: Any, counts: Floats, own: Any, j: int) -> tuple[float, float]:
    """Return the mean log-likelihood of the other LFs' votes, foretold with LF j and without it."""
    cardinality, sums, total = counts.shape[1], np.zeros(2), 0
    for i in range(array.shape[1]):
        rows = np.flatnonzero(array[:, i] >= 0) if i != j else np.zeros(0, np.int64)
        said = counts[rows, array[rows, i]] - 1
        others = counts[rows].sum(axis=1) - 1
        same = array[rows, i] == own[rows]
        sums += [
            np.log((said + 1 / cardinality) / (others + 1)).sum(),
            np.log((said - same + 1 / cardinality) / others).sum(),
        ]
        total += len(rows)
    return (float(sums[0] / total), float(sums[1] / total)) if total else (0.0, 0.0)


def _lost(votes: VoteMatrix, name: str) -> float:
    j = votes.lf_names.index(name)
    alone = (votes.votes[:, j] >= 0) & ((votes.votes >= 0).sum(axis=1) == 1)
    return float(alone.mean()) if votes.n else 0.0
