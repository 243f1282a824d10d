"""The cells of a rule in a spreadsheet: lists, pairs, numbers and examples as text, and back.

A list is written with ``;`` (or a line break) between its entries; white space around an entry does not count. An
entry in double quotes is taken as it stands, with ``""`` for a quote inside. ``file: PATH`` alone stands for a word
list. Near and before are written ``chest; thorax NEAR/3 pain; ache`` and ``pump BEFORE/2 tripped`` (``BEFORE`` for any
number of words), several of them with ``AND`` between. An example that is a whole record is written as a JSON object.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from wslabel.authoring.conditions import NEAR_WORDS
from wslabel.errors import SuiteError
from wslabel.suites.rules import EXAMPLES, PAIRS

LISTS = ("any_of", "all_of", "none_of", "pattern", "types", "not_preceded_by")
NUMBERS = ("at_least", "scope")
FILE = "file:"
YES, NO = ("yes", "true"), ("no", "false")
SHOWN = {"near": "chest; thorax NEAR/3 pain; ache", "before": "pump BEFORE/2 tripped; stopped"}
_OPERATOR = r"(?<!\S)(?:AND|NEAR(?:/\d+)?|BEFORE(?:/\d+)?)(?!\S)"
_QUOTED = r'\s*"((?:[^"]|"")*)"\s*'
_IN_LIST = re.compile(rf"(?:{_QUOTED}|(.*?))(;|\n|\Z)", re.DOTALL)
_IN_PAIRS = re.compile(rf"(?:{_QUOTED}|(.*?))(;|\n|{_OPERATOR}|\Z)", re.DOTALL)
_RESERVED = re.compile(rf'\A"|[;\n]|\A{FILE}|{_OPERATOR}')


class Entry(NamedTuple):
    """An entry of a list, whether it is in quotes, and what ends it."""

    text: str
    quoted: bool
    end: str


@dataclass(frozen=True)
class Cell:
    """A cell of the sheet of rules.

    Attributes
    ----------
    key
        The column: the key of the rule.
    kind
        The kind of the rule.
    where
        File, row and column, for error messages.
    """

    key: str
    kind: str
    where: str

    @property
    def _takes_files(self) -> bool:
        return self.key == "not_preceded_by" or (self.kind != "regex" and self.key not in ("types", *EXAMPLES))

    def read(self, cell: str) -> Any:
        """Return the value that the text of the cell stands for, as rules.toml would give it.

        Raises
        ------
        SuiteError
            The text is no such value.
        """
        word = cell.strip().lower()
        if self.key in NUMBERS:
            if not re.fullmatch(r"[0-9]{1,9}", word):
                raise SuiteError(f"{self.where}: {cell!r} is no whole number.")
            return int(word)
        if self.key in ("ignore_case", "fold_accents") and word not in (*YES, *NO):
            raise SuiteError(f"{self.where}: {cell!r} is neither yes nor no.")
        if self.key in ("ignore_case", "fold_accents") or (self.key == "not_preceded_by" and word in YES):
            return word in YES
        if self.key in LISTS:
            return self._list(_entries(cell, _IN_LIST))
        if self.key in EXAMPLES:
            return [self._example(entry) for entry in _entries(cell, _IN_LIST)]
        if self.key in PAIRS:
            return self._pairs(cell)
        return cell if self.key == "why" else cell.strip()

    def write(self, value: Any, votes: str) -> str | int:
        """Return what `read` reads as the value, of a rule that votes `votes`.

        Raises
        ------
        SuiteError
            No cell can hold the value.
        """
        if isinstance(value, bool):
            return "yes" if value else ("" if self.key == "not_preceded_by" else "no")
        if self.key in NUMBERS:
            return int(value)
        if self.key in PAIRS:
            return " AND ".join(map(self._write_pair, [value] if isinstance(value, dict) else value))
        if self.key in EXAMPLES:
            return "; ".join(self._write_entry(self._record(one)) for one in self._examples(value, votes))
        if self.key in LISTS:
            return self._write_list(value)
        return str(value) if str(value).strip() else ""  # a blank cell is read as an empty one

    def _list(self, entries: list[Entry]) -> str | list[str]:
        """Return the entries, or the path of the word list that they name."""
        first = entries[0] if entries else Entry("", True, "")
        if self._takes_files and len(entries) == 1 and not first.quoted and first.text.startswith(FILE):
            return first.text[len(FILE) :].strip()
        return [entry.text for entry in entries]

    def _write_list(self, value: str | list[str]) -> str:
        if isinstance(value, list):
            return "; ".join(map(self._write_entry, value))
        if not self._takes_files:
            return self._write_entry(value)
        if _RESERVED.search(value) or value != value.strip():
            raise SuiteError(f"{self.where}: the path {value!r} has no place in a cell. Rename the file.")
        return f"{FILE} {value}"

    def _write_entry(self, entry: str) -> str:
        meant = self.key == "not_preceded_by" and entry.lower() in YES
        if entry and entry == entry.strip() and not _RESERVED.search(entry) and not meant:
            return entry
        return '"{}"'.format(entry.replace('"', '""'))

    def _pairs(self, cell: str) -> list[dict[str, Any]]:
        pairs: list[dict[str, Any]] = []
        sides, operator = list[Any](), ""
        entries = list[Entry]()
        for entry in _entries(cell, _IN_PAIRS):
            entries += [entry] if entry.text else []
            if entry.end in (";", "\n"):
                continue
            sides.append(self._list(entries))
            entries = []
            if entry.end and entry.end != "AND":
                operator = entry.end
            if not sides[-1] or (len(sides) == 2) != (entry.end in ("AND", "")) or not self._is_operator(operator):
                raise SuiteError(f"{self.where}: {cell!r} is not understood. Expected, say, {SHOWN[self.key]}")
            if len(sides) == 2:
                pairs.append({"first": sides[0], "second": sides[1], **self._within(operator)})
                sides, operator = [], ""
        return pairs

    def _is_operator(self, operator: str) -> bool:
        return operator.partition("/")[0] == self.key.upper()

    def _within(self, operator: str) -> dict[str, int]:
        number = operator.partition("/")[2]
        return {"within": int(number)} if number else {}

    def _write_pair(self, pair: Mapping[str, Any]) -> str:
        within = pair.get("within", NEAR_WORDS if self.key == "near" else None)
        operator = self.key.upper() if within is None else f"{self.key.upper()}/{within}"
        return f"{self._write_list(pair['first'])} {operator} {self._write_list(pair['second'])}"

    def _example(self, entry: Entry) -> str | dict[str, Any]:
        if not _like_a_record(entry.text):
            return entry.text
        try:
            return dict(json.loads(entry.text))
        except json.JSONDecodeError as error:
            raise SuiteError(f"{self.where}: {entry.text!r} stands in braces but is no JSON object: {error}.") from None

    def _examples(self, value: Any, votes: str) -> list[Any]:
        if isinstance(value, dict) and set(value) - {votes}:
            raise SuiteError(f"{self.where}: examples of {', '.join(value)}; a cell has place for those of {votes}.")
        return list(value.get(votes, []) if isinstance(value, dict) else value)

    def _record(self, example: str | dict[str, Any]) -> str:
        if isinstance(example, str) and not _like_a_record(example):
            return example
        try:
            return json.dumps({"text": example} if isinstance(example, str) else example, ensure_ascii=False)
        except TypeError as error:
            raise SuiteError(f"{self.where}: {example!r} has no place in a cell: {error}.") from None


def _entries(cell: str, pattern: re.Pattern[str]) -> list[Entry]:
    """Return the entries; empty ones that are not in quotes are left out, unless an operator ends them."""
    found: list[Entry] = []
    at, end = 0, ";"
    while end:
        match = pattern.match(cell, at)
        assert match is not None  # the plain alternative always matches
        quoted, plain, end = match.groups()
        text = plain.strip() if quoted is None else quoted.replace('""', '"')
        if text or quoted is not None or end not in (";", "\n", "") or pattern is _IN_PAIRS:
            found.append(Entry(text, quoted is not None, end))
        at = match.end()
    return found


def _like_a_record(text: str) -> bool:
    return text.startswith("{") and text.endswith("}")
