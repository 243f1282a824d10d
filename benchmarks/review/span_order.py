"""Which records of spans are flagged, which are wrong, and which order finds them: public data, against gold.

python benchmarks/review/span_order.py [NAME…]        prints the tables of span_order.md; a minute or two a set
"""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np

import wslabel as ws
from wslabel.flagging.label_errors import wrong_tokens

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "spans"))
from data import Data, load

SETS = {"ade_drug_effect": "corpus", "bc5cdr": "sequence", "laptop_review": "sequence"}
FIRST = 0.05


def made(data: Data) -> tuple[ws.SpanLabels, ws.SpanOutOfSample, ws.SpanVotes]:
    """Return the labels of `hmm`, fused with `span_logreg`, its held-out probabilities, and the votes."""
    votes = data.votes if data.votes is not None else ws.apply(ws.load_suite("healthcare.drug_effect"), data.records)
    posterior = ws.label_model("hmm").fit(votes).predict(votes)
    held = ws.cross_validate("span_logreg", data.records, posterior, folds=4)
    return ws.fuse(posterior, held), held, votes


def by_span_classification(labels: ws.SpanLabels, held: ws.SpanOutOfSample) -> set[int]:
    """Return the records in which Cleanlab's span classification, asked of each label, finds a wrong token."""
    from cleanlab.experimental.span_classification import find_label_issues

    tags, first, found = held.tokens.tags(labels), held.tokens.first, set[int]()
    texts = [(a, b) for a, b in pairwise(first.tolist()) if b > a]
    rows = np.flatnonzero(np.diff(first) > 0)
    for k in range(1, 2 * len(labels.labels), 2):
        given = (tags[:, k : k + 2].sum(axis=1) >= 0.5).astype(int)
        probs = np.clip(held.probs[:, k : k + 2].sum(axis=1), 1e-9, 1 - 1e-9)
        issues = find_label_issues([given[a:b].tolist() for a, b in texts], [probs[a:b] for a, b in texts])
        found |= {int(rows[text]) for text, _ in issues}
    return found


def orders(labels: ws.SpanLabels, held: ws.SpanOutOfSample, issues: ws.Issues) -> Iterator[tuple[str, np.ndarray]]:
    """Yield names and scores of records, the lowest first to review."""
    place = {record: row for row, record in enumerate(labels.ids.tolist())}
    flagged, cleanlab, least = np.ones(labels.n), np.ones(labels.n), np.ones(labels.n)
    for one in issues:
        flagged[place[one.id]] = one.score
    for row, tokens in wrong_tokens(held.tokens.tags(labels), held.probs, held.tokens.first).items():
        cleanlab[row] = min(tokens.values())
    np.minimum.at(least, labels.record, labels.probability)
    yield from (("worst_first", flagged), ("Cleanlab alone", cleanlab), ("least probable span", least))


def main(names: list[str]) -> None:
    """Print both tables."""
    heads, parts = [], []
    for name in names:
        data = load(name, SETS[name])
        labels, held, votes = made(data)
        spans = labels.by_id()
        wrong = np.array(
            [{(s.start, s.end, s.label) for s in spans[one]} != {*data.gold[one]} for one in labels.ids.tolist()]
        )
        issues, inside = ws.flag(labels, held, votes), np.flatnonzero(labels.covered)
        size = max(1, round(FIRST * len(inside)))
        shares = [
            wrong[inside[np.argsort(score[inside], kind="stable")[:size]]].mean()
            for _, score in orders(labels, held, issues)
        ]
        heads.append(
            f"| {name} | {len(inside)} | {wrong[inside].mean():.1%} | {' | '.join(map('{:.1%}'.format, shares))} |"
        )
        kinds = {kind: {one.id for one in issues if one.kind == kind} for kind in issues.counts()}
        rows = {kind: np.flatnonzero(np.isin(labels.ids.astype(str), [*ids])) for kind, ids in kinds.items()}
        tokens = {*wrong_tokens(held.tokens.tags(labels), held.probs, held.tokens.first)}
        other = by_span_classification(labels, held)
        found: dict[str, Collection[int]] = {
            **rows,
            "tokens of any label": tokens,
            "only tokens of any label": tokens - other,
            "only span classification of each label": other - tokens,
        }
        parts += [f"| {name} | {what} | {len(some)} | {share(wrong, some)} |" for what, some in found.items()]
    print(
        "| set | records | wrong | worst_first | Cleanlab alone | least probable span |\n|---|---:|---:|---:|---:|---:|"
    )
    print("\n".join(heads).replace("%", " %"))
    print("\n| set | flagged as, found by | records | wrong |\n|---|---|---:|---:|")
    print("\n".join(parts).replace("%", " %"))


def share(wrong: np.ndarray, rows: Collection[int]) -> str:
    """Return which share of the records is wrong."""
    return f"{wrong[[*rows]].mean():.1%}" if len(rows) else "–"


if __name__ == "__main__":
    main(sys.argv[1:] or list(SETS))
