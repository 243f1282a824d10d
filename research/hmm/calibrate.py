"""How `trust` and `prior` of `hmm` were chosen: `python research/hmm/calibrate.py`, a minute, one core.

For each pair the mean over generated suites of log-loss, calibration error and F1 of the spans that `hmm` labels. Of
the pairs that lose no F1 (0.1 at most) one of the least log-loss was taken; no real data set has a part in it. Other
hyper-parameters are judged so by name: `python research/hmm/calibrate.py strength=20,50,200,400`.
"""

from __future__ import annotations

import itertools
import json
import sys

import numpy as np
from generate import GeneratedSuite, generate_suite

import wslabel as ws

SUITES = 120
GRID = {"trust": [0.25, 0.35, 0.5, 0.65, 1.0], "prior": [-0.5, -0.25, 0.0]}
MOST_VOTES = 5_000


def measure(suite: GeneratedSuite, parameters: dict[str, float]) -> tuple[float, float, float]:
    """Return log-loss, calibration error over ten bins, and F1 in per cent."""
    labels = ws.label_model("hmm", **parameters).fit(suite.votes).predict(suite.votes)
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
    grid = dict(one.split("=") for one in sys.argv[1:])
    values = {name: json.loads(f"[{some}]") for name, some in grid.items()} or GRID
    for some in itertools.product(*values.values()):
        parameters = dict(zip(values, some))
        loss, error, f1 = np.mean([measure(suite, parameters) for suite in suites], axis=0)
        told = "  ".join(f"{name} {value:g}" for name, value in parameters.items())
        print(f"{told}  log-loss {loss:.3f}  calibration error {error:.3f}  F1 {f1:.2f}", flush=True)


if __name__ == "__main__":
    main()
