"""The public API, as a user would write it down the page."""

import json

import numpy as np
import pandas as pd
import pytest

import wslabel as ws
from conftest import ROOT, benchmark

EXPECTED_NAMES = {
    "values": "Decision Issue Issues Labels OutOfSample Records VoteMatrix VotePatterns WslabelError",
    "spans": "SpanLabels SpanVotes explain_spans model_spans repeats span_accuracy spans_where token_pattern",
    "spans in their text": "show_spans",
    "authoring": "ABSTAIN Label LabelingFunction Task keywords labeling_function preprocessor regex",
    "conditions": "NEGATION_CUES before near",
    "knowledge": "gazetteer lexicon table",
    "foreign": "from_skweak from_snorkel",
    "suites": "Suite find_suites load_suite",
    "flow": "apply cross_validate export flag fuse label_model read_records resolve run",
    "privacy": "Redaction load_recognisers redact",
    "conversations": "load_template witnesses",
    "splits": "Choice LeakAudit SplitPlan Splits audit_splits split",
    "analysis": "accuracy_report correlations error_analysis explain explain_label suggest_pruning summarize",
    "plots": "plot_agreement plot_label_balance plot_labeling_functions plot_review_curve plot_risk_coverage",
    "flagging": "label_quality lf_blame text_features",
    "audit": "AccuracyEstimate AuditSample accuracy_bound draw_audit estimate_accuracy",
    "review": "LabelStudio ReviewQueue agreed_labels",
    "several labels, and labels in order": "MultiLabels expected_value ordinal_label ordinal_loss",
    "about": "__version__",
}


def test_the_public_names_are_pinned_and_load():
    assert sorted(ws.__all__) == sorted(" ".join(EXPECTED_NAMES.values()).split())
    for name in ws.__all__:
        assert getattr(ws, name, None) is not None or name == "ABSTAIN"
    with pytest.raises(AttributeError):
        _ = ws.nonsense


def whole_page(source, tmp_path, **columns):
    suite = ws.load_suite("finance.sentiment", ROOT / "labeling_functions")
    records = ws.read_records(source, **columns)
    votes = ws.apply(suite, records, engine="local", workers=2)
    table = ws.summarize(votes, gold=records)
    assert "coverage" in str(table)
    model = ws.label_model("dawid_skene", seed=7).fit(votes)
    labels = model.predict(votes)
    held = ws.cross_validate("tfidf_logreg", records, labels, folds=5)
    labels = ws.fuse(labels, held)
    issues = ws.flag(labels, held)
    queue = ws.ReviewQueue(issues, records, labels, votes=votes, log=tmp_path / "review.db")
    assert "<table" in queue.show(static=True)._repr_html_()
    first = queue.items()[0]
    other = next(label for label in labels.labels if label != first.given)
    queue.decide(first.id, other, reviewer="ana")
    final = ws.resolve(labels, queue.decisions())
    ws.export(final, records, tmp_path / "out", format="openai_chat", min_confidence=0.9)
    rows = [json.loads(line) for line in (tmp_path / "out" / "openai_chat.jsonl").read_text().splitlines()]
    place = final.ids.tolist().index(first.id)
    assert final.hard()[place] == other
    assert final.source[place] == "human"
    return votes, final, rows


def test_the_page_on_the_sample(tmp_path):
    path = ROOT / "data_samples" / "finance" / "sentiment.jsonl"
    votes, final, rows = whole_page(path, tmp_path, id="id", gold="gold")
    assert votes.n == len(path.read_text().splitlines())
    confident = (final.source == "human") | ((final.confidence >= 0.9) & final.covered)
    assert len(rows) == confident.sum()


def test_the_page_on_a_data_frame(tmp_path):
    frame = pd.read_json(ROOT / "data_samples" / "finance" / "sentiment.jsonl", lines=True)
    votes, _, _ = whole_page(frame, tmp_path, id="id", gold="gold")
    assert votes.n == len(frame)


def test_every_value_gives_a_frame():
    votes = ws.VoteMatrix.from_array([[0, -1], [1, 1], [-1, 0]], labels=["a", "b"])
    labels = ws.label_model().fit(votes).predict(votes)
    held = ws.OutOfSample(labels.ids, labels.probs, [0, 1, 0], labels.labels)
    issues = ws.flag(labels, held, votes)
    for value in (votes, labels, held, issues, ws.summarize(votes), ws.read_records([{"text": "x"}])):
        assert isinstance(value.to_pandas(), pd.DataFrame)


def test_finance_sentiment_on_real_sentences():
    """The floors of the suite's README, without any gold in the models."""
    folder = benchmark("classification", "financial_phrasebank")
    frame = pd.read_parquet(folder / "examples.parquet")
    suite = ws.load_suite("finance.sentiment", ROOT / "labeling_functions")
    records = ws.read_records(frame[["id", "text"]])
    votes = ws.apply(suite, records)
    assert not votes.faults
    labels = ws.label_model("majority").fit(votes).predict(votes)
    fused = ws.fuse(labels, ws.cross_validate("tfidf_logreg", records, labels))
    valid = (frame["split"] == "valid").to_numpy()
    right = labels.hard() == frame["gold"].to_numpy()
    assert votes.covered[valid].mean() >= 0.80
    assert right[valid & votes.covered].mean() >= 0.72
    assert np.mean((fused.hard() == frame["gold"].to_numpy())[valid]) >= 0.74
