"""TRL's own functions take what the format trl writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import wslabel as ws

ROWS = [{"id": f"r{i}", "text": f"text {i} 👩🏽‍⚕️ \u2028 end"} for i in range(4)]
LABELS = ws.Labels([f"r{i}" for i in range(4)], [[0.9, 0.1], [0.2, 0.8]] * 2, ["down", "up"])
CHAT = "{% for one in messages %}<{{ one['role'] }}>{{ one['content'] }}</>{% endfor %}"


@pytest.fixture(scope="module")
def tokenizer() -> Any:
    pytest.importorskip("trl")
    from tokenizers import Tokenizer, models
    from transformers import PreTrainedTokenizerFast

    made = PreTrainedTokenizerFast(tokenizer_object=Tokenizer(models.WordLevel({"[UNK]": 0}, "[UNK]")))
    made.chat_template = CHAT
    return made


def read(path: Path, cache: Path) -> Any:
    from datasets import load_dataset

    return load_dataset("json", data_files=str(path), split="train", cache_dir=str(cache))


@pytest.mark.parametrize("type", ["messages", "prompt-completion", "preference", "unpaired"])
def test_a_chat_template_is_applied(type: str, tokenizer: Any, tmp_path: Path) -> None:
    from trl import data_utils

    result = ws.export(LABELS, ws.read_records(ROWS), tmp_path / "out", "trl", options={"type": type})
    rows = read(result.paths["trl"], tmp_path / "cache")
    assert len(rows) == (8 if type == "unpaired" else 4)
    assert all(data_utils.is_conversational(row) for row in rows)
    made = data_utils.apply_chat_template(rows[0], tokenizer)
    answers = {"messages": "text", "prompt-completion": "completion", "preference": "chosen", "unpaired": "completion"}
    assert made[answers[type]].endswith("<assistant>down</>")
    assert f"<user>{ROWS[0]['text']}</>" in made["text" if type == "messages" else "prompt"]


def test_preferences_become_unpaired(tmp_path: Path, tokenizer: Any) -> None:
    from trl import data_utils

    result = ws.export(LABELS, ws.read_records(ROWS), tmp_path / "out", "trl", options={"type": "preference"})
    rows = data_utils.unpair_preference_dataset(read(result.paths["trl"], tmp_path / "cache"))
    assert sorted(rows["label"]) == [False] * 4 + [True] * 4
