"""What a label model for spans is."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

import numpy as np

from wslabel.core.sensitive import follow
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.errors import VotesError
from wslabel.models.base import FITTING, Estimate, Parameters, require_parameters


@dataclass(frozen=True)
class SpanModel(ABC):
    """A label model for spans and its hyper-parameters.

    To add one, write a file in this folder: a frozen dataclass whose fields are the hyper-parameters, with `name`,
    `estimate` and `columns`, and the line ``MODEL = YourModel``. It must not touch a global random generator, and pass
    ``wslabel.testing.check_span_model``.

    Attributes
    ----------
    seed
        For models that draw random numbers.
    """

    name: ClassVar[str]
    seed: int = 0

    @abstractmethod
    def estimate(self, votes: SpanVotes) -> Estimate:
        """Return the parameters for the votes."""

    @abstractmethod
    def columns(self, votes: SpanVotes, parameters: Parameters) -> Sequence[Any]:
        """Return the labeled spans as columns: record id, start, end, label name, probability."""

    def notes(self, estimate: Estimate, lf_names: Sequence[str]) -> dict[str, Any]:
        """Return what a report should say of an estimate beyond steps; ``learned`` tells it in a sentence."""
        return {}

    @classmethod
    def of(cls, parameters: Mapping[str, Any]) -> SpanModel:
        """Return the model with these hyper-parameters, or say which one it does not have."""
        require_parameters(cls, parameters)
        return cls(**parameters)

    def fit(self, votes: SpanVotes, gold: Any = None) -> FittedSpanModel:
        """Fit to votes; gold is taken for the sake of one interface, and not used.

        Raises
        ------
        VotesError
            These are no span votes.
        """
        if not isinstance(votes, SpanVotes):
            raise VotesError(f"The label model {self.name!r} is for spans; got {votes!r}. Make a SpanVotes of them.")
        return FittedSpanModel(self, votes.labels, dict(votes.groups), votes.lf_names, self.estimate(votes))


@dataclass(frozen=True, eq=False)
class FittedSpanModel:
    """A label model for spans with its parameters; `labels`, `groups` and `lf_names` are what it was fitted to."""

    model: SpanModel
    labels: tuple[str, ...]
    groups: Mapping[str, tuple[str, ...]]
    lf_names: tuple[str, ...]
    estimate: Estimate

    @property
    def converged(self) -> bool | None:
        """Whether fitting converged; None for a closed form, False where it was stopped after its steps."""
        return self.estimate.converged

    def predict(self, votes: SpanVotes) -> SpanLabels:
        """Return labeled spans; in a record without a vote there are none, and it is not covered.

        Raises
        ------
        VotesError
            Votes of other LFs, or over other labels, than the model was fitted to.
        """
        if (votes.lf_names, votes.labels, dict(votes.groups)) != (self.lf_names, self.labels, dict(self.groups)):
            raise VotesError(
                f"The model was fitted to the LFs {', '.join(self.lf_names)} and labels {', '.join(self.labels)}; "
                f"these votes have {', '.join(votes.lf_names)} and {', '.join(votes.names)}. Fit again."
            )
        columns = self.model.columns(votes, self.estimate.parameters)
        shared = votes.corroboration
        made = SpanLabels(votes.ids, votes.lengths, columns, votes.labels, votes.covered, corroboration=shared)
        return follow(made, votes)

    def report(self) -> dict[str, Any]:
        """Return name, hyper-parameters, convergence and steps, for people to read.

        ``changed`` has the hyper-parameters, but for the seed, that are not the usual ones, if any; `SpanModel.notes`
        adds what the model has to say.
        """
        found, usual = self.estimate, {one.name: one.default for one in fields(self.model) if one.name != "seed"}
        changed = {key: value for key, value in asdict(self.model).items() if value != usual.get(key, value)}
        return {
            "model": self.model.name,
            **asdict(self.model),
            "fitting": FITTING[found.converged],
            "steps": found.steps,
            **({"changed": changed} if changed else {}),
            **self.model.notes(found, self.lf_names),
        }

    def to_json(self) -> str:
        """Return all of it as JSON text; `wslabel.models.load_label_model` reads it."""
        found = self.estimate
        content = {
            "kind": "spans",
            "model": self.model.name,
            "hyper_parameters": asdict(self.model),
            "labels": self.labels,
            "groups": self.groups,
            "lf_names": self.lf_names,
            "parameters": {name: array.tolist() for name, array in found.parameters.items()},
            "converged": found.converged,
            "steps": found.steps,
        }
        return json.dumps(content, sort_keys=True, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str, model_class: Callable[[str], type[SpanModel]]) -> FittedSpanModel:
        """Return the fitted model that `to_json` wrote."""
        content = json.loads(text)
        parameters = {name: np.asarray(array, dtype=np.float64) for name, array in content["parameters"].items()}
        return cls(
            model_class(content["model"]).of(content["hyper_parameters"]),
            tuple(content["labels"]),
            {name: tuple(members) for name, members in content["groups"].items()},
            tuple(content["lf_names"]),
            Estimate(parameters, content["converged"], content["steps"]),
        )
