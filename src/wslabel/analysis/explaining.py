"""Why a record has its label: what each vote adds to the log-odds."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Protocol, cast

import numpy as np

from wslabel.analysis.plain import aligned
from wslabel.core.arrays import Floats, Ints
from wslabel.core.labels import Labels
from wslabel.core.multilabel import ABSENT, PROBLEM, MultiLabels, votes_on
from wslabel.core.soft import SoftVotes
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd

ORDERS = 200
"""The number of orders in which votes join, about; with two votes all of them are among these."""
SMALLEST = 1e-12


class Predicts(Protocol):
    """A fitted label model."""

    def predict(self, votes: VoteMatrix) -> Labels:
        """Return labels."""
        ...


@dataclass(frozen=True)
class Contribution:
    """What one witness says of a record's label.

    Attributes
    ----------
    witness
        The LF's name; or ``class balance`` (what holds when no LF votes) or ``end model and gold`` (all else).
    vote
        The label it votes; None for the last two.
    weight
        The change in log-odds of the label when this LF alone votes; None for the last two.
    log_odds
        Its contribution. All contributions of a record sum to the log-odds of its label.
    """

    witness: str
    vote: str | None
    weight: float | None
    log_odds: float


@dataclass(frozen=True)
class LabelExplanation:
    """Why a record has its label.

    Attributes
    ----------
    id, label, probability
        The record, the label that is explained, and its probability.
    contributions
        The class balance, then each LF that votes, strongest first, then the end model where there is one.
    """

    id: str
    label: str
    probability: float
    contributions: tuple[Contribution, ...]

    def to_pandas(self) -> pd.DataFrame:
        """Return vote, weight and log_odds, indexed by witness."""
        import pandas as pd

        return pd.DataFrame([asdict(one) for one in self.contributions]).set_index("witness")

    def __str__(self) -> str:
        rows = self.contributions
        columns = [
            ["witness", *[one.witness for one in rows]],
            ["vote", *[one.vote or "" for one in rows]],
            ["weight", *["" if one.weight is None else f"{one.weight:+.2f}" for one in rows]],
            ["log-odds", *[f"{one.log_odds:+.2f}" for one in rows]],
        ]
        head = f"{self.id}: {self.label} with probability {self.probability:.3f}"
        return "\n".join([head, "", *aligned(columns, left={0, 1})])


def explain_label(
    model: Predicts,
    votes: VoteMatrix,
    record: str,
    label: str | None = None,
    final: Labels | MultiLabels | None = None,
) -> LabelExplanation:
    """Explain a record's label by the log-odds that each vote adds.

    A contribution is a Shapley value: the change in log-odds when the LF's vote joins those of others, in the mean
    over all orders in which they may join (L. S. Shapley 1953, doi:10.1515/9781400881970-018). In a model whose votes
    are independent given the label it is the vote's own log-odds; in every model the contributions add up.

    Parameters
    ----------
    model
        The fitted label model.
    votes
        The votes on n records.
    record
        The record's id.
    label
        The label to explain; by default the likeliest. In a multi-label task one must be named; its log-odds are those
        of being present.
    final
        Labels after fusing: what they add beyond the label model becomes one more row.

    Raises
    ------
    VotesError
        A record or label that is not there.

    Examples
    --------
    >>> from wslabel.models import label_model
    >>> votes = VoteMatrix.from_array([[0, 0], [1, -1]], labels=["ham", "spam"])
    >>> explained = explain_label(label_model("majority").fit(votes), votes, "0")
    >>> explained.label, [round(one.log_odds, 3) for one in explained.contributions]
    ('ham', [0.0, 0.805, 0.805])
    """
    if votes.kind == "multilabel" or isinstance(final, MultiLabels):
        return _explain_of_several(model, votes, record, label, cast("MultiLabels | None", final))
    row = _row(votes, record)
    said = votes.soft.of_row(row) if votes.soft else {}
    soft = SoftVotes([0] * len(said), list(said), list(said.values())) if said else None
    own = VoteMatrix([record], votes.votes[[row]], votes.lf_names, votes.labels, soft=soft)
    labels = _one(final, record) if final is not None else model.predict(own)
    k = int(labels.hard_indices()[0]) if label is None else _label(label, votes.labels)
    voters = np.flatnonzero(votes.votes[row] >= 0)
    base, weights, shares = _shapley(model, own, voters, k)
    rows = [
        Contribution(votes.lf_names[j], votes.labels[votes.votes[row, j]], float(weight), float(share))
        for j, weight, share in zip(voters, weights, shares)
    ]
    rows.sort(key=lambda one: -abs(one.log_odds))
    first = Contribution("class balance", None, None, base)
    probability = float(labels.probs[0, k])
    rest = [] if final is None else [_rest(probability, base + float(shares.sum()))]
    return LabelExplanation(record, votes.labels[k], probability, (first, *rows, *rest))


def explain_record(model: Any, votes: VoteMatrix, record: str, final: Any = None) -> list[LabelExplanation]:
    """Explain the label of a record; in a multi-label task each label, whether it holds or not."""
    labels = model.labels if votes.kind == "multilabel" else [None]
    return [explain_label(model, votes, record, label, final) for label in labels]


def _explain_of_several(
    model: Any, votes: VoteMatrix, record: str, label: str | None, final: MultiLabels | None
) -> LabelExplanation:
    if label is None:
        raise VotesError(f"In a multi-label task name the label to explain; choices: {', '.join(model.labels)}.")
    own = model.problem(label)
    said = votes_on(votes, label, own.lf_names)
    told = explain_label(own, said, record, PROBLEM[1], None if final is None else final.problem(label))
    names = {None: None, PROBLEM[0]: ABSENT + label, PROBLEM[1]: label}
    rows = tuple(replace(one, vote=names[one.vote]) for one in told.contributions)
    return replace(told, label=label, contributions=rows)


def _rest(probability: float, explained: float) -> Contribution:
    return Contribution("end model and gold", None, None, float(_log_odds(np.array([probability]))[0]) - explained)


def _shapley(model: Predicts, own: VoteMatrix, voters: Ints, k: int) -> tuple[float, Floats, Floats]:
    """Return the log-odds without votes, with each vote alone beside that, and each vote's Shapley value."""
    if not len(voters):
        odds = _ask(model, own, voters, np.zeros((1, 0), np.bool_), k)
        return float(odds[0]), np.zeros(0), np.zeros(0)
    orders = _orders(len(voters))
    members = np.zeros((len(orders), len(voters) + 1, len(voters)), np.bool_)
    for place in range(len(voters)):
        members[np.arange(len(orders)), place + 1 :, orders[:, place]] = True
    flat = members.reshape(-1, len(voters))
    distinct, inverse = np.unique(flat, axis=0, return_inverse=True)
    asked = np.concatenate([np.zeros((1, len(voters)), np.bool_), np.eye(len(voters), dtype=np.bool_), distinct])
    odds = _ask(model, own, voters, asked, k)
    alone = odds[1 : len(voters) + 1] - odds[0]
    path = odds[len(voters) + 1 :][np.ravel(inverse)].reshape(len(orders), -1)
    gains = np.diff(path, axis=1)
    values = np.zeros((len(orders), len(voters)))
    np.put_along_axis(values, orders, gains, axis=1)
    return float(odds[0]), alone, values.mean(axis=0)


