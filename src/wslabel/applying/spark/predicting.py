"""Frames of probabilities: a fitted label model predicts where the votes are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import pyarrow as pa

from wslabel.applying.spark.counting import check_columns
from wslabel.applying.spark.session import map_in_arrow
from wslabel.core.labels import Labels
from wslabel.core.votes import VoteMatrix

PROBABILITY = "p_"


class Fitted(Protocol):
    """What predicts: a fitted label model. Its class must be importable in the executors."""

    @property
    def labels(self) -> tuple[str, ...]:
        """K label names."""
        ...

    @property
    def lf_names(self) -> tuple[str, ...]:
        """The LFs to whose votes it was fitted."""
        ...

    def predict(self, votes: VoteMatrix) -> Labels:
        """Return the probabilities of the labels."""
        ...


def predict_frame(votes: Any, fitted: Fitted) -> Any:
    """Return a frame with ``id``, ``covered`` and ``p_<label>``, one probability a label.

    Parameters
    ----------
    votes
        A frame of votes of the LFs to which the model was fitted.
    fitted
        A fitted label model.

    Raises
    ------
    VotesError
        Votes of other LFs.
    """
    from pyspark.sql.types import BooleanType, DoubleType, StringType, StructField, StructType

    check_columns(votes, list(fitted.lf_names))
    probabilities = [StructField(f"{PROBABILITY}{label}", DoubleType()) for label in fitted.labels]
    schema = StructType([StructField("id", StringType()), StructField("covered", BooleanType()), *probabilities])
    return map_in_arrow(votes.select("id", *fitted.lf_names), PredictVotes(fitted), schema)


@dataclass(frozen=True)
class PredictVotes:
    """Predicts from batches of votes in an executor."""

    fitted: Fitted

    def __call__(self, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        """Yield the probabilities of each batch."""
        for batch in batches:
            votes = np.stack([batch[name].to_numpy() for name in self.fitted.lf_names], axis=1)
            matrix = VoteMatrix(batch["id"].to_pylist(), votes, self.fitted.lf_names, self.fitted.labels)
            labels = self.fitted.predict(matrix)
            probabilities = {
                f"{PROBABILITY}{label}": pa.array(labels.probs[:, k]) for k, label in enumerate(labels.labels)
            }
            columns = {"id": batch["id"], "covered": pa.array(labels.covered), **probabilities}
            yield pa.RecordBatch.from_pydict(columns)
