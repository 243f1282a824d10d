"""The leak audit: what splits still share, however they were made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wslabel.core.arrays import Floats, Ids
from wslabel.core.decisions import NO_SPAN
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.records import read_records
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ExportError, suggest
from wslabel.exporting.splits.buckets import shared_keys
from wslabel.exporting.splits.facts import NO_VALUE, Facts, gathered
from wslabel.exporting.splits.plan import split_order
from wslabel.exporting.splits.value import NOWHERE, Splits
from wslabel.exporting.splits.words import Hashes, Places

if TYPE_CHECKING:
    import pandas as pd

LIMIT = 1000
"""Findings of a kind that are listed; all are counted."""
EXACT, NEAR, RUN = "exact", "near", "run of words"


@dataclass(frozen=True)
class Leak:
    """A record that shares something with a record of another split, or contradicts another record.

    Attributes
    ----------
    kind
        ``exact`` (the same words), ``near``, ``run of words``, ``group COLUMN``; of conflicts ``exact`` or ``near``.
    id, split
        The record in the later split.
    other, other_split
        One record of an earlier split with which it shares it.
    similarity
        1 for equal words, an estimate for near-duplicates, None for other kinds.
    label, other_label
        Of conflicts.
    """

    kind: str
    id: str
    split: str
    other: str
    other_split: str
    similarity: float | None = None
    label: str = ""
    other_label: str = ""


@dataclass(frozen=True)
class LeakAudit:
    """What the splits of a corpus still share.

    Attributes
    ----------
    counts
        By kind: the records of later splits that share something with an earlier one, by ``earlier → later``.
    leaks
        These records, at most `LIMIT` of a kind unless asked otherwise, in the order of the corpus.
    conflicts
        Records whose label is not that of an equal or nearly equal text, wherever both are.
    conflict_counts
        By kind: how many there are.
    sizes
        The number of records in each split.
    settings
        What was looked for.
    """

    counts: Mapping[str, Mapping[str, int]]
    leaks: tuple[Leak, ...]
    conflicts: tuple[Leak, ...]
    conflict_counts: Mapping[str, int]
    sizes: Mapping[str, int]
    settings: Mapping[str, Any]

    @property
    def clean(self) -> bool:
        """Whether no split shares a group, an equal or a nearly equal text with another."""
        return not any(sum(found.values()) for kind, found in self.counts.items() if kind != RUN)

    def rows(self) -> list[dict[str, Any]]:
        """Return one row a kind and pair of splits, for a table."""
        return [
            {"shared": kind, "between": pair, "records": count}
            for kind, found in self.counts.items()
            for pair, count in (found or {"any": 0}).items()
        ]

    def facts(self) -> dict[str, Any]:
        """Return the audit as JSON values."""
        listed = [{key: value for key, value in vars(leak).items() if value not in (None, "")} for leak in self.leaks]
        wrong = [
            {key: value for key, value in vars(leak).items() if value not in (None, "")} for leak in self.conflicts
        ]
        return {
            "clean": self.clean,
            "settings": dict(self.settings),
            "sizes": dict(self.sizes),
            "shared": {kind: dict(found) for kind, found in self.counts.items()},
            "conflicting labels": dict(self.conflict_counts),
            "leaks": listed,
            "conflicts": wrong,
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return one row a listed leak or conflict."""
        import pandas as pd

        listed = [*(("leak", leak) for leak in self.leaks), *(("conflict", leak) for leak in self.conflicts)]
        return pd.DataFrame([{"finding": what, **vars(leak)} for what, leak in listed])


