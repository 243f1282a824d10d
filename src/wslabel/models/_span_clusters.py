"""Span votes cut into clusters: votes that touch each other, so that what is true of one tells of the others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ints
from wslabel.core.spans import SpanVotes


@dataclass(frozen=True, eq=False)
class Clusters:
    """The votes of a corpus by cluster. Where no LF votes nothing is labeled, so clusters are independent.

    A cluster is cut into segments at all starts and ends of its votes; its candidates are the spans that it may hold.
    Both kinds of offsets below are numbers of segments of their cluster.

    Attributes
    ----------
    of_vote, of_candidate
        Where the votes, and the candidates, of each cluster begin; one number more than there are clusters.
    segments
        The number of segments of each cluster.
    order
        The place of each vote in the `SpanVotes`.
    code, vote_start, vote_end
        For each vote ``lf · len(names) + label``, and its segments.
    label, start, end
        For each candidate its label and its segments; sorted by end within a cluster.
    record, begin, finish
        For each candidate the row of its record, and its offsets in characters.
    shared
        For each vote, whether a vote of another LF touches it.
    alike
        For each vote, how many votes there are for just the same, itself included.
    pieces
        For each vote, into how many votes its LF cut what another one sees as one span, itself included.
    """

    of_vote: Ints
    of_candidate: Ints
    segments: Ints
    order: Ints
    code: Ints
    vote_start: Ints
    vote_end: Ints
    label: Ints
    start: Ints
    end: Ints
    record: Ints
    begin: Ints
    finish: Ints
    shared: NDArray[np.bool_]
    alike: Floats
    pieces: Floats

    @property
    def count(self) -> int:
        """The number of clusters."""
        return len(self.segments)

    @classmethod
    def of(cls, votes: SpanVotes, apart: bool = False) -> Clusters:
        """Cut votes into clusters.

        Parameters
        ----------
        votes
            The votes.
        apart
            Keep labels apart, so that spans of different labels may overlap; a vote for a group then counts for each
            of its labels.
        """
        source, label = _expanded(votes)
        stretch = votes.record[source] * (len(votes.labels) if apart else 1) + (label if apart else 0)
        if not apart:  # a vote for a group stands in its cluster once, and is a candidate for each of its labels
            stretch = votes.record[source]
        room = int(votes.lengths.max(initial=0)) + 2
        begin = stretch * room + votes.start[source]
        finish = stretch * room + votes.end[source]
        by_place = np.argsort(begin, kind="stable")
        reach = np.maximum.accumulate(finish[by_place]) if len(by_place) else finish
        fresh = np.append(True, begin[by_place][1:] >= reach[:-1])[: len(by_place)]
        cluster = np.empty(len(by_place), np.int64)
        cluster[by_place] = np.cumsum(fresh) - 1
        return _made(votes, source, label, cluster, begin, finish, apart)


def fitting(votes: SpanVotes) -> NDArray[np.bool_]:
    """Return names × K: whether what is voted may be the label."""
    members = [(one,) for one in votes.labels] + list(votes.groups.values())
    return np.array([[label in some for label in votes.labels] for some in members], np.bool_)


def _expanded(votes: SpanVotes) -> tuple[Ints, Ints]:
    """Return for each vote and label that it may mean the place of the vote, and the label."""
    if not votes.groups:
        return np.arange(len(votes)), np.asarray(votes.label)
    members = [np.flatnonzero(row) for row in fitting(votes)]
    sizes = np.array([len(one) for one in members])[votes.label]
    flat = np.concatenate(members)
    starts = np.cumsum([0, *map(len, members)])[votes.label]
    source = np.repeat(np.arange(len(votes)), sizes)
    inside = np.arange(len(source)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    return source, flat[starts[source] + inside]


def _made(
    votes: SpanVotes, source: Ints, label: Ints, cluster: Ints, begin: Ints, finish: Ints, apart: bool
) -> Clusters:
    count = int(cluster.max(initial=-1)) + 1
    edges = np.unique(np.concatenate([begin, finish]))
    origin = np.full(count, np.iinfo(np.int64).max)
    last = np.zeros(count, np.int64)
    first, second = np.searchsorted(edges, begin), np.searchsorted(edges, finish)
    np.minimum.at(origin, cluster, first)
    np.maximum.at(last, cluster, second)
    start, end = first - origin[cluster], second - origin[cluster]
    kept = np.lexsort((label, start, end, cluster))
    keys = np.stack([cluster, start, end, label], axis=1)[kept]
    kept = kept[np.append(True, (keys[1:] != keys[:-1]).any(axis=1))[: len(kept)]]
    whole = np.arange(len(source)) if apart else np.flatnonzero(np.append(-1, source)[:-1] != source)
    voted = whole[np.argsort(cluster[whole], kind="stable")]
    of_vote = np.searchsorted(cluster[voted], np.arange(count + 1))
    lf = votes.lf[source]
    return Clusters(
        of_vote,
        np.searchsorted(cluster[kept], np.arange(count + 1)),
        last - origin,
        source[voted],
        (lf * len(votes.names) + votes.label[source])[voted],
        start[voted],
        end[voted],
        label[kept],
        start[kept],
        end[kept],
        votes.record[source][kept],
        votes.start[source][kept],
        votes.end[source][kept],
        _shared(of_vote, lf[voted], start[voted], end[voted]),
        _alike(np.stack([cluster, start, end, votes.label[source]], axis=1)[voted]),
        _pieces(of_vote, lf[voted], start[voted], end[voted], votes.m),
    )


def _shared(of_vote: Ints, lf: Ints, start: Ints, end: Ints) -> NDArray[np.bool_]:
    from wslabel.models._span_machine import shared

    out = np.zeros(len(lf), np.bool_)
    shared(of_vote, lf, start, end, out)
    return out


def _pieces(of_vote: Ints, lf: Ints, start: Ints, end: Ints, lfs: int) -> Floats:
    from wslabel.models._span_machine import pieces

    out = np.ones(len(lf))
    pieces(of_vote, lf, start, end, lfs, out)
    return out


def _alike(keys: Ints) -> Floats:
    order = np.lexsort(keys.T)
    fresh = np.append(True, (keys[order][1:] != keys[order][:-1]).any(axis=1))[: len(order)]
    group = np.cumsum(fresh) - 1
    out = np.empty(len(keys))
    out[order] = np.bincount(group)[group] if len(group) else 0.0
    return out
