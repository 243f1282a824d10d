"""What to look for, for many matchers at once, and how their answers follow from what was found."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import chain

import numpy as np

from wslabel.applying.matching.arrays import Bools, Marks
from wslabel.applying.matching.automaton import Entry
from wslabel.applying.matching.literals import Clause, required
from wslabel.authoring.finders import LONG
from wslabel.authoring.matchers import Matcher

COUNTED = 64
"""The most phrases of a list of which several must occur that are looked for one by one."""


@dataclass(frozen=True)
class Condition:
    """How the answer of one matcher follows from the slots.

    Attributes
    ----------
    any_of
        Groups of slots: of `at_least` groups all slots must be marked. No group asks for nothing.
    all_of, none_of
        Slots that must be marked, and slots that must not.
    exact
        Whether the answer is exact; else it only tells where the matcher may match.
    at_least
        How many groups of `any_of`.
    doubt
        A slot: the answer is exact where it is not marked. None where there is no such slot.
    """

    any_of: tuple[tuple[int, ...], ...] = ()
    all_of: tuple[int, ...] = ()
    none_of: tuple[int, ...] = ()
    exact: bool = True
    at_least: int = 1
    doubt: int | None = None

    def is_slot(self, slot: int) -> bool:
        """Tell whether the answer is just whether the slot is marked."""
        return self.any_of == ((slot,),) and not self.all_of and not self.none_of

    def answer(self, found: Marks, absent: int) -> Bools:
        """Return the answers by record, from what was found by slot and record."""
        answer = np.ones(found.shape[1], np.bool_)
        if self.any_of:
            groups = [(found[list(group)] != absent).all(axis=0) for group in self.any_of]
            answer = np.logical_or.reduce(groups) if self.at_least == 1 else np.sum(groups, axis=0) >= self.at_least
        for slot in self.all_of:
            answer &= found[slot] != absent
        for slot in self.none_of:
            answer &= found[slot] == absent
        return answer


@dataclass
class Plan:
    """The phrases to look for, and a condition for each matcher. The first slots are the matchers' own.

    Attributes
    ----------
    conditions
        One a matcher.
    words, parts
        What to look for on whole words, and anywhere.
    long
        Lists that are too long for the automaton: slot, phrases, whether case is ignored.
    slots
        How many slots there are.
    cues
        The slot of each list of negation cues.
    """

    conditions: list[Condition] = field(default_factory=list)
    words: list[Entry] = field(default_factory=list)
    parts: list[Entry] = field(default_factory=list)
    long: list[tuple[int, Sequence[str], bool]] = field(default_factory=list)
    slots: int = 0
    cues: dict[tuple[str, ...], int] = field(default_factory=dict)

    @classmethod
    def of(cls, matchers: Sequence[Matcher]) -> Plan:
        """Return the plan for the matchers."""
        plan = cls(slots=len(matchers))
        for slot, matcher in enumerate(matchers):
            if matcher.kind == "patterns":
                plan.conditions.append(plan._patterns(matcher, slot))
            elif all((*matcher.items, *matcher.cues)):
                plan.conditions.append(plan._phrases(matcher, slot))
            else:  # an empty phrase is no phrase to look for
                plan.conditions.append(Condition(exact=False))
        return plan

    def _phrases(self, matcher: Matcher, slot: int) -> Condition:
        """Return where the phrases occur; where they may match, if it matters where they stand."""
        any_of: tuple[tuple[int, ...], ...] = ()
        if matcher.at_least > 1 and len(matcher.entries) <= COUNTED:
            any_of = tuple((self._look([phrase], matcher),) for phrase in matcher.entries)
        elif matcher.any_of:
            any_of = ((self._look(matcher.any_of, matcher, slot),),)
        all_of = [self._look([phrase], matcher) for phrase in matcher.all_of]
        sides = [self._look(side, matcher) for pair in matcher.pairs for side in (pair.first, pair.second)]
        none_of = (self._look(matcher.none_of, matcher),) if matcher.none_of else ()
        counted = matcher.at_least if len(any_of) >= matcher.at_least else 1
        exact = counted == matcher.at_least and not matcher.pairs
        doubt = self._cues(matcher.cues) if exact and matcher.cues else None
        return Condition(any_of, (*all_of, *sides), none_of, exact and not matcher.cues, counted, doubt)

    def _cues(self, cues: tuple[str, ...]) -> int:
        """Look for negation cues, which many matchers share; return the slot that tells whether one occurs."""
        if cues not in self.cues:
            self.cues[cues] = self._slot()
            self.words += [Entry(cue, self.cues[cues], ignore_case=True) for cue in cues]
        return self.cues[cues]

    def _patterns(self, matcher: Matcher, slot: int) -> Condition:
        """Return where the patterns may match: where all occurs that one of any_of, and all of all_of, ask for."""
        flags = re.IGNORECASE if matcher.ignore_case else re.NOFLAG
        choices = [required(pattern, flags) for pattern in matcher.any_of]
        any_of = tuple(self._clauses(clauses, slot) for clauses in choices) if all(choices) else ()
        all_of = [self._clauses(required(pattern, flags)) for pattern in matcher.all_of]
        sides = [self._side(side, flags) for pair in matcher.pairs for side in (pair.first, pair.second)]
        return Condition(any_of, tuple(chain.from_iterable((*all_of, *sides))), exact=False)

    def _side(self, patterns: Sequence[str], flags: re.RegexFlag) -> tuple[int, ...]:
        """Look for what tells most of each pattern; return the slot that they share, if each asks for something."""
        choices = [required(pattern, flags) for pattern in patterns]
        if not choices or not all(choices):
            return ()
        slot = self._slot()
        for clauses in choices:
            self._clause(clauses[0], slot)
        return (slot,)

    def _clauses(self, clauses: Sequence[Clause], slot: int | None = None) -> tuple[int, ...]:
        """Look for each clause; a single one may use the slot given."""
        return tuple(self._clause(clause, slot if len(clauses) == 1 else None) for clause in clauses)

    def _clause(self, clause: Clause, slot: int | None) -> int:
        slot = self._slot() if slot is None else slot
        entries = self.words if clause.whole_words else self.parts
        entries += [Entry(text, slot) for text in sorted(clause.texts)]
        return slot

    def _look(self, phrases: Sequence[str], matcher: Matcher, slot: int | None = None) -> int:
        """Look for the phrases; return the slot that tells whether one occurs."""
        slot = self._slot() if slot is None else slot
        if len(phrases) > LONG:
            self.long.append((slot, phrases, matcher.ignore_case))
        else:
            self.words += [Entry(phrase, slot, matcher.ignore_case) for phrase in phrases]
        return slot

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1
