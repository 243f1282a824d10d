"""What gold says beyond estimated probabilities: a regression about the answer that holds without gold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.learning.calibration import exponent_by_gold, tempered

SLOPE, OTHER_SLOPES, BIAS = 1.0, 0.3, 1.0
"""Prior standard deviations: of the first witness's exponent about 1, of the others' about 0, of a label's bias."""
SCALES = (1.0, 2.0, 4.0)
"""Factors of the features, which say how far gold may move the answer; gold that is held out chooses."""
CAUTION = 20
"""With so many gold records the correction counts half, beside the answer without gold."""
PARTS = 5
"""Into how many parts gold is divided that stands in one fold."""
STEPS = 100
"""The most iterations of the solver."""
SMALLEST = 1e-6
"""Probabilities below this count as this."""


@dataclass(frozen=True, eq=False)
class Correction:
    """``log p_k = Σ_b slope_b · log witness_bk + bias_k + x · w_k``, normalised.

    Attributes
    ----------
    slopes
        b exponents, one a witness.
    bias
        K numbers.
    weights
        d×K.
    """

    slopes: Floats
    bias: Floats
    weights: Floats

    def predict(self, witnesses: Sequence[Floats], features: Any) -> Floats:
        """Return n×K probabilities of n records: b witnesses n×K as `log_odds` gives them, n×d features."""
        return _normalised(_scores(self.slopes, self.bias, self.weights, witnesses, features))


def log_odds(probs: Floats) -> Floats:
    """Return n×K log-probabilities, each against the mean of its record."""
    logs = np.log(np.maximum(probs, SMALLEST))
    return np.asarray(logs - logs.mean(axis=1, keepdims=True))


def fit_correction(witnesses: Sequence[Floats], features: Any, gold: Ints) -> Correction:
    """Return the likeliest correction a posteriori, by L-BFGS.

    The prior is that nothing is to be corrected: the first witness's exponent is normal about 1, the others' about 0,
    as are the biases, and the weights with standard deviation 1, so that the scale of the features says how far gold
    may move the answer. This is a Gaussian process with a linear kernel whose mean is the answer without gold.

    Source: C. Rasmussen and C. Williams, "Gaussian Processes for Machine Learning", 2006, sections 2.7 and 3.5.

    Parameters
    ----------
    witnesses
        b arrays g×K, of predictions that have not seen the gold of the record.
    features
        g×d, dense or a sparse matrix of scipy.
    gold
        g label indices.
    """
    from scipy.optimize import minimize

    loss = _Loss(witnesses, features, np.eye(witnesses[0].shape[1])[gold])
    start = np.zeros(len(witnesses) + (1 + features.shape[1]) * loss.truth.shape[1])
    start[0] = 1.0
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": STEPS}).x
    return Correction(*loss.parts(found))


def corrected(witnesses: Sequence[Floats], features: Any, gold: Ints, folds: Ints) -> Floats:
    """Correct predictions by gold as far as that foretells gold that was held out.

    The first witness as it is, and its corrections without features and with features times each of `SCALES`, are
    averaged with weights ``exp(-loss)``: the log-loss of gold held out fold by fold, so that little gold decides
    little (pseudo-Bayesian model averaging: Y. Yao et al., "Using Stacking to Average Bayesian Predictive
    Distributions", Bayesian Analysis 13 (2018), doi:10.1214/17-BA1091). The average then counts g/(g + 20) beside the
    first witness, in the logarithm, g being the number of gold records. Last, one exponent makes held-out gold
    likeliest.

    Parameters
    ----------
    witnesses
        b probabilities n×K that have not seen the gold of their record.
    features
        n×d, dense or a sparse matrix of scipy.
    gold
        n label indices, -1 where unknown.
    folds
        n folds. A gold record is answered by a correction that knows the gold of other folds only; the other
        records by one that knows all.

    Returns
    -------
    n×K probabilities
    """
    known = np.flatnonzero(gold >= 0)
    logs, some = [log_odds(probs) for probs in witnesses], np.flatnonzero(_used(features[known]))
    features, truth, fold = features[:, some], gold[known], folds[known]
    if len(np.unique(fold)) == 1:
        fold = np.arange(len(known)) % PARTS
    exponent = exponent_by_gold(witnesses[0][known], truth, 1.0)
    answers = [tempered(witnesses[0], exponent)]
    for scale in (0.0, *SCALES):
        scaled = features * scale
        answer = fit_correction([one[known] for one in logs], scaled[known], truth).predict(logs, scaled)
        answer[known] = _held_out([one[known] for one in logs], scaled[known], truth, fold)
        answers.append(answer)
    losses = np.array([_loss(answer[known], truth) for answer in answers])
    weights = np.exp(losses.min() - losses)
    mean = np.einsum("s,snk->nk", weights / weights.sum(), np.stack(answers))
    answer = _drawn(mean, witnesses[0], len(known) / (len(known) + CAUTION))
    return tempered(answer, exponent_by_gold(answer[known], truth, 1.0))


