"""The audit of a run: the sample that was drawn, its queue, and what it tells of the labels."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from wslabel.core.files import write_atomically
from wslabel.core.fingerprint import fingerprint, fingerprint_file
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels, MultiOutOfSample
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import PipelineError
from wslabel.exporting.labeled import labeled
from wslabel.flagging import label_quality
from wslabel.pipeline.run import Run
from wslabel.pipeline.span_review import as_shown
from wslabel.review import AccuracyEstimate, AuditSample, ReviewQueue, SpanEstimate, draw_audit, estimate_accuracy

FILE = "audit.parquet"
SIZE, MADE_FOR = b"size", b"labels"


def draw(run: Run, size: int) -> bool:
    """Draw the audit sample of a run, unless it is there; a larger size goes on in its order.

    Returns
    -------
    bool
        Whether it was drawn anew: for the first time, or because the labels have changed since. What was audited before
        is then known, and the new sample is drawn from the rest.

    Raises
    ------
    PipelineError
        The run has no labels yet, or several a record.
    """
    labels, path = _labels(run), run.folder / FILE
    before = _stored(run)
    if before is not None:
        sample, _ = before
    else:
        held, votes = run.held_out(), run.votes()
        assert not isinstance(held, MultiOutOfSample)
        quality, everything = label_quality(labels, held, votes), np.ones(labels.n, np.bool_)
        only = everything if run.config.export.include_uncovered else labels.covered
        sample = draw_audit(labels, quality, run.standing(), only, run.config.seed)
    facts = {SIZE: str(min(size, len(sample.ids))).encode(), MADE_FOR: _made_for(run).encode()}
    _write(sample.to_table().replace_schema_metadata(facts), path)
    return before is None


def size_of(run: Run) -> int:
    """Return the size of the audit that was asked for last, or 240."""
    found = _stored(run)
    return 240 if found is None else found[1]


def queue(run: Run) -> ReviewQueue:
    """Return the audit as a queue over the run's log, in the order of drawing.

    Raises
    ------
    PipelineError
        No sample was drawn from the labels as they are.
    """
    found = _stored(run)
    if found is None:
        raise PipelineError(f"{run.folder} has no audit of these labels. Draw one: wslabel audit {run.folder}")
    sample, size = found
    labels, shown, log = _labels(run), run.shown, run.folder / "review.db"
    labels, votes, issues = as_shown(shown, labels, run.votes(), sample.issues(labels, size))
    return ReviewQueue(issues, shown, labels, votes=votes, log=log, strategy="audit")


def estimate(run: Run) -> AccuracyEstimate | SpanEstimate | None:
    """Return how right the labels are that pass the filters of the export; None before an audit."""
    found = _stored(run)
    if found is None:
        return None
    labels = _labels(run)
    told = estimate_accuracy(labels, found[0], run.standing(), exported(run, labels))
    return told if told.audited else None


def exported(run: Run, labels: Labels | SpanLabels) -> NDArray[np.bool_]:
    """Return n booleans: the label passes the filters of the export."""
    section = run.config.export
    confidence = labeled(labels).confidence if isinstance(labels, SpanLabels) else labels.confidence
    sure = (confidence >= section.min_confidence) | (labels.source != "model")
    return sure if section.include_uncovered else np.asarray(labels.covered & sure)


def reads(run: Run) -> dict[str, str]:
    """Return the fingerprint of the sample, for the stages that print the estimate; nothing where there is none."""
    path = run.folder / FILE
    return {"audit": fingerprint_file(path)} if path.exists() else {}


def card(run: Run) -> dict[str, Any]:
    """Return the section of the export's card that tells the audited accuracy; nothing before an audit."""
    told = estimate(run)
    if told is None:
        return {}
    rows = [
        {"label": one.label, **dict(zip(("precision", "recall", "F1"), one.words())), "audited": one.audited}
        for one in told.by_label
    ]
    what = f"{str(told).capitalize()}. Of records that pass the filters, decisions in force, with 95 % intervals."
    return {"Audited accuracy": what, "Audited labels": rows}


def stored(run: Run) -> AuditSample | None:
    """Return the sample that was drawn from the run's labels; None where there is none."""
    found = _stored(run)
    return None if found is None else found[0]


def _stored(run: Run) -> tuple[AuditSample, int] | None:
    path = run.folder / FILE
    if not path.exists():
        return None
    try:
        table = pq.read_table(path)
        facts = table.schema.metadata
        size, made_for = int(facts[SIZE]), facts[MADE_FOR].decode()
    except (OSError, pa.ArrowInvalid, KeyError, TypeError, ValueError) as error:
        raise PipelineError(f"{path}: damaged ({error}). Delete it and draw an audit again.") from None
    return (AuditSample.from_table(table), size) if made_for == _made_for(run) else None


def _made_for(run: Run) -> str:
    """Return what a sample was drawn from: the labels, and whether uncovered records are exported."""
    return fingerprint(run.identity("label"), run.config.export.include_uncovered)


def _labels(run: Run) -> Labels | SpanLabels:
    labels = run.labels()
    if isinstance(labels, MultiLabels):
        raise PipelineError(
            f"{run.folder}: an audit is of one label a record, or of spans. Of several labels draw one for each in "
            "Python: wslabel.draw_audit(labels.problem(label), …)."
        )
    return labels


def _write(table: pa.Table, path: Path) -> None:
    write_atomically(path, lambda beside: pq.write_table(table, beside, compression="zstd"), PipelineError)
