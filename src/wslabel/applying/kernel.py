"""The kernel: a record batch in, a batch of votes out. Pure, and the same on every engine.

The output has the column ``id``, one integer column an LF (label index, -1 abstain, -2 fault) and the column
``FAULTS``: a list of (lf, error, traceback) for the records on which LFs raised, null elsewhere.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa

from wslabel.applying.documents import make_docs
from wslabel.applying.matching import FusedMatchers, is_text
from wslabel.authoring import LabelingFunction, Preprocessor
from wslabel.authoring.foreign import RECORD
from wslabel.authoring.matchers import Matcher
from wslabel.core.votes import ABSTAIN_INDEX, FAULT_INDEX, vote_type
from wslabel.errors import LabelingFunctionError, suggest
from wslabel.suites import Suite

FAULTS = "__faults__"
ASKED = b"wslabel.lfs"
DOC = "doc"
TRACEBACK_LINES = 12
FAULT_TYPE = pa.list_(pa.struct([("lf", pa.string()), ("error", pa.string()), ("traceback", pa.string())]))


@dataclass(frozen=True)
class Failure:
    """A value that could not be made: every LF that asks for it faults on the record."""

    error: str
    traceback: str


Column = Sequence[Any]
Row = dict[str, str]


class Fused(NamedTuple):
    """The LFs that are matchers of one column: names, the index of the label that each votes, matchers."""

    names: list[str]
    marks: np.ndarray[Any, Any]
    matchers: FusedMatchers


class Kernel:
    """A suite made ready to vote on batches.

    Parameters
    ----------
    suite
        The suite.

    Raises
    ------
    LabelingFunctionError
        Preprocessors that ask for each other in a circle.
    """

    def __init__(self, suite: Suite) -> None:
        self.suite = suite
        self._preprocessors = {one.name: one for one in suite.preprocessors}
        self._order = _dependencies_first(self._preprocessors)
        self._parts: dict[tuple[str, ...], Kernel] = {}
        self._type = vote_type(suite.task.cardinality)
        self._fused = self._fuse()
        self._functions: list[LabelingFunction | Preprocessor] = [*suite.lfs, *suite.preprocessors]
        self._needs_doc = any(DOC in one.columns for one in self._functions)

    def _fuse(self) -> dict[str, Fused]:
        """Return, by column, the LFs that are matchers of a column of the corpus."""
        made = {DOC, RECORD, *self._preprocessors}
        by_column: dict[str, list[tuple[LabelingFunction, Matcher]]] = {}
        for lf in self.suite.lfs:
            if lf.matcher is not None and lf.matcher.column not in made and _compiles(lf.matcher):
                by_column.setdefault(lf.matcher.column, []).append((lf, lf.matcher))
        return {
            column: Fused(
                [lf.name for lf, _ in some],
                np.array([self.suite.task.index(lf.votes[0]) for lf, _ in some], self._type),
                FusedMatchers([matcher for _, matcher in some]),
            )
            for column, some in by_column.items()
        }

    @property
    def reads_all(self) -> bool:
        """Whether a function asks for the whole record."""
        return any(RECORD in one.columns for one in self._functions)

    @cached_property
    def _needs(self) -> dict[str, LabelingFunction | Preprocessor]:
        """The columns that must be there, each with the first function that reads it."""
        needs: dict[str, LabelingFunction | Preprocessor] = {}
        for one in self._functions:
            for column in one.columns:
                if column not in one.optional:
                    needs.setdefault(column, one)
        return needs

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that the suite reads from the corpus, sorted; optional ones included."""
        made = {DOC, RECORD, *self._preprocessors}
        asked = {column for one in self._functions for column in one.columns}
        return tuple(sorted((asked - made) | ({"text"} if self._needs_doc else set())))

    def check_columns(self, names: Iterable[str]) -> None:
        """Raise `LabelingFunctionError` unless every needed column is there; the message suggests one."""
        there = {*names, DOC, RECORD, *self._preprocessors}
        for column, one in self._needs.items():
            if column not in there:
                what = "LF" if isinstance(one, LabelingFunction) else "Preprocessor"
                raise LabelingFunctionError(
                    f"{what} {one.name} ({one.place}) reads the column {column!r}, which the corpus does not have. "
                    + suggest(column, there - {"gold"})
                )

    def vote(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the votes on the batch, in its order: of all LFs, or of those that the batch asks for (`ask`)."""
        asked = _asked(batch)
        if asked is not None and asked != self.suite.lf_names:
            return self._only(asked).vote(batch.replace_schema_metadata(None))
        self.check_columns(batch.schema.names)
        matched = self._matched(batch)
        called = [lf for lf in self.suite.lfs if lf.name not in matched]
        columns = self._columns(batch, called)
        faults: list[list[Row] | None] = [None] * batch.num_rows
        votes = matched | {lf.name: pa.array(self._votes(lf, columns, batch.num_rows, faults)) for lf in called}
        voted = {lf.name: votes[lf.name] for lf in self.suite.lfs}
        return pa.RecordBatch.from_pydict({"id": batch["id"], **voted, FAULTS: pa.array(faults, FAULT_TYPE)})

    def _matched(self, batch: pa.RecordBatch) -> dict[str, pa.Array]:
        """Return the votes, by name, of the LFs that are matchers of a column of texts."""
        votes: dict[str, pa.Array] = {}
        for column, fused in self._fused.items():
            if column in batch.schema.names and is_text(batch[column].type):
                found = fused.matchers.where(batch[column], fused.marks, ABSTAIN_INDEX)
                flat = pa.array(found.ravel())  # cut rather than made, as there may be thousands
                votes |= {name: flat.slice(row * len(batch), len(batch)) for row, name in enumerate(fused.names)}
        return votes

    def _only(self, asked: tuple[str, ...]) -> Kernel:
        if asked not in self._parts:
            self._parts[asked] = Kernel(self.suite.only(asked))
        return self._parts[asked]

    def _columns(self, batch: pa.RecordBatch, lfs: Sequence[LabelingFunction]) -> dict[str, Column]:
        """Return the columns that the LFs and the preprocessors read, as Python values."""
        asking: list[LabelingFunction | Preprocessor] = [*lfs, *self._order]
        read = {column for one in asking for column in one.columns}
        if self._needs_doc:
            read.add("text")
        columns: dict[str, Column] = {
            name: batch[name].to_pylist() for name in self.columns if name in read and name in batch.schema.names
        }
        if self.reads_all:
            told = [name for name in batch.schema.names if name != "gold"]
            columns[RECORD] = [SimpleNamespace(**row) for row in batch.select(told).to_pylist()]
        if self._needs_doc:
            columns[DOC] = make_docs(self.suite.spacy, columns["text"], _attempt)
        for one in self._order:
            rows = _rows(one, columns, batch.num_rows)
            columns[one.name] = [_call(one, values) for values in rows]
        return columns

    def _votes(
        self, lf: LabelingFunction, columns: dict[str, Column], n: int, faults: list[list[Row] | None]
    ) -> np.ndarray[Any, Any]:
        index: dict[Any, int] = {vote: self.suite.task.index(vote) for vote in lf.votes}
        votes = np.full(n, ABSTAIN_INDEX, dtype=self._type)
        for row, values in enumerate(_rows(lf, columns, n)):
            said = _call(lf, values)
            if said is None:
                continue
            place = index.get(said) if isinstance(said, str) else None
            if place is None:
                failure = said if isinstance(said, Failure) else _undeclared(said, lf)
                fault = {"lf": lf.name, "error": failure.error, "traceback": failure.traceback}
                faults[row] = [*(faults[row] or []), fault]
                place = FAULT_INDEX
            votes[row] = place
        return votes


def ask(batch: pa.RecordBatch, lf_names: Sequence[str]) -> pa.RecordBatch:
    """Return the batch with the wish, in its schema's metadata, that only these LFs vote: it travels to any engine."""
    return batch.replace_schema_metadata({ASKED: json.dumps(list(lf_names))})


def _asked(batch: pa.RecordBatch) -> tuple[str, ...] | None:
    wish = (batch.schema.metadata or {}).get(ASKED)
    return None if wish is None else tuple(json.loads(wish))


def _compiles(matcher: Matcher) -> bool:
    """Tell whether the patterns make a regular expression together; where not, each record is a fault."""
    return matcher.kind == "phrases" or not isinstance(_attempt(matcher.matches, ""), Failure)


def _rows(one: LabelingFunction | Preprocessor, columns: dict[str, Column], n: int) -> Iterable[tuple[Any, ...]]:
    """Return the arguments of each call; a column that is missing and optional is left to its default."""
    given = [columns[name] for name in one.columns if name in columns]
    return zip(*given) if given else [()] * n


def _call(one: LabelingFunction | Preprocessor, values: tuple[Any, ...]) -> Any:
    for value in values:
        if isinstance(value, Failure):
            return value
    if isinstance(one, LabelingFunction) and one.matcher is not None and values[0] is None:
        return None
    return _attempt(one.function, *values)


def _attempt(function: Callable[..., Any], *values: Any) -> Any:
    """Return what the function returns, or the failure it ends in."""
    try:
        return function(*values)
    except (Exception, SystemExit) as error:  # an LF is a user's code: whatever it raises is a fault of this record
        own = error.__traceback__.tb_next if error.__traceback__ else None
        lines = traceback.format_exception(type(error), error, own)
        return Failure(f"{type(error).__name__}: {error}", "".join(lines[-TRACEBACK_LINES:]))


def _undeclared(said: Any, lf: LabelingFunction) -> Failure:
    hint = " Return None to abstain." if isinstance(said, bool | int) else ""
    return Failure(f"returned {said!r}; it declares {', '.join(lf.votes)}.{hint}", "")


def _dependencies_first(preprocessors: dict[str, Preprocessor]) -> list[Preprocessor]:
    order: dict[str, Preprocessor] = {}

    def visit(one: Preprocessor, chain: tuple[str, ...]) -> None:
        if one.name in chain:
            circle = " → ".join((*chain[chain.index(one.name) :], one.name))
            raise LabelingFunctionError(f"Preprocessors ask for each other in a circle: {circle} ({one.place}).")
        for column in one.columns:
            if column in preprocessors and column not in order:
                visit(preprocessors[column], (*chain, one.name))
        order[one.name] = one

    for one in preprocessors.values():
        if one.name not in order:
            visit(one, ())
    return list(order.values())
