"""Records whose labeled spans deserve a second look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from wslabel.core.arrays import Floats, Ints, require_same_ids
from wslabel.core.decisions import Span, join_spans
from wslabel.core.issues import Issue, Issues
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.core.tokens import SpanOutOfSample
from wslabel.errors import VotesError
from wslabel.flagging.label_errors import wrong_tokens

HALF = 0.5


def flag_spans(labels: SpanLabels, held: Any, votes: SpanVotes | None) -> Issues:
    """Return the records whose spans are likely wrong, worst first; those of people and gold are left out.

    All issues of a record share one score, how likely its spans are all right and none is missing (`span_quality`).
    ``label_error``: tokens whose label the end model contradicts (Cleanlab's token classification). ``low_confidence``:
    a span that is less probable than not. ``conflict``: votes for different labels on one place. ``uncovered``: no LF
    votes.

    Cleanlab's span classification is its token classification of one label against the rest. Asked of each label, it
    finds the same tokens where there is one label, and fewer where there are several (benchmarks/review/span_order.md).

    Suggested are the spans that are more probable than not; where no LF votes and none is given, those of the end
    model. A ``label_error`` tells what the end model has in place of the wrong tokens' spans.
    """
    _check(labels, held, votes)
    conflicts = {} if votes is None else _conflicts(votes)
    doubts = _Doubts(labels, held, span_quality(labels, held), _wrong(labels, held), conflicts)
    open_rows = np.flatnonzero(labels.source == "model").tolist()
    return Issues(issue for row in open_rows for issue in doubts.issues(row))


def span_quality(labels: SpanLabels, held: Any) -> Floats:
    """Return for each record how likely it is that all of its spans are right, and none is missing, 0..1.

    It is ``exp(−e)`` with the number e of errors to be expected: one less the probability, over the spans; and over the
    tokens in no span the end model's probability that one begins there.
    """
    _check(labels, held, None)
    expected = np.bincount(labels.record, 1 - np.minimum(labels.probability, 1.0), minlength=labels.n)
    if held is not None:
        outside = held.tokens.tags(labels)[:, 0] >= HALF
        begins = held.probs[:, 1::2].sum(axis=1) * outside
        expected = expected + np.bincount(held.tokens.record, begins, minlength=labels.n)
    return np.where(labels.source == "model", np.exp(-expected), 1.0)


def _check(labels: SpanLabels, held: Any, votes: SpanVotes | None) -> None:
    if held is not None and not isinstance(held, SpanOutOfSample):
        raise VotesError(f"flag() of spans takes what cross_validate() of spans returns; got {type(held).__name__}.")
    for other in (held, votes):
        if other is not None:
            require_same_ids(labels.ids, other.ids, "flag(): labels and what stands beside them")


@dataclass(frozen=True, eq=False)
class _Doubts:
    """What speaks against spans: by row of the record its quality, tokens with wrong labels, and LFs that disagree."""

    labels: SpanLabels
    held: SpanOutOfSample | None
    quality: Floats
    wrong: dict[int, dict[int, float]]
    conflicts: dict[int, set[str]]

    def issues(self, row: int) -> Iterator[Issue]:
        """Yield the issues of a record."""
        spans = self.labels.at(row)
        least = min((one.probability for one in spans), default=1.0)
        score = float(self.quality[row])
        kinds = {
            "label_error": row in self.wrong,
            "low_confidence": least < HALF,
            "conflict": row in self.conflicts,
            "uncovered": not self.labels.covered[row],
        }
        given = join_spans((one.start, one.end, one.label) for one in spans)
        for kind in (kind for kind, holds in kinds.items() if holds):
            lfs = tuple(sorted(self.conflicts[row])) if kind == "conflict" else ()
            told = self._mended(row) if kind == "label_error" else self._likely(row)
            yield Issue(str(self.labels.ids[row]), kind, score, given, join_spans(told), lfs)

    def _likely(self, row: int) -> list[Span]:
        """Return the spans that are more probable than not; of the end model where nobody else says anything."""
        if self.held is not None and not self.labels.covered[row] and not self.labels.at(row):
            return self.held.spans(row)
        return [(one.start, one.end, one.label) for one in self.labels.at(row) if one.probability >= HALF]

    def _mended(self, row: int) -> list[Span]:
        """Return the likely spans, with those of the end model where tokens are wrong."""
        assert self.held is not None
        given, tokens = self._likely(row), self.held.tokens
        wrong = [(int(tokens.start[at]), int(tokens.end[at])) for at in self.wrong[row]]
        kept = [one for one in given if not _touches(one, wrong)]
        redone = [*wrong, *(one[:2] for one in given if one not in kept)]
        other = [one for one in self.held.spans(row) if _touches(one, redone)]
        return sorted([*other, *(one for one in kept if not _touches(one, [new[:2] for new in other]))])


def _touches(span: Span, places: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in places)


def _wrong(labels: SpanLabels, held: SpanOutOfSample | None) -> dict[int, dict[int, float]]:
    return {} if held is None else wrong_tokens(held.tokens.tags(labels), held.probs, held.tokens.first)


def _conflicts(votes: SpanVotes) -> dict[int, set[str]]:
    """Return by row of the record the LFs whose votes for different labels overlap."""
    found: dict[int, set[str]] = {}
    both: Ints = np.concatenate(votes.clashes)
    for row, lf in zip(votes.record[both].tolist(), votes.lf[both].tolist()):
        found.setdefault(row, set()).add(votes.lf_names[lf])
    return found
