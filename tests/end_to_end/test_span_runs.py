"""A suite of a task of spans, from its folder to exported spans."""

import csv
import json

import numpy as np
import pytest
import spacy
from click.testing import CliRunner
from spacy.tokens import DocBin

import wslabel as ws
from wslabel.analysis import span_accuracy, span_accuracy_by_label
from wslabel.cli import main
from wslabel.core.span_gold import span_gold
from wslabel.core.span_labels import LabeledSpan
from wslabel.errors import PipelineError, VotesError
from wslabel.pipeline import Run, auditing, plan
from wslabel.pipeline import run as run_pipeline
from wslabel.pipeline.span_review import as_shown

TASK = """
from wslabel.authoring import Label, Task
class Part(Label):
    PART = "Part"
    STATE = "State"
task = Task("plant.orders", Part, kind="spans")
"""
LFS = """
from wslabel.authoring import keywords, regex
from .task import Part
part = keywords("part", votes=Part.PART, any_of=["pump", "valve", "belt"])
known = keywords("known", votes=Part.PART, any_of=["pump", "hose"])
state = keywords("state", votes=Part.STATE, any_of=["leaking", "broken", "worn"])
unit = regex("unit", votes=Part.PART, pattern=r"unit [A-Z]")
"""
PIPELINE = """
suite = "plant.orders"
output = "run"
[records]
paths = ["corpus.jsonl"]
gold = "gold"
[end_model]
name = "END"
folds = 2
[export]
formats = ["jsonl", "spacy_docbin"]
options = {spans_key = "ents"}
"""


def row(i):
    part, state = ["pump", "valve", "belt", "hose"][i % 4], ["leaking", "broken", "worn"][i % 3]
    text = f"{part} {state} ({i})"
    end = len(part)
    gold = [{"start": 0, "end": end, "label": "Part"}]
    gold += [{"start": end + 1, "end": end + 1 + len(state), "label": "State"}]
    return {"id": f"o{i}", "text": text, "gold": gold}


