"""An interval for a share of spans, from records drawn by chance: a record's spans stand and fall together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.review.estimate_intervals import Interval, joined

LEAST_FREE = 10
"""Degrees of freedom from which on what is known of all records is used."""
USUAL_SPREAD, ITS_WEIGHT = 3.0, 3.0
"""How many times as far as independent spans the spans of a record spread an estimate, as long as few errors were seen,
and the errors that this is worth."""
MOST_LEVERAGE = 0.9


@dataclass(frozen=True, eq=False)
class Drawn:
    """Records drawn by chance from a population, stratum by stratum.

    Attributes
    ----------
    stratum
        p strata of the population, neighbours alike.
    known
        q×p numbers that are known of all records, and go with errors: the better they do, the narrower the interval.
    rows
        The s rows that were drawn.
    """

    stratum: Ints
    known: Floats
    rows: Ints


@dataclass(frozen=True)
class Share:
    """A share of slots that are wrong: estimate, interval, and how many slots the population has."""

    value: float
    low: float
    high: float
    slots: float

    def interval(self) -> Interval:
        """Return the share that is right."""
        return Interval(1 - self.value, 1 - self.high, 1 - self.low)


def error_share(drawn: Drawn, errors: Floats, slots: Floats) -> Share:
    """Estimate which share of a population's slots is wrong.

    A slot is what may be right or wrong: a span of the model (precision), a true span (recall), or either (F1). The
    share is the ratio of two totals, each by generalised regression on what is known of all records. Its variance is
    that of the linearised ratio between records, with regression weights and residuals as if each record had been left
    out (HC3), for samples are small. The interval is Wilson's, with as many slots as independent ones would be worth
    (E. Korn and B. Graubard, "Confidence Intervals for Proportions with Small Expected Number of Positive Counts
    Estimated from Survey Data", Survey Methodology 24 (1998)), and Student's quantile. How much less the spans of a
    record are worth is uncertain while few errors were seen, and so drawn towards a usual third.

    Sources: C.-E. Särndal, B. Swensson and J. Wretman, "Model Assisted Survey Sampling", 1992, doi:10.1007/
    978-1-4612-4378-6 (regression and ratios, chapters 5 to 7); J. MacKinnon and H. White, "Some heteroskedasticity-
    consistent covariance matrix estimators", 1985, doi:10.1016/0304-4076(85)90158-7; E. B. Wilson, 1927.

    Parameters
    ----------
    drawn
        What was drawn of what.
    errors, slots
        Of each of the s records drawn, how many of how many slots are wrong.
    """
    seen = float(slots.sum())
    if not seen:
        return Share(0.5, 0.0, 1.0, 0.0) if len(drawn.stratum) else Share(0.0, 0.0, 0.0, 0.0)
    sample = _Sample(drawn)
    totals = [max(sample.total(one), 0.0) for one in (errors, slots)]
    whole = max(totals[1], 1e-9)
    share = min(totals[0] / whole, 1.0)
    variance = sample.variance(errors - share * slots) / whole**2
    low, high = _wilson(share, seen / _spread(share, variance, float(errors.sum()), seen), sample.quantile)
    exact = not sample.open
    return Share(share, share if exact else min(low, share), share if exact else max(high, share), whole)


def _spread(share: float, variance: float, errors: float, seen: float) -> float:
    """Return how many times the variance is that of as many independent slots, smoothed."""
    alone = share * (1 - share) / seen
    found = variance / alone if alone > 0 else USUAL_SPREAD
    return max((found * errors + USUAL_SPREAD * ITS_WEIGHT) / (errors + ITS_WEIGHT), 1e-9)


class _Sample:
    """Weights of the records drawn, and what is known of all."""

    def __init__(self, drawn: Drawn) -> None:
        stratum = joined(drawn.stratum, drawn.rows)
        self.stratum, self.open = stratum[drawn.rows], len(drawn.rows) < len(stratum)
        self.sizes = np.bincount(stratum).astype(np.float64)
        self.count = np.bincount(self.stratum, minlength=len(self.sizes)).astype(np.float64)
        self.weight = (self.sizes / self.count)[self.stratum]
        known = drawn.known[:, drawn.rows]
        free = len(drawn.rows) - len(self.sizes) - len(known)
        self.known = np.array([self._centred(one) for one in known if free >= LEAST_FREE])
        self.known = self.known.reshape(-1, len(drawn.rows))
        missing = (drawn.known.sum(axis=1) - known @ self.weight)[: len(self.known)]
        left = 1 - self.count / self.sizes
        pull = (self.sizes**2 * left / self.count / np.maximum(self.count - 1, 1))[self.stratum]
        moments = (self.known * pull) @ self.known.T
        inverse = np.linalg.pinv(moments, rcond=1e-9, hermitian=True)
        self.slope = (self.known * pull).T @ inverse  # of the regression, from values to coefficients
        self.moved = self.slope @ missing  # what regression adds to the weights
        self.leverage = 1 / self.count[self.stratum] + np.einsum("as,sa->s", self.known, self.slope)
        self.within = (self.sizes**2 * left / self.count**2)[self.stratum]
        self.free = max(free if len(self.known) else len(drawn.rows) - len(self.sizes), 1)

    def total(self, values: Floats) -> float:
        """Return the population's total, by generalised regression."""
        return float(((self.weight + self.moved) * values).sum())

    def variance(self, values: Floats) -> float:
        """Return the variance of a total."""
        rest = self._centred(values) - (values @ self.slope) @ self.known
        scaled = rest * (1 + self.moved / self.weight) / (1 - np.minimum(self.leverage, MOST_LEVERAGE))
        return float((self.within * scaled**2).sum())

    @property
    def quantile(self) -> float:
        """The 97.5 % quantile of Student's distribution."""
        from scipy.special import stdtrit

        return float(stdtrit(self.free, 0.975))

    def _centred(self, values: Floats) -> Floats:
        means = np.bincount(self.stratum, values, minlength=len(self.count)) / self.count
        return np.asarray(values - means[self.stratum])


def _wilson(share: float, count: float, z: float) -> tuple[float, float]:
    middle = (share + z * z / 2 / count) / (1 + z * z / count)
    width = z / (1 + z * z / count) * float(np.sqrt(share * (1 - share) / count + z * z / 4 / count**2))
    return max(middle - width, 0.0), min(middle + width, 1.0)
