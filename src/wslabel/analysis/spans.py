"""How right spans are, beside gold: of each labeling function, or of labels."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd

Span = tuple[int, int, str]


@dataclass(frozen=True)
class SpanAccuracy:
    """How right the spans of one LF, or of labels, are.

    Attributes
    ----------
    name
        The LF, or ``labels``.
    spans, gold
        How many spans it found, and how many gold has of the labels that it finds; for labels of all.
    exact, partial
        How many are those of gold; how many overlap one of the same label (exact ones among them).
    met
        How many spans of gold one of them overlaps that has the same label.
    characters
        How many characters it shares with gold of the same label.
    said, true
        How many characters lie in its spans, and in those of gold.
    boundaries
        Of those that overlap one of the same label and are not exact: too ``short``, too ``long``, or ``shifted``.
    confused
        Of those that overlap gold of other labels only: (its label, that of gold) with how many.
    """

    name: str
    spans: int
    gold: int
    exact: int
    partial: int
    met: int
    characters: int
    said: int
    true: int
    boundaries: Mapping[str, int]
    confused: Mapping[tuple[str, str], int]

    @property
    def strict(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of exact spans."""
        return _scores(self.exact, self.spans, self.gold)

    @property
    def overlapping(self) -> tuple[float, float, float]:
        """Precision, recall and F1 where it is enough that spans of the same label overlap."""
        precision, recall = self.partial / max(self.spans, 1), self.met / max(self.gold, 1)
        return precision, recall, 2 * precision * recall / ((precision + recall) or 1.0)

    @property
    def lenient(self) -> tuple[float, float, float]:
        """Precision, recall and F1 of characters: what lies in spans of the same label."""
        return _scores(self.characters, self.said, self.true)


def span_accuracy(found: SpanVotes | SpanLabels, gold: SpanLabels) -> list[SpanAccuracy]:
    """Return how right spans are, an entry an LF for votes, a single one for labels.

    Parameters
    ----------
    found
        Votes, or labels.
    gold
        The true spans. Records that are not among its ids are left out.

    Raises
    ------
    VotesError
        Gold of other labels.
    """
    if found.labels != gold.labels:
        raise VotesError(f"The labels are {found.labels} on one side and {gold.labels} on the other (gold).")
    true = {record: _plain(some) for record, some in gold.by_id().items()}
    if isinstance(found, SpanLabels):
        said = {record: _plain(some) for record, some in found.by_id().items()}
        return [_judged("labels", said, true, {*found.labels})]
    by_lf: dict[str, dict[str, list[Span]]] = {name: {} for name in found.lf_names}
    for vote in found.votes:
        if vote.label in found.labels:
            by_lf[vote.lf].setdefault(vote.id, []).append((vote.start, vote.end, vote.label))
    return [_judged(name, some, true) for name, some in by_lf.items()]


def span_accuracy_by_label(found: SpanLabels, gold: SpanLabels) -> list[SpanAccuracy]:
    """Return how right the spans of each label are, in label order; `name` is the label.

    Raises
    ------
    VotesError
        Gold of other labels.
    """
    if found.labels != gold.labels:
        raise VotesError(f"The labels are {found.labels} on one side and {gold.labels} on the other (gold).")
    true = {record: _plain(some) for record, some in gold.by_id().items()}
    said = {record: _plain(some) for record, some in found.by_id().items()}
    return [
        _judged(
            label, {record: [one for one in some if one[2] == label] for record, some in said.items()}, true, {label}
        )
        for label in found.labels
    ]


def span_table(rows: Iterable[SpanAccuracy]) -> pd.DataFrame:
    """Return precision, recall and F1, strict, of overlapping spans and by characters, and errors, a row an entry."""
    import pandas as pd

    return pd.DataFrame(
        [
            {
                "lf": row.name,
                "spans": row.spans,
                **dict(zip(("precision", "recall", "f1"), row.strict)),
                **dict(zip(("overlap_precision", "overlap_recall", "overlap_f1"), row.overlapping)),
                **dict(zip(("char_precision", "char_recall", "char_f1"), row.lenient)),
                **{kind: row.boundaries.get(kind, 0) for kind in ("short", "long", "shifted")},
                "other_label": sum(row.confused.values()),
                "nothing": row.spans - row.partial - sum(row.confused.values()),
            }
            for row in rows
        ]
    )


def _judged(
    name: str, found: Mapping[str, list[Span]], true: Mapping[str, list[Span]], asked: set[str] | None = None
) -> SpanAccuracy:
    labels = asked or {label for some in found.values() for *_, label in some}
    boundaries, confused = Counter[str](), Counter[tuple[str, str]]()
    spans = exact = partial = met = characters = 0
    for record, golden in true.items():
        for start, end, label in found.get(record, []):
            spans += 1
            near = [one for one in golden if one[0] < end and start < one[1]]
            same = [one for one in near if one[2] == label]
            if (start, end, label) in same:
                exact += 1
            elif same:
                boundaries[_boundary(start, end, same[0])] += 1
            elif near:
                confused[label, near[0][2]] += 1
            partial += bool(same)
        met += sum(_met(one, found.get(record, [])) for one in golden if one[2] in labels)
        characters += len(_characters(found.get(record, [])) & _characters(golden))
    wanted = {record: [one for one in some if one[2] in labels] for record, some in true.items()}
    said = sum(len(_characters(found.get(record, []))) for record in true)
    there = sum(len(_characters(some)) for some in wanted.values())
    gold = sum(map(len, wanted.values()))
    return SpanAccuracy(
        name, spans, gold, exact, partial, met, characters, said, there, dict(boundaries), dict(confused)
    )


def _met(gold: Span, found: Iterable[Span]) -> bool:
    return any(start < gold[1] and gold[0] < end and label == gold[2] for start, end, label in found)


def confusions(found: SpanLabels, gold: SpanLabels) -> dict[tuple[str, str], int]:
    """Return how often each label of gold is found as which: (gold, found), with "" for what is not there.

    A span of gold counts once, as the label of the span that shares most characters with it; a span that overlaps none
    of gold counts as found without gold.
    """
    counts = Counter[tuple[str, str]]()
    said = {record: _plain(some) for record, some in found.by_id().items()}
    for record, golden in gold.by_id().items():
        mine, true = said.get(record, []), _plain(golden)
        for one in true:
            near = max(mine, key=lambda other: (_shared(one, other), other[2] == one[2]), default=None)
            counts[one[2], near[2] if near and _shared(one, near) else ""] += 1
        for other in mine:
            counts["", other[2]] += not any(_shared(one, other) for one in true)
    return {pair: count for pair, count in counts.items() if count}


def _shared(one: Span, other: Span) -> int:
    return max(0, min(one[1], other[1]) - max(one[0], other[0]))


def _plain(spans: Iterable[object]) -> list[Span]:
    return [(one.start, one.end, one.label) for one in spans]  # type: ignore[attr-defined]


def _boundary(start: int, end: int, gold: Span) -> str:
    if gold[0] <= start and end <= gold[1]:
        return "short"
    return "long" if start <= gold[0] and gold[1] <= end else "shifted"


def _characters(spans: Iterable[Span]) -> set[tuple[int, str]]:
    return {(at, label) for start, end, label in spans for at in range(start, end)}


def _scores(right: int, said: int, true: int) -> tuple[float, float, float]:
    return right / max(said, 1), right / max(true, 1), 2 * right / max(said + true, 1)
