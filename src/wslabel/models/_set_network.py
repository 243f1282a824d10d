"""The small network of `prior_fitted`, in numpy.

Records and LFs send each other messages, once for each label and with the same weights for every label; at the end each
(LF, label) has two weights: what it adds to the label's logit when the LF votes for it, and when it votes for another.
`research/prior_fitted/network.py` is the same network in torch, and is where it was trained.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from wslabel.models._network_inputs import STEP, VOTED, Array, Inputs

SMALLEST = 1e-6
"""The least number of records that is divided by."""
CLIP = 1e-4
START = 0.5
"""The parts that majority vote and a step of Dawid and Skene's model have in a weight before training."""


@dataclass(frozen=True)
class Readout:
    """What the network says of the LFs.

    Attributes
    ----------
    own, other
        K×m: what a vote for the label, and a vote for another one, adds to its logit.
    prior
        K: the label's logit before any vote.
    """

    own: Array
    other: Array
    prior: Array


@dataclass(frozen=True)
class SetNetwork:
    """The network: named weights, as torch calls them."""

    weights: Mapping[str, Array]

    @property
    def rounds(self) -> int:
        """How often messages are sent."""
        return 1 + max(int(name.split(".")[1]) for name in self.weights if name.startswith("to_lf."))

    def run(self, x: Inputs) -> Readout:
        """Return the weights of the LFs."""
        return _Pass(self, x).run()

    def trust(self, scale: Array) -> Array:
        """Return n factors of the logits, from n×6 features of the scale."""
        return np.asarray(np.logaddexp(0.0, self.mlp("scale_out", scale)[..., 0] + 0.5))

    def mlp(self, name: str, x: Array) -> Array:
        """Return what the two layers of that name make of the last axis."""
        w = self.weights
        hidden = np.maximum(x @ w[f"{name}.0.weight"].T + w[f"{name}.0.bias"], 0.0)
        return np.asarray(hidden @ w[f"{name}.2.weight"].T + w[f"{name}.2.bias"])


