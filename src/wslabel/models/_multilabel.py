"""Label models for records with several labels: one binary model a label."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wslabel.core.multilabel import MultiLabels, split_gold, split_votes
from wslabel.core.votes import VoteMatrix
from wslabel.models.base import LabelModel


def fit_multilabel(
    model: LabelModel, votes: VoteMatrix, gold: Mapping[str, Iterable[str]] | None = None
) -> MultiLabels:
    """Fit a label model to each label of a multi-label task, and predict.

    Each label is a problem with the outcomes present and absent (binary relevance; M.-L. Zhang and Z.-H. Zhou, "A
    Review on Multi-Label Learning Algorithms", IEEE TKDE 26 (2014), doi:10.1109/TKDE.2013.39). An LF says that a label
    is absent by voting ``not LABEL``, which stands among the task's labels; a vote for another label says nothing.

    Parameters
    ----------
    model
        Any label model, not yet fitted; its class balance, where given, is that of absent and present.
    votes
        n records × m LFs.
    gold
        All labels of some records, by id.

    Returns
    -------
    MultiLabels

    Examples
    --------
    >>> from wslabel.models import label_model
    >>> votes = VoteMatrix.from_array([[0, 1], [2, 1]], labels=["late", "damaged", "not late"])
    >>> fit_multilabel(label_model("majority"), votes).sets()
    [('late', 'damaged'), ('damaged',)]
    """
    problems = split_votes(votes)
    known = split_gold(gold, tuple(problems))
    found = [model.fit(some, known[label]).predict(some).with_gold(known[label]) for label, some in problems.items()]
    return MultiLabels(tuple(problems), tuple(found))
