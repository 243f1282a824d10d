"""A record with its label, seen through a template."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wslabel.core.multilabel import ABSENT
from wslabel.core.task import Kind
from wslabel.core.witness import Witness, Witnesses
from wslabel.exporting.conversations.template import Template, Variant
from wslabel.exporting.formats._prompting import runner_up
from wslabel.exporting.formats.base import Conversation, ExportRow, Span


@dataclass(frozen=True)
class Renderer:
    """Makes the conversations of an export.

    Attributes
    ----------
    template
        How.
    labels
        The task's labels, in order.
    meanings
        What they mean, by name; a label may have none.
    kind
        How records carry labels.
    witnesses
        Which LFs vote on a record, for its reasons; None: nobody knows.
    rejects
        Whether the answer that is not right is asked for, too.
    """

    template: Template
    labels: tuple[str, ...]
    meanings: Mapping[str, str] = field(default_factory=dict)
    kind: Kind = "single"
    witnesses: Witnesses | None = None
    rejects: bool = True

    def conversation(self, row: ExportRow) -> Conversation:
        """Return a record's conversation; for a record that nobody labeled the answer is the template's ``unsure``.

        Raises
        ------
        ExportError
            A template that asks for what the record does not have.
        """
        variant = self.template.variants[self.template.variant(row.id)]
        said = self.witnesses(row.id, {**row.columns, "text": row.text}) if self.witnesses is not None else ()
        values = self._values(variant, row, answer_of(row), row.spans, said)
        system = "" if variant.system is None else variant.system.render(values, row.id)
        question, other = variant.user.render(values, row.id), runner_up(row, self.kind) if self.rejects else None
        rejected = "" if other is None else self._answer(variant, row, other, said)
        if not row.covered and self.template.unsure is not None:
            answer = self.template.unsure.render(values, row.id)
            return Conversation(variant.name, system, ((question, answer),), rejected)
        first = (question, variant.assistant.render(values, row.id))
        more = ((ask.render(values, row.id), answer.render(values, row.id)) for ask, answer in variant.follow_up)
        return Conversation(variant.name, system, (first, *more), rejected)

    def _answer(self, variant: Variant, row: ExportRow, labels: tuple[str, ...], said: Sequence[Witness]) -> str:
        return variant.assistant.render(self._values(variant, row, labels, (), said), row.id)

    def _values(
        self,
        variant: Variant,
        row: ExportRow,
        labels: tuple[str, ...],
        spans: Sequence[Span],
        said: Sequence[Witness],
    ) -> dict[str, Any]:
        """Return what the template may show: the record, and an answer with what speaks for and against it."""
        ordered = sorted(labels, key=self._rank.__getitem__)
        values: dict[str, Any] = {
            "id": row.id,
            "text": row.text,
            "column": row.columns,
            "labels": self._told,
            "source": row.source,
            "confidence": row.confidence,
            "unsure": not row.covered,
            "spans": [self._span(span, row.text) for span in spans],
            **self._evidence(ordered, said),
        }
        values["intents"] = [
            {**self._label(name), "confidence": row.probs.get(name, row.confidence), **self._evidence([name], said)}
            for name in ordered
        ]
        first = ordered[0] if ordered else ""
        values |= {"label": first, "meaning": self.meanings.get(first, "")}
        self._add_replies(values, row.id)
        if self.template.rationale is not None and variant.tells_why:
            values["rationale"] = self.template.rationale.render(values, row.id)
        return values

    def _add_replies(self, values: dict[str, Any], record: str) -> None:
        if not self.template.replies:
            return
        for intent in values["intents"]:
            if reply := self.template.replies.get(intent["label"]):
                intent["reply"] = reply.render({**values, **intent}, record)
        values["reply"] = values["intents"][0].get("reply", "") if values["intents"] else ""

    @cached_property
    def _told(self) -> list[dict[str, str]]:
        return [self._label(name) for name in self.labels]

    @cached_property
    def _rank(self) -> dict[str, int]:
        first = self.template.priority
        return {name: at for at, name in enumerate([*first, *(one for one in self.labels if one not in first)])}

    def _label(self, name: str) -> dict[str, str]:
        return {"label": name, "meaning": self.meanings.get(name, "")}

    def _span(self, span: Span, text: str) -> dict[str, Any]:
        return {
            **self._label(span.label),
            "start": span.start,
            "end": span.end,
            "text": text[span.start : span.end],
            "confidence": span.confidence,
            "entity": span.entity,
        }

    def _evidence(self, labels: Sequence[str], said: Sequence[Witness]) -> dict[str, Any]:
        """Return the LFs that voted for one of the labels, those that voted against, and what the former found."""
        agreeing = [one for one in said if one.label in labels]
        if self.kind == "single":
            against = [one for one in said if one.label not in labels]
        else:
            against = [one for one in said if one.label.removeprefix(ABSENT) in labels and one.label not in labels]
        return {
            "agreeing": [_told(one) for one in agreeing],
            "against": [_told(one) for one in against],
            "phrases": list(dict.fromkeys(phrase for one in agreeing for phrase in one.phrases)),
            "entries": list(dict.fromkeys(entry for one in agreeing for entry in one.entries)),
        }


def answer_of(row: ExportRow) -> tuple[str, ...]:
    """Return the labels of a record: of a record with spans those of its spans, each once."""
    if row.label:
        return (row.label,)
    return row.labels or tuple(dict.fromkeys(span.label for span in row.spans))


def _told(one: Witness) -> dict[str, Any]:
    return {
        "name": one.lf,
        "label": one.label,
        "says": one.says,
        "phrases": list(one.phrases),
        "entries": list(one.entries),
    }
