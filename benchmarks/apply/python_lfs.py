"""Ordinary Python labeling functions beside Snorkel's appliers: `python benchmarks/apply/python_lfs.py`, two minutes.

`run.py` tells how to make Snorkel's environment. Ten functions vote on real texts of 20 and of 100 words: the same
source here and there, interleaved, in seconds of the processor; each vote is compared. Two workers are measured by the
clock, as they are about the clock, on a slower suite of its own that lies in files.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import IO, cast

import numpy as np
import pyarrow as pa
from data import records, words
from kernel import HERE, PEERS, batch, machine, seconds

import wslabel as ws
from wslabel.applying import Kernel
from wslabel.suites import as_suite, load_suite

ROUNDS = 5
CASES = ((20, 20_000), (100, 10_000))
THEIRS = 1_000
FLOORS = (4.0, 1.3)
BODIES = (
    '"a" if "profit" in text else None',
    '"a" if "love" in text.lower() or "great" in text.lower() else None',
    '"b" if text.isupper() else None',
    '"b" if len(text) > 200 else None',
    '"a" if re.search(r"\\d+(?:\\.\\d+)? (?:percent|%)", text) else None',
    '"b" if re.search(r"https?://\\S+", text) else None',
    '"a" if text.count("!") > 1 else None',
    '"b" if "subscribe" in text and "channel" in text else None',
    '"b" if text.startswith(("No", "Not", "Never")) else None',
    '"a" if sum(word.istitle() for word in text.split()) > 8 else None',
)
"""What each function returns for a text."""
SUITE = """from wslabel.authoring import Label, Task, labeling_function
import re


class Answer(Label):
    A = "a"
    B = "b"


task = Task("bench.python", Answer)
"""


def main() -> None:
    of = words()
    lines = [measure(of, length, count) for length, count in CASES]
    section = HEAD.format(machine=machine(), rounds=ROUNDS) + "".join(lines) + "\n" + workers(of)
    (HERE / "sections" / "python_lfs.md").write_text(section)
    print(section)


HEAD = """## Ordinary Python functions

Made by `python benchmarks/apply/python_lfs.py` on one thread of {machine}; medians of {rounds} rounds, interleaved;
floors in brackets.

| LFs | words | µs a record | PandasLFApplier slower | LFApplier slower |
|---|---|---|---|---|
"""


def measure(of: list[str], length: int, count: int) -> str:
    texts = records(of, length, count)
    lfs = [made(number, body) for number, body in enumerate(BODIES)]
    kernel, shard = Kernel(as_suite(lfs, ws.Task("bench", ["a", "b"]))), batch(texts)
    spent: dict[str, list[float]] = {"ours": [], "pandas": [], "list": []}
    command = [PEERS, str(HERE / "peer.py")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as peer:
        question, answer = cast(IO[bytes], peer.stdin), cast(IO[bytes], peer.stdout)
        for _ in range(ROUNDS):
            spent["ours"].append(seconds(lambda: kernel.vote(shard)) / count)
            question.write(json.dumps({"bodies": BODIES, "texts": texts[:THEIRS]}).encode() + b"\n")
            question.flush()
            told = json.loads(answer.readline())
            for name, some in told["seconds"].items():
                spent[name].append(some)
        question.close()
    voted = kernel.vote(batch(texts[:THEIRS]))
    ours = np.array([voted[lf.name].to_numpy() for lf in lfs]).T
    assert (ours == np.array(told["votes"])).all(), "Snorkel votes differently"
    mine, pandas, plain = (statistics.median(spent[name]) for name in ("ours", "pandas", "list"))
    slower = f"{pandas / mine:.1f}x ({FLOORS[0]:g}) | {plain / mine:.2f}x ({FLOORS[1]:g})"
    return f"| {len(BODIES)} Python | {length} | {mine * 1e6:.2f} | {slower} |\n"


def made(number: int, body: str) -> ws.LabelingFunction:
    scope: dict[str, object] = {}
    exec(f"import re\ndef lf_{number}(text):\n    return {body}", scope)
    return ws.labeling_function(votes=["a", "b"])(scope[f"lf_{number}"])  # type: ignore[arg-type]


def workers(of: list[str]) -> str:
    """Return how much faster two workers are, on enough records that starting them does not count."""
    corpus = pa.table({"text": records(of, 100, 400_000)})
    corpus = corpus.add_column(0, "id", pa.array([str(row) for row in range(len(corpus))]))
    with tempfile.TemporaryDirectory() as folder:
        task = Path(folder, "bench", "python")
        task.mkdir(parents=True)
        Path(folder, "bench", "package.toml").write_text('name = "bench"\n[tasks.python]\n')
        functions = "".join(
            f'\n\n@labeling_function(votes=["a", "b"])\ndef lf_{number}(text):\n    return {body}\n'
            for number, body in enumerate(BODIES)
        )
        Path(task, "task.py").write_text(SUITE + functions)
        suite = load_suite("bench.python", folder)
        taken: dict[int, list[float]] = {1: [], 2: []}
        for _ in range(2):
            for count in taken:
                begin = time.perf_counter()
                ws.apply(suite, corpus, workers=count)
                taken[count].append(time.perf_counter() - begin)
    one, two = (statistics.median(taken[count]) for count in (1, 2))
    busy = os.getloadavg()[0]
    return (
        f"Two workers take {two:.1f} s for 400,000 records of 100 words, one takes {one:.1f} s: {one / two:.2f} times"
        f" (floor: 1.8), by the clock, on {os.cpu_count()} cores with a load of {busy:.1f}.\n"
    )


if __name__ == "__main__":
    sys.exit(main())
