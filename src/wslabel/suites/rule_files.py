"""Files of rules: ``rules.toml``, ``rules.csv`` and ``rules.xlsx``, read and written; they hold the same."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from wslabel.authoring.labeling_function import LabelingFunction, Place
from wslabel.core.files import write_text
from wslabel.errors import SuiteError
from wslabel.suites.rules import COLUMNS, Rule, rule_lf
from wslabel.suites.sheets import read_csv, read_xlsx, write_csv, write_xlsx

NAMES = ("rules.toml", "rules.csv", "rules.xlsx")
"""The files of a suite that are read as rules."""
LINE = 120


def read_rules(file: Path) -> list[LabelingFunction]:
    """Return the LFs that a file of rules declares, in order.

    Raises
    ------
    SuiteError, LabelingFunctionError
        A file that cannot be read, a rule without a needed key, or with an unknown or wrong one.
    """
    return [rule_lf(rule) for rule in read_rule_file(file)]


def read_rule_file(file: Path) -> list[Rule]:
    """Return the rules of a TOML, CSV or XLSX file, not yet checked.

    Raises
    ------
    SuiteError
        The file cannot be read, or is none of these.
    """
    rules: list[Rule] = _by_suffix(file, read_toml, read_csv, read_xlsx)(file)
    return rules


def write_rule_file(rules: Sequence[Rule], file: Path) -> None:
    """Write rules as TOML, CSV or XLSX, as the file's name says.

    Raises
    ------
    SuiteError
        The file cannot be written, or a rule holds what it cannot hold.
    """
    _by_suffix(file, write_toml, write_csv, write_xlsx)(rules, file)


def _by_suffix(file: Path, toml: Any, csv: Any, xlsx: Any) -> Callable[..., Any]:
    known: dict[str, Any] = {".toml": toml, ".csv": csv, ".xlsx": xlsx}
    if file.suffix.lower() not in known:
        raise SuiteError(f"{file}: no file of rules. Expected a name that ends in {', '.join(known)}.")
    chosen: Callable[..., Any] = known[file.suffix.lower()]
    return chosen


def suite_rules(folder: Path) -> list[Rule]:
    """Return the rules of all files of rules in a suite's folder, in order."""
    return [rule for name in NAMES if (folder / name).exists() for rule in read_rule_file(folder / name)]


def read_toml(file: Path) -> list[Rule]:
    """Return the rules of a TOML file, not yet checked.

    Raises
    ------
    SuiteError
        The file cannot be read, or is not TOML that consists of [[rule]].
    """
    try:
        text = file.read_text(encoding="utf-8")
        content = tomllib.loads(text)
    except OSError as error:
        raise SuiteError(f"{file}: cannot be read: {error.strerror}.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SuiteError(f"{file}: not valid TOML: {error}.") from None
    for key in content:
        if key != "rule":
            raise SuiteError(f"{file}: unknown table {key!r}; rules begin with [[rule]].")
    starts = [text.count("\n", 0, found.start()) + 1 for found in re.finditer(r"^[ \t]*\[\[\s*rule\s*\]\]", text, re.M)]
    rules = content.get("rule", [])
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise SuiteError(f"{file}: `rule` is {rules!r}; rules begin with [[rule]].")
    lines = starts if len(starts) == len(rules) else [1] * len(rules)
    return [Rule(rule, Place(str(file), line)) for rule, line in zip(rules, lines)]


def write_toml(rules: Iterable[Rule], file: Path) -> None:
    """Write rules as TOML: keys in the order of the columns, patterns in single quotes as they are read."""
    write_text(file, "\n".join(_table(rule) for rule in rules), SuiteError)


def _table(rule: Rule) -> str:
    lines = ["[[rule]]"]
    for key in COLUMNS:
        if key in rule.values:
            lines += _line(key, rule.values[key], rule.where(key))
    return "\n".join(lines) + "\n"


def _line(key: str, value: Any, where: str) -> list[str]:
    line = f"{key} = {_toml(value, where)}"
    if len(line) <= LINE or not isinstance(value, list):
        return [line]
    return [f"{key} = [", *(f"    {_toml(one, where)}," for one in value), "]"]


def _toml(value: Any, where: str) -> str:
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, list):
        return f"[{', '.join(_toml(one, where) for one in value)}]"
    if isinstance(value, dict):
        inside = ", ".join(f"{_key(key)} = {_toml(one, where)}" for key, one in value.items())
        return f"{{ {inside} }}" if inside else "{}"
    raise SuiteError(f"{where}: {value!r} cannot be written as TOML. Expected a text, a number, or true or false.")


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z0-9_-]+", key) else _string(key)


def _string(text: str) -> str:
    if "\\" in text and not re.search(r"['\x00-\x1f\x7f]", text):
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")
