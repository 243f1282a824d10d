"""What is checked of conversations before anything is written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, get_args

import numpy as np

from wslabel.core.arrays import Ids, Ints
from wslabel.errors import ExportError, suggest
from wslabel.exporting.conversations.report import MOST_GROUPS, ConversationReport, Finding, FindingKind
from wslabel.exporting.conversations.tokens import PER_CONVERSATION, PER_MESSAGE, counter, known_model
from wslabel.exporting.formats.base import Conversation, ExportRow
from wslabel.exporting.splits.near import Sketches
from wslabel.exporting.splits.words import string_hashes, words_of

KINDS = get_args(FindingKind)
UNSURE = "unsure"
_SHOWN = 3
_SYSTEMS = 1_000


@dataclass(frozen=True)
class Checks:
    """What conversations must fulfil: the table ``[checks]`` of a template.

    Attributes
    ----------
    model
        The model that is trained: it tells the encoding and the most tokens of an example.
    encoding
        ``o200k_base`` (the default) or ``cl100k_base``, for models that are not known.
    max_tokens
        The most tokens of a conversation, instead of the model's.
    price_per_million
        What a million tokens of training cost, in any currency; prices change, so none is known here.
    epochs
        How often each example is trained on, for the cost.
    near
        The least similarity of texts (Jaccard, of word pairs) that is reported as a near-duplicate; 0: none is.
    stop
        Kinds of findings that stop the export. An empty message always does.

    Raises
    ------
    ExportError
        A value of the wrong kind, or an unknown model, encoding or kind of finding.
    """

    model: str = ""
    encoding: str = ""
    max_tokens: int | None = None
    price_per_million: float | None = None
    epochs: int = 1
    near: float = 0.8
    stop: tuple[str, ...] = ("too long",)

    def __post_init__(self) -> None:
        for name in ("max_tokens", "epochs"):
            value = getattr(self, name)
            if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
                raise ExportError(f"checks.{name} is {value!r}; expected a whole number from 1 on.")
        _require_number("price_per_million", self.price_per_million or 0, float("inf"))
        _require_number("near", self.near, 1)
        for kind in self.stop:
            if kind not in KINDS:
                raise ExportError(f"checks.stop names {kind!r}. {suggest(kind, KINDS)}")
        counter(self.limits[0])

    @property
    def limits(self) -> tuple[str, int | None]:
        """The encoding, and the most tokens of a conversation."""
        encoding, most = known_model(self.model) if self.model else ("o200k_base", None)
        return self.encoding or encoding, self.max_tokens or most


def _require_number(name: str, value: Any, most: float) -> None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not 0 <= value <= most:
        raise ExportError(f"checks.{name} is {value!r}; expected a number from 0 to {most:g}.")


class Ledger:
    """A few numbers of each conversation, gathered batch by batch.

    Parameters
    ----------
    checks
        What is asked.
    folder
        For files, which are on disk while it lives.
    variants
        The names of the template's variants.
    """

    def __init__(self, checks: Checks, folder: Path, variants: Sequence[str]) -> None:
        self._checks, self._variants = checks, list(variants)
        self._count, self._how = counter(checks.limits[0])
        self._sketches = Sketches(folder / "prompts") if checks.near else None
        self._tokens: list[Ints] = []
        self._answered: list[Ints] = []
        self._prompts: list[Any] = []
        self._said: list[Any] = []
        self._variant: list[Ints] = []
        self._answers: Counter[str] = Counter()
        self._empty: list[str] = []
        self._systems: dict[str, int] = {}

    @property
    def variants(self) -> Ints:
        """The place of each conversation's variant."""
        return np.concatenate([np.zeros(0, np.int64), *self._variant])

    def add(self, rows: Sequence[ExportRow], made: Sequence[Conversation]) -> None:
        """Take note of some conversations."""
        if not rows:
            return
        asked = ["\n".join(question for question, _ in one.turns) for one in made]
        given = ["\n".join(answer for _, answer in one.turns) for one in made]
        systems = np.array([self._system(one.system) for one in made])
        questions, answers = systems + np.array(self._count(asked)), np.array(self._count(given))
        messages = np.array([bool(one.system) + 2 * len(one.turns) for one in made])
        self._tokens.append(questions + answers + messages * PER_MESSAGE + PER_CONVERSATION)
        self._answered.append(answers)
        self._prompts.append(string_hashes([" ".join(one.split()) for one in asked]))
        labels = [_labels(row) or (one.turns[0][1],) for row, one in zip(rows, made)]
        self._said.append(string_hashes(["\0".join(each) for each in labels]))
        self._variant.append(np.array([self._variants.index(one.variant) for one in made]))
        self._answers.update(name for row in rows for name in _labels(row) or ("none of the labels",))
        self._empty += [row.id for row, one in zip(rows, made) if not all(map(all, one.turns))]
        if self._sketches is not None:
            self._sketches.add(words_of([row.text for row in rows]))

    def _system(self, text: str) -> int:
        """Return the tokens of a system message, which many conversations share."""
        if text not in self._systems:
            if len(self._systems) >= _SYSTEMS:
                self._systems.clear()
            self._systems[text] = self._count([text])[0]
        return self._systems[text]

    def report(self, name: str, ids: Ids) -> ConversationReport:
        """Return what was found; `ids` are those of the records, in the order in which they were added."""
        tokens, answered = np.concatenate(self._tokens), np.concatenate(self._answered)
        limit, price = self._checks.limits[1], self._checks.price_per_million
        total = int(tokens.sum())
        facts = {
            "total": total,
            "in answers": int(answered.sum()),
            "least": int(tokens.min()),
            "median": int(np.median(tokens)),
            "most": int(tokens.max()),
            "counted by": self._how,
            **({"limit": limit} if limit is not None else {}),
        }
        drawn = np.bincount(self.variants, minlength=len(self._variants)).tolist()
        return ConversationReport(
            name,
            dict(zip(self._variants, drawn)),
            dict(self._answers.most_common()),
            facts,
            None if price is None else total * self._checks.epochs * price / 1e6,
            tuple(self._findings(ids, tokens)),
        )

    def _findings(self, ids: Ids, tokens: Ints) -> Iterator[Finding]:
        if self._empty:
            yield _finding("empty message", [self._empty], "records have a message without a letter")
        limit = self._checks.limits[1]
        if limit is not None and (long := ids[tokens > limit].tolist()):
            yield _finding("too long", [long], f"records have more than {limit} tokens")
        prompts, said = np.concatenate(self._prompts), np.concatenate(self._said)
        groups = _equal(prompts)
        if groups:
            yield _finding("duplicate prompt", [ids[one].tolist() for one in groups], "records ask what another asks")
        if self._sketches is not None and (near := self._near(prompts)):
            named = [ids[one].tolist() for one in near]
            yield _finding("near-duplicate prompt", named, f"records have a text at least {self._checks.near:g} alike")
        if split := [one for one in groups if len(np.unique(said[one])) > 1]:
            named = [ids[one].tolist() for one in split]
            yield _finding("contradictory answers", named, "records ask the same and are answered differently")

    def _near(self, prompts: Any) -> list[Ints]:
        """Return groups of records with texts that are alike, those that ask the very same counted once."""
        from scipy.sparse import coo_array
        from scipy.sparse.csgraph import connected_components

        assert self._sketches is not None
        firsts = np.sort(np.unique(prompts, return_index=True)[1])
        left, right, _ = self._sketches.pairs(firsts, self._checks.near)
        size = (len(prompts), len(prompts))
        part = connected_components(coo_array((np.ones(len(left)), (left, right)), size), directed=False)[1]
        touched = np.unique(np.concatenate([left, right]))
        return [touched[one] for one in _equal(part[touched])]