def _drawn(probs: Floats, to: Floats, share: float) -> Floats:
    """Return the geometric mean of two answers, of which the first counts this share."""
    return _normalised(share * np.log(np.maximum(probs, SMALLEST)) + (1 - share) * np.log(np.maximum(to, SMALLEST)))


def _held_out(witnesses: Sequence[Floats], features: Any, gold: Ints, folds: Ints) -> Floats:
    """Return g×K: what each gold record gets from the gold of the other folds."""
    probs = np.empty_like(witnesses[0])
    for fold in np.unique(folds):
        out = np.flatnonzero(folds == fold)
        rest = np.flatnonzero(folds != fold)
        fitted = fit_correction([one[rest] for one in witnesses], features[rest], gold[rest])
        probs[out] = fitted.predict([one[out] for one in witnesses], features[out])
    return probs


def _used(features: Any) -> NDArray[np.bool_]:
    """Return d booleans: the columns that are not 0 throughout. The weight of any other stays 0."""
    return np.asarray(abs(features).sum(axis=0)).ravel() > 0


def _loss(probs: Floats, gold: Ints) -> float:
    return float(-np.log(np.maximum(probs[np.arange(len(gold)), gold], SMALLEST)).sum())


def _scores(slopes: Floats, bias: Floats, weights: Floats, witnesses: Sequence[Floats], features: Any) -> Floats:
    scores = np.asarray(features @ weights) + bias
    for slope, logs in zip(slopes, witnesses):
        scores += slope * logs
    return scores


def _normalised(scores: Floats) -> Floats:
    shares = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=1, keepdims=True))


@dataclass(frozen=True, eq=False)
class _Loss:
    """Minus the log of the posterior, up to a constant, and its gradient."""

    witnesses: Sequence[Floats]
    features: Any
    truth: Floats

    def parts(self, flat: Floats) -> tuple[Floats, Floats, Floats]:
        b, cardinality = len(self.witnesses), self.truth.shape[1]
        return flat[:b], flat[b : b + cardinality], flat[b + cardinality :].reshape(-1, cardinality)

    def __call__(self, flat: Floats) -> tuple[float, Floats]:
        slopes, bias, weights = self.parts(flat)
        shares = _normalised(_scores(slopes, bias, weights, self.witnesses, self.features))
        residual = shares - self.truth
        off = slopes - np.eye(len(slopes))[0]
        pull = off / np.where(np.arange(len(slopes)) == 0, SLOPE, OTHER_SLOPES) ** 2
        loss = -(self.truth * np.log(np.maximum(shares, 1e-300))).sum()
        loss += ((off * pull).sum() + (bias**2).sum() / BIAS**2 + (weights**2).sum()) / 2
        gradient = [
            np.array([(residual * logs).sum() for logs in self.witnesses]) + pull,
            residual.sum(axis=0) + bias / BIAS**2,
            (self.features.T @ residual + weights).ravel(),
        ]
        return float(loss), np.concatenate(gradient)
