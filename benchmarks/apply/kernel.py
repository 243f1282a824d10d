"""Votes a second of the kernel beside Snorkel's appliers; run.py tells what Snorkel needs. Three minutes.

All run interleaved and are measured in seconds of the processor, as others use the machine too. Snorkel votes on
fewer records and its time is counted a record. Each vote of the peers, and a further 1,000 records, is compared with
Python's `re`. Beside them stand what the machine takes to look each byte up in a table, and to search for a byte.
"""

from __future__ import annotations

import json
import os
import platform
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, NamedTuple, cast

import numpy as np
import pyarrow as pa
from data import keyword_lfs, records, regex_lfs, sources, words

from wslabel.applying import Kernel
from wslabel.authoring import LabelingFunction
from wslabel.suites import as_suite

PEERS = os.environ.get("PEERS", "/tmp/peers/bin/python")
HERE = Path(__file__).resolve().parent
SHARD = 10_000
ROUNDS = 7
CHECKED = 1_000


class Case(NamedTuple):
    """A number of LFs of a kind on records of so many words; how many records we and the peers vote on."""

    name: str
    lfs: Callable[[list[str], int], list[LabelingFunction]]
    count: int
    length: int
    ours: int
    theirs: int
    floors: tuple[int, int]


CASES = [
    Case("keyword", keyword_lfs, 100, 20, 100_000, 400, (600, 250)),
    Case("keyword", keyword_lfs, 100, 100, 50_000, 200, (600, 250)),
    Case("keyword", keyword_lfs, 1_000, 20, 100_000, 60, (2_500, 1_000)),
    Case("keyword", keyword_lfs, 1_000, 100, 50_000, 30, (2_500, 1_000)),
    Case("regex", regex_lfs, 300, 20, 50_000, 150, (150, 60)),
    Case("regex", regex_lfs, 300, 100, 20_000, 60, (80, 50)),
]


class Measured:
    """A case made ready, and what was measured of it in each round: seconds a record, bytes a second."""

    def __init__(self, case: Case, of: list[str]) -> None:
        self.case, self.lfs = case, case.lfs(of, case.count)
        self.texts = records(of, case.length, case.ours)
        self.batches = [batch(self.texts[at : at + SHARD]) for at in range(0, case.ours, SHARD)]
        self.bytes = sum(len(text.encode()) for text in self.texts)
        self.kernel = Kernel(as_suite(self.lfs))
        self.seconds: dict[str, list[float]] = {"ours": [], "pandas": [], "list": []}
        self.vote()  # compiles, or reads the compiled code

    def vote(self) -> None:
        for one in self.batches:
            self.kernel.vote(one)

    def measure(self) -> None:
        self.seconds["ours"].append(seconds(self.vote) / self.case.ours)

    def measure_peers(self, peer: subprocess.Popen[bytes], turn: int) -> None:
        some = self.texts[turn * self.case.theirs : (turn + 1) * self.case.theirs]
        answer = ask(peer, {"patterns": sources(self.lfs), "texts": some})
        for name, measured in answer["seconds"].items():
            self.seconds[name].append(measured)
        check(self.kernel, self.lfs, some, np.array(answer["votes"]))

    def median(self, name: str) -> float:
        return statistics.median(self.seconds[name])


