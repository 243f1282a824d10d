"""Rules as data: what the keys of a rule mean, wherever the rule is written."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wslabel.authoring.conditions import NEAR_WORDS, NEGATION_CUES, SCOPE_WORDS, Pair
from wslabel.authoring.labeling_function import LabelingFunction, Place
from wslabel.authoring.lexicons import read_lexicon, resolve
from wslabel.authoring.matcher_functions import matcher_lf, overlaps
from wslabel.authoring.matchers import Matcher
from wslabel.errors import SuiteError, suggest

if TYPE_CHECKING:
    from wslabel.authoring.knowledge import Knowledge

SHARED = ("none_of", "at_least", "not_preceded_by", "scope", "column", "ignore_case")
EXAMPLES = ("fires", "abstains", "misses")
ABOUT = (*EXAMPLES, "why")
PAIRS = ("near", "before")
KEYS = {
    "keywords": ("name", "kind", "votes", "any_of", "all_of", *PAIRS, *SHARED, *ABOUT),
    "regex": ("name", "kind", "votes", "pattern", *PAIRS, *SHARED, *ABOUT),
    "gazetteer": ("name", "kind", "votes", "source", "types", *SHARED, "fold_accents", "matches", *ABOUT),
}
COLUMNS = (
    *("name", "kind", "votes", "any_of", "all_of", "none_of", "pattern", "at_least", "near", "before"),
    *("not_preceded_by", "scope", "source", "types", "column", "ignore_case", "fold_accents", "matches", *ABOUT),
)
"""All keys, in the order in which files are written."""
PAIR_KEYS = ("first", "second", "within")
TYPES: dict[str, tuple[type, str]] = {
    "name": (str, "a string"),
    "votes": (str, "the name of a label"),
    "source": (str, "the path of a table"),
    "column": (str, "the name of a column"),
    "matches": (str, "'longest' or 'all'"),
    "why": (str, "a string"),
    "ignore_case": (bool, "true or false"),
    "fold_accents": (bool, "true or false"),
    "at_least": (int, "a whole number, 1 or more"),
    "scope": (int, "a whole number, 0 or more"),
}


@dataclass(frozen=True)
class Rule:
    """A rule as it is written: the values of its keys, and where it stands."""

    values: Mapping[str, Any]
    place: Place

    def where(self, key: str = "") -> str:
        """Return the place of a key, as error messages name it."""
        name = self.values.get("name")
        named = f", rule {name!r}" if isinstance(name, str) and name else ""
        return f"{self.place}{named}{f', column {key}' if key and self.place.unit.endswith('row') else ''}"


def rule_lf(rule: Rule, beside: Path | None = None) -> LabelingFunction:
    """Make the LF that a rule declares.

    Parameters
    ----------
    rule
        The rule.
    beside
        The file beside which its word lists and tables stand; by default the rule's own.

    Raises
    ------
    SuiteError, LabelingFunctionError
        A key that is unknown, missing or has a wrong value; a word list that is missing.
    """
    values = rule.values
    kind = values.get("kind")
    if not isinstance(kind, str) or kind not in KEYS:
        raise SuiteError(f"{rule.where('kind')}: the rule's kind is {kind!r}. {suggest(str(kind), KEYS)}")
    for key in values:
        if key not in KEYS[kind]:
            raise SuiteError(f"{rule.where(key)}: unknown key {key!r} in a {kind} rule. {suggest(key, KEYS[kind])}")
    for key in ("name", "votes", *(["source"] if kind == "gazetteer" else [])):
        if key not in values:
            raise SuiteError(f"{rule.where(key)}: the {kind} rule lacks {key!r}.")
    for key in TYPES.keys() & values.keys():
        _check_type(rule, key)
    matcher, known = _matcher(rule, str(beside or rule.place.file)), None
    if kind == "gazetteer":
        known = _knowledge(rule, str(beside or rule.place.file), matcher)
        matcher = replace(matcher, any_of=known.aliases)
    examples = _examples(rule, "fires"), _examples(rule, "abstains"), _examples(rule, "misses")
    return matcher_lf(values["name"], values["votes"], matcher, examples, values.get("why", ""), rule.place, known)


def _check_type(rule: Rule, key: str) -> None:
    kind, expected = TYPES[key]
    value = rule.values[key]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise SuiteError(f"{rule.where(key)}: {key} is {value!r}; expected {expected}.")


def _matcher(rule: Rule, beside: str) -> Matcher:
    values, words = rule.values, rule.values["kind"] != "regex"
    return Matcher(
        kind="phrases" if words else "patterns",
        any_of=_list(rule, "any_of" if words else "pattern", beside, words),
        all_of=_list(rule, "all_of", beside, words),
        none_of=_list(rule, "none_of", beside, words),
        column=values.get("column", "text"),
        ignore_case=values.get("ignore_case", True),
        at_least=values.get("at_least", 1),
        pairs=tuple(pair for key in PAIRS for pair in _pairs(rule, key, beside, words)),
        cues=_cues(rule, beside),
        scope=values.get("scope", SCOPE_WORDS),
        fold_accents=values.get("fold_accents", False),
        overlapping=overlaps(values.get("matches", "longest"), rule.where("matches")),
    )


def _knowledge(rule: Rule, beside: str, matcher: Matcher) -> Knowledge:
    from wslabel.authoring.knowledge import read_knowledge

    types = _strings(rule, "types", rule.values.get("types", []))
    return read_knowledge(resolve(rule.values["source"], beside), types, matcher.ignore_case, matcher.fold_accents)


def _list(rule: Rule, key: str, beside: str, words: bool) -> tuple[str, ...]:
    """Return a list of phrases or patterns."""
    return _entries(rule, key, rule.values.get(key, []), beside, words)


def _entries(rule: Rule, key: str, value: Any, beside: str, words: bool) -> tuple[str, ...]:
    """Return phrases or patterns; a bare string is a word list's path, or the one pattern."""
    if isinstance(value, str):
        entries = read_lexicon(resolve(value, beside)) if words else (value,)
    else:
        entries = _strings(rule, key, value)
    for entry in () if words else entries:
        _check_pattern(rule, key, entry)
    return entries


