import sys

import pytest

import wslabel as ws
from conftest import ROOT
from wslabel.errors import FaultRateError


@pytest.fixture
def suite():
    return ws.load_suite("legal.citation", ROOT / "labeling_functions")


def found(suite, name, text):
    lf = suite.lf(name)
    votes = ws.apply([lf], [{"id": "a", "text": text}], task=suite.task)
    labels = ws.label_model("span_majority").fit(votes).predict(votes)
    return [text[span.start : span.end] for span in labels.by_id().get("a", ())]


def test_without_eyecite_the_suite_loads_and_says_what_to_install(suite, monkeypatch):
    monkeypatch.setitem(sys.modules, "eyecite", None)
    assert "eyecite_case" in suite.lf_names
    with pytest.raises(FaultRateError, match=r"pip install 'wslabel\[legal\]'"):
        ws.apply(suite, [{"id": str(at), "text": f"431 U.S. 20{at}"} for at in range(3)])


def test_loading_the_suite_does_not_load_eyecite(monkeypatch):
    monkeypatch.delitem(sys.modules, "eyecite", raising=False)
    ws.load_suite("legal.citation", ROOT / "labeling_functions")
    assert "eyecite" not in sys.modules


@pytest.mark.parametrize(
    ("name", "text", "spans"),
    [
        ("eyecite_case", "See 431 U.S. 209, 215 (1977).", ["431 U.S. 209"]),
        ("eyecite_law", "He sued under 42 U.S.C. § 1983.", ["42 U.S.C. § 1983"]),
        ("american_code", "charged under 18 U.S.C. §§ 1341, 1343 with", ["18 U.S.C. §§ 1341, 1343"]),
        ("act_with_year", "section 172 of the Companies Act 2006", ["section 172 of the Companies Act 2006"]),
        ("act_without_year", "under the Harbour Safety Act and", ["Harbour Safety Act"]),
        ("year_behind_citation", "812 F.3d 455 (9th Cir. 2016)", ["2016"]),
        ("court_of_place", "The Supreme Court of Nevada agreed.", ["Supreme Court of Nevada"]),
    ],
)
def test_spans_end_where_the_guideline_says(suite, name, text, spans):
    if name.startswith("eyecite"):
        pytest.importorskip("eyecite")
    assert found(suite, name, text) == spans