def _orders(count: int) -> Ints:
    """Return orders of so many votes, each vote as often at each place: cyclic shifts of random orders."""
    random = np.random.default_rng(0)
    if not count:
        return np.zeros((1, 0), np.int64)
    starts = [random.permutation(count) for _ in range(max(1, ORDERS // count))]
    return np.array([np.roll(start, shift) for start in starts for shift in range(count)], np.int64)


def _ask(model: Predicts, own: VoteMatrix, voters: Ints, members: np.ndarray, k: int) -> Floats:
    """Return the log-odds of label k for subsets of the votes."""
    array = np.full((len(members), own.m), -1, own.votes.dtype)
    array[:, voters] = np.where(members, own.votes[0, voters], -1)
    soft = None
    if own.soft:
        rows, places = np.nonzero(array[:, own.soft.lfs] >= 0)
        soft = SoftVotes(rows, own.soft.lfs[places], own.soft.confidence[places])
    made = VoteMatrix([str(i) for i in range(len(array))], array, own.lf_names, own.labels, soft=soft)
    return _log_odds(model.predict(made).probs[:, k])


def _log_odds(probability: Floats) -> Floats:
    clipped = np.clip(probability, SMALLEST, 1 - SMALLEST)
    return np.asarray(np.log(clipped / (1 - clipped)))


def _row(votes: VoteMatrix, record: str) -> int:
    found = np.flatnonzero(votes.ids == record)
    if not len(found):
        like = f"; give an id as {votes.ids[0]!r}" if votes.n else ""
        raise VotesError(f"There is no record {record!r} among the {votes.n} of these votes{like}.")
    return int(found[0])


def _one(labels: Labels, record: str) -> Labels:
    found = np.flatnonzero(labels.ids == record)
    if not len(found):
        raise VotesError(f"There is no record {record!r} among the {labels.n} labels.")
    return Labels([record], labels.probs[found], labels.labels)


def _label(label: str, labels: tuple[str, ...]) -> int:
    if label not in labels:
        raise VotesError(f"There is no label {label!r}; choices: {', '.join(labels)}.")
    return labels.index(label)
