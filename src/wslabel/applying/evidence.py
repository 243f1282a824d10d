"""Evidence: what each labeling function says of one record, and where in the text it says it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wslabel.applying.kernel import FAULTS, Kernel
from wslabel.applying.shards import Shard
from wslabel.applying.stored import StoredVotes
from wslabel.authoring import LabelingFunction, Task
from wslabel.authoring.matchers import Matcher, Span
from wslabel.core.files import write_atomically
from wslabel.core.readers import build_columns
from wslabel.core.spans import joined
from wslabel.core.votes import Votes
from wslabel.errors import CorpusError, VotesError
from wslabel.suites import Suite, as_suite

SPANS = pa.schema(
    [
        ("record", pa.int64()),
        ("id", pa.string()),
        ("lf", pa.string()),
        ("column", pa.string()),
        ("start", pa.int32()),
        ("end", pa.int32()),
        ("entity", pa.string()),
    ]
)


@dataclass(frozen=True)
class Evidence:
    """What an LF says of a record.

    Attributes
    ----------
    lf
        The LF's name.
    vote
        The label; None when it abstains or fails.
    column
        The column that `spans` refer to.
    spans
        (start, end) in characters of that column as it came, end exclusive: what a matcher found. Empty for
        Python functions, which do not say where they looked.
    error
        How the LF failed; empty when it did not.
    entities
        For each span the ids of all known entities that it may name; empty where the LF has no table of them.
    """

    lf: str
    vote: str | None
    column: str = "text"
    spans: tuple[Span, ...] = ()
    error: str = ""
    entities: tuple[tuple[str, ...], ...] = ()


def explain(
    suite: Suite | str | LabelingFunction | Sequence[LabelingFunction],
    record: str | Mapping[str, Any],
    task: Task | None = None,
) -> list[Evidence]:
    """Return what each LF says of one record.

    Parameters
    ----------
    suite
        A suite or its name, or LFs as in a notebook cell.
    record
        A text, or a mapping from column to value.
    task
        The task of LFs that do not come from a suite; by default their votes tell it.

    Returns
    -------
    list of Evidence
        In the suite's order, abstaining LFs included; in a task of the kind ``spans`` one for each label that an LF
        votes, with the spans.

    Raises
    ------
    LabelingFunctionError
        An LF reads a column that the record does not have.
    CorpusError
        A value of the record cannot be read, for example as it is not valid UTF-8.

    Examples
    --------
    >>> from wslabel.authoring import keywords
    >>> cuts = keywords("job_cuts", votes="bad", any_of=["job cuts", "layoffs"])
    >>> explain(cuts, "No job cuts, no layoffs", Task("demo", ["bad", "good"]))
    [Evidence(lf='job_cuts', vote='bad', column='text', spans=((3, 11), (16, 23)), error='', entities=())]
    """
    own = as_suite(suite, task)
    values = {"text": record} if isinstance(record, str) else dict(record)
    chunk = build_columns([(1, values)], list(values), "the record")
    if chunk.bad:
        raise CorpusError(f"The record cannot be read: {chunk.bad[0].reason}.")
    voted = Kernel(own).vote(pa.RecordBatch.from_pydict({"id": pa.array(["record"]), **chunk.columns}))
    errors = {fault["lf"]: fault["error"] for fault in voted[FAULTS][0].as_py() or ()}
    if own.task.kind == "spans":
        return [one for lf in own.lfs for one in _span_evidence(lf, voted[lf.name][0].as_py(), own, values, errors)]
    return [_evidence(lf, voted[lf.name][0].as_py(), own, values, errors.get(lf.name, "")) for lf in own.lfs]


def write_evidence(path: Path, suite: Suite, shards: Iterable[Shard], votes: StoredVotes) -> None:
    """Write where the matchers of LFs found what they voted for, in the columns of the corpus.

    Parameters
    ----------
    path
        A Parquet file with a row a span: ``record`` (its number), ``id``, ``lf``, ``column``, ``start`` and ``end``
        (characters of the column as it came, end exclusive), and ``entity`` (the ids of what a gazetteer found, with
        ``|`` between several, else ""), by record and then by LF.
    shards, votes
        The records, and the votes on them.
    """
    matching = [(column, lf) for column, lf in enumerate(suite.lfs) if lf.matcher is not None]

    def write(beside: Path) -> None:
        with pq.ParquetWriter(beside, SPANS, compression="zstd") as writer:
            for shard, (first, block) in zip(shards, votes.blocks(), strict=True):
                writer.write_batch(_spans(shard.batch, first, block, matching))

    write_atomically(path, write, VotesError)


def _spans(
    batch: pa.RecordBatch, first: int, block: Votes, matching: Sequence[tuple[int, LabelingFunction]]
) -> pa.RecordBatch:
    found = []
    ids = batch["id"]
    for column, lf in matching:
        matcher = cast(Matcher, lf.matcher)
        if matcher.column not in batch.schema.names:  # a preprocessor makes it
            continue
        rows = np.flatnonzero(block[:, column] >= 0)
        values = batch[matcher.column].take(pa.array(rows)).to_pylist()
        for row, value in zip(rows.tolist(), values):
            for start, end in matcher.spans(value):
                entity = joined(lf.entities(value[start:end]))
                found.append((row, column, lf.name, matcher.column, start, end, entity))
    found.sort(key=lambda one: (one[0], one[1], one[4:]))
    told = [(first + row, ids[row].as_py(), lf, column, *span) for row, _, lf, column, *span in found]
    columns = zip(*told) if told else [()] * len(SPANS)
    arrays = [pa.array(list(values), field.type) for values, field in zip(columns, SPANS)]
    return pa.RecordBatch.from_arrays(arrays, schema=SPANS)


def _span_evidence(
    lf: LabelingFunction,
    found: Sequence[Mapping[str, int]],
    suite: Suite,
    values: Mapping[str, Any],
    errors: Mapping[str, str],
) -> list[Evidence]:
    """Return what an LF says of spans: an entry for each label that it votes."""
    by_label: dict[int, list[Span]] = {}
    for one in found:
        by_label.setdefault(one["label"], []).append((one["start"], one["end"]))
    if not by_label:
        return [Evidence(lf.name, None, "text", (), errors.get(lf.name, ""))]
    names = suite.task.votable
    return [
        Evidence(lf.name, names[label], "text", tuple(spans), "", _entities(lf, values["text"], spans))
        for label, spans in sorted(by_label.items())
    ]


def _evidence(lf: LabelingFunction, vote: int, suite: Suite, values: Mapping[str, Any], error: str) -> Evidence:
    if vote < 0:
        return Evidence(lf.name, None, lf.columns[0], (), error)
    seen = None if lf.matcher is None else values.get(lf.matcher.column)  # it may read what a preprocessor makes
    spans = () if lf.matcher is None or seen is None else tuple(lf.matcher.spans(seen))
    return Evidence(lf.name, suite.task.labels[vote], lf.columns[0], spans, "", _entities(lf, seen, spans))


def _entities(lf: LabelingFunction, value: Any, spans: Iterable[Span]) -> tuple[tuple[str, ...], ...]:
    return () if lf.knowledge is None else tuple(lf.entities(value[start:end]) for start, end in spans)
