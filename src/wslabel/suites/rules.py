"""Rules as data: ``rules.toml`` beside a suite's Python files."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from wslabel.authoring.labeling_function import LabelingFunction, Place, matcher_lf
from wslabel.authoring.lexicons import read_aliases, read_lexicon, resolve
from wslabel.authoring.matchers import Matcher
from wslabel.errors import SuiteError, suggest

COMMON = ("name", "kind", "votes", "why", "column", "ignore_case", "fires", "abstains", "misses", "none_of")
KEYS = {
    "keywords": (*COMMON, "any_of", "all_of"),
    "regex": (*COMMON, "pattern"),
    "gazetteer": (*COMMON, "source", "types"),
}


def read_rules(file: Path) -> list[LabelingFunction]:
    """Return the LFs that a rules.toml declares, in order.

    Raises
    ------
    SuiteError
        Not valid TOML, a rule without a needed key, or with an unknown one.
    """
    try:
        text = file.read_text(encoding="utf-8")
        content = tomllib.loads(text)
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
    return [_rule(rule, Place(str(file), line)) for rule, line in zip(rules, lines)]


def _rule(rule: Mapping[str, Any], place: Place) -> LabelingFunction:
    kind = rule.get("kind")
    if kind not in KEYS:
        raise SuiteError(f"{place}: the rule's kind is {kind!r}. {suggest(str(kind), KEYS)}")
    for key in rule:
        if key not in KEYS[kind]:
            raise SuiteError(f"{place}: unknown key {key!r} in a {kind} rule. {suggest(key, KEYS[kind])}")
    needed = ["name", "votes", *{"keywords": [], "regex": ["pattern"], "gazetteer": ["source"]}[str(kind)]]
    for key in needed:
        if key not in rule:
            raise SuiteError(f"{place}: the {kind} rule lacks {key!r}.")
    examples = (rule.get("fires", ()), rule.get("abstains", ()), rule.get("misses", ()))
    matcher = _matcher(str(kind), rule, place)
    return matcher_lf(rule["name"], rule["votes"], matcher, examples, rule.get("why", ""), place)


def _matcher(kind: str, rule: Mapping[str, Any], place: Place) -> Matcher:
    column, ignore_case = rule.get("column", "text"), rule.get("ignore_case", True)
    none_of = _list(rule, "none_of", place, words=kind != "regex")
    if kind == "regex":
        return Matcher("patterns", _list(rule, "pattern", place, words=False), (), none_of, column, ignore_case)
    if kind == "gazetteer":
        aliases = read_aliases(resolve(rule["source"], place.file), rule.get("types", ()))
        return Matcher("phrases", aliases, (), none_of, column, ignore_case)
    any_of, all_of = (_list(rule, key, place, words=True) for key in ("any_of", "all_of"))
    return Matcher("phrases", any_of, all_of, none_of, column, ignore_case)


def _list(rule: Mapping[str, Any], key: str, place: Place, words: bool) -> tuple[str, ...]:
    """Return a list of phrases or patterns; a bare string is a word list's path, or the one pattern."""
    value = rule.get(key, [])
    if isinstance(value, str):
        return read_lexicon(resolve(value, place.file)) if words else (value,)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SuiteError(f"{place}: {key} is {value!r}; expected a list of strings.")
    return tuple(value)
