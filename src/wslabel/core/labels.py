"""Probabilistic labels, and probabilities that a model gave to records it had not seen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids, Ints, frozen, frozen_bools, frozen_ids, frozen_probs
from wslabel.core.gold import align_gold
from wslabel.core.sensitive import follow
from wslabel.core.task import check_labels
from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd

Source = Literal["model", "human", "gold"]


@dataclass(frozen=True, init=False, eq=False)
class Labels:
    """Probabilistic labels of n records.

    Parameters
    ----------
    ids
        n distinct record ids.
    probs
        n×K probabilities: finite, rows sum to 1. The row of an uncovered record is the class balance
        until an end model knows better.
    labels
        K label names.
    covered
        n booleans: at least one LF voted on the record.
    source
        n words, who says so: ``model``, ``human`` (a reviewer) or ``gold``. All ``model`` by default.

    Raises
    ------
    VotesError
        Parts that do not fit together.
    """

    ids: Ids
    probs: Floats
    labels: tuple[str, ...]
    covered: NDArray[np.bool_]
    source: NDArray[np.object_]

    def __init__(
        self,
        ids: Sequence[Any] | Ids,
        probs: Any,
        labels: Sequence[str],
        covered: Any = None,
        source: Sequence[str] | NDArray[np.object_] | None = None,
    ) -> None:
        names, n = check_labels(list(labels), "Labels"), len(ids)
        sources = np.full(n, "model", dtype=object) if source is None else np.array(list(source), dtype=object)
        unknown = set() if source is None else set(sources.tolist()) - set(get_args(Source))
        if len(sources) != n or unknown:
            raise VotesError(f"{n} labels need {n} sources among {get_args(Source)}; got {len(sources)}, {unknown}.")
        object.__setattr__(self, "ids", frozen_ids(ids, "Labels"))
        object.__setattr__(self, "probs", frozen_probs(probs, (n, len(names)), "Labels"))
        object.__setattr__(self, "labels", names)
        object.__setattr__(self, "covered", frozen_bools(np.ones(n) if covered is None else covered, n, "covered"))
        object.__setattr__(self, "source", frozen(sources))

    @property
    def n(self) -> int:
        """The number of records."""
        return len(self.ids)

    @property
    def confidence(self) -> Floats:
        """n probabilities of the likeliest label."""
        return np.asarray(self.probs.max(axis=1)) if self.n else np.zeros(0)

    def hard_indices(self) -> Ints:
        """Return n class indices of the likeliest label; the first of equals."""
        return self.probs.argmax(axis=1) if self.n else np.zeros(0, np.int64)

    def hard(self) -> NDArray[np.object_]:
        """Return n names of the likeliest label, uncovered records included (see `covered`)."""
        return np.array(self.labels, dtype=object)[self.hard_indices()]

    def with_gold(self, gold: Any) -> Labels:
        """Return the labels with these gold labels in them: certain, of source ``gold``, and covered.

        Parameters
        ----------
        gold
            None; `Records` with a gold column, a mapping from record id to label name, or n label names with None
            where unknown.

        Raises
        ------
        VotesError
            A gold label outside the task, or a sequence of another length.
        """
        known = align_gold(gold, self.ids, self.labels)
        rows = np.flatnonzero(known >= 0)
        if not len(rows):
            return self
        probs, source = self.probs.copy(), self.source.copy()
        probs[rows] = np.eye(len(self.labels))[known[rows]]
        source[rows] = "gold"
        return follow(Labels(self.ids, probs, self.labels, self.covered | (known >= 0), source), self)

    def to_pandas(self) -> pd.DataFrame:
        """Return columns label, confidence, covered, source and one probability a label, indexed by id."""
        import pandas as pd

        frame = pd.DataFrame(
            {
                "label": self.hard(),
                "confidence": self.confidence,
                "covered": self.covered,
                "source": self.source,
            },
            index=pd.Index(self.ids, name="id", dtype=object),
        )
        for k, name in enumerate(self.labels):
            frame[f"p_{name}"] = self.probs[:, k]
        return frame

    def __repr__(self) -> str:
        return f"Labels({self.n} records, {len(self.labels)} labels, {int(self.covered.sum())} covered)"


@dataclass(frozen=True, init=False, eq=False)
class OutOfSample:
    """An end model's probabilities for n records, each from a fold that had not seen the record.

    Parameters
    ----------
    ids
        n distinct record ids.
    probs
        n×K probabilities: finite, rows sum to 1.
    folds
        n integers >= 0: the fold that held the record out.
    labels
        K label names.

    Raises
    ------
    VotesError
        Parts that do not fit together, or a record without a fold.
    """

    ids: Ids
    probs: Floats
    folds: Ints
    labels: tuple[str, ...]

    def __init__(self, ids: Sequence[Any] | Ids, probs: Any, folds: Any, labels: Sequence[str]) -> None:
        names, n = check_labels(list(labels), "Out-of-sample probabilities"), len(ids)
        fold = np.array(folds, dtype=np.int64)
        if fold.shape != (n,) or (fold < 0).any():
            raise VotesError(f"{n} records need {n} folds >= 0: the fold that held each record out.")
        object.__setattr__(self, "ids", frozen_ids(ids, "Out-of-sample probabilities"))
        object.__setattr__(self, "probs", frozen_probs(probs, (n, len(names)), "Out-of-sample probabilities"))
        object.__setattr__(self, "folds", frozen(fold))
        object.__setattr__(self, "labels", names)

    def to_pandas(self) -> pd.DataFrame:
        """Return columns fold and one probability a label, indexed by id."""
        import pandas as pd

        frame = pd.DataFrame({"fold": self.folds}, index=pd.Index(self.ids, name="id", dtype=object))
        for k, name in enumerate(self.labels):
            frame[f"p_{name}"] = self.probs[:, k]
        return frame

    def __repr__(self) -> str:
        return f"OutOfSample({len(self.ids)} records, {len(set(self.folds.tolist()))} folds)"
