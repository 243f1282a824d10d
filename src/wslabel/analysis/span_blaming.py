"""Which labeling functions led to the spans that reviewers overturned."""

from __future__ import annotations

import numpy as np

from wslabel.analysis.blaming import LFBlame, LFBlameRow
from wslabel.analysis.intervals import wilson
from wslabel.core.arrays import require_same_ids
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes

Place = tuple[str, int, int, str]


def span_blame(votes: SpanVotes, labels: SpanLabels, decided: SpanLabels) -> LFBlame:
    """Rank LFs by how many spans reviewers overturned that they had voted for.

    The rows count votes on spans where those of `lf_blame` count records: `reviewed` are votes in decided records,
    `wrong` those that are no decided span (with other boundaries or another label, too), `outvoted` those for a decided
    span that the model left out. `overturned` holds the record of each span that the LF had voted for just so, the
    model found, and the reviewers did not mark. A vote for a group of labels counts for each of them.

    Parameters
    ----------
    votes, labels
        Of the same n records; the labels before review.
    decided
        What reviewers marked in some of them, as `span_gold` makes it of `agreed_labels`.

    Raises
    ------
    VotesError
        Votes and labels hold different records.
    """
    require_same_ids(votes.ids, labels.ids, "span_blame(): votes and labels")
    known = {*decided.ids.tolist()}
    given, true = _places(labels), _places(decided)
    counts = {lf: [0, 0, 0] for lf in votes.lf_names}
    overturned: dict[str, list[Place]] = {lf: [] for lf in votes.lf_names}
    inside = np.flatnonzero(np.isin(votes.record, np.flatnonzero([one in known for one in votes.ids.tolist()])))
    for at in inside.tolist():
        lf, record = votes.lf_names[votes.lf[at]], str(votes.ids[votes.record[at]])
        name = votes.names[votes.label[at]]
        said = {(record, int(votes.start[at]), int(votes.end[at]), one) for one in votes.groups.get(name, (name,))}
        right = bool(said & true)
        counts[lf][0] += 1
        counts[lf][1] += not right
        counts[lf][2] += right and not said & given
        overturned[lf] += sorted((said & given) - true)
    return _ranked(counts, overturned)


def _places(labels: SpanLabels) -> set[Place]:
    record, start, end, label, _ = (column.tolist() for column in labels.columns())
    return set(zip(record, start, end, label))


def _ranked(counts: dict[str, list[int]], overturned: dict[str, list[Place]]) -> LFBlame:
    rows = []
    for lf, (seen, wrong, outvoted) in counts.items():
        low, high = wilson(wrong, seen) or (None, None)
        records, spans = tuple(one[0] for one in overturned[lf]), tuple(one[1:] for one in overturned[lf])
        rows.append(LFBlameRow(lf, seen, wrong, low, high, records, outvoted, spans))
    return LFBlame(tuple(sorted(rows, key=lambda row: (-len(row.overturned), -row.wrong, row.lf))))
