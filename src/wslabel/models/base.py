"""What a label model is: hyper-parameters that fit to vote patterns, and a fitted model that predicts."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from functools import reduce
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats
from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels
from wslabel.core.sensitive import follow
from wslabel.core.task import check_balance, listed
from wslabel.core.votes import VoteMatrix, VotePatterns, Votes, any_vote
from wslabel.errors import PluginError, VotesError, suggest
from wslabel.models._soft import with_soft

if TYPE_CHECKING:
    import pandas as pd

Parameters = dict[str, Floats]
ESTIMATED = "estimated"
BLOCK = 65_536
"""Patterns whose posterior is computed at a time."""


@dataclass(frozen=True)
class Estimate:
    """What fitting found: named arrays, whether it converged (None for a closed form), and the steps it took."""

    parameters: Parameters
    converged: bool | None = None
    steps: int = 0


@dataclass(frozen=True)
class LabelModel(ABC):
    """A label model and its hyper-parameters.

    To add one, write a file in this folder: a frozen dataclass whose fields are the hyper-parameters, with `name`,
    `estimate` and `posterior`, and the line ``MODEL = YourModel``. Both methods see vote patterns only, must not
    touch a global random generator, and pass ``wslabel.testing.check_label_model``.

    Attributes
    ----------
    class_balance
        K shares that sum to 1. None: from gold rows where there are some, else uniform. "estimated": the mean
        posterior of a first fit; on public data it helps `dawid_skene` and harms models that take whether an LF votes
        for chance.
    seed
        For models that draw random numbers.
    needs, most, tolerance
        Of the class: the smallest number of LFs, the number up to which it is known to work, and how far equal
        answers may lie apart (single precision).
    """

    name: ClassVar[str]
    needs: ClassVar[int] = 1
    most: ClassVar[int] = 2_000
    tolerance: ClassVar[float] = 1e-6
    class_balance: tuple[float, ...] | str | None = None
    seed: int = 0

    @abstractmethod
    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return the parameters for p patterns of m LFs, given the K shares of the class balance."""

    @abstractmethod
    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the p×K probabilities of p×m votes; rows sum to 1."""

    def notes(self, estimate: Estimate) -> dict[str, Any]:
        """Return what a report should say of an estimate beyond steps and convergence."""
        return {}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> LabelModel:
        """Return the model with these hyper-parameters, or say which one it does not have."""
        require_parameters(cls, parameters)
        given = dict(parameters)
        if isinstance(word := given.get("class_balance"), str) and word != ESTIMATED:
            raise PluginError(f'class_balance is {word!r}; give K shares that sum to 1, or "{ESTIMATED}".')
        if given.get("class_balance") not in (None, ESTIMATED):
            given["class_balance"] = tuple(float(share) for share in given["class_balance"])
        return cls(**given)

    def fit(self, votes: VoteMatrix, gold: Any = None) -> FittedLabelModel:
        """Fit to votes.

        Parameters
        ----------
        votes
            n records × m LFs; 0 records, 1 LF and records without a vote are fine.
        gold
            Gold labels of some records: `Records` with a gold column, a mapping from id to label, or n labels
            with None where unknown; in a multi-label task a list of labels in the place of one.

        Returns
        -------
        FittedLabelModel
            Of votes in a multi-label task a `wslabel.models.FittedMultiLabelModel`, whose `predict` returns
            `MultiLabels`: the model is then fitted to each label, as present or absent.

        Examples
        --------
        >>> from wslabel.models import label_model
        >>> votes = VoteMatrix.from_array([[0, 1], [2, 1]], ["late", "damaged", "not late"], kind="multilabel")
        >>> label_model("majority").fit(votes).predict(votes).sets()
        [('late', 'damaged'), ('damaged',)]
        """
        if not isinstance(votes, VoteMatrix):
            return cast(FittedLabelModel, self.fit_others(votes))
        if votes.kind == "multilabel":
            from wslabel.models._multilabel import fit_multilabel

            return cast(FittedLabelModel, fit_multilabel(self, votes, gold))
        return self.fit_patterns(votes.patterns(align_gold(gold, votes.ids, votes.labels)), votes.lf_names)

    def fit_others(self, votes: Any) -> Any:
        """Refuse votes that are not on records; `auto` takes those on spans."""
        raise VotesError(
            f"The label model {self.name!r} is for one label a record; got {votes!r}. For spans: hmm, span_majority."
        )

    def fit_patterns(self, patterns: VotePatterns, lf_names: Sequence[str]) -> FittedLabelModel:
        """Fit to vote patterns, wherever they were counted; `lf_names` are the LFs of their columns, in order."""
        balance = self._balance(patterns)
        return FittedLabelModel(self, patterns.labels, tuple(lf_names), balance, self.estimate(patterns, balance))

    def _balance(self, patterns: VotePatterns) -> Floats:
        cardinality = patterns.cardinality
        if self.class_balance is not None and not isinstance(self.class_balance, str):
            return check_balance(self.class_balance, cardinality, f"The label model {self.name!r}")
        known = patterns.gold.sum(axis=0)  # one row a label is added, so that no share is 0
        balance = np.asarray((known + 1.0) / (known.sum() + cardinality))
        return self._estimated(patterns, balance) if self.class_balance == ESTIMATED else balance

    def _estimated(self, patterns: VotePatterns, balance: Floats) -> Floats:
        """Return the mean posterior of covered records under the balance that is known so far, smoothed."""
        parameters, sums = self.estimate(patterns, balance).parameters, np.ones(patterns.cardinality)
        covered = np.flatnonzero(patterns.covered)
        for begin in range(0, len(covered), BLOCK):
            rows = covered[begin : begin + BLOCK]
            posterior = self.posterior(patterns.votes[rows], parameters, balance)
            sums += patterns.counts[rows] @ posterior
        return np.asarray(sums / sums.sum())


@dataclass(frozen=True, eq=False)
class FittedLabelModel:
    """A label model with its parameters.

    Attributes
    ----------
    model
        The hyper-parameters.
    labels, lf_names
        What it was fitted to.
    class_balance
        K shares: what an uncovered record gets.
    estimate
        Parameters, and whether they converged.
    """

    model: LabelModel
    labels: tuple[str, ...]
    lf_names: tuple[str, ...]
    class_balance: Floats
    estimate: Estimate

    @property
    def converged(self) -> bool | None:
        """Whether fitting converged; None for a closed form, False where it was stopped after its steps."""
        return self.estimate.converged

    def predict(self, votes: VoteMatrix) -> Labels:
        """Return probabilistic labels; a record without a vote gets the class balance.

        A vote with a confidence counts for as many plain votes as its log-odds are worth (`wslabel.core.soft`); fitting
        takes all votes for plain ones.

        Raises
        ------
        VotesError
            Votes of other LFs, or over other labels, than the model was fitted to.
        """
        if votes.lf_names != self.lf_names or votes.labels != self.labels:
            raise VotesError(
                f"The model was fitted to the LFs {', '.join(self.lf_names)} and labels {', '.join(self.labels)}; "
                f"these votes have {', '.join(votes.lf_names)} and {', '.join(votes.labels)}. Fit again."
            )
        patterns = votes.patterns()
        distinct = len(patterns.votes) == votes.n
        probs = self._posterior(patterns.votes, votes.covered if distinct else patterns.covered)
        probs = probs if distinct else probs[patterns.inverse]
        if votes.soft:
            rows, weighed = with_soft(self._posterior, votes.votes, votes.soft, len(self.labels))
            probs[rows] = weighed
        return follow(Labels(votes.ids, probs, votes.labels, votes.covered), votes)

    def _posterior(self, votes: Votes, covered: NDArray[np.bool_] | None = None) -> Floats:
        """Return p×K probabilities, the class balance where no LF votes."""
        probs = np.tile(self.class_balance, (len(votes), 1))
        voted = any_vote(votes) if covered is None else covered
        for begin in range(0, len(probs), BLOCK):
            rows = begin + np.flatnonzero(voted[begin : begin + BLOCK])
            if len(rows):
                probs[rows] = self.model.posterior(votes[rows], self.estimate.parameters, self.class_balance)
        return probs

    def report(self) -> dict[str, Any]:
        """Return name, hyper-parameters, class balance, convergence and steps, for people to read."""
        return {
            "model": self.model.name,
            **asdict(self.model),
            "class_balance": dict(zip(self.labels, self.class_balance.round(4).tolist())),
            "fitting": FITTING[self.converged],
            "steps": self.estimate.steps,
            **self.model.notes(self.estimate),
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return what each vote is worth where no other is cast: ``probability`` and ``log_odds``, by LF and label."""
        from wslabel.models._weights import weights

        return weights(self)

    def __repr__(self) -> str:
        how = FITTING[self.converged]
        return f"FittedLabelModel({self.model.name}: {len(self.lf_names)} LFs, labels {listed(self.labels)}, {how})"

    def to_json(self) -> str:
        """Return all of it as JSON text; `wslabel.models.load_label_model` reads it."""
        content = {
            "model": self.model.name,
            "hyper_parameters": asdict(self.model),
            "labels": self.labels,
            "lf_names": self.lf_names,
            "class_balance": self.class_balance.tolist(),
            "parameters": {name: array.tolist() for name, array in self.estimate.parameters.items()},
            "converged": self.estimate.converged,
            "steps": self.estimate.steps,
        }
        return json.dumps(content, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str, model_class: Callable[[str], type[LabelModel]]) -> FittedLabelModel:
        """Return the fitted model that `to_json` wrote."""
        content = json.loads(text)
        parameters = {name: np.asarray(array, dtype=np.float64) for name, array in content["parameters"].items()}
        return cls(
            model_class(content["model"]).of(content["hyper_parameters"]),
            tuple(content["labels"]),
            tuple(content["lf_names"]),
            np.asarray(content["class_balance"]),
            Estimate(parameters, content["converged"], content["steps"]),
        )


def require_parameters(cls: type[Any], parameters: Mapping[str, Any]) -> None:
    """Raise `PluginError` for a hyper-parameter that the label model does not have."""
    known = [field.name for field in fields(cls)]
    for name in parameters:
        if name not in known:
            raise PluginError(f"The label model {cls.name!r} has no parameter {name!r}. {suggest(name, known)}")


FITTING = {None: "closed form", True: "converged", False: "stopped after its steps"}


def normalise_logs(logs: Floats) -> Floats:
    """Return rows of probabilities from rows of unnormalised log-probabilities, safe from underflow."""
    return normalise(np.exp(logs - reduce(np.maximum, logs.T)[:, None]))


def normalise(rows: Floats) -> Floats:
    """Return rows divided by their sums; column by column, as numpy is slow along a short axis."""
    return np.asarray(rows / reduce(np.add, rows.T)[:, None])
