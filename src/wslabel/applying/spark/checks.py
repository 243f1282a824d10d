"""What Spark needs of a machine, for `wslabel doctor`."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

OLDEST_JAVA = 17
PATIENCE = 60
_PROBE = "import sys, pyarrow, wslabel; print('%d.%d' % sys.version_info[:2])"

Check = tuple[str, str, bool]


def check_spark() -> list[Check]:
    """Return what was looked at, what it is, and whether it is as it must be; all is well where there is no pyspark."""
    try:
        installed = version("pyspark")
    except PackageNotFoundError:
        return [("pyspark", "not installed (pip install 'wslabel[spark]')", True)]
    return [("pyspark", installed, True), _java(), _arrow(), _python()]


def _java() -> Check:
    home = os.environ.get("JAVA_HOME")
    program = str(Path(home, "bin", "java")) if home else shutil.which("java")
    wanted = f"install Java {OLDEST_JAVA} or newer, or set JAVA_HOME"
    try:
        done = _run([program or "java", "-version"])
    except (OSError, subprocess.SubprocessError):
        return "spark: java", f"{program or 'java'} does not run; {wanted}", False
    found = re.search(r'version "(?:1\.)?(\d+)[^"]*"', done.stderr + done.stdout)
    if found is None:
        return "spark: java", f"{program} does not tell its version; {wanted}", False
    fits = int(found[1]) >= OLDEST_JAVA
    return "spark: java", f"{found[1]} ({program})" + ("" if fits else f"; {wanted}"), fits


def _arrow() -> Check:
    from pyspark.sql.pandas.utils import require_minimum_pyarrow_version

    try:
        require_minimum_pyarrow_version()
    except ImportError as error:
        return "spark: arrow", str(error), False
    return "spark: arrow", f"pyarrow {version('pyarrow')}", True


def _python() -> Check:
    """Try the Python that executors run: that of PYSPARK_PYTHON, which wslabel's own sessions set to this one."""
    what, program = "spark: python", os.environ.get("PYSPARK_PYTHON")
    if program is None:
        return what, "this one in sessions of wslabel; PYSPARK_PYTHON, not set, decides in others", True
    mine = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        done = _run([program, "-c", _PROBE])
    except (OSError, subprocess.SubprocessError):
        return what, f"PYSPARK_PYTHON={program} does not run", False
    said = done.stdout.strip()
    if done.returncode:
        said = done.stderr.strip().rpartition("\n")[2]
        return what, f"PYSPARK_PYTHON={program}: {said}; install wslabel there", False
    return what, f"PYSPARK_PYTHON={program}, {said}" + ("" if said == mine else f"; expected {mine}"), said == mine


def _run(command: list[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE, check=False)
