"""A label model that was trained beforehand, on generated suites: it has seen what suites are like."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.votes import VotePatterns, Votes
from wslabel.models._network_inputs import inputs_of, scale_features
from wslabel.models._set_network import Readout, SetNetwork
from wslabel.models._sums import thinned
from wslabel.models.base import Estimate, LabelModel, Parameters, normalise_logs

Flags = NDArray[np.bool_]
WEIGHTS = "prior_fitted.npz"


@dataclass(frozen=True)
class PriorFitted(LabelModel):
    """A small network reads the votes and says what each LF's votes are worth.

    ``p(k | votes) ∝ exp(t · (c_k + Σ_{j: vote_j = k} a_jk + Σ_{j: vote_j is another} b_jk))``. The network gives the
    m×K weights a and b, the K constants c and, from the number and agreement of a record's votes, its trust t. It is
    permutation-equivariant: records and LFs send each other messages, once for each label with the same weights. It
    was trained with log-loss on generated vote matrices only (``research/prior_fitted``), so fitting is one pass, and
    the answer comes near the posterior mean under that prior. A log-linear posterior keeps each LF's contribution
    readable, and labels new records by a product of matrices.

    Gold rows and a class balance are inputs of the network.

    Source: this package; the idea of a label model trained on generated tasks is HyperLM's, R. Wu et al., "Learning
    Hyper Label Model for Programmatic Weak Supervision", ICLR 2023, doi:10.48550/arXiv.2207.13545.

    Attributes
    ----------
    most_patterns
        More distinct rows of votes than this are thinned out evenly for fitting (rows with gold stay); fewer where
        there are many LFs and labels.
    """

    name: ClassVar[str] = "prior_fitted"
    most_patterns: int = 8_000

    def estimate(self, patterns: VotePatterns, balance: Floats) -> Estimate:
        """Return ``own`` and ``other``, m×K; ``prior``, K; and ``lfs``, the number of LFs that vote."""
        active = np.asarray((patterns.votes >= 0).any(axis=0))
        m, cardinality = int(active.sum()), patterns.cardinality
        own, other = np.zeros((len(active), cardinality)), np.zeros((len(active), cardinality))
        if not m:
            return Estimate({"own": own, "other": other, "prior": np.log(balance), "lfs": np.zeros(1)})
        readout = self._read(patterns, active, balance)
        own[active], other[active] = readout.own.T, readout.other.T
        return Estimate({"own": own, "other": other, "prior": readout.prior, "lfs": np.array([float(m)])})

    def posterior(self, votes: Votes, parameters: Parameters, balance: Floats) -> Floats:
        """Return the posterior under the network's weights."""
        logits, counts = _logits(votes, parameters)
        trust = network().trust(scale_features(counts, int(parameters["lfs"][0])))
        return normalise_logs(logits * trust[:, None])

    def _read(self, patterns: VotePatterns, active: Flags, balance: Floats) -> Readout:
        rows, weight, gold = _with_gold(patterns)
        cells = int(active.sum()) * patterns.cardinality
        kept, weight = thinned(weight, gold >= 0, min(self.most_patterns, max(60_000_000 // cells, 200)))
        votes = patterns.votes[rows[kept]][:, active]
        return network().run(inputs_of(votes, weight, gold[kept], balance))


@cache
def network() -> SetNetwork:
    """Return the trained network."""
    with resources.files("wslabel.models").joinpath(WEIGHTS).open("rb") as file, np.load(file) as arrays:
        return SetNetwork({name: arrays[name].astype(np.float64) for name in arrays.files})


def _logits(votes: Votes, parameters: Parameters) -> tuple[Floats, Floats]:
    """Return n×K logits before trust, and n×K numbers of votes."""
    own, other = parameters["own"], parameters["other"]
    logits = (votes >= 0).astype(np.float64) @ other + parameters["prior"]
    counts = np.empty_like(logits)
    for k in range(logits.shape[1]):
        gain = np.stack([own[:, k] - other[:, k], np.ones(len(own))], axis=1)
        said = (votes == k).astype(np.float64) @ gain
        logits[:, k] += said[:, 0]
        counts[:, k] = said[:, 1]
    return logits, counts


def _with_gold(patterns: VotePatterns) -> tuple[Ints, Floats, Ints]:
    """Return rows for the network: patterns without gold, and one more for each gold label met on a pattern."""
    unknown = patterns.counts - patterns.gold.sum(axis=1)
    plain = np.flatnonzero(unknown > 0)
    pattern, label = np.nonzero(patterns.gold)
    rows = np.concatenate([plain, pattern])
    weight = np.concatenate([unknown[plain], patterns.gold[pattern, label]]).astype(np.float64)
    return rows, weight, np.concatenate([np.full(len(plain), -1), label])


MODEL = PriorFitted
