"""The network that `wslabel.models.prior_fitted` runs, in torch, to be trained.

`wslabel.models._set_network` does the same sums in numpy; `train.py` compares the two before it writes weights.
"""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor, nn

from wslabel.models._network_inputs import (
    LF_FEATURES,
    RECORD_FEATURES,
    SCALE_FEATURES,
    STEP,
    SUPPORTS,
    VOTED,
    Inputs,
)
from wslabel.models._set_network import START

SCALE_HIDDEN = 8


class SetNetwork(nn.Module):
    """Messages between records and LFs, one stream a label; at the end a weight for each (LF, label)."""

    def __init__(self, channels: int = 16, hidden: int = 32, rounds: int = 4) -> None:
        super().__init__()
        self.rounds, c = rounds, channels
        self.record_in = _mlp(RECORD_FEATURES, hidden, c)
        self.lf_in = _mlp(LF_FEATURES, hidden, c)
        self.to_record = nn.ModuleList(_mlp(6 * c + RECORD_FEATURES + 2, hidden, c) for _ in range(rounds))
        self.to_lf = nn.ModuleList(_mlp(6 * c + SUPPORTS + LF_FEATURES, hidden, c) for _ in range(rounds))
        self.weights_out = _mlp(c + LF_FEATURES, hidden, 4)
        self.prior_out = _mlp(2 * c + 2, hidden, 1)
        self.scale_out = _mlp(SCALE_FEATURES, SCALE_HIDDEN, 1)

    def forward(self, x: Inputs) -> Tensor:
        """Return the logits of the records, n×K."""
        names = ("same", "other", "record", "lf", "scale", "weight")
        same, other, record, lf, scale, weight = (torch.from_numpy(getattr(x, name)).float() for name in names)
        share = (weight / weight.sum())[:, None]
        edges = _edges(x)
        root = torch.sqrt(1 + (same + other).sum(2).unsqueeze(-1))
        sums = same.transpose(1, 2) * weight, other.transpose(1, 2) * weight  # K×m×n
        counts = tuple(one.sum(2, keepdim=True).clamp(min=1e-6) for one in sums)
        trust = nn.functional.softplus(self.scale_out(scale) + 0.5).T  # 1×n
        r, e = self.record_in(record), self.lf_in(lf)
        for step in range(self.rounds):
            logit, ab = self._readout(r, e, lf, record, same, other, share)
            q = torch.softmax(logit * trust, dim=0).unsqueeze(-1)  # K×n×1
            pool, best, mean = (r * share).sum(1, keepdim=True), r.amax(0, keepdim=True), r.mean(0, keepdim=True)
            said, denied = same @ e / root, other @ e / root
            context = [one.expand_as(r) for one in (pool, best, mean)]
            known = torch.cat([r, said, denied, *context, record, q, (logit / 4).unsqueeze(-1)], dim=-1)
            r = r + self.to_record[step](known)
            support = _supports(q, ab, edges, weight, sums, counts, share)
            heard = [one @ r / count for one, count in zip(sums, counts)]
            context = [one.expand_as(e) for one in ((r * share).sum(1, keepdim=True), e.mean(1, keepdim=True))]
            labels = e.mean(0, keepdim=True).expand_as(e)
            e = e + self.to_lf[step](torch.cat([e, *heard, *context, labels, support, lf], dim=-1))
        logit, _ = self._readout(r, e, lf, record, same, other, share)
        return (logit * trust).T

    def _readout(
        self, r: Tensor, e: Tensor, lf: Tensor, record: Tensor, same: Tensor, other: Tensor, share: Tensor
    ) -> tuple[Tensor, Tensor]:
        out = self.weights_out(torch.cat([e, lf], dim=-1))
        stepped = lf[..., STEP] * (START + out[..., 3:])
        ab = torch.stack([START + out[..., 0], out[..., 1]], dim=-1) + stepped[..., :2]
        base = torch.log(len(r) * (torch.softmax(record[..., :1], dim=0) * share).sum(1))
        pool = torch.cat([(r * share).sum(1), e.mean(1), record[:, :1, 1], base], dim=-1)
        votes = out[..., 2] * lf[..., VOTED] + stepped[..., 2]
        prior = self.prior_out(pool) + votes.sum(1, keepdim=True)  # K×1
        return (same @ ab[..., :1] + other @ ab[..., 1:]).squeeze(-1) + prior, ab


def _edges(x: Inputs) -> tuple[Tensor, Tensor, Tensor]:
    rows, columns = np.nonzero(x.votes >= 0)
    label, row, column = (torch.from_numpy(a.astype(np.int64)) for a in (x.votes[rows, columns], rows, columns))
    return label, row, column


def _supports(
    q: Tensor,
    ab: Tensor,
    edges: tuple[Tensor, Tensor, Tensor],
    weight: Tensor,
    sums: tuple[Tensor, Tensor],
    counts: tuple[Tensor, ...],
    share: Tensor,
) -> Tensor:
    """Return K×m×7: mean belief in the label where the LF votes for it, the same without the LF, where it votes for
    another, and overall; and the log-odds of the first three against the last."""
    label, row, column = edges
    cardinality, m = q.shape[0], sums[0].shape[1]
    base = (q * share).sum(1, keepdim=True).expand(-1, m, 1)
    said, denied = sums[0] @ q / counts[0], sums[1] @ q / counts[1]
    others = (ab[..., 1].sum(0) - ab[..., 1]) / (cardinality - 1)
    own = (ab[..., 0] - others)[label, column]
    left = torch.sigmoid(_logit(q[label, row, 0]) - own) * weight[row]
    alone = torch.zeros(cardinality * m).index_add(0, label * m + column, left).view(cardinality, m, 1) / counts[0]
    odds = [(_logit(one) - _logit(base)) / 4 for one in (said, alone, denied)]
    return torch.cat([said, alone, denied, base, *odds], dim=-1)


def _logit(p: Tensor) -> Tensor:
    return torch.logit(p.clamp(1e-4, 1 - 1e-4))


def _mlp(inputs: int, hidden: int, outputs: int) -> nn.Sequential:
    last = nn.Linear(hidden, outputs)
    with torch.no_grad():
        last.weight *= 0.3
        last.bias.zero_()
    return nn.Sequential(nn.Linear(inputs, hidden), nn.ReLU(), last)
