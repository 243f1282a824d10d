"""Frames of votes: the kernel runs where the records are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from wslabel.applying.kernel import FAULTS, Kernel
from wslabel.applying.spark.corpus import named_columns
from wslabel.applying.spark.counting import check_votes
from wslabel.applying.spark.session import clear_errors, map_in_arrow, to_arrow
from wslabel.applying.spec import KernelSpec
from wslabel.core.votes import ABSTAIN_INDEX, vote_type
from wslabel.errors import CorpusError, VotesError
from wslabel.suites import Suite

FAULT_RATE = 0.01


def vote_frame(frame: Any, suite: Suite, *, id: str = "id", text: str = "text", root: str | None = None) -> Any:
    """Return the votes of a suite on a Spark frame of records; nothing is voted on until the votes are used.

    That the suite loads in the executors is tried at once.

    Parameters
    ----------
    frame
        Records: a column of ids (strings or integers, none of them null), one of texts (strings, none null), and
        the columns that the suite reads.
    suite
        A suite that lies in files. Its name and fingerprint travel; executors load their own files.
    id, text
        Column names in the frame; they are the `id` and `text` of LFs.
    root
        The folder of industry packages in the executors, where it is another than here.

    Returns
    -------
    DataFrame
        ``id``, one column an LF (label index, -1 abstains) and ``__faults__``: a list of (lf, error, traceback)
        where LFs raised, null elsewhere; the vote of such an LF is an abstain.

    Raises
    ------
    SuiteError
        LFs from a notebook, or a suite that an executor does not find or finds changed.
    CorpusError, LabelingFunctionError
        A column is missing or of the wrong type.
    """
    spec = KernelSpec.of(suite)
    spec = spec if root is None else replace(spec, root=root)
    records = _records(frame, Kernel(suite), id, text)
    _check_executors(frame.sparkSession, spec)
    return map_in_arrow(records, VoteRecords(spec), _schema(suite))


def write_votes(votes: Any, folder: str | Path, *, overwrite: bool = False, max_fault_rate: float = FAULT_RATE) -> Any:
    """Write a frame of votes as Parquet where the executors are, and return the frame that reads them.

    Go on with the frame that comes back: every use of the one that `vote_frame` gave votes again. The columns are
    those of `StoredVotes.batches`, and ``__faults__``.

    Parameters
    ----------
    folder
        A folder or address that every executor reaches.
    overwrite
        Replace votes that are there already.
    max_fault_rate
        As in `apply`.

    Raises
    ------
    VotesError
        The folder is there already, or ids stand twice.
    FaultRateError
        An LF raises too often. The votes are written all the same, so that `collect_faults` can tell more.
    """
    from pyspark.errors import AnalysisException

    try:
        with clear_errors():
            writer = votes.write.mode("overwrite" if overwrite else "error").option("compression", "zstd")
            writer.parquet(str(folder))
    except AnalysisException as error:
        if "PATH_ALREADY_EXISTS" not in str(error):
            raise
        raise VotesError(f"{folder} is there already. Choose another folder, or pass overwrite=True.") from None
    written = votes.sparkSession.read.parquet(str(folder))
    check_votes(written, max_fault_rate)
    return written


@lru_cache(maxsize=8)
def kernel_of(spec: KernelSpec) -> Kernel:
    """Return the kernel, loaded once a Python worker: what it loaded has the fingerprint that was asked for."""
    return spec.kernel()


@dataclass(frozen=True)
class VoteRecords:
    """Votes on batches of records in an executor."""

    spec: KernelSpec

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the votes, with faults beside them, on each batch."""
        kernel = kernel_of(self.spec)
        for batch in batches:
            _refuse_nulls(batch)
            records = batch.select([name for name in batch.schema.names if name == "id" or name in kernel.columns])
            voted = kernel.vote(records)
            columns = dict(zip(voted.schema.names, voted.columns))
            yield pa.RecordBatch.from_pydict({name: _or_abstain(name, values) for name, values in columns.items()})


def _or_abstain(name: str, values: pa.Array) -> pa.Array:
    """Return the votes of an LF, abstains where it failed; other columns as they are."""
    return values if name in ("id", FAULTS) else pc.max_element_wise(values, pa.scalar(ABSTAIN_INDEX, values.type))


@dataclass(frozen=True)
class LoadSuite:
    """Loads a suite in an executor, and gives nothing."""

    spec: KernelSpec

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield nothing."""
        kernel_of(self.spec)
        for batch in batches:
            yield batch.slice(0, 0)


def _check_executors(session: Any, spec: KernelSpec) -> None:
    slots = session.sparkContext.defaultParallelism
    to_arrow(map_in_arrow(session.range(0, slots, 1, slots), LoadSuite(spec), "id long"))


def _records(frame: Any, kernel: Kernel, id: str, text: str) -> Any:
    """Select what the suite reads, under the names by which it reads it."""
    columns = named_columns(frame, id, text)
    kernel.check_columns(columns)
    wanted = ["id", "text", *(name for name in columns if name in kernel.columns and name not in ("id", "text"))]
    return frame.select([columns[name].alias(name) for name in wanted])


def _schema(suite: Suite) -> Any:
    from pyspark.sql.types import ArrayType, ByteType, ShortType, StringType, StructField, StructType

    vote = ByteType() if vote_type(suite.task.cardinality)().itemsize == 1 else ShortType()
    fault = StructType([StructField(name, StringType()) for name in ("lf", "error", "traceback")])
    lfs = [StructField(name, vote) for name in suite.lf_names]
    return StructType([StructField("id", StringType()), *lfs, StructField(FAULTS, ArrayType(fault))])


def _refuse_nulls(batch: pa.RecordBatch) -> None:
    for name in ("id", "text"):
        if batch[name].null_count:
            which = "" if name == "id" else f" of record {batch['id'][batch[name].is_null().index(True).as_py()]}"
            raise CorpusError(
                f"The {name}{which} is null. Leave such rows out before voting: frame.where('{name} IS NOT NULL')."
            )
