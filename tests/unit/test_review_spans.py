"""The review queue where spans are labeled."""

import csv
import json
import re

import numpy as np
import pandas as pd
import pytest

import wslabel as ws
from wslabel.core.decisions import join_spans, part_spans
from wslabel.core.span_labels import LabeledSpan
from wslabel.errors import ReviewError
from wslabel.review import DecisionLog

TEXTS = {
    "rash": "Aspirin-induced rash",
    "fever": "\U0001f912 fever after ibuprofen",
    "well": "All is well",
    "twice": "Rash, and again rash after aspirin",
}
RECORDS = [{"id": record, "text": text, "lang": "en" if record != "well" else "de"} for record, text in TEXTS.items()]
VOTED = [
    ("rash", "drugs", 0, 7, "Drug"),
    ("rash", "induced", 16, 20, "Effect"),
    ("rash", "wide", 8, 20, "Drug"),
    ("fever", "drugs", 14, 23, "Drug"),
    ("fever", "something", 2, 7, "ANY"),
    ("fever", "induced", 2, 7, "Effect"),
    ("twice", "drugs", 27, 34, "Drug"),
]
GIVEN = [
    ("rash", 0, 7, "Drug", 0.9),
    ("rash", 16, 20, "Effect", 0.4),
    ("fever", 14, 23, "Drug", 0.8),
    ("twice", 27, 34, "Drug", 0.7),
]
NAMES = ["Drug", "Effect"]


@pytest.fixture
def votes():
    frame = pd.DataFrame(VOTED, columns=["id", "lf", "start", "end", "label"])
    return ws.SpanVotes.from_pandas(frame, RECORDS, NAMES, {"ANY": NAMES})


@pytest.fixture
def labels():
    frame = pd.DataFrame(GIVEN, columns=["id", "start", "end", "label", "probability"])
    made = ws.SpanLabels.from_pandas(frame, RECORDS, NAMES)
    covered = [True, True, False, True]
    return ws.SpanLabels(made.ids, made.lengths, made.columns(), NAMES, covered)


@pytest.fixture
def queue(tmp_path, labels, votes):
    return make(tmp_path, labels, votes)


def make(tmp_path, labels, votes=None, **options):
    issues = ws.flag(labels, None, votes)
    return ws.ReviewQueue(issues, RECORDS, labels, votes, tmp_path / "review.db", **options)


def test_an_item_has_the_spans_with_probabilities_and_what_is_suggested(queue):
    item = queue.item("rash")
    assert queue.kind == "spans"
    assert item.spans == (LabeledSpan(0, 7, "Drug", 0.9), LabeledSpan(16, 20, "Effect", 0.4))
    assert item.given == "0-7 Drug, 16-20 Effect"
    assert item.suggested_spans == ((0, 7, "Drug"),)  # the other one is less probable than not
    assert item.confidence == 0.4
    assert item.score == pytest.approx(np.exp(-0.1 - 0.6))  # so many errors are to be expected
    assert item.kinds == ("conflict", "low_confidence")
    assert item.votes == {"drugs": "0-7 Drug", "wide": "8-20 Drug", "induced": "16-20 Effect"}
    assert queue.item("well").given == "no span"
    assert queue.item("well").spans == ()


def test_witnesses_point_at_what_they_vote_for(queue):
    told = {(one.lf, one.vote): one.spans for one in queue.witnesses(queue.item("rash"))}
    assert told == {("drugs", "Drug"): ((0, 7),), ("wide", "Drug"): ((8, 20),), ("induced", "Effect"): ((16, 20),)}
    assert queue.witnesses(queue.item("well")) == []
    assert queue.lf_names == ("drugs", "induced", "wide", "something")


def test_a_vote_for_a_group_contradicts_none_for_its_members(labels, votes):
    assert [issue.id for issue in ws.flag(labels, None, votes) if issue.kind == "conflict"] == ["rash"]
    other = [*VOTED, ("fever", "wide", 0, 23, "Drug")]  # it reaches over the others, which begin later
    frame = pd.DataFrame(other, columns=["id", "lf", "start", "end", "label"])
    more = ws.SpanVotes.from_pandas(frame, RECORDS, NAMES, {"ANY": NAMES})
    found = {issue.id: issue.lfs for issue in ws.flag(labels, None, more) if issue.kind == "conflict"}
    assert found == {"rash": ("induced", "wide"), "fever": ("induced", "wide")}


@pytest.mark.parametrize(
    ("strategy", "ids"),
    [
        ("worst_first", ["rash", "well"]),
        ("conflict", ["rash"]),
        ("uncertainty", ["rash", "twice", "fever"]),
        ("uncovered", ["well"]),
        ("diverse", ["rash", "well"]),
    ],
)
def test_strategies(tmp_path, labels, votes, strategy, ids):
    assert make(tmp_path, labels, votes, strategy=strategy).ids == ids


