"""How good probabilistic labels are: accuracy, macro F1, log-loss, Brier, calibration, risk and coverage.

Where several labels are the likeliest, each counts with an equal share, as if the tie were broken at random: no method
gains or loses by the order of the labels. n records, K labels.
"""

from __future__ import annotations

import numpy as np

NAMES = ("accuracy", "macro_f1", "log_loss", "brier", "ece", "aurc")
BINS = 10
SMALLEST = 1e-10
"""Probabilities are clipped here in the log-loss, so that one certain error costs 23."""
RESAMPLES = 200
TIE = 1e-9


def measure(probs: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    """Return all metrics of n×K probabilities against n label indices."""
    share = shares(probs)
    right = share[np.arange(len(gold)), gold]
    return _measure(probs, share, right, gold)


def intervals(probs: np.ndarray, gold: np.ndarray, seed: int = 0) -> dict[str, tuple[float, float]]:
    """Return for each metric the 2.5 % and 97.5 % points over resamples of the records."""
    found = resampled(probs, gold, seed)
    return {name: (float(np.quantile(found[name], 0.025)), float(np.quantile(found[name], 0.975))) for name in NAMES}


def resampled(probs: np.ndarray, gold: np.ndarray, seed: int = 0) -> dict[str, np.ndarray]:
    """Return for each metric its values over resamples of the records; the same seed draws the same records."""
    random, share = np.random.default_rng(seed), shares(probs)
    right = share[np.arange(len(gold)), gold]
    found = []
    for _ in range(RESAMPLES):
        rows = random.integers(len(gold), size=len(gold))
        found.append(_measure(probs[rows], share[rows], right[rows], gold[rows]))
    return {name: np.array([one[name] for one in found]) for name in NAMES}


def shares(probs: np.ndarray) -> np.ndarray:
    """Return n×K: 1 for the likeliest label, or an equal part for each of several."""
    top = probs >= probs.max(axis=1, keepdims=True) - TIE
    return np.asarray(top / top.sum(axis=1, keepdims=True))


def _measure(probs: np.ndarray, share: np.ndarray, right: np.ndarray, gold: np.ndarray) -> dict[str, float]:
    confidence = probs.max(axis=1)
    true = probs[np.arange(len(gold)), gold]
    return {
        "accuracy": float(right.mean()),
        "macro_f1": macro_f1(share, gold),
        "log_loss": float(-np.log(np.clip(true, SMALLEST, 1)).mean()),
        "brier": float(((probs**2).sum(axis=1) - 2 * true + 1).mean()),
        "ece": expected_calibration_error(confidence, right),
        "aurc": risk_coverage_area(confidence, right),
    }


def macro_f1(share: np.ndarray, gold: np.ndarray) -> float:
    """Return the mean F1 over the labels that occur in gold or among the given labels, as in scikit-learn."""
    cardinality = share.shape[1]
    met = np.bincount(gold, share[np.arange(len(gold)), gold], cardinality)
    sizes = np.bincount(gold, minlength=cardinality) + share.sum(axis=0)
    return float((2 * met[sizes > 0] / sizes[sizes > 0]).mean())


def expected_calibration_error(confidence: np.ndarray, right: np.ndarray) -> float:
    """Return the mean gap between confidence and accuracy over ten bins of equal width, weighted by their records."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, confidence - right, BINS)
    return float(np.abs(gaps).sum() / len(right))


def risk_coverage_area(confidence: np.ndarray, right: np.ndarray) -> float:
    """Return the mean error rate of the i most confident records, i = 1..n; equal confidences share their errors."""
    order = np.argsort(-confidence, kind="stable")
    _, group, sizes = np.unique(-confidence[order], return_inverse=True, return_counts=True)
    errors = (np.bincount(group, 1 - right[order]) / sizes)[group]
    return float((errors.cumsum() / np.arange(1, len(right) + 1)).mean())
