"""All reasons to look at a label again, worst first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Ids, require_same_ids
from wslabel.core.issues import Issue, Issues
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.multilabel import MultiLabels, MultiOutOfSample, join_labels, split_votes
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError
from wslabel.flagging.disagreement import conflicts, ties, uncovered
from wslabel.flagging.label_errors import label_errors


def flag(
    labels: Labels | MultiLabels, held: OutOfSample | MultiOutOfSample | None, votes: VoteMatrix | None = None
) -> Issues:
    """Return the likely label errors among the labels of a model.

    The kinds share one scale: the score estimates how likely the given label is right, 0 is worst.

    ==============  ================================================  =============================================
    kind            found on                                          score
    ==============  ================================================  =============================================
    label_error     covered records that Cleanlab finds mislabeled    the given label's probability in `held`
    conflict        records on which LFs vote for different labels    the given label's probability in `labels`
    tie             conflicts whose two leading labels have equally   how far the given label's probability in
                    many votes                                        `labels` leads the next one's: 0, not at all
    uncovered       records on which no LF votes                      the given label's probability in `labels`
    ==============  ================================================  =============================================

    Parameters
    ----------
    labels
        n labels. Those whose source is ``human`` or ``gold`` are never flagged.
    held
        Probabilities for the same records from an end model that had not seen them, as `cross_validate` returns.
        None: no ``label_error``.
    votes
        The votes on the same records. None: no ``conflict``, no ``tie``, and no issue names its LFs.

    Returns
    -------
    Issues
        `lfs` holds those that voted against the given label; for a ``label_error``, those that voted for it. Of several
        labels a record, each label is looked at as a problem of its own: a record has the worst issue of each kind over
        its labels, and is uncovered where no LF votes on any. What is given and suggested are all its labels, joined.

    Raises
    ------
    VotesError
        `held` is no `OutOfSample`, or the parts hold different records or labels.

    Examples
    --------
    >>> labels = Labels(["a", "b"], [[0.6, 0.4], [0.1, 0.9]], ["ham", "spam"])
    >>> votes = VoteMatrix.from_array([[0, 1, 0], [1, 1, -1]], ["ham", "spam"], ids=["a", "b"])
    >>> [(issue.id, issue.kind, issue.score, issue.lfs) for issue in flag(labels, None, votes)]
    [('a', 'conflict', 0.6, ('lf_1',))]
    """
    if isinstance(labels, MultiLabels):
        return _flag_each(labels, held, votes)
    if held is not None and not isinstance(held, OutOfSample):
        raise _refusal(held)
    if held is not None:
        _check_match(labels, held.ids, held.labels, "Labels and out-of-sample probabilities")
    if votes is not None:
        _check_match(labels, votes.ids, votes.labels, "Labels and votes")
    open_to_doubt: NDArray[np.bool_] = labels.source == "model"
    found = uncovered(labels, held, open_to_doubt)
    if held is not None:
        found += label_errors(labels, held, votes, open_to_doubt)
    if votes is not None:
        found += conflicts(labels, votes, open_to_doubt) + ties(labels, votes, open_to_doubt)
    return Issues(found)


def _flag_each(labels: MultiLabels, held: Any, votes: VoteMatrix | None) -> Issues:
    if held is not None and not isinstance(held, MultiOutOfSample):
        raise VotesError(f"flag(): labels of several a record go with a MultiOutOfSample; got {type(held).__name__}.")
    said = {} if votes is None else split_votes(votes)
    found: dict[tuple[str, str], tuple[str, Issue]] = {}
    for name, one in zip(labels.labels, labels.problems):
        for issue in flag(one, None if held is None else held.problem(name), said.get(name)):
            key = (issue.id, issue.kind)
            if key not in found or issue.score < found[key][1].score:
                found[key] = (name, issue)
    rows = {record: row for row, record in enumerate(labels.ids)}
    some, given = np.asarray(labels.covered.any(axis=1)), labels.sets()
    kept = [(name, issue) for name, issue in found.values() if issue.kind != "uncovered" or not some[rows[issue.id]]]
    return Issues([_of_record(labels, rows[issue.id], given[rows[issue.id]], name, issue) for name, issue in kept])


def _of_record(labels: MultiLabels, row: int, given: tuple[str, ...], name: str, issue: Issue) -> Issue:
    """Return the issue with all labels of the record: those it has, and those it would have."""
    if issue.kind == "uncovered":
        wanted = {label for label, p in zip(labels.labels, labels.probs[row]) if p > 0.5}
    else:
        wanted = {*given, name} if issue.suggested == "present" else {*given} - {name}
    suggested = join_labels(label for label in labels.labels if label in wanted)
    return Issue(issue.id, issue.kind, issue.score, join_labels(given), suggested, issue.lfs)


def _refusal(held: Any) -> VotesError:
    return VotesError(
        f"flag() takes out-of-sample probabilities (an OutOfSample); this is a {type(held).__name__}. A label "
        "model's probabilities agree with its own labels, so Cleanlab would find nothing. Pass what "
        "cross_validate() returns, or None for conflicts and uncovered records only."
    )


def _check_match(labels: Labels, ids: Ids, names: tuple[str, ...], where: str) -> None:
    require_same_ids(labels.ids, ids, where)
    if labels.labels != names:
        raise VotesError(f"{where}: one side has the labels {list(labels.labels)}, the other {list(names)}.")
