import pandas as pd
import pytest

import wslabel as ws
from wslabel.authoring import keywords, spans_where

TABLE = """alias,id,type
Cold,D1,disease
cold,T9,feeling
cold,D1,disease
COLD,D2,disease
flu,,disease
ſtraße,P1,place
ibuprofen,C7,drug
"""
TEXT = "🤒 Cold? No cold, but ibuprofen on the STRASSE, no: Straße. Flu."


@pytest.fixture
def source(tmp_path):
    (tmp_path / "kb.csv").write_text(TABLE)
    return tmp_path / "kb.csv"


def spans_suite(*lfs):
    return ws.Suite(ws.Task("demo.spans", ["x"], kind="spans"), lfs)


@pytest.mark.parametrize(
    ("options", "found", "ids"),
    [
        ({}, "cold", ("D1", "T9", "D2")),
        ({"types": ["disease"]}, "CoLD", ("D1", "D2")),
        ({"ignore_case": False}, "COLD", ("D2",)),
        ({}, "flu", ()),
        ({}, "STRAßE", ("P1",)),
        ({}, "unknown", ()),
    ],
)
def test_a_name_keeps_the_ids_of_all_that_it_may_name(source, options, found, ids):
    assert ws.gazetteer("f", votes="x", source=source, **options).entities(found) == ids


def test_lfs_without_a_table_or_without_ids_tell_none(source, tmp_path):
    (tmp_path / "names.csv").write_text("alias\ncold\n")
    assert ws.gazetteer("f", votes="x", source=tmp_path / "names.csv").entities("cold") == ()
    assert ws.gazetteer("f", votes="x", source=["cold"]).entities("cold") == ()
    assert keywords("f", votes="x", any_of=["cold"]).entities("cold") == ()


@pytest.mark.parametrize("stored", [False, True])
def test_span_votes_hold_the_ids(source, tmp_path, stored):
    known = ws.gazetteer("known", votes="x", source=source)
    real = spans_where("real", known, not_preceded_by=True)
    suite = spans_suite(keywords("plain", votes="x", any_of=["cold"]), known, real)
    rows = [{"id": "e", "text": "nothing"}, {"id": "a", "text": TEXT}, {"id": "b", "text": "flu, ibuprofen"}]
    out = tmp_path / "votes" if stored else None
    frame = ws.apply(suite, ws.read_records(rows), out=out, shard_size=2).to_pandas()
    texts = {row["id"]: row["text"] for row in rows}
    told = [(row.lf, texts[row.id][row.start : row.end], row.entity) for row in frame.itertuples()]
    assert [(found, ids) for lf, found, ids in told if lf == "known"] == [
        ("Cold", "D1|T9|D2"),
        ("cold", "D1|T9|D2"),
        ("ibuprofen", "C7"),
        ("Straße", "P1"),
        ("Flu", ""),
        ("flu", ""),
        ("ibuprofen", "C7"),
    ]
    assert {ids for lf, _, ids in told if lf == "plain"} == {""}
    assert ("real", "Cold", "D1|T9|D2") in told
    assert ("real", "cold", "D1|T9|D2") not in told


def test_votes_of_other_lfs_stay_as_they_are(source):
    votes = ws.apply(spans_suite(keywords("plain", votes="x", any_of=["cold"])), ws.read_records([{"text": TEXT}]))
    assert "entity" not in votes.to_pandas().columns


def test_explain_tells_the_ids_of_each_span(source):
    known = ws.gazetteer("known", votes="x", source=source, types=["disease", "drug"])
    for task in (ws.Task("demo.spans", ["x"], kind="spans"), ws.Task("demo.all", ["x", "y"])):
        [said] = ws.explain([known], TEXT, task)
        assert [TEXT[start:end] for start, end in said.spans] == ["Cold", "cold", "ibuprofen", "Flu"]
        assert said.entities == (("D1", "D2"), ("D1", "D2"), ("C7",), ())
    [silent] = ws.explain([known], "nothing", ws.Task("demo.all", ["x", "y"]))
    assert silent.entities == ()


def test_stored_evidence_holds_the_ids(source, tmp_path):
    suite = ws.Suite(
        ws.Task("demo.all", ["x", "y"]),
        (ws.gazetteer("known", votes="x", source=source), keywords("plain", votes="y", any_of=["no"])),
    )
    ws.apply(suite, ws.read_records([{"id": "a", "text": TEXT}]), out=tmp_path / "votes", evidence=True)
    frame = pd.read_parquet(tmp_path / "votes" / "evidence.parquet")
    assert frame["entity"][frame["lf"] == "known"].tolist() == ["D1|T9|D2", "D1|T9|D2", "C7", "P1", ""]
    assert set(frame["entity"][frame["lf"] == "plain"]) == {""}


def test_witnesses_of_span_votes_list_each_id(source):
    suite = spans_suite(ws.gazetteer("known", votes="x", source=source))
    votes = ws.apply(suite, ws.read_records([{"id": "a", "text": TEXT}]))
    [told] = ws.witnesses(suite, votes)("a", {"text": TEXT})
    assert told.entries == ("D1", "T9", "D2", "C7", "P1")


def test_rules_as_data_know_the_ids(source):
    from wslabel.authoring.labeling_function import Place
    from wslabel.suites.rules import Rule, rule_lf

    rule = Rule(
        {"name": "f", "kind": "gazetteer", "votes": "x", "source": "kb.csv", "types": ["feeling"]},
        Place(str(source.parent / "rules.toml"), 1),
    )
    assert rule_lf(rule).entities("Cold") == ("T9",)
