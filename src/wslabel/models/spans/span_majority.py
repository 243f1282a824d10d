"""Majority vote on stretches of text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np

from wslabel.core.arrays import Floats, Ints
from wslabel.core.spans import SpanVotes
from wslabel.models._span_clusters import Clusters, fitting
from wslabel.models.base import Estimate, Parameters
from wslabel.models.spans.base import SpanModel


@dataclass(frozen=True)
class SpanMajority(SpanModel):
    """The label with most votes on each stretch between two ends of votes; silent LFs do not count.

    A span is a run of stretches of one label; it is cut where more than half of the votes for the label begin. Ties go
    to the label that stands first. A vote for a group of labels counts for each of them by its part. The probability
    of a span is the mean share of the votes on its stretches that are for its label.
    """

    name: ClassVar[str] = "span_majority"

    def estimate(self, votes: SpanVotes) -> Estimate:
        """Return nothing: there is nothing to learn."""
        return Estimate({})

    def columns(self, votes: SpanVotes, parameters: Parameters) -> Sequence[Any]:
        """Return the runs of stretches with one label."""
        clusters = Clusters.of(votes)
        first = np.cumsum(np.append(0, clusters.segments))
        cluster = np.repeat(np.arange(clusters.count), np.diff(clusters.of_vote))
        counts, begins = _counts(clusters, votes, first[cluster])
        best = counts.argmax(axis=1) if len(counts) else np.zeros(0, np.int64)
        there = np.arange(len(best))
        most, whole = counts[there, best], counts.sum(axis=1)
        fresh = (np.append(-1, best[:-1])[: len(best)] != best) | (begins[there, best] * 2 > most)
        fresh[first[:-1]] = True
        starts = np.flatnonzero(fresh)
        ends = np.append(starts[1:], len(best))[: len(starts)]
        share = np.add.reduceat(most / whole, starts) / (ends - starts) if len(starts) else np.zeros(0)
        owner = np.searchsorted(first, starts, side="right") - 1
        begin, finish = _edges(clusters, votes, first, cluster)
        names = np.array([*votes.labels, None], object)
        record = clusters.record[clusters.of_candidate[owner]]
        return votes.ids[record], begin[starts], finish[ends - 1], names[best[starts]], np.minimum(share, 1.0)


def _counts(clusters: Clusters, votes: SpanVotes, first: Ints) -> tuple[Floats, Floats]:
    """Return the votes for each label on each segment, and those of them that begin there."""
    length = clusters.vote_end - clusters.vote_start
    vote = np.repeat(np.arange(len(length)), length)
    inside = np.arange(len(vote)) - np.repeat(np.cumsum(length) - length, length)
    fits = fitting(votes).astype(np.float64)
    shares = (fits / fits.sum(axis=1, keepdims=True))[clusters.code % len(votes.names)]
    counts = np.zeros((int(clusters.segments.sum()), len(votes.labels)))
    begins = counts.copy()
    np.add.at(counts, first[vote] + clusters.vote_start[vote] + inside, shares[vote])
    np.add.at(begins, first + clusters.vote_start, shares)
    return counts, begins


def _edges(clusters: Clusters, votes: SpanVotes, first: Ints, cluster: Ints) -> tuple[Ints, Ints]:
    """Return for each segment where it begins and where it ends, in characters."""
    begin, finish = np.zeros(first[-1], np.int64), np.zeros(first[-1], np.int64)
    at = first[cluster]
    for edge, offset in ((clusters.vote_start, votes.start), (clusters.vote_end, votes.end)):
        inner = edge < clusters.segments[cluster]
        begin[(at + edge)[inner]] = offset[clusters.order[inner]]
        finish[(at + edge - 1)[edge > 0]] = offset[clusters.order[edge > 0]]
    return begin, finish


MODEL = SpanMajority
