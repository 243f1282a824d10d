from __future__ import annotations

import random
from collections import Counter
from typing import Any

import numpy as np
import pytest

from wslabel.core.labels import Labels
from wslabel.core.multilabel import PROBLEM, MultiLabels
from wslabel.core.records import read_records
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ExportError
from wslabel.exporting.splits import SplitPlan, audit_splits, read_splits, split

WORDS = [f"{a}{b}{c}" for a in ("ba", "de", "fi", "go", "hu") for b in "klmnr" for c in "aeiou"]


def sentence(draw: random.Random, words: int = 15) -> str:
    return " ".join(draw.choices(WORDS, k=words))


def corpus(n: int = 400, seed: int = 1) -> list[dict[str, Any]]:
    draw = random.Random(seed)
    return [
        {"id": f"r{i}", "text": sentence(draw), "patient": f"p{i // 3}", "answer": "ab"[i % 5 == 0], "day": i}
        for i in range(n)
    ]


def changed(text: str, draw: random.Random) -> str:
    """The text with 10 % of its words changed."""
    words = text.split()
    for place in draw.sample(range(len(words)), max(1, round(len(words) / 10))):
        words[place] = "other" + str(draw.randrange(10**6))
    return " ".join(words)


def by_id(made: Any) -> dict[str, str]:
    return {record: made.names[code] for record, code in made.by_id().items() if code >= 0}


def test_shares_are_kept_and_every_record_is_counted() -> None:
    made = split(corpus(), SplitPlan({"train": 0.7, "valid": 0.2, "test": 0.1}))
    assert made.counts == {"train": 280, "valid": 80, "test": 40}
    assert made.left_out == {}


def test_neither_order_nor_the_order_of_ratios_matters_and_the_seed_does() -> None:
    rows = corpus()
    shuffled = random.Random(3).sample(rows, len(rows))
    plan = SplitPlan(groups=["patient"], stratify="answer")
    first = by_id(split(rows, plan))
    assert by_id(split(shuffled, plan)) == first
    turned = SplitPlan({"test": 0.1, "valid": 0.1, "train": 0.8}, groups=["patient"], stratify="answer")
    assert by_id(split(rows, turned)) == first
    assert by_id(split(rows, SplitPlan(groups=["patient"], stratify="answer", seed=1))) != first


def test_a_group_stays_together_and_blanks_tie_nothing() -> None:
    rows = corpus()
    for row in rows[:200]:
        row["patient"] = None if row["day"] % 2 else " "
    made = by_id(split(rows, SplitPlan(groups=["patient"])))
    for patient in {row["patient"] for row in rows[200:]}:
        assert len({made[row["id"]] for row in rows if row["patient"] == patient}) == 1
    assert len({made[row["id"]] for row in rows[:200]}) == 3


