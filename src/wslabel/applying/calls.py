"""Calling the functions of authors: whatever they do, each record gets an answer or a failure."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from operator import length_hint
from types import TracebackType
from typing import Any

from wslabel.applying import limits
from wslabel.applying.limits import WATCH, TimeLimitReached

TRACEBACK_LINES = 12
_OWN = (__file__, limits.__file__)


@dataclass(frozen=True)
class Failure:
    """A value that could not be made: every LF that asks for it faults on the record."""

    error: str
    traceback: str

    @classmethod
    def of(cls, error: BaseException) -> Failure:
        """Return what is told of an error: its text, and where in the author's code it happened."""
        lines = traceback.format_exception(type(error), error, _without_own(error.__traceback__))
        return cls(f"{type(error).__name__}: {_text(error)}", "".join(lines[-TRACEBACK_LINES:]))


def call_each(function: Callable[..., Any], *columns: list[Any]) -> list[Any]:
    """Return what the function says of each row of the columns, which are equally long and at least one.

    A call that raises, or reaches the time limit, gives a `Failure`. The calls run in C, since a step in Python costs
    as much as a small function does; an error ends them, and they go on behind the row that raised it.
    """
    answers: list[Any] = []
    first = iter(columns[0])
    calls = map(function, first, *columns[1:])
    with WATCH.over(answers):
        while len(answers) < len(columns[0]):
            error: BaseException = StopIteration("raised by the function")  # it looks like the end of the rows
            try:
                answers.extend(calls)
            except KeyboardInterrupt:
                raise
            except BaseException as raised:  # whatever an author's function raises is a fault of this record
                error = raised
            if len(columns[0]) - length_hint(first) > len(answers):
                WATCH.answers = None  # telling of an error is no call
                answers.append(Failure.of(error))
                WATCH.answers = answers
    for place in WATCH.reached(answers):
        if type(answers[place]) is not Failure:  # it went on, as if nothing had been said
            answers[place] = Failure.of(TimeLimitReached("its call was ended, and it caught that."))
    return answers


def call(function: Callable[..., Any], value: Any) -> Any:
    """Return what the function says of a single value."""
    return call_each(function, [value])[0]


def apart(columns: Sequence[list[Any]], failing: bool) -> tuple[list[int] | None, list[Failure | None]]:
    """Return the rows without a `Failure` and the first failure of each row; None where all rows are without."""
    if not failing:
        return None, []
    failures = [next((one for one in row if type(one) is Failure), None) for row in zip(*columns)]
    return [row for row, one in enumerate(failures) if one is None], failures


def _without_own(trace: TracebackType | None) -> TracebackType | None:
    """Return the traceback as the author sees it: without the frames of this file, and of the timer."""
    if trace is None:
        return None
    rest = _without_own(trace.tb_next)
    if trace.tb_frame.f_code.co_filename in _OWN:
        return rest
    return TracebackType(rest, trace.tb_frame, trace.tb_lasti, trace.tb_lineno)


def _text(error: BaseException) -> str:
    try:
        return str(error)
    except Exception:
        return "an error without a text"