def audit_splits(
    records: Any,
    splits: Splits | Mapping[str, str] | str,
    *,
    groups: Sequence[str] = (),
    labels: Labels | MultiLabels | SpanLabels | str | None = None,
    near: float = 0.5,
    run_length: int | None = 13,
    limit: int | None = LIMIT,
) -> LeakAudit:
    """Look for what splits share; the corpus is read once.

    Parameters
    ----------
    records
        `Records`, or what `wslabel.read_records` takes.
    splits
        The splits; or the split's name by record id; or the column that names it.
    groups
        Columns whose values should stand in one split only.
    labels
        Labels, or the column of label names, to look for equal texts with different ones; of spans their labels
        are compared, in the order of the text.
    near
        The least similarity of near-duplicates, as in `SplitPlan`.
    run_length
        A run of so many words in two splits counts as shared (13 as in Brown et al. 2020, appendix C);
        None: runs are not looked for. Records that are listed as exact or near are not listed again.
    limit
        Findings of a kind that are listed; None: all.

    Raises
    ------
    ExportError
        A column that is not there.
    """
    corpus = read_records(records)
    column = [splits] if isinstance(splits, str) else []
    label_column = [labels] if isinstance(labels, str) else []
    wanted = list(dict.fromkeys([*groups, *column, *label_column]))
    texts = _values(corpus, [*column, *label_column])
    with gathered(corpus, columns=wanted, run_length=run_length) as facts:
        names, codes = _codes(facts.ids, splits, texts)
        said = _label_names(facts.ids, labels, texts)
        near_pairs = _near_pairs(facts, codes, said, near)
        found = {EXACT: _shared(facts.texts, codes), NEAR: _leaning(*near_pairs, codes)}
        for name in groups:
            found[f"group {name}"] = _shared(facts.columns[name], codes, facts.columns[name] != NO_VALUE)
        if run_length:
            found[RUN] = _without(_runs(facts, codes), [found[EXACT][0], found[NEAR][0]])
    conflicts = {EXACT: _contradicting(facts.texts, said), NEAR: _near_conflicts(*near_pairs, said)}
    listing = _Listing(facts.ids, names, codes, said, limit)
    return LeakAudit(
        {kind: listing.counts(*pairs[:2]) for kind, pairs in found.items()},
        tuple(leak for kind, pairs in found.items() for leak in listing.leaks(kind, *pairs)),
        tuple(leak for kind, pairs in conflicts.items() for leak in listing.leaks(kind, *pairs, said=True)),
        {kind: len(pairs[0]) for kind, pairs in conflicts.items()} if labels is not None else {},
        dict(zip(names, np.bincount(codes[codes >= 0], minlength=len(names)).tolist())),
        {"near": near, "groups": list(groups), "run of words": run_length or 0},
    )


Pairs = tuple[Places, Places, Floats]


def _near_pairs(facts: Facts, codes: Places, said: Any, least: float) -> Pairs:
    """Return near pairs that are of two splits or of two labels, one row standing for its copies on its side."""
    assert facts.sketches is not None
    answer = np.unique(np.array(["" if one is None else one for one in said]), return_inverse=True)[1]
    side = (codes.astype(np.int64) + 1) * (int(answer.max(initial=0)) + 1) + answer
    rows = np.unique(np.stack([facts.texts, side.astype(np.uint64)]), axis=1, return_index=True)[1]
    left, right, alike = facts.sketches.pairs(rows, least, side[rows])
    other = facts.texts[left] != facts.texts[right]
    return left[other], right[other], alike[other]


def _shared(keys: Hashes, codes: Places, known: Any = None) -> Pairs:
    """Return for each key in more than one split its rows outside the first of them, each with a row inside."""
    inside = codes >= 0 if known is None else (codes >= 0) & known
    rows = np.flatnonzero(inside)
    return _across(*shared_keys(keys[rows], rows), codes)


def _across(bucket: Places, rows: Places, codes: Places) -> Pairs:
    order = np.lexsort((rows, codes[rows], bucket))
    bucket, rows = bucket[order], rows[order]
    _, first, count = np.unique(bucket, return_index=True, return_counts=True)
    heads = np.repeat(rows[first], count)
    later = codes[rows] != codes[heads]
    return rows[later], heads[later], np.ones(int(later.sum()))


def _leaning(left: Places, right: Places, alike: Floats, codes: Places) -> Pairs:
    """Return for each row of a later split its likest row of an earlier one."""
    inside = (codes[left] >= 0) & (codes[right] >= 0) & (codes[left] != codes[right])
    left, right, alike = left[inside], right[inside], alike[inside]
    swap = codes[left] > codes[right]
    later, earlier = np.where(swap, left, right), np.where(swap, right, left)
    order = np.lexsort((earlier, -alike, later))
    first = np.unique(later[order], return_index=True)[1]
    return later[order][first], earlier[order][first], alike[order][first]


def _runs(facts: Facts, codes: Places) -> Pairs:
    assert facts.runs is not None
    parts = [(np.zeros(0, np.int64), np.zeros(0, np.int64))]
    for bucket, rows in facts.runs.shared():
        inside = codes[rows] >= 0
        later, earlier, _ = _across(bucket[inside], rows[inside], codes)
        first = np.unique(later, return_index=True)[1]
        parts.append((later[first], earlier[first]))
    later, earlier = (np.concatenate([part[side] for part in parts]) for side in (0, 1))
    first = np.unique(later, return_index=True)[1]
    return later[first], earlier[first], np.full(len(first), np.nan)


