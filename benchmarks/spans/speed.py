"""`hmm` beside skweak's HMM on generated documents: `python benchmarks/spans/speed.py [N]`, some minutes, one core.

Both get the same votes of N documents (10,000), fit and predict in this process; seconds are those of the processor.
`hmm` alone gets 100,000 documents, too: skweak would take ten times what it takes here. skweak's documents are made
beforehand, with one token for each stretch between two ends of votes, which are fewer than a text has. Writes
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
N, MANY = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000, 100_000
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


def line(name: str, votes: ws.SpanVotes, found: Triples, truth: Triples, took: float) -> str:
    """Return a row of the table."""
    return f"| {name} | {votes.n:,} | {len(votes):,} | {100 * f1(found, truth):.2f} | {took:.2f} |"


def main() -> None:
    """Measure both and write the table."""
    lines, seconds = [], []
    for n, work, name in ((N, ours, "wslabel `hmm`"), (N, theirs, "skweak `HMM`"), (MANY, ours, "wslabel `hmm`")):
        votes, gold = generate_span_votes(n, ACCURACIES)
        found, took = work(votes)
        seconds.append(took)
        lines.append(line(name, votes, found, _triples(gold), took))
        print(lines[-1], flush=True)
    text = f"""# Speed of span models

Made by `python benchmarks/spans/speed.py {N}`; Python {platform.python_version()}.

Generated documents of five places for a span, {len(ACCURACIES)} LFs.

| model | documents | votes | F1 | s |
|---|---|---|---|---|
{chr(10).join(lines)}

On {N:,} documents skweak takes {seconds[1] / seconds[0]:.0f} times as long as `hmm`; scaled to {MANY:,},
{seconds[1] * MANY / N / seconds[2]:.0f} times (skweak was not run on them). F1 in per cent against the generated truth,
exact spans; seconds of the processor to fit and predict, without those for making skweak's documents.
"""
    (HERE / "RESULTS_speed.md").write_text(text)
    print(text)


def _triples(labels: ws.SpanLabels) -> Triples:
    return set(zip(*(column.tolist() for column in labels.columns()[:4])))


if __name__ == "__main__":
    main()
