"""What an export tells of itself: the Hub's card, and Croissant; each read by the library of its users."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import wslabel as ws

ROWS = [{"id": f"r{i}", "text": f"=text {i}, über", "n": i, "when": None} for i in range(6)]
LABELS = ws.Labels([f"r{i}" for i in range(6)], [[0.9, 0.1], [0.2, 0.8]] * 3, ["a", "b c"])


def splits() -> ws.Splits:
    return ws.split(ROWS, ws.SplitPlan({"train": 0.5, "test": 0.5}, near_duplicates=None))


@pytest.mark.parametrize("split", [False, True])
@pytest.mark.parametrize("format", ["parquet", "csv", "jsonl"])
def test_croissant_reads_the_records(format: str, split: bool, tmp_path: Path) -> None:
    mlcroissant = pytest.importorskip("mlcroissant")
    result = ws.export(LABELS, ws.read_records(ROWS), tmp_path, format, splits=splits() if split else None)
    data = mlcroissant.Dataset(jsonld=tmp_path / "croissant.json")
    assert not data.metadata.ctx.issues.errors
    found = {}
    for name in result.paths:
        for row in data.records(name):
            plain = {key.partition("/")[2]: value for key, value in row.items()}
            found[plain["id"].decode()] = plain
    assert sorted(found) == [f"r{i}" for i in range(6)]
    assert [found[f"r{i}"]["label"].decode() for i in range(6)] == LABELS.hard().tolist()
    assert found["r1"]["confidence"] == pytest.approx(0.8)
    expected = "'=text 1, über" if format == "csv" else "=text 1, über"
    assert found["r1"]["text"].decode() == expected


def test_an_export_that_croissant_cannot_describe_has_none(tmp_path: Path) -> None:
    ws.export(LABELS, ws.read_records(ROWS), tmp_path, "trl")
    assert not (tmp_path / "croissant.json").exists()


def test_croissant_tells_the_hash_of_each_file(tmp_path: Path) -> None:
    import hashlib

    ws.export(LABELS, ws.read_records(ROWS), tmp_path, ["csv", "parquet"])
    told = json.loads((tmp_path / "croissant.json").read_text())
    for one in told["distribution"]:
        assert hashlib.sha256((tmp_path / one["contentUrl"]).read_bytes()).hexdigest() == one["sha256"]
    assert {one["@id"] for one in told["recordSet"]} == {"csv", "parquet"}


@pytest.mark.parametrize("format", ["huggingface", "parquet", "openai_chat"])
def test_the_card_is_one_of_the_hub(format: str, tmp_path: Path) -> None:
    hub = pytest.importorskip("huggingface_hub")
    from datasets.utils.metadata import MetadataConfigs

    ws.export(LABELS, ws.read_records(ROWS), tmp_path, format, splits=splits())
    cards = [tmp_path / "README.md", *([tmp_path / format / "README.md"] if format == "huggingface" else [])]
    for path in cards:
        card = hub.DatasetCard.load(path, ignore_metadata_errors=False)
        again = hub.DatasetCardData(**card.data.to_dict())
        assert again.to_dict() == card.data.to_dict()
        assert card.data.annotations_creators == ["machine-generated"]
        assert card.data.size_categories == ["n<1K"]
        assert card.data.task_categories == ["text-classification"]
        assert card.data.task_ids == ["multi-class-classification"]
        for config in MetadataConfigs.from_dataset_card_data(card.data).values():
            assert {one["split"] for one in config["data_files"]} == {"train", "test"}
            assert all((path.parent / one["path"]).is_file() for one in config["data_files"])
