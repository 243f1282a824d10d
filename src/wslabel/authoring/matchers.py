"""Matchers: declarative conditions on a text. Python's `re` is the reference for what they match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any, Literal, NamedTuple

from wslabel.authoring.accents import Unaccented, unaccented
from wslabel.authoring.conditions import SCOPE_WORDS, Cues, Pair, Reading, read
from wslabel.authoring.finders import SPAN_GROUP, Finder, Regex, Span, listed
from wslabel.errors import LabelingFunctionError

__all__ = ["Matcher", "Span"]


class Patterns(NamedTuple):
    """The regular expressions of a matcher."""

    any_of: Finder | None
    each: tuple[Finder, ...]
    all_of: tuple[Finder, ...]
    none_of: Finder | None
    pairs: tuple[tuple[Finder, Finder], ...]
    cues: Cues | None


@dataclass(frozen=True)
class Matcher:
    """A condition on one column of a record.

    A text matches when `at_least` of `any_of` occur, all of `all_of` occur, each of `pairs` stands as it asks, and
    none of `none_of` occurs (an empty `any_of` asks for nothing). Phrases match as written, on whole words: no word
    character (Unicode, as in `re`) touches them. Where there are `cues`, an occurrence with one before it, in the same
    sentence and with at most `scope` words between, does not count for `any_of`, `all_of` and `pairs`.

    The occurrences of a list are what `re.finditer` finds for all its entries together: from left to right, not
    overlapping, the longest phrase (the first pattern) where several begin at one place. Only where `at_least` is
    above 1 is each entry of `any_of` looked for by itself.

    Attributes
    ----------
    kind
        ``phrases`` or ``patterns`` (regular expressions in the syntax of `re`).
    any_of, all_of, none_of
        Phrases or patterns.
    column
        The column that is read.
    ignore_case
        Whether case counts (`re.IGNORECASE`).
    at_least
        How many different entries of `any_of` must occur.
    pairs
        Entries near or before each other; see `Pair`, and `wslabel.authoring.conditions` for words and distances.
    cues
        Phrases, whatever the kind, in upper or lower case, that negate what follows.
    scope
        How many words may stand between a cue and what it negates.
    fold_accents
        Whether phrases and text are compared without accents (see `unaccented`); offsets are those of the text as it
        came.
    overlapping
        Whether all occurrences of `any_of` are found, within others and overlapping them, too; for phrases only.
    """

    kind: Literal["phrases", "patterns"]
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    none_of: tuple[str, ...] = ()
    column: str = "text"
    ignore_case: bool = True
    at_least: int = 1
    pairs: tuple[Pair, ...] = ()
    cues: tuple[str, ...] = ()
    scope: int = SCOPE_WORDS
    fold_accents: bool = field(default=False, repr=False)
    overlapping: bool = field(default=False, repr=False)

    @cached_property
    def without_accents(self) -> Matcher:
        """What this one asks of a text without accents."""
        one, every, none, cues = (
            tuple(map(unaccented, items)) for items in (self.any_of, self.all_of, self.none_of, self.cues)
        )
        return replace(self, any_of=one, all_of=every, none_of=none, cues=cues, fold_accents=False)

    @property
    def entries(self) -> tuple[str, ...]:
        """The different entries of `any_of`: those that differ in case only are one where case does not count."""
        folds = self.ignore_case and self.kind == "phrases"
        kept = {tuple(map(str.lower, one)) if folds else (one,): one for one in self.any_of}
        return tuple(kept.values())

    @property
    def items(self) -> tuple[str, ...]:
        """All phrases, or all patterns, that are looked for; not the cues."""
        paired = (one for pair in self.pairs for one in (*pair.first, *pair.second))
        return (*self.any_of, *self.all_of, *self.none_of, *paired)

    def matches(self, text: str) -> bool:
        """Tell whether the text fulfils the condition."""
        if self.fold_accents:
            return self.without_accents.matches(unaccented(text))
        if self.at_least > 1 or self.pairs or self.cues:
            return self._evidence(text) is not None
        patterns = self._compiled
        return (
            (patterns.any_of is None or patterns.any_of.search(text) is not None)
            and all(one.search(text) is not None for one in patterns.all_of)
            and (patterns.none_of is None or patterns.none_of.search(text) is None)
        )

    def spans(self, text: str) -> list[Span]:
        """Return (start, end) of each occurrence that speaks for the match, end exclusive; none if it does not."""
        if self.fold_accents:
            folded = Unaccented(text)
            return [folded.original(*span) for span in self.without_accents.spans(folded.text)]
        return self._evidence(text) or []

    def _evidence(self, text: str) -> list[Span] | None:
        """Return the occurrences that count, sorted; None where the text does not match."""
        if self._compiled.none_of is not None and self._compiled.none_of.search(text) is not None:
            return None
        spans = set[Span]()
        for found in self._parts(read(text, self._compiled.cues, self.scope)):
            if not found:
                return None
            spans.update(found)
        return sorted(spans)

    def _parts(self, reading: Reading) -> Iterator[list[Span]]:
        """Yield for each thing that is asked for where it stands; nowhere, if it does not."""
        patterns = self._compiled
        if self.at_least > 1:
            hits = [found for found in map(reading.occurrences, patterns.each) if found]
            yield [span for found in hits for span in found] if len(hits) >= self.at_least else []
        elif patterns.any_of is not None:
            yield reading.occurrences(patterns.any_of)
        yield from map(reading.occurrences, patterns.all_of)
        for pair, (first, second) in zip(self.pairs, patterns.pairs):
            yield reading.paired(reading.occurrences(first), reading.occurrences(second), pair)

    def check(self, where: str) -> None:
        """Raise `LabelingFunctionError` for a pattern that is none, or a condition that asks for nothing."""
        if not self.any_of and not self.all_of and not self.pairs:
            raise LabelingFunctionError(f"{where}: nothing to look for. Give it any_of, all_of, near or before.")
        for item in (*self.items, *self.cues):
            if not isinstance(item, str) or not item.strip():
                raise LabelingFunctionError(f"{where}: {item!r} is no phrase or pattern. Expected a non-empty string.")
        for item in self.items if self.kind == "patterns" else ():
            try:
                re.compile(item)
            except re.error as error:
                raise LabelingFunctionError(f"{where}: the pattern {item!r} is wrong: {error}.") from None
        self._check_numbers(where)
        if self.fold_accents:
            self._check_folding(where)
        if self.overlapping and self.kind != "phrases":
            raise LabelingFunctionError(f"{where}: only phrases can be found where they overlap.")

    def _check_folding(self, where: str) -> None:
        if self.kind != "phrases" or self.pairs:
            raise LabelingFunctionError(f"{where}: fold_accents works for phrases, without near or before.")
        for item in (*self.items, *self.cues):
            if not unaccented(item).strip():
                raise LabelingFunctionError(f"{where}: {item!r} holds nothing but accents, which are left out.")

    def _check_numbers(self, where: str) -> None:
        _check_number(self.at_least, 1, "at_least", where)
        if self.at_least > 1 and self.at_least > len(self.entries):
            raise LabelingFunctionError(
                f"{where}: at_least is {self.at_least}, but any_of has {len(self.entries)} different entries."
            )
        _check_number(self.scope, 0, "scope", where)
        for pair in self.pairs:
            if not pair.first or not pair.second:
                raise LabelingFunctionError(f"{where}: {pair.operator} needs at least one entry on each side.")
            if pair.within is not None or not pair.ordered:
                _check_number(pair.within, 0, f"within of {pair.operator}", where)

    @property
    def negations(self) -> Cues | None:
        """The negation cues made a pattern."""
        return self._compiled.cues

    @cached_property
    def _compiled(self) -> Patterns:
        return Patterns(
            self._one_of(self.any_of, self.overlapping) if self.any_of else None,
            tuple(self._one_of([item], self.overlapping) for item in self.entries) if self.at_least > 1 else (),
            tuple(self._one_of([item]) for item in self.all_of),
            self._one_of(self.none_of) if self.none_of else None,
            tuple((self._one_of(pair.first), self._one_of(pair.second)) for pair in self.pairs),
            _cues(self.cues) if self.cues else None,
        )

    def _one_of(self, items: Sequence[str], overlapping: bool = False) -> Finder:
        if self.kind == "phrases":
            return listed(items, self.ignore_case, overlapping)
        joined = "|".join(f"(?:{_numbered(item, at)})" for at, item in enumerate(items))
        return Regex(re.compile(joined, re.IGNORECASE if self.ignore_case else re.NOFLAG))


def _numbered(pattern: str, place: int) -> str:
    """Return the pattern with a name of its own for its group ``span``, so that several may have one."""
    return pattern.replace(f"(?P<{SPAN_GROUP}>", f"(?P<{SPAN_GROUP}_{place}>") if place else pattern


@lru_cache(maxsize=64)
def _cues(cues: tuple[str, ...]) -> Cues:
    return Cues(listed(cues, ignore_case=True))


def _check_number(value: Any, least: int, what: str, where: str) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < least:
        raise LabelingFunctionError(f"{where}: {what} is {value!r}. Expected a whole number, {least} or more.")
