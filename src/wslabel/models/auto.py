"""The default label model: the pretrained one, and for crowds one with confusions beside it, chosen without gold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.spans import SpanVotes
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._guard import left_out_scores
from wslabel.models._sums import smoothed_majority
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise
from wslabel.models.crowd import Crowd
from wslabel.models.prior_fitted import PriorFitted
from wslabel.models.spans import SPAN_MODEL, span_model_class

MEMBERS: dict[str, type[LabelModel]] = {"prior_fitted": PriorFitted, "crowd": Crowd}
DENSE = 3.0
"""Votes a covered record from which the votes themselves tell how good the LFs are."""
WORKERS = 0.9
"""Share of the votes that LFs with more than one label must have cast, for confusions to be worth a look."""
DECISIVE = 0.01
"""Nats a vote by which a score must be higher for the member to weigh e times as much."""
MAJORITY = 0.15
"""The part of majority vote in the logarithm of the posterior: on generated suites it halves the cases in which `auto`
is a point less accurate than majority vote, and costs nothing in the mean."""
TINY = 1e-12
LARGEST_TABLE = 4_000_000
"""Numbers that confusions may need, m·K·(K+1); above, they stay out."""


@dataclass(frozen=True)
class Auto(LabelModel):
    """The average of label models, with weights that are chosen without gold.

    In most suites a covered record has fewer than 3 votes on average, or LFs vote for one label each; then votes alone
    say little of how good LFs are, and `prior_fitted` stands alone: it knows what suites are like. Where votes are
    dense and LFs vote for several labels, as workers do, `prior_fitted` and `crowd` foretell the votes of LFs left out
    (``wslabel.models._guard``): half the weight is `prior_fitted`'s, the other half is shared in proportion to
    ``exp(score / 0.01)``. What comes out is drawn towards smoothed majority vote, ``p^0.85 · majority^0.15``. The
    report says what was chosen, and why.

    Votes on spans go to `hmm`.
    """

    name: ClassVar[str] = "auto"

    def fit_others(self, votes: Any) -> Any:
        """Return the default label model for spans, fitted to span votes."""
        if not isinstance(votes, SpanVotes):
            return super().fit_others(votes)
        return span_model_class(SPAN_MODEL).of({"seed": self.seed}).fit(votes)

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``weights``, ``scores`` and ``density``, and the parameters of each member under its name."""
        density, workers = _density(patterns), _workers(patterns)
        scored = density >= DENSE and workers >= WORKERS and _fits(patterns)
        members = {name: self._member(name) for name in MEMBERS}
        scores = left_out_scores(members, patterns, balance) if scored else {}
        weights = _weights(scores)
        parameters = {
            "weights": np.array([weights.get(name, 0.0) for name in MEMBERS]),
            "scores": np.array([scores.get(name, 0.0) for name in MEMBERS]),
            "density": np.array([density]),
            "workers": np.array([workers]),
        }
        for name in weights:
            found = members[name].estimate(patterns, balance).parameters
            parameters |= {f"{name}.{key}": array for key, array in found.items()}
        return Estimate(parameters)

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the weighted average of the members' posteriors, a little drawn towards majority vote."""
        probs = np.zeros((len(votes), len(balance)))
        for name, weight in zip(MEMBERS, parameters["weights"]):
            if weight > 0:
                own = {key.partition(".")[2]: array for key, array in parameters.items() if key.startswith(f"{name}.")}
                probs += weight * self._member(name).posterior(votes, own, balance)
        drawn = np.maximum(probs, TINY) ** (1 - MAJORITY) * smoothed_majority(votes, balance) ** MAJORITY
        return normalise(drawn)

    def notes(self, estimate: Estimate) -> dict[str, Any]:
        """Return the members with their weights, and why."""
        parameters = estimate.parameters
        density, workers = float(parameters["density"][0]), float(parameters["workers"][0])
        weights = {name: round(float(w), 3) for name, w in zip(MEMBERS, parameters["weights"]) if w > 0}
        notes: dict[str, Any] = {"chosen": weights, "votes_a_covered_record": round(density, 2)}
        if density < DENSE:
            return notes | {"why": f"fewer than {DENSE:g} votes a covered record: too few to choose by"}
        if workers < WORKERS:
            return notes | {"why": f"LFs with one label cast {1 - workers:.0%} of the votes: they have no confusions"}
        if len(weights) == 1:
            return notes | {"why": "too many LFs and labels for confusions"}
        scores = {name: round(float(score), 5) for name, score in zip(MEMBERS, parameters["scores"])}
        best = max(scores, key=lambda name: scores[name])
        return notes | {"left_out_scores": scores, "why": f"{best} foretells the votes of left-out LFs best"}

    def _member(self, name: str) -> LabelModel:
        return MEMBERS[name](class_balance=self.class_balance, seed=self.seed)


def _weights(scores: dict[str, float]) -> dict[str, float]:
    """Return the members that count, by weight."""
    if not scores:
        return {"prior_fitted": 1.0}
    ahead = np.array([scores[name] - max(scores.values()) for name in MEMBERS])
    share = np.exp(ahead / DECISIVE)
    share /= share.sum()
    return {name: float(one + (name == "prior_fitted")) / 2 for name, one in zip(MEMBERS, share)}


def _density(patterns: VotePatterns) -> float:
    votes = (patterns.votes >= 0).sum(axis=1)
    return float(patterns.counts @ votes / max(patterns.counts @ (votes > 0), 1))


def _workers(patterns: VotePatterns) -> float:
    """Return the share of votes that come from LFs which vote for more than one label."""
    votes, counts = patterns.votes, patterns.counts
    lowest = np.where(votes >= 0, votes, patterns.cardinality).min(axis=0, initial=patterns.cardinality)
    several = votes.max(axis=0, initial=-1) > lowest
    cast = counts @ (votes >= 0)
    return float(cast @ several / max(cast.sum(), 1))


def _fits(patterns: VotePatterns) -> bool:
    cardinality = patterns.cardinality
    return bool(patterns.votes.shape[1] * cardinality * (cardinality + 1) <= LARGEST_TABLE)


MODEL = Auto
