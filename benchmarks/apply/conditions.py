"""What rules on number and place of phrases cost beside as many plain keyword rules, in seconds of the processor.

Run ``python benchmarks/apply/conditions.py``. Votes on a part of the records are compared with `Matcher.matches`.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable
from pathlib import Path
from statistics import median
from typing import Any

sys.path.insert(0, str(Path(__file__).parent))

from data import keyword_lfs, records, vocabulary, words
from kernel import HERE, batch, seconds

from wslabel.applying.kernel import Kernel
from wslabel.authoring import LabelingFunction, before, keywords, near
from wslabel.core.task import Task
from wslabel.suites import as_suite

RECORDS = 100_000
RULES = 100
PHRASES = 5
ROUNDS = 3
CHECKED = 2_000
Draw = Callable[[], list[str]]
KINDS: dict[str, Callable[[Draw], dict[str, Any]]] = {
    "at_least 2 of 5": lambda draw: {"any_of": draw(), "at_least": 2},
    "near, within 5": lambda draw: {"pairs": near(draw(), draw(), within=5)},
    "before, within 10": lambda draw: {"pairs": before(draw(), draw(), within=10)},
    "not_preceded_by": lambda draw: {"any_of": draw(), "not_preceded_by": True},
}


def rules(of: list[str], kinds: list[str]) -> list[LabelingFunction]:
    random_, known = random.Random(3), vocabulary(of)
    made = [KINDS[kinds[i % len(kinds)]](lambda: random_.sample(known, PHRASES)) for i in range(RULES)]
    return [keywords(f"lf_{i}", votes="ab"[i % 2], **condition) for i, condition in enumerate(made)]


HEAD = """## Rules that ask where phrases stand

Made by `python benchmarks/apply/conditions.py`: {rules} rules of each kind, medians of {rounds} rounds in
seconds of the processor; votes compared with those of `Matcher.matches`.

| rules | words | µs a record | times keywords |
|---|---|---|---|
"""


def main() -> None:
    of = words()
    suites = {"keywords (any_of 5)": keyword_lfs(of, RULES), "a quarter of each": rules(of, list(KINDS))}
    suites |= {kind: rules(of, [kind]) for kind in KINDS}
    kernels = {name: Kernel(as_suite(lfs, Task("t", ["a", "b"]))) for name, lfs in suites.items()}
    lines = []
    for length in (20, 100):
        texts = records(of, length, RECORDS)
        given = batch(texts)
        for name, kernel in kernels.items():
            check(kernel, suites[name], texts)
        spent: dict[str, list[float]] = {name: [] for name in kernels}
        for _ in range(ROUNDS):
            for name, kernel in kernels.items():
                spent[name].append(seconds(lambda: kernel.vote(given)))  # noqa: B023
        plain = median(spent["keywords (any_of 5)"])
        for name, times in spent.items():
            took = f"{median(times) / RECORDS * 1e6:.2f}"
            lines.append(f"| {name} | {length} | {took} | {median(times) / plain:.1f} |\n")
    section = HEAD.format(rules=RULES, rounds=ROUNDS) + "".join(lines)
    (HERE / "sections" / "conditions.md").write_text(section)
    print(section)


def check(kernel: Kernel, lfs: list[LabelingFunction], texts: list[str]) -> None:
    kernel.vote(batch(texts[:CHECKED] * 2))  # enough to be compiled
    voted = kernel.vote(batch(texts[-CHECKED:]))
    for lf in lfs:
        assert lf.matcher is not None
        expected = [lf.matcher.matches(text) for text in texts[-CHECKED:]]
        assert [vote >= 0 for vote in voted[lf.name].to_pylist()] == expected, lf.name


if __name__ == "__main__":
    main()
