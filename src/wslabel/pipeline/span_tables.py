"""Labeled spans and out-of-sample probabilities of tokens as Parquet files, a row a record."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wslabel.core.files import write_atomically
from wslabel.core.span_labels import SpanLabels
from wslabel.core.tokens import SpanOutOfSample, Tokens
from wslabel.errors import PipelineError

FACTS = b"spans"
SPAN = pa.struct([("start", pa.int64()), ("end", pa.int64()), ("label", pa.string()), ("probability", pa.float64())])


def write_labels(labels: SpanLabels, path: Path) -> None:
    """Write columns id, length (of the text), covered, source and spans: start, end, label and probability of each."""
    spans = [
        [{"start": one.start, "end": one.end, "label": one.label, "probability": one.probability} for one in some]
        for some in labels.by_id().values()
    ]
    columns = {
        "id": pa.array(labels.ids, pa.string()),
        "length": pa.array(labels.lengths),
        "covered": pa.array(labels.covered),
        "source": pa.array(labels.source, pa.string()),
        "spans": pa.array(spans, pa.list_(SPAN)),
    }
    facts = {"labels": labels.labels, "corroboration": labels.corroboration}
    _write(pa.table(columns).replace_schema_metadata({FACTS: json.dumps(facts).encode()}), path)


def holds_spans(table: pa.Table) -> bool:
    """Tell whether a table is one that `write_labels` wrote."""
    return FACTS in (table.schema.metadata or {})


def labels_of(table: pa.Table) -> SpanLabels:
    """Return what `write_labels` wrote."""
    facts, ids = json.loads(table.schema.metadata[FACTS]), table["id"].to_pylist()
    rows = [
        (record, one["start"], one["end"], one["label"], one["probability"])
        for record, some in zip(ids, table["spans"].to_pylist())
        for one in some
    ]
    columns = [list(column) for column in zip(*rows)] or [[], [], [], [], []]
    covered, source = table["covered"].to_numpy(), table["source"].to_pylist()
    lengths = table["length"].to_numpy()
    return SpanLabels(ids, lengths, columns, facts["labels"], covered, source, facts["corroboration"])


def write_held_out(held: SpanOutOfSample, path: Path) -> None:
    """Write columns id, fold and probs: of each token of the text 2K+1 probabilities, one behind another."""
    width = 2 * len(held.labels) + 1
    probs = pa.ListArray.from_arrays(pa.array(held.tokens.first * width, pa.int32()), pa.array(held.probs.ravel()))
    columns = {"id": pa.array(held.ids, pa.string()), "fold": pa.array(held.folds), "probs": probs}
    facts = json.dumps({"labels": held.labels}).encode()
    _write(pa.table(columns).replace_schema_metadata({FACTS: facts}), path)


def held_out_of(table: pa.Table, texts: Sequence[str]) -> SpanOutOfSample:
    """Return what `write_held_out` wrote; `texts` are those of its records."""
    names = json.loads(table.schema.metadata[FACTS])["labels"]
    flat = table["probs"].combine_chunks().flatten().to_numpy(zero_copy_only=False)
    probs = np.array(flat, np.float64).reshape(-1, 2 * len(names) + 1)
    ids = np.array(table["id"].to_pylist(), object)
    return SpanOutOfSample(ids, Tokens.of(texts), probs, table["fold"].to_numpy(), names)


def _write(table: pa.Table, path: Path) -> None:
    write_atomically(path, lambda beside: pq.write_table(table, beside, compression="zstd"), PipelineError)
