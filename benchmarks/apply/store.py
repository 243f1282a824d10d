"""Votes on disk, memory, and editing one function of a hundred: `python benchmarks/apply/store.py`; some ten minutes.

Made votes (random, 3.5 % of ten million records x 100 LFs) come as the kernel gives them, in batches. They are
written as wslabel does, part by part and then gathered, and dumped as an uncompressed CSR matrix (scipy, numpy.save)
for comparison. Then 100 keyword LFs vote on ten million records of real text in a process of their own, one of them is
edited, and the suite is applied again.
"""

from __future__ import annotations

import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pyarrow as pa
import scipy.sparse
from data import keyword_lfs, records, words
from kernel import HERE

from wslabel import apply, keywords, read_records
from wslabel.applying import VoteStore
from wslabel.applying.parts import Part
from wslabel.applying.shards import Shard

RECORDS, LFS, DENSITY, SHARD = 10_000_000, 100, 0.035, 10_000
EDITED = ((2_000_000, 20), (500_000, 100))
HEAD = """## Votes on disk, and editing one function of a hundred

Made by `python benchmarks/apply/store.py`.

"""


def batches(labels: int, size: int) -> Iterator[pa.RecordBatch]:
    """Yield random votes as the kernel gives them; an LF votes one label, or any of two."""
    draw = np.random.default_rng(0)
    no_faults = pa.nulls(size, pa.list_(pa.struct([("lf", pa.string())])))
    for at in range(0, RECORDS, size):
        cast = (
            draw.integers(0, 2, (LFS, size), np.int8) if labels == 2 else (np.arange(LFS, dtype=np.int8) % 2)[:, None]
        )
        votes = np.where(draw.random((LFS, size), np.float32) < DENSITY, cast, np.int8(-1))
        ids = pa.array([f"r{row}" for row in range(at, at + size)])
        columns = {f"lf_{number}": pa.array(votes[number]) for number in range(LFS)}
        yield pa.RecordBatch.from_pydict({"id": ids, **columns, "__faults__": no_faults})


def written(folder: Path, labels: int) -> dict[str, float]:
    """Return seconds of the processor and bytes of our files and of the CSR dump, from the same batches."""
    store = VoteStore(folder / "votes")
    store.make_folder()
    store.begin({f"lf_{number}": "x" for number in range(LFS)})
    ours = theirs = 0.0
    pieces = []
    for index, batch in enumerate(batches(labels, SHARD)):
        begin = time.process_time()
        shard = Shard(index, batch.select(["id"]), str(index))
        store.stale(shard)
        store.write(shard, Part.of(batch))
        ours += time.process_time() - begin
        begin = time.process_time()
        dense = np.stack([batch[name].to_numpy() for name in batch.schema.names[1:-1]], axis=1)
        pieces.append(scipy.sparse.csr_matrix(dense + 1))
        theirs += time.process_time() - begin
    begin = time.process_time()
    store.gather(["a", "b"])
    store.declare({"labels": ["a", "b"]})
    ours += time.process_time() - begin
    begin = time.process_time()
    whole = scipy.sparse.vstack(pieces, format="csr")
    for name in ("data", "indices", "indptr"):
        np.save(folder / f"{name}.npy", getattr(whole, name))
    theirs += time.process_time() - begin
    begin = time.perf_counter()
    rows, _ = VoteStore(folder / "votes").read().lf("lf_7")
    alone = time.perf_counter() - begin
    assert len(rows) == (whole[:, 7] != 0).sum()
    votes, ids = ((folder / "votes" / name).stat().st_size for name in ("votes.parquet", "records.parquet"))
    dump = sum((folder / f"{name}.npy").stat().st_size for name in ("data", "indices", "indptr"))
    return {"votes": votes, "ids": ids, "ours": ours, "theirs": theirs, "dump": dump, "alone": alone}


