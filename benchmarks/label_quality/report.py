"""The tables: RESULTS.md for people, results.parquet for programs."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from textwrap import fill

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from data import names
from earlier import earlier
from judging import TRACKS, Mean, Row, best_of_grid, mean
from metrics import NAMES, RESAMPLES

HEAD = """# Label quality

Made by `python benchmarks/label_quality/run.py` (see there for what the peers need). Models are fitted without gold on
the votes of `train`, and judged on `valid`; sets without one of the two, and crowd sets, are fitted on the votes of
the records they are judged on (end models by cross-fitting). *Votes only* judges the records on which an LF votes,
*whole records* all of them. Log-loss is clipped at 1e-10, Brier sums over labels, ECE has ten bins, AURC is the area
under the risk–coverage curve, ties count as broken at random. In brackets the 95 % interval over {resamples}
bootstrap resamples of the records. Seconds (of the processor) and megabytes (above those before) of fitting are means
and maxima over the sets. `snorkel_best_of_grid` is, on each set, the most accurate on `valid` itself of up to twelve
settings (two or more were run); crowd-kit's MMSR gets majority vote's answer where it fails because too few LFs meet.
Ours are in **bold**.

"""
COLUMNS = ("accuracy", "macro F1", "log-loss", "Brier", "ECE", "AURC")
TITLES = {"votes": "Votes only", "whole": "Whole records"}


def write(rows: Sequence[Row], folder: Path) -> None:
    """Write RESULTS.md and results.parquet."""
    kept = [row for row in rows if not row.method.startswith("snorkel_grid")]
    kept += best_of_grid(rows, "snorkel_grid", "snorkel_best_of_grid")
    before = earlier(kept, folder)
    kept += before
    groups = {
        "ten classification sets with text": names(["classification"], texts=True),
        "eleven classification sets": names(["classification"]),
        "four crowd sets": names(["crowd"]),
    }
    parts = [_section(kept, "votes", what, sets) for what, sets in groups.items()]
    parts.append(_section(kept, "whole", "ten classification sets with text", names(["classification"], texts=True)))
    parts += [_by_set(kept, track, place) for track in TRACKS for place in (0, 2)]
    (folder / "RESULTS.md").write_text(_head(rows, before) + "\n".join(part for part in parts if part))
    pq.write_table(_table(kept), folder / "results.parquet")


def _head(rows: Sequence[Row], before: Sequence[Row]) -> str:
    methods = sorted({row.method for row in before})
    text = f"Not made anew in the last run, but kept from earlier ones: {', '.join(methods)}.\n" if methods else ""
    text = fill(text, 120) + "\n\n" if text else ""
    return HEAD.format(resamples=RESAMPLES) + text


def _methods(rows: Sequence[Row]) -> list[str]:
    return list(dict.fromkeys(row.method for row in rows))


def _means(rows: Sequence[Row], track: str, sets: Sequence[str]) -> list[Mean]:
    found = [mean([row for row in rows if row.method == name], track, sets) for name in _methods(rows)]
    return sorted([one for one in found if one], key=lambda one: -one.values[0])


def _section(rows: Sequence[Row], track: str, what: str, sets: Sequence[str]) -> str:
    means = _means(rows, track, sets)
    if not means:
        return ""
    head = ["model", *COLUMNS, "fit s", "predict s", "peak MB"]
    lines = [f"## {TITLES[track]}: mean over the {what}\n", "| " + " | ".join(head) + " |", "|---" * len(head) + "|"]
    return "\n".join([*lines, *[_line(one) for one in means]]) + "\n"


def _line(one: Mean) -> str:
    cells = [f"{value:.3f} [{low:.3f}, {high:.3f}]" for value, low, high in zip(one.values, one.low, one.high)]
    cost = [f"{one.fit_seconds:.2f}", f"{one.predict_seconds:.2f}", f"{one.megabytes:.0f}"]
    return "| " + " | ".join([_name(one.method, one.ours), *cells, *cost]) + " |"


def _name(method: str, ours: bool) -> str:
    return f"**{method}**" if ours else method


def _by_set(rows: Sequence[Row], track: str, place: int) -> str:
    """Return a table of one metric, a row a method and a column a set."""
    sets = names() if track == "votes" else names(texts=True)
    cells = {(row.method, name): mean([one for one in rows if one.method == row.method], track, [name])
             for row in rows for name in sets}  # fmt: skip
    ours = {row.method: row.ours for row in rows}
    lines = [f"## {TITLES[track]}: {COLUMNS[place]} by set\n", "| model | " + " | ".join(sets) + " |"]
    lines.append("|---" * (len(sets) + 1) + "|")
    for method in _methods(rows):
        values = [cells[method, name] for name in sets]
        if any(values):
            shown = [f"{value.values[place]:.3f}" if value else "–" for value in values]
            lines.append(f"| {_name(method, ours[method])} | " + " | ".join(shown) + " |")
    return "\n".join(lines) + "\n"


def _table(rows: Sequence[Row]) -> pa.Table:
    """Return one row an answer and track, with the metrics, the ends of their intervals, and the cost."""
    flat = []
    for row in rows:
        for track, values in row.tracks.items():
            low, high = np.quantile(values[1:], [0.025, 0.975], axis=0)
            metrics = {
                f"{name}{end}": float(array[place])
                for place, name in enumerate(NAMES)
                for end, array in (("", values[0]), ("_low", low), ("_high", high))
            }
            flat.append({"set": row.data_set, "method": row.method, "ours": row.ours, "seed": row.seed, "track": track,
                         **metrics, "fit_seconds": row.fit_seconds, "predict_seconds": row.predict_seconds,
                         "megabytes": row.megabytes})  # fmt: skip
    return pa.Table.from_pylist(flat)
