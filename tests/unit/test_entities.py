import json

import numpy as np
import pandas as pd
import pytest
import spacy
from spacy.tokens import DocBin

import wslabel as ws
from wslabel.applying import VoteStore
from wslabel.authoring import keywords, spans_where
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVote, SpanVotes
from wslabel.errors import VotesError

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


def test_stored_votes_keep_the_ids_and_another_table_changes_them_without_new_votes(source, tmp_path):
    def voted():
        suite = spans_suite(
            ws.gazetteer("known", votes="x", source=source), keywords("plain", votes="x", any_of=["flu"])
        )
        ws.apply(suite, ws.read_records([{"id": "a", "text": TEXT}]), out=tmp_path / "votes")
        return VoteStore(tmp_path / "votes").read().to_pandas()

    first = voted()
    assert first["entity"].tolist() == ["D1|T9|D2", "D1|T9|D2", "C7", "P1", "", ""]
    written = pd.read_parquet(tmp_path / "votes" / "evidence.parquet")
    assert written["entity"].tolist() == ["D1|T9|D2", "D1|T9|D2", "C7", "P1"]
    assert [TEXT[start:end] for start, end in zip(written["start"], written["end"])][2] == "ibuprofen"
    before = (tmp_path / "votes" / "votes.parquet").stat().st_mtime_ns
    source.write_text(TABLE.replace("C7", "C8"))
    assert voted()["entity"].tolist() == ["D1|T9|D2", "D1|T9|D2", "C8", "P1", "", ""]
    assert (tmp_path / "votes" / "votes.parquet").stat().st_mtime_ns == before
    source.write_text("alias\ncold\n")
    assert "entity" not in voted().columns
    (tmp_path / "votes" / "evidence.parquet").write_text("no table")
    with pytest.raises(VotesError, match="damaged"):
        VoteStore(tmp_path / "votes").read()


def labels_of_votes():
    columns = [list(one) for one in zip(("a", 0, 7, "Drug"), ("a", 8, 14, "Effect"), ("b", 0, 4, "Drug"))]
    votes = [
        SpanVote("a", "f", 0, 7, "Drug", "D1|D2"),
        SpanVote("a", "g", 0, 7, "Thing", "D2|D3"),
        SpanVote("a", "g", 8, 14, "Drug", "D9"),
        SpanVote("b", "f", 0, 3, "Drug", "D9"),
    ]
    names, sizes = ["Drug", "Effect"], ([*"ab"], [20, 20])
    return SpanLabels(*sizes, columns, names), SpanVotes(*sizes, votes, [*"fg"], names, {"Thing": names})


def test_labels_take_the_ids_of_votes_on_the_same_span_for_the_same_label():
    labels, votes = labels_of_votes()
    named = labels.with_entities(votes)
    assert named.to_pandas()["entity"].tolist() == ["D1|D2|D3", "", ""]
    assert [one.entity for one in named.at(0)] == ["D1|D2|D3", ""]
    assert named.at_least(0.5).entity.tolist() == ["D1|D2|D3", "", ""]
    assert labels.with_entities(named).entity.tolist() == ["D1|D2|D3", "", ""]
    assert "entity" not in labels.to_pandas().columns


def test_exports_carry_the_ids(tmp_path):
    labels, votes = labels_of_votes()
    records = [{"id": "a", "text": "Aspirin caused rashes."[:20]}, {"id": "b", "text": "None of it was there"}]
    known = labels.with_entities(votes)
    object.__setattr__(known, "entity", np.array(["D1|D2", "E7", ""], object))
    for key in ("ents", "sc"):
        made = ws.export(
            known, records, tmp_path / key, format=["jsonl", "spacy_docbin"], options={"spans_key": key}, task=None
        )
        line = json.loads(made.paths["jsonl"].read_text().splitlines()[0])
        assert [one["entity"] for one in line["spans"]] == ["D1|D2", "E7"]
        doc, other = DocBin().from_disk(made.paths["spacy_docbin"]).get_docs(spacy.blank("en").vocab)
        spans = doc.ents if key == "ents" else doc.spans["sc"]
        assert [one.kb_id_ for one in spans] == ["", "E7"]  # which of two it is, nobody has told
        assert [*map(tuple, doc.user_data["entities"])] == [(0, 7, "D1|D2"), (8, 14, "E7")]
        assert "entities" not in other.user_data
    assert [token.ent_kb_id_ for token in doc][:2] == ["", ""]


def test_a_template_may_tell_the_ids(tmp_path):
    labels, votes = labels_of_votes()
    (tmp_path / "t.toml").write_text(
        'variant = [{user = "{{ text }}", assistant = "'
        "{% for one in spans %}{{ one.text }}={{ one.entity }};{% else %}Nothing.{% endfor %}" + '"}]'
    )
    records = [{"id": "a", "text": "Aspirin caused rashes."[:20]}, {"id": "b", "text": "None of it was there"}]
    made = ws.export(
        labels.with_entities(votes), records, tmp_path / "out", format="openai_chat", template=tmp_path / "t.toml"
    )
    assert "Aspirin=D1|D2|D3;" in made.paths["openai_chat"].read_text()


def test_ids_of_what_is_redacted_go_with_it():
    text = "call 415-555-0134 now, Aspirin"
    records = ws.redact(ws.read_records([{"id": "a", "text": text}]), ws.Redaction(ws.load_recognisers()))
    columns = [["a", "a"], [5, 23], [17, 30], ["x", "x"]]
    votes = SpanVotes.from_columns(["a"], [30], [["a", "a"], ["f", "f"], *columns[1:], ["P1", "D1"]], ["f"], ["x"])
    assert records.move(votes).entity.tolist() == ["", "D1"]
    assert records.move(SpanLabels(["a"], [30], columns, ["x"]).with_entities(votes)).entity.tolist() == ["", "D1"]


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
