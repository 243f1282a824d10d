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
from wslabel.authoring.matchers import Matcher


@dataclass(frozen=True)
class Condition:
    """How the answer of one matcher follows from the slots.

    Attributes
    ----------
    any_of
        Groups of slots: all slots of some group must be marked. No group asks for nothing.
    all_of, none_of
        Slots that must be marked, and slots that must not.
    exact
        Whether the answer is exact; else it only tells where the matcher may match.
    """

    any_of: tuple[tuple[int, ...], ...] = ()
    all_of: tuple[int, ...] = ()
    none_of: tuple[int, ...] = ()
    exact: bool = True

    def is_slot(self, slot: int) -> bool:
        """Tell whether the answer is just whether the slot is marked."""
        return self.any_of == ((slot,),) and not self.all_of and not self.none_of

    def answer(self, found: Marks, absent: int) -> Bools:
        """Return the answers by record, from what was found by slot and record."""
        answer = np.ones(found.shape[1], np.bool_)
        if self.any_of:
            answer = np.logical_or.reduce([(found[list(group)] != absent).all(axis=0) for group in self.any_of])
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
    slots
        How many slots there are.
    """

    conditions: list[Condition] = field(default_factory=list)
    words: list[Entry] = field(default_factory=list)
    parts: list[Entry] = field(default_factory=list)
    slots: int = 0

    @classmethod
    def of(cls, matchers: Sequence[Matcher]) -> Plan:
        """Return the plan for the matchers."""
        plan = cls(slots=len(matchers))
        for slot, matcher in enumerate(matchers):
            if matcher.kind == "patterns":
                plan.conditions.append(plan._patterns(matcher, slot))
            elif all((*matcher.any_of, *matcher.all_of, *matcher.none_of)):
                plan.conditions.append(plan._phrases(matcher, slot))
            else:  # an empty phrase is no phrase to look for
                plan.conditions.append(Condition(exact=False))
        return plan

    def _phrases(self, matcher: Matcher, slot: int) -> Condition:
        any_of = (self._look(matcher.any_of, matcher, slot),) if matcher.any_of else ()
        all_of = tuple(self._look([phrase], matcher) for phrase in matcher.all_of)
        none_of = (self._look(matcher.none_of, matcher),) if matcher.none_of else ()
        return Condition(tuple((one,) for one in any_of), all_of, none_of)

    def _patterns(self, matcher: Matcher, slot: int) -> Condition:
        """Return where the patterns may match: where all occurs that one of any_of, and all of all_of, ask for."""
        flags = re.IGNORECASE if matcher.ignore_case else re.NOFLAG
        choices = [required(pattern, flags) for pattern in matcher.any_of]
        any_of = tuple(self._clauses(clauses, slot) for clauses in choices) if all(choices) else ()
        all_of = [self._clauses(required(pattern, flags)) for pattern in matcher.all_of]
        return Condition(any_of, tuple(chain.from_iterable(all_of)), exact=False)

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
        self.words += [Entry(phrase, slot, matcher.ignore_case) for phrase in phrases]
        return slot

    def _slot(self) -> int:
        self.slots += 1
        return self.slots - 1
