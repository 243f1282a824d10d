"""The Spark engine; what it stands on, and what scales further, is in `wslabel.applying.spark`."""

from __future__ import annotations

from wslabel.applying.spark.engine import SparkEngine

ENGINE = SparkEngine()
