"""What others make of the same votes: skweak's HMM and majority voting, and majority vote on tokens."""

from __future__ import annotations

import contextlib
import io
from collections import Counter, defaultdict
from typing import Any

import spacy
from data import Data, Found
from skweak.generative import HMM
from skweak.voting import SequentialMajorityVoter
from spacy.tokens import Doc, Span


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
    votes = data.votes
    out: dict[str, list[tuple[int, int, str]]] = defaultdict(list)
    by_record = defaultdict[str, list[Any]](list)
    for vote in votes.votes:
        by_record[vote.id].append(vote)
    for record, some in by_record.items():
        counts = defaultdict[int, Counter[str]](Counter)
        for vote in some:
            for at, (begin, end) in enumerate(data.tokens[record]):
                if vote.start <= begin and end <= vote.end:
                    counts[at][vote.label] += 1
        previous = None
        for at, (begin, end) in enumerate(data.tokens[record]):
            label = max(data.labels, key=lambda one: counts[at][one]) if counts[at] else None
            if label and label == previous:
                out[record][-1] = (out[record][-1][0], end, label)
            elif label:
                out[record].append((begin, end, label))
            previous = label
    return out
