"""Error analysis: where labels differ from gold, and which LFs made them do so."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from wslabel.analysis.intervals import wilson
from wslabel.analysis.plain import aligned, in_words, share
from wslabel.analysis.summary import check_same_records
from wslabel.core.arrays import Ints
from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels
from wslabel.core.multilabel import ABSENT, PROBLEM, MultiLabels, split_gold, split_votes
from wslabel.core.votes import VoteMatrix

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class LFErrors:
    """One LF's votes for one label, against gold.

    Attributes
    ----------
    lf, label
        The LF, and the label it votes.
    votes
        The number of such votes.
    gold_votes, right
        Those that meet gold, and those of them that equal it.
    accuracy, low, high
        The share of right ones with the ends of its Wilson interval (95 %); None where no vote meets gold.
    carried
        Records that have this wrong label, with this LF among those that voted it.
    alone
        Those of them on which no other LF voted it.
    """

    lf: str
    label: str
    votes: int
    gold_votes: int
    right: int
    accuracy: float | None
    low: float | None
    high: float | None
    carried: int
    alone: int


@dataclass(frozen=True)
class ErrorAnalysis:
    """Labels crossed with gold.

    Attributes
    ----------
    n, wrong
        Records with gold, and those whose label differs.
    confusions
        (gold label, given label, ids of the records), the most frequent first.
    lfs
        A row an LF and label, those that carry the most errors first.
    unvoted
        Wrong records whose label no LF voted: the end model's errors, or those of the class balance.
    """

    n: int
    wrong: int
    confusions: tuple[tuple[str, str, tuple[str, ...]], ...]
    lfs: tuple[LFErrors, ...]
    unvoted: int

    def to_pandas(self) -> pd.DataFrame:
        """Return the rows of `lfs`; what is unknown is NaN."""
        import pandas as pd

        frame = pd.DataFrame([asdict(row) for row in self.lfs], columns=list(LFErrors.__dataclass_fields__))
        return frame.astype({"accuracy": "float64", "low": "float64", "high": "float64"})

    def confusions_to_pandas(self) -> pd.DataFrame:
        """Return gold, given, the number of records and their ids."""
        import pandas as pd

        rows = [(gold, given, len(ids), list(ids)) for gold, given, ids in self.confusions]
        return pd.DataFrame(rows, columns=["gold", "given", "records", "ids"])

    def __str__(self) -> str:
        rows = self.lfs
        columns = [
            ["LF", *[in_words(row.lf) for row in rows]],
            ["label", *[in_words(row.label) for row in rows]],
            ["accuracy", *["unknown" if row.accuracy is None else share(row.accuracy) for row in rows]],
            ["95 %", *["" if row.low is None else f"{row.low:.2f}-{row.high:.2f}" for row in rows]],
            ["n", *[str(row.gold_votes) for row in rows]],
            ["carried", *[str(row.carried) for row in rows]],
            ["alone", *[str(row.alone) for row in rows]],
        ]
        pairs = [f"{gold} taken for {given}: {len(ids)}" for gold, given, ids in self.confusions]
        head = f"{self.wrong} of {self.n} records with gold are wrong; of {self.unvoted} no LF voted the label."
        return "\n".join([head, *pairs, "", *aligned(columns, left={0, 1})])


def error_analysis(votes: VoteMatrix, labels: Labels | MultiLabels, gold: Any) -> ErrorAnalysis:
    """Cross gold with labels, and list which LFs carry the errors.

    Parameters
    ----------
    votes
        The votes of m LFs on n records.
    labels
        Labels of the same records.
    gold
        As in `summarize`.

    Returns
    -------
    ErrorAnalysis
        In a multi-label task of all decisions, a record and a label each: `n` and `wrong` count those.

    Raises
    ------
    VotesError
        Gold labels outside the task, or labels of other records or of another task.

    Examples
    --------
    >>> votes = VoteMatrix.from_array([[0, 1], [0, -1], [0, -1]], labels=["ham", "spam"])
    >>> labels = Labels(votes.ids, [[0.9, 0.1]] * 3, votes.labels)
    >>> found = error_analysis(votes, labels, ["spam", "ham", None])
    >>> found.wrong, [(row.lf, row.carried, row.alone, row.accuracy) for row in found.lfs]
    (1, [('lf_0', 1, 1, 0.5), ('lf_1', 0, 0, 1.0)])
    """
    if isinstance(labels, MultiLabels):
        return _analyse_each(votes, labels, gold)
    check_same_records(votes, labels)
    known, given = align_gold(gold, votes.ids, votes.labels).astype(np.int64), labels.hard_indices()
    wrong = np.flatnonzero((known >= 0) & (known != given))
    said = votes.votes[wrong] == given[wrong, None] if len(wrong) else np.zeros((0, votes.m), np.bool_)
    rows = [row for j in range(votes.m) for row in _lf_rows(votes, j, known, given[wrong], said)]
    rows.sort(key=lambda row: (-row.carried, -row.alone, row.lf, row.label))
    confusions = _confusions(votes, known, given, wrong)
    return ErrorAnalysis(int((known >= 0).sum()), len(wrong), confusions, tuple(rows), int((~said.any(axis=1)).sum()))


def _analyse_each(votes: VoteMatrix, labels: MultiLabels, gold: Any) -> ErrorAnalysis:
    known = split_gold(gold, labels.labels, votes.ids)
    n, wrong, unvoted = 0, 0, 0
    confusions: list[tuple[str, str, tuple[str, ...]]] = []
    rows: list[LFErrors] = []
    for name, some in split_votes(votes).items():
        found = error_analysis(some, labels.problem(name), known[name])
        said = {PROBLEM[0]: ABSENT + name, PROBLEM[1]: name}
        n, wrong, unvoted = n + found.n, wrong + found.wrong, unvoted + found.unvoted
        confusions += [(said[true], said[given], ids) for true, given, ids in found.confusions]
        rows += [replace(row, label=said[row.label]) for row in found.lfs]
    confusions.sort(key=lambda one: (-len(one[2]), one[0], one[1]))
    rows.sort(key=lambda row: (-row.carried, -row.alone, row.lf, row.label))
    return ErrorAnalysis(n, wrong, tuple(confusions), tuple(rows), unvoted)


def _lf_rows(votes: VoteMatrix, j: int, known: Ints, given: Ints, said: np.ndarray) -> list[LFErrors]:
    column, rows = votes.votes[:, j], []
    single = said.sum(axis=1) == 1
    for k in np.unique(column[column >= 0]).tolist():
        voted = column == k
        met, right = int((voted & (known >= 0)).sum()), int((voted & (known == k)).sum())
        low, high = wilson(right, met) or (None, None)
        carried = said[:, j] & (given == k)
        counts = int(voted.sum()), met, right
        accuracy = right / met if met else None
        rows.append(
            LFErrors(
                votes.lf_names[j], votes.labels[k], *counts, accuracy, low, high,
                int(carried.sum()), int((carried & single).sum()),
            )
        )  # fmt: skip
    return rows


def _confusions(
    votes: VoteMatrix, known: Ints, given: Ints, wrong: Ints
) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    pairs: dict[tuple[int, int], list[str]] = {}
    for row in wrong.tolist():
        pairs.setdefault((int(known[row]), int(given[row])), []).append(votes.ids[row])
    order = sorted(pairs, key=lambda pair: (-len(pairs[pair]), pair))
    return tuple((votes.labels[gold], votes.labels[label], tuple(pairs[gold, label])) for gold, label in order)
