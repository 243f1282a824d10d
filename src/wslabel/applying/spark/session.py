"""The Spark session, and what goes wrong in executors told as it would be told here."""

from __future__ import annotations

import os
import re
import sys
import warnings
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pyarrow as pa

from wslabel import errors
from wslabel.errors import CorpusError, PluginError, WslabelError

INSTALL = "Install it: pip install 'wslabel[spark]'."
OTHER_PYTHON = (
    "Set PYSPARK_PYTHON, before the session starts, to a Python of this version that has wslabel on every executor."
)
_OURS = re.compile(r"wslabel\.errors\.(\w+): (.+)")

BatchFunction = Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]


def active_session() -> Any:
    """Return the session that is active, or start one with all cores of this machine.

    Raises
    ------
    PluginError
        pyspark is not installed, or Java does not start.
    """
    try:
        from pyspark.errors import PySparkException
        from pyspark.sql import SparkSession
    except ImportError:
        raise PluginError(f"The engine 'spark' needs pyspark, which is not installed. {INSTALL}") from None
    active = SparkSession.getActiveSession()
    if active is not None:
        return active
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)  # else workers run whatever python3 the path leads to
    settings = {
        "spark.ui.enabled": "false",
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
    }
    try:
        return SparkSession.builder.master("local[*]").appName("wslabel").config(map=settings).getOrCreate()
    except PySparkException as error:
        raise PluginError(f"Spark does not start: {error} It needs Java 17 or newer; see `wslabel doctor`.") from None


def map_in_arrow(frame: Any, function: BatchFunction, schema: Any) -> Any:
    """Return ``frame.mapInArrow(function, schema)``."""
    with warnings.catch_warnings():
        # Spark warns of pandas 3 wherever Arrow is used, though no frame passes through pandas here.
        warnings.filterwarnings("ignore", "PySpark does not yet fully support pandas", FutureWarning)
        return frame.mapInArrow(function, schema)


def to_arrow(frame: Any) -> pa.Table:
    """Return the frame's rows, here in the driver."""
    with clear_errors():
        return frame.toArrow()


@contextmanager
def clear_errors() -> Iterator[None]:
    """Raise a `WslabelError` of an executor as itself, without Spark's pages of Java around it."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except (PySparkException, Py4JError) as error:
        told = _told(str(error))
        if told is None:
            raise
        raise told from None


def _told(text: str) -> WslabelError | None:
    found = _OURS.search(text)
    kind = getattr(errors, found[1], None) if found else None
    if found and isinstance(kind, type) and issubclass(kind, WslabelError):
        return kind(found[2].strip())
    if "No module named 'wslabel" in text:
        return PluginError(f"The executors' Python has no wslabel. {OTHER_PYTHON}")
    if "PYTHON_VERSION_MISMATCH" in text:
        return PluginError(f"The executors run another Python than {sys.version.split()[0]}. {OTHER_PYTHON}")
    if "MALFORMED_RECORD_IN_PARSING" in text:
        row = text.partition("\n")[0][:400]
        return CorpusError(f"A row of the corpus is malformed: {row} Mend it, or read the files with `read_records`.")
    return None
