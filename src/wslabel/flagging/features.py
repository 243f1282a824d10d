"""Checks of the records themselves, by Cleanlab's Datalab: outliers, near-duplicates, rare labels, drift."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.labels import Labels, OutOfSample
from wslabel.errors import VotesError
from wslabel.flagging.findings import Finding

KINDS = ("outlier", "near_duplicate", "class_imbalance", "non_iid")


def feature_findings(
    labels: Labels, held: OutOfSample | None, features: Any, doubtful: NDArray[np.bool_]
) -> list[Finding]:
    """Return ``outlier``, ``near_duplicate``, ``class_imbalance`` and ``non_iid`` (neighbours in the corpus are alike).

    Parameters
    ----------
    features
        n×d numbers, finite: embeddings of the texts, for example. Neighbours are searched among them.

    Raises
    ------
    VotesError
        Features of another shape, or Datalab's library `datasets` is not installed.
    """
    array = np.asarray(features, dtype=np.float64)
    if array.ndim != 2 or len(array) != labels.n or not np.isfinite(array).all():
        raise VotesError(
            f"Features are n×d finite numbers, a row a record; there are {labels.n} records and the features have "
            f"shape {array.shape}."
        )
    found = _datalab(labels, array) if labels.n > 1 else {}
    likely = labels.probs if held is None else held.probs
    rows = {kind: np.flatnonzero(flagged & doubtful) for kind, flagged in found.items()}
    return [Finding(kind, some, likely[some].argmax(axis=1)) for kind, some in rows.items()]


def _datalab(labels: Labels, features: NDArray[np.float64]) -> dict[str, NDArray[np.bool_]]:
    try:
        from cleanlab import Datalab
    except ImportError:
        raise VotesError(
            "Checks of features need the library datasets. Install it: pip install 'wslabel[huggingface]'."
        ) from None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        lab = Datalab({"given": labels.hard().tolist()}, label_name="given", verbosity=0)
        lab.find_issues(features=features, issue_types={kind: {} for kind in KINDS})
    made = [kind for kind in KINDS if f"is_{kind}_issue" in lab.issues.columns]
    return {kind: lab.issues[f"is_{kind}_issue"].to_numpy(dtype=np.bool_) for kind in made}
