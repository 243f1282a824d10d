"""Measure an export of many records beside writing the same bytes with json and open alone.

    python benchmarks/export/run.py [--records 1000000] [--format openai_chat] [--words 20]

Prints one line of JSON: processor seconds of both, their ratio, and the peak of resident memory in MB. Each is
measured in a process of its own.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

LABELS = ("negative", "neutral", "positive")
BATCH = 50_000


def corpus(path: Path, records: int, words: int) -> None:
    """Write records of random words, some with letters that are not ASCII."""
    import numpy as np
    import pyarrow as pa
    import pyarrow.parquet as pq

    rng = np.random.default_rng(7)
    vocabulary = np.array(
        [f"{stem}{end}" for stem in ("profit", "café", "Umsatz", "日本") for end in range(500)], object
    )
    schema = pa.schema([("id", pa.string()), ("text", pa.string())])
    with pq.ParquetWriter(path, schema) as writer:
        for start in range(0, records, BATCH):
            n = min(BATCH, records - start)
            texts = [" ".join(row) for row in vocabulary[rng.integers(len(vocabulary), size=(n, words))]]
            ids = [f"r{start + at:07d}" for at in range(n)]
            writer.write_table(pa.table({"id": ids, "text": texts}, schema=schema))


def ours(folder: Path, records: int, format: str) -> dict[str, float]:
    """Export with wslabel; reading the corpus and validating the file are part of it."""
    import numpy as np

    import wslabel as ws
    from wslabel.core.labels import Labels

    rng = np.random.default_rng(8)
    probs = rng.dirichlet((1, 1, 1), size=records)
    labels = Labels([f"r{at:07d}" for at in range(records)], probs, LABELS)
    before, started = memory(), time.process_time()
    result = ws.export(labels, ws.read_records(folder / "corpus.parquet"), folder / "out", format)
    seconds = time.process_time() - started
    assert result.exported == records
    return {"seconds": seconds, "labels_mb": before, "peak_mb": memory()}


def alone(folder: Path, format: str) -> dict[str, float]:
    """Write the same lines with json and open, what is written being in memory."""
    (path,) = (folder / "out").glob(f"{format}.*")
    seconds = 0.0
    with path.open(encoding="utf-8") as source, (folder / "alone.jsonl").open("w", encoding="utf-8") as target:
        while block := [json.loads(line) for line in (source.readline() for _ in range(BATCH)) if line]:
            started = time.process_time()
            for example in block:
                target.write(json.dumps(example, ensure_ascii=False, separators=(",", ":")) + "\n")
            seconds += time.process_time() - started
    assert (folder / "alone.jsonl").read_bytes() == path.read_bytes()
    return {"seconds": seconds}


def memory() -> float:
    """Return the peak of resident memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def child(*args: str) -> dict[str, float]:
    """Run this file for one measurement."""
    done = subprocess.run([sys.executable, __file__, *args], capture_output=True, text=True, check=True)
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--words", type=int, default=20)
    parser.add_argument("--format", default="openai_chat")
    parser.add_argument("--measure", choices=["ours", "alone"])
    parser.add_argument("--folder", type=Path)
    args = parser.parse_args()
    if args.measure:
        measured = (
            ours(args.folder, args.records, args.format) if args.measure == "ours" else alone(args.folder, args.format)
        )
        print(json.dumps(measured))
        return
    with tempfile.TemporaryDirectory() as folder:
        corpus(Path(folder) / "corpus.parquet", args.records, args.words)
        given = ("--folder", folder, "--records", str(args.records), "--format", args.format, "--measure")
        exported, written = child(*given, "ours"), child(*given, "alone")
        size = sum(path.stat().st_size for path in (Path(folder) / "out").glob(f"{args.format}.*")) / 1e6
    print(json.dumps({"records": args.records, "format": args.format, "mb": size, "export": exported, "json": written}))
    print(f"ratio {exported['seconds'] / written['seconds']:.2f}, peak {exported['peak_mb']:.0f} MB")


if __name__ == "__main__":
    main()