def _without(pairs: Pairs, listed: list[Places]) -> Pairs:
    new = ~np.isin(pairs[0], np.concatenate(listed))
    return pairs[0][new], pairs[1][new], pairs[2][new]


def _contradicting(keys: Hashes, said: Any) -> Pairs:
    """Return for each text with more than one label the rows whose label is not that of its first row."""
    rows = np.flatnonzero([one is not None for one in said])
    bucket, inside = shared_keys(keys[rows], rows)
    _, first, count = np.unique(bucket, return_index=True, return_counts=True)
    heads = np.repeat(inside[first], count)
    other = np.array([said[a] != said[b] for a, b in zip(inside.tolist(), heads.tolist())], np.bool_)
    return inside[other], heads[other], np.ones(int(other.sum()))


def _near_conflicts(left: Places, right: Places, alike: Floats, said: Any) -> Pairs:
    other = np.array(
        [None not in (said[a], said[b]) and said[a] != said[b] for a, b in zip(left.tolist(), right.tolist())], np.bool_
    )
    later, earlier = np.maximum(left, right)[other], np.minimum(left, right)[other]
    order = np.lexsort((earlier, later))
    return later[order], earlier[order], alike[other][order]


def _values(corpus: Any, columns: Sequence[str]) -> dict[str, list[str | None]]:
    """Return the values of columns as text; null where blank."""
    for name in columns:
        if name not in corpus.columns:
            raise ExportError(f"{corpus.where}: there is no column {name!r}. {suggest(name, corpus.columns)}")
    found: dict[str, list[str | None]] = {name: [] for name in columns}
    for batch in corpus.batches() if columns else ():
        for name in found:
            found[name] += [str(value) if value not in (None, "") else None for value in batch[name].to_pylist()]
    return found


def _codes(
    ids: Ids, splits: Splits | Mapping[str, str] | str, texts: Mapping[str, list[str | None]]
) -> tuple[tuple[str, ...], Places]:
    if isinstance(splits, Splits):
        by_id = splits.by_id()
        return splits.names, np.array([by_id.get(record, NOWHERE) for record in ids], np.int64)
    named = texts[splits] if isinstance(splits, str) else [splits.get(record) for record in ids]
    names = sorted({name for name in named if name}, key=split_order)
    place = {name: code for code, name in enumerate(names)}
    return tuple(names), np.array([place[name] if name else NOWHERE for name in named], np.int64)


def _label_names(
    ids: Ids, labels: Labels | MultiLabels | SpanLabels | str | None, texts: Mapping[str, list[str | None]]
) -> Any:
    if labels is None:
        return np.full(len(ids), None, dtype=object)
    if isinstance(labels, str):
        return np.array(texts[labels], dtype=object)
    by_id = _labels_in_order(labels) if isinstance(labels, SpanLabels) else dict(zip(labels.ids, labels.hard()))
    return np.array([by_id.get(record) for record in ids], dtype=object)


def _labels_in_order(labels: SpanLabels) -> dict[str, str]:
    """Return the labels of each record's spans: offsets differ where near-duplicates do."""
    return {record: ", ".join(one.label for one in spans) or NO_SPAN for record, spans in labels.by_id().items()}


@dataclass(frozen=True)
class _Listing:
    ids: Ids
    names: tuple[str, ...]
    codes: Places
    said: Any
    limit: int | None

    def counts(self, later: Places, earlier: Places) -> dict[str, int]:
        pairs, count = np.unique(np.stack([self.codes[earlier], self.codes[later]], axis=1), axis=0, return_counts=True)
        return {f"{self.names[a]} → {self.names[b]}": int(many) for (a, b), many in zip(pairs.tolist(), count)}

    def leaks(self, kind: str, later: Places, earlier: Places, alike: Floats, said: bool = False) -> list[Leak]:
        order = np.lexsort((earlier, later))[: self.limit]
        return [
            Leak(
                kind,
                self.ids[a],
                self._split(a),
                self.ids[b],
                self._split(b),
                round(share, 3) if kind in (EXACT, NEAR) else None,
                *((self.said[a], self.said[b]) if said else ()),
            )
            for a, b, share in zip(later[order].tolist(), earlier[order].tolist(), alike[order].tolist())
        ]

    def _split(self, row: int) -> str:
        return "" if self.codes[row] < 0 else self.names[self.codes[row]]
