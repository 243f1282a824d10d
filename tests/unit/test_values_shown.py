"""What values say of themselves: one line each, and a DataFrame."""

import numpy as np
import pandas as pd
import pytest

import wslabel as ws
from wslabel.core.records import read_records
from wslabel.suites import as_suite

TASK = ws.Task("demo.mood", ["bad", "good"])
LFS = [
    ws.keywords("glad", votes="good", any_of=["glad"], doc="Gladness is good."),
    ws.keywords("sad", votes="bad", any_of=["sad"]),
    ws.regex("shouts", votes="bad", pattern="!!"),
]
TEXTS = ["glad", "glad glad", "sad!!", "sad", "what", "sad!!", "glad!!"] * 5


def made():
    suite = as_suite(LFS, TASK)
    records = read_records([{"id": str(row), "text": text} for row, text in enumerate(TEXTS)])
    votes = ws.apply(suite, records)
    return suite, records, votes


def test_each_value_is_one_readable_line():
    suite, records, votes = made()
    fitted = ws.label_model("majority").fit(votes)
    assert repr(TASK) == "Task(demo.mood: single, labels bad, good)"
    assert repr(suite) == "Suite(demo.mood: 3 LFs, labels bad, good)"
    assert repr(records) == "Records(35 rows in memory; text 'text', id None, gold None)"
    assert repr(votes.patterns()) == "VotePatterns(5 patterns of 3 LFs, 35 records)"
    assert repr(ws.summarize(votes)) == "LFSummary(35 records, 3 LFs: coverage 0.857, overlap 0.429, conflict 0.143)"
    assert repr(fitted) == "FittedLabelModel(majority: 3 LFs, labels bad, good, closed form)"
    many = ws.Task("demo.many", [f"label{number}" for number in range(150)])
    assert repr(many).endswith("label5, … (150))")


def test_a_suite_is_a_table_of_its_labeling_functions():
    frame = made()[0].to_pandas()
    assert frame.index.tolist() == ["glad", "sad", "shouts"]
    assert frame.loc["glad", ["votes", "columns", "doc"]].tolist() == ["good", "text", "Gladness is good."]
    assert "test_values_shown.py, line" in frame.loc["sad", "place"]


@pytest.mark.parametrize("model", ["majority", "weighted_majority", "dawid_skene", "auto"])
def test_a_fitted_model_tells_what_each_vote_is_worth(model):
    votes = made()[2]
    fitted = ws.label_model(model).fit(votes)
    frame = fitted.to_pandas()
    assert frame.index.names == ["lf", "vote"]
    assert frame.index.tolist() == [(lf, vote) for lf in votes.lf_names for vote in ("bad", "good")]
    alone = ws.VoteMatrix.from_array(np.array([[1, -1, -1]]), labels=["bad", "good"], lf_names=votes.lf_names)
    probability = fitted.predict(alone).probs[0, 1]
    assert frame.loc[("glad", "good"), "probability"] == pytest.approx(probability)
    prior = np.log(fitted.class_balance[1] / fitted.class_balance[0])
    added = np.log(probability / (1 - probability)) - prior
    assert frame.loc[("glad", "good"), "log_odds"] == pytest.approx(added)


def test_the_index_of_a_frame_may_hold_the_ids():
    named = pd.DataFrame({"text": ["a", "b"]}, index=pd.Index(["x", "y"], name="id"))
    assert read_records(named).to_pandas()["id"].tolist() == ["x", "y"]
    other = named.rename_axis("key")
    assert read_records(other, id="key").to_pandas()["id"].tolist() == ["x", "y"]
    assert read_records(other).columns == ("id", "text")
    assert read_records(other).to_pandas()["id"].tolist() != ["x", "y"]
    both = named.assign(id=["p", "q"])
    assert read_records(both).to_pandas()["id"].tolist() == ["p", "q"]
