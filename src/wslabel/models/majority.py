"""Majority vote, smoothed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from wslabel.core.arrays import Floats
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._sums import smoothed_majority
from wslabel.models.base import Estimate, LabelModel, Parameters


@dataclass(frozen=True)
class Majority(LabelModel):
    """The share of votes for each label, with pseudo-votes spread over the labels as the class balance says.

    ``p(k | votes) = (count_k + s · balance_k) / (count + s)``: the posterior mean of a Dirichlet prior. Its accuracy
    is majority vote's; its probabilities are honest where few LFs vote.

    Attributes
    ----------
    pseudo_votes
        s > 0; the weight of the class balance in votes.
    """

    name: ClassVar[str] = "majority"
    pseudo_votes: float = 1.0

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return nothing: there is nothing to estimate."""
        return Estimate({})

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the smoothed shares."""
        return smoothed_majority(votes, balance, self.pseudo_votes)


MODEL = Majority
