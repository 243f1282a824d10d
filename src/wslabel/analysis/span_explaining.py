"""Why spans of a record are labeled: who voted for them, and what would be without each of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Protocol

from wslabel.analysis.plain import aligned
from wslabel.core.span_labels import LabeledSpan, SpanLabels
from wslabel.core.spans import SpanVote, SpanVotes
from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd


class PredictsSpans(Protocol):
    """A fitted label model for spans."""

    def predict(self, votes: SpanVotes) -> SpanLabels:
        """Return labels."""
        ...


@dataclass(frozen=True)
class SpanWitness:
    """What an LF says at a span.

    Attributes
    ----------
    lf, label, start, end, entity
        The vote, and the id of the entity that it names.
    stands
        It is the ``same`` as the span, or lies ``inside``, ``around``, ``across`` or ``beside`` it.
    without
        The probability of the span, by the label model, if the LF said nothing on the record; None: then it would not
        be labeled.
    alone
        The probability of the span if of all LFs only this one voted; None: it would not be labeled.
    """

    lf: str
    label: str
    start: int
    end: int
    entity: str
    stands: str
    without: float | None = None
    alone: float | None = None


@dataclass(frozen=True)
class SpanExplanation:
    """Why a span is labeled.

    Attributes
    ----------
    start, end, label, probability
        The span.
    said
        Its probability by the label model; None where that does not label it, and the end model or a reviewer does.
    witnesses
        The votes that touch it, those for its label first.
    """

    start: int
    end: int
    label: str
    probability: float
    said: float | None
    witnesses: tuple[SpanWitness, ...]

    @property
    def why(self) -> str:
        """Why it stands, in a sentence."""
        same = [one.lf for one in self.witnesses if one.stands == "same" and one.label == self.label]
        if self.said is None:
            return "The label model does not label it; the end model or a reviewer does."
        needed = [one.lf for one in self.witnesses if one.without is None and one.label == self.label]
        told = ", ".join(dict.fromkeys(same)) or "no labeling function"
        first = f"Just this span for just this label: {told}."
        only = ", ".join(dict.fromkeys(needed))
        return f"{first} Without {only} it would not stand." if needed else f"{first} It would stand without any one."

    def __str__(self) -> str:
        head = f"{self.start}-{self.end} {self.label} with probability {self.probability:.3f}. {self.why}"
        return "\n".join([head, *_rows(self.witnesses)])


@dataclass(frozen=True)
class RecordExplanation:
    """Why the spans of a record are labeled, and which votes came to nothing.

    Attributes
    ----------
    id
        The record.
    spans
        Its labeled spans.
    lost
        Votes that touch none of them.
    """

    id: str
    spans: tuple[SpanExplanation, ...]
    lost: tuple[SpanWitness, ...]

    def to_pandas(self) -> pd.DataFrame:
        """Return a row a span and vote on it; votes that came to nothing have no span."""
        import pandas as pd

        rows = [
            {"span": f"{span.start}-{span.end} {span.label}", "probability": span.probability, **asdict(one)}
            for span in self.spans
            for one in span.witnesses
        ]
        return pd.DataFrame(rows + [{"span": None, "probability": None, **asdict(one)} for one in self.lost])

    def __str__(self) -> str:
        parts = [f"{self.id}: {len(self.spans)} spans", *map(str, self.spans), self.lost_votes()]
        return "\n\n".join(filter(None, parts))

    def lost_votes(self) -> str:
        """Return the votes that came to nothing as a table in plain text; empty where there are none."""
        return "\n".join(["Votes that came to nothing:", *_rows(self.lost)]) if self.lost else ""


def explain_spans(
    model: PredictsSpans, votes: SpanVotes, record: str, final: SpanLabels | None = None
) -> RecordExplanation:
    """Explain the spans of a record: who voted for each, and what the label model would say without each LF.

    Parameters
    ----------
    model
        The fitted label model for spans.
    votes
        The votes that it was fitted to.
    record
        The record's id.
    final
        The labels to explain, for example after fusing; by default those of the model.

    Raises
    ------
    VotesError
        There is no such record.

    Examples
    --------
    >>> from wslabel.models import label_model
    >>> votes = SpanVotes(["a"], [20], [SpanVote("a", "names", 0, 7, "Drug", "D1")], ["names"], ["Drug"])
    >>> [span] = explain_spans(label_model("span_majority").fit(votes), votes, "a").spans
    >>> span.why
    'Just this span for just this label: names. Without names it would not stand.'
    """
    own = _only(votes, record, votes.lf_names)
    said = _by_place(model.predict(own).at(0))
    found = model.predict(own).at(0) if final is None else final.at(_row(final, record))
    lfs = dict.fromkeys(one.lf for one in own.votes)
    without = {name: _by_place(model.predict(_only(own, record, {*lfs} - {name})).at(0)) for name in lfs}
    alone = {name: _by_place(model.predict(_only(own, record, {name})).at(0)) for name in lfs}
    spans = []
    for span in found:
        place = (span.start, span.end, span.label)
        near = [_witness(one, span, without[one.lf].get(place), alone[one.lf].get(place)) for one in own.votes]
        touching = sorted((one for one in near if one.stands != "beside"), key=lambda one: one.label != span.label)
        spans.append(SpanExplanation(*place, span.probability, said.get(place), tuple(touching)))
    lost = [one for one in own.votes if not any(one.start < span.end and span.start < one.end for span in found)]
    plain = (SpanWitness(one.lf, one.label, one.start, one.end, one.entity, "beside") for one in lost)
    return RecordExplanation(record, tuple(spans), tuple(plain))


def _witness(vote: SpanVote, span: LabeledSpan, without: float | None, alone: float | None) -> SpanWitness:
    return SpanWitness(vote.lf, vote.label, vote.start, vote.end, vote.entity, _stands(vote, span), without, alone)


def _stands(vote: SpanVote, span: LabeledSpan) -> str:
    if vote.end <= span.start or span.end <= vote.start:
        return "beside"
    if (vote.start, vote.end) == (span.start, span.end):
        return "same"
    if span.start <= vote.start and vote.end <= span.end:
        return "inside"
    return "around" if vote.start <= span.start and span.end <= vote.end else "across"


def _only(votes: SpanVotes, record: str, lfs: Iterable[str]) -> SpanVotes:
    """Return the votes of these LFs on the record; all LFs stay known."""
    row = _row(votes, record)
    asked, (begin, end) = {*lfs}, votes.record.searchsorted([row, row + 1]).tolist()
    kept = [one for one in votes.rows(begin, end) if one.lf in asked]
    return SpanVotes([record], [votes.lengths[row]], kept, votes.lf_names, votes.labels, votes.groups)


def _row(known: SpanVotes | SpanLabels, record: str) -> int:
    found = (known.ids == record).nonzero()[0]
    if not len(found):
        like = f"; give an id as {known.ids[0]!r}" if len(known.ids) else ""
        raise VotesError(f"There is no record {record!r} among the {len(known.ids)}{like}.")
    return int(found[0])


def _by_place(spans: Iterable[LabeledSpan]) -> dict[tuple[int, int, str], float]:
    return {(one.start, one.end, one.label): one.probability for one in spans}


def _rows(witnesses: tuple[SpanWitness, ...]) -> list[str]:
    columns = [
        ["labeling function", *[one.lf for one in witnesses]],
        ["vote", *[f"{one.start}-{one.end} {one.label}" for one in witnesses]],
        ["stands", *[one.stands for one in witnesses]],
        ["without it", *[_share(one.without) for one in witnesses]],
        ["alone", *[_share(one.alone) for one in witnesses]],
        ["names", *[one.entity for one in witnesses]],
    ]
    return [line.rstrip() for line in aligned(columns, left={0, 1, 2, 5})] if witnesses else ["no vote touches it"]


def _share(probability: float | None) -> str:
    return "-" if probability is None else f"{probability:.3f}"
