"""docs/formats.md shows what an export of the sample is."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest

from conftest import ROOT
from wslabel.exporting import ExportContext, ExportRow, format_names
from wslabel.exporting.formats.base import Span
from wslabel.exporting.registry import load_formats

PAGE = ROOT / "docs" / "formats.md"
LABELS = ("negative", "neutral", "positive")


def sample_rows(kind: str) -> list[ExportRow]:
    """Return the first records of the sample with their gold labels, as a label model would give them."""
    lines = (ROOT / "data_samples" / "finance" / "sentiment.jsonl").read_text(encoding="utf-8").splitlines()[:12]
    made = []
    for one in map(json.loads, lines):
        probs = {label: 0.9 if label == one["gold"] else 0.05 for label in LABELS}
        row = ExportRow(one["id"], one["text"], one["gold"], 0.9, "model", probs, {})
        start = one["text"].find(one["company"])
        spans = (Span(start, start + len(one["company"]), "ORG", 0.9),) if start >= 0 else ()
        made.append(replace(row, label="", probs={}, spans=spans) if kind == "spans" else row)
    return made


def excerpt(name: str, folder: Path) -> str:
    """Return the beginning of an export of the sample, as the page shows it."""
    (format,) = load_formats(name).values()
    kind = format.kinds[0]
    path = folder / format.files(name)[0]
    path.parent.mkdir(exist_ok=True)
    rows = sample_rows(kind)
    format.write(rows, path, ExportContext(("ORG",) if kind == "spans" else LABELS, kind=kind))
    if name in ("parquet", "huggingface"):
        import pyarrow.parquet as pq

        return json.dumps(pq.read_table(path).slice(0, 1).to_pylist()[0], ensure_ascii=False)
    if name == "spacy_docbin":
        from spacy.tokens import DocBin
        from spacy.vocab import Vocab

        (first, *_) = DocBin().from_disk(path).get_docs(Vocab())
        return f"{first.text}\n{first.cats}"
    lines = path.read_text(encoding="utf-8").splitlines()
    return "\n".join(lines[:2] if format.extension == "json" or name == "csv" else lines[: 6 if name == "conll" else 1])


@pytest.mark.parametrize("name", format_names())
def test_the_page_has_a_section_with_a_real_excerpt(name: str, tmp_path: Path) -> None:
    page = PAGE.read_text(encoding="utf-8")
    sections = dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))
    assert f"```\n{excerpt(name, tmp_path)}\n```" in sections[name]
    assert "Read by" in sections[name]
