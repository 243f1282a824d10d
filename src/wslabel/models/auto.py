"""The default label model: the pretrained one, and where votes are dense others beside it, chosen without gold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._guard import left_out_scores
from wslabel.models.base import Estimate, LabelModel, Parameters
from wslabel.models.dawid_skene import DawidSkene
from wslabel.models.majority import Majority
from wslabel.models.prior_fitted import PriorFitted

MEMBERS: dict[str, type[LabelModel]] = {
    "prior_fitted": PriorFitted,
    "dawid_skene": DawidSkene,
    "majority": Majority,
}
DENSE = 3.0
"""Votes a covered record from which the votes themselves tell how good the LFs are."""
LARGEST_TABLE = 4_000_000
"""Numbers that Dawid and Skene's model may need, m·K·(K+1); above, it stays out."""


@dataclass(frozen=True)
class Auto(LabelModel):
    """The average of label models, with weights that are chosen without gold.

    Where a covered record has fewer than 3 votes on average, as in most suites, votes alone say little of how good LFs
    are, and `prior_fitted` stands alone: it knows what suites are like. Where votes are dense, as in crowds, each
    member foretells the votes of LFs left out (``wslabel.models._guard``). Dawid and Skene's model then counts half
    if it does that better than `prior_fitted`; and where majority vote does it better than both, majority vote is
    all that is used. The report says what was chosen, and why.
    """

    name: ClassVar[str] = "auto"

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``weights``, ``scores`` and ``density``, and the parameters of each member under its name."""
        density = _density(patterns)
        members = {name: self._member(name) for name in MEMBERS if _fits(name, patterns)}
        scores = left_out_scores(members, patterns, balance) if density >= DENSE else {}
        weights = _weights(scores)
        parameters = {
            "weights": np.array([weights.get(name, 0.0) for name in MEMBERS]),
            "scores": np.array([scores.get(name, 0.0) for name in MEMBERS]),
            "density": np.array([density]),
        }
        for name in weights:
            found = members[name].estimate(patterns, balance).parameters
            parameters |= {f"{name}.{key}": array for key, array in found.items()}
        return Estimate(parameters)

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the weighted average of the members' posteriors."""
        probs = np.zeros((len(votes), len(balance)))
        for name, weight in zip(MEMBERS, parameters["weights"]):
            if weight > 0:
                own = {key.partition(".")[2]: array for key, array in parameters.items() if key.startswith(f"{name}.")}
                probs += weight * self._member(name).posterior(votes, own, balance)
        return probs

    def notes(self, estimate: Estimate) -> dict[str, Any]:
        """Return the members with their weights, and why."""
        parameters = estimate.parameters
        density = float(parameters["density"][0])
        weights = {name: float(weight) for name, weight in zip(MEMBERS, parameters["weights"]) if weight > 0}
        notes: dict[str, Any] = {"chosen": weights, "votes_a_covered_record": round(density, 2)}
        if density < DENSE:
            return notes | {"why": f"fewer than {DENSE:g} votes a covered record: too few to choose by"}
        scores = {name: round(float(score), 5) for name, score in zip(MEMBERS, parameters["scores"])}
        return notes | {"left_out_scores": scores, "why": _WHY[tuple(weights)]}

    def _member(self, name: str) -> LabelModel:
        return MEMBERS[name](class_balance=self.class_balance, seed=self.seed)


_WHY = {
    ("prior_fitted",): "prior_fitted foretells the votes of left-out LFs best",
    ("prior_fitted", "dawid_skene"): "dawid_skene foretells the votes of left-out LFs better than prior_fitted",
    ("majority",): "majority foretells the votes of left-out LFs best",
}


def _weights(scores: dict[str, float]) -> dict[str, float]:
    """Return the members that count, by weight."""
    first = scores.get("prior_fitted", 0.0)
    second = scores.get("dawid_skene", first)
    if scores.get("majority", first) > max(first, second):
        return {"majority": 1.0}
    return {"prior_fitted": 0.5, "dawid_skene": 0.5} if second > first else {"prior_fitted": 1.0}


def _density(patterns: VotePatterns) -> float:
    votes = (patterns.votes >= 0).sum(axis=1)
    return float(patterns.counts @ votes / max(patterns.counts @ (votes > 0), 1))


def _fits(name: str, patterns: VotePatterns) -> bool:
    cardinality = patterns.cardinality
    return name != "dawid_skene" or patterns.votes.shape[1] * cardinality * (cardinality + 1) <= LARGEST_TABLE


MODEL = Auto