def test_groups_of_two_columns_reach_through_each_other() -> None:
    rows = [{"id": str(i), "text": f"note {i} {i * i}", "a": i // 2, "b": (i + 1) // 2} for i in range(20)]
    rows += [{"id": f"x{i}", "text": f"other {i} {i * 7}", "a": 100 + i, "b": 100 + i} for i in range(80)]
    made = split(rows, SplitPlan(groups=["a", "b"], near_duplicates=None))
    assert len({by_id(made)[str(i)] for i in range(20)}) == 1


def test_strata_have_the_same_shares_in_every_split() -> None:
    made = by_id(split(corpus(500), SplitPlan(stratify="answer")))
    found = Counter((made[row["id"]], row["answer"]) for row in corpus(500))
    assert found == Counter(
        {
            ("train", "a"): 320,
            ("train", "b"): 80,
            ("valid", "a"): 40,
            ("valid", "b"): 10,
            ("test", "a"): 40,
            ("test", "b"): 10,
        }
    )


def test_labels_are_strata_too() -> None:
    rows = corpus(200)
    share = np.array([[0.9, 0.1] if i % 4 else [0.2, 0.8] for i in range(200)])
    labels = Labels([row["id"] for row in rows], share, ["x", "y"])
    made = by_id(split(rows, SplitPlan(stratify="label"), labels=labels))
    assert sum(made[f"r{i}"] == "test" for i in range(0, 200, 4)) == 5


def spans_of(rows: list[dict[str, Any]], label: Any) -> SpanLabels:
    found = [(row["id"], 0, len(row["text"].split()[0]), name) for i, row in enumerate(rows) for name in label(i)]
    return SpanLabels([row["id"] for row in rows], [len(row["text"]) for row in rows], [*zip(*found)], LABELS)


LABELS = [f"L{k}" for k in range(8)]


def test_rare_labels_of_spans_are_in_every_split_and_near_duplicates_stay_together() -> None:
    rows, draw = corpus(400), random.Random(2)
    rows += [{**row, "id": f"c{row['id']}", "text": changed(row["text"], draw)} for row in rows[:60]]

    def held(i: int) -> list[str]:
        some = random.Random(i).sample(LABELS[1:], 3)  # some hundred combinations: as strata they would fill one split
        return some if i % 20 == 5 else [*some, "L0"] if i % 40 == 7 else [] if i % 4 == 0 else ["L7"]

    labels = spans_of(rows, held)
    plan = SplitPlan({"train": 0.6, "valid": 0.2, "test": 0.2}, stratify="label")
    made = split(rows, plan, labels=labels)
    where = by_id(made)
    rare = Counter(where[row["id"]] for i, row in enumerate(rows) if "L0" in held(i))
    bare = Counter(where[row["id"]] for i, row in enumerate(rows) if not held(i))
    assert {name: round(5 * count / rare.total()) for name, count in rare.items()} == {
        "train": 3,
        "valid": 1,
        "test": 1,
    }
    assert max(abs(bare[name] / bare.total() - share) for name, share in plan.ratios.items()) < 0.02
    assert all(abs(made.counts[name] / len(rows) - share) < 0.02 for name, share in plan.ratios.items())
    assert sum(where[row["id"]] == where[f"c{row['id']}"] for row in rows[:60]) >= 59
    assert audit_splits(rows, made, labels=labels).clean
    several = MultiLabels(tuple(LABELS), tuple(presence(rows, held, name) for name in LABELS))
    assert by_id(split(rows, plan, labels=several)) == where


def presence(rows: list[dict[str, Any]], held: Any, name: str) -> Labels:
    return Labels(
        [row["id"] for row in rows], [[0.1, 0.9] if name in held(i) else [0.9, 0.1] for i in range(len(rows))], PROBLEM
    )


def test_the_audit_compares_the_labels_of_spans() -> None:
    rows = [{"id": str(i), "text": f"{WORDS[i % 4]} {WORDS[i % 4 + 9]} broke", "part": "ab"[i > 3]} for i in range(8)]
    labels = spans_of(rows, lambda i: [] if i == 4 else ["L1", "L2"] if i == 5 else ["L1"])
    audit = audit_splits(rows, "part", labels=labels)
    told = [(one.id, one.other, one.label, one.other_label) for one in audit.conflicts if one.kind == "exact"]
    assert told == [("4", "0", "no span", "L1"), ("5", "1", "L1, L2", "L1")]


def test_near_duplicates_stay_together_and_the_audit_finds_none() -> None:
    rows, draw = corpus(300), random.Random(2)
    rows += [{**row, "id": f"c{row['id']}", "text": changed(row["text"], draw)} for row in rows[:150]]
    made = split(rows)
    together = by_id(made)
    assert sum(together[row["id"]] == together[f"c{row['id']}"] for row in rows[:150]) >= 149
    audit = audit_splits(rows, made)
    assert audit.clean, audit.counts
    loose = split(rows, SplitPlan(near_duplicates=None))
    assert not audit_splits(rows, loose).clean


def test_gold_and_what_lfs_were_written_with_is_never_tested_on() -> None:
    rows, draw = corpus(300), random.Random(2)
    for row in rows[:30]:
        row["gold"] = "a"
    written = [changed(rows[50]["text"], draw), rows[51]["text"].upper() + "!", "a text from elsewhere"]
    made = by_id(split(read_records(rows, gold="gold"), SplitPlan(groups=["patient"]), gold=["r90"], developed=written))
    assert {made[f"r{i}"] for i in [*range(30), 48, 49, 50, 51, 52, 53, 90, 91, 92]} == {"train"}
    free = by_id(
        split(read_records(rows, gold="gold"), SplitPlan(never_test=[], seed=2), gold=["r90"], developed=written)
    )
    assert {free[f"r{i}"] for i in range(30)} == {"train", "valid", "test"}


def test_folds_are_of_equal_size_and_pinned_records_are_in_none() -> None:
    made = split(corpus(304), SplitPlan(folds=4, groups=["patient"]), gold=["r0", "r9"])
    assert made.names == ("fold_1", "fold_2", "fold_3", "fold_4", "always_train")
    assert made.counts["always_train"] == 6
    assert all(abs(made.counts[f"fold_{k}"] - 74.5) <= 3 for k in (1, 2, 3, 4))


def test_a_split_by_time_leaves_a_gap_and_never_trains_on_the_later() -> None:
    rows = corpus(200)
    for row in rows:
        row["day"] = f"2024-{1 + row['day'] // 28:02d}-{1 + row['day'] % 28:02d}"
    rows[7]["day"] = None
    made = split(rows, SplitPlan(time="day", gap="3d", groups=["patient"]))
    days = {row["id"]: row["day"] for row in rows}
    found = by_id(made)
    last = max(days[record] for record, name in found.items() if name == "train")
    first = min(days[record] for record, name in found.items() if name != "train")
    assert last < first
    assert (np.datetime64(first) - np.datetime64(last)).astype(int) > 3
    assert made.left_out["no time"] == 1
    assert made.left_out["in the gap between two splits"] == 6
    assert sum(made.counts.values()) + sum(made.left_out.values()) == 200
    assert audit_splits(rows, made, groups=["patient"]).counts["group patient"] == {}


def test_by_time_a_unit_on_both_sides_keeps_its_earlier_part() -> None:
    rows = [{"id": str(i), "text": f"note {i} {i * i}", "t": i, "who": i} for i in range(100)]
    rows[99]["who"] = rows[3]["who"]
    made = split(rows, SplitPlan(time="t", groups=["who"], near_duplicates=None), gold=["95", "4"])
    found = by_id(made)
    assert found["3"] == found["4"] == "train"
    assert "99" not in found
    assert "95" not in found
    assert sum(made.left_out.values()) == 2


def test_splits_survive_a_file(tmp_path: Any) -> None:
    made = split(corpus(200), SplitPlan(time="day", gap=5))
    made.write(tmp_path / "splits.parquet")
    again = read_splits(tmp_path / "splits.parquet")
    assert (again.names, again.counts, again.left_out, again.facts) == (
        made.names,
        made.counts,
        made.left_out,
        made.facts,
    )
    assert again.by_id() == made.by_id()
    with pytest.raises(ExportError, match="not a file of splits"):
        read_splits(__file__)


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        ({"ratios": {"train": 0.8, "test": 0.1}}, "sum to 1"),
        ({"ratios": {"../x": 0.8, "test": 0.2}}, "names of letters"),
        ({"folds": 1}, "at least 2"),
        ({"never_test": ["golden"]}, 'Did you mean "gold"'),
        ({"gap": "7d"}, "there is no time"),
        ({"gap": "soon", "time": "day"}, "expected a number with"),
        ({"time": "day", "stratify": "x"}, "the dates decide"),
        ({"near_duplicates": 1.5}, "similarity"),
    ],
)
def test_a_plan_that_cannot_be_says_so(plan: Any, said: str) -> None:
    with pytest.raises(ExportError, match=said):
        SplitPlan(**plan)


