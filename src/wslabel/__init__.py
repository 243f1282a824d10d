"""Programmatic labeling: labeling functions, label models, review and export of training data.

The public names load on first use, so that ``import wslabel`` stays quick.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

_HOME = {
    "ABSTAIN": "wslabel.authoring",
    "AccuracyEstimate": "wslabel.review",
    "AuditSample": "wslabel.review",
    "Choice": "wslabel.exporting",
    "Decision": "wslabel.core.decisions",
    "Issue": "wslabel.core.issues",
    "Issues": "wslabel.core.issues",
    "Label": "wslabel.authoring",
    "LabelingFunction": "wslabel.authoring",
    "LabelStudio": "wslabel.review",
    "Labels": "wslabel.core.labels",
    "LeakAudit": "wslabel.exporting",
    "NEGATION_CUES": "wslabel.authoring",
    "MultiLabels": "wslabel.core.multilabel",
    "OutOfSample": "wslabel.core.labels",
    "Records": "wslabel.core.records",
    "Redaction": "wslabel.redacting",
    "ReviewQueue": "wslabel.review",
    "SpanLabels": "wslabel.core.span_labels",
    "SpanVotes": "wslabel.core.spans",
    "SplitPlan": "wslabel.exporting",
    "Splits": "wslabel.exporting",
    "Suite": "wslabel.suites",
    "Task": "wslabel.authoring",
    "VoteMatrix": "wslabel.core.votes",
    "VotePatterns": "wslabel.core.votes",
    "WslabelError": "wslabel.errors",
    "accuracy_bound": "wslabel.review",
    "accuracy_report": "wslabel.analysis",
    "agreed_labels": "wslabel.review",
    "apply": "wslabel.applying",
    "audit_splits": "wslabel.exporting",
    "before": "wslabel.authoring",
    "correlations": "wslabel.analysis",
    "cross_validate": "wslabel.learning",
    "draw_audit": "wslabel.review",
    "error_analysis": "wslabel.analysis",
    "estimate_accuracy": "wslabel.review",
    "expected_value": "wslabel.core.ordinal",
    "explain": "wslabel.applying",
    "explain_label": "wslabel.analysis",
    "explain_spans": "wslabel.analysis",
    "export": "wslabel.exporting",
    "find_suites": "wslabel.suites",
    "flag": "wslabel.flagging",
    "from_skweak": "wslabel.authoring",
    "from_snorkel": "wslabel.authoring",
    "fuse": "wslabel.learning",
    "gazetteer": "wslabel.authoring",
    "keywords": "wslabel.authoring",
    "label_model": "wslabel.models",
    "label_quality": "wslabel.flagging",
    "labeling_function": "wslabel.authoring",
    "lexicon": "wslabel.authoring",
    "lf_blame": "wslabel.analysis",
    "load_recognisers": "wslabel.redacting",
    "load_suite": "wslabel.suites",
    "load_template": "wslabel.exporting",
    "near": "wslabel.authoring",
    "ordinal_label": "wslabel.core.ordinal",
    "ordinal_loss": "wslabel.core.ordinal",
    "plot_agreement": "wslabel.analysis",
    "plot_label_balance": "wslabel.analysis",
    "plot_labeling_functions": "wslabel.analysis",
    "plot_review_curve": "wslabel.analysis",
    "plot_risk_coverage": "wslabel.analysis",
    "preprocessor": "wslabel.authoring",
    "read_records": "wslabel.core.records",
    "redact": "wslabel.redacting",
    "regex": "wslabel.authoring",
    "resolve": "wslabel.review",
    "model_spans": "wslabel.authoring",
    "repeats": "wslabel.authoring",
    "spans_where": "wslabel.authoring",
    "token_pattern": "wslabel.authoring",
    "run": "wslabel.pipeline",
    "show_spans": "wslabel.review",
    "span_accuracy": "wslabel.analysis",
    "split": "wslabel.exporting",
    "suggest_pruning": "wslabel.analysis",
    "summarize": "wslabel.analysis",
    "table": "wslabel.authoring",
    "text_features": "wslabel.learning",
    "witnesses": "wslabel.applying",
}

__all__ = [*_HOME, "__version__"]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'wslabel' has no attribute {name!r}")
    value = getattr(import_module(_HOME[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)


if TYPE_CHECKING:
    from wslabel.analysis import (
        accuracy_report,
        correlations,
        error_analysis,
        explain_label,
        explain_spans,
        lf_blame,
        plot_agreement,
        plot_label_balance,
        plot_labeling_functions,
        plot_review_curve,
        plot_risk_coverage,
        span_accuracy,
        suggest_pruning,
        summarize,
    )
    from wslabel.applying import apply, explain, witnesses
    from wslabel.authoring import (
        ABSTAIN,
        NEGATION_CUES,
        Label,
        LabelingFunction,
        Task,
        before,
        from_skweak,
        from_snorkel,
        gazetteer,
        keywords,
        labeling_function,
        lexicon,
        model_spans,
        near,
        preprocessor,
        regex,
        repeats,
        spans_where,
        table,
        token_pattern,
    )
    from wslabel.core.decisions import Decision
    from wslabel.core.issues import Issue, Issues
    from wslabel.core.labels import Labels, OutOfSample
    from wslabel.core.multilabel import MultiLabels
    from wslabel.core.ordinal import expected_value, ordinal_label, ordinal_loss
    from wslabel.core.records import Records, read_records
    from wslabel.core.span_labels import SpanLabels
    from wslabel.core.spans import SpanVotes
    from wslabel.core.votes import VoteMatrix, VotePatterns
    from wslabel.errors import WslabelError
    from wslabel.exporting import Choice, LeakAudit, SplitPlan, Splits, audit_splits, export, load_template, split
    from wslabel.flagging import flag, label_quality
    from wslabel.learning import cross_validate, fuse, text_features
    from wslabel.models import label_model
    from wslabel.pipeline import run
    from wslabel.redacting import Redaction, load_recognisers, redact
    from wslabel.review import (
        AccuracyEstimate,
        AuditSample,
        LabelStudio,
        ReviewQueue,
        accuracy_bound,
        agreed_labels,
        draw_audit,
        estimate_accuracy,
        resolve,
        show_spans,
    )
    from wslabel.suites import Suite, find_suites, load_suite
