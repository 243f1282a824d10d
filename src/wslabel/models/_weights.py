"""What a fitted label model makes of single votes, as a table for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import numpy as np

from wslabel.core.votes import ABSTAIN_INDEX, Votes, vote_type

if TYPE_CHECKING:
    import pandas as pd

    from wslabel.models.base import FittedLabelModel

_LEAST = 1e-12
"""The smallest probability whose logarithm is taken."""


def weights(fitted: FittedLabelModel) -> pd.DataFrame:
    """Return m·K rows, indexed by LF and the label that it votes: what a record gets on which it alone votes so.

    ``probability`` is that of the label, ``log_odds`` how much the vote adds to its log-odds under the class balance.
    It works for any model, also for one whose parameters are no weights of single LFs.
    """
    import pandas as pd

    rows: list[tuple[str, str, float, float]] = []
    m = len(fitted.lf_names)
    for k, label in enumerate(fitted.labels):
        votes = cast(Votes, np.full((m, m), ABSTAIN_INDEX, vote_type(len(fitted.labels))))
        np.fill_diagonal(votes, k)
        posterior = fitted.model.posterior(votes, fitted.estimate.parameters, fitted.class_balance)[:, k]
        both = np.clip([posterior, np.full(m, fitted.class_balance[k])], _LEAST, 1 - _LEAST)
        alone, prior = np.log(both) - np.log1p(-both)
        rows += zip(fitted.lf_names, [label] * m, posterior.tolist(), (alone - prior).tolist())
    place = {name: row for row, name in enumerate(fitted.lf_names)}
    rows.sort(key=lambda row: place[row[0]])
    return pd.DataFrame(rows, columns=["lf", "vote", "probability", "log_odds"]).set_index(["lf", "vote"])