def test_patterns_of_votes_are_refused_as_each_record_has_its_own_text(tmp_path, labels, votes, queue):
    with pytest.raises(ReviewError, match="One decision cannot settle several records .* 'diverse' in place of"):
        make(tmp_path, labels, votes, strategy="by_pattern")
    assert queue.alike_count("rash") == 0
    with pytest.raises(ReviewError, match="0 open records have its votes"):
        queue.decide_alike("rash", None, count=2)


@pytest.mark.parametrize(
    ("where", "ids"),
    [
        ({"label": "Effect"}, ["rash"]),
        ({"label": "Drug"}, ["rash", "twice", "fever"]),
        ({"lf": "something"}, ["fever"]),
        ({"kind": "low_confidence"}, ["rash"]),
        ({"text": "RASH"}, ["rash", "twice"]),
        ({"ids": ["fever", "well"]}, ["fever"]),
        ({"lang": "de"}, []),
    ],
)
def test_filters(tmp_path, labels, votes, where, ids):
    queue = make(tmp_path, labels, votes, strategy="uncertainty", where=where)
    assert queue.ids == ids
    assert [item.id for item in queue.upcoming(count=9, where=where)] == ids


def test_decisions_hold_all_spans_of_the_record_and_can_be_taken_back(queue):
    queue.skip("well", "ana")
    done = queue.decide_spans("rash", [(16, 20, "Effect"), (0, 7, "Drug")], "ana")
    assert done.spans == ((0, 7, "Drug"), (16, 20, "Effect"))
    assert done.replaces == "0-7 Drug, 16-20 Effect"
    assert json.loads(done.shown)["suggested"] == "0-7 Drug"
    assert queue.progress("ana") == (1, 2)
    assert [item.id for item in queue.upcoming("ana", 5)] == ["well"]
    again = queue.decide_spans("rash", [], "ana")
    assert (again.said, again.replaces) == ("no span", "0-7 Drug, 16-20 Effect")
    assert queue.undo("ana").replaces == "no span"
    assert [one.said for one in queue.own("ana")] == ["skip", "0-7 Drug, 16-20 Effect"]
    assert queue.reject("well", "bob").action == "reject"
    assert queue.unsure("rash", "bob").settles is False
    assert DecisionLog(queue.log.path).standing()[1].spans == done.spans


@pytest.mark.parametrize(
    ("spans", "told"),
    [
        ([(0, 21, "Drug")], "ends beyond the text of 20 characters"),
        ([(3, 3, "Drug")], "3..3 is no span"),
        ([(-1, 3, "Drug")], "-1..3 is no span"),
        ([(0.5, 3, "Drug")], "0.5..3 is no span"),
        ([(0, 3, "Drgu")], 'Did you mean "Drug"'),
        ([(0, 3, "Drug"), (0, 3, "Drug")], "stands twice"),
    ],
)
def test_spans_that_are_none_are_refused(queue, spans, told):
    with pytest.raises(ReviewError, match=told):
        queue.decide_spans("rash", spans)
    assert not queue.log.path.exists()


def test_values_of_the_other_kind_are_refused(queue, tmp_path):
    with pytest.raises(ReviewError, match="its spans are asked for"):
        queue.decide("rash", "Drug")
    labels = ws.Labels(["a"], [[0.5, 0.5]], NAMES)
    of_labels = ws.ReviewQueue(ws.flag(labels, None), [{"id": "a", "text": "t"}], labels, strategy="uncertainty")
    with pytest.raises(ReviewError, match="spans are decided where the task is of the kind spans"):
        of_labels.decide_spans("a", [(0, 1, "Drug")])


def test_votes_of_the_other_kind_or_other_labels_are_refused(tmp_path, labels, votes):
    with pytest.raises(ReviewError, match="The votes are a VoteMatrix, and the labels under review of the kind spans"):
        make_with(tmp_path, labels, votes.by_record())
    with pytest.raises(ReviewError, match=r"The votes have the labels \['Drug'\], the labels"):
        make_with(tmp_path, labels, ws.SpanVotes(labels.ids, labels.lengths, [], [], ["Drug"]))


def make_with(tmp_path, labels, votes):
    return ws.ReviewQueue(ws.Issues([]), RECORDS, labels, votes, tmp_path / "review.db")


def test_a_text_of_another_length_is_told(tmp_path, labels):
    other = [{**one, "text": one["text"] + "!"} for one in RECORDS]
    queue = ws.ReviewQueue(ws.flag(labels, None), other, labels, log=tmp_path / "review.db")
    with pytest.raises(ReviewError, match="the text has 21 characters, and its spans are of one with 20"):
        queue.item("rash")


