"""What a method is: it labels the rows of a data set that are judged.

A method takes a data set and a seed and returns probabilities for the rows of `data.valid`. It may see votes (and
texts) of all rows and gold of none. It runs in a process of its own, so heavy imports stand inside the function.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from data import DataSet
from measuring import Meter


@dataclass(frozen=True)
class Answer:
    """Probabilities of the rows of `data.valid`, len(valid)×K, and what they cost."""

    probs: np.ndarray
    fit: Meter
    predict: Meter


@dataclass(frozen=True)
class Method:
    """A way to label.

    Attributes
    ----------
    run
        Answers for a data set and a seed.
    ours
        Whether the method is this package's.
    texts
        Whether it reads texts: then it is judged on whole records only, and only where there are texts.
    seeds
        How many seeds it is run with; 1 where it draws no random numbers.
    crowdkit
        Whether it needs the environment of crowd-kit.
    """

    run: Callable[[DataSet, int], Answer]
    ours: bool = False
    texts: bool = False
    seeds: int = 1
    crowdkit: bool = False