def test_what_cannot_be_split_says_so() -> None:
    with pytest.raises(ExportError, match='has no column .pacient..*Did you mean "patient"'):
        split(corpus(20), SplitPlan(groups=["pacient"]))
    with pytest.raises(ExportError, match="Record r0: patient is 'p0'; expected a date"):
        split(corpus(20), SplitPlan(time="patient"))
    with pytest.raises(ExportError, match="would hold none of 20 records: 20 may not be tested on"):
        split(corpus(20), gold=[f"r{i}" for i in range(20)])


def planted(n: int, seed: int, words: int) -> tuple[list[dict[str, Any]], dict[str, set[str]]]:
    """A corpus in which records of test are exact, near and group leaks of records of train."""
    draw = random.Random(seed)
    rows = [
        {"id": f"r{i}", "text": sentence(draw, words), "who": f"p{i}", "split": ("train", "train", "valid")[i % 3]}
        for i in range(n)
    ]
    leaks: dict[str, set[str]] = {"exact": set(), "near": set(), "group who": set()}
    for place, row in enumerate(rows[: n // 2]):
        kind = ("exact", "near", "group who")[place % 3]
        text = {"exact": row["text"].upper() + " !", "near": changed(row["text"], draw)}.get(
            kind, sentence(draw, words)
        )
        who = row["who"] if kind == "group who" else f"leak {place}"
        rows.append({"id": f"leak{place}", "text": text, "who": who, "split": "test"})
        leaks[kind].add(f"leak{place}")
    draw.shuffle(rows)
    return rows, leaks


@pytest.mark.parametrize(("seed", "words"), [(1, 10), (2, 20), (3, 60), (4, 300)])
def test_the_audit_finds_planted_leaks(seed: int, words: int) -> None:
    rows, leaks = planted(1200, seed, words)
    audit = audit_splits(rows, "split", groups=["who"], limit=None)
    for kind, least in (("exact", 0.99), ("near", 0.95), ("group who", 1.0)):
        found = {leak.id for leak in audit.leaks if leak.kind == kind}
        assert len(found & leaks[kind]) >= least * len(leaks[kind]), kind
        assert len(found - leaks[kind]) == 0, kind


def test_the_audit_finds_runs_of_words_and_texts_with_two_labels() -> None:
    draw = random.Random(5)
    shared = sentence(draw, 14)
    rows = [
        {"id": "a", "text": f"{sentence(draw, 40)} {shared} {sentence(draw, 40)}", "split": "train", "label": "x"},
        {"id": "b", "text": f"{sentence(draw, 40)} {shared} {sentence(draw, 40)}", "split": "test", "label": "x"},
        {"id": "c", "text": "The pump leaks oil at the lower seal again.", "split": "train", "label": "x"},
        {"id": "d", "text": "the pump leaks oil at the lower seal again", "split": "train", "label": "y"},
        {"id": "e", "text": "the pump leaks oil at the lower seal", "split": "", "label": "y"},
    ]
    audit = audit_splits(rows, "split", labels="label")
    assert audit.counts == {"exact": {}, "near": {}, "run of words": {"train → test": 1}}
    assert [(leak.id, leak.other, leak.label, leak.other_label) for leak in audit.conflicts] == [
        ("d", "c", "y", "x"),
        ("e", "c", "y", "x"),
    ]
    assert audit.conflict_counts == {"exact": 1, "near": 1}
    assert audit.sizes == {"train": 3, "test": 1}
    assert not audit_splits(rows, "split", run_length=15).counts["run of words"]


def test_many_copies_of_one_template_are_one_unit_and_take_no_square_of_time() -> None:
    rows = [
        {"id": str(i), "text": f"job {i} of the nightly batch ended without an error on host seven"}
        for i in range(3000)
    ]
    rows += [{"id": f"x{i}", "text": sentence(random.Random(i))} for i in range(300)]
    made = split(rows, SplitPlan({"train": 0.9, "test": 0.1}))
    assert len({by_id(made)[str(i)] for i in range(3000)}) == 1


def test_scripts_without_spaces_are_compared_by_letters() -> None:
    rows = [
        {"id": "a", "text": "今日は天気がとても良いので散歩に行きました"},
        {"id": "b", "text": "今日は天気がとても良いので散歩に行きます"},
    ]
    audit = audit_splits(rows, {"a": "train", "b": "test"})
    assert audit.counts["near"] == {"train → test": 1}


def test_a_group_of_gold_column_is_known_only_where_it_is_declared() -> None:
    rows = [{**row, "gold": "a"} for row in corpus(100)]
    assert split(rows).counts["test"] == 10
    with pytest.raises(ExportError, match="may not be tested on"):
        split(read_records(rows, gold="gold"))
