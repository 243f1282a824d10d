"""What the consumer of each format reads is what was exported."""

from __future__ import annotations

import json
import re
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting import ExportContext, ExportRow, format_names
from wslabel.exporting.formats.base import Span
from wslabel.exporting.registry import load_formats

ODD = st.sampled_from(
    [
        "\r",
        "\n",
        "\r\n",
        '"',
        "'",
        "\\",
        ",",
        "=",
        "\t",
        "\x00",
        "\x1c",
        "\u2028",
        "\x85",
        "\u202e",
        "👩🏽‍⚕️",
        "\ufeff",
        "é",
    ]
)
LETTERS = st.characters(exclude_categories=["Cs"])
TEXT = st.lists(st.one_of(ODD, st.text(LETTERS, max_size=8)), max_size=6).map("".join)
LONG = st.builds(lambda part, times: part * times, TEXT, st.integers(1, 3000))
CASES = [(name, kind) for name in format_names() for kind in load_formats(name)[name].kinds]


@dataclass(frozen=True)
class Case:
    rows: list[ExportRow]
    context: ExportContext


@st.composite
def cases(draw: st.DrawFn, kind: Kind, empty: bool) -> Case:
    names = tuple(draw(st.lists(TEXT.filter(bool), min_size=2, max_size=4, unique=True)))
    texts = draw(st.lists((TEXT | LONG).filter(lambda text: bool(text) or empty), min_size=1, max_size=5))
    rows = [draw(row(f"{at}{draw(TEXT)}", text, names, kind)) for at, text in enumerate(texts)]
    schema = pa.schema([("n", pa.int64()), ("note", pa.string())])
    return Case(rows, ExportContext(names, schema, lambda: rows, kind))


@st.composite
def row(draw: st.DrawFn, record: str, text: str, names: tuple[str, ...], kind: Kind) -> ExportRow:
    columns = {"n": draw(st.none() | st.integers(-(2**63), 2**63 - 1)), "note": draw(st.none() | TEXT)}
    given = (draw(st.floats(0, 1)), draw(st.sampled_from(["model", "human", "gold"])))
    raw = [draw(st.floats(0.01, 1)) for _ in names]
    if kind == "single":
        probs = dict(zip(names, [share / sum(raw) for share in raw]))
        return ExportRow(record, text, max(probs, key=probs.__getitem__), *given, probs, columns)
    if kind == "multilabel":
        held = tuple(name for name in names if draw(st.booleans()))
        return ExportRow(record, text, "", *given, dict(zip(names, raw)), columns, labels=held)
    edges = sorted(draw(st.sets(st.integers(0, len(text)), max_size=4))) if text else []
    spans = tuple(Span(a, b, draw(st.sampled_from(names)), 0.5) for a, b in zip(edges[::2], edges[1::2]))
    return ExportRow(record, text, "", *given, {}, columns, spans=spans)


def objects(path: Path) -> list[Any]:
    """Read with the standard library: an array, or a text that others may split into lines at any separator."""
    text = path.read_text(encoding="utf-8")
    return json.loads(text) if text.startswith("[") else [json.loads(line) for line in text.splitlines()]


@pytest.mark.parametrize(("name", "kind"), CASES)
def test_each_format_validates_what_it_wrote_or_refuses(name: str, kind: Kind) -> None:
    (format,) = load_formats(name).values()

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases(kind, format.empty_text))
    def check(case: Case) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / format.files(name)[0]
            path.parent.mkdir(exist_ok=True)
            refused = ""
            try:
                assert format.write(case.rows, path, case.context) == len(case.rows)
            except ExportError as error:
                refused = str(error)
            # Spans that are no tokens, labels that XML, IOB2 or a list cannot have, labels that are too long.
            assert not refused or re.search(r"token|white space|XML|100|more than one line", refused)
            if refused:
                return
            for context in (case.context, ExportContext()):
                problems = format.validate(path, context)
                assert [each for each in problems if each.severity == "error"] == []

    check()


def consumed(name: str, kind: Kind, read: Callable[[Path], Any], expected: Callable[[Case], Any]) -> None:
    (format,) = load_formats(name).values()

    @settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
    @given(cases(kind, format.empty_text))
    def check(case: Case) -> None:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / format.files(name)[0]
            path.parent.mkdir(exist_ok=True)
            try:
                format.write(case.rows, path, case.context)
            except ExportError:
                return
            assert read(path) == expected(case)

    check()


def test_pandas_reads_jsonl_as_it_was_written() -> None:
    import pandas as pd

    def read(path: Path) -> list[Any]:
        lines = path.read_text(encoding="utf-8").splitlines()
        frame = pd.DataFrame([json.loads(line) for line in lines])
        return frame[["id", "text", "label", "source"]].values.tolist()

    consumed("jsonl", "single", read, lambda case: [[r.id, r.text, r.label, r.source] for r in case.rows])


def test_pandas_reads_parquet_as_it_was_written() -> None:
    import pandas as pd

    def read(path: Path) -> list[Any]:
        return pd.read_parquet(path)[["id", "text", "label"]].values.tolist()

    consumed("parquet", "single", read, lambda case: [[r.id, r.text, r.label] for r in case.rows])


