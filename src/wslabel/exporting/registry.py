"""Export formats by name, with their options."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, is_dataclass
from pathlib import Path
from typing import Any

from wslabel.core.plugins import load_plugin, plugin_names
from wslabel.errors import ExportError, PluginError, suggest
from wslabel.exporting.formats.base import ExportContext, ExportFormat, Problem

_PACKAGE, _GROUP = "wslabel.exporting.formats", "wslabel.formats"


def format_names() -> list[str]:
    """Return the names of all export formats, those of other packages included.

    >>> "openai_chat" in format_names()
    True
    """
    return plugin_names(_PACKAGE, _GROUP)


def load_formats(format: str | Sequence[str], options: Mapping[str, Any] | None = None) -> dict[str, ExportFormat]:
    """Return the formats by name; each gets those of the options that it knows.

    Raises
    ------
    PluginError
        An unknown format, or an option that none of the formats knows.
    ExportError
        No format, or one named twice.
    """
    names = [format] if isinstance(format, str) else list(format)
    if not names or len(set(names)) != len(names):
        raise ExportError(f"The formats are {names}; expected at least one, each once. {suggest('', format_names())}")
    classes = {name: load_plugin(_PACKAGE, _GROUP, name, "FORMAT", "export format") for name in names}
    given = dict(options or {})
    known = {name: option_names(cls) for name, cls in classes.items()}
    for option in given:
        if not any(option in some for some in known.values()):
            choices = [name for some in known.values() for name in some]
            raise PluginError(f"{', '.join(names)}: there is no option {option!r}. {suggest(option, choices)}")
    return {name: cls(**{key: given[key] for key in known[name] if key in given}) for name, cls in classes.items()}


def option_names(cls: type[ExportFormat]) -> list[str]:
    """Return the names of a format's options: the fields of its dataclass."""
    return [field.name for field in fields(cls) if field.init] if is_dataclass(cls) else []


def validate_file(path: str | Path, format: str, options: Mapping[str, Any] | None = None) -> list[Problem]:
    """Check a file on its own against the published rules of a format.

    Parameters
    ----------
    path
        The file.
    format
        The format's name, see `format_names`.
    options
        Options of the format.

    Returns
    -------
    list of Problem
        In order of lines; empty when nothing is wrong. At most the first 100.

    Raises
    ------
    PluginError
        An unknown format; the message suggests one.
    ExportError
        The file cannot be opened.
    """
    (loaded,) = load_formats(format, options).values()
    try:
        with Path(path).open("rb"):
            pass
    except OSError as error:
        raise ExportError(f"{path}: cannot be read: {error.strerror or error}. Give the path of a file.") from error
    return loaded.validate(Path(path), ExportContext())
