"""All reasons to look at a label again, worst first."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wslabel.core.arrays import Floats, Ids, require_same_ids
from wslabel.core.issues import Issues
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.multilabel import MultiLabels, MultiOutOfSample
from wslabel.core.span_labels import SpanLabels
from wslabel.core.spans import SpanVotes
from wslabel.core.tokens import SpanOutOfSample
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError
from wslabel.flagging.disagreement import conflicts_and_ties, disagreement, low_confidence, uncovered
from wslabel.flagging.features import feature_findings
from wslabel.flagging.findings import as_issues
from wslabel.flagging.label_errors import label_errors
from wslabel.flagging.opinion import second_opinion
from wslabel.flagging.several import flag_each
from wslabel.flagging.spans import flag_spans, span_quality


def flag(
    labels: Labels | MultiLabels | SpanLabels,
    held: OutOfSample | MultiOutOfSample | SpanOutOfSample | None,
    votes: Any = None,
    posterior: Any = None,
    rule: str = "prune_by_noise_rate",
    features: Any = None,
) -> Issues:
    """Return the likely label errors among the labels of a model.

    All issues of a record share one score, the probability that its label is right in a second opinion that leaves the
    label model out (see `label_quality`); 0 is worst. A kind tells why the record is worth a look:

    ================  ===========================================================  ===============================
    kind              found on                                                     `lfs` holds those that voted
    ================  ===========================================================  ===============================
    label_error       covered records that Cleanlab finds mislabeled               for the given label
    conflict          records on which LFs vote for different labels               against the given label
    tie               conflicts whose two leading labels have equally many votes   against the given label
    uncovered         records on which no LF votes
    low_confidence    labels whose probability is nearer to 1 / K than to 1        for the given label
    disagreement      records whose second opinion is another label                for the given label
    ================  ===========================================================  ===============================

    With features there are Datalab's ``outlier``, ``near_duplicate``, ``class_imbalance`` and ``non_iid`` besides.

    Parameters
    ----------
    labels
        n labels. Those whose source is ``human`` or ``gold`` are never flagged.
    held
        Probabilities for the same records from an end model that had not seen them, as `cross_validate` returns.
        None: no ``label_error``, no ``disagreement``, and the score is the given label's probability in `labels`.
    votes
        The votes on the same records. None: no ``conflict``, no ``tie``, and no issue names its LFs.
    posterior
        The label model's labels, where `labels` are fused: Cleanlab judges those that taught the end model.
    rule
        Cleanlab's filter: ``prune_by_noise_rate``, ``prune_by_class``, ``both``, ``confident_learning``,
        ``predicted_neq_given``, ``low_normalized_margin``, ``low_self_confidence``, or ``in_batches``, which holds
        little beside the probabilities.
    features
        n×d numbers by which records resemble each other, such as embeddings. None: Datalab's checks are left out.

    Returns
    -------
    Issues
        Of several labels a record, each label is looked at as a problem of its own: a record has the worst issue of
        each kind over its labels, and is uncovered where no LF votes on any. What is given and suggested are all its
        labels, joined; features are not looked at. Of spans see `wslabel.flagging.spans.flag_spans`.

    Raises
    ------
    VotesError
        `held` is no `OutOfSample`, the parts hold different records or labels, or there is no such rule.

    Examples
    --------
    >>> labels = Labels(["a", "b"], [[0.6, 0.4], [0.1, 0.9]], ["ham", "spam"])
    >>> votes = VoteMatrix.from_array([[0, 1, 0], [1, 1, -1]], ["ham", "spam"], ids=["a", "b"])
    >>> [(issue.id, issue.kind, issue.score, issue.lfs) for issue in flag(labels, None, votes)]
    [('a', 'conflict', 0.6, ('lf_1',)), ('a', 'low_confidence', 0.6, ('lf_0', 'lf_2'))]
    """
    if isinstance(labels, SpanLabels):
        return flag_spans(labels, held, votes)
    if isinstance(labels, MultiLabels):
        return flag_each(flag, labels, held, votes, posterior, rule)
    held = _checked(labels, held, votes)
    if posterior is not None:
        _check_match(labels, posterior.ids, posterior.labels, "Labels and posterior")
    doubtful: NDArray[np.bool_] = labels.source == "model"
    opinion = second_opinion(labels, held, votes)
    found = [uncovered(labels, held, doubtful), low_confidence(labels, opinion, doubtful)]
    if held is not None:
        found += [label_errors(labels, held, doubtful, rule, posterior), disagreement(labels, opinion, doubtful)]
    if votes is not None:
        found += conflicts_and_ties(labels, votes, doubtful)
    if features is not None:
        found += feature_findings(labels, held, features, doubtful)
    return as_issues(found, labels, _given(opinion, labels), votes)


def label_quality(
    labels: Labels | SpanLabels,
    held: OutOfSample | SpanOutOfSample | None,
    votes: VoteMatrix | SpanVotes | None = None,
) -> Floats:
    """Return for each record how likely its label is right, 0..1: the score of its issues.

    Of spans, how likely all are right and none is missing: see `span_quality`. A label that a human or gold gave has 1.
    Arguments and errors are those of `flag`.
    """
    if isinstance(labels, SpanLabels):
        return span_quality(labels, held)
    if isinstance(votes, SpanVotes) or isinstance(held, SpanOutOfSample):
        raise VotesError("label_quality(): one label a record on one side, and spans on the other.")
    held = _checked(labels, held, votes)
    quality = _given(second_opinion(labels, held, votes), labels)
    return np.where(labels.source == "model", quality, 1.0)


def _given(probs: Floats, labels: Labels) -> Floats:
    return np.asarray(np.clip(probs[np.arange(labels.n), labels.hard_indices()], 0.0, 1.0))


def _checked(labels: Labels, held: Any, votes: VoteMatrix | None) -> OutOfSample | None:
    if held is not None and not isinstance(held, OutOfSample):
        raise VotesError(
            f"flag() takes out-of-sample probabilities (an OutOfSample); this is a {type(held).__name__}. A label "
            "model's probabilities agree with its own labels, so Cleanlab would find nothing. Pass what "
            "cross_validate() returns, or None for conflicts and uncovered records only."
        )
    if held is not None:
        _check_match(labels, held.ids, held.labels, "Labels and out-of-sample probabilities")
    if votes is not None:
        _check_match(labels, votes.ids, votes.labels, "Labels and votes")
    return held


def _check_match(labels: Labels, ids: Ids, names: tuple[str, ...], where: str) -> None:
    require_same_ids(labels.ids, ids, where)
    if labels.labels != names:
        raise VotesError(f"{where}: one side has the labels {list(labels.labels)}, the other {list(names)}.")