def test_a_table_goes_out_with_spans_as_json_and_comes_back(queue, tmp_path):
    path = queue.export(tmp_path / "queue.csv")
    rows = list(csv.DictReader(path.open(encoding="utf-8-sig", newline="")))
    suggested = json.loads(rows[0]["suggested"])
    assert suggested == [{"start": 0, "end": 7, "text": "Aspirin", "label": "Drug"}]
    rows[0]["decision"] = json.dumps([*suggested, {"text": "rash", "label": "Effect"}])
    rows[1]["decision"] = "[]"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        writer.writerows(rows)
    with pytest.raises(ReviewError, match="line 2: a decision that is not in .* would be overwritten"):
        queue.export(path)
    assert queue.import_decisions(path, "ana") == {"added": 2, "unchanged": 0, "empty": 0}
    assert queue.import_decisions(path, "ana") == {"added": 0, "unchanged": 2, "empty": 0}
    assert [(one.id, one.spans) for one in queue.decisions()] == [
        ("rash", ((0, 7, "Drug"), (16, 20, "Effect"))),
        ("well", ()),
    ]
    queue.export(path)
    assert queue.to_pandas()["decision"].tolist() == ["0-7 Drug, 16-20 Effect", "no span"]


def test_json_lines_keep_probabilities_and_take_lists(queue, tmp_path):
    path = queue.export(tmp_path / "queue.jsonl")
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert told[0]["given"][1] == {"start": 16, "end": 20, "text": "rash", "label": "Effect", "probability": 0.4}
    told[0]["decision"], told[1]["decision"] = told[0]["given"], "reject"
    path.write_text("".join(json.dumps(one) + "\n" for one in told))
    assert queue.import_decisions(path)["added"] == 2
    assert [one.said for one in queue.decisions()] == ["0-7 Drug, 16-20 Effect", "reject"]


@pytest.mark.parametrize(
    ("decision", "told"),
    [
        ("[{", "is no JSON"),
        ("Drug", "'Drug' is no decision. Expected skip, unsure, reject, or a list of"),
        (7, "7 is no decision"),
        ('[{"start": 0, "end": 7}]', "is no span. Expected a list of"),
        ('[{"start": 0, "end": "7", "label": "Drug"}]', "is no span. Expected a list of"),
        ('[{"start": 0, "end": 99, "label": "Drug"}]', "a span ends beyond the text"),
        ('[{"start": 1, "end": 8, "text": "Aspirin", "label": "Drug"}]', "1..8 is 'spirin-', and not 'Aspirin'"),
        ('[{"text": "aspirin", "label": "Drug"}]', "'aspirin' does not stand in the text"),
        ('[{"text": "i", "label": "Drug"}]', "'i' stands more than once"),
        ('[{"text": "rash", "label": "Efect"}]', 'Did you mean "Effect"'),
        ([3], "3 is no span"),
    ],
)
def test_broken_decisions_are_told_and_nothing_is_logged(queue, tmp_path, decision, told):
    path = tmp_path / "queue.jsonl"
    path.write_text(json.dumps({"id": "rash", "decision": decision}))
    with pytest.raises(ReviewError, match="line 1|Record rash") as error:
        queue.import_decisions(path)
    assert told in str(error.value)
    assert not queue.log.path.exists()


def test_the_static_page_marks_spans(queue):
    page = queue.show(static=True)
    assert "Aspirin [Drug]; rash [Effect] (0.400), suggested Aspirin [Drug]" in str(page)
    marked = re.sub("<mark [^>]*>", "<mark>", page.html())
    assert "<mark>Aspirin<sub>Drug</sub></mark>-induced <mark>rash<sub>Effect</sub></mark></div>" in marked
    assert '<span class="aside">no span</span>' in page.html()


def test_the_reviewers_share_the_work(tmp_path, labels, votes):
    queue = make(tmp_path, labels, votes, strategy="uncertainty", reviewers=["ana", "bob"], shared=1.0)
    assert len(queue.pending("ana")) == len(queue.pending("bob")) == 3
    queue.decide_spans("rash", [], "ana")
    assert (len(queue.pending("ana")), len(queue.pending("bob"))) == (2, 3)


def test_the_end_model_tells_what_it_has_where_cleanlab_finds_an_error(tmp_path):
    from test_span_learning import FOODS, PLACES, corpus, labels_of

    records = corpus(60)
    labels = labels_of(records, FOODS)
    places = labels_of(records, PLACES).to_pandas().assign(label="Place")
    right = pd.concat([labels.to_pandas(), places], ignore_index=True)
    wrong = right.copy()
    wrong.loc[[0, 7, 20], "label"] = "Place"
    given = ws.SpanLabels.from_pandas(wrong, records, labels.labels)
    held = ws.cross_validate("span_logreg", records, given, folds=3)
    queue = ws.ReviewQueue(ws.flag(given, held), records, given, log=tmp_path / "review.db")
    truth = ws.SpanLabels.from_pandas(right, records, labels.labels).by_id()
    for item in queue:
        wanted = [(one.start, one.end, one.label) for one in truth[item.id]]
        assert part_spans(item.issues[0].suggested) == tuple(wanted)
        assert set(item.other_spans) == {*wanted} - {*item.given_spans}
        assert item.suggested == item.given  # which is right more often where labels come from many votes


def test_words_of_spans_are_read_back():
    for spans in ((), ((0, 1, "a"),), ((0, 1, "x, y 3"), (4, 7, "8-9"), (4, 9, " "))):
        assert part_spans(join_spans(spans)) == spans
