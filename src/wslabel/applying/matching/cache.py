"""Tables of phrases on disk: arrays that later processes map instead of making them again.

A table lies in a folder named by the hash of all that it was made of: `.npy` files, and their check sums. The folder
appears at once when it is whole. What is damaged or of another version is made again; where nothing can be written,
the table is made by each process.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
import tempfile
import unicodedata
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa

from wslabel.applying.matching.buffers import buffers

Arrays = dict[str, np.ndarray[Any, Any]]
FORMAT = 2
FEWEST = 10_000
"""Fewer phrases are not worth a file."""
MANIFEST = "manifest.json"


def cached(phrases: pa.Array, ignore_case: bool, make: Callable[[], Arrays]) -> Arrays:
    """Return the arrays that `make` makes of the phrases, from disk where they are there; all of them read-only."""
    if len(phrases) < FEWEST:
        return _read_only(make())
    folder = cache_folder() / "phrases" / _key(phrases, ignore_case)
    arrays = _read(folder)
    if arrays is None:
        arrays = make()
        _write(folder, arrays)
    return _read_only(arrays)


def cache_folder() -> Path:
    """Return the folder for what can be made again: ``$WSLABEL_CACHE``, or ``wslabel`` in the user's cache folder."""
    if own := os.environ.get("WSLABEL_CACHE"):
        return Path(own)
    home = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    return (Path(home) if home else Path(os.path.expanduser("~")) / ".cache") / "wslabel"


def _key(phrases: pa.Array, ignore_case: bool) -> str:
    data, offsets = buffers(phrases)
    versions = [FORMAT, sys.version_info[:3], unicodedata.unidata_version, sys.byteorder, ignore_case]
    digest = hashlib.sha256(json.dumps(versions).encode())
    digest.update((offsets - offsets[0]).data)
    digest.update(data[offsets[0] : offsets[-1]].data)
    return digest.hexdigest()[:32]


def _read(folder: Path) -> Arrays | None:
    """Return the arrays in the folder, mapped; None where it is not there, or not as it was written."""
    try:
        sums: dict[str, int] = json.loads((folder / MANIFEST).read_bytes())
        arrays = {name: np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r")) for name in sums}
        whole = bool(sums) and all(_sum(one) == sums[name] for name, one in arrays.items())
    except (OSError, ValueError, AttributeError, EOFError):
        return None
    return arrays if whole else None


def _write(folder: Path, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """Write the arrays in one step; give up where it cannot be done."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        own = Path(tempfile.mkdtemp(prefix=".new-", dir=folder.parent))
    except OSError:
        return
    try:
        for name, one in arrays.items():
            np.save(own / f"{name}.npy", one, allow_pickle=False)
        sums = {name: _sum(one) for name, one in arrays.items()}
        (own / MANIFEST).write_text(json.dumps(sums))
        if folder.exists() and _read(folder) is None:
            shutil.rmtree(folder, ignore_errors=True)
        os.rename(own, folder)
    except OSError:  # no room, or another process was first
        pass
    finally:
        shutil.rmtree(own, ignore_errors=True)


def _sum(one: np.ndarray[Any, Any]) -> int:
    head = f"{one.dtype} {one.shape}".encode()
    return zlib.crc32(np.ascontiguousarray(one).view(np.uint8).data, zlib.crc32(head))


def _read_only(arrays: Arrays) -> Arrays:
    for one in arrays.values():
        one.flags.writeable = False
    return arrays
