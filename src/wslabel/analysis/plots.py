"""Pictures of votes and labels: the only place that knows matplotlib.

Each function returns a ``matplotlib.figure.Figure``, which a notebook shows and ``figure.savefig(path)`` keeps. None
touches pyplot, so that no state is shared between figures.
"""

from __future__ import annotations

from functools import cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

import numpy as np

from wslabel.analysis.summary import LFSummary
from wslabel.core.arrays import Floats
from wslabel.core.gold import align_gold
from wslabel.core.issues import Issues
from wslabel.core.labels import Labels
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError, WslabelError

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

BLUE, ORANGE, GREY, GREEN = "#3b6ea8", "#d9822b", "#c9ccd1", "#3a8f6b"
MOST = 60
"""LFs shown in one picture; of more, those that vote most often."""


def plot_labeling_functions(summary: LFSummary) -> Figure:
    """Show what each LF covers, how much of it is in conflict, and how often it is right.

    Parameters
    ----------
    summary
        What `summarize` returned. With gold, the accuracy stands beside the bars with its 95 % interval.

    Returns
    -------
    Figure
        One row an LF, the one that votes most on top; of more than 60 LFs the 60 that vote most.

    Raises
    ------
    WslabelError
        matplotlib is not installed.
    """
    rows = sorted(summary.rows, key=lambda row: (row.coverage, row.lf))[-MOST:]
    figure, axes = _figure(1 + summary.has_gold, height=1.2 + 0.22 * len(rows))
    names, places = [_tail(row.lf) for row in rows], np.arange(len(rows))
    coverage, conflict = (np.array([getattr(row, name) for row in rows]) for name in ("coverage", "conflict"))
    axes[0].barh(places, 100 * (coverage - conflict), color=BLUE, label="alone, or in agreement")
    axes[0].barh(places, 100 * conflict, left=100 * (coverage - conflict), color=ORANGE, label="in conflict")
    axes[0].set(yticks=places, yticklabels=names, xlabel="records it votes on, %", ylim=(-0.6, len(rows) - 0.4))
    axes[0].legend(frameon=False, loc="lower right")
    if summary.has_gold:
        _accuracies(axes[1], [(place, row) for place, row in zip(places, rows) if row.gold_accuracy is not None])
        axes[1].set(yticks=places, yticklabels=[], ylim=(-0.6, len(rows) - 0.4))
    return figure


def _accuracies(axes: Axes, rows: list[Any]) -> None:
    places = [place for place, _ in rows]
    right, low, high = (
        np.array([100 * getattr(row, f"gold_{name}") for _, row in rows]) for name in ("accuracy", "low", "high")
    )
    axes.errorbar(right, places, xerr=[right - low, high - right], fmt="o", color=GREEN, ecolor=GREY, markersize=4)
    axes.set(xlabel="right, % of its votes on gold (95 % interval)", xlim=(0, 103))


def plot_agreement(votes: VoteMatrix) -> Figure:
    """Show of each pair of LFs how often they agree where both vote.

    Parameters
    ----------
    votes
        n×m votes; the 60 LFs that vote most are shown.

    Returns
    -------
    Figure
        An m×m picture: from never (0 %) to always (100 %); blank where two LFs never meet.

    Raises
    ------
    WslabelError
        matplotlib is not installed.
    """
    array = votes.to_array()
    shown = np.sort(np.argsort(-(array >= 0).sum(axis=0), kind="stable")[:MOST])
    share = _agreement(array[:, shown], len(votes.labels))
    names = [_tail(votes.lf_names[place]) for place in shown]
    side = 2.4 + 0.2 * len(shown)
    figure, (axes,) = _figure(1, height=side, width=side + 1.4)
    image = axes.imshow(100 * share, vmin=0, vmax=100, cmap="RdYlBu")
    axes.set(xticks=range(len(names)), yticks=range(len(names)), yticklabels=names)
    axes.set_xticklabels(names, rotation=90)
    figure.colorbar(image, ax=axes, shrink=0.6, label="agreement where both vote, %")
    return figure


def _agreement(array: Any, labels: int) -> Floats:
    """Return m×m shares of agreement among records on which both vote; NaN where there is none."""
    cast = (array >= 0).astype(np.float64)
    same = sum((array == label).astype(np.float64).T @ (array == label) for label in range(labels))
    both = cast.T @ cast
    share: Floats = np.divide(same, both, out=np.full(both.shape, np.nan), where=both > 0)
    return share


