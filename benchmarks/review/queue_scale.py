"""A queue of a million flagged records: how long it takes to open, to show the next record, and what it holds.

    python benchmarks/review/queue_scale.py [--records 1000000] [--folder /tmp/queue_scale]

The corpus is made up: sentences of 20 words drawn from 5,000, ten labeling functions, three labels.
"""

from __future__ import annotations

import argparse
import json
import resource
import time
from pathlib import Path
from statistics import median, quantiles

import numpy as np
import pyarrow as pa

from wslabel import Issues, Labels, ReviewQueue, VoteMatrix, read_records

LABELS = ("negative", "neutral", "positive")


def parts(n: int, folder: Path) -> tuple[Issues, pa.Table, Labels, VoteMatrix]:
    """Return issues, a corpus that is mapped from disk, labels and votes."""
    random = np.random.default_rng(7)
    words = np.array([f"word{k}" for k in range(5000)])
    ids = [f"record-{k:08d}" for k in range(n)]
    path = folder / "records.arrow"
    if not path.exists():
        schema = pa.schema([("id", pa.string()), ("text", pa.string())])
        with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
            for begin in range(0, n, 10_000):
                drawn = words[random.integers(0, 5000, (min(10_000, n - begin), 20))]
                texts = [" ".join(row) for row in drawn]
                writer.write_batch(pa.record_batch([ids[begin : begin + len(texts)], texts], schema=schema))
    table = pa.ipc.open_file(pa.memory_map(str(path))).read_all()
    probs = random.dirichlet([0.5] * 3, n)
    votes = random.integers(-1, 3, (n, 10)).astype(np.int8)
    labels = Labels(ids, probs, LABELS)
    given = labels.hard_indices()
    issues = pa.table(
        {
            "id": ids,
            "kind": ["conflict"] * n,
            "score": probs.max(axis=1),
            "given": np.array(LABELS)[given],
            "suggested": np.array(LABELS)[(given + 1) % 3],
            "lfs": pa.array([["lf_1"]] * n, pa.list_(pa.string())),
        }
    )
    return Issues(issues), table, labels, VoteMatrix(ids, votes, [f"lf_{j}" for j in range(10)], LABELS)


def held() -> float:
    """Return the megabytes that this process holds."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, default=Path("/tmp/queue_scale"))
    parser.add_argument("--steps", type=int, default=2_000)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    log = options.folder / "review.db"
    for old in options.folder.glob("review.db*"):
        old.unlink()
    issues, table, labels, votes = parts(options.records, options.folder)
    before = held()
    begin, worked = time.perf_counter(), time.process_time()
    queue = ReviewQueue(issues, read_records(table, id="id"), labels, votes=votes, log=log)
    session = queue.session("ana")
    state = session.answer({"do": "open"})
    opened, opened_cpu = time.perf_counter() - begin, time.process_time() - worked
    after = held()
    steps, memory = [], [after]
    for turn in range(options.steps):
        item = state["items"][0]
        begin = time.perf_counter()
        message = {"do": "decide", "turn": turn, "id": item["id"], "action": "label", "label": item["suggested"]}
        state = session.answer({**message, "seconds": 2.0})
        steps.append(1000 * (time.perf_counter() - begin))
        if (turn + 1) % (options.steps // 4) == 0:
            memory.append(held())
    told = {
        "records": options.records,
        "seconds to open and show the first record": round(opened, 2),
        "of these processor": round(opened_cpu, 2),
        "milliseconds to log a decision and have the next record, median": round(median(steps), 1),
        "the same, 99 of 100": round(quantiles(steps, n=100)[98], 1),
        "MB that the parts hold": round(before),
        "MB with the queue, then after each quarter of the steps": [round(one) for one in memory],
        "steps": options.steps,
    }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