@dataclass(frozen=True)
class _Pass:
    """One run over one set of inputs."""

    network: SetNetwork
    x: Inputs

    def run(self) -> Readout:
        network, x = self.network, self.x
        trust = network.trust(x.scale)
        r, e = network.mlp("record_in", x.record), network.mlp("lf_in", x.lf)
        for step in range(network.rounds):
            readout = self._readout(r, e)
            logit = self._logits(readout)
            belief = _softmax(logit * trust)
            r = r + network.mlp(f"to_record.{step}", self._heard_by_records(r, e, belief, logit))
            e = e + network.mlp(f"to_lf.{step}", self._heard_by_lfs(r, e, self._support(belief, readout)))
        return self._readout(r, e)

    def _readout(self, r: Array, e: Array) -> Readout:
        x = self.x
        out = self.network.mlp("weights_out", np.concatenate([e, x.lf], axis=-1))
        step = x.lf[..., STEP] * (START + out[..., 3:])
        base = np.log(x.cardinality * self._mean(_softmax(x.record[..., :1])))
        pool = np.concatenate([self._mean(r), e.mean(axis=1), x.record[:, :1, 1], base], axis=-1)
        votes = out[..., 2] * x.lf[..., VOTED] + step[..., 2]
        prior = self.network.mlp("prior_out", pool)[:, 0] + votes.sum(axis=1)
        return Readout(START + out[..., 0] + step[..., 0], out[..., 1] + step[..., 1], prior)

    def _logits(self, readout: Readout) -> Array:
        own, other = readout.own[..., None], readout.other[..., None]
        both = zip(self._to_records(own), self._to_records(other, denied=True))
        return np.stack([said[:, 0] + denied[:, 0] for said, denied in both]) + readout.prior[:, None]

    def _heard_by_records(self, r: Array, e: Array, belief: Array, logit: Array) -> Array:
        root = np.sqrt(1 + self._voted.sum(axis=1))[None, :, None]
        said, denied = np.stack(self._to_records(e)) / root, np.stack(self._to_records(e, denied=True)) / root
        context = (self._mean(r)[:, None], r.max(axis=0, keepdims=True), r.mean(axis=0, keepdims=True))
        same_size = [np.broadcast_to(one, r.shape) for one in context]
        beliefs = belief[..., None], logit[..., None] / 4
        return np.concatenate([r, said, denied, *same_size, self.x.record, *beliefs], axis=-1)

    def _heard_by_lfs(self, r: Array, e: Array, support: Array) -> Array:
        said, denied = self._to_lfs(r)
        context = (self._mean(r)[:, None], e.mean(axis=1, keepdims=True), e.mean(axis=0, keepdims=True))
        same_size = [np.broadcast_to(one, e.shape) for one in context]
        return np.concatenate([e, said, denied, *same_size, support, self.x.lf], axis=-1)

    def _support(self, belief: Array, readout: Readout) -> Array:
        """Return K×m×7: belief in the label where the LF votes for it, the same without the LF, where it votes for
        another, and overall; and the log-odds of the first three against the last."""
        said, denied = (one[..., 0] for one in self._to_lfs(belief[..., None]))
        base = np.broadcast_to((belief * self._share).sum(axis=1, keepdims=True), said.shape)
        label, row, column = self._edges
        cardinality, m = said.shape
        elsewhere = (readout.other.sum(axis=0) - readout.other) / (cardinality - 1)
        own = (readout.own - elsewhere)[label, column]
        left = self.x.weight[row] / (1 + np.exp(own - _logit(belief[label, row])))
        alone = np.bincount(label * m + column, left, cardinality * m).reshape(cardinality, m) / self._counts[0]
        odds = [(_logit(one) - _logit(base)) / 4 for one in (said, alone, denied)]
        return np.stack([said, alone, denied, base, *odds], axis=-1)

    @cached_property
    def _share(self) -> Array:
        return np.asarray(self.x.weight / self.x.weight.sum())

    @cached_property
    def _voted(self) -> Array:
        return np.asarray(self.x.votes >= 0, dtype=np.float64)

    @cached_property
    def _edges(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        row, column = np.nonzero(self.x.votes >= 0)
        return self.x.votes[row, column].astype(np.int64), row, column

    @cached_property
    def _counts(self) -> tuple[Array, Array]:
        """K×m numbers of records on which the LF votes for the label, and for another."""
        m, weight = self.x.votes.shape[1], self.x.weight
        label, row, column = self._edges
        said = np.bincount(label * m + column, weight[row], self.x.cardinality * m).reshape(-1, m)
        return np.maximum(said, SMALLEST), np.maximum(weight @ self._voted - said, SMALLEST)

    def _mean(self, r: Array) -> Array:
        return np.asarray(np.einsum("kic,i->kc", r, self._share))

    def _to_records(self, e: Array, denied: bool = False) -> list[Array]:
        """Return for each label the n×c sums of what the LFs that vote for it (or for another) have to say."""
        return [self._chosen(k, denied) @ e[k] for k in range(self.x.cardinality)]

    def _to_lfs(self, r: Array) -> tuple[Array, Array]:
        """Return K×m×c means over the records on which the LF votes for the label, and for another."""
        weighted = r * self.x.weight[None, :, None]
        said = np.stack([self._chosen(k).T @ weighted[k] for k in range(len(r))])
        every = np.einsum("ij,kic->kjc", self._voted, weighted, optimize=True)
        counts = self._counts
        return said / counts[0][..., None], (every - said) / counts[1][..., None]

    def _chosen(self, label: int, denied: bool = False) -> Array:
        same = np.asarray(self.x.votes == label, dtype=np.float64)
        return self._voted - same if denied else same


def _softmax(logits: Array) -> Array:
    shifted = np.exp(logits - logits.max(axis=0))
    return np.asarray(shifted / shifted.sum(axis=0))


def _logit(p: Array) -> Array:
    clipped = np.clip(p, CLIP, 1 - CLIP)
    return np.asarray(np.log(clipped / (1 - clipped)))
