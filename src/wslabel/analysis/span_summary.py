"""The LF summary of votes on spans."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from wslabel.analysis.intervals import wilson
from wslabel.analysis.spans import span_accuracy
from wslabel.analysis.summary import LFRow, LFSummary
from wslabel.core.arrays import Ints
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes


def summarize_spans(votes: SpanVotes, gold: SpanLabels | None = None) -> LFSummary:
    """Return a row an LF: on which share of the records it votes, meets others, and differs from them.

    It meets another LF where a vote of each overlaps, and differs where such votes cannot be for the same label. With
    gold spans, accuracy is the share of its spans that are exactly there.
    """
    first, second = _touching(votes)
    differ = ~_agreeing(votes)[votes.label[first], votes.label[second]]
    meets, torn = (_records(votes, np.append(first[some], second[some])) for some in (differ | True, differ))
    voted, faults = _records(votes, np.arange(len(votes))), Counter(fault.lf for fault in votes.faults)
    right = {} if gold is None else {one.name: (one.exact, one.spans) for one in span_accuracy(votes, gold)}
    rows = []
    for place, name in enumerate(votes.lf_names):
        cast = np.unique(votes.label[votes.lf == place])
        exact, spans = right.get(name, (0, 0))
        low, high = wilson(exact, spans) or (None, None)
        row = LFRow(
            index=place,
            lf=name,
            polarity=tuple(votes.names[one] for one in cast),
            votes=int(voted[:, place].sum()),
            coverage=_share(voted[:, place]),
            overlap=_share(meets[:, place]),
            conflict=_share(torn[:, place]),
            faults=faults[name],
            estimated_accuracy=None,
            gold_accuracy=exact / spans if spans else None,
            gold_low=low,
            gold_high=high,
            gold_votes=spans,
        )
        rows.append(row)
    covered, met, conflict = (_share(np.asarray(one.any(axis=1))) for one in (voted, meets, torn))
    return LFSummary(tuple(rows), votes.n, covered, met, conflict, has_gold=gold is not None)


def _records(votes: SpanVotes, places: Ints) -> NDArray[np.bool_]:
    """Return n×m: whether one of these votes is the LF's, on the record."""
    out = np.zeros((votes.n, votes.m), np.bool_)
    out[votes.record[places], votes.lf[places]] = True
    return out


def _touching(votes: SpanVotes) -> tuple[Ints, Ints]:
    """Return the pairs of votes of different LFs that overlap, each pair once."""
    pairs = [np.zeros((0, 2), np.int64), *_at_steps(votes)]
    first, second = np.concatenate(pairs).T
    return first, second


def _at_steps(votes: SpanVotes) -> Iterator[Ints]:
    room = int(votes.lengths.max(initial=0)) + 1
    start, end = votes.record * room + votes.start, votes.record * room + votes.end
    for step in range(1, len(votes)):  # sorted by start: what overlaps so many votes on, overlaps all between
        near = start[step:] < end[:-step]
        if not near.any():
            return
        place = np.flatnonzero(near & (votes.lf[step:] != votes.lf[:-step]))
        yield np.stack([place, place + step], axis=1)


def _agreeing(votes: SpanVotes) -> NDArray[np.bool_]:
    """Return names × names: whether two votes may be for the same label, as a vote for a group is for its members."""
    members = [{name} for name in votes.labels] + [set(some) for some in votes.groups.values()]
    return np.array([[bool(one & other) for other in members] for one in members], np.bool_)


def _share(records: NDArray[np.bool_]) -> float:
    return float(records.mean()) if len(records) else 0.0
