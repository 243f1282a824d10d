"""Label models of ours beside the peers on every data set with votes: `python benchmarks/label_quality/run.py`.

Each method runs on each set in a process of its own; what it answers is kept in ../runs/label_quality (or the
folder CACHE) under a fingerprint of the code that made it, so that an interrupted table is continued, and after a
change only what it touches is made anew; the tables show earlier answers (results.parquet) of methods that were not.
Options: `--sets`, `--methods` (make only these; the tables show all that is kept), `--speed` (SPEED.md, too), `--list`.
crowd-kit stands in an environment of its own:

    python3.11 -m venv /tmp/peers2
    /tmp/peers2/bin/pip install crowd-kit==1.4.2 "scikit-learn<1.7" pyarrow

(another place goes into the variable CROWDKIT); Snorkel and skweak come with the extra `test`.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import speed
from data import DataSet, load, names
from judging import Row, judge
from method import Method
from methods import methods
from report import write

HERE = Path(__file__).resolve().parent
CACHE = Path(os.environ.get("CACHE", HERE.parents[1] / "runs" / "label_quality"))
CROWDKIT = os.environ.get("CROWDKIT", "/tmp/peers2/bin/python")
SOURCE = HERE.parents[1] / "src" / "wslabel"
PACKAGES = ("core", "models", "learning", "analysis")
METRICS = hashlib.blake2b(
    (HERE / "metrics.py").read_bytes() + (HERE / "judging.py").read_bytes(), digest_size=4
).hexdigest()
PATIENCE = 1200
"""Seconds after which a method is given up on a set."""


@dataclass(frozen=True)
class Task:
    """One method on one set with one seed, and the file of its answer."""

    name: str
    method: Method
    data_set: str
    seed: int

    @property
    def path(self) -> Path:
        return CACHE / self.data_set / f"{self.name}-{self.seed}-{fingerprint(self.method.ours)}.npz"

    def run(self) -> None:
        """Make the answer unless it is there; a method that fails leaves its error in a file beside it."""
        failed = self.path.with_suffix(".error")
        if self.path.exists() or failed.exists():
            return
        self.path.parent.mkdir(parents=True, exist_ok=True)
        python = CROWDKIT if self.method.crowdkit else sys.executable
        part = self.path.with_suffix(".part.npz")
        command = [python, str(HERE / "one.py"), self.name, self.data_set, str(self.seed), str(part)]
        print(f"{self.data_set} {self.name} {self.seed}", file=sys.stderr, flush=True)
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE)
            error = done.stderr if done.returncode else ""
        except subprocess.TimeoutExpired:
            error = f"not done after {PATIENCE} s"
        if error:
            failed.write_text(error)
            print(error[-500:], file=sys.stderr)
        else:
            part.replace(self.path)

    def row(self) -> Row | None:
        """Return what the answer is worth, None where there is none yet."""
        if not self.path.exists():
            return None
        judged = self.path.with_name(f"{self.path.stem}-{METRICS}.judged")
        if not judged.exists():
            with np.load(self.path) as answer:
                found = judge(load_once(self.data_set), self.method.texts, answer["probs"])
            with open(judged, "wb") as out:
                np.savez(out, **found)
        with np.load(judged) as kept, np.load(self.path) as answer:
            seconds_fit, seconds_predict, megabytes = answer["cost"].tolist()
            tracks = {name: kept[name] for name in kept.files}
        return Row(
            self.data_set, self.name, self.method.ours, self.seed, tracks, seconds_fit, seconds_predict, megabytes
        )


@cache
def load_once(name: str) -> DataSet:
    return load(name)


def fingerprint(ours: bool) -> str:
    """Return a digest of the code that an answer depends on: the benchmark's, and for our methods the package's."""
    files = [HERE / "data.py", HERE / "peers.py"]
    if ours:
        files = [HERE / "methods.py"]
        files += [file for package in PACKAGES for file in sorted((SOURCE / package).rglob("*.py"))]
    return hashlib.blake2b(b"".join(file.read_bytes() for file in files), digest_size=6).hexdigest()


def tasks(only: list[str], sets: list[str]) -> Iterator[Task]:
    """Yield what is to be run: the quick methods of all sets before the slow ones."""
    texts = names(texts=True)
    for name, method in methods().items():
        for data_set in sets:
            if (only and name not in only) or (method.texts and data_set not in texts):
                continue
            for seed in range(method.seeds):
                yield Task(name, method, data_set, seed)


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--sets", nargs="*", default=[], help="make only these sets")
    parser.add_argument("--methods", nargs="*", default=[], help="make only these methods")
    parser.add_argument("--speed", action="store_true", help="write SPEED.md, too (a quarter of an hour)")
    parser.add_argument("--list", action="store_true", help="name the methods and sets, and end")
    chosen = parser.parse_args()
    if chosen.list:
        print("\n".join([*methods(), "", *names()]))
        return
    for task in tasks(chosen.methods, chosen.sets or names()):
        task.run()
    found = [row for task in tasks([], names()) if (row := task.row())]
    write(found, HERE)
    if chosen.speed:
        speed.main()


if __name__ == "__main__":
    main()
