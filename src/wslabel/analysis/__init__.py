"""Analysis: what labeling functions do, how good labels are, and the report of a run."""

from wslabel.analysis.accuracy import AccuracyReport, SetAccuracy, accuracy_report, set_accuracy
from wslabel.analysis.blaming import LFBlame, LFBlameRow, lf_blame
from wslabel.analysis.correlation import Correlations, LFPair, correlations
from wslabel.analysis.diff import LabelsDiff, diff_labels
from wslabel.analysis.errors import ErrorAnalysis, LFErrors, error_analysis
from wslabel.analysis.explaining import Contribution, LabelExplanation, explain_label, explain_record
from wslabel.analysis.plots import (
    plot_agreement,
    plot_label_balance,
    plot_labeling_functions,
    plot_review_curve,
    plot_risk_coverage,
)
from wslabel.analysis.pruning import Pruning, pruning_to_pandas, suggest_pruning
from wslabel.analysis.report import render_overview, render_report
from wslabel.analysis.span_blaming import span_blame
from wslabel.analysis.span_diff import SpansDiff, diff_spans
from wslabel.analysis.span_explaining import RecordExplanation, SpanExplanation, SpanWitness, explain_spans
from wslabel.analysis.span_report import render_spans
from wslabel.analysis.spans import SpanAccuracy, span_accuracy, span_accuracy_by_label, span_table
from wslabel.analysis.summary import LFRow, LFSummary, summarize

__all__ = [
    "AccuracyReport",
    "Contribution",
    "Correlations",
    "ErrorAnalysis",
    "LFBlame",
    "LFBlameRow",
    "LFErrors",
    "LFPair",
    "LFRow",
    "LFSummary",
    "LabelExplanation",
    "LabelsDiff",
    "Pruning",
    "RecordExplanation",
    "SetAccuracy",
    "SpanAccuracy",
    "SpanExplanation",
    "SpanWitness",
    "SpansDiff",
    "accuracy_report",
    "correlations",
    "diff_labels",
    "diff_spans",
    "error_analysis",
    "explain_label",
    "explain_record",
    "explain_spans",
    "lf_blame",
    "plot_agreement",
    "plot_label_balance",
    "plot_labeling_functions",
    "plot_review_curve",
    "plot_risk_coverage",
    "pruning_to_pandas",
    "render_overview",
    "render_report",
    "render_spans",
    "set_accuracy",
    "span_accuracy",
    "span_accuracy_by_label",
    "span_blame",
    "span_table",
    "suggest_pruning",
    "summarize",
]
