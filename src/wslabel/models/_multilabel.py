"""Label models for records with several labels: one binary model a label."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wslabel.core.multilabel import MultiLabels, split_gold, split_votes, votes_on
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError, suggest
from wslabel.models.base import FittedLabelModel, LabelModel


@dataclass(frozen=True, eq=False)
class FittedMultiLabelModel:
    """A label model fitted to each label of a multi-label task.

    Each label is a problem with the outcomes present and absent (binary relevance; M.-L. Zhang and Z.-H. Zhou, "A
    Review on Multi-Label Learning Algorithms", IEEE TKDE 26 (2014), doi:10.1109/TKDE.2013.39). An LF says that a label
    is absent by voting ``not LABEL``, which stands among the task's labels; `wslabel.core.multilabel.split_votes` tells
    what stands for absence where no LF does.

    Attributes
    ----------
    vote_labels
        The labels of the votes, ``not LABEL`` among them.
    problems
        The fitted binary model of each label.
    """

    vote_labels: tuple[str, ...]
    problems: dict[str, FittedLabelModel]

    @property
    def labels(self) -> tuple[str, ...]:
        """K label names."""
        return tuple(self.problems)

    def problem(self, label: str) -> FittedLabelModel:
        """Return one label's model, which takes the votes of `wslabel.core.multilabel.votes_on`."""
        if label not in self.problems:
            raise VotesError(f"There is no label {label!r}. {suggest(label, self.labels)}")
        return self.problems[label]

    def predict(self, votes: VoteMatrix) -> MultiLabels:
        """Return the probability of each label on each record.

        Raises
        ------
        VotesError
            Votes of other LFs, or over other labels, than the model was fitted to.
        """
        if votes.labels != self.vote_labels:
            raise VotesError(f"The model was fitted to votes for {self.vote_labels}; these are for {votes.labels}.")
        found = [model.predict(votes_on(votes, label, model.lf_names)) for label, model in self.problems.items()]
        return MultiLabels(self.labels, tuple(found))

    def report(self) -> dict[str, Any]:
        """Return name and hyper-parameters, and by label what was found."""
        first, *_ = reports = [model.report() for model in self.problems.values()]
        shared = {key: value for key, value in first.items() if all(one.get(key) == value for one in reports)}
        own = [{"label": label, **_without(one, shared)} for label, one in zip(self.labels, reports)]
        return {**shared, "labels": own}

    def to_json(self) -> str:
        """Return all of it as JSON text; `wslabel.models.load_label_model` reads it."""
        problems = {label: json.loads(model.to_json()) for label, model in self.problems.items()}
        return json.dumps({"vote_labels": self.vote_labels, "problems": problems}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str, model_class: Callable[[str], type[LabelModel]]) -> FittedMultiLabelModel:
        """Return the fitted model that `to_json` wrote."""
        content = json.loads(text)
        problems = {
            label: FittedLabelModel.from_json(json.dumps(one), model_class)
            for label, one in content["problems"].items()
        }
        return cls(tuple(content["vote_labels"]), problems)


def fit_multilabel(model: LabelModel, votes: VoteMatrix, gold: Any = None) -> FittedMultiLabelModel:
    """Fit the label model to each label; `gold` as `wslabel.core.multilabel.split_gold` takes it."""
    problems = split_votes(votes)
    known = split_gold(gold, tuple(problems), votes.ids)
    fitted = {label: model.fit(some, known[label]) for label, some in problems.items()}
    return FittedMultiLabelModel(votes.labels, fitted)


def _without(report: dict[str, Any], shared: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in report.items() if key not in shared}
