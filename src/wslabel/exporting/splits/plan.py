"""How a corpus is to be split."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from wslabel.errors import ExportError, suggest

LABEL = "label"
NEVER_TEST = ("gold", "developed")
TEST, TRAIN = "test", "train"
ALWAYS_TRAIN = "always_train"
_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0, "w": 604800.0}
_GAP = re.compile(r"\s*(\d+(?:\.\d+)?)\s*([smhdw]?)\s*")


@dataclass(frozen=True)
class SplitPlan:
    """How a corpus is to be split; each field is checked when the plan is made.

    Parameters
    ----------
    ratios
        The share of each split by name; they sum to 1. ``train`` is the first split and ``test`` the last,
        whatever their order here. ``test`` is the one that `never_test` protects.
    folds
        A number of folds of equal size instead of `ratios`: the splits are ``fold_1`` to ``fold_k``, and
        records that may not be tested on are ``always_train``.
    stratify
        A column whose values have the same shares in every split; ``label`` is the label of each record.
    groups
        Columns (patient, customer, contract, machine); records that share a value of one stay together.
    time
        A column of dates, times or numbers: earlier records train, later ones test.
    gap
        What lies between two splits by time: ``"7d"``, ``"12h"`` (s, m, h, d, w) or a number of seconds, or
        of the column's own unit where it holds numbers. Records in it belong to no split.
    near_duplicates
        The least similarity of two texts, 0..1, that keeps them together; None: only equal texts stay
        together. Similarity is the share of word pairs that two texts have in common, of all that they have
        (Jaccard; Broder 1997, doi:10.1109/SEQUEN.1997.666900).
    never_test
        Which records may not be in ``test`` or a fold: ``gold`` (a gold label is known) and ``developed``
        (labeling functions were written with them at hand).
    seed
        Another seed is another split of the same kind.

    Raises
    ------
    ExportError
        Shares that do not sum to 1, an unknown word in `never_test`, a gap without a time, and the like.

    Examples
    --------
    >>> SplitPlan(folds=3).names
    ('fold_1', 'fold_2', 'fold_3')
    """

    ratios: Mapping[str, float] = field(default_factory=lambda: {"train": 0.8, "valid": 0.1, "test": 0.1})
    folds: int | None = None
    stratify: str | None = None
    groups: Sequence[str] = ()
    time: str | None = None
    gap: str | float = 0.0
    near_duplicates: float | None = 0.5
    never_test: Sequence[str] = NEVER_TEST
    seed: int = 0

    def __post_init__(self) -> None:
        if self.folds is None:
            _check_ratios(self.ratios)
        elif self.folds < 2:
            raise ExportError(f"folds is {self.folds}; expected at least 2.")
        if self.near_duplicates is not None and not 0 < self.near_duplicates <= 1:
            raise ExportError(
                f"near_duplicates is a similarity above 0 and up to 1, or none; it is {self.near_duplicates}."
            )
        for word in self.never_test:
            if word not in NEVER_TEST:
                raise ExportError(f"never_test names {word!r}. {suggest(word, NEVER_TEST)}")
        if self.time is not None and (self.folds is not None or self.stratify is not None):
            raise ExportError("A split by time has neither folds nor stratify: the dates decide. Leave one out.")
        if self.seconds and self.time is None:
            raise ExportError(f"gap is {self.gap!r}, and there is no time. Name the column of dates as time.")

    @property
    def names(self) -> tuple[str, ...]:
        """The splits in order: train first, test last, others between them by name."""
        return (
            tuple(sorted(self.ratios, key=split_order))
            if self.folds is None
            else tuple(f"fold_{k + 1}" for k in range(self.folds))
        )

    @property
    def shares(self) -> tuple[float, ...]:
        """The share of each split, in order."""
        return tuple(self.ratios[name] for name in self.names) if self.folds is None else (1 / self.folds,) * self.folds

    @property
    def seconds(self) -> float:
        """The gap as a number: of seconds, or of the unit of a column of numbers."""
        if not isinstance(self.gap, str):
            return float(self.gap)
        match = _GAP.fullmatch(self.gap)
        if match is None:
            raise ExportError(f"gap is {self.gap!r}; expected a number with s, m, h, d or w, for example '7d'.")
        return float(match[1]) * _UNITS[match[2]]

    @property
    def facts(self) -> dict[str, Any]:
        """The plan as JSON values, as a manifest or card shows it; what is not set is left out."""
        kind: dict[str, Any] = {"ratios": dict(self.ratios)} if self.folds is None else {"folds": self.folds}
        more = {"stratify": self.stratify, "groups": list(self.groups), "time": self.time, "gap": self.gap}
        always = {"near_duplicates": self.near_duplicates, "never_test": list(self.never_test), "seed": self.seed}
        return {**kind, **{key: value for key, value in more.items() if value}, **always}


def split_order(name: str) -> tuple[int, str]:
    """Return what splits are sorted by."""
    return ({TRAIN: 0, TEST: 2}.get(name, 1), name)


def _check_ratios(ratios: Mapping[str, float]) -> None:
    if len(ratios) < 2 or not all(re.fullmatch(r"[A-Za-z][A-Za-z0-9_-]*", name) for name in ratios):
        raise ExportError(f"The splits are {list(ratios)}; expected at least two names of letters, digits, _ and -.")
    if not all(0 < share < 1 for share in ratios.values()) or not math.isclose(sum(ratios.values()), 1, abs_tol=1e-6):
        raise ExportError(f"The ratios are {dict(ratios)}; expected shares above 0 that sum to 1.")
