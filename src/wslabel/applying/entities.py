"""Which known entities votes on spans name."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wslabel.applying.evidence import SPANS
from wslabel.applying.shards import Shard
from wslabel.applying.stored import EVIDENCE
from wslabel.authoring import LabelingFunction
from wslabel.core.files import write_atomically
from wslabel.core.spans import SpanVotes, joined
from wslabel.errors import VotesError
from wslabel.suites import Suite


def with_entities(votes: SpanVotes, suite: Suite, shards: Iterable[Shard]) -> SpanVotes:
    """Return the votes with the ids of what gazetteers found; the shards are read once more if there is one."""
    known = [suite.lf(name) for name in votes.lf_names]
    asked = np.isin(votes.lf, [place for place, lf in enumerate(known) if lf.knowledge is not None])
    if not asked.any():
        return votes
    entity, first = votes.entity.copy(), 0
    for shard in shards:
        begin, end = np.searchsorted(votes.record, [first, first + len(shard.batch)]).tolist()
        rows = begin + np.flatnonzero(asked[begin:end])
        _fill(entity, votes, rows.tolist(), first, shard.batch["text"].to_pylist(), known)
        first += len(shard.batch)
    return votes.with_entities(entity)


def write_entities(folder: Path, votes: SpanVotes) -> None:
    """Write the votes whose ids are known, in the form of `write_evidence`; no file where there are none."""
    rows, path = np.flatnonzero(votes.entity != ""), folder / EVIDENCE
    if not len(rows):
        path.unlink(missing_ok=True)
        return
    columns = {
        "record": votes.record[rows],
        "id": votes.ids[votes.record[rows]],
        "lf": np.array(votes.lf_names, object)[votes.lf[rows]],
        "column": np.full(len(rows), "text", object),
        "start": votes.start[rows],
        "end": votes.end[rows],
        "entity": votes.entity[rows],
    }
    table = pa.table({name: pa.array(column, SPANS.field(name).type) for name, column in columns.items()})
    write_atomically(path, lambda beside: pq.write_table(table, beside, compression="zstd"), VotesError)


def _fill(
    entity: np.ndarray[tuple[int], np.dtype[np.object_]],
    votes: SpanVotes,
    rows: list[int],
    first: int,
    texts: list[str | None],
    lfs: list[LabelingFunction],
) -> None:
    for row in rows:
        text = texts[votes.record[row] - first] or ""
        entity[row] = joined(lfs[votes.lf[row]].entities(text[votes.start[row] : votes.end[row]]))
