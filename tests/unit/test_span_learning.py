from itertools import pairwise

import numpy as np
import pytest

import wslabel as ws
from wslabel.core.tokens import SpanOutOfSample, Tokens
from wslabel.errors import VotesError
from wslabel.learning.spans import _best_tags

FOODS = ["sushi", "pizza", "tacos", "ramen", "curry", "pasta", "soup", "bread"]
PLACES = ["here", "downtown", "uptown", "there"]


def corpus(n=160, seed=0):
    random = np.random.default_rng(seed)
    texts = [f"I want {random.choice(FOODS)} near {random.choice(PLACES)} today {row}" for row in range(n)]
    return [{"id": str(row), "text": text} for row, text in enumerate(texts)]


def labels_of(records, foods, corroboration=0.2):
    rows = [
        (one["id"], at, at + len(food), "Food")
        for one in records
        for food in foods
        if (at := one["text"].find(food)) >= 0
    ]
    lengths, ids = [len(one["text"]) for one in records], [one["id"] for one in records]
    covered = np.isin(ids, [row[0] for row in rows])
    return ws.SpanLabels(ids, lengths, list(zip(*rows)), ["Food", "Place"], covered, corroboration=corroboration)


def found(labels, records):
    texts = {one["id"]: one["text"] for one in records}
    return [texts[record][span.start : span.end] for record, some in labels.by_id().items() for span in some]


def test_a_text_model_finds_what_no_lf_names():
    records = corpus()
    labels = labels_of(records, FOODS[:6], corroboration=0.1)
    held = ws.cross_validate("span_logreg", records, labels, folds=3)
    fused = ws.fuse(labels, held)
    words = found(fused, records)
    assert sum(word in FOODS for word in words) > len(labels) + 3
    assert sum(word not in FOODS for word in words) < 0.05 * len(labels)
    assert fused.covered.tolist() == labels.covered.tolist()
    again = ws.fuse(labels, ws.cross_validate("span_logreg", records, labels, folds=3))
    assert again.to_pandas().equals(fused.to_pandas())


def test_votes_that_confirm_each_other_leave_less_open():
    records = corpus()
    sure = labels_of(records, FOODS[:6], corroboration=1.0)
    fused = ws.fuse(sure, ws.cross_validate("span_logreg", records, sure, folds=3))
    assert fused.to_pandas().iloc[:, :4].equals(sure.to_pandas().iloc[:, :4])


def test_human_and_gold_records_stay_as_they_are():
    records = corpus(60)
    made = labels_of(records, FOODS[:3])
    people = ["human" if row % 2 else "model" for row in range(60)]
    labels = ws.SpanLabels(made.ids, made.lengths, made.columns(), made.labels, made.covered, people, 0.2)
    fused = ws.fuse(labels, ws.cross_validate("span_logreg", records, labels, folds=2))
    assert [fused.at(row) for row in range(1, 60, 2)] == [labels.at(row) for row in range(1, 60, 2)]


@pytest.mark.parametrize("texts", [[], [""], ["...", "a"]])
def test_little_to_learn_from(texts):
    records = [{"id": str(row), "text": text} for row, text in enumerate(texts)]
    ids, lengths = [one["id"] for one in records], [len(one["text"]) for one in records]
    labels = ws.SpanLabels(ids, lengths, [[], [], [], []], ["A"])
    if records:
        assert not len(ws.fuse(labels, ws.cross_validate("span_logreg", records, labels)))


def test_no_span_goes_on_that_has_not_begun():
    random = np.random.default_rng(1)
    scores, first = random.normal(size=(60, 5)), np.array([0, 1, 1, 20, 60])
    tags = _best_tags(scores, first)
    for begin, end in pairwise(first):
        before = 0
        for tag in tags[begin:end].tolist():
            assert tag not in (2, 4) or before in (tag - 1, tag)
            before = tag


def test_tokens_in_any_script_and_misuse():
    tokens = Tokens.of(["İß 😀 e\u0301t, 東京", ""])
    assert [tokens.words[at] for at in range(len(tokens))][:2] == ["İß", "😀"]
    assert all(tokens.words[at] for at in range(len(tokens)))
    records = corpus(8)
    labels = labels_of(records, FOODS)
    with pytest.raises(VotesError, match="fuse\\(\\) of spans takes"):
        ws.fuse(labels, labels)
    with pytest.raises(VotesError, match="do not fit"):
        SpanOutOfSample(np.array(["a"], object), Tokens.of(["x y"]), np.ones((2, 2)), np.zeros(1, int), ["A"])


def test_corroboration_is_the_share_of_votes_that_others_touch():
    rows = [("a", "x", 0, 5, "A"), ("a", "y", 4, 9, "A"), ("a", "x", 10, 12, "A"), ("a", "z", 10, 12, "B")]
    import pandas as pd

    frame = pd.DataFrame(rows, columns=["id", "lf", "start", "end", "label"])
    votes = ws.SpanVotes.from_pandas(frame, [{"id": "a", "text": "x" * 20}], ["A", "B"])
    assert votes.corroboration == 0.5
    assert ws.label_model("hmm").fit(votes).predict(votes).corroboration == 0.5


def test_doubtful_spans_are_flagged_worst_first():
    records = corpus(60)
    import pandas as pd

    labels = labels_of(records, FOODS)
    places = labels_of(records, PLACES).to_pandas().assign(label="Place")
    wrong = pd.concat([labels.to_pandas(), places], ignore_index=True)
    wrong.loc[[0, 7, 20], "label"] = "Place"
    labels = ws.SpanLabels.from_pandas(wrong, records, labels.labels)
    held = ws.cross_validate("span_logreg", records, labels, folds=3)
    issues = ws.flag(labels, held)
    found = [issue.id for issue in issues if issue.kind == "label_error"]
    assert set(found) == set(wrong["id"][[0, 7, 20]])
    people = ws.SpanLabels(labels.ids, labels.lengths, labels.columns(), labels.labels, source=["human"] * 60)
    assert not len(ws.flag(people, held))
    with pytest.raises(VotesError, match="takes what cross_validate"):
        ws.flag(labels, labels)


def test_conflicts_and_summary_of_span_votes():
    import pandas as pd

    rows = [("a", "x", 0, 5, "A"), ("a", "y", 4, 9, "B"), ("a", "x", 10, 12, "A")]
    frame = pd.DataFrame(rows, columns=["id", "lf", "start", "end", "label"])
    votes = ws.SpanVotes.from_pandas(frame, [{"id": "a", "text": "x" * 20}, {"id": "b", "text": ""}], ["A", "B"])
    labels = ws.label_model("hmm").fit(votes).predict(votes)
    kinds = {(issue.id, issue.kind): issue.lfs for issue in ws.flag(labels, None, votes)}
    assert kinds["a", "conflict"] == ("x", "y")
    assert ("b", "uncovered") in kinds
    assert [(row.lf, row.votes) for row in ws.summarize(votes).rows] == [("x", 1), ("y", 1)]