def require_fit(report: ConversationReport, stop: Sequence[str]) -> None:
    """Refuse conversations with a finding of a kind that stops the export.

    Raises
    ------
    ExportError
        With the number of records and the first ids.
    """
    for one in report.findings:
        if one.kind == "empty message" or one.kind in stop:
            raise ExportError(
                f"The conversations of {report.template} are not written: {one}. Mend the template, or leave the "
                "records out; `stop` in the template's [checks] tells what stops an export."
            )


def _labels(row: ExportRow) -> tuple[str, ...]:
    if not row.covered:
        return (UNSURE,)
    return (row.label,) if row.label else row.labels


def _equal(numbers: Any) -> list[Ints]:
    """Return the places of numbers that stand more than once, a list for each number, in order of the first place."""
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.append(True, numbers[order][1:] != numbers[order][:-1]))
    groups = [one for one in np.split(order, starts[1:]) if len(one) > 1] if len(order) else []
    return sorted(groups, key=lambda one: int(one[0]))


def _finding(kind: FindingKind, groups: list[list[str]], what: str) -> Finding:
    count, firsts = sum(map(len, groups)), ", ".join(groups[0][:_SHOWN])
    return Finding(kind, count, tuple(map(tuple, groups[:MOST_GROUPS])), f"{count} {what}, the first {firsts}")
