"""Span models beside peers on public data: `python benchmarks/spans/run.py`, some minutes, one core.

Votes of `shared/benchmarks/sequence` in; entity-level F1 on `valid` out (a span counts when both ends and the label are
those of gold). Gold is used for judging only. Writes RESULTS.md.
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

HERE = Path(__file__).resolve().parent


def ours(name: str) -> Callable[[Data], Found]:
    return lambda data: spans_of(ws.label_model(name).fit(data.votes).predict(data.votes))


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    begin = time.process_time()
    found = work()
    return found, time.process_time() - begin


def table(rows: dict[str, dict[str, tuple[float, float, float]]], seconds: dict[str, float]) -> str:
    lines = ["| votes only | " + " | ".join(SETS) + " | mean F1 | s |", "|---" * (len(SETS) + 3) + "|"]
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
            "wslabel `span_majority`": lambda data=data: ours("span_majority")(data),
            "majority vote on tokens": lambda data=data: peers.token_majority(data),
            "skweak majority": lambda data=data, docs=docs: peers.skweak(data, docs, "majority"),
            "skweak HMM": lambda data=data, docs=docs: peers.skweak(data, docs, "hmm"),
        }
        for method, work in methods.items():
            found, took = timed(work)
            rows.setdefault(method, {})[name] = data.f1(found)
            seconds[method] = seconds.get(method, 0.0) + took
    text = f"# Spans\n\nMade by `python benchmarks/spans/run.py`; Python {platform.python_version()}.\n\n"
    (HERE / "RESULTS.md").write_text(text + table(rows, seconds) + "\n")
    print(table(rows, seconds))


if __name__ == "__main__":
    main()
