"""Do the intervals of an audit of spans hold? Simulated audits of public data, against gold.

python benchmarks/review/span_audit.py [NAME…]        prints the table of span_audit.md; two to six minutes a set
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import wslabel as ws
from wslabel.review.estimate_ratios import Drawn, error_share
from wslabel.review.span_estimate import SpanScores

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "spans"))
from data import Data, load

SETS = {"ade_drug_effect": "corpus", "bc5cdr": "sequence", "laptop_review": "sequence"}
SIZES = (60, 120, 240)
REPEATS = 2000
MEASURES = ("precision", "recall", "f1")


@dataclass(frozen=True)
class Population:
    """Labels of a model without gold, what a reviewer would say of each record, and what is so true of them."""

    labels: ws.SpanLabels
    quality: np.ndarray
    decisions: dict[str, ws.Decision]
    counts: np.ndarray  # records × spans of the model, of gold, of both

    @property
    def truth(self) -> dict[str, float]:
        """What is true of the spans of the model."""
        model, gold, both = self.counts.sum(axis=0).tolist()
        return dict(zip(MEASURES, (both / model, both / gold, 2 * both / (model + gold))))


def population(data: Data) -> Population:
    """Return the labels of `hmm`, fused with `span_logreg`, and the decisions of a reviewer who says what gold says."""
    votes = data.votes if data.votes is not None else ws.apply(ws.load_suite("healthcare.drug_effect"), data.records)
    posterior = ws.label_model("hmm").fit(votes).predict(votes)
    held = ws.cross_validate("span_logreg", data.records, posterior, folds=4)
    labels = ws.fuse(posterior, held)
    ids = labels.ids[labels.covered].tolist()
    said = {one: ws.Decision(one, "spans", spans=tuple(sorted(data.gold[one]))) for one in ids}
    by_id = labels.by_id()
    found = {one: {(s.start, s.end, s.label) for s in by_id[one]} for one in ids}
    counts = [(len(found[one]), len(data.gold[one]), len(found[one] & {*data.gold[one]})) for one in ids]
    return Population(labels, ws.label_quality(labels, held, votes), said, np.array(counts, np.float64))


def plain(some: Population, rng: np.random.Generator, size: int) -> SpanScores:
    """Return what a plain random sample tells, without what is known of all records."""
    n = len(some.counts)
    rows = rng.choice(n, size, replace=False)
    said, true, both = some.counts[rows].T
    drawn = Drawn(np.zeros(n, np.int64), np.zeros((0, n)), rows)
    parts = ((said, both), (true, both), (said + true, 2 * both))
    return SpanScores(*(error_share(drawn, slots - right, slots).interval() for slots, right in parts))


def audited(some: Population, seed: int, size: int) -> SpanScores:
    """Return what an audit tells of the model's spans."""
    sample = ws.draw_audit(some.labels, some.quality, seed=seed)
    said = [some.decisions[one] for one in sample.ids[:size].tolist()]
    return ws.estimate_accuracy(some.labels, sample, said).before


def judged(scores: list[SpanScores], truth: dict[str, float], measure: str) -> tuple[float, float]:
    """Return how often the interval holds, and its mean width."""
    found = [getattr(one, measure) for one in scores]
    held = [one.low <= truth[measure] <= one.high for one in found]
    return float(np.mean(held)), float(np.mean([one.high - one.low for one in found]))


def main(names: list[str]) -> None:
    """Print the table."""
    print("| set | records | measure | true | audited | interval holds | width | plain sample | narrower by |")
    print("|---|---:|---|---:|---:|---:|---:|---:|---:|")
    for name in names:
        began, some = time.process_time(), population(load(name, SETS[name]))
        for size in SIZES:
            rng = np.random.default_rng(0)
            ours = [audited(some, seed, size) for seed in range(REPEATS)]
            theirs = [plain(some, rng, size) for _ in range(REPEATS)]
            for measure in MEASURES:
                held, width = judged(ours, some.truth, measure)
                other, wide = judged(theirs, some.truth, measure)
                head = f"{name} | {len(some.counts)} | {measure} | {some.truth[measure]:.3f} | {size}"
                tail = f"{held:.1%} | {width:.3f} | {wide:.3f} ({other:.1%}) | {1 - width / wide:.0%}"
                print(f"| {head} | {tail} |".replace("%", " %"), flush=True)
        print(f"{name}: {time.process_time() - began:.0f} s", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:] or list(SETS))
