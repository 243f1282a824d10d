import numpy as np
import pytest

import wslabel as ws
from wslabel import Decision, SpanLabels
from wslabel.errors import ReviewError, VotesError
from wslabel.review import AuditSample
from wslabel.review.estimate_ratios import Drawn, error_share
from wslabel.review.whole_records import as_whole

NAMES = ("Drug", "Effect")


def made(n=300, seed=0):
    """Spans of a model, probabilities that say little, and the decision on each record that is right."""
    rng = np.random.default_rng(seed)
    columns, decisions = [[], [], [], [], []], {}
    for i in range(n):
        hard, true, record = rng.random() < 0.3, [], f"r{i}"
        for at in range(int(rng.integers(0, 6))):
            label = NAMES[rng.integers(2)]
            wrong = rng.random() < (0.4 if hard else 0.05)
            for column, value in zip(columns, (record, 10 * at, 10 * at + 4, label, 0.7 if hard else 0.95)):
                column.append(value)
            true += [] if wrong else [(10 * at, 10 * at + 4, label)]
            true += [(10 * at + 5, 10 * at + 8, "Drug")] if rng.random() < 0.1 else []
        decisions[record] = Decision(record, "spans", spans=tuple(true))
    return SpanLabels(list(decisions), [80] * n, columns, NAMES), decisions


LABELS, RIGHT = made()
QUALITY = ws.label_quality(LABELS, None)
SAMPLE = ws.draw_audit(LABELS, QUALITY)


def truth(labels, decisions, label=None):
    found = {(r, s.start, s.end, s.label) for r, some in labels.by_id().items() for s in some}
    gold = {(r, *span) for r, one in decisions.items() for span in one.spans}
    found, gold = ({one for one in some if label in (None, one[3])} for some in (found, gold))
    both = len(found & gold)
    return both / len(found), both / len(gold), 2 * both / (len(found) + len(gold))


def values(scores):
    return tuple(getattr(scores, name).value for name in ("precision", "recall", "f1"))


def holds(scores, true):
    return all(
        getattr(scores, n).low <= x <= getattr(scores, n).high for n, x in zip(("precision", "recall", "f1"), true)
    )


def first(size, sample=SAMPLE):
    return [RIGHT[record] for record in sample.ids[:size].tolist()]


def test_all_audited_is_known():
    told = ws.estimate_accuracy(LABELS, SAMPLE, first(300))
    assert values(told.before) == pytest.approx(truth(LABELS, RIGHT))
    assert told.before.precision.low == pytest.approx(told.before.precision.high)
    assert values(told.scores) == (1.0, 1.0, 1.0)
    assert (told.audited, told.decided, told.exported, told.passed) == (300, 300, 300, 0)


def test_a_part_tells_of_the_whole_within_its_interval():
    told = ws.estimate_accuracy(LABELS, SAMPLE, first(120))
    assert holds(told.before, truth(LABELS, RIGHT))
    mended = ws.resolve(LABELS, first(120))
    assert holds(told.scores, truth(mended, RIGHT))
    assert told.scores.precision.value > told.before.precision.value
    assert 0 < told.before.precision.high - told.before.precision.low < 0.15
    for one in told.by_label:
        assert holds(one.scores, truth(mended, RIGHT, one.label))
        assert one.exported == sum(s.label == one.label for some in mended.by_id().values() for s in some)
    assert str(told).startswith("precision ")
    assert str(told).endswith("120 records audited")
    assert told.to_dict()["scores"]["f1"]["value"] == told.scores.f1.value


def test_intervals_hold_as_often_as_they_say():
    true, held = truth(LABELS, RIGHT), []
    for seed in range(150):
        sample = ws.draw_audit(LABELS, QUALITY, seed=seed)
        told = ws.estimate_accuracy(LABELS, sample, first(80, sample)).before
        held.append(
            [getattr(told, n).low <= x <= getattr(told, n).high for n, x in zip(("precision", "recall", "f1"), true)]
        )
    assert (np.mean(held, axis=0) > 0.9).all()


def test_a_wrong_doubt_widens_and_does_not_mislead():
    true = truth(LABELS, RIGHT)
    noise = np.random.default_rng(1).random(LABELS.n)
    held = []
    for seed in range(100):
        sample = ws.draw_audit(LABELS, noise, seed=seed)
        told = ws.estimate_accuracy(LABELS, sample, first(80, sample)).before
        held.append(told.precision.low <= true[0] <= told.precision.high)
    assert np.mean(held) > 0.88


