"""Two runs beside each other, and labeling functions beside the decisions of reviewers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from wslabel.analysis import LabelsDiff, LFBlame, SpansDiff, diff_labels, diff_spans, lf_blame, span_blame
from wslabel.analysis.diff import Side
from wslabel.analysis.span_diff import SpanSide
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.span_gold import span_gold
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import PipelineError
from wslabel.pipeline.run import Run
from wslabel.review import agreed_labels


def diff_runs(before: str | Path, after: str | Path) -> LabelsDiff | SpansDiff:
    """Compare two runs; what the reviewers of either decided (those of `after` last) is held to be right.

    Raises
    ------
    PipelineError
        One of them is no run, has no labels yet, or has several labels a record; or one labels spans, the other not.
    VotesError
        The runs have different labels.
    """
    runs = Run(before), Run(after)
    decided = {record: label for run in runs for record, label in agreed_labels(run.decisions()).items()}
    (votes, labels), (new_votes, new_labels) = (_made(run) for run in runs)
    if isinstance(labels, SpanLabels) and isinstance(new_labels, SpanLabels):
        known = span_gold(decided, new_labels.ids, new_labels.lengths, new_labels.labels)
        return diff_spans(SpanSide(votes, labels), SpanSide(new_votes, new_labels), known)
    if not isinstance(labels, Labels) or not isinstance(new_labels, Labels):
        raise PipelineError(f"One of the runs {before} and {after} labels spans, the other records. Compare two alike.")
    return diff_labels(Side(votes, labels), Side(new_votes, new_labels), decided)


def blame_lfs(run: Run) -> LFBlame:
    """Return which LFs led to the labels, or spans, that the run's reviewers overturned."""
    (votes, labels), decided = _made(run), agreed_labels(run.decisions())
    if isinstance(labels, SpanLabels):
        return span_blame(votes, labels, span_gold(decided, labels.ids, labels.lengths, labels.labels))
    return lf_blame(votes, labels, decided)


def _made(run: Run) -> tuple[Any, Labels | SpanLabels]:
    labels = run.labels()
    if isinstance(labels, MultiLabels):
        raise PipelineError(f"{run.folder}: expected a run with one label a record, or with spans.")
    return run.votes(), labels
