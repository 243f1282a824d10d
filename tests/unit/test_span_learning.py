import json
from itertools import pairwise, product

import numpy as np
import pytest

import wslabel as ws
from wslabel.core.tokens import SpanOutOfSample, Tokens
from wslabel.errors import VotesError
from wslabel.learning.span_doubt import missed
from wslabel.learning.span_end_models._machine import best_path
from wslabel.learning.span_end_models.span_logreg import SpanLogreg
from wslabel.learning.spans import MOST, with_gold

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


def test_the_best_path_is_the_best_of_all_that_may_be():
    random = np.random.default_rng(1)
    logs, first = random.normal(size=(9, 5)), np.array([0, 1, 1, 5, 9])
    steps = random.normal(size=(5, 5))
    steps[:, 2] = np.where(np.isin(np.arange(5), (1, 2)), steps[:, 2], -np.inf)
    steps[:, 4] = np.where(np.isin(np.arange(5), (3, 4)), steps[:, 4], -np.inf)
    tags = best_path(logs, steps, first)
    for begin, end in pairwise(first):
        ways = [way for way in product(range(5), repeat=end - begin) if not way or way[0] not in (2, 4)]
        worth = [
            sum(logs[begin + at, tag] for at, tag in enumerate(way))
            + sum(steps[one, two] for one, two in pairwise(way))
            for way in ways
        ]
        assert tuple(tags[begin:end].tolist()) == ways[int(np.argmax(worth))]


def named_corpus(n=160, known=0.5, seed=0):
    """Texts of n different names, of which this share is labeled."""
    random = np.random.default_rng(seed)
    names = ["".join(random.choice(list("abcdefghijklmnoprstu"), 7)) for _ in range(n)]
    records = [{"id": str(row), "text": f"I want {name} near here today"} for row, name in enumerate(names)]
    return records, labels_of(records, names[: int(known * n)], corroboration=0.0)


def test_labels_of_many_different_names_stand_as_they_are():
    records, labels = named_corpus()
    assert missed(labels, Tokens.of([one["text"] for one in records])) == 0
    fused = ws.fuse(labels, ws.cross_validate("span_logreg", records, labels, folds=3))
    assert fused.to_pandas().iloc[:, :4].equals(labels.to_pandas().iloc[:, :4])


def test_doubt_is_of_lfs_that_know_few_words_and_do_not_confirm_each_other():
    records = corpus()
    tokens = Tokens.of([one["text"] for one in records])
    doubts = [missed(labels_of(records, FOODS[:3], share), tokens) for share in (0.0, 0.5, 1.0)]
    assert doubts[0] > 0.9
    assert doubts == pytest.approx([doubts[0], doubts[0] / 2, 0.0])
    ids, lengths = labels_of(records, FOODS).ids, [len(one["text"]) for one in records]
    none = ws.SpanLabels(ids, lengths, [[], [], [], []], ["Food", "Place"], corroboration=0.0)
    assert missed(none, tokens) == 0
    unchanged = ws.fuse(none, ws.cross_validate("span_logreg", records, none, folds=3))
    assert not len(unchanged)


def test_no_more_is_added_than_half_of_what_is_labeled():
    records = corpus(400)
    labels = labels_of(records, FOODS[:1], corroboration=0.0)
    fused = ws.fuse(labels, ws.cross_validate("span_logreg", records, labels, folds=3))
    assert len(labels) < len(fused) <= (1 + MOST) * len(labels)


def test_tags_do_not_depend_on_labels_of_their_own_fold():
    records, labels = named_corpus()
    tokens = Tokens.of([one["text"] for one in records])
    folds = (np.arange(len(records)) % 3)[tokens.record]
    tags = tokens.tags(labels)
    other = np.where((folds == 0)[:, None], tags[:, [1, 2, 0, 3, 4]], tags)
    one, two = (SpanLogreg().cross_fit(tokens, some, folds, 0.0) for some in (tags, other))
    assert (one[folds == 0] == two[folds == 0]).all()
    assert (one[folds == 1] != two[folds == 1]).any()
    assert one.sum(axis=1) == pytest.approx(1)


def test_in_doubt_an_unlabeled_token_counts_little_unless_a_person_looked():
    outside = np.array([True] * 2000 + [False] * 10)
    sure = np.arange(2010) < 500
    rows, counted = SpanLogreg()._drawn(outside, 1.0, sure)
    assert np.isin(np.arange(500), rows).all()
    assert np.isin(np.arange(2000, 2010), rows).all()
    assert (counted[sure] == 1).all()
    assert (counted[~outside] == 1).all()
    drawn = rows[(rows >= 500) & (rows < 2000)]
    assert counted[drawn].sum() == pytest.approx(15, abs=12)
    everything, alike = SpanLogreg()._drawn(outside, 0.0, sure)
    assert len(everything) == 2010
    assert (alike == 1).all()


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


