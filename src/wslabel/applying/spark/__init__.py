"""Votes on a Spark cluster: suites travel by name, records never pass the driver.

The only place that imports pyspark. ``apply(..., engine="spark")`` takes records from the driver and gives votes back
to it; `vote_frame` and what follows keep both where they are. docs/scale_out.md shows the whole path.
"""

from wslabel.applying.spark.corpus import read_corpus
from wslabel.applying.spark.counting import FaultReport, collect_faults, count_patterns
from wslabel.applying.spark.engine import SparkEngine
from wslabel.applying.spark.predicting import predict_frame
from wslabel.applying.spark.voting import vote_frame, write_votes

__all__ = [
    "FaultReport",
    "SparkEngine",
    "collect_faults",
    "count_patterns",
    "predict_frame",
    "read_corpus",
    "vote_frame",
    "write_votes",
]
