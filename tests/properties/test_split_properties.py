from __future__ import annotations

from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wslabel.errors import ExportError
from wslabel.exporting.splits import SplitPlan, audit_splits, split

TEXTS = st.one_of(st.text(max_size=40), st.sampled_from(["", " ", "same text", "Same  text!", "🙂", "\u202eabc", "İ"]))
ROWS = st.lists(st.tuples(TEXTS, st.integers(0, 5), st.sampled_from("ab")), min_size=1, max_size=40)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(ROWS, st.integers(0, 3), st.booleans(), st.sampled_from([None, 0.5, 1.0]), st.randoms(use_true_random=False))
def test_a_split_loses_nothing_ties_what_belongs_together_and_ignores_order(
    values: Any, seed: int, strata: bool, near: float | None, draw: Any
) -> None:
    rows = [{"id": str(i), "text": text, "who": who, "answer": a} for i, (text, who, a) in enumerate(values)]
    plan = SplitPlan(groups=["who"], seed=seed, near_duplicates=near, stratify="answer" if strata else None)
    try:
        made = split(rows, plan)
    except ExportError as error:
        if "would hold none" not in str(error):
            raise
        return
    assert sum(made.counts.values()) == len(rows)
    where = made.by_id()
    for one in rows:
        for other in rows:
            if one["who"] == other["who"] or one["text"] == other["text"]:
                assert where[one["id"]] == where[other["id"]]
    assert split(draw.sample(rows, len(rows)), plan).by_id() == where
    audit = audit_splits(rows, made, groups=["who"])
    assert not audit.counts["exact"]
    assert not audit.counts["group who"]
