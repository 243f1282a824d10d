"""The kernel: a record batch in, a batch of votes out. Pure, and the same on every engine.

The output has the column ``id``, one integer column an LF (label index, -1 abstain, -2 fault; for tasks of the kind
spans see `wslabel.applying.span_votes`) and the column ``FAULTS``: a list of (lf, error, traceback) for the records on
which LFs raised, null elsewhere. Confidences of votes that came with one stand in the schema's metadata.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from types import SimpleNamespace
from typing import Any, NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from wslabel.applying.asking import DOCS, FUNCTION, MATCHERS, PREPROCESSOR, Asking, Told
from wslabel.applying.calls import Failure, call
from wslabel.applying.columns import Columns
from wslabel.applying.documents import make_docs
from wslabel.applying.limits import WATCH
from wslabel.applying.matching import FusedMatchers, Marks, is_text
from wslabel.applying.profile import with_seconds
from wslabel.applying.soft import with_soft
from wslabel.applying.span_votes import LENGTHS, SPANS_TYPE, placed_column
from wslabel.applying.wish import Wish
from wslabel.authoring import LabelingFunction, Preprocessor
from wslabel.authoring.foreign import RECORD
from wslabel.authoring.matchers import Matcher
from wslabel.core.votes import ABSTAIN_INDEX, FAULT_INDEX, vote_type
from wslabel.errors import LabelingFunctionError, suggest
from wslabel.suites import Suite

FAULTS = "__faults__"
DOC = "doc"
FAULT_TYPE = pa.list_(pa.struct([("lf", pa.string()), ("error", pa.string()), ("traceback", pa.string())]))


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
        self._spans = suite.task.kind == "spans"
        self._schemas: dict[pa.DataType, pa.Schema] = {}
        self._columns_made: dict[int, Columns] = {}
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
                np.array([self.suite.task.votable.index(lf.votes[0]) for lf, _ in some], self._type),
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
    def _made(self) -> dict[str, str]:
        """What functions read and no corpus may hold, with what it is, in words."""
        made = {one.name: f"the preprocessor {one.name} ({one.place})" for one in self._preprocessors.values()}
        told = {DOC: "spaCy's document of the text", RECORD: "the whole record", **made}
        asked = {column: one for one in reversed(self._functions) for column in one.columns if column in told}
        return {name: f"{told[name]}, which {one.name} ({one.place}) asks for" for name, one in asked.items()}

    @cached_property
    def columns(self) -> tuple[str, ...]:
        """The columns that the suite reads from the corpus, sorted; optional ones included."""
        made = {DOC, RECORD, *self._preprocessors}
        asked = {column for one in self._functions for column in one.columns}
        return tuple(sorted((asked - made) | ({"text"} if self._needs_doc or self._spans else set())))

    def check_columns(self, names: Iterable[str]) -> None:
        """Raise `LabelingFunctionError` unless every needed column is there and its name means one thing."""
        given = set(names)
        for column, what in self._made.items():
            if column in given:
                raise LabelingFunctionError(
                    f"{column!r} means two things: a column of the corpus, and {what}. Rename one of them."
                )
        there = {*given, DOC, RECORD, *self._preprocessors}
        for column, one in self._needs.items():
            if column not in there:
                what = "LF" if isinstance(one, LabelingFunction) else "Preprocessor"
                raise LabelingFunctionError(
                    f"{what} {one.name} ({one.place}) reads the column {column!r}, which the corpus does not have. "
                    + suggest(column, there - {"gold"})
                )

    def vote(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        """Return the votes on the batch, in its order: of all LFs, or of those that the batch asks for (`ask`)."""
        wish = Wish.of(batch)
        kernel = self if wish.lfs in (None, self.suite.lf_names) else self._only(wish.lfs or ())
        with WATCH.armed(wish.time_limit):
            return kernel._vote(batch.replace_schema_metadata(None), wish)

    def _vote(self, batch: pa.RecordBatch, wish: Wish) -> pa.RecordBatch:
        self.check_columns(batch.schema.names)
        asking = Asking(batch, wish, self._spans)
        if not self._spans and (column := self._only_column(batch)) is not None:
            return with_seconds(self._at_once(column, batch, asking), asking.seconds)
        votes = self._matched(batch, asking)
        called = [lf for lf in self.suite.lfs if lf.name not in votes]
        self._make_columns(batch, called, asking)
        lengths = pc.utf8_length(batch["text"]).cast(pa.int32()) if self._spans else None
        for lf in called:
            with asking.timed(FUNCTION, lf.name):
                if lengths is not None:
                    votes[lf.name] = asking.spans(lf, self.suite.task.votable, lengths.to_pylist())
                else:
                    votes[lf.name] = asking.votes(lf, self.suite.task.labels, self._type)
        voted = [votes[lf.name] for lf in self.suite.lfs]
        measured = [] if lengths is None else [lengths]
        arrays = [batch["id"], *voted, *measured, self._told(asking.faults, len(batch))]
        made = pa.RecordBatch.from_arrays(arrays, schema=self._schema(batch["id"].type))
        return with_soft(with_seconds(made, asking.seconds), asking.soft)

    def _told(self, faults: list[Told], n: int) -> pa.Array:
        """Return the column of faults, in the order of the suite's LFs."""
        if not faults:
            return pa.nulls(n, FAULT_TYPE)
        rows: list[list[Row] | None] = [None] * n
        order = {name: place for place, name in enumerate(self.suite.lf_names)}
        for row, name, failure in sorted(faults, key=lambda fault: order[fault.lf]):
            fault = {"lf": name, "error": failure.error, "traceback": failure.traceback}
            rows[row] = [*(rows[row] or []), fault]
        return pa.array(rows, FAULT_TYPE)

    def _matched(self, batch: pa.RecordBatch, asking: Asking) -> dict[str, pa.Array]:
        """Return the votes, by name, of the LFs that are matchers of a column of texts."""
        votes: dict[str, pa.Array] = {}
        for column, fused in self._fused.items():
            if column in batch.schema.names and is_text(batch[column].type):
                found = self._found(column, batch, asking)
                if self._spans:
                    with asking.timed(MATCHERS, column):
                        votes |= self._located(fused, batch[column], found)
                    continue
                flat = pa.array(found.ravel())  # cut rather than made, as there may be thousands
                votes |= {name: flat.slice(row * len(batch), len(batch)) for row, name in enumerate(fused.names)}
        return votes

    def _located(self, fused: Fused, texts: pa.Array, found: Marks) -> dict[str, pa.Array]:
        """Return the spans, by name, of the LFs that are matchers of the texts, where they match."""
        located = fused.matchers.located(texts, [np.flatnonzero(row >= 0) for row in found])
        return {
            name: placed_column(len(texts), *spans, int(mark))
            for name, mark, spans in zip(fused.names, fused.marks, located)
        }

    def _only_column(self, batch: pa.RecordBatch) -> str | None:
        """Return the column of texts, if all LFs are matchers of it and a whole number of words holds their votes."""
        for column, fused in self._fused.items():
            if len(fused.names) == len(self.suite.lfs) and column in batch.schema.names and is_text(batch[column].type):
                return column if len(batch) and len(batch) % 8 == 0 else None
        return None

    def _at_once(self, column: str, batch: pa.RecordBatch, asking: Asking) -> pa.RecordBatch:
        """Return the votes of LFs that all are matchers of the column; there may be thousands."""
        schema = self._schema(batch["id"].type)
        if len(batch) not in self._columns_made:
            self._columns_made = {len(batch): Columns(pa.schema(list(schema)[1:-1]), len(batch))}
        columns = self._columns_made[len(batch)]
        voted = columns.batch(self._found(column, batch, asking, columns.matrix))
        told = self._told(asking.faults, len(batch))
        return voted.add_column(0, schema.field(0), batch["id"]).add_column(len(schema) - 1, schema.field(-1), told)

    def _found(
        self, column: str, batch: pa.RecordBatch, asking: Asking, make: Callable[[int], Marks] | None = None
    ) -> Marks:
        """Return the votes of the LFs that are matchers of the column, LFs x records; `make` gives the memory."""
        fused, failed = self._fused[column], list[tuple[int, int, Failure]]()
        with asking.timed(MATCHERS, column):
            found = fused.matchers.where(batch[column], fused.marks, ABSTAIN_INDEX, failed, make)
        for lf, row, failure in failed:
            found[lf, row] = FAULT_INDEX
            asking.faults.append(Told(row, fused.names[lf], failure))
        return found

    def _schema(self, id_type: pa.DataType) -> pa.Schema:
        """Return the schema of the votes; kept, as there may be thousands of LFs."""
        if id_type not in self._schemas:
            kind = SPANS_TYPE if self._spans else pa.from_numpy_dtype(self._type)
            fields = [(lf.name, kind) for lf in self.suite.lfs]
            measured = [(LENGTHS, pa.int32())] if self._spans else []
            self._schemas[id_type] = pa.schema([("id", id_type), *fields, *measured, (FAULTS, FAULT_TYPE)])
        return self._schemas[id_type]

    def _only(self, asked: tuple[str, ...]) -> Kernel:
        if asked not in self._parts:
            self._parts[asked] = Kernel(self.suite.only(asked))
        return self._parts[asked]

    def _make_columns(self, batch: pa.RecordBatch, lfs: Sequence[LabelingFunction], asking: Asking) -> None:
        """Make the columns that the LFs and the preprocessors read, as Python values."""
        asked: list[LabelingFunction | Preprocessor] = [*lfs, *self._order]
        read = {column for one in asked for column in one.columns}
        if self._needs_doc:
            read.add("text")
        for name in self.columns:
            if name in read and name in batch.schema.names:
                asking.columns[name] = batch[name].to_pylist()
        if self.reads_all:
            told = [name for name in batch.schema.names if name != "gold"]
            asking.columns[RECORD] = [SimpleNamespace(**row) for row in batch.select(told).to_pylist()]
        if self._needs_doc:
            with asking.timed(DOCS, DOC):
                asking.make(DOC, make_docs(self.suite.spacy, asking.columns["text"]))
        for one in self._order:
            with asking.timed(PREPROCESSOR, one.name):
                asking.make(one.name, asking.answers(one))


def _compiles(matcher: Matcher) -> bool:
    """Tell whether the patterns make a regular expression together; where not, each record is a fault."""
    return matcher.kind == "phrases" or type(call(matcher.matches, "")) is not Failure


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
