"""Spans as tags of tokens: both schemes there and back, and what is left out."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wslabel as ws
from wslabel.errors import ExportError
from wslabel.exporting import ExportRow
from wslabel.exporting.formats._tags import tag_faults, tagged
from wslabel.exporting.formats.base import ExportContext, Span
from wslabel.exporting.registry import load_formats

TEXT = "Ann Lee of Acme met Bo."
SPANS = (Span(0, 7, "PER"), Span(11, 15, "ORG"), Span(20, 22, "PER"))
ROW = ExportRow("a", TEXT, "", 1.0, "model", {}, {}, spans=SPANS)
FORMATS = ("conll", "token_classification")


def labels(rows: list[tuple[int, int, str]]) -> ws.SpanLabels:
    columns = [["a"] * len(rows), *map(list, zip(*rows))]
    return ws.SpanLabels(["a", "b"], [len(TEXT)] * 2, columns, ["PER", "ORG"], covered=[True, False])


@pytest.mark.parametrize(
    ("scheme", "tags"), [("iob2", "B-PER I-PER O B-ORG O B-PER O"), ("bilou", "B-PER L-PER O U-ORG O U-PER O")]
)
def test_both_schemes(scheme: str, tags: str, tmp_path: Path) -> None:
    assert " ".join(tagged("x", ROW, scheme).tags) == tags
    for name in FORMATS:
        (format,) = load_formats(name, {"scheme": scheme}).values()
        path, context = (
            tmp_path / format.files(name)[0],
            ExportContext(("PER", "ORG"), rows=lambda: [ROW], kind="spans"),
        )
        assert format.write([ROW], path, context) == 1
        assert format.validate(path, context) == []
        assert format.validate(path, ExportContext(rows=lambda: [replace(ROW, spans=())], kind="spans"))
    with pytest.raises(ExportError, match="scheme is 'iob'; expected iob2 or bilou"):
        load_formats("conll", {"scheme": "iob"})


def test_spacy_reads_what_bilou_says() -> None:
    import spacy
    from spacy.tokens import Doc
    from spacy.training import biluo_tags_to_spans

    made = tagged("x", ROW, "bilou")
    doc = Doc(spacy.blank("en").vocab, words=list(made.tokens))
    found = [(span.text, span.label_) for span in biluo_tags_to_spans(doc, list(made.tags))]
    assert found == [("Ann Lee", "PER"), ("Acme", "ORG"), ("Bo", "PER")]


def test_datasets_reads_tokens_and_tags(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    made = ws.export(labels([(0, 7, "PER")]), RECORDS, tmp_path / "out", format="token_classification")
    path = str(made.paths["token_classification"])
    found = datasets.load_dataset("json", data_files=path, split="train", cache_dir=str(tmp_path / "cache"))
    assert found[0]["tokens"] == ["Ann", "Lee", "of", "Acme", "met", "Bo", "."]
    assert found[0]["ner_tags"] == ["B-PER", "I-PER", *["O"] * 5]


RECORDS = [{"id": "a", "text": TEXT}, {"id": "b", "text": TEXT}]


@pytest.mark.parametrize("name", [*FORMATS, "spacy_docbin"])
def test_spans_that_are_no_tokens_are_left_out_counted_and_listed(name: str, tmp_path: Path) -> None:
    given = labels([(0, 5, "PER"), (11, 15, "ORG"), (16, 18, "PER")])
    made = ws.export(given, RECORDS, tmp_path, format=name)
    (warning,) = made.warnings
    assert "2 spans left out" in warning
    assert "a 0..5 PER, a 16..18 PER" in warning
    assert "2 spans left out" in made.card.read_text()
    assert made.left_out["uncovered"] == 1


@pytest.mark.parametrize("name", FORMATS)
def test_what_tags_cannot_tell_is_refused(name: str, tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="overlaps another span"):
        ws.export(labels([(0, 7, "PER"), (4, 7, "ORG")]), RECORDS, tmp_path, format=name)
    with pytest.raises(ExportError, match="uncovered|nobody labeled"):
        ws.export(labels([(0, 7, "PER")]), RECORDS, tmp_path, format=name, include_uncovered=True)


@pytest.mark.parametrize(
    ("scheme", "tags", "message"),
    [
        ("iob2", ["I-A"], "expected B-A at the start"),
        ("iob2", ["B-A", "I-B"], "expected B-B at the start"),
        ("iob2", ["U-A"], "expected O, B-LABEL or I-LABEL"),
        ("bilou", ["B-A", "O"], "expected L-A at its end"),
        ("bilou", ["B-A", "I-A"], "expected L-A at its end"),
        ("bilou", ["L-A"], "expected B-A or U-A at the start"),
        ("bilou", ["U-A", "I-A"], "expected B-A or U-A at the start"),
    ],
)
def test_wrong_tags_are_told(scheme: str, tags: list[str], message: str, tmp_path: Path) -> None:
    assert message in " ".join(fault for _, fault in tag_faults(tags, scheme))
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"id": "a", "tokens": ["x"] * len(tags), "ner_tags": tags}) + "\n")
    (format,) = load_formats("token_classification", {"scheme": scheme}).values()
    assert any(message in str(one) for one in format.validate(path, ExportContext()))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(1, 3), st.sampled_from(["A", "B"])), max_size=5))
def test_tags_give_the_spans_back(drawn: list[tuple[int, int, str]]) -> None:
    spans, at = list[Any](), 0
    for gap, size, label in drawn:
        spans.append(Span(2 * (at + gap), 2 * (at + gap + size) - 1, label))
        at += gap + size
    row = replace(ROW, text="x " * (at + 1), spans=tuple(spans))
    for scheme in ("iob2", "bilou"):
        tags = tagged("x", row, scheme).tags
        assert list(tag_faults(tags, scheme)) == []
        starts = [place for place, tag in enumerate(tags) if tag[0] in "BU"]
        assert [(2 * place, tags[place][2:]) for place in starts] == [(span.start, span.label) for span in spans]
        assert sum(tag != "O" for tag in tags) == sum(size for _, size, _ in drawn)
