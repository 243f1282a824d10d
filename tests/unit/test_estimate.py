"""How good are the labels: unbiased, with intervals that hold. Simulations fail when weights or widths are wrong."""

import numpy as np
import pyarrow as pa
import pytest

from wslabel import Decision, Labels, ReviewQueue, accuracy_bound, draw_audit, estimate_accuracy
from wslabel.errors import ReviewError
from wslabel.review import AuditSample, resolve
from wslabel.review.audit import rows_of
from wslabel.review.estimate_intervals import share_interval

AB = ("a", "b")
N = 1500


def corpus(n=N, seed=0, worse=1.0):
    """Labels of n records, how likely each is right, and the truth; `worse` tilts what is believed of them."""
    rng = np.random.default_rng(seed)
    quality = rng.beta(4, 0.6, n)
    given = rng.integers(0, 2, n)
    truth = np.where(rng.random(n) < quality, given, 1 - given)
    probs = np.where(given[:, None] == np.arange(2), 0.8, 0.2)
    return Labels([f"r{i}" for i in range(n)], probs, AB), quality**worse, truth


def answers(labels, truth, ids):
    return [Decision(record, "label", AB[truth[row]]) for record, row in zip(ids, rows_of(labels, ids))]


def test_the_order_depends_on_ids_and_seed_only():
    labels, quality, _ = corpus()
    turn = np.random.default_rng(1).permutation(N)
    turned = Labels(labels.ids[turn], labels.probs[turn], AB)
    first = draw_audit(labels, quality)
    assert first.ids.tolist() == draw_audit(turned, quality[turn]).ids.tolist()
    assert first.ids.tolist() != draw_audit(labels, quality, seed=1).ids.tolist()
    assert sorted(first.ids) == sorted(labels.ids)
    back = AuditSample.from_table(first.to_table())
    assert back.ids.tolist() == first.ids.tolist()
    assert (back.stratum == first.stratum).all()
    assert (back.doubt == first.doubt).all()


def test_inclusion_probabilities_are_known_and_doubtful_records_come_sooner():
    labels, quality, _ = corpus()
    sample = draw_audit(labels, quality)
    assert (1 / sample.probabilities(400)).sum() == pytest.approx(N)
    drawn = np.bincount(sample.stratum[:400])
    assert drawn.min() > 20  # ten strata share the sample
    assert sample.probabilities(400)[sample.stratum[:400] == 0].mean() > 1.2 * 400 / N
    often = np.zeros(N)
    for seed in range(200):
        often[rows_of(labels, draw_audit(labels, quality, seed=seed).ids[:150])] += 1
    stratum = np.empty(N, int)
    stratum[rows_of(labels, sample.ids)] = sample.stratum
    for one in range(10):  # within a stratum all are drawn alike
        inside = often[stratum == one]
        assert abs(inside.var() / (inside.mean() * (1 - inside.mean() / 200)) - 1) < 0.5


@pytest.mark.parametrize("worse", [1.0, 0.3, 5.0])
def test_the_interval_holds_even_where_the_prediction_is_wrong(worse):
    held, error, wider, seeds = 0, [], 0, 300
    for seed in range(seeds):
        labels, quality, truth = corpus(seed=seed, worse=worse)
        sample = draw_audit(labels, quality, seed=seed)
        marks = (truth != labels.hard_indices())[rows_of(labels, sample.ids)].astype(float)
        found = share_interval(sample.stratum, sample.doubt, np.arange(150), marks[:150])
        held += found.low <= marks.mean() <= found.high
        error.append(found.value - marks.mean())
        wider += found.high - found.low > 2 * 1.96 * np.sqrt(marks.mean() * (1 - marks.mean()) / 150)
    assert 0.92 <= held / seeds <= 0.985
    assert abs(np.mean(error)) < 3 * np.std(error) / np.sqrt(seeds)
    assert wider < 0.3 * seeds


