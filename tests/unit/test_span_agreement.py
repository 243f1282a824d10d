import itertools

import numpy as np
import pytest

from wslabel import Decision, SpanLabels
from wslabel.core.tokens import Tokens
from wslabel.errors import ReviewError
from wslabel.review import disputed, measure_agreement, measure_span_agreement
from wslabel.review.span_gamma import disorder

WORDS = "aspirin gave her a bad rash and then fever came too"
TEXTS = [{"id": f"r{i}", "text": " ".join(WORDS.split()[i % 4 :])} for i in range(40)]
NAMES = ("Drug", "Effect")


def marked(reviewer, seed, texts=TEXTS, spare=0.3):
    """Decisions of a reviewer who marks some words."""
    rng, out = np.random.default_rng(seed), []
    for one in texts:
        tokens = Tokens.of([one["text"]])
        spans = set()
        for at in range(len(tokens)):
            if rng.random() < spare:
                until = min(at + int(rng.integers(0, 2)), len(tokens) - 1)
                spans.add((int(tokens.start[at]), int(tokens.end[until]), NAMES[rng.integers(2)]))
        out.append(Decision(one["id"], "spans", spans=tuple(sorted(spans)), reviewer=reviewer))
    return out


def by_token(decisions, label=None, only_marked=False):
    """The same as decisions on labels, a record a token."""
    texts, found = {one["id"]: one["text"] for one in TEXTS}, []
    for one in decisions:
        tokens = Tokens.of([texts[one.id]])
        for at in range(len(tokens)):
            names = {name for start, end, name in one.spans if start < tokens.end[at] and tokens.start[at] < end}
            found.append((f"{one.id}-{at}", one.reviewer, names))
    some = {token for token, _, names in found if names}
    return [
        Decision(token, "label", "+".join(sorted(names if label is None else names & {label})) or "O", reviewer=who)
        for token, who, names in found
        if token in some or not only_marked
    ]


THREE = [*marked("ana", 1), *marked("bob", 2)[:30], *marked("eve", 3)[5:]]


@pytest.mark.parametrize("only_marked", [False, True])
def test_tokens_are_measured_as_labels_are(only_marked):
    found = measure_span_agreement(THREE, TEXTS)
    name = "marked" if only_marked else "tokens"
    wanted = measure_agreement(by_token(THREE, None, only_marked))
    assert getattr(found.overall, name).value == pytest.approx(wanted.alpha.value, abs=1e-9)
    for label in NAMES:
        alpha = measure_agreement(by_token(THREE, label, only_marked)).alpha
        assert getattr(found.by_label[label], name).value == pytest.approx(alpha.value, abs=1e-9)
    both = [one for one in THREE if one.reviewer != "bob"]
    (pair,) = measure_agreement(by_token(both, None, only_marked)).pairs
    assert getattr(found.by_pair["ana", "eve"], name).value == pytest.approx(pair.kappa.value, abs=1e-9)


def test_f1_is_counted_over_all_pairs():
    found = measure_span_agreement(THREE, TEXTS)
    same = touch = all_ = 0
    for record in {one.id for one in THREE}:
        for one, other in itertools.permutations([one for one in THREE if one.id == record], 2):
            all_ += len(one.spans)
            same += len({*one.spans} & {*other.spans})
            touch += sum(any(s < e2 and s2 < e and n == n2 for s2, e2, n2 in other.spans) for s, e, n in one.spans)
    assert found.overall.exact.value == pytest.approx(same / all_)
    assert found.overall.overlap.value == pytest.approx(touch / all_)
    assert 0 < same < touch < all_
    row = found.by_pair["bob", "eve"]
    assert (row.records, found.overall.records, found.records) == (25, 40, 40)
    assert row.exact.low < row.exact.value < row.exact.high


def test_alike_is_one_and_unrelated_is_none():
    same = [*marked("ana", 1), *marked("bob", 1)]
    alike = measure_span_agreement(same, TEXTS).overall
    assert {m.value for m in (alike.exact, alike.overlap, alike.tokens, alike.marked, alike.gamma)} == {1.0}
    long = [{"id": f"r{i}", "text": "word " * 60} for i in range(60)]
    apart = measure_span_agreement([*marked("ana", 1, long, 0.05), *marked("bob", 2, long, 0.05)], long).overall
    assert abs(apart.gamma.value) < 0.12
    assert abs(apart.tokens.value) < 0.05
    assert apart.gamma.low < 0.05
    assert apart.exact.value < 0.1


