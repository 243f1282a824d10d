"""The stages of a run in a task of the kind spans, where they differ."""

from __future__ import annotations

from typing import Any

from wslabel.core.span_labels import SpanLabels
from wslabel.errors import PipelineError
from wslabel.learning import cross_validate, end_model, fuse
from wslabel.learning.span_end_models import span_end_model_names
from wslabel.learning.spans import with_gold
from wslabel.pipeline import span_tables
from wslabel.pipeline.config import NO_END_MODEL
from wslabel.pipeline.run import Run
from wslabel.redacting import RedactedRecords


def label(run: Run) -> dict[str, Any]:
    """Label spans, fused with the end model where one is asked for, and return how many there are of each label.

    Raises
    ------
    PipelineError
        The end model is none for spans.
    """
    name = run.end_model
    if name not in (NO_END_MODEL, *span_end_model_names()):
        raise PipelineError(
            f"{run.suite.name} labels spans, and the end model {name!r} is for labels of records. Set end_model.name "
            f"(or --end-model) to {' or '.join(span_end_model_names())}, or to {NO_END_MODEL}."
        )
    posterior: Any = run.model().predict(run.votes())
    gold = run.known() or None
    labels = with_gold(posterior, gold) if name == NO_END_MODEL else _fused(run, posterior, gold)
    if name == NO_END_MODEL:
        (run.folder / "held_out.parquet").unlink(missing_ok=True)
    span_tables.write_labels(posterior, run.folder / "posterior.parquet")
    span_tables.write_labels(labels, run.folder / "labels.parquet")
    return {"labels": labels.n, "spans": len(labels), "by_label": by_label(labels)}


def _fused(run: Run, posterior: SpanLabels, gold: Any) -> SpanLabels:
    section = run.config.end_model
    model = end_model(run.end_model, **{"seed": run.config.seed, **section.parameters})
    held = cross_validate(model, run.records, posterior, section.folds, run.config.seed, gold)
    span_tables.write_held_out(held, run.folder / "held_out.parquet")
    return fuse(posterior, held, run.votes(), gold)


def by_label(labels: SpanLabels) -> dict[str, int]:
    """Return the number of spans of each label."""
    found = labels.label.tolist()
    return {name: found.count(k) for k, name in enumerate(labels.labels)}


def as_exported(run: Run) -> SpanLabels:
    """Return the spans, with the ids of what they name, where they stand in the texts that are exported."""
    resolved, records = run.resolved(), run.exportable
    assert isinstance(resolved, SpanLabels)
    labels = resolved.with_entities(run.votes())
    return records.move(labels) if isinstance(records, RedactedRecords) else labels