def test_decisions_of_other_reviews_change_what_is_exported_and_not_what_was_estimated():
    told = ws.estimate_accuracy(LABELS, SAMPLE, first(60))
    rest = [RIGHT[record] for record in SAMPLE.ids[150:].tolist()]
    more = ws.estimate_accuracy(LABELS, SAMPLE, [*first(60), *rest])
    assert more.before == told.before
    assert (more.audited, more.decided) == (60, 210)
    assert more.scores.precision.value > told.scores.precision.value
    assert holds(more.scores, truth(ws.resolve(LABELS, [*first(60), *rest]), RIGHT))


def test_rejected_and_passed_records():
    said = first(100)
    said[3] = Decision(said[3].id, "reject")
    said[5] = Decision(said[5].id, "skip")
    told = ws.estimate_accuracy(LABELS, SAMPLE, said)
    assert (told.audited, told.passed, told.exported) == (99, 1, 299)
    assert told.before.precision.value <= ws.estimate_accuracy(LABELS, SAMPLE, first(100)).before.precision.value


def test_nothing_audited_tells_nothing():
    told = ws.estimate_accuracy(LABELS, SAMPLE, [])
    assert (told.audited, told.before.precision.low, told.before.precision.high) == (0, 0.0, 1.0)
    assert told.by_label[0].words() == ("not audited",) * 3


def test_no_error_seen_is_no_proof_of_none():
    labels, _ = made(200, 3)
    right = [
        Decision(r, "spans", spans=tuple((s.start, s.end, s.label) for s in some)) for r, some in labels.by_id().items()
    ]
    by_id = {one.id: one for one in right}
    sample = ws.draw_audit(labels, ws.label_quality(labels, None))
    told = ws.estimate_accuracy(labels, sample, [by_id[one] for one in sample.ids[:40].tolist()]).before
    assert told.precision.value == 1.0
    assert 0.85 < told.precision.low < 0.97


def test_what_is_not_covered_or_labeled_by_people_is_not_drawn():
    n = LABELS.n
    source, covered = ["human" if i % 5 == 0 else "model" for i in range(n)], np.arange(n) % 7 > 0
    labels = SpanLabels(LABELS.ids, LABELS.lengths, LABELS.columns(), NAMES, covered, source)
    sample = ws.draw_audit(labels, ws.label_quality(labels, None), [Decision("r1", "spans", spans=())])
    assert {*sample.ids} == {f"r{i}" for i in range(n) if i % 5 and i % 7 and i != 1}
    issues = sample.issues(labels, 5)
    assert [one.kind for one in issues] == ["audit"] * 5
    assert issues.table["given"][0].as_py() == "no span" or "-" in issues.table["given"][0].as_py()
    again = AuditSample.from_table(sample.to_table())
    assert (again.ids.tolist(), again.doubt.tolist()) == (sample.ids.tolist(), sample.doubt.tolist())
    told = ws.estimate_accuracy(labels, sample, [Decision("r1", "spans", spans=()), *first(50, sample)])
    assert told.exported == int((covered | (np.arange(n) == 1)).sum())
    with pytest.raises(ReviewError, match="could not come up in the audit"):
        ws.estimate_accuracy(labels, sample, [], np.ones(n, bool))


def whole(labels, decisions):
    """Return the records of which all spans are right and none is missing."""
    given = {record: {(s.start, s.end, s.label) for s in some} for record, some in labels.by_id().items()}
    return {record for record, spans in given.items() if {*decisions[record].spans} == spans}


def test_the_bound_of_all_looks_is_of_records_whose_spans_are_all_right():
    broken = 0
    for seed in range(25):
        labels, right = made(100, seed)
        sample, good = ws.draw_audit(labels, ws.label_quality(labels, None), seed=seed), whole(labels, right)
        said = [right[record] for record in sample.ids.tolist()]
        bounds = [ws.accuracy_bound(labels, sample, said[:size]) for size in (0, 30, 75)]
        after = len(good | {one.id for one in said[:75]}) / 100  # what was decided is mended
        broken += bounds[-1] > after
        assert bounds[0] == 0.0
    assert broken <= 2
    assert 0.5 < bounds[-1] < after < 1.0
    assert ws.accuracy_bound(labels, sample, said) == 1.0