def test_decisions_on_the_worst_first_do_not_mislead():
    held, seeds, error = 0, 150, []
    for seed in range(seeds):
        labels, quality, truth = corpus(seed=seed)
        sample = draw_audit(labels, quality, seed=seed)
        worst = labels.ids[np.argsort(quality)[:250]]
        said = answers(labels, truth, [*sample.ids[:120], *worst])
        found = estimate_accuracy(labels, sample, said)
        right = (resolve(labels, said).hard_indices() == truth).mean()
        assert found.audited == int(np.isin(sample.ids, [one.id for one in said]).argmin())
        held += found.accuracy.low <= right <= found.accuracy.high
        error.append(found.accuracy.value - right)
    assert 0.90 <= held / seeds <= 0.99
    assert abs(np.mean(error)) < 0.004


def test_precision_and_recall_hold_for_each_label():
    held, seeds = np.zeros(4), 150
    for seed in range(seeds):
        labels, quality, truth = corpus(seed=seed)
        sample = draw_audit(labels, quality, seed=seed)
        said = answers(labels, truth, sample.ids[:200])
        final = resolve(labels, said).hard_indices()
        for k, one in enumerate(estimate_accuracy(labels, sample, said).by_label):
            precision, recall = (truth == k)[final == k].mean(), (final == k)[truth == k].mean()
            held[2 * k] += one.precision.low <= precision <= one.precision.high
            held[2 * k + 1] += one.recall.low <= recall <= one.recall.high
    assert (held / seeds >= 0.90).all()


def test_a_review_of_everything_leaves_no_doubt():
    labels, quality, truth = corpus(60)
    sample = draw_audit(labels, quality)
    found = estimate_accuracy(labels, sample, answers(labels, truth, labels.ids))
    assert str(found).startswith("accuracy 100.0 % (100.0–100.0), 60 audited")
    assert found.before.value == pytest.approx((truth == labels.hard_indices()).mean())
    assert found.before.low == pytest.approx(found.before.high)
    nothing = estimate_accuracy(labels, sample, [])
    assert (nothing.accuracy.low, nothing.accuracy.high, nothing.audited) == (0.0, 1.0, 0)


def test_what_was_passed_over_is_counted_and_a_gap_ends_the_audit():
    labels, quality, truth = corpus()
    sample = draw_audit(labels, quality)
    said = answers(labels, truth, sample.ids[:100])
    said[10] = Decision(sample.ids[10], "skip")
    said[11] = Decision(sample.ids[11], "unsure")
    found = estimate_accuracy(labels, sample, said)
    assert (found.audited, found.passed) == (98, 2)
    assert "98 audited, 2 passed over" in str(found)
    del said[50]
    assert estimate_accuracy(labels, sample, said).audited == 48


def test_a_rejected_record_is_an_error_that_is_not_exported():
    labels, quality, _ = corpus()
    sample = draw_audit(labels, quality)
    said = [Decision(record, "reject") for record in sample.ids[:50]]
    found = estimate_accuracy(labels, sample, said)
    assert found.exported == N - 50
    assert found.accuracy.value < 0.05


def test_only_what_is_exported_is_judged():
    labels, quality, truth = corpus()
    truth = np.where(np.arange(N) < 750, labels.hard_indices(), 1 - labels.hard_indices())
    sample = draw_audit(labels, quality)
    said = answers(labels, truth, sample.ids[:200])
    only = np.arange(N) < 750
    assert estimate_accuracy(labels, sample, said, only).accuracy.value == pytest.approx(1.0)
    half = draw_audit(labels, quality, only=only)
    with pytest.raises(ReviewError, match=r"750 records of the export could not come up in the audit, 'r750'"):
        estimate_accuracy(labels, half, [])
    with pytest.raises(ReviewError, match="drawn from other labels: 'r"):
        estimate_accuracy(Labels(["x"], [[1, 0]], AB), sample, [])
    with pytest.raises(ReviewError, match="a probability for each of the 1500 labels"):
        draw_audit(labels, quality[:3])


def test_what_is_decided_is_not_drawn():
    labels, quality, truth = corpus()
    said = answers(labels, truth, labels.ids[:100])
    assert len(draw_audit(labels, quality, said).ids) == N - 100
    assert not len(draw_audit(resolve(labels, answers(labels, truth, labels.ids)), quality).ids)


