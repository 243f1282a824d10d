import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

import wslabel as ws
from wslabel.errors import VotesError
from wslabel.models import label_model_names


@st.composite
def vote_matrices(draw, most=30):
    cardinality = draw(st.integers(2, 6))
    shape = draw(st.tuples(st.integers(0, most), st.integers(1, 8)))
    array = draw(npst.arrays(np.int8, shape, elements=st.integers(-1, cardinality - 1)))
    return ws.VoteMatrix.from_array(array, [f"label {k}" for k in range(cardinality)])


@given(vote_matrices())
def test_an_array_comes_back_as_it_went(votes):
    again = ws.VoteMatrix.from_array(votes.to_array(), votes.labels, votes.ids, votes.lf_names)
    assert np.array_equal(again.to_array(), votes.to_array())
    assert (again.counts().sum(axis=1) == (votes.votes >= 0).sum(axis=1)).all()


@given(vote_matrices())
def test_patterns_are_the_rows_with_their_counts(votes):
    patterns = votes.patterns()
    assert patterns.counts.sum() == votes.n
    assert np.array_equal(patterns.votes[patterns.inverse], votes.votes)
    assert len(np.unique(patterns.votes, axis=0)) == len(patterns.votes)


@given(vote_matrices(), st.integers(-5, 300), st.data())
def test_a_vote_outside_is_refused_wherever_it_stands(votes, value, data):
    if votes.n == 0 or -1 <= value < votes.cardinality:
        return
    array = votes.to_array().astype(int)
    array[data.draw(st.integers(0, votes.n - 1)), data.draw(st.integers(0, votes.m - 1))] = value
    with pytest.raises(VotesError, match=f"vote {value}"):
        ws.VoteMatrix.from_array(array, votes.labels)


@given(vote_matrices(), st.sampled_from(label_model_names()), st.randoms())
@settings(deadline=None)
def test_label_models_give_probabilities_and_follow_rows(votes, name, random):
    model = ws.label_model(name)
    assume(votes.m >= model.needs)
    labels = model.fit(votes).predict(votes)
    assert (labels.covered == votes.covered).all()
    assert labels.probs.shape == (votes.n, votes.cardinality)
    order = list(range(votes.n))
    random.shuffle(order)
    moved = ws.VoteMatrix(votes.ids[order], votes.to_array()[order], votes.lf_names, votes.labels)
    again = ws.label_model(name).fit(moved).predict(moved)
    assert np.allclose(again.probs, labels.probs[order], atol=max(model.tolerance, 1e-8))


@given(vote_matrices())
def test_majority_never_contradicts_a_clear_majority(votes):
    labels = ws.label_model("majority").fit(votes).predict(votes)
    counts = votes.counts()
    top = np.sort(counts, axis=1)
    clear = top[:, -1] > top[:, -2]
    assert (labels.hard_indices()[clear] == counts.argmax(axis=1)[clear]).all()


probabilities = st.lists(st.floats(0.01, 1), min_size=3, max_size=3).map(lambda row: [x / sum(row) for x in row])


@given(st.lists(st.tuples(probabilities, probabilities, st.booleans()), min_size=1, max_size=20))
def test_fused_labels_are_probabilities_and_uncovered_ones_the_end_models(rows):
    ids, names = [f"r{i}" for i in range(len(rows))], ["a", "b", "c"]
    labels = ws.Labels(ids, [row[0] for row in rows], names, [row[2] for row in rows])
    held = ws.OutOfSample(ids, [row[1] for row in rows], [0] * len(rows), names)
    fused = ws.fuse(labels, held)
    assert np.allclose(fused.probs.sum(axis=1), 1)
    assert np.allclose(fused.probs[~labels.covered], held.probs[~labels.covered])


texts = st.text(max_size=40)


@given(st.lists(texts, min_size=1, max_size=20))
@settings(deadline=None)
def test_text_is_kept_whatever_it_is(rows):
    storable = [text for text in rows if text.encode("utf-8", "ignore").decode() == text]
    if not storable:
        return
    records = ws.read_records([{"text": text} for text in storable])
    batch = next(records.batches())
    assert batch["text"].to_pylist() == storable
    assert len(set(batch["id"].to_pylist())) == len(storable)


@given(st.lists(texts, min_size=1, max_size=12), st.integers(1, 5))
@settings(deadline=None)
def test_votes_do_not_depend_on_shards_and_faults_are_counted(rows, size):
    @ws.labeling_function(votes=["a", "b"])
    def touchy(text):
        return {0: "a", 1: None, 2: "b"}.get(len(text) % 4) if len(text) % 4 != 3 else 1 / 0

    good = [{"text": text} for text in rows if text.encode("utf-8", "ignore").decode() == text]
    if not good:
        return
    one, two = (ws.apply(touchy, good, shard_size=one, max_fault_rate=1) for one in (size, 1000))
    assert np.array_equal(one.to_array(), two.to_array())
    assert one.faults == two.faults
    assert len(one.faults) == sum(len(row["text"]) % 4 == 3 for row in good)


@given(st.integers(0, 10_000), st.integers(2, 4), st.integers(1, 40))
@settings(max_examples=15, deadline=None)
def test_gold_is_kept_and_the_rest_are_probabilities(seed, cardinality, count):
    random = np.random.default_rng(seed)
    names, n = [f"l{k}" for k in range(cardinality)], 80
    votes = ws.VoteMatrix.from_array(random.integers(-1, cardinality, (n, 3)), names)
    labels = ws.label_model("majority").fit(votes).predict(votes)
    held = ws.OutOfSample(votes.ids, random.dirichlet(np.ones(cardinality), n), random.integers(0, 3, n), names)
    gold = {votes.ids[i]: names[random.integers(cardinality)] for i in random.choice(n, count, replace=False)}
    one, two = (ws.fuse(labels, held, votes, gold) for _ in range(2))
    assert np.array_equal(one.probs, two.probs)
    assert {record: name for record, name, source in zip(one.ids, one.hard(), one.source) if source == "gold"} == gold
    assert np.isfinite(one.probs).all()
    assert np.allclose(one.probs.sum(axis=1), 1)


@given(st.integers(0, 10_000))
@settings(max_examples=10, deadline=None)
def test_gold_does_not_lower_the_result(seed):
    random = np.random.default_rng(seed)
    n, cardinality = 2000, int(random.integers(2, 5))
    names, truth = [f"l{k}" for k in range(cardinality)], random.integers(cardinality, size=n)
    right = random.random((n, 6)) < random.uniform(0.3, 0.9, 6)
    said = np.where(right, truth[:, None], random.integers(cardinality, size=(n, 6)))
    votes = ws.VoteMatrix.from_array(np.where(random.random((n, 6)) < 0.4, said, -1), names)
    labels = ws.label_model("majority").fit(votes).predict(votes)
    leaning = np.eye(cardinality)[np.where(random.random(n) < 0.6, truth, 0)] + 0.3
    held = ws.OutOfSample(votes.ids, leaning / leaning.sum(axis=1, keepdims=True), np.arange(n) % 5, names)
    gold = {votes.ids[i]: names[truth[i]] for i in range(50)}
    without, known = (ws.fuse(labels, held, votes, some).probs[50:] for some in (None, gold))
    rows = np.arange(n - 50)
    assert np.log(known[rows, truth[50:]]).mean() > np.log(without[rows, truth[50:]]).mean() - 0.02
    assert (known.argmax(axis=1) == truth[50:]).mean() > (without.argmax(axis=1) == truth[50:]).mean() - 0.02