def test_nothing_marked_by_anybody_is_agreement():
    said = [Decision("r0", "spans", spans=(), reviewer=who) for who in ("ana", "bob")]
    row = measure_span_agreement(said, TEXTS).overall
    assert (row.spans, row.exact.value, row.gamma.value, row.tokens.value, row.marked.value) == (0, 1, 1, 1, 1)


def test_who_rejects_is_told_and_left_out():
    said = [
        *(Decision("r0", "spans", spans=((0, 7, "Drug"),), reviewer=who) for who in ("ana", "bob")),
        Decision("r0", "reject", reviewer="eve"),
        Decision("r1", "reject", reviewer="eve"),
        Decision("r2", "skip", reviewer="eve"),
    ]
    found = measure_span_agreement(said, TEXTS)
    assert (found.records, found.rejected, list(found.by_pair)) == (1, 1, [("ana", "bob")])
    assert measure_span_agreement(said[1:], TEXTS).overall is None
    assert str(measure_span_agreement([], TEXTS)) == "no record decided by several reviewers"


def test_a_reviewer_who_saw_a_text_again():
    said = [
        Decision(id, "spans", spans=spans, reviewer="ana", text_hash="h")
        for id, spans in (("r0", ((0, 7, "Drug"),)), ("r4", ((0, 7, "Drug"),)), ("r8", ()))
    ]
    (own,) = measure_span_agreement(said, TEXTS).own
    assert (own.repeats, own.same) == (2, 1)


def test_what_cannot_be_compared_is_refused():
    two = [Decision("r0", "spans", spans=((0, 99, "Drug"),), reviewer=who) for who in ("ana", "bob")]
    with pytest.raises(ReviewError, match="Record r0: a span ends at 99, and the text has 51"):
        measure_span_agreement(two, TEXTS)
    with pytest.raises(ReviewError, match="no record 'r0'"):
        measure_span_agreement(two, TEXTS[1:])
    with pytest.raises(ReviewError, match="a label, where"):
        measure_span_agreement([Decision("r0", "label", "x")], TEXTS)
    with pytest.raises(ReviewError, match=r"Use measure_span_agreement\(\)"):
        measure_agreement(two)


def test_the_cheapest_alignment_is_found():
    rng = np.random.default_rng(4)

    def some():
        return sorted(
            {
                (int(s), int(s + 1 + rng.integers(6)), NAMES[rng.integers(2)])
                for s in rng.integers(0, 20, rng.integers(5))
            }
        )

    for _ in range(60):
        one, other = some(), some()
        assert disorder([(one, other)], [30], 0).costs[0] == pytest.approx(cheapest(one, other))


def cheapest(one, other):
    """By trying every alignment."""
    if not one or not other:
        return len(one) + len(other)
    first, rest = one[0], one[1:]

    def cost(a, b):
        apart = (abs(a[0] - b[0]) + abs(a[1] - b[1])) / (a[1] - a[0] + b[1] - b[0])
        return apart**2 + (a[2] != b[2])

    with_none = 1 + cheapest(rest, other)
    return min([with_none, *(cost(first, b) + cheapest(rest, [x for x in other if x != b]) for b in other)])


def test_a_measure_depends_on_neither_the_order_nor_the_names_of_reviewers():
    found = measure_span_agreement(THREE, TEXTS).overall
    other = measure_span_agreement(THREE[::-1], TEXTS).overall
    for name in ("exact", "overlap", "tokens", "marked"):
        assert getattr(found, name).value == pytest.approx(getattr(other, name).value)
    assert found == measure_span_agreement(THREE, TEXTS).overall


def test_disputed_spans_come_worst_first():
    labels = SpanLabels(["a", "b", "c"], [20] * 3, [["a"], [0], [4], ["Drug"]], NAMES)
    one, two = (0, 4, "Drug"), (6, 9, "Effect")
    spans = {"a": [(one,), (one, two)], "b": [(one,), (two,)], "c": [(one, two), (two, one)]}
    said = [
        Decision(record, "spans", spans=some, reviewer=who)
        for record, both in spans.items()
        for who, some in zip(("ana", "bob"), both)
    ]
    found = disputed(labels, [*said, Decision("a", "reject", reviewer="eve")])
    assert [(i.id, i.kind, round(i.score, 3), i.given) for i in found] == [
        ("b", "disputed", 0.0, "no span"),
        ("a", "disputed", 0.222, "0-4 Drug"),
    ]
