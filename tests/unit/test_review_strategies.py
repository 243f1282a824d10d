"""Which records a queue holds, in which order, and who gets them."""

import numpy as np
import pytest

from wslabel import Issue, Issues, Labels, MultiLabels, ReviewQueue, VoteMatrix
from wslabel.errors import ReviewError
from wslabel.review.assignment import Assignment

NAMES = ("ham", "spam")
N = 40
IDS = [f"r{n:02d}" for n in range(N)]
RANDOM = np.random.default_rng(3)
P = np.round(RANDOM.uniform(0.05, 0.95, N), 3)
LABELS = Labels(IDS, np.stack([P, 1 - P], axis=1), NAMES, covered=[n % 8 != 7 for n in range(N)])
CAST = np.array([[n % 2, (n // 2) % 2, -1 if n % 3 else 1] if n % 8 != 7 else [-1] * 3 for n in range(N)], np.int8)
VOTES = VoteMatrix(IDS, CAST, ["odd", "pair", "third"], NAMES)
RECORDS = [
    {"id": i, "text": f"Text {i} {'apple pie' if n < 20 else 'steel beam'}", "lang": "en" if n % 2 else "de"}
    for n, i in enumerate(IDS)
]
ISSUES = Issues([Issue(i, "conflict", P[n], "ham", "spam") for n, i in enumerate(IDS) if n < 30])


def make(tmp_path, **options):
    given = {"votes": VOTES, "log": tmp_path / "review.db", **options}
    return ReviewQueue(given.pop("issues", ISSUES), RECORDS, given.pop("labels", LABELS), **given)


def test_conflict_takes_disagreeing_lfs_least_likely_first(tmp_path):
    queue = make(tmp_path, strategy="conflict")
    rows = [IDS.index(i) for i in queue.ids]
    assert set(rows) == {n for n in range(N) if len({v for v in CAST[n] if v >= 0}) > 1}
    assert list(LABELS.confidence[rows]) == sorted(LABELS.confidence[rows])
    with pytest.raises(ReviewError, match="'conflict' needs votes"):
        make(tmp_path, strategy="conflict", votes=None)


def test_uncertainty_takes_the_highest_entropy_of_all_covered_records(tmp_path):
    rows = [IDS.index(i) for i in make(tmp_path, strategy="uncertainty").ids]
    assert len(rows) == int(LABELS.covered.sum())
    assert list(np.abs(P[rows] - 0.5)) == sorted(np.abs(P[rows] - 0.5))
    item = make(tmp_path, strategy="uncertainty").item("r38")
    assert item.issues == ()
    assert item.score == item.confidence


def test_uncovered_takes_records_without_votes(tmp_path):
    assert sorted(make(tmp_path, strategy="uncovered").ids) == [i for n, i in enumerate(IDS) if n % 8 == 7]


def test_diverse_covers_patterns_and_clusters_before_it_repeats_one(tmp_path):
    queue = make(tmp_path, strategy="diverse")
    assert sorted(queue.ids) == sorted(i for i in IDS[:30])
    patterns = [tuple(CAST[IDS.index(i)]) for i in queue.ids]
    assert set(patterns[: 2 * len(set(patterns))]) == set(patterns)
    assert queue.ids == make(tmp_path, strategy="diverse").ids


def test_an_audit_stands_in_its_own_queue(tmp_path):
    issues = Issues([Issue("r01", "audit", 0.0, "ham", "ham"), Issue("r02", "conflict", 0.5, "ham", "spam")])
    assert make(tmp_path, issues=issues).ids == ["r02"]
    assert make(tmp_path, issues=issues, strategy="audit").ids == ["r01"]


def test_records_of_a_pattern_stand_together_and_one_decision_settles_them(tmp_path):
    queue = make(tmp_path, strategy="by_pattern")
    patterns = [tuple(CAST[IDS.index(i)]) for i in queue.ids]
    runs = [pattern for n, pattern in enumerate(patterns) if n == 0 or patterns[n - 1] != pattern]
    assert len(runs) == len(set(patterns))
    assert len({tuple(CAST[IDS.index(i)]) for i in make(tmp_path, strategy="by_pattern", budget=2).ids}) == 2
    first = queue.ids[0]
    count = queue.alike_count(first, "ana")
    assert count == patterns.count(patterns[0]) > 1
    with pytest.raises(ReviewError, match=f"{count} open records have its votes, not 1"):
        queue.decide_alike(first, "ham", "ana", count=1)
    with pytest.raises(ReviewError, match="not None"):
        queue.decide_alike(first, "ham", "ana")
    assert not queue.log.path.exists()
    queue.decide(queue.ids[-1], "spam", "ana")
    logged = queue.decide_alike(first, "ham", "ana", count=count, note="all")
    assert len(logged) == count == len({one.id for one in logged})
    assert len({one.text_hash for one in logged}) == count
    assert len({one.batch for one in logged}) == 1
    assert queue.alike(first, "ana")["settled"] == [["ham", count]]
    assert queue.progress("ana") == (count + 1, len(queue))
    assert len(queue.undo_last("ana")) == count
    assert [one.id for one in queue.decisions()] == [queue.ids[-1]]
    assert queue.undo("ana").id == queue.ids[-1]


def test_records_without_votes_are_not_alike(tmp_path):
    queue = make(tmp_path, strategy="uncovered")
    assert queue.alike_count(queue.ids[0]) == 0
    assert queue.decide_alike(queue.ids[0], "ham", count=0) == []


@pytest.mark.parametrize(
    ("where", "fits"),
    [
        ({"label": "spam"}, lambda n: P[n] < 0.5),
        ({"lf": "third"}, lambda n: CAST[n][2] >= 0),
        ({"kind": "conflict"}, lambda n: True),
        ({"text": "APPLE"}, lambda n: n < 20),
        ({"lang": "de"}, lambda n: n % 2 == 0),
        ({"ids": ["r03", "r05", "nowhere"]}, lambda n: n in (3, 5)),
        ({"lang": "en", "text": "steel", "label": "ham"}, lambda n: n % 2 and n >= 20 and P[n] >= 0.5),
    ],
)
def test_filters_of_a_queue_and_of_what_comes_next(tmp_path, where, fits):
    wanted = [i for i in make(tmp_path).ids if fits(IDS.index(i))]
    assert make(tmp_path, where=where).ids == wanted
    assert make(tmp_path, where=where, budget=2).ids == wanted[:2]
    assert [item.id for item in make(tmp_path).upcoming(count=99, where=where)] == wanted


def test_unknown_conditions_are_named(tmp_path):
    for where, words in [
        ({"label": "spamm"}, "'spamm' is not a label"),
        ({"lf": "od"}, "LF 'od'. Did you mean \"odd\""),
        ({"kind": "tie"}, "kind 'tie'"),
        ({"source": "x"}, "no column 'source'"),
    ]:
        with pytest.raises(ReviewError, match=words):
            make(tmp_path, where=where)


def test_reviewers_share_the_work_and_some_records_on_purpose(tmp_path):
    ids = np.array([f"id-{n}" for n in range(20_000)], dtype=object)
    names = ("ana", "bob", "eve")
    masks = np.stack([Assignment(names).of(ids, name) for name in names])
    assert (masks.sum(axis=0) == 1).all()
    assert (abs(masks.mean(axis=1) - 1 / 3) < 0.02).all()
    shared = np.stack([Assignment(names, 0.1).of(ids, name) for name in names])
    assert set(shared.sum(axis=0).tolist()) == {1, 2}
    assert 0.09 < (shared.sum(axis=0) == 2).mean() < 0.11
    assert (shared | ~masks).all()  # the first reviewer keeps the record
    # one who joins takes records from the others, who exchange none
    joined = np.stack([Assignment((*names, "zoe")).of(ids, name) for name in names])
    assert (masks | ~joined).all()
    assert (Assignment(names, seed=1).of(ids, "ana") != masks[0]).any()

    queue = make(tmp_path, reviewers=["ana", "bob"], shared=0.5)
    ana, bob = ({item.id for item in queue.pending(who)} for who in ("ana", "bob"))
    assert ana | bob == set(queue.ids)
    assert 0 < len(ana & bob) < len(queue)
    assert queue.progress("ana") == (0, len(ana))
    with pytest.raises(ReviewError, match="no reviewer 'anna' in this queue"):
        queue.session("anna")


@pytest.mark.parametrize(
    ("reviewers", "shared", "words"),
    [((), 0.2, "at least two"), (("a", "a"), 0, "distinct"), (("a", "b"), 1.5, "0..1")],
)
def test_shares_that_cannot_be_are_refused(tmp_path, reviewers, shared, words):
    with pytest.raises(ReviewError, match=words):
        make(tmp_path, reviewers=reviewers, shared=shared)


def test_skipped_records_come_after_those_not_yet_seen(tmp_path):
    queue = make(tmp_path, budget=4)
    ids = queue.ids
    queue.skip(ids[0], "ana")
    queue.unsure(ids[1], "ana")
    assert [item.id for item in queue.upcoming("ana", 9)] == [*ids[2:], *ids[:2]]
    assert [item.id for item in queue.upcoming("ana", 9, passed=[ids[0]])] == [*ids[2:], ids[1]]
    assert [item.id for item in queue.upcoming("bob", 9)] == ids


def test_another_process_is_heeded(tmp_path):
    one, two = make(tmp_path, budget=3), make(tmp_path, budget=3)
    one.decide(one.ids[0], "ham", "ana")
    assert [item.id for item in two.upcoming("ana", 9)] == one.ids[1:]
    two.undo("ana")
    assert one.progress("ana") == (0, 3)
    assert [item.id for item in one.upcoming("ana", 1)] == one.ids[:1]


def test_several_labels_a_record(tmp_path):
    problems = [
        Labels(["a", "b"], [[0.2, 0.8], [0.9, 0.1]], ["absent", "present"]),
        Labels(["a", "b"], [[0.4, 0.6], [0.3, 0.7]], ["absent", "present"]),
    ]
    labels = MultiLabels(("late", "damaged"), tuple(problems))
    issues = Issues(
        [Issue("a", "low_confidence", 0.4, "late|damaged", "late"), Issue("b", "tie", 0.5, "damaged", "damaged")]
    )
    queue = ReviewQueue(issues, [{"id": i, "text": "t"} for i in "ab"], labels, log=tmp_path / "review.db")
    assert queue.kind == "multilabel"
    assert queue.item("a").chosen == ("late", "damaged")
    session = queue.session("ana")
    answer = session.answer({"do": "decide", "id": "a", "action": "label", "label": ["damaged", "late"], "turn": 1})
    assert answer["type"] == "saved"
    session.answer({"do": "decide", "id": "b", "action": "label", "label": [], "turn": 2})
    assert [one.label for one in queue.decisions()] == ["late|damaged", "(none)"]


def test_look_alikes_share_words(tmp_path):
    near = make(tmp_path).neighbours("r03")
    assert near
    assert all("apple" in one["text"] for one in near)
    assert all(one["id"] != "r03" for one in near)
