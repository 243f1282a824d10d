"""Which labeling functions repeat each other: pairs that agree more often than their labels explain."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from wslabel.analysis.plain import aligned, clipped, in_words, share
from wslabel.core.dependence import count_pairs, discounts
from wslabel.core.votes import VoteMatrix

if TYPE_CHECKING:
    import pandas as pd

LEAST = 0.3
"""Pairs of less redundancy than this are not shown."""
NAME = 36


@dataclass(frozen=True)
class LFPair:
    """An LF whose votes another one largely repeats.

    Attributes
    ----------
    lf, other
        Their names.
    agree, expected
        Numbers of records, of those looked at, on which both vote the same; and on which they would if they were
        independent given the true label.
    redundancy
        ``(agree - expected) / (votes of lf - expected)``, 0..1: 1 where `lf` never votes without `other`.
    weight
        What label models make of a vote of `lf`, 0..1, for all the LFs that it repeats.
    """

    lf: str
    other: str
    agree: float
    expected: float
    redundancy: float
    weight: float


@dataclass(frozen=True)
class Correlations:
    """The dependent pairs of LFs, the most redundant first."""

    pairs: tuple[LFPair, ...]

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a pair, with the fields of `LFPair` as columns."""
        import pandas as pd

        return pd.DataFrame([asdict(pair) for pair in self.pairs], columns=list(LFPair.__dataclass_fields__))

    def __str__(self) -> str:
        if not self.pairs:
            return "No labeling function repeats another."
        columns = [
            ["LF", *[clipped(in_words(pair.lf), NAME, keep="end") for pair in self.pairs]],
            ["repeats", *[clipped(in_words(pair.other), NAME, keep="end") for pair in self.pairs]],
            ["agree", *[f"{pair.agree:.0f}" for pair in self.pairs]],
            ["expected", *[f"{pair.expected:.1f}" for pair in self.pairs]],
            ["redundancy", *[share(pair.redundancy) for pair in self.pairs]],
            ["weight", *[share(pair.weight) for pair in self.pairs]],
        ]
        return "\n".join(aligned(columns, left={0, 1}))


def correlations(votes: VoteMatrix, least: float = LEAST) -> Correlations:
    """Find the LFs that depend on others beyond what the true labels explain.

    Label models discount those of a redundancy of 0.8 and more, as ``wslabel.core.dependence`` tells.

    Parameters
    ----------
    votes
        The votes of m LFs on n records; of many records a sample is looked at.
    least
        The smallest redundancy that is shown.

    Examples
    --------
    >>> rows = [[0, 0, -1], [1, 1, 1], [-1, -1, 0], [-1, -1, 1]] * 30
    >>> found = correlations(VoteMatrix.from_array(rows, ["ham", "spam"]))
    >>> [(pair.lf, pair.other, round(pair.redundancy, 2), pair.weight) for pair in found.pairs]
    [('lf_0', 'lf_1', 1.0, 0.5), ('lf_1', 'lf_0', 1.0, 0.5)]
    """
    patterns = votes.patterns()
    counted = count_pairs(patterns.votes, patterns.counts, np.full(votes.cardinality, 1 / votes.cardinality))
    found, weights, expected = counted.redundancy(), discounts(counted), counted.expected
    places = np.argwhere(found >= least)
    order = sorted(places.tolist(), key=lambda place: (-found[tuple(place)], place))
    return Correlations(
        tuple(
            LFPair(
                votes.lf_names[i],
                votes.lf_names[j],
                float(counted.agree[i, j]),
                float(expected[i, j]),
                float(found[i, j]),
                float(weights[i]),
            )
            for i, j in order
        )
    )
