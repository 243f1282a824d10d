"""Evidence: what each labeling function says of one record, and where in the text it says it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from wslabel.applying.kernel import FAULTS, Kernel
from wslabel.authoring import LabelingFunction, Task
from wslabel.authoring.matchers import Span
from wslabel.core.readers import build_columns
from wslabel.suites import Suite, as_suite


@dataclass(frozen=True)
class Evidence:
    """What an LF says of a record.

    Attributes
    ----------
    lf
        The LF's name.
    vote
        The label; None when it abstains or fails.
    column
        The column that `spans` refer to.
    spans
        (start, end) in characters of that column as it came, end exclusive: what a matcher found. Empty for
        Python functions, which do not say where they looked.
    error
        How the LF failed; empty when it did not.
    """

    lf: str
    vote: str | None
    column: str = "text"
    spans: tuple[Span, ...] = ()
    error: str = ""


def explain(
    suite: Suite | LabelingFunction | Sequence[LabelingFunction],
    record: str | Mapping[str, Any],
    task: Task | None = None,
) -> list[Evidence]:
    """Return what each LF says of one record.

    Parameters
    ----------
    suite
        A suite, or LFs as in a notebook cell.
    record
        A text, or a mapping from column to value.
    task
        The task of LFs that do not come from a suite; by default their votes tell it.

    Returns
    -------
    list of Evidence
        In the suite's order, abstaining LFs included.

    Raises
    ------
    LabelingFunctionError
        An LF reads a column that the record does not have.

    Examples
    --------
    >>> from wslabel.authoring import keywords
    >>> cuts = keywords("job_cuts", votes="bad", any_of=["job cuts", "layoffs"])
    >>> explain(cuts, "No job cuts, no layoffs", Task("demo", ["bad", "good"]))
    [Evidence(lf='job_cuts', vote='bad', column='text', spans=((3, 11), (16, 23)), error='')]
    """
    own = as_suite(suite, task)
    values = {"text": record} if isinstance(record, str) else dict(record)
    columns = build_columns([(1, values)], list(values), "the record").columns
    voted = Kernel(own).vote(pa.RecordBatch.from_pydict({"id": pa.array(["record"]), **columns}))
    errors = {fault["lf"]: fault["error"] for fault in voted[FAULTS][0].as_py() or ()}
    return [_evidence(lf, voted[lf.name][0].as_py(), own, values, errors.get(lf.name, "")) for lf in own.lfs]


def _evidence(lf: LabelingFunction, vote: int, suite: Suite, values: Mapping[str, Any], error: str) -> Evidence:
    if vote < 0:
        return Evidence(lf.name, None, lf.columns[0], (), error)
    spans = () if lf.matcher is None else tuple(lf.matcher.spans(values[lf.matcher.column]))
    return Evidence(lf.name, suite.task.labels[vote], lf.columns[0], spans)
