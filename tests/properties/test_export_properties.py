from __future__ import annotations

import csv
import json
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
from hypothesis import given, settings
from hypothesis import strategies as st

from wslabel.core.cells import harmless, original
from wslabel.core.labels import Labels
from wslabel.core.records import read_records
from wslabel.exporting import export

ODD = st.sampled_from(
    ["\r", "\n", "\r\n", '"', "'", ",", "=", "+", "\t", "\x00", "\u2028", "\x85", "\u202e", "👩🏽‍⚕️", "\ufeff"]
)
TEXT = st.lists(st.one_of(ODD, st.text(st.characters(exclude_categories=["Cs"]), max_size=8)), max_size=6).map("".join)


@st.composite
def cases(draw: st.DrawFn, least: int = 0) -> tuple[list[dict[str, Any]], Labels]:
    names = draw(st.lists(TEXT.filter(bool), min_size=2, max_size=4, unique=True))
    texts = draw(st.lists(TEXT.filter(lambda text: len(text) >= least), min_size=1, max_size=8))
    n = len(texts)
    notes = draw(st.lists(st.none() | TEXT, min_size=n, max_size=n))
    rows = [{"id": f"{i}{draw(TEXT)}", "text": text, "note": note} for i, (text, note) in enumerate(zip(texts, notes))]
    raw = np.array([[draw(st.floats(0.01, 1)) for _ in names] for _ in rows])
    probs = raw / raw.sum(axis=1, keepdims=True)
    return rows, Labels([row["id"] for row in rows], probs, names)


@settings(max_examples=60, deadline=None)
@given(cases())
def test_tables_give_back_what_was_exported(case: tuple[list[dict[str, Any]], Labels]) -> None:
    rows, labels = case
    with tempfile.TemporaryDirectory() as folder:
        result = export(labels, read_records(rows), folder, ["csv", "parquet"])
        found = pq.read_table(result.paths["parquet"]).to_pylist()
        with result.paths["csv"].open(encoding="utf-8", newline="") as file:
            header, *cells = [[original(cell) for cell in line] for line in csv.reader(file)]
    assert [(row["id"], row["text"], row["note"]) for row in found] == [tuple(row.values()) for row in rows]
    assert [row["label"] for row in found] == labels.hard().tolist()
    assert np.array_equal([[row[f"p_{name}"] for name in labels.labels] for row in found], labels.probs)
    plain = [dict(zip(header, line)) for line in cells]
    assert [(row["id"], row["text"], row["note"]) for row in plain] == [
        (row["id"], row["text"], row["note"] or "") for row in rows
    ]
    assert [float(row["confidence"]) for row in plain] == labels.confidence.tolist()


@settings(max_examples=60, deadline=None)
@given(cases(least=1))
def test_chat_examples_give_back_text_and_label(case: tuple[list[dict[str, Any]], Labels]) -> None:
    rows, labels = case
    with tempfile.TemporaryDirectory() as folder:
        path = export(labels, read_records(rows), folder).paths["openai_chat"]
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    pairs = [[message["content"] for message in json.loads(line)["messages"][1:]] for line in lines]
    assert pairs == [[row["text"], label] for row, label in zip(rows, labels.hard())]


@given(TEXT)
def test_neutralising_is_undone_and_leaves_no_formula(text: str) -> None:
    cell = harmless(text)
    assert original(cell) == text
    assert cell[:1] not in [*"=+-@\t\r\n＝＋－＠"] or not cell


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_record_is_exported_or_counted(data: st.DataObject) -> None:
    n = data.draw(st.integers(1, 12))
    flags = st.lists(st.booleans(), min_size=n, max_size=n)
    labeled, covered = np.array(data.draw(flags)), np.array(data.draw(flags))
    labeled[0] = True
    source = np.array(
        data.draw(st.lists(st.sampled_from(["model", "human", "gold"]), min_size=n, max_size=n)), dtype=object
    )
    source[0] = "human"
    share = np.array(data.draw(st.lists(st.floats(0, 1), min_size=n, max_size=n)))
    least, uncovered = data.draw(st.floats(0, 1)), data.draw(st.booleans())
    rows = np.flatnonzero(labeled)
    probs = np.stack([share, 1 - share], 1)
    labels = Labels([str(i) for i in rows], probs[rows], ["x", "y"], covered[rows], source[rows])
    with tempfile.TemporaryDirectory() as folder:
        records = read_records([{"id": str(i), "text": "t"} for i in range(n)])
        result = export(labels, records, folder, "parquet", min_confidence=least, include_uncovered=uncovered)
        found = pq.read_table(result.paths["parquet"])["id"].to_pylist()
    model = source == "model"
    kept = labeled & (~model | ((covered | uncovered) & (probs.max(axis=1) >= least)))
    assert found == [str(i) for i in np.flatnonzero(kept)]
    assert result.read == n == result.exported + sum(result.left_out.values())
    assert result.left_out["no label"] == (~labeled).sum()
    assert result.left_out["uncovered"] == (0 if uncovered else (labeled & model & ~covered).sum())
    assert sum(result.by_label.values()) == sum(result.by_source.values()) == result.exported