def _check_pattern(rule: Rule, key: str, pattern: str) -> None:
    try:
        re.compile(pattern)
    except re.error as error:
        raise SuiteError(f"{rule.where(key)}: the pattern {pattern!r} is wrong: {error}.") from None


def _strings(rule: Rule, key: str, value: Any) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise SuiteError(f"{rule.where(key)}: {key} is {value!r}; expected a list of strings.")
    return tuple(value)


def _cues(rule: Rule, beside: str) -> tuple[str, ...]:
    value = rule.values.get("not_preceded_by", False)
    if isinstance(value, bool):
        return NEGATION_CUES if value else ()
    return _entries(rule, "not_preceded_by", value, beside, words=True)


def _pairs(rule: Rule, key: str, beside: str, words: bool) -> tuple[Pair, ...]:
    """Return what `near` or `before` asks for: one table or a list of tables."""
    given = rule.values.get(key, [])
    tables: Sequence[Any] = [given] if isinstance(given, dict) else given
    example = f'{key} = {{ first = ["pump"], second = ["leak"], within = 3 }}'
    if not isinstance(tables, list) or not all(isinstance(table, dict) for table in tables):
        raise SuiteError(f"{rule.where(key)}: {key} is {given!r}; expected, for example, {example}.")
    pairs = []
    for table in tables:
        for name in table:
            if name not in PAIR_KEYS:
                raise SuiteError(f"{rule.where(key)}: unknown key {name!r} in {key}. {suggest(name, PAIR_KEYS)}")
        if not table.keys() >= {"first", "second"}:
            raise SuiteError(f"{rule.where(key)}: {key} lacks first or second. Expected, for example, {example}.")
        first, second = (_entries(rule, f"{key}.{side}", table[side], beside, words) for side in ("first", "second"))
        pairs.append(Pair(first, second, table.get("within", None if key == "before" else NEAR_WORDS), key == "before"))
    return tuple(pairs)


def _examples(rule: Rule, key: str) -> Any:
    """Return texts or records; a table of them by label is left to `matcher_lf`."""
    value = rule.values.get(key, [])
    if isinstance(value, dict):
        return value
    if not isinstance(value, list) or not all(isinstance(one, str | dict) for one in value):
        raise SuiteError(f"{rule.where(key)}: {key} is {value!r}; expected a list of texts.")
    return value
