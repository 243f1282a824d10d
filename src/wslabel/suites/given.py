"""What a user hands over as a suite: one of theirs, the name of one, or labeling functions of a notebook cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from wslabel.authoring import Label, LabelingFunction, Preprocessor, Task
from wslabel.authoring.foreign import from_skweak, from_snorkel, is_skweak, is_snorkel
from wslabel.errors import LabelingFunctionError, SuiteError
from wslabel.suites.loading import load_suite
from wslabel.suites.suite import Suite


def as_suite(lfs: Suite | str | LabelingFunction | Sequence[LabelingFunction], task: Task | None = None) -> Suite:
    """Return LFs from a notebook cell as a suite.

    Parameters
    ----------
    lfs
        A suite, returned as it is, or its name; or LFs, those of Snorkel and skweak too, where the task is given.
    task
        The task. None: the `Label` enumeration of their votes; where they vote plain names, these in order.

    Raises
    ------
    SuiteError
        No LFs, or a task that their votes do not tell.
    """
    if isinstance(lfs, Suite):
        return lfs
    if isinstance(lfs, str):
        return load_suite(lfs)
    given = [_adopt(one, task) for one in (lfs if isinstance(lfs, Sequence) else [lfs])]
    wrong = [one for one in given if not isinstance(one, LabelingFunction)]
    if wrong:
        raise LabelingFunctionError(f"{wrong[0]!r} is no labeling function. Decorate it with @labeling_function.")
    if not given:
        raise SuiteError("There is no labeling function to apply. Expected at least one.")
    return Suite(task or _task_of(given), tuple(given), tuple(_reached_preprocessors(given)))


def _adopt(one: Any, task: Task | None) -> Any:
    """Return a Snorkel or skweak labeling function as an LF of the task; anything else as it is."""
    if isinstance(one, LabelingFunction) or not (is_snorkel(one) or is_skweak(one)):
        return one
    if task is None:
        raise SuiteError(
            f"The labels of {one.name} are not told. Pass task=Task(name, labels), in the order of its votes."
        )
    return from_snorkel(one, task.labels) if is_snorkel(one) else from_skweak(one, task.labels)


def _task_of(lfs: Sequence[LabelingFunction]) -> Task:
    enums: set[type[Label]] = {lf.enum for lf in lfs if lf.enum is not None}
    if len(enums) == 1 and all(lf.enum for lf in lfs):
        return Task("notebook", enums.pop())
    labels = list(dict.fromkeys(vote for lf in lfs for vote in lf.votes))
    if len(enums) > 1 or len(labels) < 2:
        raise SuiteError(f"The votes {labels} do not tell the task. Pass task=Task(name, labels).")
    return Task("notebook", labels)


def _reached_preprocessors(functions: Iterable[LabelingFunction | Preprocessor]) -> list[Preprocessor]:
    """Return the preprocessors that the functions' parameters name and their modules define."""
    found: dict[str, Preprocessor] = {}
    for one in functions:
        scope = getattr(one.function, "__globals__", {})
        for column in one.columns:
            made = scope.get(column)
            if isinstance(made, Preprocessor) and column not in found:
                found.update({inner.name: inner for inner in _reached_preprocessors([made])})
                found[column] = made
    return list(found.values())
