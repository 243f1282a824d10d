"""`hmm` beside skweak's HMM on generated documents: `python benchmarks/spans/speed.py [N]`, ten minutes, one core.

Both get the same votes, fit and predict in this process; seconds are those of the processor. skweak's documents are
made beforehand, with one token for each stretch between two ends of votes, which are fewer than a text has. Writes
RESULTS_speed.md.
"""

from __future__ import annotations

import contextlib
import io
import platform
import sys
import time
from pathlib import Path

import wslabel as ws
from wslabel.models.spans import skweak_hmm
from wslabel.testing import generate_span_votes

HERE = Path(__file__).resolve().parent
ACCURACIES = [0.9, 0.8, 0.8, 0.7]
Triples = set[tuple[str, int, int, str]]


def ours(votes: ws.SpanVotes) -> tuple[Triples, float]:
    """Return the spans of `hmm`, and its seconds."""
    ws.label_model("hmm").fit(votes.only(votes.lf_names))  # compiles, or reads what was compiled
    begin = time.process_time()
    labels = ws.label_model("hmm").fit(votes).predict(votes)
    return _triples(labels), time.process_time() - begin


def theirs(votes: ws.SpanVotes) -> tuple[Triples, float]:
    """Return the spans of skweak's HMM with its defaults, and its seconds without those for making documents."""
    from skweak.generative import HMM

    documents, hmm = skweak_hmm._documents(votes), HMM("hmm", list(votes.labels))
    begin = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        hmm.fit(documents)
        documents = list(hmm.pipe(documents))
    took = time.process_time() - begin
    return {row[:4] for doc in documents for row in skweak_hmm._spans(doc)}, took


def f1(found: Triples, truth: Triples) -> float:
    """Return the F1 of spans that must be just those of gold."""
    return 2 * len(found & truth) / (len(found) + len(truth))


def main() -> None:
    """Measure both and write the table."""
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    votes, gold = generate_span_votes(n, ACCURACIES)
    truth = _triples(gold)
    rows = {"wslabel `hmm`": ours(votes), "skweak `HMM`": theirs(votes)}
    lines = [f"| {name} | {100 * f1(found, truth):.2f} | {took:.1f} |" for name, (found, took) in rows.items()]
    ratio = rows["skweak `HMM`"][1] / rows["wslabel `hmm`"][1]
    text = f"""# Speed of span models

Made by `python benchmarks/spans/speed.py`; Python {platform.python_version()}.

{n:,} generated documents of five places for a span, {len(votes):,} votes, {votes.m} LFs, {len(votes.labels)} labels.

| model | F1 | s |
|---|---|---|
{chr(10).join(lines)}

skweak takes {ratio:.0f} times as long. F1 in per cent against the generated truth, exact spans; seconds of the
processor to fit and predict, without those for making skweak's documents.
"""
    (HERE / "RESULTS_speed.md").write_text(text)
    print(text)


def _triples(labels: ws.SpanLabels) -> Triples:
    return set(zip(*(column.tolist() for column in labels.columns()[:4])))


if __name__ == "__main__":
    main()
