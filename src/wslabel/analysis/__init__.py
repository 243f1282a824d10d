"""Analysis: what labeling functions do, how good labels are, and the report of a run."""

from wslabel.analysis.accuracy import AccuracyReport, accuracy_report
from wslabel.analysis.correlation import Correlations, LFPair, correlations
from wslabel.analysis.errors import ErrorAnalysis, LFErrors, error_analysis
from wslabel.analysis.explaining import Contribution, LabelExplanation, explain_label
from wslabel.analysis.pruning import Pruning, pruning_to_pandas, suggest_pruning
from wslabel.analysis.report import render_report
from wslabel.analysis.summary import LFRow, LFSummary, summarize

__all__ = [
    "AccuracyReport",
    "Contribution",
    "Correlations",
    "ErrorAnalysis",
    "LFErrors",
    "LFPair",
    "LFRow",
    "LFSummary",
    "LabelExplanation",
    "Pruning",
    "accuracy_report",
    "correlations",
    "error_analysis",
    "explain_label",
    "pruning_to_pandas",
    "render_report",
    "suggest_pruning",
    "summarize",
]
