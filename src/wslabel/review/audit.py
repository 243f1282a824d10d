"""The audit sample: records drawn by chance, with known probabilities, to tell how good the labels are."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids, Ints
from wslabel.core.decisions import Decision, join_spans
from wslabel.core.issues import SCHEMA, Issues
from wslabel.core.labels import Labels
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ReviewError
from wslabel.review.resolve import resolve

STRATA = 10
SPAN_STRATA = 4
"""Fewer, since errors of spans spread so far that each stratum needs more records."""
EVEN = 0.5
"""How much of the sample is spread evenly over the records; the rest goes where labels are in doubt."""
LEAST_DOUBT = 0.02
"""A label is held to be wrong with no less than this probability, nor right: what was estimated may be off."""
DOUBT_OF_SPANS = 0.1
"""How many errors are held to be possible beside the expected ones, for each span: what was estimated may be off."""


@dataclass(frozen=True, eq=False)
class AuditSample:
    """All records that may be audited, in the random order in which they are drawn.

    Each next record is drawn from those that are left, with probability proportional to its weight; all records of a
    stratum weigh the same. So the first records of the order, however many, are a random sample of each stratum, and
    a larger sample begins with the smaller one.

    Attributes
    ----------
    ids
        p record ids, in the order of drawing.
    stratum
        p numbers: records of like doubt share a stratum, 0 holds the most doubtful ones.
    doubt
        p probabilities that the label is wrong, as estimated without gold; of spans, how many are expected to be wrong
        or missing.
    """

    ids: Ids
    stratum: Ints
    doubt: Floats

    @cached_property
    def weights(self) -> Floats:
        """p weights: each stratum has the same sum, 1."""
        return np.asarray(1.0 / np.bincount(self.stratum)[self.stratum])

    def probabilities(self, size: int) -> Floats:
        """Return for the first `size` records their inclusion probability, given how many each stratum gave."""
        drawn, sizes = np.bincount(self.stratum[:size]), np.bincount(self.stratum)
        return np.asarray((drawn / sizes[: len(drawn)])[self.stratum[:size]])

    def issues(self, labels: Labels | SpanLabels, size: int) -> Issues:
        """Return the first `size` records as issues of the kind ``audit``, for a `ReviewQueue`.

        Parameters
        ----------
        labels
            The labels that the sample was drawn from.
        """
        ids = self.ids[:size]
        rows = rows_of(labels, ids)
        given = pa.array(_told(labels, rows), pa.string())
        kind, score = pa.repeat(pa.scalar("audit"), len(ids)), np.arange(len(ids)) / max(len(self.ids), 1)
        lfs = pa.array([[]] * len(ids), SCHEMA.field("lfs").type)
        return Issues(pa.table([pa.array(ids, pa.string()), kind, pa.array(score), given, given, lfs], schema=SCHEMA))

    def to_table(self) -> pa.Table:
        """Return columns id, stratum and doubt, in the order of drawing."""
        return pa.table({"id": pa.array(self.ids, pa.string()), "stratum": self.stratum, "doubt": self.doubt})

    @classmethod
    def from_table(cls, table: pa.Table) -> AuditSample:
        """Return what `to_table` gave."""
        ids = np.array(table["id"].to_pylist(), dtype=object)
        return cls(ids, table["stratum"].to_numpy().astype(np.int64), table["doubt"].to_numpy())

    def __repr__(self) -> str:
        return f"AuditSample({len(self.ids)} records, {len(set(self.stratum.tolist()))} strata)"


def draw_audit(
    labels: Labels | SpanLabels,
    quality: Floats,
    decisions: Iterable[Decision] = (),
    only: NDArray[np.bool_] | None = None,
    seed: int = 0,
) -> AuditSample:
    """Draw the order of an audit.

    The records are cut into strata of like doubt that shall hold equal shares of the sample: half of it is spread
    evenly over the records, half in proportion to √(doubt · (1 − doubt)), the standard deviation of whether the label
    is wrong (J. Neyman, "On the Two Different Aspects of the Representative Method", 1934, doi:10.2307/2342192). The
    order is that of weighted drawing without replacement by exponential keys (P. Efraimidis and P. Spirakis,
    "Weighted Random Sampling with a Reservoir", 2006, doi:10.1016/j.ipl.2005.11.003); a record's key depends on its
    id and the seed, not on its place in the corpus.

    Parameters
    ----------
    labels
        n labels of a model, or the spans of n records. What a human or gold labeled is known, and not drawn.
    quality
        n probabilities that the label is right (of spans, that all are and none is missing), as `label_quality` gives
        them. Wrong ones make the intervals of `estimate_accuracy` wider, not untrue.
    decisions
        What is decided already, and so not drawn.
    only
        n booleans: the records that would be exported. None: the covered ones.
    seed
        Another seed is another sample.

    Raises
    ------
    ReviewError
        `quality` has another length, or is no probability.
    """
    if quality.shape != (labels.n,) or not ((quality >= 0) & (quality <= 1)).all():
        raise ReviewError(f"draw_audit(): quality holds a probability for each of the {labels.n} labels.")
    open_ = set(labels.ids.tolist()) if not decisions else _undecided(labels, decisions)
    wanted = labels.covered if only is None else only
    may = wanted & (labels.source == "model")
    rows = np.array([row for row in np.flatnonzero(may).tolist() if labels.ids[row] in open_], dtype=np.int64)
    if isinstance(labels, SpanLabels):
        doubt, spread = _expected(labels, quality, rows)
        stratum = _strata(spread, spread, SPAN_STRATA)
    else:
        doubt = np.clip(1 - quality[rows], LEAST_DOUBT, 1 - LEAST_DOUBT)
        stratum = _strata(doubt, np.sqrt(doubt * (1 - doubt)), STRATA)
    weights = 1.0 / np.bincount(stratum)[stratum] if len(rows) else np.zeros(0)
    order = np.argsort(-np.log(_chances(labels.ids[rows], seed)) / weights, kind="stable")
    return AuditSample(labels.ids[rows][order], stratum[order], doubt[order])


def _expected(labels: SpanLabels, quality: Floats, rows: Ints) -> tuple[Floats, Floats]:
    """Return how many spans of each record are expected to be wrong or missing, and how far that number spreads.

    Errors that come independently, as many as expected, are all absent with probability ``exp(−expected)``.
    """
    places = np.bincount(labels.record, minlength=labels.n)[rows] + 1.0  # one more, for what may be missing
    expected = -np.log(np.maximum(quality[rows], 1e-300))
    return expected, np.sqrt(np.minimum(expected, places) + DOUBT_OF_SPANS * places)


def _strata(doubt: Floats, spread: Floats, strata: int) -> Ints:
    """Return p strata, the most doubtful first, each with about the same share of the sample; equals are together."""
    share = EVEN / max(len(spread), 1) + (1 - EVEN) * spread / max(spread.sum(), 1e-300)
    _, place = np.unique(-doubt, return_inverse=True)
    held = np.bincount(place, share)
    middle = np.cumsum(held) - held / 2
    return np.asarray(np.unique((middle * strata).astype(np.int64)[place], return_inverse=True)[1])


def _told(labels: Labels | SpanLabels, rows: Ints) -> list[str]:
    if isinstance(labels, SpanLabels):
        said = (labels.at(row) for row in rows.tolist())
        return [join_spans((one.start, one.end, one.label) for one in spans) for spans in said]
    told: list[str] = labels.hard()[rows].tolist()
    return told


def _chances(ids: Ids, seed: int) -> Floats:
    """Return a number in (0, 1] for each id."""
    salt = seed.to_bytes(8, "little", signed=True)
    digests = b"".join(hashlib.blake2b(record.encode(), digest_size=8, salt=salt).digest() for record in ids)
    return (np.frombuffer(digests, "<u8").astype(np.float64) + 1) / 2.0**64


def _undecided(labels: Labels | SpanLabels, decisions: Iterable[Decision]) -> set[str]:
    after = resolve(labels, decisions)
    return set(after.ids[after.source == "model"].tolist())


def rows_of(labels: Labels | SpanLabels, ids: Ids) -> Ints:
    """Return the rows of the labels that have these ids, or raise `ReviewError`."""
    place = {record: row for row, record in enumerate(labels.ids.tolist())}
    rows = [place.get(record, -1) for record in ids]
    if -1 in rows:
        raise ReviewError(
            f"The audit was drawn from other labels: {ids[rows.index(-1)]!r} is not among these {labels.n}."
        )
    return np.array(rows, dtype=np.int64)