def test_a_record_of_spans_is_right_where_reviewers_agree_on_what_is_given():
    labels = SpanLabels(list("abcde"), [20] * 5, [["a", "b"], [0, 0], [4, 4], ["Drug", "Drug"], [0.9, 0.9]], NAMES)
    sample = AuditSample(labels.ids, np.zeros(5, int), np.array([0.0, 0.5, 1.0, 3.0, 0.1]))
    given, other = ((0, 4, "Drug"),), ((0, 4, "Effect"),)
    said = [
        Decision("a", "spans", reviewer="ana", spans=given),
        Decision("b", "spans", reviewer="ana", spans=given),
        Decision("b", "spans", reviewer="bob", spans=other),
        Decision("c", "skip", reviewer="ana"),
        Decision("a", "spans", reviewer="bob", spans=given),
        Decision("d", "spans", reviewer="ana", spans=other),
        Decision("e", "reject", reviewer="ana"),
    ]
    hard, drawn, answers = as_whole(labels, sample, said)
    told = {one.id: (one.action, one.label) for one in answers}
    assert told == {
        "a": ("label", "right"),
        "b": ("skip", None),
        "c": ("skip", None),
        "d": ("label", "wrong"),
        "e": ("reject", None),
    }
    assert [one.id for one in answers] == ["b", "c", "a", "d", "e"]  # when the last of them spoke
    assert hard.hard().tolist() == ["right"] * 5
    assert drawn.doubt == pytest.approx(1 - np.exp([0.0, -0.5, -1.0, -3.0, -0.1]))
    with pytest.raises(ReviewError, match="'Drog' is not a label"):
        as_whole(labels, sample, [Decision("a", "spans", spans=((0, 4, "Drog"),))])


def test_review_of_spans_goes_on_until_enough_records_are_right(tmp_path):
    labels, right = made(140)
    records, good = [{"id": record, "text": "x" * 80} for record in right], whole(labels, right)
    sample = ws.draw_audit(labels, ws.label_quality(labels, None))
    queue = ws.ReviewQueue(sample.issues(labels, 140), records, labels, log=tmp_path / "review.db", strategy="audit")
    assert len(good) < 0.8 * 140
    for item in queue.until(0.85, sample):
        queue.decide_spans(item.id, right[item.id].spans)
    said = queue.decisions()
    decided = {one.id for one in said}
    assert 40 < len(decided) < 135
    assert ws.accuracy_bound(labels, sample, said) >= 0.85
    assert len(decided | good) >= 0.85 * 140
    assert [one.id for one in said[:30]] == sample.ids[:30].tolist()
    with pytest.raises(ReviewError, match="an accuracy between 0 and 1; got 90"):
        next(queue.until(90, sample))


def test_a_larger_audit_begins_with_the_smaller_and_more_doubt_is_drawn_more():
    assert ws.draw_audit(LABELS, QUALITY).ids.tolist() == SAMPLE.ids.tolist()
    assert ws.draw_audit(LABELS, QUALITY, seed=1).ids.tolist() != SAMPLE.ids.tolist()
    assert SAMPLE.doubt[:100].mean() > SAMPLE.doubt.mean()
    assert len(set(SAMPLE.stratum.tolist())) == 4


def test_quality_counts_what_the_end_model_would_add():
    records = [{"id": f"r{i}", "text": f"{drug} helps {other}"} for i, (drug, other) in enumerate(
        [("aspirin", "her"), ("ibuprofen", "him"), ("codeine", "them")] * 8)]  # fmt: skip
    rows = [(one["id"], 0, one["text"].index(" "), "Drug", 0.9) for one in records if "codeine" not in one["text"]]
    labels = SpanLabels([r["id"] for r in records], [len(r["text"]) for r in records], list(zip(*rows)), ["Drug"])
    held = ws.cross_validate("span_logreg", records, labels, folds=2)
    quality = ws.label_quality(labels, held)
    assert np.allclose(ws.label_quality(labels, None)[:3], [np.exp(-0.1), np.exp(-0.1), 1.0])
    assert quality[2] < 1.0
    assert ((quality > 0) & (quality <= 1)).all()
    with pytest.raises(VotesError, match="spans on the other"):
        ws.label_quality(ws.Labels(["a"], [[0.5, 0.5]], ["x", "y"]), held)


def test_the_share_of_errors_is_a_ratio_of_totals():
    rng = np.random.default_rng(2)
    slots = rng.integers(1, 9, 50).astype(float)
    errors = np.minimum(slots, rng.integers(0, 3, 50))
    nothing = np.zeros((0, 50))
    share = error_share(Drawn(np.zeros(50, int), nothing, np.arange(20)), errors[:20], slots[:20])
    assert share.value == pytest.approx(errors[:20].sum() / slots[:20].sum())
    assert share.low < share.value < share.high
    known = np.stack([slots, errors])  # all is known: nothing is left to chance
    exact = error_share(Drawn(np.zeros(50, int), known, np.arange(30)), errors[:30], slots[:30])
    assert exact.value == pytest.approx(errors.sum() / slots.sum())
    assert exact.slots == pytest.approx(slots.sum())
    far = error_share(Drawn(np.zeros(50, int), np.stack([slots, slots]), np.arange(30)), errors[:30], slots[:30])
    assert exact.high - exact.low < far.high - far.low
    assert error_share(Drawn(np.zeros(0, int), np.zeros((0, 0)), np.arange(0)), errors[:0], slots[:0]).high == 0.0
