"""Snorkel's LabelModel, fitted by Snorkel."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import VotePatterns, Votes
from wslabel.errors import PluginError, VotesError
from wslabel.models._sums import score
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise_logs

SMALLEST = 1e-6
"""Chances are kept from 0 by so much, as Snorkel's own default does where there are many records."""


@dataclass(frozen=True)
class Snorkel(LabelModel):
    """Snorkel's ``LabelModel``, for comparison with results that were made with it. Needs the library `snorkel`.

    ``p(k | votes) ∝ balance_k · Π_{j votes} μ[j, vote_j, k]`` with μ (m×K×K) fitted by stochastic gradient descent so
    that the LFs' matrix of co-occurrences, completed by the unknown label, has the inverse that independent LFs have.
    Fitting needs each record, so patterns are spread out again; predicting needs μ only and no Snorkel.

    Source: A. Ratner, B. Hancock, J. Dunnmon, F. Sala, S. Pandey, C. Ré, "Training Complex Models with Multi-Task Weak
    Supervision", AAAI 2019, doi:10.1609/aaai.v33i01.33014763.

    Attributes
    ----------
    epochs, rate, l2
        Snorkel's ``n_epochs``, ``lr`` and ``l2``, with its defaults.
    """

    name: ClassVar[str] = "snorkel"
    needs: ClassVar[int] = 3
    most: ClassVar[int] = 100
    tolerance: ClassVar[float] = 2e-2
    epochs: int = 100
    rate: float = 0.01
    l2: float = 0.0

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``mu``, m×(K+1)×K; the row of abstaining holds ones.

        Raises
        ------
        PluginError
            Snorkel is not installed.
        VotesError
            Fewer than three LFs, or gradient descent diverges, as it does with thousands of LFs.
        """
        m, cardinality = patterns.votes.shape[1], patterns.cardinality
        if m < self.needs:
            raise VotesError(f"Snorkel's LabelModel needs {self.needs} LFs or more; there are {m}. Use 'majority'.")
        mu = np.ones((m, cardinality + 1, cardinality))
        covered = patterns.covered
        if covered.any():
            votes = np.repeat(patterns.votes[covered], patterns.counts[covered], axis=0).astype(np.int64)
            mu[:, 1:] = self._fitted(votes, balance).reshape(m, cardinality, cardinality)
        return Estimate({"mu": np.clip(mu, SMALLEST, 1.0)}, None, self.epochs)

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the posterior under the fitted μ."""
        return normalise_logs(score(votes, np.log(parameters["mu"]), np.log(balance)))

    def _fitted(self, votes: Any, balance: Floats) -> Floats:
        try:
            from snorkel.labeling.model import LabelModel as Theirs
        except ImportError as error:
            raise PluginError(
                "The label model 'snorkel' needs the library snorkel, which is not installed. "
                "Run: pip install snorkel, or use another label model."
            ) from error
        theirs = Theirs(cardinality=len(balance), verbose=False)
        options = {"n_epochs": self.epochs, "lr": self.rate, "l2": self.l2, "seed": self.seed}
        with _global_generators():
            try:
                theirs.fit(votes, class_balance=balance.tolist(), progress_bar=False, **options)
            except Exception as error:  # Snorkel raises no class of its own
                if "NaN" not in str(error):
                    raise
                raise VotesError(
                    f"Snorkel's LabelModel diverges on these {votes.shape[1]} LFs at the rate {self.rate}. "
                    "Give a smaller rate, or use another label model."
                ) from error
        return np.asarray(theirs.mu.detach().numpy(), dtype=np.float64)


@contextmanager
def _global_generators() -> Iterator[None]:
    """Put the global random generators, which Snorkel resets, back as they were."""
    import torch

    before = random.getstate(), np.random.get_state(), torch.get_rng_state()
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])
        torch.set_rng_state(before[2])


MODEL = Snorkel
