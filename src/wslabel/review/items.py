"""What a reviewer sees of one record: its text, its label, and why it is in the queue."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from wslabel.core.decisions import Action, Decision
from wslabel.core.fingerprint import fingerprint
from wslabel.core.issues import Issue, Issues
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.records import Records
from wslabel.core.votes import VoteMatrix
from wslabel.errors import ReviewError
from wslabel.review.checks import check_id


@dataclass(frozen=True)
class ReviewItem:
    """A record to review.

    Attributes
    ----------
    id, text
        The record.
    given
        The label as it stands.
    confidence
        Its probability, 0..1.
    probs
        The probability of each label, in the task's order.
    issues
        Why the record is in the queue, worst first; at least one.
    votes
        The label that each LF voted for; LFs that abstain are left out. Empty where no votes are at hand.
    """

    id: str
    text: str
    given: str
    confidence: float
    probs: Mapping[str, float]
    issues: tuple[Issue, ...]
    votes: Mapping[str, str]

    @property
    def score(self) -> float:
        """The score of the worst issue, 0 (worst) to 1."""
        return self.issues[0].score

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of the issues, worst first."""
        return tuple(issue.kind for issue in self.issues)

    @property
    def suggested(self) -> str:
        """The label that the worst issue with another label than the given one proposes; else the given one."""
        return next((issue.suggested for issue in self.issues if issue.suggested != self.given), self.given)

    def decision(
        self,
        action: Action,
        reviewer: str,
        label: str | None = None,
        note: str = "",
        seconds: float | None = None,
        before: str | None = None,
    ) -> Decision:
        """Return a decision on the record, not yet logged; `before` is the label it replaces (None: the given one)."""
        text_hash, replaces = fingerprint(self.text), self.given if before is None else before
        return Decision(self.id, action, label, reviewer, note, seconds, text_hash=text_hash, replaces=replaces)


def review_items(
    ids: Sequence[str], issues: Issues, records: Records, labels: Labels | MultiLabels, votes: VoteMatrix | None
) -> list[ReviewItem]:
    """Return the items of the ids, in their order; the texts are read in one pass over the records.

    Raises
    ------
    ReviewError
        A record that stands in the issues is missing from the labels, the votes or the records.
    """
    wanted = frozenset(ids)
    of_record: dict[str, list[Issue]] = {record: [] for record in ids}
    for issue in issues:
        if issue.id in wanted:
            of_record[issue.id].append(issue)
    rows = _rows(labels.ids, wanted, "The labels")
    given, confidence = labels.hard(), labels.confidence
    said = {} if votes is None else _votes(votes, wanted)
    texts = _texts(records, wanted)
    return [
        ReviewItem(
            id=record,
            text=texts[record],
            given=str(given[row := rows[record]]),
            confidence=float(confidence[row]),
            probs=dict(zip(labels.labels, labels.probs[row].tolist())),
            issues=tuple(of_record[record]),
            votes=said.get(record, {}),
        )
        for record in ids
    ]


def _rows(ids: NDArray[np.object_], wanted: frozenset[str], where: str) -> dict[str, int]:
    rows = {record: row for row, record in enumerate(ids) if record in wanted}
    for record in sorted(wanted - rows.keys()):
        check_id(record, ids.tolist(), f"{where} do not cover the issues")
    return rows


def _votes(votes: VoteMatrix, wanted: frozenset[str]) -> dict[str, dict[str, str]]:
    rows = _rows(votes.ids, wanted, "The votes")
    return {
        record: {votes.lf_names[j]: votes.labels[votes.votes[row, j]] for j in np.flatnonzero(votes.votes[row] >= 0)}
        for record, row in rows.items()
    }


def _texts(records: Records, wanted: frozenset[str]) -> dict[str, str]:
    """Return the texts of the wanted records; reading stops with the last of them."""
    texts: dict[str, str] = {}
    among = pa.array(sorted(wanted), pa.string())
    for batch in records.batches() if wanted else ():
        found = batch.filter(pc.is_in(batch["id"], value_set=among))
        texts.update(zip(found["id"].to_pylist(), found["text"].to_pylist()))
        if len(texts) == len(wanted):
            return texts
    for record in sorted(wanted - texts.keys()):
        raise ReviewError(
            f"{records.where}: the record {record!r}, which has an issue, is not in it or is malformed. "
            "Give the records that the labels were made from."
        )
    return texts