def test_corroboration_leaves_out_the_busiest_lf_of_each_label():
    import pandas as pd

    rows = [("a", "x", 0, 5, "A"), ("a", "x", 6, 8, "A"), ("a", "x", 10, 12, "A"), ("a", "y", 4, 9, "A")]
    rows += [("a", "y", 14, 16, "A"), ("a", "z", 14, 16, "B")]

    def votes(some):
        frame = pd.DataFrame(some, columns=["id", "lf", "start", "end", "label"])
        return ws.SpanVotes.from_pandas(frame, [{"id": "a", "text": "x" * 20}], ["A", "B"])

    both = votes(rows)
    assert both.corroboration == 0.5
    assert ws.label_model("hmm").fit(both).predict(both).corroboration == 0.5
    assert votes(rows[:3]).corroboration == 0
    assert votes([]).corroboration == 1


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
    quality = dict(zip(labels.ids.tolist(), ws.label_quality(labels, held).tolist()))
    assert {issue.id: issue.score for issue in issues} == {issue.id: quality[issue.id] for issue in issues}
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


def gold_of(records, rows):
    texts = [one["text"] for one in records]
    named = [[(texts[row].find(word), word, "Food") for word in FOODS if word in texts[row]] for row in rows]
    named = [
        [*some, *((texts[row].find(word), word, "Place") for word in PLACES if f"near {word} " in texts[row])]
        for row, some in zip(rows, named)
    ]
    return {str(row): [(at, at + len(word), label) for at, word, label in some] for row, some in zip(rows, named)}


def test_gold_teaches_what_no_lf_votes_for_and_stands_itself():
    records = corpus()
    labels, gold = labels_of(records, FOODS[:6], corroboration=1.0), gold_of(records, range(0, 160, 4))
    held = ws.cross_validate("span_logreg", records, labels, folds=3, gold=gold)
    fused = ws.fuse(labels, held, gold=gold)
    assert set(fused.source[::4]) == {"gold"}
    assert set(fused.source[1::4]) == {"model"}
    every = {one: {(span.start, span.end, span.label) for span in some} for one, some in fused.by_id().items()}
    assert all(every[record] == set(some) for record, some in gold.items())
    true = gold_of(records, [row for row in range(160) if row % 4])
    right = sum(len(every[record] & set(some)) for record, some in true.items())
    assert right > 0.95 * sum(map(len, true.values()))
    assert sum(len(every[record]) for record in true) < 1.05 * sum(map(len, true.values()))
    assert len(ws.fuse(labels, ws.cross_validate("span_logreg", records, labels, folds=3))) == len(labels)


def test_gold_that_foretells_nothing_changes_no_other_record():
    records = corpus()
    labels = labels_of(records, FOODS, corroboration=1.0)
    gold = {one: [(span.start, span.end, span.label) for span in labels.by_id()[one]] for one in labels.ids[:20]}
    held = ws.cross_validate("span_logreg", records, labels, folds=3, gold=gold)
    fused = ws.fuse(labels, held, gold=gold)
    assert fused.to_pandas().equals(labels.to_pandas())
    assert fused.source.tolist() == ["gold"] * 20 + ["model"] * 140


def test_gold_comes_as_text_lists_tuples_or_labels():
    records = corpus(6)
    labels, tuples = labels_of(records, FOODS), gold_of(records, range(3))
    dicts = {one: [dict(zip(("start", "end", "label"), span)) for span in some] for one, some in tuples.items()}
    known = with_gold(labels, tuples)
    assert known.source.tolist() == ["gold"] * 3 + ["model"] * 3
    rows = [{**one, "gold": dicts.get(one["id"])} for one in records]
    as_text = {one: json.dumps(some) for one, some in dicts.items()}
    forms = [dicts, as_text, [*dicts.values(), None, None, None], ws.read_records(rows, gold="gold")]
    for form in forms:
        assert with_gold(labels, form).to_pandas().equals(known.to_pandas())
    assert with_gold(labels, known).source.tolist() == ["gold"] * 6
    assert with_gold(labels, {"0": []}).at(0) == ()
    assert with_gold(labels, None) is labels
    with pytest.raises(VotesError, match="Record 1: the gold"):
        with_gold(labels, {"1": [(0, 3)]})
