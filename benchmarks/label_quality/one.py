"""Run one method on one data set: `python one.py METHOD SET SEED OUT.npz`; `run.py` gives each a process."""

from __future__ import annotations

import sys

import numpy as np
from data import load
from methods import methods


def main(name: str, data_set: str, seed: str, out: str) -> None:
    answer = methods()[name].run(load(data_set), int(seed))
    cost = [answer.fit.seconds, answer.predict.seconds, max(answer.fit.megabytes, answer.predict.megabytes)]
    np.savez(out, probs=answer.probs.astype(np.float64), cost=np.array(cost))


if __name__ == "__main__":
    main(*sys.argv[1:])
