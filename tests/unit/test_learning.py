import numpy as np
import pytest

import wslabel as ws
from wslabel.core.evidence import weigh_evidence
from wslabel.core.proof import prove
from wslabel.errors import PluginError, VotesError
from wslabel.learning import end_model, end_model_names
from wslabel.learning.calibration import exponent_by_gold, exponent_for, tempered
from wslabel.learning.correction import corrected, log_odds

AB = ["a", "b"]


def corpus(n=200, seed=0):
    """Records whose words tell their label, labels of a weak labeler, and the truth."""
    random = np.random.default_rng(seed)
    truth = random.integers(2, size=n)
    words = [["apple", "avocado", "almond"], ["banana", "beetroot", "broccoli"]]
    rows = [
        {"id": f"r{i}", "text": " ".join([*random.choice(words[k], 2), *random.choice(["the", "of", "and"], 3)])}
        for i, k in enumerate(truth)
    ]
    said = np.where(random.random(n) < 0.8, truth, 1 - truth)
    covered = random.random(n) < 0.7
    probs = np.where(covered[:, None], np.eye(2)[said] * 0.6 + 0.2, [0.5, 0.5])
    return rows, ws.Labels([row["id"] for row in rows], probs, AB, covered), truth


def test_the_end_model_reaches_uncovered_records_and_repairs_others():
    rows, labels, truth = corpus()
    held = ws.cross_validate("tfidf_logreg", rows, labels)
    fused = ws.fuse(labels, held)
    assert (fused.hard_indices() == truth)[~labels.covered].mean() > 0.9
    assert (fused.hard_indices() == truth).mean() > (labels.hard_indices() == truth).mean() + 0.1
    assert (fused.covered == labels.covered).all()


def test_cross_validation_is_repeatable_and_its_folds_follow_text_and_seed():
    rows, labels, _ = corpus()
    one, two = (ws.cross_validate("tfidf_logreg", rows, labels, seed=3) for _ in range(2))
    assert np.array_equal(one.probs, two.probs)
    other = ws.cross_validate("tfidf_logreg", rows, labels, seed=4)
    assert not np.array_equal(one.folds, other.folds)
    by_text = {}
    for row, fold in zip(rows, one.folds):
        assert by_text.setdefault(row["text"], fold) == fold


def test_no_record_is_scored_by_a_model_that_saw_it():
    seen = []

    class Spy:
        def fit(self, texts, probs):
            train = set(texts)

            class Fitted:
                def predict(self, texts):
                    seen.append(train & set(texts))
                    return np.full((len(texts), 2), 0.5)

            return Fitted()

    rows, labels, _ = corpus()
    ws.cross_validate(Spy(), rows, labels)
    assert len(seen) == 5
    assert all(not both for both in seen)


def test_uncovered_records_are_not_trained_on():
    rows, labels, _ = corpus()
    trained = []

    class Spy:
        def fit(self, texts, probs):
            trained.append((len(texts), probs))

            class Fitted:
                def predict(self, texts):
                    return np.full((len(texts), 2), 0.5)

            return Fitted()

    held = ws.cross_validate(Spy(), rows, labels)
    for number, (count, probs) in enumerate(trained):
        rows_seen = labels.covered & (held.folds != number)
        assert count == rows_seen.sum()
        assert np.array_equal(probs, labels.probs[rows_seen])


@pytest.mark.parametrize("covered", [0, 1])
def test_nothing_to_learn_from_gives_the_class_balance(covered):
    rows, labels, _ = corpus(20)
    few = ws.Labels(labels.ids, np.full((20, 2), 0.5), AB, np.arange(20) < covered)
    held = ws.cross_validate("tfidf_logreg", rows, few)
    assert np.allclose(held.probs, 0.5)


def test_texts_without_a_word():
    rows = [{"id": f"r{i}", "text": "!?" * (i % 3)} for i in range(12)]
    labels = ws.Labels([row["id"] for row in rows], np.tile([0.7, 0.3], (12, 1)), AB)
    assert np.isfinite(ws.cross_validate("tfidf_logreg", rows, labels).probs).all()


def test_soft_labels_weigh():
    rows, labels, _ = corpus()
    first = labels.probs[:, :1] > 0.5
    hard = ws.Labels(labels.ids, np.where(first, [0.99, 0.01], [0.01, 0.99]), AB, labels.covered)
    soft = ws.Labels(labels.ids, np.where(first, [0.55, 0.45], [0.45, 0.55]), AB, labels.covered)
    sure, unsure = (ws.cross_validate("tfidf_logreg", rows, one).probs.max(axis=1).mean() for one in (hard, soft))
    assert sure > unsure + 0.1


