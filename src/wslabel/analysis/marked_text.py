"""Texts with spans marked in them, for pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from wslabel.core.decisions import Span, part_spans
from wslabel.core.issues import Issue

BEFORE, MOST = 80, 320
"""Characters of a long text that are shown before what is in doubt, and in all."""
GAP = " … "


@dataclass(frozen=True)
class Part:
    """A stretch of a text with the labels of the spans that it lies in, and of those that end with it."""

    text: str
    labels: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()


@dataclass(frozen=True)
class MarkedIssue:
    """An issue as a page shows it: the text with the given spans marked, and what the suggestion changes.

    Attributes
    ----------
    parts
        The text, or what of it lies around what is in doubt.
    changes
        Pairs of ``add`` or ``drop`` and the words with their label.
    """

    issue: Issue
    parts: tuple[Part, ...]
    changes: tuple[tuple[str, str], ...]


def marked_issue(issue: Issue, text: str) -> MarkedIssue:
    """Return an issue of spans with the text in which their offsets count."""
    given, suggested = part_spans(issue.given), part_spans(issue.suggested)
    dropped, added = sorted({*given} - {*suggested}), sorted({*suggested} - {*given})
    changes = [("drop", one) for one in dropped] + [("add", one) for one in added]
    doubt = min((start for start, _, _ in (*dropped, *added) or given), default=0)
    told = tuple((what, f"{text[start:end]} [{label}]") for what, (start, end, label) in changes)
    return MarkedIssue(issue, tuple(_around(text, given, doubt)), told)


def marked(text: str, spans: Sequence[Span]) -> list[Part]:
    """Return the text in parts, cut where spans begin and end.

    >>> [(one.text, one.labels) for one in marked("take aspirin", [(5, 12, "Drug"), (5, 8, "Name")])]
    [('take ', ()), ('asp', ('Drug', 'Name')), ('irin', ('Drug',))]
    """
    cuts = sorted({0, len(text), *(at for start, end, _ in spans for at in (start, end) if 0 <= at <= len(text))})
    return [
        Part(
            text[begin:end],
            tuple(label for first, last, label in spans if first <= begin and end <= last),
            tuple(label for first, last, label in spans if first <= begin and end == last),
        )
        for begin, end in pairwise(cuts)
    ]


def _around(text: str, spans: Sequence[Span], doubt: int) -> list[Part]:
    """Return what is shown of a text: all of it, or what is around the place in doubt."""
    if len(text) <= MOST:
        return marked(text, spans)
    begin = max(min(doubt - BEFORE, len(text) - MOST), 0)
    end = begin + MOST
    inside = [
        (max(first, begin) - begin, min(last, end) - begin, label)
        for first, last, label in spans
        if first < end and begin < last
    ]
    parts = marked(text[begin:end], inside)
    return [*([Part(GAP)] if begin else []), *parts, *([Part(GAP)] if end < len(text) else [])]
