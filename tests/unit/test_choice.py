from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from wslabel.core.labels import Labels
from wslabel.core.records import Records, read_records
from wslabel.errors import ExportError
from wslabel.exporting import Choice, ExportResult, Known, SplitPlan, export, split


def made(n: int = 100) -> tuple[Labels, Records]:
    """Every fourth record is of y; confidence falls from 1 to 0.51 in steps; the first ten are of people."""
    sure = np.linspace(1, 0.51, n)
    probs = np.stack(
        [np.where(np.arange(n) % 4 == 0, 1 - sure, sure), np.where(np.arange(n) % 4 == 0, sure, 1 - sure)], axis=1
    )
    ids = [f"r{i}" for i in range(n)]
    labels = Labels(ids, probs, ["x", "y"], source=["human"] * 10 + ["model"] * (n - 10))
    rows = [
        {"id": one, "text": f"note {i} {i * i}", "site": "ab"[i % 3 == 0], "cost": i % 5} for i, one in enumerate(ids)
    ]
    return labels, read_records(rows)


def exported(tmp_path: Path, choice: Choice, **more: Any) -> tuple[ExportResult, list[dict[str, Any]]]:
    labels, records = made()
    result = export(labels, records, tmp_path, "parquet", choice=choice, overwrite=True, **more)
    assert result.read == result.exported + sum(result.left_out.values()) == 100
    return result, [row for path in result.paths.values() for row in pq.read_table(path).to_pylist()]


def test_a_quota_keeps_what_people_labeled_and_a_fixed_sample(tmp_path: Path) -> None:
    result, rows = exported(tmp_path, Choice(quotas={"x": 20}))
    assert result.by_label == {"x": 20, "y": 25}
    assert result.left_out["above the quota of its label"] == 55
    assert {f"r{i}" for i in range(10)} <= {row["id"] for row in rows}
    assert exported(tmp_path, Choice(quotas={"x": 20}))[1] == rows
    assert exported(tmp_path, Choice(quotas={"x": 20}, seed=1))[1] != rows
    sure = exported(tmp_path, Choice(quotas={"x": 20}, prefer="confident"))[1]
    assert [row["id"] for row in sure if row["label"] == "x"] == [f"r{i}" for i in range(27) if i % 4][:20]


def test_a_quota_is_for_each_slice_and_gaps_tell_what_is_short(tmp_path: Path) -> None:
    result, rows = exported(tmp_path, Choice(quotas={"x": 10}, targets={"x": 12, "y": 10}, slice="site"))
    assert sum(row["label"] == "x" and row["site"] == "a" for row in rows) == 10
    assert result.chosen["Gaps"] == [
        {"label": "x", "site": "a", "target": 12, "there": 10, "short": 2},
        {"label": "x", "site": "b", "target": 12, "there": 10, "short": 2},
        {"label": "y", "site": "a", "target": 10, "there": 16, "short": 0},
        {"label": "y", "site": "b", "target": 10, "there": 9, "short": 1},
    ]
    assert "## Gaps" in result.card.read_text()


def test_precision_is_estimated_by_the_models_probabilities(tmp_path: Path) -> None:
    result, rows = exported(tmp_path, Choice(target_precision=0.9))
    model = [row["confidence"] for row in rows if row["source"] == "model"]
    assert np.mean(model) >= 0.9
    labels, _ = made()
    following = labels.confidence[10 + len(model)]
    assert np.mean([*model, following]) < 0.9
    told = result.chosen["Estimated precision"]
    assert told["estimated from"] == "the model's own probabilities"
    assert told["estimate"] == pytest.approx(np.mean(model), abs=1e-4)
    assert result.left_out["below the confidence of target_precision"] == 100 - len(rows)


def test_known_answers_correct_a_model_that_is_too_sure(tmp_path: Path) -> None:
    confidence = np.repeat(np.linspace(0.5, 1, 51), 20)
    right = np.tile(np.arange(20) < 14, 51)  # 70 % right, however sure
    right[confidence > 0.9] = True
    result, _ = exported(tmp_path, Choice(target_precision=0.9), known=Known(confidence, right))
    told = result.chosen["Estimated precision"]
    assert told["estimated from"] == "1020 known answers"
    naive = exported(tmp_path, Choice(target_precision=0.9))[0].chosen["Estimated precision"]
    assert 0.9 > told["least confidence"] > naive["least confidence"] > 0.8
    with pytest.raises(ExportError, match=r"No confidence reaches target_precision 0.9: the best estimate is 0.5"):
        exported(tmp_path, Choice(target_precision=0.9), known=Known(np.linspace(0, 1, 40), np.arange(40) % 2 == 0))


def test_balance_cuts_the_training_data_only(tmp_path: Path) -> None:
    result, _ = exported(tmp_path, Choice(balance="downsample"))
    assert result.by_label == {"x": 25, "y": 25}
    assert result.left_out["left out to balance the labels"] == 50
    labels, records = made()
    splits = split(
        records, SplitPlan({"train": 0.6, "test": 0.4}, stratify="label", near_duplicates=None), labels=labels
    )
    result, _ = exported(tmp_path, Choice(balance="downsample"), splits=splits)
    assert result.by_split == {"train": 30, "test": 40}


def test_weights_balance_labels_and_carry_impact_and_difficulty(tmp_path: Path) -> None:
    _, rows = exported(tmp_path, Choice(balance="weights", impact="cost", difficulty=2.0))
    by_label = {label: sum(row["weight"] for row in rows if row["label"] == label) for label in "xy"}
    assert by_label["x"] == pytest.approx(by_label["y"])
    assert np.mean([row["weight"] for row in rows]) == pytest.approx(1)
    assert all((row["weight"] == 0) == (row["cost"] == 0) for row in rows)
    labels, records = made()
    result = export(labels, records, tmp_path / "chat", choice=Choice(difficulty=1.0))
    assert any("no place for the records' weights" in warning for warning in result.warnings)


@pytest.mark.parametrize(
    ("choice", "said"),
    [
        ({"target_precision": 0}, "share above 0"),
        ({"balance": "weight"}, 'Did you mean "weights"'),
        ({"prefer": "best"}, "Choices: confident, sample"),
        ({"quotas": {"x": -1}}, "expected a number >= 0"),
        ({"quotas": {"z": 1}}, "Choices: x, y"),
        ({"slice": "sight", "targets": {"x": 1}}, 'Did you mean "site"'),
        ({"impact": "site"}, r"Record r0: site is 'b'; expected a number >= 0"),
    ],
)
def test_a_choice_that_cannot_be_says_so(tmp_path: Path, choice: Any, said: str) -> None:
    with pytest.raises(ExportError, match=said):
        exported(tmp_path, Choice(**choice))