def proven(n=400, seed=2):
    """A posterior, and an end model that foretells it well and leans to the first label."""
    random = np.random.default_rng(seed)
    truth = (random.random(n) < 0.3).astype(int)
    posterior = np.where(truth == 1, random.uniform(0.55, 0.95, n), random.uniform(0.02, 0.45, n))
    held = np.where(truth == 1, random.uniform(0.55, 0.85, n), random.uniform(0.17, 0.3, n))
    ids = [str(i) for i in range(n)]
    return [
        kind(ids, np.stack([1 - one, one], 1), *rest)
        for kind, one, rest in ((ws.Labels, posterior, [AB]), (ws.OutOfSample, held, [np.zeros(n, int), AB]))
    ]


def test_fuse_multiplies_the_posterior_with_the_squared_odds_of_a_proven_end_model():
    labels, held = proven()
    assert prove(labels, held).share == 1.0
    fused = ws.fuse(labels, held)
    raw = labels.probs * (held.probs / held.probs.mean(axis=0)) ** 2
    logs, wanted = (np.log(one[:, 1] / one[:, 0]) for one in (fused.probs, raw))
    assert np.corrcoef(logs, wanted)[0, 1] > 1 - 1e-9  # but for the exponent that sets the confidence
    assert np.allclose(logs, wanted * (logs[0] / wanted[0]))
    assert np.isclose(fused.confidence.mean(), labels.confidence.mean())


def test_an_uncovered_record_has_the_end_model_only():
    labels, held = proven()
    covered = np.arange(labels.n) >= 5
    fused = ws.fuse(ws.Labels(labels.ids, labels.probs, AB, covered), held)
    assert np.allclose(fused.probs[:5], held.probs[:5])


