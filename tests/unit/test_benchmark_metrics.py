import importlib.util
from pathlib import Path

import numpy as np
import pytest

PATH = Path(__file__).resolve().parents[2] / "benchmarks" / "label_quality" / "metrics.py"
SPEC = importlib.util.spec_from_file_location("benchmark_metrics", PATH)
metrics = importlib.util.module_from_spec(SPEC)
SPEC.loader.exec_module(metrics)


def test_metrics_are_those_of_scikit_learn():
    from sklearn.metrics import accuracy_score, f1_score, log_loss

    random = np.random.default_rng(0)
    probs, gold = random.dirichlet([0.5] * 4, size=300), random.integers(4, size=300)
    found, hard = metrics.measure(probs, gold), probs.argmax(axis=1)
    assert found["accuracy"] == pytest.approx(accuracy_score(gold, hard))
    assert found["macro_f1"] == pytest.approx(f1_score(gold, hard, average="macro"))
    assert found["log_loss"] == pytest.approx(log_loss(gold, np.clip(probs, 1e-10, 1)), abs=1e-6)
    assert found["brier"] == pytest.approx(((probs - np.eye(4)[gold]) ** 2).sum(axis=1).mean())


def test_ties_count_in_equal_parts():
    found = metrics.measure(np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([0, 0]))
    assert found["accuracy"] == 0.5
    assert found["ece"] == 0


def test_calibration_and_risk_by_hand():
    confidence, right = np.array([0.95, 0.95, 0.65, 0.65]), np.array([1.0, 1.0, 1.0, 0.0])
    assert metrics.expected_calibration_error(confidence, right) == pytest.approx((2 * 0.05 + 2 * 0.15) / 4)
    # The two records of 0.65 share one error: risks 0, 0, 0.5/3, 1/4.
    assert metrics.risk_coverage_area(confidence, right) == pytest.approx((0.5 / 3 + 1 / 4) / 4)


def test_intervals_hold_the_value_and_repeat():
    random = np.random.default_rng(1)
    probs, gold = random.dirichlet([1.0] * 2, size=200), random.integers(2, size=200)
    found = metrics.intervals(probs, gold)
    assert found == metrics.intervals(probs, gold)
    for name, value in metrics.measure(probs, gold).items():
        if name != "ece":  # of a resample it is larger in the mean
            assert found[name][0] <= value <= found[name][1]
