"""The split stage: which records train, validate and test, and what the splits still share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from wslabel.core.files import write_json
from wslabel.core.fingerprint import fingerprint
from wslabel.core.records import read_records
from wslabel.errors import PipelineError
from wslabel.exporting.splits import SplitPlan, Splits, audit_splits, read_splits, split
from wslabel.pipeline.config import Pipeline, SplitsSection
from wslabel.pipeline.run import Run
from wslabel.suites.discovery import suite_info

SPLITS, AUDIT = "splits.parquet", "leak_audit.json"
OUTPUTS = (SPLITS, AUDIT)


def plan_of(config: Pipeline) -> SplitPlan | None:
    """Return the plan of a pipeline; None where it asks for no splits."""
    section = config.export.splits
    return None if section is None else make_plan(section, config.seed)


def make_plan(section: SplitsSection, seed: int) -> SplitPlan:
    """Return the plan that a section of a pipeline file tells.

    Raises
    ------
    ExportError
        What `SplitPlan` raises.
    """
    given: dict[str, Any] = {**section.model_dump(exclude={"run_length"}), "seed": seed}
    given["near_duplicates"] = section.near_duplicates or None
    return SplitPlan(**{key: value for key, value in given.items() if key != "ratios" or value})


def reads(run: Run) -> dict[str, str]:
    """Return the fingerprints of all that the stage reads."""
    section = run.config.export.splits
    if section is None:
        return {"settings": fingerprint(None)}
    return {
        "records": run.records.fingerprint,
        "decisions": run.log.fingerprint(),
        "settings": fingerprint(section.model_dump(), run.config.seed),
        "texts that LFs were written with": fingerprint(sorted(developed(run))),
    }


def work(run: Run, progress: Callable[[int, int | None], None]) -> dict[str, Any]:
    """Split the run's records, audit the splits, and write both; without a plan remove what was there."""
    section, plan = run.config.export.splits, plan_of(run.config)
    for name in OUTPUTS:
        (run.folder / name).unlink(missing_ok=True)
    if section is None or plan is None:
        return {}
    labels = run.resolved()
    made = split(run.records, plan, labels=labels, developed=developed(run))
    audit = audit_splits(
        run.records,
        made,
        groups=plan.groups,
        labels=labels,
        near=plan.near_duplicates or 0.5,
        run_length=section.run_length or None,
    )
    made.write(run.folder / SPLITS)
    write_json(run.folder / AUDIT, audit.facts(), PipelineError)
    return {
        "by_split": made.counts,
        "left_out": made.left_out,
        "plan": dict(made.facts),
        "shared": {kind: dict(found) for kind, found in audit.counts.items()},
        "conflicting labels": dict(audit.conflict_counts),
    }


def splits_of(run: Run) -> Splits | None:
    """Return the run's splits; None where the pipeline asks for none."""
    return None if run.config.export.splits is None else read_splits(run.folder / SPLITS)


def card(run: Run) -> dict[str, Any]:
    """Return the sections of the card that tell how the data was split, and what the splits still share."""
    counts = run.stage("split").get("counts", {})
    if not counts:
        return {}
    rows = [
        {"shared": kind, "between": pair, "records": count}
        for kind, found in counts["shared"].items()
        for pair, count in (found or {"any two splits": 0}).items()
    ]
    return {
        "How it was split": counts["plan"],
        "Leak audit": rows,
        "Equal texts, other labels": counts["conflicting labels"],
    }


def developed(run: Run) -> list[str]:
    """Return the texts that the suite's LFs were written with at hand: their examples, and the sample."""
    return [*_examples(run), *_sample(run)]


def _examples(run: Run) -> Iterator[str]:
    for lf in run.suite.lfs:
        for case in (*lf.fires, *lf.abstains, *lf.misses):
            text = case.record.get("text")
            if isinstance(text, str) and text:
                yield text


def _sample(run: Run) -> Iterator[str]:
    sample = suite_info(run.config.suite, run.config.suites).sample
    if sample is not None and sample.exists():
        for batch in read_records(sample).batches():
            yield from batch["text"].to_pylist()
