"""What several reviewers agree upon who marked spans in one text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from wslabel.core.decisions import Decision, Span


def agreed_spans(said: Sequence[Decision]) -> tuple[bool, tuple[Span, ...] | None]:
    """Return whether the reviewers of a record agree, and on which spans; None where they leave the record out.

    A record is left out where more than half reject it. Else those who did not reject it are asked: a span stands that
    more than half of them marked with the same boundaries and label, and what fewer marked falls. They do not agree
    where a span was marked by exactly half, or where half or more marked a place (or marked it with one label) and no
    span (of that label) stands there: they all saw something, and none of what they saw has a majority. Nor do they
    agree where exactly half reject the record.

    Parameters
    ----------
    said
        One decision a reviewer, each ``spans`` or ``reject``.

    Examples
    --------
    >>> ana, bob = Decision("a", "spans", spans=((0, 4, "Drug"),)), Decision("a", "spans", spans=((0, 4, "Drug"),))
    >>> agreed_spans([ana, bob, Decision("a", "spans", spans=((0, 4, "Drug"), (9, 12, "Effect")))])
    (True, ((0, 4, 'Drug'),))
    >>> agreed_spans([ana, Decision("a", "spans", spans=((0, 6, "Drug"),))])[0]
    False
    """
    marked = [set(one.spans) for one in said if one.spans is not None]
    rejected = len(said) - len(marked)
    if 2 * rejected >= len(said):
        return 2 * rejected > len(said), None
    votes = Counter(span for spans in marked for span in spans)
    stand = tuple(sorted(span for span, count in votes.items() if 2 * count > len(marked)))
    tied = any(2 * count == len(marked) for count in votes.values())
    return not tied and not _torn(marked, stand), stand


def _torn(marked: Sequence[set[Span]], stand: tuple[Span, ...]) -> bool:
    """Tell whether half or more marked a place where no span stands, with any label or with one."""
    labels = {label for spans in marked for *_, label in spans}
    return any(_contested(marked, stand, {label}) for label in labels) or _contested(marked, stand, labels)


def _contested(marked: Sequence[set[Span]], stand: tuple[Span, ...], labels: set[str]) -> bool:
    covered = {at for start, end, label in stand if label in labels for at in range(start, end)}
    places = (
        {at for start, end, label in spans if label in labels for at in range(start, end)} - covered for spans in marked
    )
    count = Counter(at for some in places for at in some)
    return any(2 * many >= len(marked) for many in count.values())
