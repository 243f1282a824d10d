"""What the export stage is told by the pipeline file: what to choose, and what conversations to make."""

from __future__ import annotations

import numpy as np

from wslabel.core.gold import align_gold
from wslabel.core.labels import Labels
from wslabel.errors import PipelineError
from wslabel.exporting import Choice, Known, Template, load_template
from wslabel.exporting.choice import MIN_KNOWN
from wslabel.pipeline import auditing
from wslabel.pipeline.config import Pipeline
from wslabel.pipeline.run import Run
from wslabel.review import audited_labels, resolve


def choice_of(config: Pipeline) -> Choice | None:
    """Return the choice of a pipeline; None where it makes none.

    Raises
    ------
    ExportError
        What `Choice` raises.
    """
    section = config.export.choice
    return None if section is None else Choice(**section.model_dump(), seed=config.seed)


def template_of(config: Pipeline) -> Template | None:
    """Return the template of a pipeline's conversations; None where it names none.

    Raises
    ------
    ExportError
        What `load_template` raises.
    """
    path = config.export.template
    return None if path is None else load_template(path)


def known_answers(run: Run) -> Known | None:
    """Return how right the run's labels are; None where no precision is aimed at.

    An audit of 30 records tells it, else all that gold or a reviewer says. Without gold, records that people chose
    because they looked wrong make the labels look worse than they are.
    """
    section = run.config.export.choice
    if section is None or section.target_precision is None:
        return None
    labels = run.labels()
    if not isinstance(labels, Labels):
        raise PipelineError("export.choice.target_precision is for tasks with one label a record; leave it out.")
    sample = auditing.stored(run)
    if sample is not None:
        rows, right, weight = audited_labels(labels, sample, run.standing(), auditing.exported(run, labels))
        if len(rows) >= MIN_KNOWN:
            return Known(labels.confidence[rows], right, weight)
    truth = align_gold(run.gold_by_id(), labels.ids, labels.labels).astype(np.int64)
    resolved = resolve(labels, run.standing())
    human = {
        record: k for record, k, who in zip(resolved.ids, resolved.hard_indices(), resolved.source) if who == "human"
    }
    for row, record in enumerate(labels.ids):
        truth[row] = human.get(record, truth[row])
    rows = np.flatnonzero((truth >= 0) & labels.covered & (labels.source == "model"))
    return Known(labels.confidence[rows], labels.hard_indices()[rows] == truth[rows])
