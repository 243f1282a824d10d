"""Multinomial logistic regression on probabilistic labels."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats

CORRECTIONS = 10
"""Pairs that L-BFGS keeps."""


@dataclass(frozen=True, eq=False)
class Logistic:
    """A fitted regression: ``p(k | x) ∝ exp(x · w_k + b_k)``.

    Attributes
    ----------
    weights
        d×K.
    intercept
        K numbers.
    """

    weights: Floats
    intercept: Floats

    def predict(self, features: Any) -> Floats:
        """Return n×K probabilities of n×d features, dense or a sparse matrix of scipy."""
        scores = features @ self.weights + self.intercept
        scores -= scores.max(axis=1, keepdims=True)
        np.exp(scores, out=scores)
        return np.asarray(scores / scores.sum(axis=1, keepdims=True))


def fit_logistic(features: Any, probs: Floats, c: float, steps: int) -> Logistic:
    """Minimise ``-Σ_i Σ_k p_ik log q_ik + Σ w² / (2c)`` by L-BFGS.

    scikit-learn's takes one class a row; given each row K times, weighted, it finds the same minimum K times as slowly.

    Parameters
    ----------
    features
        n×d, dense or a sparse matrix of scipy.
    probs
        n×K probabilities; rows sum to 1.
    c
        Inverse strength of the L2 penalty on the weights, > 0; the intercept goes free.
    steps
        The most iterations. Stopping early acts as a further penalty.
    """
    from scipy.optimize import minimize

    transposed = features.T.tocsr() if hasattr(features, "tocsr") else features.T
    loss = _Loss(features, transposed, probs, c)
    start = np.zeros((features.shape[1] + 1) * probs.shape[1])
    start[-probs.shape[1] :] = np.log(probs.mean(axis=0) + 1e-6)
    options = {"maxiter": steps, "maxcor": CORRECTIONS}
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options=options).x.reshape(-1, probs.shape[1])
    return Logistic(found[:-1], found[-1])


@dataclass(frozen=True, eq=False)
class _Loss:
    features: Any
    transposed: Any
    probs: Floats
    c: float

    def __call__(self, flat: Floats) -> tuple[float, Floats]:
        """Return the loss and its gradient."""
        both = flat.reshape(-1, self.probs.shape[1])
        weights, intercept = both[:-1], both[-1]
        scores = np.asarray(self.features @ weights) + intercept
        scores -= scores.max(axis=1, keepdims=True)
        shares = np.exp(scores)
        totals = shares.sum(axis=1, keepdims=True)
        loss = float((self.probs * (np.log(totals) - scores)).sum() + (weights**2).sum() / (2 * self.c))
        residual = shares / totals - self.probs
        gradient = np.asarray(self.transposed @ residual) + weights / self.c
        return loss, np.concatenate([gradient.ravel(), residual.sum(axis=0)])
