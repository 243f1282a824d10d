"""Analysis: what labeling functions do, how good labels are, and the report of a run."""

from wslabel.analysis.accuracy import AccuracyReport, accuracy_report
from wslabel.analysis.correlation import Correlations, LFPair, correlations
from wslabel.analysis.report import render_report
from wslabel.analysis.summary import LFRow, LFSummary, summarize

__all__ = [
    "AccuracyReport",
    "Correlations",
    "LFPair",
    "LFRow",
    "LFSummary",
    "accuracy_report",
    "correlations",
    "render_report",
    "summarize",
]
