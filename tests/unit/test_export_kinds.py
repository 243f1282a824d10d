"""Several labels a record, and spans, through `export`: what holds them does, what does not refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

import wslabel as ws
from conftest import ROOT
from wslabel.core.multilabel import PROBLEM, MultiLabels
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ExportError
from wslabel.exporting import format_names
from wslabel.exporting.registry import load_formats

TEXTS = ["Ann met Bo in Rome.", "Nothing here.", "Bo, é and 👩🏽‍⚕️ of Oslo", "left alone"]
ROWS = [{"id": f"r{i}", "text": text} for i, text in enumerate(TEXTS)]


def several() -> MultiLabels:
    late = ws.Labels(
        [f"r{i}" for i in range(4)], [[0.1, 0.9], [0.8, 0.2], [0.3, 0.7], [0.5, 0.5]], PROBLEM, [1, 1, 1, 0]
    )
    broken = ws.Labels(
        [f"r{i}" for i in range(4)], [[0.4, 0.6], [0.9, 0.1], [0.5, 0.5], [0.5, 0.5]], PROBLEM, [1, 1, 0, 0]
    )
    return MultiLabels(("late", "broken"), (late, broken))


def spans() -> SpanLabels:
    found = [("r0", 0, 3, "PER", 0.9), ("r0", 14, 18, "LOC", 0.7), ("r2", 0, 2, "PER", 0.8), ("r2", 19, 23, "LOC", 1.0)]
    columns = list(zip(*found))
    return SpanLabels([f"r{i}" for i in range(4)], list(map(len, TEXTS)), columns, ["PER", "LOC"], [1, 1, 1, 0])


def holding(kind: str) -> list[str]:
    return [name for name in format_names() if kind in load_formats(name)[name].kinds]


@pytest.mark.parametrize("name", holding("multilabel"))
def test_formats_that_hold_several_labels_do(name: str, tmp_path: Path) -> None:
    result = ws.export(several(), ws.read_records(ROWS), tmp_path, name)
    assert (result.exported, result.left_out["uncovered"]) == (3, 1)
    assert result.by_label == {"late": 2, "broken": 1}
    places = pq.read_table(tmp_path / "provenance.parquet").to_pylist()
    assert [row["label"] for row in places[:3]] == several().hard().tolist()[:3]
    assert [row["confidence"] for row in places[:3]] == [0.6, 0.8, 0.5]


@pytest.mark.parametrize("name", holding("spans"))
def test_formats_that_hold_spans_do(name: str, tmp_path: Path) -> None:
    result = ws.export(spans(), ws.read_records(ROWS), tmp_path, name)
    assert result.exported == 3
    assert result.by_label == {"PER": 2, "LOC": 2}


def test_spans_stand_where_they_stood(tmp_path: Path) -> None:
    result = ws.export(spans(), ws.read_records(ROWS), tmp_path, ["doccano", "jsonl"], min_confidence=0.75)
    told = {row["record"]: row for row in map(json.loads, result.paths["doccano"].open(encoding="utf-8"))}
    assert set(told) == {"r1", "r2"}  # the least sure span of r0 has .7
    assert [told["r2"]["text"][a:b] for a, b, _ in told["r2"]["label"]] == ["Bo", "Oslo"]
    assert result.left_out["below min_confidence"] == 1


@pytest.mark.parametrize("kind", ["multilabel", "spans"])
def test_other_formats_refuse_and_name_those_that_do_not(kind: str, tmp_path: Path) -> None:
    labels = several() if kind == "multilabel" else spans()
    for name in set(format_names()) - set(holding(kind)):
        with pytest.raises(ExportError, match=f"of the kind {kind}. Formats that carry them: .*jsonl"):
            ws.export(labels, ws.read_records(ROWS), tmp_path / name, name)
        assert not (tmp_path / name).exists()


def test_the_default_answer_of_several_labels_is_a_line_each(tmp_path: Path) -> None:
    result = ws.export(several(), ws.read_records(ROWS), tmp_path, "openai_chat")
    said = [json.loads(line)["messages"] for line in result.paths["openai_chat"].open()]
    assert [one[-1]["content"] for one in said] == ["late\nbroken", "none", "late"]
    assert said[0][0]["content"].startswith("Assign every label below that holds for the text.")
    result = ws.export(several(), ws.read_records(ROWS), tmp_path, "openai_preference")
    other = [
        json.loads(line)["non_preferred_output"][0]["content"] for line in result.paths["openai_preference"].open()
    ]
    assert other == ["late", "late", "late\nbroken"]  # the least sure label the other way round
    misread = MultiLabels(("late", "none"), several().problems)
    with pytest.raises(ExportError, match="a label is called 'none'"):
        ws.export(misread, ws.read_records(ROWS), tmp_path / "no", "trl")


def test_a_template_answers_with_spans(tmp_path: Path) -> None:
    (tmp_path / "spans.toml").write_text(
        'variant = [{user = "{{ text }}", assistant = "'
        "{% for one in spans %}{{ one.text }} is {{ one.label }}. {% else %}Nobody.{% endfor %}" + '"}]'
    )
    result = ws.export(
        spans(), ws.read_records(ROWS), tmp_path / "out", "openai_chat", template=tmp_path / "spans.toml"
    )
    said = [json.loads(line)["messages"][-1]["content"] for line in result.paths["openai_chat"].open()]
    assert said == ["Ann is PER. Rome is LOC.", "Nobody.", "Bo is PER. Oslo is LOC."]


HARD = 'Zoë 👩🏽‍⚕️ said "<b>ибупрофен</b>" & \u202ewarfarin\u202c, e\u0301 and İzmir.\nNo {{ harm }}.'
"""A text whose characters are not its bytes, nor its UTF-16, nor what HTML and templates make of it."""


def hard() -> tuple[SpanLabels, list[dict[str, str]], list[tuple[int, int, str, str]]]:
    words = [("Zoë", "PER"), ("ибупрофен", "LOC"), ("warfarin", "LOC"), ("İzmir", "LOC"), ("{{ harm }}", "PER")]
    found = [(HARD.index(word), HARD.index(word) + len(word), label, word) for word, label in words]
    rows = [{"id": f"h{i}", "text": HARD if i == 0 else f"nothing {i}"} for i in range(3)]
    columns = [["h0"] * len(found), *map(list, list(zip(*found))[:3])]
    return (
        SpanLabels([row["id"] for row in rows], [len(row["text"]) for row in rows], columns, ["PER", "LOC"]),
        rows,
        found,
    )


def objects(path: Path) -> list[dict[str, Any]]:
    text = path.read_text(encoding="utf-8")
    found = json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.split("\n") if line]
    return list(found)


def read_label_studio(one: dict[str, Any]) -> tuple[str, list[Any]]:
    found = [each["value"] for each in one["predictions"][0]["result"]]
    return one["data"]["text"], [(each["start"], each["end"], *each["labels"], each["text"]) for each in found]


def read_doccano(one: dict[str, Any]) -> tuple[str, list[Any]]:
    return one["text"], [(*each, one["text"][each[0] : each[1]]) for each in one["label"]]


def read_spans(one: dict[str, Any]) -> tuple[str, list[Any]]:
    found = [(each["start"], each["end"], each["label"]) for each in one["spans"]]
    return one["text"], [(*each, one["text"][each[0] : each[1]]) for each in found]


READERS = {"label_studio": read_label_studio, "doccano": read_doccano, "prodigy": read_spans, "jsonl": read_spans}


@pytest.mark.parametrize("name", READERS)
def test_who_reads_offsets_as_the_rules_say_finds_the_words(name: str, tmp_path: Path) -> None:
    labels, rows, found = hard()
    read = list(map(READERS[name], objects(ws.export(labels, rows, tmp_path, name).paths[name])))
    assert read == [(HARD, found), ("nothing 1", []), ("nothing 2", [])]


def test_spans_are_extracted_as_json_in_conversations(tmp_path: Path) -> None:
    labels, rows, found = hard()
    template = ROOT / "pipelines" / "templates" / "drug_effect_extraction.toml"
    task = ws.Task("demo.x", ["PER", "LOC"], kind="spans")
    result = ws.export(labels, rows, tmp_path, ["openai_chat", "trl"], template=template, task=task)
    for name in result.paths:
        answers = [json.loads(one["messages"][-1]["content"]) for one in objects(result.paths[name])]
        assert [[(one["start"], one["end"], one["label"], one["text"]) for one in each] for each in answers] == [
            found,
            [],
            [],
        ]


def test_a_choice_is_refused_and_splits_are_not(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="one label each; these are of the kind spans"):
        ws.export(spans(), ws.read_records(ROWS), tmp_path, "jsonl", choice=ws.Choice(quotas={"PER": 1}))
    splits = ws.split(ROWS, ws.SplitPlan({"train": 0.5, "test": 0.5}))
    result = ws.export(
        several(), ws.read_records(ROWS), tmp_path, "jsonl", splits=splits, include_uncovered=True, overwrite=True
    )
    assert sum(result.by_split.values()) == 4


def test_spans_of_other_texts_are_refused_and_moved_ones_are_right(tmp_path: Path) -> None:
    rows = [{"id": "a", "text": "Write to jo@example.org, says Ann."}]
    found = SpanLabels(["a"], [34], [["a", "a"], [30, 9], [33, 23], ["PER", "MAIL"]], ["PER", "MAIL"])
    redacted = ws.redact(rows, ws.Redaction(ws.load_recognisers(["email"])))
    with pytest.raises(ExportError, match="Record a: the text has 27 characters, and its spans are of one with 34"):
        ws.export(found, redacted, tmp_path, "doccano")
    result = ws.export(redacted.move(found), redacted, tmp_path, "doccano")
    (told,) = map(json.loads, result.paths["doccano"].open())
    assert [told["text"][a:b] for a, b, _ in told["label"]] == ["[EMAIL]", "Ann"]


def test_what_is_no_label_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="takes Labels, MultiLabels or SpanLabels; got list"):
        ws.export([], ws.read_records(ROWS), tmp_path)  # type: ignore[arg-type]


def test_the_card_names_the_task_of_the_hub(tmp_path: Path) -> None:
    ws.export(spans(), ws.read_records(ROWS), tmp_path, "jsonl")
    card = (tmp_path / "README.md").read_text()
    assert "- token-classification\n" in card
    assert "| PER | 2 | 50.0 % |" in card


def test_records_of_a_sensitive_suite_do_not_leave_as_they_are(suites: Path, corpus: Path, tmp_path: Path) -> None:
    package = next(suites.rglob("package.toml"))
    package.write_text("sensitive = true\n" + package.read_text())
    records = ws.read_records(corpus, id="id", gold="gold")
    votes = ws.apply(ws.load_suite("demo.mood", suites), records)
    labels = ws.label_model("majority").fit(votes).predict(votes.select(votes.lf_names))
    held = ws.cross_validate("tfidf_logreg", records, labels, folds=2)
    final = ws.resolve(ws.fuse(labels, held, votes, records), [ws.Decision("r0", "reject")])
    for some in (labels, labels.with_gold(records), final):
        with pytest.raises(ExportError, match="The suite demo.mood, which the labels come from, is sensitive"):
            ws.export(some, records, tmp_path / "out", "csv")
    assert not (tmp_path / "out").exists()
    redacted = ws.redact(records, ws.Redaction(ws.load_recognisers(["email"])))
    assert ws.export(final, redacted, tmp_path / "out", "csv").exported
    assert ws.export(final, records, tmp_path / "named", "csv", unredacted="demo.mood").exported
    with pytest.raises(ExportError, match="is sensitive"):
        ws.export(final, records, tmp_path / "other", "csv", unredacted="demo.other")
