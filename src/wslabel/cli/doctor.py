"""`wslabel doctor`."""

from __future__ import annotations

import os
import platform
import sys
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import click

from wslabel.cli.shell import json_option, print_json
from wslabel.errors import WslabelError

LIBRARIES = ("numpy", "scipy", "pyarrow", "pandas", "scikit-learn", "spacy", "cleanlab", "click", "rich", "pydantic")
OLDEST = (3, 11)


@click.command(short_help="Check the installation.")
@json_option
def doctor(as_json: bool) -> None:
    """Check Python, the libraries and the suites that can be found; exits with 1 when something is wrong.

    \b
    Example:
      wslabel doctor
    """
    findings = [_python(), *(_library(name) for name in LIBRARIES), *_spark(), _suites()]
    if as_json:
        print_json(findings)
    else:
        for one in findings:
            click.echo(f"{'ok  ' if one['ok'] else 'FAIL'}  {one['what']:<14} {one['is']}")
    if not all(one["ok"] for one in findings):
        raise click.exceptions.Exit(1)


def _python() -> dict[str, Any]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    told = f"{platform.python_version()} on {platform.system()}, {cores} cores"
    return {"what": "python", "is": told, "ok": sys.version_info >= OLDEST}


def _library(name: str) -> dict[str, Any]:
    try:
        return {"what": name, "is": version(name), "ok": True}
    except PackageNotFoundError:
        return {"what": name, "is": f"not installed; run: pip install {name}", "ok": False}


def _spark() -> list[dict[str, Any]]:
    from wslabel.applying.spark.checks import check_spark

    return [{"what": what, "is": told, "ok": ok} for what, told, ok in check_spark()]


def _suites() -> dict[str, Any]:
    from wslabel.suites.discovery import find_suites

    try:
        found = find_suites()
    except WslabelError as error:
        return {"what": "suites", "is": str(error), "ok": False}
    return {"what": "suites", "is": ", ".join(found) or "none found here", "ok": True}
