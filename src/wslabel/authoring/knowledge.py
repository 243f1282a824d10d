"""What the names of a gazetteer name: the ids of a knowledge base's entries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from wslabel.authoring.accents import unaccented
from wslabel.authoring.finders import fold
from wslabel.authoring.tables import read_columns
from wslabel.core.fingerprint import fingerprint
from wslabel.errors import LabelingFunctionError


@dataclass(frozen=True, eq=False)
class Knowledge:
    """The names in a table, with the ids of what they name.

    Attributes
    ----------
    path
        The table.
    rows
        Its columns ``alias`` and, where it has one, ``id``, of the wanted types.
    ignore_case
        Whether names that differ in case only are one.
    fold_accents
        Whether names that differ in accents only are one.
    """

    path: Path
    rows: pa.Table = field(repr=False)
    ignore_case: bool = True
    fold_accents: bool = False

    @cached_property
    def aliases(self) -> tuple[str, ...]:
        """The different names, as they are written, in the order of the table."""
        return tuple(dict.fromkeys(self.rows["alias"].to_pylist()))

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of names and ids."""
        return fingerprint(self.rows.column_names, *(column.to_pylist() for column in self.rows))

    def ids(self, found: str) -> tuple[str, ...]:
        """Return the ids of all that the found words may name, in the order of the table."""
        return self._ids.get(self._key(found), ())

    @cached_property
    def _ids(self) -> dict[str, tuple[str, ...]]:
        if "id" not in self.rows.column_names:
            return {}
        by_name: dict[str, tuple[str, ...]] = {}
        for alias, entry in zip(self.rows["alias"].to_pylist(), self.rows["id"].to_pylist()):
            key = self._key(alias)
            known = by_name.get(key, ())
            if entry and entry not in known:
                by_name[key] = (*known, entry)
        return by_name

    def _key(self, name: str) -> str:
        plain = unaccented(name) if self.fold_accents else name
        return fold(plain) if self.ignore_case else plain


def read_knowledge(
    path: Path, types: Sequence[str] = (), ignore_case: bool = True, fold_accents: bool = False
) -> Knowledge:
    """Read the names of entities, of these types only where some are named.

    Raises
    ------
    LabelingFunctionError
        The table cannot be read, lacks a column, or no entity is left.
    """
    table = read_columns(path)
    for column in ("alias", *(["type"] if types else [])):
        if column not in table.column_names:
            raise LabelingFunctionError(
                f"{path}: there is no column {column!r}; it has {', '.join(table.column_names)}."
            )
    if types:
        table = table.filter(pc.is_in(table["type"], pa.array(types, pa.string())))
    if not len(table):
        raise LabelingFunctionError(f"{path}: no entity of type {', '.join(types)}.")
    kept = table.select([name for name in ("alias", "id") if name in table.column_names])
    return Knowledge(path, kept, ignore_case, fold_accents)
