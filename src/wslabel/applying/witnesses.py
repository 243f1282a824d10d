"""Which labeling functions vote on a record, and what they found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wslabel.authoring import LabelingFunction
from wslabel.core.spans import SpanVote, SpanVotes
from wslabel.core.votes import VoteMatrix
from wslabel.core.witness import Witness, Witnesses
from wslabel.errors import VotesError
from wslabel.suites import Suite, load_suite

MOST_PHRASES = 8
"""Phrases of one LF and record that are told; a rationale that lists more is read by nobody."""


def witnesses(suite: Suite | str, votes: VoteMatrix | SpanVotes) -> Witnesses:
    """Return a function that tells which LFs vote on a record, for the rationales of `wslabel.export`.

    Phrases are looked for in the record that the function is given, so that those of a redacted record hold nothing
    that was redacted.

    Parameters
    ----------
    suite
        The suite that voted, or its name.
    votes
        Its votes.

    Raises
    ------
    VotesError
        The votes are of an LF that the suite does not have.

    Examples
    --------
    >>> import wslabel as ws
    >>> cuts = ws.keywords("job_cuts", votes="bad", any_of=["job cuts"], doc="Fewer jobs are bad news.")
    >>> suite = Suite(ws.Task("demo.news", ["bad", "good"]), (cuts,))
    >>> records = ws.read_records([{"id": "a", "text": "Job cuts ahead"}])
    >>> witnesses(suite, ws.apply(suite, records))("a", {"text": "Job cuts ahead"})
    [Witness(lf='job_cuts', label='bad', says='Fewer jobs are bad news.', phrases=('Job cuts',), entries=())]
    """
    loaded = load_suite(suite) if isinstance(suite, str) else suite
    lfs = {lf.name: lf for lf in loaded.lfs}
    for name in votes.lf_names:
        if name not in lfs:
            raise VotesError(f"{loaded.name} has no LF {name!r}, which has voted. Pass the suite that voted.")
    if isinstance(votes, SpanVotes):
        return _OfSpans(votes, lfs)
    return _OfVotes(votes, lfs)


class _OfVotes:
    def __init__(self, votes: VoteMatrix, lfs: Mapping[str, LabelingFunction]) -> None:
        self._votes = votes
        self._lfs = [lfs[name] for name in votes.lf_names]
        self._rows = {record: row for row, record in enumerate(votes.ids)}

    def __call__(self, record: str, columns: Mapping[str, Any]) -> Sequence[Witness]:
        if record not in self._rows:
            return []
        row = self._votes.votes[self._rows[record]]
        return [self._witness(self._lfs[j], int(row[j]), columns) for j in (row >= 0).nonzero()[0].tolist()]

    def _witness(self, lf: LabelingFunction, vote: int, columns: Mapping[str, Any]) -> Witness:
        value = None if lf.matcher is None else columns.get(lf.matcher.column)
        spans = lf.spans(value) if isinstance(value, str) else []
        found = _distinct([value[start:end] for start, end in spans]) if isinstance(value, str) else ()
        return Witness(lf.name, self._votes.labels[vote], _says(lf), found, _entries(lf, found))


class _OfSpans:
    def __init__(self, votes: SpanVotes, lfs: Mapping[str, LabelingFunction]) -> None:
        self._lfs = lfs
        self._by_record: dict[str, list[SpanVote]] = defaultdict(list)
        for vote in votes.votes:
            self._by_record[vote.id].append(vote)

    def __call__(self, record: str, columns: Mapping[str, Any]) -> Sequence[Witness]:
        text = str(columns.get("text") or "")
        found: dict[tuple[str, str], list[SpanVote]] = defaultdict(list)
        for vote in self._by_record.get(record, ()):
            found[vote.lf, vote.label].append(vote)
        return [self._witness(lf, label, some, text) for (lf, label), some in found.items()]

    def _witness(self, name: str, label: str, votes: Sequence[SpanVote], text: str) -> Witness:
        lf, phrases = self._lfs[name], _distinct([text[vote.start : vote.end] for vote in votes])
        entities = _first(entry for vote in votes for entry in vote.entity.split("|"))
        return Witness(name, label, _says(lf), phrases, entities or _entries(lf, phrases))


def _entries(lf: LabelingFunction, phrases: Sequence[str]) -> tuple[str, ...]:
    return _first(entry for phrase in phrases for entry in lf.entities(phrase))


def _first(entries: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, entries)))[:MOST_PHRASES]


def _distinct(phrases: Sequence[str]) -> tuple[str, ...]:
    """Return the phrases that are there, each once; upper and lower case are one."""
    once: dict[str, str] = {}
    for phrase in filter(None, phrases):
        once.setdefault(phrase.casefold(), phrase)
    return tuple(once.values())[:MOST_PHRASES]


def _says(lf: LabelingFunction) -> str:
    return lf.doc.strip().partition("\n")[0].strip()