@pytest.mark.parametrize("n", [40, 60, 300])
def test_an_end_model_that_has_learned_nothing_changes_nothing(n):
    random = np.random.default_rng(n)
    ids = [str(i) for i in range(n)]
    labels = ws.Labels(ids, random.dirichlet([1, 1, 1], n), ["a", "b", "c"], np.arange(n) > n // 10)
    held = ws.OutOfSample(ids, random.dirichlet([3, 3, 3], n), np.zeros(n, int), ["a", "b", "c"])
    fused = ws.fuse(labels, held)
    assert np.array_equal(fused.probs[labels.covered], labels.probs[labels.covered])
    assert np.array_equal(fused.probs[~labels.covered], held.probs[~labels.covered])


def test_how_sure_an_end_model_is_does_not_matter():
    labels, held = proven()
    sharp = held.probs**4
    too_sure = ws.OutOfSample(held.ids, sharp / sharp.sum(axis=1, keepdims=True), held.folds, AB)
    assert prove(labels, too_sure).share > 0.95


def lopsided(n, seed, share=0.03):
    """Texts of which few are rare, votes of fair LFs, truth; words of the rare label occur among the others too."""
    random = np.random.default_rng(seed)
    truth = (random.random(n) < share).astype(int)
    truth[: max(2, int(n * share))] = 1
    rates = np.where(truth[:, None] == 1, [0.5, 0.4, 0.3, 0.3, 0.2, 0.2], [0.02, 0.02, 0.03, 0.06, 0.08, 0.1])
    marked = random.random((n, 6)) < rates
    array = np.where(marked[:, :4], 1, -1)
    array = np.column_stack([array, np.where(random.random(n) < 0.9, 0, -1), np.where(random.random(n) < 0.6, 0, -1)])
    words = [f"common{k}" for k in range(40)]
    texts = [
        " ".join([*random.choice(words, 6), *(f"mark{k}" for k in np.flatnonzero(row)), f"rest{i % 7}"])
        for i, row in enumerate(marked)
    ]
    votes = ws.VoteMatrix.from_array(array, AB)
    return [{"id": i, "text": text} for i, text in zip(votes.ids, texts)], votes, truth


def judged(probs, truth):
    """Return accuracy, log-loss, and F1 of the rare label."""
    given = probs.argmax(axis=1)
    f1 = 2 * ((given == 1) & (truth == 1)).sum() / max((given == 1).sum() + (truth == 1).sum(), 1)
    loss = -np.log(np.maximum(probs[np.arange(len(truth)), truth], 1e-6)).mean()
    return np.array([(given == truth).mean(), -loss, f1])


@pytest.mark.parametrize(("n", "share"), [(60, 0.05), (150, 0.05), (300, 0.03), (1500, 0.03), (1500, 0.01)])
def test_fusing_is_no_worse_than_votes_on_small_and_lopsided_corpora(n, share):
    changes = []
    for seed in range(3):
        rows, votes, truth = lopsided(n, seed, share)
        labels = ws.label_model().fit(votes).predict(votes)
        fused = ws.fuse(labels, ws.cross_validate("tfidf_logreg", rows, labels), votes)
        some = labels.covered
        changes.append(judged(fused.probs[some], truth[some]) - judged(labels.probs[some], truth[some]))
    accuracy, log_likelihood, f1 = np.mean(changes, axis=0)
    assert accuracy > -0.02
    assert log_likelihood > -0.01
    assert f1 > -0.05


def test_gold_sets_the_confidence():
    votes, held, truth = liar()
    labels = ws.label_model("majority").fit(votes).predict(votes)
    gold = {votes.ids[i]: AB[truth[i]] for i in range(200)}
    fused = ws.fuse(labels, held, votes, gold)
    right = (fused.hard_indices() == truth)[200:].mean()
    assert abs(fused.confidence[200:].mean() - right) < 0.05
    assert abs(ws.fuse(labels, held, votes).confidence[200:].mean() - right) > 0.1


def test_calibration_by_one_exponent():
    random = np.random.default_rng(0)
    honest = random.dirichlet([0.5, 0.5, 0.5], 3000)
    truth = np.array([random.choice(3, p=row) for row in honest])
    assert abs(np.log(exponent_by_gold(tempered(honest, 3.0), truth, 1.0) * 3)) < 0.2
    assert exponent_by_gold(honest[:0], truth[:0], 1.7) == pytest.approx(1.7, rel=0.02)
    assert tempered(honest, exponent_for(honest, 0.6)).max(axis=1).mean() == pytest.approx(0.6, abs=1e-3)


def liar(n=1000, seed=3, good=(0.85, 0.8), told=0.8, certain=0.65):
    """Votes of good LFs and one that is mostly wrong; an end model's probabilities; the truth."""
    random = np.random.default_rng(seed)
    truth = random.integers(2, size=n)
    right = random.random((n, len(good) + 1)) < [*good, 0.2]
    array = np.where(random.random(right.shape) < 0.7, np.where(right, truth[:, None], 1 - truth[:, None]), -1)
    votes = ws.VoteMatrix.from_array(array, AB)
    sure = np.where(random.random(n) < told, truth, 1 - truth)
    held = np.where(np.eye(2)[sure] == 1, certain, 1 - certain)
    return votes, ws.OutOfSample(votes.ids, held, np.zeros(n, int), AB), truth


def test_votes_are_weighed_by_what_the_fused_labels_say_of_them():
    votes, held, truth = liar(good=(0.9, 0.9, 0.9), told=0.95, certain=0.8)
    labels = ws.label_model("majority").fit(votes).predict(votes)
    rows = np.arange(votes.n)
    without, weighed = (np.log(ws.fuse(labels, held, some).probs[rows, truth]).mean() for some in (None, votes))
    assert weighed > without + 0.003


def test_gold_weighs_votes_and_is_kept():
    votes, held, truth = liar()
    labels = ws.label_model("majority").fit(votes).predict(votes)
    gold = {votes.ids[i]: AB[truth[i]] for i in range(60)}
    fused = ws.fuse(labels, held, votes, gold)
    assert (fused.source[:60] == "gold").all()
    assert (fused.source[60:] == "model").all()
    assert np.array_equal(fused.probs[:60], np.eye(2)[truth[:60]])
    unseen = (fused.hard_indices() == truth)[60:].mean()
    assert unseen > (ws.fuse(labels, held, votes).hard_indices() == truth)[60:].mean() + 0.02


def test_an_lf_that_votes_on_everything_says_nothing():
    votes = ws.VoteMatrix.from_array([[0, 1], [0, -1], [0, 1], [0, -1]], AB)
    evidence = weigh_evidence(votes, np.array([[0.2, 0.8], [0.9, 0.1]] * 2))
    assert abs(evidence.ratios[0, 0]).max() < abs(evidence.ratios[1, 1]).max()


def test_gold_teaches_an_end_model_that_learned_from_wrong_labels():
    rows, labels, truth = corpus(400)
    wrong = ws.Labels(labels.ids, np.tile([0.6, 0.4], (400, 1)), AB, labels.covered)
    gold = {rows[i]["id"]: AB[truth[i]] for i in range(40)}
    taught = ws.cross_validate("tfidf_logreg", rows, wrong, gold=gold)
    assert (taught.probs.argmax(axis=1) == truth)[40:].mean() > 0.9
    assert (ws.cross_validate("tfidf_logreg", rows, wrong).probs.argmax(axis=1) == truth)[40:].mean() < 0.6


def skewed(n=60, seed=0):
    """Probabilities of 3 labels, features that tell the label where the probabilities are wrong, gold and folds."""
    random = np.random.default_rng(seed)
    truth = random.integers(3, size=n)
    said = np.where(random.random(n) < 0.6, truth, random.integers(3, size=n))
    features = np.eye(3)[truth] + random.normal(0, 0.1, (n, 3))
    return np.eye(3)[said] * 0.4 + 0.2, features, truth, np.arange(n) % 5


def test_no_gold_record_is_answered_by_its_own_gold(monkeypatch):
    monkeypatch.setattr("wslabel.learning.correction.SCALES", (1.0,))
    probs, features, truth, folds = skewed()
    flipped = truth.copy()
    flipped[7] = (truth[7] + 1) % 3
    one, two = (log_odds(corrected([probs], features, gold, folds)) for gold in (truth, flipped))
    assert np.allclose(one[7] / one[7].max(), two[7] / two[7].max())  # but for the exponent of them all
    assert not np.allclose(one[8] / one[8].max(), two[8] / two[8].max())


def test_gold_corrects_by_features_and_leaves_alone_what_it_cannot_better():
    probs, features, truth, folds = skewed(400)
    known = np.where(np.arange(400) < 60, truth, -1)
    answer = corrected([probs], features, known, folds)
    assert (answer.argmax(axis=1) == truth)[60:].mean() > (probs.argmax(axis=1) == truth)[60:].mean() + 0.1
    noise = np.random.default_rng(1).normal(size=(400, 50))
    unmoved = corrected([np.eye(3)[truth] * 0.4 + 0.2], noise, known, folds)
    assert (unmoved.argmax(axis=1) == truth).all()
    assert unmoved.max(axis=1).mean() > 0.9  # only surer


def test_little_gold_that_tells_nothing_does_not_lower_the_result():
    """Labels that cannot be bettered, features without meaning, 20 gold records: many draws, and no point is lost."""
    lost = []
    for seed in range(12):
        random = np.random.default_rng(seed)
        truth = random.integers(3, size=400)
        probs = np.full((400, 3), 0.15)
        probs[np.arange(400), np.where(random.random(400) < 0.7, truth, random.integers(3, size=400))] = 0.7
        features, folds = random.normal(size=(400, 30)) / 5, random.integers(5, size=400)
        gold = np.where(np.arange(400) < 20, truth, -1)
        after = corrected([probs, np.full((400, 3), 1 / 3)], features, gold, folds)
        right = [(one[20:].argmax(axis=1) == truth[20:]).mean() for one in (probs, after)]
        lost.append(right[0] - right[1])
    assert np.mean(lost) < 0.003
    assert max(lost) < 0.02


def test_gold_of_one_fold_and_features_of_no_column():
    probs, _, truth, _ = skewed()
    for known in (truth, np.where(np.arange(60) == 3, truth, -1)):
        answer = corrected([probs], np.zeros((60, 0)), known, np.zeros(60, np.int64))
        assert np.isfinite(answer).all()
        assert np.allclose(answer.sum(axis=1), 1)


def test_end_models_offer_features_by_which_gold_corrects():
    rows, labels, truth = corpus(60)
    asked = []

    class Own:
        def fit(self, texts, probs):
            return end_model("tfidf_logreg").fit(texts, probs)

        def features(self, texts):
            asked.append(len(texts))
            return np.ones((len(texts), 1))

    ws.cross_validate(Own(), rows, labels)
    assert asked == []
    ws.cross_validate(Own(), rows, labels, gold={"r1": AB[truth[1]]})
    assert asked == [60]


def test_fuse_leaves_people_and_gold_alone():
    held = ws.OutOfSample(["x", "y"], [[0.9, 0.1]] * 2, [0, 1], AB)
    labels = ws.Labels(["x", "y"], [[0.0, 1.0]] * 2, AB, source=["human", "gold"])
    assert np.array_equal(ws.fuse(labels, held).probs, labels.probs)


def test_fuse_refuses_what_was_not_held_out():
    labels = ws.Labels(["x"], [[0.5, 0.5]], AB)
    with pytest.raises(VotesError, match="takes an OutOfSample"):
        ws.fuse(labels, labels)
    with pytest.raises(VotesError, match="row 0 is 'x' on one side and 'y'"):
        ws.fuse(labels, ws.OutOfSample(["y"], [[0.5, 0.5]], [0], AB))
    with pytest.raises(VotesError, match="the labels are"):
        ws.fuse(labels, ws.OutOfSample(["x"], [[0.5, 0.5]], [0], ["a", "c"]))


def test_bad_calls_are_told():
    rows, labels, _ = corpus(20)
    with pytest.raises(VotesError, match="needs at least 2"):
        ws.cross_validate("tfidf_logreg", rows, labels, folds=1)
    with pytest.raises(PluginError, match="no end model 'tfidf'.*\"tfidf_logreg\""):
        ws.cross_validate("tfidf", rows, labels)
    with pytest.raises(PluginError, match="no parameter 'word'. Did you mean \"words\""):
        end_model("tfidf_logreg", word=1)
    assert end_model_names() == ["embeddings_logreg", "sklearn_classifier", "tfidf_logreg"]
