"""Span models beside peers on public data: `python benchmarks/spans/run.py`, some minutes, one core.

Votes of `shared/benchmarks/sequence` in; entity-level F1 on `valid` out (a span counts when both ends and the label are
those of gold). Gold is used for judging only; no gold reaches a model. Writes RESULTS.md.
"""

from __future__ import annotations

import platform
import statistics
import time
from collections.abc import Callable
from pathlib import Path

import peers
from data import SETS, Data, Found, load, spans_of

import wslabel as ws
from wslabel.testing import generate_span_votes

HERE = Path(__file__).resolve().parent


def ours(name: str) -> Callable[[Data], Found]:
    return lambda data: spans_of(ws.label_model(name).fit(data.votes).predict(data.votes))


def fused(data: Data) -> Found:
    labels = ws.label_model("hmm").fit(data.votes).predict(data.votes)
    return spans_of(ws.fuse(labels, ws.cross_validate("span_logreg", data.records, labels, folds=4)))


def generated(n: int = 100_000) -> float:
    """Return the seconds in which `hmm` fits and predicts on as many generated documents of five places for a span."""
    votes, _ = generate_span_votes(n, [0.9, 0.8, 0.8, 0.7])
    ws.label_model("hmm").fit(votes)
    begin = time.process_time()
    ws.label_model("hmm").fit(votes).predict(votes)
    return time.process_time() - begin


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    begin = time.process_time()
    found = work()
    return found, time.process_time() - begin


def table(rows: dict[str, dict[str, tuple[float, float, float]]], seconds: dict[str, float]) -> str:
    lines = ["| method | " + " | ".join(SETS) + " | mean F1 | s |", "|---" * (len(SETS) + 3) + "|"]
    for name, by_set in rows.items():
        cells = [f"{100 * f1:.2f} ({100 * p:.1f} / {100 * r:.1f})" for p, r, f1 in by_set.values()]
        mean = statistics.mean(100 * f1 for _, _, f1 in by_set.values())
        lines.append(f"| {name} | {' | '.join(cells)} | {mean:.2f} | {seconds[name]:.2f} |")
    return "\n".join(lines)


def main() -> None:
    rows: dict[str, dict[str, tuple[float, float, float]]] = {}
    seconds: dict[str, float] = {}
    for name in SETS:
        data = load(name)
        docs = peers.documents(data)
        methods: dict[str, Callable[[], Found]] = {
            "wslabel `hmm`": lambda data=data: ours("hmm")(data),
            "wslabel, fused with the end model": lambda data=data: fused(data),
            "wslabel `span_majority`": lambda data=data: ours("span_majority")(data),
            "majority vote on tokens": lambda data=data: peers.token_majority(data),
            "skweak majority": lambda data=data, docs=docs: peers.skweak(data, docs, "majority"),
            "skweak HMM": lambda data=data, docs=docs: peers.skweak(data, docs, "hmm"),
        }
        methods["wslabel `hmm`"]()  # compiles, or reads what was compiled
        for method, work in methods.items():
            found, took = timed(work)
            rows.setdefault(method, {})[name] = data.f1(found)
            seconds[method] = seconds.get(method, 0.0) + took
    text = f"# Spans\n\nMade by `python benchmarks/spans/run.py`; Python {platform.python_version()}.\n\n"
    told = f"""
F1 (precision / recall) in per cent, exact spans, on `valid`; seconds of the processor over all three sets, to fit and
predict. Majority vote on tokens is the strongest peer; skweak's documents are made beforehand. crowd-kit's text models
aggregate whole texts and do not apply to spans.

`hmm` on {100_000:,} generated documents: {generated():.1f} s.
"""
    (HERE / "RESULTS.md").write_text(text + table(rows, seconds) + "\n" + told)
    print(table(rows, seconds), told)


if __name__ == "__main__":
    main()
