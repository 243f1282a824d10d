"""A run of spans becomes a DocBin, and `spacy train` learns from it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import spacy
from spacy.cli.init_config import init_config
from spacy.tokens import DocBin

from conftest import ROOT
from wslabel.pipeline import Run
from wslabel.pipeline import run as run_pipeline

ROW = re.compile(r"^\s*\d+\s+\d+\s+[\d.]+\s+([\d.]+)\s+([\d.]+)", re.MULTILINE)
"""A row of the table that `spacy train` prints: epoch, step, loss of tok2vec, loss of the component, F1."""


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("spans")
    for name in ("labeling_functions", "data_samples", "pipelines"):
        shutil.copytree(ROOT / name, folder / name)
    return folder


def exported(home: Path, spans_key: str) -> Run:
    """Return the run of the pipeline of drugs and their harm; only its export is made anew for another key."""
    file = home / "pipelines" / "healthcare_drug_effect.toml"
    file.write_text(re.sub(r'(spans_key = )"\w+"', rf'\1"{spans_key}"', file.read_text()))
    return run_pipeline(file)


def docbin(run: Run) -> Path:
    return run.folder / "export" / "spacy_docbin.spacy"


@pytest.mark.parametrize(("pipe", "spans_key"), [("ner", "ents"), ("spancat", "sc")])
def test_spacy_learns_from_a_run_of_spans(pipe: str, spans_key: str, home: Path, tmp_path: Path) -> None:
    config = init_config(pipeline=[pipe], silent=True)
    config["components"]["tok2vec"]["model"]["encode"] |= {"width": 32, "depth": 1}
    config["components"]["tok2vec"]["model"]["embed"]["rows"] = [500] * 4
    config["training"]["optimizer"]["learn_rate"] = 0.01
    config["training"] |= {"max_steps": 40, "eval_frequency": 20}
    config["paths"] |= dict.fromkeys(("train", "dev"), str(docbin(exported(home, spans_key))))
    config.to_disk(tmp_path / "config.cfg")
    command = [sys.executable, "-m", "spacy", "train", str(tmp_path / "config.cfg"), "-o", str(tmp_path / "model")]
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    (_, middle, last), (before, _, after) = zip(*[map(float, row) for row in ROW.findall(done.stdout)])
    assert last < middle, done.stdout  # a loss is the sum of twenty steps; the first row has one step
    assert after > max(30, before), done.stdout
    said = spacy.load(tmp_path / "model" / "model-last")("Ibuprofen-induced nausea.")
    assert {span.label_ for span in [*said.ents, *said.spans.get("sc", ())]} <= {"Drug", "Effect"}


def test_every_span_of_the_run_is_in_the_docbin_or_listed(home: Path) -> None:
    made = exported(home, "sc")
    docs = DocBin().from_disk(docbin(made)).get_docs(spacy.blank("en").vocab)
    kept = {
        (doc.user_data["id"], one.start_char, one.end_char, one.label_, one.text)
        for doc in docs
        for one in doc.spans["sc"]
    }
    rows = [json.loads(line) for line in (made.folder / "export" / "jsonl.jsonl").read_text().splitlines()]
    told = " ".join(made.stage("export")["counts"]["warnings"])
    for row in rows:
        for one in row["spans"]:
            place = (row["id"], one["start"], one["end"], one["label"])
            assert (*place, row["text"][one["start"] : one["end"]]) in kept or "{} {}..{} {}".format(*place) in told
    assert len(kept) > 100
