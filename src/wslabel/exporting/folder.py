"""The export folder: files appear under their names only when whole, and nobody else's file is replaced."""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from wslabel.core.fingerprint import fingerprint_file
from wslabel.errors import ExportError

MANIFEST = "export.json"
"""Lists the files that wslabel wrote to the folder, with their fingerprints and numbers of records."""
_KIND = "wslabel export"


@contextmanager
def staging(folder: Path) -> Iterator[Path]:
    """Give a folder beside the final files, which is gone afterwards; make the export folder where needed.

    Raises
    ------
    ExportError
        The folder cannot be written to, or the disk is full.
    """
    made = not folder.exists()
    done = False
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=folder, prefix=".export-") as stage:
            yield Path(stage)
        done = True
    except OSError as error:
        raise ExportError(
            f"{folder}: the export cannot be written: {error.strerror or error}. "
            "Expected a folder with write permission and room for the files."
        ) from error
    finally:
        if made and not done and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


def publish(
    stage: Path,
    folder: Path,
    counts: Mapping[str, int],
    overwrite: bool,
    made_from: Mapping[str, Any] | None = None,
    only: bool = False,
) -> None:
    """Move the staged files to the folder and list them in its manifest.

    Parameters
    ----------
    counts
        The number of records of each file, by file name.
    overwrite
        Replace files whoever wrote them.
    made_from
        What the files were made from, for the manifest.
    only
        Remove files that an earlier export wrote and this one does not, where they are as it wrote them.

    Raises
    ------
    ExportError
        A file of that name stands there and is not as an earlier export wrote it.
    """
    listed = listed_files(folder)
    entries = {
        name: {"fingerprint": fingerprint_file(stage / name), "records": count} for name, count in counts.items()
    }
    if not overwrite:
        _require_own(folder, [*entries, MANIFEST], listed, entries)
    kept = {name: entry for name, entry in (listed or {}).items() if (folder / name).is_file()}
    gone = [name for name in kept if only and name not in entries and _as_written(folder / name, kept[name])]
    kept = {name: entry for name, entry in kept.items() if name not in gone}
    content = {"kind": _KIND, "version": 1, "files": {**kept, **entries}, "made_from": dict(made_from or {})}
    text = json.dumps(content, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
    (stage / MANIFEST).write_text(text, encoding="utf-8")
    for name in [*entries, MANIFEST]:
        (folder / name).parent.mkdir(exist_ok=True)
        os.replace(stage / name, folder / name)
    for name in gone:
        (folder / name).unlink()


def _as_written(path: Path, entry: Mapping[str, Any]) -> bool:
    return fingerprint_file(path) == entry.get("fingerprint")


def listed_files(folder: Path) -> dict[str, dict[str, Any]] | None:
    """Return the manifest's entries by file name, or None where there is no manifest of wslabel's."""
    try:
        content = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return None
    if not isinstance(content, dict) or content.get("kind") != _KIND or not isinstance(content.get("files"), dict):
        return None
    return {name: entry for name, entry in content["files"].items() if isinstance(entry, dict)}


def _require_own(
    folder: Path,
    names: list[str],
    listed: dict[str, dict[str, Any]] | None,
    entries: Mapping[str, Mapping[str, Any]],
) -> None:
    for name in names:
        path = folder / name
        if not os.path.lexists(path) or (name == MANIFEST and listed is not None):
            continue
        entry = (listed or {}).get(name)
        # The same content may stand there already: an export that was killed while it moved its files.
        wanted = {each["fingerprint"] for each in (entry, entries.get(name)) if each and "fingerprint" in each}
        if not path.is_file() or fingerprint_file(path) not in wanted:
            reason = "it was changed since wslabel wrote it" if entry else "no export of wslabel wrote it"
            raise ExportError(
                f"{path} is there already, and {reason}. Export to another folder, move the file away, "
                "or pass overwrite=True."
            )
