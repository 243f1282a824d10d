"""Review measured: `python benchmarks/review/run.py` writes RESULTS.md beside it. Labels are made without gold.

Gold is the simulated reviewer only. Option: `--quick` makes a tenth of the simulations and writes nothing.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from made import OTHERS, SETS, Made, made

HERE = Path(__file__).resolve().parent
SHARES = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.5)
ORDERS = ("worst_first", "Cleanlab alone", "least confidence alone", "random")
SIZES = (100, 240, 400)
HEAD = (HERE / "head.txt").read_text(encoding="utf-8")


def orders(one: Made) -> dict[str, np.ndarray]:
    """Return the rows of a set in each order; records without an issue come after the others, as they stand."""
    from cleanlab.rank import get_label_quality_scores

    from wslabel import ReviewQueue, flag

    row = {record: place for place, record in enumerate(one.labels.ids)}
    issues = flag(one.labels, one.held, one.votes, one.posterior)
    records = [{"id": record, "text": ""} for record in one.labels.ids]
    first = np.array([row[record] for record in ReviewQueue(issues, records, one.labels).ids])
    rest = np.setdiff1d(np.arange(one.labels.n), first)
    cleanlab = get_label_quality_scores(one.labels.hard_indices(), one.held.probs)
    found = (np.concatenate([first, rest]), np.argsort(cleanlab, kind="stable"))
    return dict(zip(ORDERS, (*found, np.argsort(one.labels.confidence, kind="stable"))))


def found_by(order: np.ndarray, wrong: np.ndarray) -> np.ndarray:
    """Return the share of errors among the first records, for each of SHARES."""
    return np.array([wrong[order[: round(share * len(wrong))]].sum() / wrong.sum() for share in SHARES])


def curves(sets: tuple[str, ...]) -> tuple[str, str]:
    """Return a table of the first 5 %, and the curves."""
    lines, pages = [], []
    lifts = []
    for name in sets:
        one = made(name)
        each = {order: found_by(rows, one.wrong) for order, rows in orders(one).items()}
        each["random"] = np.array(SHARES)
        five = np.array([each[order][2] for order in ORDERS])
        lifts.append(five)
        cells = " | ".join(f"{100 * x:.1f} % ({x / 0.05:.2f})" for x in five)
        best = "yes" if five[0] >= five[1:].max() else "no"
        lines.append(f"| {name} | {one.labels.n} | {one.wrong.mean():.3f} | {cells} | {best} |")
        rows = [f"| {order} | {' | '.join(f'{100 * x:.1f}' for x in each[order])} |" for order in ORDERS]
        head = f"| % of errors found | {' | '.join(f'{100 * share:g} %' for share in SHARES)} |"
        pages.append(f"### {name}\n\n{head}\n|{'---|' * (len(SHARES) + 1)}\n" + "\n".join(rows) + "\n")
    mean = " | ".join(f"**{100 * x:.1f} % ({x / 0.05:.2f})**" for x in np.mean(lifts, axis=0))
    lines.append(f"| **mean** | | | {mean} | |")
    head = f"| set | records | wrong | {' | '.join(ORDERS)} | best? |\n|{'---|' * 8}\n"
    return head + "\n".join(lines) + "\n", "\n".join(pages)


def wilson(count: float, size: int) -> tuple[float, float]:
    share, spread = count / size, 1.96**2 / size
    half = 1.96 * np.sqrt(share * (1 - share) / size + spread / (4 * size)) / (1 + spread)
    middle = (share + spread / 2) / (1 + spread)
    return middle - half, middle + half


def reviewed(one: Made, size: int, repeats: int) -> tuple[float, float, float]:
    """Return the coverage of our interval, that of Wilson's on a simple random sample, and ours' relative width."""
    from wslabel import draw_audit, label_quality
    from wslabel.review.audit import rows_of
    from wslabel.review.estimate_intervals import share_interval

    rng, everything = np.random.default_rng(size), np.ones(one.labels.n, np.bool_)
    sample = draw_audit(one.labels, label_quality(one.labels, one.held, one.votes), only=everything)
    wrong = one.wrong[rows_of(one.labels, sample.ids)].astype(np.float64)
    truth, hits, width = wrong.mean(), np.zeros(2), np.zeros(2)
    for _ in range(repeats):
        keys = -np.log(rng.random(len(wrong))) / sample.weights  # another drawing of the same sample
        drawn = np.argpartition(keys, size)[:size]
        ours = share_interval(sample.stratum, sample.doubt, drawn, wrong[drawn])
        plain = wilson(wrong[rng.choice(len(wrong), size, replace=False)].sum(), size)
        hits += [ours.low <= truth <= ours.high, plain[0] <= truth <= plain[1]]
        width += [ours.high - ours.low, plain[1] - plain[0]]
    return hits[0] / repeats, hits[1] / repeats, width[0] / width[1]


def intervals(sets: tuple[str, ...], repeats: int) -> str:
    """Return coverage and width of the interval at each size."""
    lines, widths = [], []
    for name in sets:
        one = made(name)
        found = [reviewed(one, size, repeats) for size in SIZES]
        widths.append([each[2] for each in found])
        cells = " | ".join(f"{100 * ours:.1f} % ({100 * plain:.1f}) | {ratio:.3f}" for ours, plain, ratio in found)
        lines.append(f"| {name} | {cells} |")
    mean = " | ".join(f" | **{x:.3f}**" for x in np.mean(widths, axis=0))
    lines.append(f"| **mean** |{mean} |")
    head = f"| set | {' | '.join(f'{size} audited: covers (binomial) | width' for size in SIZES)} |\n"
    return head + f"|{'---|' * (1 + 2 * len(SIZES))}\n" + "\n".join(lines) + "\n"


def mixed(sets: tuple[str, ...], repeats: int) -> str:
    """Return the coverage after 240 audited records and 5 % of the corpus reviewed worst first; and label by label."""
    from wslabel import draw_audit, label_quality
    from wslabel.review.answers import Answers
    from wslabel.review.audit import rows_of
    from wslabel.review.estimate import _of_label, _remaining

    lines = []
    for name in sets:
        one, rng = made(name), np.random.default_rng(1)
        n, cardinality = one.labels.n, len(one.labels.labels)
        everything = np.ones(n, np.bool_)
        sample = draw_audit(one.labels, label_quality(one.labels, one.held, one.votes), only=everything)
        rows = rows_of(one.labels, sample.ids)
        given, gold = one.labels.hard_indices()[rows], one.gold[rows]
        worst = np.argsort(-sample.doubt, kind="stable")[: round(0.05 * n)]
        held, error, by_label = 0, 0.0, np.zeros(2)
        for repeat in range(repeats):
            order = np.argsort(-np.log(rng.random(n)) / sample.weights)
            came = np.arange(n) < 240
            known = came | np.isin(order, worst)
            truth = np.where(known, gold[order], -1)
            final = np.where(known, gold[order], given[order])
            counts = np.bincount(final, minlength=cardinality)
            parts = order, sample.stratum[order], sample.doubt[order], given[order], truth, came
            found = Answers(*parts, n, counts)
            left = int((final != gold[order]).sum())
            value, low, high = _remaining(found, everything, found.wrong)
            held, error = held + (low <= left <= high), error + (value - left) / n
            if repeat < repeats // 5:
                for k in np.flatnonzero(counts):
                    told, right = _of_label(found, "", int(k)), int(((final == k) & (gold[order] == k)).sum())
                    shares = right / counts[k], right / max(int((gold == k).sum()), 1)
                    ends = (told.precision, told.recall)
                    by_label += [
                        (e.low - 1e-9 <= s <= e.high + 1e-9) / (counts > 0).sum() for e, s in zip(ends, shares)
                    ]
        precision, recall = 100 * by_label / max(repeats // 5, 1)
        cells = f"{100 * held / repeats:.1f} % | {100 * error / repeats:+.2f} | {precision:.1f} % | {recall:.1f} %"
        lines.append(f"| {name} | {cells} |")
    head = "| set | covers | mean error, points | precision covers | recall covers |\n|---|---|---|---|---|\n"
    return head + "\n".join(lines) + "\n"


def looks(sets: tuple[str, ...], repeats: int) -> str:
    """Return how often the bound is wrong at any of 600 looks, and how near it comes."""
    from wslabel import draw_audit, label_quality
    from wslabel.review.answers import Answers
    from wslabel.review.audit import rows_of
    from wslabel.review.estimate_sequential import _largest_rate

    lines = []
    for name in sets:
        one, rng, bounds = made(name), np.random.default_rng(0), []
        everything = np.ones(one.labels.n, np.bool_)
        sample = draw_audit(one.labels, label_quality(one.labels, one.held, one.votes), only=everything)
        wrong, n = one.wrong[rows_of(one.labels, sample.ids)].astype(np.int64), one.labels.n
        for _ in range(repeats):
            order = np.argsort(-np.log(rng.random(n)) / sample.weights)
            came = np.arange(n) < 600
            truth = np.where(came, wrong[order], -1)
            parts = order, sample.stratum[order], sample.doubt[order], np.zeros(n, np.int64), truth, came
            bounds.append(_largest_rate(Answers(*parts, n, np.array([n])), np.arange(n), 20.0))
        false = np.mean(np.array(bounds) < wrong.mean())
        lines.append(f"| {name} | {1 - wrong.mean():.3f} | {1 - np.mean(bounds):.3f} | {100 * false:.1f} % |")
    return "| set | accuracy | mean bound | bound ever too high |\n|---|---|---|---|\n" + "\n".join(lines) + "\n"


def million() -> str:
    """Return the seconds that a million records take."""
    from wslabel import Labels, OutOfSample, VoteMatrix, draw_audit, flag, label_quality

    rng, n = np.random.default_rng(0), 1_000_000
    ids = [f"record-{i}" for i in range(n)]
    cast = np.where(rng.random((n, 20)) < 0.9, -1, rng.integers(0, 4, (n, 20)))
    votes = VoteMatrix(ids, cast, [f"lf_{j}" for j in range(20)], list("wxyz"))
    labels = Labels(votes.ids, rng.dirichlet(np.ones(4), n), votes.labels, votes.covered)
    held = OutOfSample(votes.ids, rng.dirichlet(np.ones(4), n), np.zeros(n, np.int64), votes.labels)
    lines = []

    def took(what: str, work: Callable[[], object]) -> object:
        begin = time.process_time()
        made_ = work()
        lines.append(f"| {what} | {time.process_time() - begin:.1f} |")
        return made_

    issues = took("`flag`: 4 labels, 20 LFs, all kinds", lambda: flag(labels, held, votes))
    quality = took("`label_quality`", lambda: label_quality(labels, held, votes))
    took("the order of `worst_first`", issues.ids)
    took("`draw_audit`", lambda: draw_audit(labels, quality))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    found = f"\n{len(issues):,} issues; peak memory of the process, which holds corpus and votes: {peak:,.0f} MB.\n"
    return "| one million records | seconds (processor) |\n|---|---|\n" + "\n".join(lines) + "\n" + found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a tenth of the simulations; print, write nothing")
    quick = parser.parse_args().quick
    first, pages = curves(SETS)
    others, _ = curves(OTHERS)
    parts = {
        "first": first,
        "others": others,
        "intervals": intervals(SETS, 200 if quick else 2000),
        "mixed": mixed(SETS, 100 if quick else 1000),
        "looks": looks(SETS, 20 if quick else 200),
        "million": million(),
        "curves": pages,
    }
    page = HEAD
    for name, text in parts.items():
        page = page.replace(f"{{{name}}}", text)
    if quick:
        print(page)
    else:
        (HERE / "RESULTS.md").write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
