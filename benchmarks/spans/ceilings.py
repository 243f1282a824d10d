"""How far votes alone could lead: the best F1 of anyone who is told gold, and may only choose among voted spans."""

from __future__ import annotations

from collections import defaultdict

from data import Data, Found

Spans = list[tuple[int, int, str]]


def best_of_voted(data: Data) -> Found:
    """Return the voted spans that are in gold: nothing else can be right for a method that makes up no span."""
    return {record: set(spans) & set(data.gold[record]) for record, spans in _voted(data).items()}


def best_of_contested(data: Data) -> Found:
    """Return the same where voted spans overlap; a span that nothing contests stands, right or wrong.

    Without gold, texts and a contesting vote nothing but the LF's other votes speaks against a span.
    """
    return {
        record: {span for group in _groups(spans) for span in (group if len(group) == 1 else set(group) & true)}
        for record, spans in _voted(data).items()
        for true in [set(data.gold[record])]
    }


def _voted(data: Data) -> dict[str, Spans]:
    found = defaultdict(set)
    for vote in data.votes.votes:
        found[vote.id].add((vote.start, vote.end, vote.label))
    return {record: sorted(spans) for record, spans in found.items()}


def _groups(spans: Spans) -> list[Spans]:
    """Return the spans, sorted, in groups of those that overlap."""
    groups: list[Spans] = []
    reached = -1
    for span in spans:
        if span[0] >= reached:
            groups.append([])
        groups[-1].append(span)
        reached = max(reached, span[1])
    return groups