def main() -> None:
    of = words()
    cases, raw = [Measured(case, of) for case in CASES], Machine(of)
    with subprocess.Popen([PEERS, str(HERE / "peer.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as peer:
        for turn in range(ROUNDS):
            raw.measure()
            for one in cases:
                one.measure()
            for one in cases:
                one.measure_peers(peer, turn)
        cast(IO[bytes], peer.stdin).close()
    for one in cases:
        check(one.kernel, one.lfs, one.texts[-CHECKED:], None)
    section = report(cases, raw)
    (HERE / "sections" / "kernel.md").write_text(section)
    print(section)


TABLE = bytes(range(256))[::-1]
SCANNED = 64_000_000


class Machine:
    """Bytes a second of a table lookup and of memchr over the same real text, measured in each round."""

    def __init__(self, of: list[str]) -> None:
        whole = " ".join(of).encode()
        self.text = (whole * (SCANNED // len(whole) + 1))[:SCANNED].replace(b"\0", b" ")
        self.rates: dict[str, list[float]] = {"table": [], "memchr": []}

    def measure(self) -> None:
        self.rates["table"].append(SCANNED / seconds(lambda: self.text.translate(TABLE)))
        self.rates["memchr"].append(SCANNED / seconds(lambda: self.text.find(b"\0")))


def seconds(work: Callable[[], object]) -> float:
    begin = time.process_time()
    work()
    return time.process_time() - begin


def batch(texts: list[str]) -> pa.RecordBatch:
    return pa.RecordBatch.from_pydict({"id": [str(number) for number in range(len(texts))], "text": texts})


def ask(peer: subprocess.Popen[bytes], task: dict[str, object]) -> dict[str, dict[str, float]]:
    question, answer = cast(IO[bytes], peer.stdin), cast(IO[bytes], peer.stdout)
    question.write(json.dumps(task).encode() + b"\n")
    question.flush()
    return json.loads(answer.readline())  # type: ignore[no-any-return]


def check(kernel: Kernel, lfs: list[LabelingFunction], texts: list[str], theirs: np.ndarray | None) -> None:
    voted = kernel.vote(batch(texts))
    ours = np.array([voted[lf.name].to_numpy() for lf in lfs]).T
    reference = np.array([[bool(lf.matcher and lf.matcher.matches(text)) for lf in lfs] for text in texts])
    assert (ours == np.where(reference, np.arange(len(lfs)) % 2, -1)).all(), "a vote differs from what re says"
    assert theirs is None or ((theirs == 0) == reference).all(), "Snorkel says something else than re"


HEAD = """## Votes a second

Made by `python benchmarks/apply/kernel.py`. One thread of {machine}, Python {python},
real texts of youtube, agnews_24k and mtsamples; every vote compared was the one of `re`. Medians of {rounds} rounds,
interleaved; floors in brackets. This machine looks up each byte in a table at {table:,.0f} MB/s, and searches for
a byte (memchr) at {memchr:,.0f} MB/s.

| LFs | words | µs a record | PandasLFApplier slower | LFApplier slower | MB/s | part of a lookup (keywords: 10 %) |
|---|---|---|---|---|---|---|
"""


def report(cases: list[Measured], raw: Machine) -> str:
    rates = {name: statistics.median(some) / 1e6 for name, some in raw.rates.items()}
    head = HEAD.format(machine=machine(), python=platform.python_version(), rounds=ROUNDS, **rates)
    return head + "".join(line(one, rates["table"] * 1e6) + "\n" for one in cases) + "\n" + growth(cases)


def line(one: Measured, lookup: float) -> str:
    case, ours = one.case, one.median("ours")
    pandas, plain = one.median("pandas") / ours, one.median("list") / ours
    speed = one.bytes / case.ours / ours
    return (
        f"| {case.count:,} {case.name} | {case.length} | {ours * 1e6:.2f} | {pandas:,.0f}x ({case.floors[0]:,}) "
        f"| {plain:,.0f}x ({case.floors[1]:,}) | {speed / 1e6:.0f} | {speed / lookup:.0%} |"
    )


def growth(cases: list[Measured]) -> str:
    """Return how the time grows from 100 to 1,000 LFs, by the median of the rounds' ratios."""
    ours = {(one.case.count, one.case.length): one.seconds["ours"] for one in cases if one.case.name == "keyword"}
    parts = [
        f"{statistics.median(many / few for few, many in zip(ours[100, length], ours[1_000, length])):.2f} times on "
        f"{length} words"
        for length in (20, 100)
    ]
    return f"1,000 keyword LFs take the time of 100: {', '.join(parts)} (floor: at most 2).\n"


def machine() -> str:
    with open("/proc/cpuinfo") as lines:
        return next((one.split(":")[1].strip() for one in lines if one.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main()