def plot_label_balance(labels: Labels, gold: Any = None) -> Figure:
    """Show how many records have each label, and how many have it in gold.

    Parameters
    ----------
    labels
        n labels; uncovered records are counted apart.
    gold
        As in `summarize`; the same records are counted. None: no gold is shown.

    Returns
    -------
    Figure
        One row a label, in the order of the task.

    Raises
    ------
    WslabelError
        matplotlib is not installed, or gold labels are not of the task.
    """
    names = [*labels.labels, "no vote"]
    covered = np.where(labels.covered, labels.hard_indices(), len(labels.labels))
    counts = np.bincount(covered, minlength=len(names))
    figure, (axes,) = _figure(1, height=1.2 + 0.32 * len(names), width=7.5)
    places = np.arange(len(names))[::-1]
    thick = 0.38 if gold is not None else 0.7
    axes.barh(places + (thick / 2 if gold is not None else 0), counts, thick, color=BLUE, label="given")
    if gold is not None:
        known = align_gold(gold, labels.ids, labels.labels)
        held = np.bincount(known[known >= 0], minlength=len(names))
        axes.barh(places - thick / 2, held, thick, color=GREY, label="gold")
        axes.legend(frameon=False)
    axes.set(yticks=places, yticklabels=names, xlabel="records")
    return figure


def plot_risk_coverage(labels: Labels, gold: Any) -> Figure:
    """Show how many labels are wrong if only the most confident are kept.

    Parameters
    ----------
    labels
        n labels.
    gold
        As in `summarize`; records without gold are left out.

    Returns
    -------
    Figure
        The share of wrong labels over the share of records kept, most confident first; records of equal confidence
        come in together. The area under the curve stands in the title: 0 is best (Geifman and El-Yaniv 2017,
        arXiv:1705.08500).

    Raises
    ------
    VotesError
        No record has gold, or gold labels are not of the task.
    WslabelError
        matplotlib is not installed.
    """
    wrong, known = _wrong(labels, gold)
    confidence = labels.confidence[known]
    order = np.argsort(-confidence, kind="stable")
    last = np.append(np.diff(confidence[order]) != 0, True)
    kept = (np.arange(len(order)) + 1)[last]
    risk = np.cumsum(wrong[order])[last] / kept
    area = float(np.sum(risk * np.diff(kept, prepend=0)) / len(order))
    figure, (axes,) = _figure(1, height=3.6, width=6)
    axes.plot(100 * kept / len(order), 100 * risk, color=BLUE, drawstyle="steps-pre")
    axes.set(xlabel="records kept, most confident first, %", ylabel="wrong labels among them, %", xlim=(0, 100))
    axes.set_ylim(bottom=0)
    axes.set_title(f"{len(order)} records with gold; area under the curve {area:.3f}", fontsize=10)
    return figure


def plot_review_curve(labels: Labels, issues: Issues, gold: Any) -> Figure:
    """Show how many of the wrong labels a reviewer has seen after so many records of the queue.

    Parameters
    ----------
    labels
        n labels.
    issues
        What `flag` found: the order of the queue.
    gold
        As in `summarize`; records without gold are left out.

    Returns
    -------
    Figure
        The share of all errors found over the number of records reviewed, beside a random order.

    Raises
    ------
    VotesError
        No record has gold, or gold labels are not of the task.
    WslabelError
        matplotlib is not installed.
    """
    wrong, known = _wrong(labels, gold)
    errors = dict(zip(labels.ids[known].tolist(), wrong.tolist()))
    queue = [one for one in dict.fromkeys(issues.table["id"].to_pylist()) if one in errors]
    found = np.concatenate([[0], np.cumsum([errors[one] for one in queue])]) / max(1, wrong.sum())
    figure, (axes,) = _figure(1, height=3.6, width=6)
    axes.plot(range(len(found)), 100 * found, color=BLUE, label="in the order of the queue")
    axes.plot([0, len(queue)], [0, 100 * len(queue) / len(errors)], color=GREY, linestyle="--", label="at random")
    axes.set(xlabel="records reviewed", ylabel="wrong labels found, %", ylim=(0, 102))
    axes.set_xlim(left=0)
    axes.legend(frameon=False)
    return figure


def _wrong(labels: Labels, gold: Any) -> tuple[Any, Any]:
    """Return of the records with gold whether their label is wrong, and their rows."""
    held = align_gold(gold, labels.ids, labels.labels)
    known = np.flatnonzero(held >= 0)
    if not len(known):
        raise VotesError("None of these records has a gold label, so nothing can be compared. Give gold of some.")
    return labels.hard_indices()[known] != held[known], known


def _tail(name: str, most: int = 34) -> str:
    """Return the end of a dotted name, which tells more than its beginning."""
    return name if len(name) <= most else f"…{name[1 - most :]}"


@cache
def _picture() -> type[Figure]:
    """Return a Figure that notebooks show without pyplot."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise WslabelError("Plots need matplotlib. Install it: pip install 'wslabel[plots]'") from None

    class Picture(Figure):
        def _repr_png_(self) -> bytes:
            kept = BytesIO()
            self.savefig(kept, format="png", dpi=110)
            return kept.getvalue()

    return Picture


def _figure(columns: int, height: float, width: float = 10.0) -> tuple[Figure, list[Axes]]:
    figure = _picture()(figsize=(width, height), layout="constrained")
    found = figure.subplots(1, columns, squeeze=False)[0]
    for axes in found:
        axes.spines[["top", "right"]].set_visible(False)
        axes.tick_params(labelsize=8, length=0)
    return figure, list(found)