@pytest.mark.parametrize("kind", ["single", "multilabel", "spans"])
def test_datasets_loads_the_folder_offline(kind: Kind, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    import datasets

    datasets.disable_progress_bars()
    monkeypatch.setattr(socket.socket, "connect", lambda *_: pytest.fail("the network was asked"))

    def read(path: Path) -> list[Any]:
        with tempfile.TemporaryDirectory() as cache:
            loaded = datasets.load_dataset(str(path.parent), split="train", cache_dir=cache)
            label = loaded.features[{"single": "label", "multilabel": "labels", "spans": "spans"}[kind]]
            inner = label if kind == "single" else label.feature if kind == "multilabel" else label.feature["label"]
            return [shown(one, inner.int2str) for one in loaded]

    def shown(one: dict[str, Any], name: Callable[[int], str]) -> list[Any]:
        label = name(one["label"]) if kind == "single" else [name(each) for each in one.get("labels", [])]
        spans = [(span["start"], span["end"], name(span["label"])) for span in one.get("spans", [])]
        return [one["id"], one["text"], label, spans, one["n"], one["note"], one["weight"], one.get("probs", [])]

    def expected(case: Case) -> list[Any]:
        return [
            [
                r.id,
                r.text,
                r.label if kind == "single" else list(r.labels),
                [(span.start, span.end, span.label) for span in r.spans],
                r.columns["n"],
                r.columns["note"],
                r.weight,
                list(r.probs.values()),
            ]
            for r in case.rows
        ]

    consumed("huggingface", kind, read, expected)


@pytest.mark.parametrize("name", ["openai_chat", "trl"])
def test_datasets_reads_chat_lines(name: str) -> None:
    import datasets

    datasets.disable_progress_bars()

    def read(path: Path) -> list[Any]:
        with tempfile.TemporaryDirectory() as cache:
            loaded = datasets.load_dataset("json", data_files=str(path), split="train", cache_dir=cache)
            return [[message["content"] for message in one["messages"][1:]] for one in loaded]

    consumed(name, "single", read, lambda case: [[r.text, r.label] for r in case.rows])


@pytest.mark.parametrize("kind", ["single", "multilabel"])
def test_spacy_reads_cats(kind: Kind) -> None:
    import spacy
    from spacy.training import Corpus

    nlp = spacy.blank("en")

    def read(path: Path) -> list[Any]:
        docs = [example.reference for example in Corpus(path)(nlp)]
        return [[doc.text, {name for name, value in doc.cats.items() if value}] for doc in docs]

    consumed("spacy_docbin", kind, read, lambda case: [[r.text, set(r.labels) or {r.label} - {""}] for r in case.rows])


@pytest.mark.parametrize("kind", ["single", "multilabel", "spans"])
def test_argilla_reads_records(kind: Kind) -> None:
    argilla = pytest.importorskip("argilla")

    def read(path: Path) -> list[Any]:
        records = [argilla.Record.from_dict(each) for each in objects(path)]
        return [[one.id, one.fields["text"], next(iter(one.suggestions)).value] for one in records]

    def value(r: ExportRow) -> Any:
        spans = [{"start": span.start, "end": span.end, "label": span.label} for span in r.spans]
        return {"single": r.label, "multilabel": list(r.labels), "spans": spans}[kind]

    consumed("argilla", kind, read, lambda case: [[r.id, r.text, value(r)] for r in case.rows])


def test_spacy_converts_conll() -> None:
    from spacy.training.converters import conll_ner_to_docs

    text = "Ann Lee of Acme met Bo."
    spans = (Span(0, 7, "PER", 1.0), Span(11, 15, "ORG", 1.0), Span(20, 22, "PER", 1.0))
    rows = [ExportRow("a", text, "", 1.0, "model", {}, {}, spans=spans)]
    (format,) = load_formats("conll").values()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "conll.conll"
        format.write(rows, path, ExportContext(("PER", "ORG"), kind="spans"))
        (doc,) = conll_ner_to_docs(path.read_text(encoding="utf-8"), no_print=True)
    assert [(ent.text, ent.label_) for ent in doc.ents] == [("Ann Lee", "PER"), ("Acme", "ORG"), ("Bo", "PER")]


@pytest.mark.parametrize("kind", ["single", "multilabel", "spans"])
def test_label_studio_config_is_xml_with_all_labels(kind: Kind) -> None:
    from xml.etree import ElementTree

    def read(path: Path) -> Any:
        root = ElementTree.parse(path.with_suffix(".xml")).getroot()
        return [item.get("value") for tag in ("Choice", "Label") for item in root.iter(tag)]

    consumed("label_studio", kind, read, lambda case: list(case.context.labels))


@pytest.mark.parametrize(
    ("kind", "pipe", "spans_key"),
    [("single", "textcat", "sc"), ("multilabel", "textcat_multilabel", "sc"), ("spans", "ner", "ents")],
)
def test_spacy_trains_on_a_docbin(tmp_path: Path, kind: Kind, pipe: str, spans_key: str) -> None:
    from spacy.cli.init_config import init_config
    from spacy.cli.train import train

    rows = [
        ExportRow(
            str(at),
            f"Ann met Bo {at} times",
            "up" if at % 2 and kind == "single" else "down" if kind == "single" else "",
            1.0,
            "model",
            {"up": 0.5, "down": 0.5},
            {},
            labels=("up",) if kind == "multilabel" and at % 2 else (),
            spans=(Span(0, 3, "up"),) if kind == "spans" else (),
        )
        for at in range(8)
    ]
    (format,) = load_formats("spacy_docbin", {"spans_key": spans_key}).values()
    path, config = tmp_path / "train.spacy", tmp_path / "config.cfg"
    format.write(rows, path, ExportContext(("up", "down"), kind=kind))
    init_config(pipeline=[pipe], silent=True).to_disk(config)
    steps = {"training.max_steps": 1, "training.eval_frequency": 1}
    train(config, tmp_path / "out", overrides={"paths.train": str(path), "paths.dev": str(path), **steps})
    assert (tmp_path / "out" / "model-last").is_dir()
