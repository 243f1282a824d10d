"""Seconds and memory to fit and predict many votes, beside Snorkel: `python benchmarks/label_quality/speed.py`.

1,000,000 records × 50 LFs with 2 and with 10 labels, and 50 million records that are counted while they stream by.
Each case runs in a process of its own; seconds are the processor's (one thread), peak memory is what a process needs
above what it held when the votes lay ready. What was measured is kept in the folder CACHE, so that an interrupted table
is continued; delete its folder `speed` to measure anew. Snorkel comes with the extra `test`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
from measuring import Meter, resident

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("CACHE", HERE.parents[1] / "runs" / "label_quality"))
N, M = 1_000_000, 50
OURS = ("majority", "weighted_majority", "one_coin", "triplet", "dawid_skene", "crowd", "prior_fitted", "auto")
STREAMED, BATCH = 50_000_000, 1_000_000
FLOORS = {2: (6, 4), 10: (40, 12)}


def generate(cardinality: int, n: int = N, coverage: float = 0.3) -> tuple[np.ndarray, np.ndarray]:
    """Return n×50 votes of LFs that are right 45 % to 85 % of the time, and the true labels."""
    random = np.random.default_rng(cardinality)
    truth = random.integers(cardinality, size=n)
    votes = np.full((n, M), -1, np.int8)
    for j, accuracy in enumerate(np.linspace(0.45, 0.85, M)):
        wrong = (truth + random.integers(1, cardinality, size=n)) % cardinality
        said = np.where(random.random(n) < accuracy, truth, wrong)
        votes[:, j] = np.where(random.random(n) < coverage, said, -1)
    return votes, truth


def ours(name: str, cardinality: int) -> dict[str, float]:
    import wslabel as ws

    votes, truth = generate(cardinality)
    labels = [str(k) for k in range(cardinality)]
    warm = ws.VoteMatrix.from_array(votes[:80_000], labels)  # compiles, or reads the compiled code
    ws.label_model(name).fit(warm).predict(warm)
    matrix = ws.VoteMatrix.from_array(votes, labels)
    with Meter() as meter:
        found = ws.label_model(name).fit(matrix).predict(matrix)
    return {**_cost(meter), "accuracy": float((found.hard_indices() == truth).mean())}


def snorkel(name: str, cardinality: int) -> dict[str, float]:
    import torch
    from snorkel.labeling.model import LabelModel

    torch.set_num_threads(1)
    votes, truth = generate(cardinality)
    wide = votes.astype(np.int64)
    with Meter() as meter:
        model = LabelModel(cardinality=cardinality, verbose=False)
        model.fit(wide, progress_bar=False, seed=0)
        probs = model.predict_proba(wide)
    return {**_cost(meter), "accuracy": float((probs.argmax(axis=1) == truth).mean())}


def streamed(name: str, cardinality: int) -> dict[str, float]:
    """Count 50 million records, dense (nearly all distinct) or sparse, fit, and predict a batch."""
    import wslabel as ws
    from wslabel.core.counting import PatternCounter

    votes, _ = generate(cardinality, BATCH, 0.3 if name == "dense" else 0.03)
    counter, random = PatternCounter([f"lf_{j}" for j in range(M)], [str(k) for k in range(cardinality)]), np.random
    offsets = random.default_rng(0).integers(BATCH, size=(STREAMED // BATCH, M))
    with Meter() as count:
        for batch in offsets:
            counter.add(np.stack([np.roll(votes[:, j], batch[j]) for j in range(M)], axis=1))
        patterns = counter.patterns()
    with Meter() as fit:
        ws.label_model("dawid_skene").fit_patterns(patterns, counter.lf_names)
    return {"seconds": count.seconds + fit.seconds, "megabytes": resident("VmHWM"), "patterns": len(patterns.votes)}


def _cost(meter: Meter) -> dict[str, float]:
    return {"seconds": meter.seconds, "megabytes": meter.megabytes}


def run(kind: str, name: str, cardinality: int) -> dict[str, float] | None:
    kept = CACHE / "speed" / f"{kind}-{name}-{cardinality}.json"
    if kept.exists():
        return dict(json.loads(kept.read_text()))
    command = [sys.executable, str(HERE / "speed.py"), kind, name, str(cardinality)]
    one_thread = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env={**os.environ, **one_thread})
    print(kind, name, cardinality, done.stdout.strip() or done.stderr.strip()[-300:], file=sys.stderr, flush=True)
    if done.returncode:
        return None
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_text(done.stdout)
    return dict(json.loads(done.stdout))


HEAD = """# Speed

Made by `python benchmarks/label_quality/speed.py`. Fit and predict {n:,} records × {m} LFs, all rows distinct, one
thread; seconds of the processor, memory above that of the votes. Ratios are Snorkel's LabelModel (its default, 100
epochs) over the model; the floors for `dawid_skene` and `crowd` are {two} with 2 labels and {ten} with 10.

| labels | model | seconds | times faster | peak MB | times less | accuracy |
|---|---|---|---|---|---|---|
"""


def main() -> None:
    from wslabel.models import label_model_names

    names = [name for name in OURS if name in label_model_names()]
    two, ten = (f"{speed} × faster in 1/{memory} of the memory" for speed, memory in FLOORS.values())
    text = HEAD.format(n=N, m=M, two=two, ten=ten)
    for cardinality in FLOORS:
        peer = run("snorkel", "snorkel", cardinality)
        for name, found in [("Snorkel", peer), *((name, run("ours", name, cardinality)) for name in names)]:
            text += _line(cardinality, name, found, peer)
    text += "\n## 50 million records, counted while they stream by, then fitted by `dawid_skene` (2 labels)\n\n"
    text += "| votes | patterns | seconds | largest resident MB (floor: 4,096) |\n|---|---|---|---|\n"
    for name in ("sparse", "dense"):
        if found := run("streamed", name, 2):
            text += f"| {name} | {found['patterns']:,} | {found['seconds']:.0f} | {found['megabytes']:,.0f} |\n"
    (HERE / "SPEED.md").write_text(text)


def _line(cardinality: int, name: str, found: dict[str, float] | None, peer: dict[str, float] | None) -> str:
    if not found:
        return f"| {cardinality} | {name} | failed | | | | |\n"
    faster = f"{peer['seconds'] / found['seconds']:.1f}" if peer else ""
    less = f"{peer['megabytes'] / max(found['megabytes'], 1):.1f}" if peer else ""
    cells = [f"{found['seconds']:.2f}", faster, f"{found['megabytes']:,.0f}", less, f"{found['accuracy']:.4f}"]
    return f"| {cardinality} | {name} | " + " | ".join(cells) + " |\n"


if __name__ == "__main__":
    if len(sys.argv) > 1:
        kinds = {"ours": ours, "snorkel": snorkel, "streamed": streamed}
        print(json.dumps(kinds[sys.argv[1]](sys.argv[2], int(sys.argv[3]))))
    else:
        main()
