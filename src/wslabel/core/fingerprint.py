"""Fingerprints: short, stable names of content, equal on every machine and in every process."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

_SIZE = 16
"""Bytes of a fingerprint: 128 bits, so that a chance collision among 10**12 contents stays under 1e-14."""


def fingerprint(*parts: Any) -> str:
    """Return the fingerprint of JSON values, bytes and paths (a path stands for its name only).

    >>> fingerprint("a", 1) == fingerprint("a", 1), fingerprint("ab") == fingerprint("a", "b")
    (True, False)
    """
    digest = hashlib.blake2b(digest_size=_SIZE)
    for part in parts:
        data = part if isinstance(part, bytes) else canonical_json(part).encode("utf-8", "surrogatepass")
        digest.update(len(data).to_bytes(8, "little"))
        digest.update(data)
    return digest.hexdigest()


def fingerprint_file(path: Path) -> str:
    """Return the fingerprint of a file's bytes, read in pieces."""
    digest = hashlib.blake2b(digest_size=_SIZE)
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    return digest.hexdigest()


def fingerprint_files(paths: Iterable[Path]) -> str:
    """Return the fingerprint of files in order, by name and content."""
    return fingerprint(*[[path.name, fingerprint_file(path)] for path in paths])


def canonical_json(value: Any) -> str:
    """Return JSON with sorted keys and no spaces, so that equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=str)
