"""A hidden semi-Markov model of span votes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats
from wslabel.core.spans import SpanVotes
from wslabel.models._span_clusters import Clusters, fitting
from wslabel.models._span_copies import merged, originals
from wslabel.models.base import Estimate, Parameters
from wslabel.models.spans.base import SpanModel

USUAL = (0.65, 0.20, 0.01, 0.005, 0.08, 0.055)
"""What a vote mostly is: the true span; inside, around or across one of its label; on another label; on nothing."""
RIGHT = 4
"""The kinds of votes before this one tell the right label."""


@dataclass(frozen=True)
class Hmm(SpanModel):
    r"""A hidden semi-Markov model: a text is a sequence of spans and gaps, of which the votes are noisy sightings.

    A state is a whole span, so that no state is impossible, as an I behind an O would be. Each vote ``v`` of LF ``j``
    for label ``l`` is of one of six kinds beside the truth: the same span; inside, around, or across a span of the
    label; on a span of another label; on nothing. With ``π[j, l]`` the shares of these kinds,
    ``log p(spans | votes) = Σ_v weight_v · log π[j, l, kind of v] + prior · number of spans + const``, where a vote
    that touches several states counts for each by the share of it that lies there. Sums over all sequences are made
    forward and backward, in logarithms. Only stretches on which somebody votes are looked at: where all LFs are silent
    nothing is labeled, and a silent LF says nothing.

    ``π`` is `USUAL` at first, which amounts to majority vote in which the longer of two nested spans mostly wins: who
    sees a part of a span is more common than who sees too much. Few steps of expectation maximisation learn how often
    each LF gets the label right, from votes that another LF's touch, as the others would only confirm themselves; and
    which labels votes for another one are mostly on, from spans that at least two votes tell. Where a right vote stands
    beside the true span is not learned: LFs that cut spans short agree with each other. ``weight`` is ``k**-repeated``
    for a vote that k LFs cast alike, since LFs that agree often do so for one reason; and, for the same reason, for one
    of k votes of an LF in what another LF sees as one span. LFs that cast all the same votes are one LF.

    Sources: S. Sarawagi, W. Cohen, "Semi-Markov conditional random fields", NIPS 2004, for the sums; P. Lison,
    J. Barnes, A. Hubin, "skweak: Weak Supervision Made Easy for NLP", ACL 2021, doi:10.18653/v1/2021.acl-demo.40, for
    aggregating span votes by a hidden Markov model.

    Attributes
    ----------
    steps
        Rounds of expectation maximisation.
    strength
        How many votes the prior of ``π``, and that of confused labels, is worth.
    repeated
        0..1: how little further votes for just the same span and label count, and further pieces of one span.
    threshold
        Spans that are less probable than this are not labeled: of the spans that do not overlap those are chosen
        whose probabilities exceed it by most. A small threshold suits F1: leaving out a span pays only where its
        probability is under half of the F1 that is reached.
    prior
        The log-odds of a span beside a gap.
    trust
        0..1: how much of what the votes tell is believed where probabilities are told. LFs err together, so that at 1
        nearly all probabilities lie near 1. This and `prior` were chosen on generated suites (``research/hmm``).
    overlaps
        Whether spans of different labels may overlap: each label is then looked at by itself.
    """

    name: ClassVar[str] = "hmm"
    steps: int = 4
    strength: float = 200.0
    repeated: float = 0.3
    threshold: float = 0.3
    prior: float = -0.5
    trust: float = 0.5
    overlaps: bool = False

    def estimate(self, votes: SpanVotes) -> Estimate:
        """Return ``kinds``, m × names × 6 shares; ``confused``, names × K logarithms; ``original``, m places of LFs."""
        original = originals(votes)
        votes = merged(votes, original)
        clusters = Clusters.of(votes, self.overlaps)
        shape = (votes.m, len(votes.names), len(USUAL))
        table = np.broadcast_to(np.array(USUAL), shape).copy()
        confused = np.zeros((len(votes.names), len(votes.labels)))
        rows = clusters.shared
        for _ in range(self.steps):
            _, kinds, confusions = self._posterior(clusters, votes, np.log(table), confused)
            counts = np.zeros((votes.m * len(votes.names), len(USUAL)))
            np.add.at(counts, clusters.code[rows], kinds[rows])
            table = _shares(counts.reshape(shape), self.strength)
            confused = _confused(confusions, fitting(votes), self.strength)
        found = {"kinds": table[original], "confused": confused, "original": original.astype(np.float64)}
        return Estimate(found, False, self.steps)

    def columns(self, votes: SpanVotes, parameters: Parameters) -> Sequence[Any]:
        """Return the spans that are chosen."""
        from wslabel.models._span_machine import chosen

        votes = merged(votes, parameters["original"].astype(np.int64))
        clusters = Clusters.of(votes, self.overlaps)
        logs, confused = self.trust * np.log(parameters["kinds"]), self.trust * parameters["confused"]
        probability, _, _ = self._posterior(clusters, votes, logs, confused)
        kept = np.zeros(len(probability), np.bool_)
        gain = probability - self.threshold
        chosen(clusters.of_candidate, clusters.segments, clusters.start, clusters.end, gain, kept)
        names = np.array([*votes.labels, None], object)
        ids, label = votes.ids[clusters.record[kept]], names[clusters.label[kept]]
        return ids, clusters.begin[kept], clusters.finish[kept], label, probability[kept]

    def notes(self, estimate: Estimate, lf_names: Sequence[str]) -> dict[str, Any]:
        """Return how often each LF's votes are of the right label, as far as others tell, and who copies whom."""
        right = estimate.parameters["kinds"][..., :RIGHT].sum(axis=-1)
        judged = ~np.isclose(right, sum(USUAL[:RIGHT]), atol=1e-9)
        share = {lf: round(float(row[some].mean()), 3) for lf, row, some in zip(lf_names, right, judged) if some.any()}
        original = estimate.parameters["original"].astype(np.int64)
        copies = {lf: lf_names[of] for at, (lf, of) in enumerate(zip(lf_names, original)) if of != at}
        said = {"learned": _told(share, copies, estimate.steps, len(lf_names)), "right_label": share, "copies": copies}
        return {name: value for name, value in said.items() if value}

    def _posterior(
        self, clusters: Clusters, votes: SpanVotes, logs: Floats, confused: Floats
    ) -> tuple[Floats, Floats, Floats]:
        """Return the probability of each candidate, the expected kinds of each vote, and confusions of labels."""
        from wslabel.models._span_machine import KINDS, marginals

        weight = (clusters.alike * clusters.pieces) ** -self.repeated
        out, kinds = np.zeros(len(clusters.label)), np.zeros((len(clusters.code), KINDS))
        confusions = np.zeros_like(confused)
        marginals(
            clusters.of_vote,
            clusters.of_candidate,
            clusters.segments,
            clusters.code,
            clusters.vote_start,
            clusters.vote_end,
            weight,
            clusters.label,
            clusters.start,
            clusters.end,
            len(votes.names),
            fitting(votes),
            logs.reshape(-1, KINDS),
            confused,
            self.prior,
            out,
            kinds,
            confusions,
        )
        return out, kinds, confusions


