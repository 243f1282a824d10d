"""Two runs beside each other, and labeling functions beside the decisions of reviewers."""

from __future__ import annotations

from pathlib import Path

from wslabel.analysis import LabelsDiff, LFBlame, diff_labels, lf_blame
from wslabel.analysis.diff import Side
from wslabel.core.labels import Labels
from wslabel.core.votes import VoteMatrix
from wslabel.errors import PipelineError
from wslabel.pipeline.run import Run
from wslabel.review import agreed_labels


def diff_runs(before: str | Path, after: str | Path) -> LabelsDiff:
    """Compare two runs; what the reviewers of either decided (those of `after` last) is held to be right.

    Raises
    ------
    PipelineError
        One of them is no run, has no labels yet, or has several labels a record.
    VotesError
        The runs have different labels.
    """
    runs = Run(before), Run(after)
    decided = {record: label for run in runs for record, label in agreed_labels(run.log.all()).items()}
    first, second = (Side(*_made(run)) for run in runs)
    return diff_labels(first, second, decided)


def blame_lfs(run: Run) -> LFBlame:
    """Return which LFs led to the labels that the run's reviewers overturned."""
    return lf_blame(*_made(run), agreed_labels(run.log.all()))


def _made(run: Run) -> tuple[VoteMatrix, Labels]:
    labels, votes = run.labels(), run.votes()
    if not isinstance(labels, Labels) or not isinstance(votes, VoteMatrix):
        raise PipelineError(f"{run.folder}: expected a run with one label a record.")
    return votes, labels
