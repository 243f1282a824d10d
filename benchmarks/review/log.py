"""The decision log under stress: processes that write at once, and kill -9 at random moments.

python benchmarks/review/log.py [--processes 8] [--decisions 500] [--kills 200]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from wslabel.core.decisions import Decision
from wslabel.review import DecisionLog

WRITER = """
import itertools, sys
from wslabel.core.decisions import Decision
from wslabel.review.log import DecisionLog
log, who = DecisionLog(sys.argv[1]), sys.argv[2]
print("ready", flush=True)
for number in itertools.count():
    log.append(Decision(f"r{number}", "skip", reviewer=who))
    print(number, flush=True)
"""


def write(path: Path, who: str, count: int) -> None:
    """Log so many decisions."""
    log = DecisionLog(path)
    for number in range(count):
        log.append(Decision(f"r{number}", "label", "spam", who))


def together(path: Path, processes: int, decisions: int) -> dict[str, object]:
    """Let processes write at once, and tell what is in the log then."""
    context = multiprocessing.get_context("spawn")
    writers = [context.Process(target=write, args=(path, f"w{n}", decisions)) for n in range(processes)]
    begin = time.perf_counter()
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    seconds = time.perf_counter() - begin
    logged = DecisionLog(path).all()
    expected = [f"r{n}" for n in range(decisions)]
    ordered = [[one.id for one in logged if one.reviewer == f"w{n}"] == expected for n in range(processes)]
    return {"rows": len(logged), "in order for each reviewer": all(ordered), "seconds": round(seconds, 1)}


def killed(path: Path, kills: int, seed: int) -> dict[str, int]:
    """Kill writers at random moments, and count what was acknowledged and is not there, or stands twice."""
    draw = random.Random(seed)
    lost = doubled = acknowledged = unfinished = 0
    log = DecisionLog(path)
    for turn in range(kills):
        who, last = f"k{turn}", log.since(0)[-1][0] if path.exists() and len(log) else 0
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(path), who], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert writer.stdout is not None
        writer.stdout.readline()
        time.sleep(draw.uniform(0, 0.15))
        writer.send_signal(signal.SIGKILL)
        told = [f"r{line.strip()}" for line in writer.stdout.read().split("\n")[:-1]]
        writer.wait()
        there = [one.id for _, one in log.since(last)]
        acknowledged += len(told)
        lost += len(set(told) - set(there))
        doubled += len(there) - len(set(there))
        unfinished += len(set(there) - set(told))
    names = ("kills", "acknowledged", "lost", "doubled", "logged but not yet acknowledged")
    return dict(zip(names, (kills, acknowledged, lost, doubled, unfinished)))


def main() -> None:
    """Measure, and print JSON."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--processes", type=int, default=8)
    parser.add_argument("--decisions", type=int, default=500)
    parser.add_argument("--kills", type=int, default=200)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = {
            "at once": together(Path(folder) / "a.db", options.processes, options.decisions),
            "killed": killed(Path(folder) / "b.db", options.kills, 7),
        }
    print(json.dumps(told, indent=1))


if __name__ == "__main__":
    main()
