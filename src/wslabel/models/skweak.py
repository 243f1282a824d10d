"""skweak's NaiveBayes, fitted by skweak."""

from __future__ import annotations

import contextlib
import io
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from wslabel.core.arrays import Floats
from wslabel.core.votes import VotePatterns, Votes
from wslabel.errors import PluginError
from wslabel.models._sums import own_label, score
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise_logs


@dataclass(frozen=True)
class Skweak(LabelModel):
    """skweak's ``NaiveBayes``, for comparison with results that were made with it. Needs the library `skweak`.

    ``p(k | votes) ∝ prior_k · Π_{j votes} θ[j, k, vote_j]`` for the labels that an LF votes, 0 for the others; θ and
    the prior by expectation maximisation from majority vote. Fitting needs each record, so patterns are spread out
    again; predicting needs θ and the prior only and no skweak. The class balance is where the prior begins.

    Source: P. Lison, J. Barnes, A. Hubin, "skweak: Weak Supervision Made Easy for NLP", ACL 2021 (demonstrations),
    doi:10.18653/v1/2021.acl-demo.40.

    Attributes
    ----------
    steps
        Rounds of expectation maximisation, skweak's ``n_iter``.
    """

    name: ClassVar[str] = "skweak"
    most: ClassVar[int] = 100
    steps: int = 4

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``log_theta``, m×(K+1)×K with a row of zeros for abstaining, and ``prior``, K.

        Raises
        ------
        PluginError
            skweak is not installed.
        """
        m, cardinality = patterns.votes.shape[1], patterns.cardinality
        log_theta, covered = np.zeros((m, cardinality + 1, cardinality)), patterns.covered
        if not covered.any():
            return Estimate({"log_theta": log_theta, "prior": balance})
        votes = np.repeat(patterns.votes[covered], patterns.counts[covered], axis=0)
        theirs = self._fitted(votes, balance)
        for j in range(m):
            theta, weight = theirs.emit_probs[_name(j)], theirs.weights[_name(j)]
            log_theta[j, 1:] = (np.log(theta) * weight).T
        return Estimate({"log_theta": log_theta, "prior": np.asarray(theirs.prior_probs)}, None, self.steps)

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the posterior over the labels that got a vote."""
        counts = score(votes, own_label(np.ones(votes.shape[1]), len(balance)))
        logs = score(votes, parameters["log_theta"], np.log(parameters["prior"]))
        return normalise_logs(np.where(counts > 0, logs, -np.inf))

    def _fitted(self, votes: Any, balance: Floats) -> Any:
        import pandas as pd

        try:
            from skweak.generative import NaiveBayes
        except ImportError as error:
            raise PluginError(
                "The label model 'skweak' needs the library skweak, which is not installed. "
                "Run: pip install skweak, or use another label model."
            ) from error
        labels = [str(k) for k in range(len(balance))]
        theirs = NaiveBayes("skweak", labels, prior_probs=dict(zip(labels, balance)))
        frame = pd.DataFrame(votes, columns=[_name(j) for j in range(votes.shape[1])])
        with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
            theirs._fit([frame], n_iter=self.steps)
        return theirs


def _name(j: int) -> str:
    """Return a name of which none is part of another, as skweak takes such LFs for copies."""
    return f"{j:06d}"


MODEL = Skweak
