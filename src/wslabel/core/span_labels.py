"""Labeled spans of n records: what a span model, or a person, says of texts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids, Ints, frozen, frozen_bools, frozen_ids
from wslabel.core.labels import Source
from wslabel.core.records import Records, read_records
from wslabel.core.sensitive import follow
from wslabel.core.spans import SEVERAL, SpanVotes, joined, places, require_spans, text_lengths, whole_numbers
from wslabel.core.task import check_labels
from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd

COLUMNS = ("id", "start", "end", "label")


@dataclass(frozen=True, slots=True)
class LabeledSpan:
    """`text[start:end]`, in characters, is of the label, with this probability.

    `entity` tells which known entity it is, as that of a `SpanVote` does.
    """

    start: int
    end: int
    label: str
    probability: float = 1.0
    entity: str = ""


@dataclass(frozen=True, init=False, eq=False)
class SpanLabels:
    """The labeled spans of n records, sorted by record, start, end and label.

    Parameters
    ----------
    ids, lengths
        n distinct record ids, and the lengths of their texts in characters.
    columns
        For each span: record id, start, end (exclusive), label and, where known, probability; in columns.
    labels
        K label names, at least 1.
    covered
        n booleans: at least one LF voted on the record, or somebody else said what is in it.
    source
        n words, who says so: ``model``, ``human`` or ``gold``.
    corroboration
        0..1: how far the LFs confirm each other whose votes the labels were made of (`SpanVotes.corroboration`). It
        tells, without gold, whether their silence is to be believed (see `wslabel.learning.span_doubt`).

    Attributes
    ----------
    record, start, end, label
        For each span the row of its record, its offsets, and the index of its label.
    probability
        For each span, above 0 and at most 1.
    entity
        For each span the id of the entity, or ""; see `with_entities`.

    Raises
    ------
    VotesError
        A span outside its text, of an unknown record or label, twice the same span with the same label.
    """

    ids: Ids
    lengths: Ints = field(repr=False)
    labels: tuple[str, ...]
    covered: NDArray[np.bool_] = field(repr=False)
    source: NDArray[np.object_] = field(repr=False)
    record: Ints = field(repr=False)
    start: Ints = field(repr=False)
    end: Ints = field(repr=False)
    label: Ints = field(repr=False)
    probability: Floats = field(repr=False)
    entity: NDArray[np.object_] = field(repr=False)
    corroboration: float = field(repr=False)

    def __init__(
        self,
        ids: Sequence[Any] | Ids,
        lengths: Any,
        columns: Sequence[Any],
        labels: Sequence[str],
        covered: Any = None,
        source: Sequence[str] | NDArray[np.object_] | None = None,
        corroboration: float = 1.0,
    ) -> None:
        checked, names = frozen_ids(ids, "Span labels"), check_labels(list(labels), "Span labels", "spans")
        n, sizes = len(checked), np.array(lengths, dtype=np.int64)
        if sizes.shape != (n,):
            raise VotesError(f"{n} records need {n} text lengths; got {len(sizes)}.")
        record, label = places(checked.tolist(), list(columns[0])), places(names, list(columns[3]))
        start, end = whole_numbers(columns[1]), whole_numbers(columns[2])
        probability = np.ones(len(record)) if len(columns) < 5 else np.array(columns[4], np.float64)
        require_spans(list(columns[0]), (record, start, end), sizes)
        _require(label, columns[3], probability, names)
        order = np.lexsort((label, end, start, record))
        self._require_distinct(np.stack([record, start, end, label], axis=1)[order], checked)
        sources = np.full(n, "model", object) if source is None else np.array(list(source), object)
        if len(sources) != n or not set(sources.tolist()) <= set(get_args(Source)):
            raise VotesError(f"{n} records need {n} sources among {get_args(Source)}.")
        values = {"record": record, "start": start, "end": end, "label": label, "probability": probability}
        for name, column in values.items():
            object.__setattr__(self, name, frozen(column[order]))
        object.__setattr__(self, "entity", frozen(np.full(len(order), "", object)))
        object.__setattr__(self, "corroboration", float(corroboration))
        object.__setattr__(self, "ids", checked)
        object.__setattr__(self, "lengths", frozen(sizes))
        object.__setattr__(self, "labels", names)
        object.__setattr__(self, "covered", frozen_bools(np.ones(n) if covered is None else covered, n, "covered"))
        object.__setattr__(self, "source", frozen(sources))

    @staticmethod
    def _require_distinct(keys: Ints, ids: Ids) -> None:
        for row in np.flatnonzero((keys[1:] == keys[:-1]).all(axis=1))[:1]:
            record, start, end, _ = keys[row].tolist()
            raise VotesError(f"Record {ids[record]}: the span {start}..{end} stands twice with the same label.")

    @classmethod
    def from_pandas(cls, frame: pd.DataFrame, records: Records | Any, labels: Sequence[str]) -> SpanLabels:
        """Build span labels from a frame with the columns id, start, end, label and, if it likes, probability.

        Parameters
        ----------
        records
            The records; those without a span are labeled too: nothing is in them.
        """
        missing = [column for column in COLUMNS if column not in frame.columns]
        if missing:
            raise VotesError(f"Span labels need the columns {', '.join(COLUMNS)}; {missing[0]!r} is missing.")
        lengths = text_lengths(records if isinstance(records, Records) else read_records(records))
        columns = [frame[name].tolist() for name in (*COLUMNS, "probability") if name in frame.columns]
        columns[0] = list(map(str, columns[0]))
        return cls(list(lengths), list(lengths.values()), columns, labels)

    @property
    def n(self) -> int:
        """The number of records."""
        return len(self.ids)

    def at(self, row: int) -> tuple[LabeledSpan, ...]:
        """Return the spans of the record in this row, sorted."""
        begin, end = np.searchsorted(self.record, [row, row + 1])
        return tuple(self._spans(slice(begin, end)))

    def by_id(self) -> Mapping[str, tuple[LabeledSpan, ...]]:
        """Return the spans of every record, by its id."""
        cuts = np.searchsorted(self.record, np.arange(self.n + 1))
        spans = tuple(self._spans(slice(None)))
        return {record: spans[cuts[row] : cuts[row + 1]] for row, record in enumerate(self.ids.tolist())}

    def at_least(self, probability: float) -> SpanLabels:
        """Return the labels without the spans that are less probable."""
        return self._with(self.probability >= probability)

    def _with(self, keep: NDArray[np.bool_]) -> SpanLabels:
        columns = [column[keep] for column in self.columns()]
        source = self.source
        made = SpanLabels(self.ids, self.lengths, columns, self.labels, self.covered, source, self.corroboration)
        return follow(made._naming(self.entity[keep]), self)

    def with_entities(self, known: SpanVotes | SpanLabels) -> SpanLabels:
        """Return the labels with the ids that votes, or other labels, have on the same spans for the same labels.

        What is known of several votes stands together; a span that nobody names keeps none.
        """
        told: dict[tuple[Any, ...], dict[str, None]] = {}
        for record, start, end, label, entity in zip(*_named(known), known.entity.tolist()):
            for name in _meant(known, label) if entity else ():
                told.setdefault((record, start, end, name), {}).update(dict.fromkeys(entity.split(SEVERAL)))
        return self._naming(
            [joined(told.get(place, ())) for place in zip(*(one.tolist() for one in self.columns()[:4]))]
        )

    def _naming(self, entity: Any) -> SpanLabels:
        made = copy(self)
        object.__setattr__(made, "entity", frozen(np.array([*entity, None], object)[:-1]))
        return made

    def columns(self) -> tuple[NDArray[Any], ...]:
        """Return the columns id, start, end, label (its name) and probability, a row a span."""
        named = np.array([*self.labels, None], object)[self.label]
        return self.ids[self.record], self.start, self.end, named, self.probability

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a span: id, start, end, label, probability, and entity where one is known."""
        import pandas as pd

        frame = pd.DataFrame(dict(zip((*COLUMNS, "probability"), self.columns())))
        return frame.assign(entity=self.entity) if (self.entity != "").any() else frame

    def _spans(self, where: slice) -> Iterator[LabeledSpan]:
        start, end, label, probability, entity = (
            column[where].tolist() for column in (self.start, self.end, self.label, self.probability, self.entity)
        )
        return map(LabeledSpan, start, end, [self.labels[k] for k in label], probability, entity)

    def __len__(self) -> int:
        return len(self.record)

    def __repr__(self) -> str:
        return f"SpanLabels({self.n} records, {len(self.labels)} labels, {len(self)} spans)"


def _named(known: SpanVotes | SpanLabels) -> tuple[list[Any], ...]:
    return known.ids[known.record].tolist(), known.start.tolist(), known.end.tolist(), known.label.tolist()


def _meant(known: SpanVotes | SpanLabels, label: int) -> Sequence[str]:
    """Return the names of the labels that a vote, which may be for a group, or a label may mean."""
    if label < len(known.labels) or isinstance(known, SpanLabels):
        return known.labels[label : label + 1]
    return known.groups[known.names[label]]


def _require(label: Ints, given: Sequence[Any], probability: Floats, names: tuple[str, ...]) -> None:
    if (label < 0).any():
        unknown = given[int(np.flatnonzero(label < 0)[0])]
        raise VotesError(f"The label {unknown!r} of a span is not among {', '.join(names)}.")
    if probability.shape != label.shape or not ((probability > 0) & (probability <= 1 + 1e-9)).all():
        raise VotesError("Each span needs a probability above 0 and at most 1.")
