"""Labeled spans under review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids
from wslabel.core.decisions import Span, join_spans
from wslabel.core.fingerprint import fingerprint
from wslabel.core.span_labels import SpanLabels
from wslabel.core.task import Kind
from wslabel.errors import ReviewError
from wslabel.review.checks import check_label
from wslabel.review.estimates import information


@dataclass(frozen=True, eq=False)
class SpanEstimates:
    """The spans of n records; see `wslabel.review.estimates.Estimates`.

    Attributes
    ----------
    given
        What a model says.
    """

    given: SpanLabels

    @property
    def kind(self) -> Kind:
        """``spans``."""
        return "spans"

    @property
    def ids(self) -> Ids:
        """The n record ids."""
        return self.given.ids

    @property
    def labels(self) -> tuple[str, ...]:
        """The K label names."""
        return self.given.labels

    @property
    def choices(self) -> tuple[str, ...]:
        """The K label names."""
        return self.given.labels

    @cached_property
    def confidence(self) -> Floats:
        """n probabilities of the least probable span; 1 where there is none."""
        out = np.ones(self.given.n)
        np.minimum.at(out, self.given.record, np.minimum(self.given.probability, 1.0))
        return out

    @property
    def covered(self) -> NDArray[np.bool_]:
        """n booleans: an LF votes on the record."""
        return self.given.covered

    @cached_property
    def doubtful(self) -> NDArray[np.bool_]:
        """n booleans: a model found the spans, no human and no gold."""
        return np.asarray(self.given.source == "model")

    @cached_property
    def uncertainty(self) -> Floats:
        """n entropies in bits of the most uncertain span; 0 where there is none."""
        probability = np.minimum(self.given.probability, 1.0)
        out = np.zeros(self.given.n)
        np.maximum.at(out, self.given.record, -information(probability) - information(1 - probability))
        return out

    def has(self, label: str) -> NDArray[np.bool_]:
        """Return n booleans: a span of the label is given."""
        out = np.zeros(self.given.n, np.bool_)
        out[self.given.record[self.given.label == self.labels.index(label)]] = True
        return out

    def facts(self, row: int, text: str) -> dict[str, Any]:
        """Return the spans that are given.

        Raises
        ------
        ReviewError
            The text is not as long as that in which the spans were found.
        """
        length = int(self.given.lengths[row])
        if len(text) != length:
            raise ReviewError(
                f"Record {self.ids[row]}: the text has {len(text)} characters, and its spans are of one with {length}. "
                "Give the records that were labeled; spans of redacted records move along (RedactedRecords.move)."
            )
        spans = self.given.at(row)
        return {"given": join_spans((one.start, one.end, one.label) for one in spans), "probs": {}, "spans": spans}

    def value(self, where: str, text: str, label: str | None, spans: Sequence[Span] | None) -> Mapping[str, Any]:
        """Return the spans of a decision in their order, checked."""
        if label is not None:
            raise ReviewError(f"{where}: {label!r} is said of the record, and its spans are asked for: decide_spans().")
        if spans is None:
            return {}
        found = sorted(self._span(where, text, span) for span in spans)
        for one, other in pairwise(found):
            if one == other:
                raise ReviewError(f"{where}: the span {one[0]}..{one[1]} stands twice with the label {one[2]!r}.")
        return {"spans": tuple(found)}

    def _span(self, where: str, text: str, span: Span) -> Span:
        start, end, label = span
        check_label(label, self.labels, where)
        if int(start) != start or int(end) != end or not 0 <= start < end:
            raise ReviewError(f"{where}: {start}..{end} is no span. Expected 0 <= start < end, end exclusive.")
        if end > len(text):
            raise ReviewError(f"{where}: a span ends beyond the text of {len(text)} characters.")
        return int(start), int(end), str(label)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of ids, spans and probabilities."""
        ids = "\0".join(self.ids.tolist()).encode("utf-8", "surrogatepass")
        given = self.given
        numbers = [given.record, given.start, given.end, given.label, given.probability]
        return fingerprint(list(self.labels), ids, *(np.ascontiguousarray(column).tobytes() for column in numbers))
