"""Files that are whole or not there: written under a temporary name, then renamed."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from wslabel.errors import WslabelError

TEMPORARY, LOCK = ".tmp", ".lock"


def write_atomically(path: Path, write: Callable[[Path], object], error: type[WslabelError] = WslabelError) -> None:
    """Let `write` make a file beside `path`, then rename it to `path`.

    Raises
    ------
    WslabelError
        Of the given type: the folder cannot be written, or the disk is full.
    """
    beside = path.with_name(f".{path.name}{TEMPORARY}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write(beside)
        os.replace(beside, path)
    except OSError as fault:
        beside.unlink() if beside.exists() and os.access(path.parent, os.W_OK) else None
        raise error(
            f"{path}: cannot be written: {fault.strerror or fault}. Choose another folder, or free the place."
        ) from None
    except UnicodeEncodeError as fault:
        raise error(
            f"{path}: cannot be written: {fault.object[max(fault.start - 30, 0) : fault.end]!r} "
            "ends in what is not valid UTF-8. Rename what is called so."
        ) from None


def write_text(path: Path, text: str, error: type[WslabelError] = WslabelError) -> None:
    """Write text as UTF-8, atomically."""
    write_atomically(path, lambda beside: beside.write_bytes(text.encode("utf-8")), error)


def write_json(path: Path, value: Any, error: type[WslabelError] = WslabelError) -> None:
    """Write a JSON value with sorted keys, atomically."""
    write_text(path, json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False) + "\n", error)


def write_jsonl(path: Path, values: Iterable[Any], error: type[WslabelError] = WslabelError) -> None:
    """Write JSON values, one a line, atomically."""
    lines = (json.dumps(value, sort_keys=True, ensure_ascii=False) + "\n" for value in values)
    write_text(path, "".join(lines), error)


@contextmanager
def locked(folder: Path, error: type[WslabelError] = WslabelError) -> Iterator[None]:
    """Keep other processes from writing into the folder meanwhile; the lock ends with this process, however it ends.

    Raises
    ------
    WslabelError
        Of the given type: another process writes there.
    """
    try:
        file = (folder / LOCK).open("w")
    except OSError as fault:
        raise error(f"{folder}: cannot be written: {fault.strerror}. Choose another folder.") from None
    with file:
        try:
            _lock(file)
        except OSError:
            raise error(f"{folder}: another wslabel process is writing there. Wait for it.") from None
        yield


def _lock(file: IO[str]) -> None:
    try:
        import fcntl
    except ImportError:  # Windows has no such locks
        return
    fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


def remove_temporaries(folder: Path) -> None:
    """Remove what an interrupted write left in the folder."""
    for path in folder.glob(f".*{TEMPORARY}"):
        path.unlink()