def test_the_bound_holds_at_all_looks_and_comes_near():
    broken, bounds = 0, []
    for seed in range(60):
        labels, quality, truth = corpus(seed=seed)
        sample = draw_audit(labels, quality, seed=seed)
        looks = []
        for size in (50, 100, 200, 300):
            said = answers(labels, truth, sample.ids[:size])
            right = (resolve(labels, said).hard_indices() == truth).mean()
            looks.append((accuracy_bound(labels, sample, said), right))
        broken += any(bound > right for bound, right in looks)
        bounds.append(looks[-1][1] - looks[-1][0])
    assert broken <= 6  # 3 are expected at most
    assert np.mean(bounds) < 0.08


def test_the_bound_holds_when_errors_are_mended_between_looks():
    broken = 0
    for seed in range(60):
        labels, quality, truth = corpus(seed=seed)
        sample = draw_audit(labels, quality, seed=seed)
        worst = labels.ids[np.argsort(quality)]
        said, taken = [], set()
        for step in range(250):
            source = sample.ids if step % 2 else worst
            record = next(one for one in source if one not in taken)
            taken.add(record)
            said += answers(labels, truth, [record])
        right = (resolve(labels, said).hard_indices() == truth).mean()
        broken += accuracy_bound(labels, sample, said) > right
    assert broken <= 6


def test_the_bound_is_nothing_before_anything_was_audited():
    labels, quality, truth = corpus()
    sample = draw_audit(labels, quality)
    assert accuracy_bound(labels, sample, []) == 0.0
    assert accuracy_bound(labels, sample, answers(labels, truth, labels.ids)) == 1.0


def test_an_audit_is_a_queue(tmp_path):
    labels, quality, _ = corpus(50)
    sample = draw_audit(labels, quality)
    issues = sample.issues(labels, 20)
    records = [{"id": record, "text": f"text of {record}"} for record in labels.ids]
    queue = ReviewQueue(issues, records, labels, log=tmp_path / "review.db", strategy="audit")
    assert [item.id for item in queue.items()] == sample.ids[:20].tolist()
    both = type(issues)(pa.concat_tables([issues.table, issues.table.set_column(1, "kind", pa.array(["tie"] * 20))]))
    assert len(both.of_kind("audit")) == len(both.without_kind("audit")) == 20


def auditing_queue(labels, sample, folder):
    records = [{"id": record, "text": f"text of {record}"} for record in labels.ids]
    log = folder / "review.db"
    return ReviewQueue(sample.issues(labels, len(sample.ids)), records, labels, log=log, strategy="audit")


def test_review_goes_on_until_the_accuracy_is_proved(tmp_path):
    labels, quality, truth = corpus(300)  # some 87 of 100 are right
    sample = draw_audit(labels, quality)
    queue = auditing_queue(labels, sample, tmp_path)
    for item in queue.until(0.93, sample):
        queue.decide(item.id, AB[truth[rows_of(labels, np.array([item.id], dtype=object))[0]]])
    said = queue.decisions()
    assert 60 < len(said) < 270
    assert accuracy_bound(labels, sample, said) >= 0.93
    assert (resolve(labels, said).hard_indices() == truth).mean() >= 0.93
    assert list(queue.until(0.93, sample)) == []


def test_what_is_good_already_needs_an_audit_only(tmp_path):
    labels, quality, _ = corpus(600)
    sample = draw_audit(labels, quality)
    queue = auditing_queue(labels, sample, tmp_path)
    for item in queue.until(0.9, sample):
        queue.decide(item.id, item.given)
    assert [one.id for one in queue.decisions()] == sample.ids[: len(queue.decisions())].tolist()
    assert len(queue.decisions()) < 150


def test_until_needs_the_whole_sample(tmp_path):
    labels, quality, _ = corpus(50)
    sample = draw_audit(labels, quality)
    records = [{"id": record, "text": record} for record in labels.ids]
    queue = ReviewQueue(sample.issues(labels, 5), records, labels, log=tmp_path / "l.db", strategy="audit")
    with pytest.raises(ReviewError, match="does not hold the whole sample"):
        next(queue.until(0.9, sample))
    with pytest.raises(ReviewError, match="between 0 and 1"):
        next(queue.until(95, sample))
