"""Fixtures of all tests."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from hypothesis import settings

settings.register_profile("same", derandomize=True, database=None, deadline=None)
settings.load_profile("same" if "HYPOTHESIS_RANDOM" not in os.environ else "default")

ROOT = Path(__file__).resolve().parent.parent
BENCHMARKS = ROOT.parent / "shared" / "benchmarks"

TASK = """
from wslabel.authoring import Label, Task

class Mood(Label):
    BAD = "bad", "It reads as bad news."
    GOOD = "good"

task = Task("demo.mood", Mood)
"""
HEURISTICS = '''
from wslabel.authoring import keywords, labeling_function, preprocessor
from .task import Mood

GLAD = ("glad", "happy")

@preprocessor
def lowered(text):
    return text.lower()

@labeling_function(votes=Mood.GOOD, fires=["So glad"], abstains=["So so"])
def is_glad(lowered):
    """Gladness is good."""
    return Mood.GOOD if any(word in lowered for word in GLAD) else None

is_sad = keywords("is_sad", votes=Mood.BAD, any_of="lexicons/sad.txt", none_of=["not sad"],
    fires=["How sad"], abstains=["not sad at all"], doc="Sadness is bad.")
'''
RULES = """
[[rule]]
name = "many_marks"
kind = "regex"
votes = "bad"
pattern = '!{3,}'
fires = ["No!!!"]
abstains = ["No!"]
why = "Shouting is bad."
"""
PACKAGE = """
name = "demo"
version = "1.2.0"
owners = ["tests"]

[tasks.mood]
description = "The mood of a text"
sample = "../../data_samples/demo/mood.jsonl"
"""
TEXTS = ["So glad!", "How sad", "not sad", "Happy but sad!!!", "Nothing", "No!!!", "glad happy", "İstanbul is sad"]


@pytest.fixture
def suites(tmp_path: Path) -> Path:
    """A folder labeling_functions with the suite demo.mood, and its sample beside."""
    folder = tmp_path / "labeling_functions"
    task = folder / "demo" / "mood"
    (task / "lexicons").mkdir(parents=True)
    (folder / "demo" / "package.toml").write_text(PACKAGE)
    (task / "task.py").write_text(TASK)
    (task / "heuristics.py").write_text(HEURISTICS)
    (task / "rules.toml").write_text(RULES)
    (task / "lexicons" / "sad.txt").write_text("# words\nsad\ngloomy  # seldom\n")
    sample = tmp_path / "data_samples" / "demo" / "mood.jsonl"
    sample.parent.mkdir(parents=True)
    sample.write_text("".join(json.dumps({"id": f"m{i}", "text": text}) + "\n" for i, text in enumerate(TEXTS)))
    return folder


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """A corpus of 60 records with gold for demo.mood."""
    path = tmp_path / "corpus.jsonl"
    rows = [
        {
            "id": f"r{i}",
            "text": f"{TEXTS[i % len(TEXTS)]} {i}",
            "gold": "good" if "lad" in TEXTS[i % len(TEXTS)] else "bad",
        }
        for i in range(60)
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return path


def benchmark(*parts: str) -> Path:
    """Return the folder of a real data set, or skip the test where the machine does not have it."""
    folder = BENCHMARKS.joinpath(*parts)
    if not folder.exists():
        pytest.skip(f"the benchmark data {'/'.join(parts)} is not on this machine")
    return folder
