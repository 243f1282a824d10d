import numpy as np
import pytest

import wslabel as ws
from wslabel.core.issues import Issue

pytest.importorskip("matplotlib", reason="matplotlib is not installed")

NAMES = ["ham", "spam"]
VOTES = ws.VoteMatrix.from_array([[0, 0, -1], [1, 0, -1], [-1, 1, -1], [0, -1, -1]], NAMES, list("abcd"))
LABELS = ws.Labels(list("abcd"), [[0.9, 0.1], [0.4, 0.6], [0.2, 0.8], [0.5, 0.5]], NAMES)
GOLD = {"a": "ham", "b": "ham", "c": "spam"}


def widths(axes):
    return [bar.get_width() for bar in axes.patches]


def test_bars_are_coverage_and_conflict():
    axes = ws.plot_labeling_functions(ws.summarize(VOTES, GOLD)).axes
    assert len(axes) == 2
    names = [label.get_text() for label in axes[0].get_yticklabels()]
    assert names == ["lf_2", "lf_0", "lf_1"]
    assert widths(axes[0]) == [0, 50, 50, 0, 25, 25]
    assert len(ws.plot_labeling_functions(ws.summarize(VOTES)).axes) == 1


def test_agreement_counts_records_on_which_both_vote():
    share = np.asarray(ws.plot_agreement(VOTES).axes[0].images[0].get_array(), dtype=float)
    assert share[0].tolist()[:2] == [100, 50]
    assert np.isnan(share[2]).all()


def test_balance_counts_each_record_once():
    axes = ws.plot_label_balance(LABELS, GOLD).axes[0]
    assert widths(axes) == [2, 2, 0, 2, 1, 0]
    assert widths(ws.plot_label_balance(LABELS).axes[0]) == [2, 2, 0]


def test_risk_rises_with_what_is_kept():
    (line,) = ws.plot_risk_coverage(LABELS, GOLD).axes[0].lines
    assert line.get_xdata().tolist() == pytest.approx([100 / 3, 200 / 3, 100])
    assert line.get_ydata().tolist() == pytest.approx([0, 0, 100 / 3])


def test_equal_confidence_comes_in_together():
    same = ws.Labels(list("abc"), [[0.7, 0.3]] * 3, NAMES)
    (line,) = ws.plot_risk_coverage(same, GOLD).axes[0].lines
    assert line.get_xdata().tolist() == [100]


def test_review_curve_counts_errors_in_the_order_of_the_queue():
    issues = ws.Issues([Issue("b", "conflict", 0.1, "spam", "ham"), Issue("a", "conflict", 0.2, "ham", "ham")])
    queue, chance = ws.plot_review_curve(LABELS, issues, GOLD).axes[0].lines
    assert queue.get_ydata().tolist() == [0, 100, 100]
    assert chance.get_ydata()[-1] == pytest.approx(200 / 3)


@pytest.mark.parametrize(
    "draw", [ws.plot_risk_coverage, lambda labels, gold: ws.plot_review_curve(labels, ws.Issues([]), gold)]
)
def test_without_gold_there_is_nothing_to_compare(draw):
    with pytest.raises(ws.WslabelError, match="None of these records has a gold label"):
        draw(LABELS, {})


def test_notebooks_show_figures():
    assert ws.plot_label_balance(LABELS)._repr_png_().startswith(b"\x89PNG")
