"""What the checks of conversations found."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

FindingKind = Literal["empty message", "too long", "duplicate prompt", "near-duplicate prompt", "contradictory answers"]
MOST_GROUPS = 1_000
"""Groups of records that a finding names; its count is of all."""


@dataclass(frozen=True)
class Finding:
    """Something in the conversations that a trainer or its model may choke on.

    Attributes
    ----------
    kind
        ``empty message``, ``too long``, ``duplicate prompt``, ``near-duplicate prompt`` or
        ``contradictory answers``.
    records
        The number of records that it concerns.
    groups
        Their ids: records that belong together in one group; at most the first 1,000 groups.
    message
        In words.
    """

    kind: FindingKind
    records: int
    groups: tuple[tuple[str, ...], ...]
    message: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.message}"


@dataclass(frozen=True)
class ConversationReport:
    """The conversations of an export in numbers, and what is wrong with them.

    Attributes
    ----------
    template
        The template's name.
    variants
        The number of records of each variant.
    answers
        The number of records that are answered with each label; ``unsure`` for those that nobody labeled.
    tokens
        ``total``, ``in answers``, ``least``, ``median``, ``most`` of a conversation, ``counted by``, and
        ``limit`` where there is one.
    cost
        What training on them costs, in the currency of the price; None where there is no price.
    findings
        In the order of the checks.
    """

    template: str
    variants: Mapping[str, int]
    answers: Mapping[str, int]
    tokens: Mapping[str, Any]
    cost: float | None = None
    findings: tuple[Finding, ...] = field(default=())

    def facts(self) -> dict[str, Any]:
        """Return it as JSON values."""
        return {
            "template": self.template,
            "variants": dict(self.variants),
            "answers": dict(self.answers),
            "tokens": dict(self.tokens),
            "cost": self.cost,
            "findings": [
                {
                    "kind": one.kind,
                    "records": one.records,
                    "message": one.message,
                    "groups": [list(group) for group in one.groups],
                }
                for one in self.findings
            ],
        }

    def card(self) -> dict[str, Any]:
        """Return the sections of the card."""
        facts: dict[str, Any] = {"template": self.template}
        facts |= {f"variant {name}": count for name, count in self.variants.items()}
        facts |= {f"answered {name}": count for name, count in self.answers.items()}
        facts |= {f"tokens, {name}": value for name, value in self.tokens.items()}
        if self.cost is not None:
            facts["estimated cost of training"] = round(self.cost, 2)
        return {"Conversations": {**facts, **{one.kind: one.message for one in self.findings}}}
