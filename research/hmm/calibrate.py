"""How `trust` and `prior` of `hmm` were chosen: `python research/hmm/calibrate.py`, a minute, one core.

For each pair the mean over generated suites of log-loss, calibration error and F1 of the spans that `hmm` labels. Of
the pairs that lose no F1 (0.1 at most) one of the least log-loss was taken; no real data set has a part in it.
"""

from __future__ import annotations

import itertools

import numpy as np
from generate import GeneratedSuite, generate_suite

import wslabel as ws

SUITES = 120
TRUST = (0.25, 0.35, 0.5, 0.65, 1.0)
PRIOR = (-0.5, -0.25, 0.0)
MOST_VOTES = 5_000


def measure(suite: GeneratedSuite, trust: float, prior: float) -> tuple[float, float, float]:
    """Return log-loss, calibration error over ten bins, and F1 in per cent."""
    labels = ws.label_model("hmm", trust=trust, prior=prior).fit(suite.votes).predict(suite.votes)
    rows = zip(labels.record.tolist(), labels.start.tolist(), labels.end.tolist(), labels.label.tolist())
    right = np.array([row in suite.truth for row in rows])
    said = np.clip(labels.probability, 1e-4, 1 - 1e-4)
    loss = -np.log(np.where(right, said, 1 - said)).mean()
    tenth = np.minimum((said * 10).astype(int), 9)
    error = sum(abs((said - right)[tenth == at].sum()) for at in range(10)) / len(said)
    return float(loss), float(error), 200 * float(right.sum()) / (len(right) + len(suite.truth))


def main() -> None:
    """Print the table."""
    random = np.random.default_rng(5)
    drawn = (generate_suite(random) for _ in itertools.count())
    suites = list(itertools.islice((suite for suite in drawn if len(suite.votes) < MOST_VOTES), SUITES))
    for trust, prior in itertools.product(TRUST, PRIOR):
        loss, error, f1 = np.mean([measure(suite, trust, prior) for suite in suites], axis=0)
        print(f"trust {trust:.2f}  prior {prior:+.2f}  log-loss {loss:.3f}  calibration error {error:.3f}  F1 {f1:.2f}")


if __name__ == "__main__":
    main()
