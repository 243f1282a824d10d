"""What others make of the same votes: skweak's HMM and majority voting, and models for records on tokens."""

from __future__ import annotations

import contextlib
import io
from collections import Counter, defaultdict
from typing import Any

import numpy as np
import spacy
from data import Data, Found
from skweak.generative import HMM
from skweak.voting import SequentialMajorityVoter
from spacy.tokens import Doc, Span

import wslabel as ws


def documents(data: Data) -> list[Doc]:
    """Return spaCy documents with the votes in them; of overlapping votes of an LF the longest first one is kept."""
    vocab, by_record = spacy.blank("en").vocab, defaultdict[str, list[Any]](list)
    for vote in data.votes.votes:
        by_record[vote.id].append(vote)
    out = []
    for record, text in data.records.itertuples(index=False):
        offsets = data.tokens[record]
        first, last = ({edge[side]: at for at, edge in enumerate(offsets)} for side in (0, 1))
        doc = Doc(vocab, words=[text[a:b] for a, b in offsets])
        doc.user_data["id"] = record
        found, ends = {name: [] for name in data.votes.lf_names}, Counter[str]()
        for vote in sorted(by_record[record], key=lambda one: (one.start, -one.end)):
            begin, end = first[vote.start], last[vote.end] + 1
            if begin >= ends[vote.lf]:
                found[vote.lf].append(Span(doc, begin, end, label=vote.label))
                ends[vote.lf] = end
        for name, some in found.items():
            doc.spans[name] = some
        out.append(doc)
    return out


def skweak(data: Data, docs: list[Doc], model: str) -> Found:
    """Return the spans that skweak's ``hmm`` or ``majority`` finds."""
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        if model == "hmm":
            aggregator: Any = HMM(model, data.labels)
            aggregator.fit(docs)
        else:
            aggregator = SequentialMajorityVoter(model, data.labels)
        found = list(aggregator.pipe(docs))
    return {
        doc.user_data["id"]: [
            (
                data.tokens[doc.user_data["id"]][span.start][0],
                data.tokens[doc.user_data["id"]][span.end - 1][1],
                span.label_,
            )
            for span in doc.spans[model]
        ]
        for doc in found
    }


def token_majority(data: Data) -> Found:
    """Return the runs of tokens with the same label by majority of votes (ties: the first label), never cut."""

    def best(counts: dict[int, Counter[str]], at: int) -> str | None:
        return max(data.labels, key=lambda one: counts[at][one]) if counts[at] else None

    out = {}
    for record, some in _by_record(data).items():
        counts = defaultdict[int, Counter[str]](Counter)
        for vote in some:
            for at in _tokens(data, vote):
                counts[at][vote.label] += 1
        out[record] = _runs(data, record, [best(counts, at) for at in range(len(data.tokens[record]))])
    return out


def token_model(data: Data, name: str, outside: bool) -> Found:
    """Return the runs of tokens with the same label by a label model for records, to which each token is a record.

    Only tokens on which an LF votes are looked at. With `outside` an LF that is silent on one votes that it is outside
    of all spans; otherwise it abstains.
    """
    names = [*data.labels, "O"]
    places = {name: place for place, name in enumerate(data.votes.lf_names)}
    rows: dict[tuple[str, int], Any] = {}
    for record, some in _by_record(data).items():
        for vote in some:
            for at in _tokens(data, vote):
                row = rows.setdefault((record, at), np.full(len(places), len(names) - 1 if outside else -1))
                row[places[vote.lf]] = names.index(vote.label)
    votes = ws.VoteMatrix.from_array(np.stack(list(rows.values())), names)
    said = ws.label_model(name).fit(votes).predict(votes).probs.argmax(axis=1)
    of_token = {key: None if names[k] == "O" else names[k] for key, k in zip(rows, said.tolist())}
    return {
        record: _runs(data, record, [of_token.get((record, at)) for at in range(len(data.tokens[record]))])
        for record in _by_record(data)
    }


def _by_record(data: Data) -> dict[str, list[Any]]:
    out = defaultdict[str, list[Any]](list)
    for vote in data.votes.votes:
        out[vote.id].append(vote)
    return out


def _tokens(data: Data, vote: Any) -> list[int]:
    tokens = data.tokens[vote.id]
    return [at for at, (begin, end) in enumerate(tokens) if vote.start <= begin and end <= vote.end]


def _runs(data: Data, record: str, labels: list[str | None]) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    previous = None
    for label, (begin, end) in zip(labels, data.tokens[record]):
        if label and label == previous:
            out[-1] = (out[-1][0], end, label)
        elif label:
            out.append((begin, end, label))
        previous = label
    return out