def _told(share: dict[str, float], copies: dict[str, str], steps: int, lfs: int) -> str:
    """Return what was learned as a sentence."""
    same = "".join(f"; {lf} casts the same votes as {of}, and they count as one" for lf, of in copies.items())
    if not share:
        return f"nothing learned, as {'votes of different LFs do not touch' if steps else 'steps is 0'}{same}"
    low, high = min(share, key=share.__getitem__), max(share, key=share.__getitem__)
    return (
        f"learned in {steps} steps how often votes are of the right label, from where labeling functions meet"
        f" ({len(share)} of {lfs} do): from {share[low]:.0%} ({low}) to {share[high]:.0%} ({high}){same}"
    )


def _shares(counts: Floats, strength: float) -> Floats:
    """Return the shares of kinds, of which only that of votes for the right label is learned."""
    usual = np.array(USUAL)
    right, wrong = (
        counts[..., some].sum(axis=-1, keepdims=True) + strength * usual[some].sum()
        for some in (slice(RIGHT), slice(RIGHT, None))
    )
    whole = np.where(np.arange(len(usual)) < RIGHT, right / usual[:RIGHT].sum(), wrong / usual[RIGHT:].sum())
    return np.asarray(usual * whole / (right + wrong))


def _confused(counts: Floats, fits: NDArray[np.bool_], strength: float) -> Floats:
    """Return what is added for a vote on a span of another label: logarithms, 0 where all labels are equally likely."""
    others = (~fits).sum(axis=1, keepdims=True)
    usual = ~fits / np.maximum(others, 1)
    share = (counts + strength * usual) / (counts.sum(axis=1, keepdims=True) + strength)
    return np.asarray(np.where(fits, 0.0, np.log(np.where(fits, 1.0, share * others))))


MODEL = Hmm
