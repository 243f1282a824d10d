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

import ceilings
import numpy as np
import peers
from data import SETS, Data, Found, load, spans_of

import wslabel as ws

HERE = Path(__file__).resolve().parent


def ours(name: str) -> Callable[[Data], Found]:
    return lambda data: spans_of(ws.label_model(name).fit(data.votes).predict(data.votes))


def calibration(data: Data) -> tuple[float, float, float]:
    """Return, of the spans of `hmm` in `valid`: mean probability, share that is right, and calibration error."""
    labels = ws.label_model("hmm").fit(data.votes).predict(data.votes)
    judged = np.isin(labels.ids[labels.record], data.valid)
    rows = zip(*(column[judged].tolist() for column in labels.columns()))
    pairs = [(p, (start, end, label) in data.gold[one]) for one, start, end, label, p in rows]
    said, right = np.array(pairs, np.float64).T
    tenth = np.minimum((said * 10).astype(int), 9)
    error = sum(abs((said - right)[tenth == at].sum()) for at in range(10)) / len(said)
    return float(said.mean()), float(right.mean()), float(error)


def fused(data: Data) -> Found:
    labels = ws.label_model("hmm").fit(data.votes).predict(data.votes)
    return spans_of(ws.fuse(labels, ws.cross_validate("span_logreg", data.records, labels, folds=4)))


def timed(work: Callable[[], Found]) -> tuple[Found, float]:
    begin = time.process_time()
    found = work()
    return found, time.process_time() - begin


def table(rows: dict[str, dict[str, tuple[float, float, float]]], seconds: dict[str, dict[str, float]]) -> str:
    lines = ["| method | " + " | ".join(SETS) + " | mean F1 | s |", "|---" * (len(SETS) + 3) + "|"]
    for name, by_set in rows.items():
        cells = [f"{100 * f1:.2f} ({100 * p:.1f} / {100 * r:.1f})" for p, r, f1 in by_set.values()]
        mean = statistics.mean(100 * f1 for _, _, f1 in by_set.values())
        lines.append(f"| {name} | {' | '.join(cells)} | {mean:.2f} | {sum(seconds[name].values()):.2f} |")
    return "\n".join(lines)


def main() -> None:
    rows: dict[str, dict[str, tuple[float, float, float]]] = {}
    seconds: dict[str, dict[str, float]] = {}
    calibrated = ["| | " + " | ".join(SETS) + " |", "|---" * (len(SETS) + 1) + "|"]
    measured = []
    for name in SETS:
        data = load(name)
        docs = peers.documents(data)
        methods: dict[str, Callable[[], Found]] = {
            "wslabel `hmm`": lambda data=data: ours("hmm")(data),
            "wslabel, fused with the end model": lambda data=data: fused(data),
            "wslabel `span_majority`": lambda data=data: ours("span_majority")(data),
            "majority vote on tokens": lambda data=data: peers.token_majority(data),
            "Dawid–Skene on tokens": lambda data=data: peers.token_model(data, "dawid_skene", False),
            "Dawid–Skene on tokens, silence votes O": lambda data=data: peers.token_model(data, "dawid_skene", True),
            "`crowd` on tokens": lambda data=data: peers.token_model(data, "crowd", False),
            "skweak majority": lambda data=data, docs=docs: peers.skweak(data, docs, "majority"),
            "skweak HMM": lambda data=data, docs=docs: peers.skweak(data, docs, "hmm"),
            "ceiling: gold chooses where votes differ": lambda data=data: ceilings.best_of_contested(data),
            "ceiling: gold chooses among all voted spans": lambda data=data: ceilings.best_of_voted(data),
        }
        methods["wslabel `hmm`"]()  # compiles, or reads what was compiled
        for method, work in methods.items():
            found, took = timed(work)
            rows.setdefault(method, {})[name] = data.f1(found)
            seconds.setdefault(method, {})[name] = took
        measured.append(calibration(data))
    for title, values in zip(("mean probability", "share that is right", "calibration error"), zip(*measured)):
        calibrated.append(f"| {title} | {' | '.join(f'{value:.3f}' for value in values)} |")
    text = f"# Spans\n\nMade by `python benchmarks/spans/run.py`; Python {platform.python_version()}.\n\n"
    own, other = (seconds[name]["bc5cdr"] for name in ("wslabel `hmm`", "skweak HMM"))
    told = f"""
F1 (precision / recall) in per cent, exact spans, on `valid`; seconds of the processor over all three sets, to fit and
predict. Majority vote on tokens is the strongest peer; skweak's documents are made beforehand. Models on tokens are
wslabel's `dawid_skene` and `crowd` for records, to which each token on which an LF votes is a record, with a label O
beside those of the task. crowd-kit's text models aggregate whole texts and do not apply to spans.

How `fuse` tells doubt and how much it adds (`learning/span_doubt.py`, `learning/spans.py`) was chosen by trials that
showed F1 on these sets, parts of their LFs, and the corpora of two suites: the figures of fusing are flattered.

On bc5cdr alone `hmm` takes {own:.2f} s, skweak's HMM {other:.1f} s: {other / own:.0f} times as long.

The ceilings are no methods: gold chooses. Where it chooses only among voted spans that overlap, and a span that nothing
contests stands, nobody does better without leaving out uncontested spans of LFs that are mostly wrong; and which LFs
these are, votes tell only where LFs meet. On 60 generated suites (`research/hmm`) no other strength of the prior (20 to
400), number of steps (0 to 8) or threshold (0.2 to 0.5) changed the mean F1 of `hmm` by more than 0.3.

Probabilities of the spans of `hmm`; the calibration error is expected, over ten bins of equal width:

{chr(10).join(calibrated)}

Speed on 100,000 generated documents: `python benchmarks/spans/speed.py`, RESULTS_speed.md.
"""
    (HERE / "RESULTS.md").write_text(text + table(rows, seconds) + "\n" + told)
    print(table(rows, seconds), told)


if __name__ == "__main__":
    main()
