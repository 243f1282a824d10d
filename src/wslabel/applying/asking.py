"""What the functions of authors say of one batch: answers by column, failures as values, seconds by function."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from wslabel.applying.calls import Failure, apart, call_each
from wslabel.applying.soft import Confidences, read_soft
from wslabel.applying.span_votes import Found, gathered, read_spans, spans_column
from wslabel.applying.trail import Trail
from wslabel.applying.wish import Wish
from wslabel.authoring import LabelingFunction, Preprocessor
from wslabel.authoring.vectorised import as_list
from wslabel.core.votes import ABSTAIN_INDEX, FAULT_INDEX

Column = list[Any]
UNKNOWN = FAULT_INDEX - 1
MALFORMED = ("TypeError: returned ", "ValueError: returned ")
"""How the failure of a function of columns begins that no single record is to blame for."""
MATCHERS, FUNCTION, PREPROCESSOR, DOCS = "matchers", "labeling function", "preprocessor", "spaCy"


class Told(NamedTuple):
    """A fault: the row of the record, the LF, and what happened."""

    row: int
    lf: str
    failure: Failure


class Places(dict[Any, int]):
    """The index of each label that an LF declares, and of None."""

    def __missing__(self, key: Any) -> int:
        return UNKNOWN


class Asking:
    """Asks functions about the records of a batch.

    Attributes
    ----------
    columns
        What functions may read, by name; a value that could not be made is a `Failure`.
    faults
        What went wrong so far.
    seconds
        By kind and name of what ran.
    soft
        The confidences of votes that came with one.
    """

    def __init__(self, batch: pa.RecordBatch, wish: Wish, spans: bool = False) -> None:
        self._batch, self._spans = batch, spans
        self._trail = Trail(wish.trail) if wish.trail else None
        self._skip = wish.skip
        self._failing: set[str] = set()
        self.columns: dict[str, Column] = {}
        self.faults: list[Told] = []
        self.seconds: dict[tuple[str, str], float] = {}
        self.soft: Confidences = {}

    @contextmanager
    def timed(self, kind: str, name: str) -> Iterator[None]:
        """Count the seconds of the block."""
        if self._trail:
            self._trail.begin(name)
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[kind, name] = self.seconds.get((kind, name), 0.0) + time.perf_counter() - begin

    def make(self, name: str, column: Column) -> None:
        """Let functions read the column, which may hold failures."""
        self.columns[name] = column
        if Failure in map(type, column):
            self._failing.add(name)

    def answers(self, one: LabelingFunction | Preprocessor) -> Column:
        """Return what a function says of each record; nothing but a failure where something it asks for failed."""
        names = [name for name in one.columns if name in self.columns]
        given = [self.columns[name] for name in names] or [[()] * len(self._batch)]
        rows, failures = apart(given, bool(self._failing.intersection(names)))
        if rows is None:
            return self._said(one, names, given, range(len(self._batch)))
        said = self._said(one, names, [[column[row] for row in rows] for column in given], rows)
        answers: Column = list(failures)
        for row, answer in zip(rows, said):
            answers[row] = answer
        return answers

    def _said(
        self, one: LabelingFunction | Preprocessor, names: list[str], given: list[Column], rows: Sequence[int]
    ) -> Column:
        function = _prepared(one, names, self._spans and isinstance(one, LabelingFunction))
        if isinstance(one, LabelingFunction) and one.vectorised:
            return self._of_columns(one, function, names, given, rows)
        if self._trail:
            skip = {row: how for name, row, how in self._skip if name == one.name}
            function = self._trail.following(function, rows, skip)
        return call_each(function, *given)

    def _of_columns(
        self,
        lf: LabelingFunction,
        function: Callable[..., Any],
        names: list[str],
        given: list[Column],
        rows: Sequence[int],
    ) -> Column:
        """Return what a function of columns says; where it fails, halves are tried, down to the records that do it."""
        try:
            arrays = [self._array(name, column, rows) for name, column in zip(names, given)]
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError) as error:
            return [Failure(f"reads a column that is no Arrow array: {error}", "")] * len(rows)
        skip = {row: how for name, row, how in self._skip if name == lf.name}

        def some(begin: int, end: int) -> Column:
            def ask() -> Column:
                return as_list(function(*(array.slice(begin, end - begin) for array in arrays)), end - begin)

            if self._trail and end - begin == 1:
                return call_each(self._trail.following(lambda _: ask()[0], rows[begin:end], skip), [()])
            said = call_each(lambda _: ask(), [()])[0] if not self._trail else None
            if type(said) is list:
                return said
            if end - begin == 1 or (said is not None and said.error.startswith(MALFORMED)):
                return [said] * (end - begin)
            middle = (begin + end) // 2
            return some(begin, middle) + some(middle, end)

        return some(0, len(rows)) if len(rows) else []

    def _array(self, name: str, column: Column, rows: Sequence[int]) -> pa.Array:
        """Return the values as Arrow has them, those of a preprocessor made to an array."""
        if name not in self._batch.schema.names:
            return pa.array(column)
        return self._batch[name] if len(rows) == len(self._batch) else self._batch[name].take(pa.array(rows))

    def spans(self, lf: LabelingFunction, names: Sequence[str], lengths: Sequence[int | None]) -> pa.Array:
        """Return the spans that an LF votes, and keep its faults."""
        found: list[list[Found]] = []
        for row, said in enumerate(self.answers(lf)):
            read = said if type(said) is Failure else read_spans(said, lf.votes, names, lengths[row] or 0)
            if isinstance(read, Failure):
                self.faults.append(Told(row, lf.name, read))
            found.append([] if isinstance(read, Failure) else read)
        return spans_column(found)

    def votes(self, lf: LabelingFunction, labels: Sequence[str], kind: type[np.integer[Any]]) -> pa.Array:
        """Return the votes of an LF as indices of the labels, and keep its faults."""
        answers = self.answers(lf)
        places = Places({vote: labels.index(vote) for vote in lf.votes} | {None: ABSTAIN_INDEX})
        try:
            votes = np.fromiter(map(places.__getitem__, answers), kind, len(answers))
        except Exception:  # an answer that cannot be looked up, such as a list
            votes = np.array([_place(places, said) for said in answers], kind)
        for row in np.flatnonzero(votes == UNKNOWN).tolist():
            said = answers[row]
            try:
                found = None if type(said) is Failure else read_soft(said, lf.votes, labels)
            except ValueError as error:
                said, found = Failure(f"returned {said!r}; {error}.", ""), None
            if found is None:
                self.faults.append(Told(row, lf.name, said if type(said) is Failure else _undeclared(said, lf)))
                continue
            votes[row] = found[0]
            if found[0] != ABSTAIN_INDEX:
                rows, some = self.soft.setdefault(lf.name, ([], []))
                rows.append(row)
                some.append(found[1])
        votes[votes == UNKNOWN] = FAULT_INDEX
        return pa.array(votes)


def _prepared(one: LabelingFunction | Preprocessor, names: list[str], spans: bool = False) -> Callable[..., Any]:
    """Return the function as it is called: with the columns that are there, in their order."""
    if spans:
        return _finding(one, names)
    function = one.function
    if isinstance(one, LabelingFunction) and one.matcher is not None:
        return lambda value: None if value is None else function(value)
    if not names:
        return lambda _: function()
    code = getattr(function, "__code__", None)
    if tuple(names) == one.columns[: len(names)] and not getattr(code, "co_kwonlyargcount", 0):
        return function
    return lambda *values: function(**dict(zip(names, values)))


def _finding(one: LabelingFunction | Preprocessor, names: list[str]) -> Callable[..., Any]:
    """Return the function as it is called for spans: all that it yields is made while the call is watched."""
    matcher = one.matcher if isinstance(one, LabelingFunction) else None
    if matcher is not None:
        return lambda value: None if value is None else matcher.spans(value)
    function = _prepared(one, names)
    return lambda *values: gathered(function(*values))


def _place(places: Places, said: Any) -> int:
    return places[said] if said is None or isinstance(said, str) else UNKNOWN


def _undeclared(said: Any, lf: LabelingFunction) -> Failure:
    hint = " Return None to abstain." if isinstance(said, bool | int) else ""
    return Failure(f"returned {said!r}; it declares {', '.join(lf.votes)}.{hint}", "")
