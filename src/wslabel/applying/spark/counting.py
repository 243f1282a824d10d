"""What travels from a frame of votes to the driver: patterns with their counts, and faults."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from wslabel.applying.kernel import FAULTS
from wslabel.applying.spark.session import clear_errors, to_arrow
from wslabel.core.votes import Fault, VotePatterns, vote_type
from wslabel.errors import FaultRateError, VotesError
from wslabel.suites import Suite

MAX_PATTERNS = 5_000_000
COUNT = "__count__"


@dataclass(frozen=True)
class FaultReport:
    """On how many records each LF raised, and some of them.

    Attributes
    ----------
    records
        All records, n.
    counts
        Records on which each LF raised; an LF that never did is not named.
    faults
        The first of them by record id, then by LF.
    """

    records: int
    counts: Mapping[str, int]
    faults: tuple[Fault, ...]

    def check(self, max_fault_rate: float) -> None:
        """Raise `FaultRateError` where an LF raised on more than this share of the records; one fault is let pass."""
        allowed = max(max_fault_rate * self.records, 1 if max_fault_rate > 0 else 0)
        for lf, count in sorted(self.counts.items()):
            if count > allowed:
                first = next((f" For one, record {one.id}: {one.error}" for one in self.faults if one.lf == lf), "")
                raise FaultRateError(
                    f"LF {lf} failed on {count} of {self.records} records; max_fault_rate is {max_fault_rate}."
                    f"{first} Mend the LF, or raise the rate."
                )


def collect_faults(votes: Any, limit: int = 100) -> FaultReport:
    """Return how often each LF raised, and the first `limit` faults with record ids and tracebacks."""
    from pyspark.sql import functions as sql

    told = votes.select("id", sql.explode(FAULTS).alias("fault")).select("id", "fault.*")
    counted = to_arrow(told.groupBy("lf").count().orderBy("lf"))
    counts = dict(zip(counted["lf"].to_pylist(), counted["count"].to_pylist()))
    first = to_arrow(told.orderBy("id", "lf").limit(limit)).to_pylist() if counts else []
    with clear_errors():
        records = votes.count()
    return FaultReport(records, counts, tuple(Fault(**row) for row in first))


def count_patterns(votes: Any, suite: Suite, gold: Any = None, max_patterns: int = MAX_PATTERNS) -> VotePatterns:
    """Count the distinct rows of votes on the cluster.

    ``LabelModel.fit_patterns(patterns, suite.lf_names)`` fits to them.

    Parameters
    ----------
    votes
        A frame of votes of the suite.
    gold
        A frame with the columns ``id`` and ``gold`` (label names), for records whose label is known. Each id once.
    max_patterns
        More distinct rows than that would not fit the driver, and are refused.

    Returns
    -------
    VotePatterns
        Sorted, and without `inverse`.

    Raises
    ------
    VotesError
        Votes of other LFs, more patterns than `max_patterns`, or gold that is no label.
    """
    from pyspark.sql import functions as sql

    lfs, labels = list(suite.lf_names), suite.task.labels
    check_columns(votes, lfs)
    frame = votes.select("id", *lfs)
    totals = [sql.count("*").alias(COUNT)]
    if gold is not None:
        _check_gold(gold, labels)
        frame = frame.join(gold.select("id", sql.col("gold").alias("__gold__")), "id", "left")
        totals += [sql.count_if(sql.col("__gold__") == label).alias(f"__gold_{k}__") for k, label in enumerate(labels)]
    table = to_arrow(frame.groupBy(*lfs).agg(*totals).limit(max_patterns + 1))
    if table.num_rows > max_patterns:
        raise VotesError(
            f"There are more than {max_patterns} distinct rows of votes. Use fewer LFs, or raise max_patterns."
        )
    return _patterns(table, lfs, labels, gold is not None)


def check_columns(votes: Any, lf_names: list[str]) -> None:
    """Raise `VotesError` unless these are the votes of these LFs."""
    there = [name for name in votes.columns if name not in ("id", FAULTS)]
    if sorted(there) != sorted(lf_names):
        raise VotesError(f"Expected the votes of {', '.join(lf_names)}; the frame has {', '.join(there)}. Vote again.")


def check_votes(votes: Any, max_fault_rate: float) -> None:
    """Raise an error where ids stand twice or an LF raises too often."""
    from pyspark.sql import functions as sql

    repeated = to_arrow(votes.groupBy("id").count().where("count > 1").orderBy("id").limit(1)).to_pylist()
    if repeated:
        raise VotesError(
            f"The id {repeated[0]['id']!r} stands {repeated[0]['count']} times. Name a column of distinct ids; "
            "ids derived from texts repeat where the texts do."
        )
    if to_arrow(votes.where(sql.col(FAULTS).isNotNull()).select("id").limit(1)).num_rows:
        collect_faults(votes).check(max_fault_rate)


def _check_gold(gold: Any, labels: tuple[str, ...]) -> None:
    from pyspark.sql import functions as sql

    wrong = to_arrow(gold.where(sql.col("gold").isNotNull() & ~sql.col("gold").isin(*labels)).limit(1)).to_pylist()
    if wrong:
        raise VotesError(
            f"Record {wrong[0]['id']} has the gold label {wrong[0]['gold']!r}; expected one of {', '.join(labels)}."
        )


def _patterns(table: pa.Table, lfs: list[str], labels: tuple[str, ...], gold: bool) -> VotePatterns:
    kind = vote_type(len(labels))
    votes = np.stack([table[name].to_numpy().astype(kind) for name in lfs], axis=1)
    order = np.lexsort(votes.T[::-1])
    known = np.zeros((len(votes), len(labels)), np.int64)
    if gold:
        known = np.stack([table[f"__gold_{k}__"].to_numpy() for k in range(len(labels))], axis=1).astype(np.int64)
    counts = table[COUNT].to_numpy().astype(np.int64)
    return VotePatterns(votes[order], counts[order], np.zeros(0, np.int64), known[order], labels)