def storage(folder: Path) -> str:
    lines = [
        f"{RECORDS:,} records x {LFS} LFs, {DENSITY:.1%} of the cells voted. Seconds of the processor.",
        "",
        "| an LF votes | votes (60 MB) | ids | written | CSR dump | times (2) | one LF read (0.1 s) |",
        "|---|---|---|---|---|---|---|",
    ]
    for labels, what in ((1, "one label"), (2, "any of two labels")):
        place = folder / str(labels)
        place.mkdir()
        got = written(place, labels)
        shutil.rmtree(place)
        sizes = [f"{got[name] / 1e6:.0f} MB" for name in ("votes", "ids", "dump")]
        times = f"{got['ours'] / got['theirs']:.2f} | {got['alone']:.3f} s"
        spent = f"{got['ours']:.1f} s | {got['theirs']:.1f} s, {sizes[2]}"
        lines.append(f"| {what} | {sizes[0]} | {sizes[1]} | {spent} | {times} |")
    return "\n".join(lines) + "\n"


def edit(folder: str, count: int, length: int, only_memory: bool) -> None:
    """Print, as JSON, what a full apply and one after an edit take, and the most memory held."""
    of = words()
    path, out = Path(folder, "corpus.jsonl"), Path(folder, "votes")
    some = records(of, length, 20_000)
    with path.open("w", encoding="utf-8") as file:
        for row in range(count):
            file.write(json.dumps({"id": f"r{row}", "text": some[row * 7919 % len(some)]}) + "\n")
    time.sleep(3)  # a file that has just changed is not trusted to be as it was
    lfs = keyword_lfs(of, LFS)
    apply(lfs, read_records([{"text": text} for text in some]))  # compiles
    times = []
    for _ in range(1 if only_memory else 2):
        begin = time.process_time()
        votes = apply(lfs, path, out=out)
        times.append(time.process_time() - begin)
        lfs[50] = keywords("lf_50", votes=lfs[50].votes[0], any_of=["markets", "company", "storm", "doctor", "of the"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    if not only_memory:
        votes = apply(lfs, path, out=out)
        assert (votes.votes == apply(lfs, path).votes).all(), "votes after an edit differ from those of a new start"
    print(json.dumps({"times": times, "peak": peak}))


def edited(folder: Path, count: int, length: int) -> dict[str, list[float]]:
    place = folder / f"{count}-{length}"
    place.mkdir()
    command = [sys.executable, __file__, str(place), str(count), str(length)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    shutil.rmtree(place)
    return json.loads(done.stdout.splitlines()[-1])  # type: ignore[no-any-return]


def edits(folder: Path) -> str:
    lines = [
        "",
        f"{LFS} keyword LFs on JSON lines, one worker; one LF is edited and the suite applied again.",
        "Microseconds of the processor a record.",
        "",
        "| records | words | full | after the edit | part of it (at most 5 %) |",
        "|---|---|---|---|---|",
    ]
    for count, length in EDITED:
        got = edited(folder, count, length)
        full, part = (seconds / count * 1e6 for seconds in got["times"])
        lines.append(f"| {count:,} | {length} | {full:.2f} | {part:.2f} | {part / full:.1%} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    if len(sys.argv) > 1:
        edit(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), len(sys.argv) > 4)
        return
    with tempfile.TemporaryDirectory() as name:
        section = HEAD + storage(Path(name)) + edits(Path(name)) + memory(Path(name))
    (HERE / "sections" / "store.md").write_text(section)
    print(section)


def memory(folder: Path) -> str:
    """Return the most memory that the main process holds while ten million records are voted on."""
    place = folder / "memory"
    place.mkdir()
    command = [sys.executable, __file__, str(place), str(RECORDS), "20", "memory"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    peak = json.loads(done.stdout.splitlines()[-1])["peak"]
    return f"\nMost memory of the main process, {RECORDS:,} records, {LFS} LFs: {peak:,.0f} MB (less than 1,000).\n"


if __name__ == "__main__":
    main()