@pytest.fixture
def plant(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    task = tmp_path / "labeling_functions" / "plant" / "orders"
    task.mkdir(parents=True)
    (task.parent / "package.toml").write_text('name = "plant"\nversion = "1.0"\n[tasks.orders]\n')
    (task / "task.py").write_text(TASK)
    (task / "heuristics.py").write_text(LFS)
    rows = [*map(row, range(24)), {"id": "none", "text": "all is well", "gold": []}]
    rows += [{"id": "open", "text": "unit Ab is worn", "gold": None}]  # a vote that ends within a token
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    (tmp_path / "pipeline.toml").write_text(PIPELINE.replace("END", "none"))
    return tmp_path


def invoke(*args):
    return CliRunner().invoke(main, [*map(str, args)])


def test_a_span_suite_runs_through_all_stages_and_tells_how_right_it_is(plant):
    done = invoke("run", "pipeline.toml")
    assert done.exit_code == 0, done.output
    assert "label model hmm: learned in 4 steps how often votes are of the right label" in done.output
    assert "; settings as usual\n" in done.output
    assert "labels: 50 spans in 26 records: Part 25, State 25" in done.output
    assert "against 48 gold spans in 25 records" in done.output
    assert "exact 1.000 / 1.000 / 1.000" in done.output
    assert "review queue" in done.output
    made = Run("run")
    assert made.stage("fit")["counts"]["model"] == "hmm"
    assert made.measured().n == 25  # the record without spans has gold, the one with null has none
    page = (plant / "run" / "report.html").read_text()
    assert "Against gold spans" in page
    assert "final: State" in page
    assert not any(one.reason for one in plan("pipeline.toml"))
    again = invoke("report", "run")
    assert again.exit_code == 0, again.output


def test_votes_on_spans_are_shown_filtered_and_joined(plant):
    lfs = LFS + 'stiff = keywords("stiff", votes=Part.STATE, any_of=["belt broken"])\n'
    (plant / "labeling_functions" / "plant" / "orders" / "heuristics.py").write_text(lfs)
    invoke("apply", "plant.orders", "corpus.jsonl", "-o", "votes")
    shown = invoke("votes", "votes", "--limit", "1").stdout
    assert shown == (
        "o0  pump leaking (0)\n    Part 0..4 'pump': part, known\n    State 5..12 'leaking': state\n"
        "1 of 26 records shown.\n"
    )
    assert "none  all is well\n    no votes\n" in invoke("votes", "votes", "--limit", "99").stdout
    told = json.loads(invoke("votes", "votes", "--conflicts", "--json").stdout)
    assert [one["id"] for one in told] == ["o10", "o22"]
    assert told[0]["votes"][1] == {"lf": "stiff", "start": 0, "end": 11, "label": "State", "words": "belt broken"}
    assert json.loads(invoke("votes", "votes", "--lf", "part", "--label", "State", "--json").stdout) == []
    assert "2 votes on 1 records written" in invoke("votes", "votes", "--lf", "unit", "-o", "unit.csv").stdout
    assert (plant / "unit.csv").read_text().splitlines()[:2] == [
        "id,text,lf,start,end,label,words",
        "open,unit Ab is worn,unit,0,6,Part,unit A",
    ]
    assert 'Did you mean "part"' in invoke("votes", "votes", "--lf", "prt").stderr


@pytest.mark.parametrize("kind", ["spans", "single"])
def test_no_spreadsheet_runs_a_cell_of_votes(plant, kind):
    folder, rows = plant / "labeling_functions" / "plant" / "orders", [{"id": "=1+1", "text": "@SUM pump"}]
    (folder / "task.py").write_text(TASK.replace('"spans"', f'"{kind}"').replace('"Part"\n', '"+Part"\n'))
    (folder / "heuristics.py").write_text(LFS + 'odd = regex("odd", votes=Part.PART, pattern="@SUM")\n')
    (plant / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    assert invoke("apply", "plant.orders", "corpus.jsonl", "-o", "votes").exit_code == 0
    assert invoke("votes", "votes", "--lf", "odd", "-o", "votes.csv").exit_code == 0
    with open("votes.csv", newline="") as file:
        (_, first, *_) = csv.reader(file)
    votes = ["'+Part"] * 3 if kind == "single" else ["odd", "0", "4", "'+Part", "'@SUM"]
    assert [cell for cell in first if cell] == ["'=1+1", "'@SUM pump", *votes]


def test_what_a_docbin_cannot_hold_is_left_out_counted_and_listed(plant):
    done = invoke("run", "pipeline.toml")
    made = Run("run")
    (warning,) = made.stage("export")["counts"]["warnings"]
    assert f"warning: {warning}" in " ".join(done.output.split())
    assert "1 span left out, which does not begin and end with a token: open 0..6 Part" in warning
    assert warning.partition(": ")[2] in (plant / "run" / "export" / "README.md").read_text()
    docs = DocBin().from_disk(plant / "run" / "export" / "spacy_docbin.spacy").get_docs(spacy.blank("en").vocab)
    by_id = {doc.user_data["id"]: doc for doc in docs}
    lines = (plant / "run" / "export" / "jsonl.jsonl").read_text().splitlines()
    assert sum(len(doc.ents) for doc in by_id.values()) + 1 == sum(len(json.loads(line)["spans"]) for line in lines)
    assert [(one.text, one.label_) for one in by_id["open"].ents] == [("worn", "State")]
    assert [token.ent_iob_ for token in by_id["open"]] == ["", "", "O", "B"]  # unknown, not outside


def test_the_end_model_is_fused_and_what_was_written_reads_back_the_same(plant):
    (plant / "pipeline.toml").write_text(PIPELINE.replace("END", "span_logreg"))
    made = run_pipeline("pipeline.toml")
    votes, posterior, held = made.votes(), made.posterior(), made.held_out()
    wanted = ws.label_model("hmm", seed=0).fit(votes).predict(votes)
    assert posterior.to_pandas().equals(wanted.to_pandas())
    assert posterior.corroboration == wanted.corroboration
    other = ws.cross_validate("span_logreg", made.records, wanted, 2, 0)
    assert (held.probs == other.probs).all()
    assert held.tokens.words == other.tokens.words
    assert made.labels().to_pandas().equals(ws.fuse(wanted, other).to_pandas())
    assert len(made.issues()) == len(ws.flag(made.labels(), other, votes))


def test_a_pipeline_need_not_name_end_model_and_formats(plant):
    (plant / "pipeline.toml").write_text(PIPELINE.partition("[end_model]")[0])
    made = run_pipeline("pipeline.toml")
    assert made.end_model == "span_logreg"
    assert made.held_out() is not None
    assert "span_logreg" in (plant / "run" / "report.html").read_text()
    files = [path.name for path in (plant / "run" / "export").iterdir()]
    assert {"jsonl.jsonl", "spacy_docbin.spacy"} <= {*files}


@pytest.mark.parametrize("end_model", ["none", "span_logreg"])
def test_a_share_of_gold_spans_is_learned_from_and_not_measured_with(plant, end_model):
    (plant / "pipeline.toml").write_text(PIPELINE.replace("END", end_model) + "[gold]\nshare = 0.5\n")
    made = run_pipeline("pipeline.toml")
    known, labels = made.known(), made.labels()
    assert 0 < len(known) < 25
    assert made.measured().n == 25 - len(known)
    assert {one for one, said in zip(labels.ids, labels.source) if said == "gold"} == set(known)
    spans = labels.by_id()
    assert all(json.loads(some) == [one_of(span) for span in spans[record]] for record, some in known.items())
    assert made.posterior().source.tolist() == ["model"] * 26
    assert not any(one.reason for one in plan("pipeline.toml"))
    assert invoke("report", "run").exit_code == 0


def one_of(span):
    return {"start": span.start, "end": span.end, "label": span.label}


def test_decisions_on_spans_of_an_earlier_run_are_gold(plant):
    first = run_pipeline("pipeline.toml")
    first.log.append(ws.Decision("o1", "spans", spans=((0, 5, "State"),), reviewer="ana"))
    (plant / "pipeline.toml").write_text(
        PIPELINE.replace("END", "none").replace('"run"', '"second"') + '[gold]\ndecisions = ["run"]\n'
    )
    made = run_pipeline("pipeline.toml")
    assert made.labels().by_id()["o1"] == (LabeledSpan(0, 5, "State"),)
    assert made.measured().n == 24


def test_what_spans_cannot_have_is_refused_with_one_message(plant):
    (plant / "pipeline.toml").write_text(PIPELINE.replace("END", "tfidf_logreg"))
    with pytest.raises(PipelineError, match="Set end_model.name .* to span_logreg, or to none"):
        run_pipeline("pipeline.toml")
    (plant / "pipeline.toml").write_text(
        PIPELINE.replace("END", "none").partition("[export]")[0] + "[export]\nformats = ['csv']\n"
    )
    refused = invoke("run", "pipeline.toml")
    assert refused.exit_code != 0
    assert "these labels are of the kind spans" in refused.output.replace("\n", " ")
    made = Run("run")
    with pytest.raises(PipelineError, match="labels spans"):
        made.explain("o1")


def test_spans_are_explained_by_who_voted_and_what_would_be_without(plant):
    made = run_pipeline("pipeline.toml")
    told = made.explain_spans("o0")  # "pump leaking (0)"
    part, state = told.spans
    assert [(one.lf, one.stands) for one in part.witnesses] == [("part", "same"), ("known", "same")]
    assert part.said == part.probability
    assert all(one.without < part.probability and one.alone == one.without for one in part.witnesses)
    assert "It would stand without any one." in part.why
    [only] = state.witnesses
    assert (only.lf, only.without, only.alone) == ("state", None, state.probability)
    assert state.why == "Just this span for just this label: state. Without state it would not stand."
    shown = invoke("explain", "run", "o0")
    assert shown.exit_code == 0, shown.output
    assert "pump leaking (0)" in shown.output
    assert "'leaking'" in shown.output
    said = json.loads(invoke("explain", "run", "o0", "--json").output)
    assert said["spans"][1]["witnesses"][0]["lf"] == "state"
    assert told.to_pandas()["lf"].tolist() == ["part", "known", "state"]
    assert "There is no record 'x'" in invoke("explain", "run", "x").output.replace("\n", " ")


def test_a_vote_that_does_not_prevail_is_told_as_lost():
    columns = [["a"] * 2, ["f", "g"], [0, 9], [4, 12], ["x", "x"]]
    votes = ws.SpanVotes.from_columns(["a"], [20], columns, ["f", "g"], ["x"])
    final = ws.SpanLabels(["a"], [20], [["a"], [2], [6], ["x"]], ["x"])
    told = ws.explain_spans(ws.label_model("span_majority").fit(votes), votes, "a", final)
    [span] = told.spans
    assert (span.said, span.witnesses[0].stands) == (None, "across")
    assert "The label model does not label it" in span.why
    assert [(one.lf, one.start) for one in told.lost] == [("g", 9)]
    assert "Votes that came to nothing" in str(told)


def test_redacted_spans_stand_where_they_stand_in_the_text_that_leaves(plant):
    rows = [{"id": "a", "text": "call 415-555-0134: pump worn", "gold": None}, row(1), row(2)]
    (plant / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    (plant / "pipeline.toml").write_text(PIPELINE.replace("END", "none") + "[redaction]\n")
    run_pipeline("pipeline.toml")
    lines = [json.loads(line) for line in (plant / "run" / "export" / "jsonl.jsonl").read_text().splitlines()]
    assert "555" not in lines[0]["text"]
    assert [lines[0]["text"][one["start"] : one["end"]] for one in lines[0]["spans"]] == ["pump", "worn"]


def test_what_reviewers_marked_is_exported_as_theirs(plant):
    made = run_pipeline("pipeline.toml")
    said = [
        ws.Decision("o0", "spans", spans=((0, 12, "State"),)),
        ws.Decision("o1", "spans", spans=()),
        ws.Decision("o2", "reject"),
        ws.Decision("o3", "spans", spans=((0, 4, "Part"),), reviewer="ada"),
        ws.Decision("o3", "reject", reviewer="bob"),
    ]
    made.log.append_all(said)
    done = invoke("export", "run")
    assert done.exit_code == 0, done.output
    lines = [json.loads(line) for line in (plant / "run" / "export" / "jsonl.jsonl").read_text().splitlines()]
    by_id = {line["id"]: line for line in lines}
    assert "o2" not in by_id
    assert [(s["start"], s["end"], s["label"]) for s in by_id["o0"]["spans"]] == [(0, 12, "State")]
    assert by_id["o0"]["confidence"] == 1.0
    assert (by_id["o0"]["source"], by_id["o1"]["spans"], by_id["o1"]["source"]) == ("human", [], "human")
    assert (by_id["o3"]["source"], len(by_id["o3"]["spans"])) == ("model", 2)  # a tie
    way = json.loads(invoke("trace", "run", "o0", "--json").stdout)
    assert way["exported"]["source"] == "human"
    assert way["label before review"]["label"] == "0-4 Part, 5-12 State"
    assert [vote["vote"] for vote in way["votes"]] == ["Part", "Part", "State"]
    told = invoke("trace", "run", "o0").output
    assert "decision     spans pump leaking [State] by reviewer" in told
    assert "left out     no label: rejected" in invoke("trace", "run", "o2").output
    assert "| records labeled by people | 2 |" in (plant / "run" / "export" / "README.md").read_text()
    nobody = invoke("trace", "run", "o99")
    assert nobody.exit_code == 1
    assert "no record 'o99'" in nobody.output


def test_the_command_line_tells_how_far_reviewers_of_spans_agree(plant):
    made = run_pipeline("pipeline.toml")
    assert "No record was decided by several" in invoke("agreement", "run").output
    for who in ("ana", "bob"):
        made.log.append_all(
            ws.Decision(f"o{i}", "spans", spans=((0, 4, "Part"),) if who == "ana" or i else (), reviewer=who)
            for i in range(10)
        )
    made.log.append(ws.Decision("o0", "reject", reviewer="eve"))
    told = json.loads(invoke("agreement", "run", "--json").stdout)
    assert (told["records"], told["rejected"]) == (10, 1)
    assert told["by_pair"]["ana, bob"]["exact"]["value"] == pytest.approx(18 / 19)
    shown = invoke("agreement", "run").output
    assert "ana, bob" in shown
    assert "0.95 (0.82–1.00)" in shown
    assert "1 records were rejected by some" in shown


def test_a_run_of_spans_is_audited_on_the_command_line(plant):
    made = run_pipeline("pipeline.toml")
    gold = {f"o{i}": tuple((g["start"], g["end"], g["label"]) for g in row(i)["gold"]) for i in range(24)}
    gold |= {"none": (), "open": ((0, 6, "Part"), (11, 15, "State"))}
    told = invoke("audit", "run", "--size", "12", "--export", "audit.csv")
    assert told.exit_code == 0, told.output
    assert "12 records drawn, none decided yet" in told.output
    queue = auditing.queue(made)
    for item in list(queue.items()):
        queue.decide_spans(item.id, gold[item.id], reviewer="ana")
    told = json.loads(invoke("audit", "run", "--json").stdout)
    assert (told["drawn"], told["estimate"]["audited"]) == (12, 12)
    assert told["estimate"]["scores"]["precision"]["value"] == 1.0
    assert 0.5 < told["estimate"]["scores"]["recall"]["low"] < 1
    shown = invoke("audit", "run").output
    assert "F1 (95 %)" in shown
    assert "before review: precision 100.0 %" in shown
    assert "12 records audited" in shown
    more = invoke("audit", "run", "--size", "20")
    assert "8 of 20 drawn are open" in more.output
    assert invoke("export", "run").exit_code == 0
    card = (plant / "run" / "export" / "README.md").read_text()
    assert "Audited accuracy" in card
    assert "12 records audited" in card
    assert invoke("report", "run").exit_code == 0
    assert "12 records audited" in (plant / "run" / "report.html").read_text()


def test_labeling_functions_are_blamed_and_runs_compared_by_what_reviewers_marked(plant):
    made = run_pipeline("pipeline.toml")
    assert "was reviewed yet" in invoke("blame", "run").output
    marked = {"o0": ((0, 4, "Part"),), "o1": ((0, 5, "Part"), (6, 12, "State")), "open": ()}  # o0: leaking is no state
    made.log.append_all(ws.Decision(id, "spans", spans=spans) for id, spans in marked.items())
    rows = {one["lf"]: one for one in json.loads(invoke("blame", "run", "--json").stdout)}
    assert (rows["state"]["reviewed"], rows["state"]["wrong"], rows["state"]["overturned"]) == (3, 2, ["o0", "open"])
    assert (rows["part"]["wrong"], rows["unit"]["overturned"]) == (0, ["open"])
    assert rows["state"]["spans"] == [[5, 12, "State"], [11, 15, "State"]]
    assert "state  o0: leaking [State] in: pump leaking (0)" in invoke("blame", "run").output
    heuristics = plant / "labeling_functions" / "plant" / "orders" / "heuristics.py"
    heuristics.write_text(LFS.replace('"leaking", "broken"', '"broken"').replace("unit [A-Z]", "unit [A-Z]b"))
    (plant / "other.toml").write_text((plant / "pipeline.toml").read_text().replace('output = "run"', 'output = "new"'))
    run_pipeline("other.toml")
    told = json.loads(invoke("diff", "run", "new", "--json").stdout)
    assert (told["shared"], told["changed"], told["reviewed"]) == (26, 9, 3)
    assert [(m["before"], m["after"], m["count"]) for m in told["moves"]] == [
        ("State", "nothing", 8),
        ("Part", "with other ends", 1),
    ]
    assert (told["mended"], told["broken"]) == (["o0"], [])
    assert told["f1_before"] < told["f1_after"] < 1
    assert {one["lf"]: one["changed"] for one in told["lfs"]} == {"state": 8, "unit": 1}
    shown = invoke("diff", "run", "new").output
    assert "26 records in both; 9 spans moved in 9 of them" in shown
    assert "State → nothing: 8 spans by state (8); o0 o3 o6" in shown
    assert "exact F1 on 3 reviewed records" in shown
    assert not json.loads(invoke("diff", "run", "run", "--json").stdout)["moves"]


def test_what_reviewers_marked_in_redacted_texts_is_exported_where_it_stands(plant):
    rows = [{"id": "a", "text": "call 415-555-0134: pump worn", "gold": None}, row(1), row(2)]
    (plant / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    (plant / "pipeline.toml").write_text(PIPELINE.replace("END", "none") + "[redaction]\nreview = true\n")
    made = run_pipeline("pipeline.toml")
    shown = made.shown.texts(["a"])[0]
    at = shown.index("worn")
    made.log.append(ws.Decision("a", "spans", spans=((at, at + 4, "State"), (0, 4, "Part"))))
    assert [(s.start, s.end) for s in made.resolved().by_id()["a"]] == [(0, 4), (24, 28)]
    assert invoke("export", "run").exit_code == 0
    way = invoke("trace", "run", "a").output
    assert "decision     spans call [Part]; worn [State] by reviewer" in way
    assert "vote         pump [Part] by part" in way
    assert "models       pump [Part]" in way
    assert "555" not in way
    made.log.append(ws.Decision("a", "spans", spans=((5, at + 4, "State"),)))
    assert f"decision     spans {shown[5 : at + 4]} [State] by reviewer" in invoke("trace", "run", "a").output
    assert "part  a: pump [Part] in: call [PHONE]: pump worn" in invoke("blame", "run").output
    first = json.loads((plant / "run" / "export" / "jsonl.jsonl").read_text().splitlines()[0])
    assert [first["text"][one["start"] : one["end"]] for one in first["spans"]] == ["call", "worn"]


@pytest.mark.parametrize(
    ("gold", "told"),
    [
        ([{"start": 0, "end": 4, "label": "Pert"}], "'Pert' of a span is not one of the task's"),
        ([{"start": 0, "end": 99, "label": "Part"}], "does not lie in the text"),
        ([{"start": 0, "label": "Part"}], "expected a list of"),
    ],
)
def test_wrong_gold_is_told_with_its_record_before_anything_is_fitted(plant, gold, told):
    (plant / "corpus.jsonl").write_text(json.dumps({"id": "x1", "text": "pump", "gold": gold}) + "\n")
    with pytest.raises(VotesError, match=told) as error:
        run_pipeline("pipeline.toml")
    assert "x1" in str(error.value)


def test_recall_counts_labels_that_are_never_found():
    gold = span_gold({"a": json.dumps(row(0)["gold"])}, np.array(["a"], object), [16], ["Part", "State"])
    found = ws.SpanLabels(["a"], [16], [["a"], [0], [4], ["Part"]], ["Part", "State"])
    assert span_accuracy(found, gold)[0].strict[:2] == (1.0, 0.5)
    part, state = span_accuracy_by_label(found, gold)
    assert (part.strict, state.strict) == ((1.0, 1.0, 1.0), (0.0, 0.0, 0.0))


def test_spans_are_reviewed_where_they_stand_in_redacted_texts(plant):
    text = "call 415-555-0134: pump worn, unit Ab is worn"
    (plant / "corpus.jsonl").write_text(json.dumps({"id": "a", "text": text, "gold": None}) + "\n")
    review = '[review]\nstrategy = "uncertainty"\n[redaction]\nreview = true\n'
    (plant / "pipeline.toml").write_text(PIPELINE.replace("END", "none") + review)
    assert invoke("run", "pipeline.toml").exit_code == 0
    item = Run("run").queue().item("a")
    assert "555" not in item.text
    assert [item.text[start:end] for start, end, _ in item.given_spans] == ["pump", "worn", "unit A", "worn"]
    assert [item.text[a:b] for one in Run("run").queue().witnesses(item) for a, b in one.spans]
    listed = invoke("review", "run").output
    assert "pump [Part]; worn [State]" in listed
    assert "votes: part: pump [Part], known: pump [Part], state: worn [State]; worn [State]" in " ".join(listed.split())

    assert invoke("review", "run", "--export", "queue.jsonl").exit_code == 0
    told = json.loads((plant / "queue.jsonl").read_text())
    told["decision"] = [*told["given"][:2], {"text": "unit Ab", "label": "Part"}]
    (plant / "queue.jsonl").write_text(json.dumps(told))
    done = invoke("review", "run", "--import", "queue.jsonl", "--reviewer", "ana")
    assert "1 decisions added" in done.output, done.output
    assert invoke("export", "run").exit_code == 0
    spans = Run("run").resolved().at(0)
    assert [text[one.start : one.end] for one in spans] == ["pump", "worn", "unit Ab"]
    (line,) = (plant / "run" / "export" / "jsonl.jsonl").read_text().splitlines()
    row = json.loads(line)
    assert [row["text"][one["start"] : one["end"]] for one in row["spans"]] == ["pump", "worn", "unit Ab"]


def test_the_report_marks_the_words_of_doubtful_spans_in_the_text_that_is_shown(plant):
    lfs = LFS + 'stiff = keywords("stiff", votes=Part.STATE, any_of=["pump worn"])\n'
    (plant / "labeling_functions" / "plant" / "orders" / "heuristics.py").write_text(lfs)
    rows = [{"id": "a", "text": "call 415-555-0134: pump worn & <b>", "gold": None}, *map(row, range(1, 9))]
    (plant / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    (plant / "pipeline.toml").write_text(PIPELINE.replace("END", "none") + "[redaction]\nreview = true\n")
    run_pipeline("pipeline.toml")
    (issue,) = (one for one in Run("run").issues() if one.kind == "conflict" and one.id == "a")
    page = (plant / "run" / "report.html").read_text()
    cells = page.partition('<th scope="row">a</th><td>conflict</td>')[2].partition("</tr>")[0]
    assert "555" not in page
    assert [one.partition("</mark>")[0] for one in cells.split("<mark>")[1:]] == ["pump", "worn"], issue.given
    assert "<sup>Part</sup>" in cells
    assert "&amp; &lt;b&gt;" in cells


def test_issues_move_along_with_redacted_texts(plant):
    rows = [
        {"id": "a", "text": "call 415-555-0134: pump worn", "gold": None},
        {"id": "b", "text": "nothing", "gold": None},
    ]
    (plant / "corpus.jsonl").write_text("".join(json.dumps(one) + "\n" for one in rows))
    (plant / "pipeline.toml").write_text(PIPELINE.replace("END", "none") + "[redaction]\nreview = true\n")
    run_pipeline("pipeline.toml")
    made = Run("run")
    said = [
        ws.Issue("a", "low_confidence", 0.1, "19-23 Part, 24-28 State", "19-23 Part"),
        ws.Issue("a", "label_error", 0.1, "19-23 Part, 24-28 State", "24-28 Part"),
    ]
    records = made.exportable
    labels, _, issues = as_shown(records, made.labels(), made.votes(), ws.Issues(said))
    item = ws.ReviewQueue(issues, records, labels).item("a")
    assert {one.given for one in issues} == {item.given}
    assert item.given != said[0].given
    assert [item.text[start:end] for start, end, _ in item.suggested_spans] == ["pump"]
    assert [(item.text[start:end], label) for start, end, label in item.other_spans] == [("worn", "Part")]
