"""What the formats for language models share: the system message, and the messages of a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, ClassVar

from wslabel.core.task import Kind
from wslabel.errors import ExportError, suggest
from wslabel.exporting.formats._json import JsonFormat
from wslabel.exporting.formats.base import Conversation, ExportContext, ExportRow, excerpt

INSTRUCTION = "Assign exactly one of the labels below to the text. Answer with the label only."
INSTRUCTION_SEVERAL = (
    "Assign every label below that holds for the text. Answer with the labels only, one a line, or with none."
)
"""The instruction for tasks with several labels a record, where no other is given."""
NO_LABEL = "none"
"""The answer where no label holds."""


@dataclass(frozen=True)
class Prompted(JsonFormat):
    """The base of formats in which a model is asked for the label of a text.

    Parameters
    ----------
    instruction
        The first paragraph of the system message; not empty.
    meanings
        What labels mean, by label name; shown beside the label in the system message.
    """

    kinds: ClassVar[tuple[Kind, ...]] = ("single", "multilabel")
    conversations: ClassVar[bool] = True
    instruction: str = INSTRUCTION
    meanings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.instruction, str) or not self.instruction.strip():
            raise ExportError(f"{self.name}: the option instruction is a non-empty string; got {self.instruction!r}.")
        if not isinstance(self.meanings, Mapping):
            raise ExportError(
                f"{self.name}: the option meanings is a mapping from label to its meaning; "
                f"got {excerpt(self.meanings)}."
            )

    def system_message(self, labels: tuple[str, ...], kind: Kind = "single") -> str:
        """Return the instruction and a line a label."""
        if (labels, kind) not in self._systems:
            self._systems[labels, kind] = self._system(labels, kind)
        return self._systems[labels, kind]

    def system_of(self, context: ExportContext) -> str:
        """Return the system message of an export, which is asked for once a record."""
        last = self._last
        if last[0] is not context:
            last[:] = [context, self.system_message(context.labels, context.kind)]
        return last[1]  # type: ignore[no-any-return]

    @cached_property
    def _last(self) -> list[Any]:
        return [None, ""]

    @cached_property
    def _systems(self) -> dict[tuple[tuple[str, ...], Kind], str]:
        return {}

    def _system(self, labels: tuple[str, ...], kind: Kind) -> str:
        several = kind == "multilabel"
        if several and any(name == NO_LABEL or "\n" in name for name in labels):
            raise ExportError(
                f"{self.name}: a label is called {NO_LABEL!r} or has more than one line, so that an answer of several "
                "labels could be misread. Rename it, or write a template."
            )
        for name in self.meanings:
            if name not in labels:
                raise ExportError(
                    f"{self.name}: the option meanings explains {name!r}, which is not a label. {suggest(name, labels)}"
                )
        lines = [f"- {name}: {self.meanings[name]}" if self.meanings.get(name) else f"- {name}" for name in labels]
        instruction = INSTRUCTION_SEVERAL if several and self.instruction == INSTRUCTION else self.instruction
        return "\n".join([instruction, "", "Labels:", *lines])

    def conversation(self, row: ExportRow, context: ExportContext) -> Conversation:
        """Return what the template made of a record; without one the labels, the text, and the answer."""
        if row.conversation is not None:
            return row.conversation
        system = self.system_of(context)
        return Conversation("", system, ((row.text, answer(row, context)),), other_answer(row, context))

    def messages(self, row: ExportRow, context: ExportContext) -> list[dict[str, str]]:
        """Return all messages of a record's conversation."""
        made = self.conversation(row, context)
        system = [message("system", made.system)] if made.system else []
        return system + [message(role, text) for pair in made.turns for role, text in zip(("user", "assistant"), pair)]


def require_choice(name: str, option: str, value: Any, choices: tuple[str, ...]) -> None:
    """Refuse an option that is none of the choices."""
    if value not in choices:
        raise ExportError(f"{name}: the option {option} is {value!r}. {suggest(str(value), choices)}")


def message(role: str, content: str) -> dict[str, str]:
    """Return one message."""
    return {"role": role, "content": content}


def answer(row: ExportRow, context: ExportContext) -> str:
    """Return the answer of a record without a template: its label, or its labels a line each."""
    return row.label if context.kind == "single" else "\n".join(row.labels) or NO_LABEL


def other_answer(row: ExportRow, context: ExportContext) -> str:
    """Return the likeliest other answer: what a model may take for the right one."""
    other = runner_up(row, context.kind) or ()
    return "\n".join(other) or NO_LABEL


def runner_up(row: ExportRow, kind: Kind) -> tuple[str, ...] | None:
    """Return the likeliest labels but the record's own, the first of equals; None for spans.

    Of several labels it is the set in which the label that is least sure is the other way round.
    """
    if kind == "spans":
        return None
    if kind == "multilabel":
        flipped = min(row.probs, key=lambda name: abs(row.probs[name] - 0.5))
        return tuple(name for name in row.probs if (name in row.labels) != (name == flipped))
    others = {label: share for label, share in row.probs.items() if label != row.label}
    return (max(others, key=others.__getitem__),)


def spoken(messages: list[dict[str, Any]], where: str = "") -> dict[str, Any]:
    """Return the roles of messages and what each role says, for a comparison."""
    met: dict[str, int] = {}
    said = {}
    for each in messages:
        role = str(each["role"])
        met[role] = met.get(role, 0) + 1
        said[f"the {where}{role} message" + (f" {met[role]}" if met[role] > 1 else "")] = each.get("content")
    return {f"the {where}roles": ", ".join(str(each["role"]) for each in messages), **said}


def message_faults(found: Any, keys: tuple[str, ...], roles: tuple[str, ...]) -> Iterator[str]:
    """Yield what is wrong with one message by the rules of OpenAI."""
    if not isinstance(found, dict):
        yield f"a {type(found).__name__}; expected an object with role and content"
        return
    for key in found:
        if key not in keys:
            yield f"unknown key {excerpt(key)}; expected another. {suggest(key, keys)}"
    role = found.get("role")
    if role not in roles:
        yield f"the role is {excerpt(role)}; expected another. {suggest(str(role), roles)}"
    calls = bool(found.get("tool_calls") or found.get("function_call"))
    yield from content_faults(found.get("content"), calls and role == "assistant")
    if "name" in found and (not isinstance(found["name"], str) or not found["name"]):
        yield f"the name is {excerpt(found['name'])}; expected a non-empty string"


def content_faults(content: Any, calls: bool = False) -> Iterator[str]:
    """Yield what is wrong with a message's content."""
    if content is None and calls:
        return
    if not isinstance(content, str) or not (content or calls):
        yield f"the content is {excerpt(content)}; expected a non-empty string"


def list_faults(found: Any, what: str) -> Iterator[str]:
    """Yield a fault where a value is no list with something in it."""
    if not isinstance(found, list) or not found:
        yield f"{what} is {excerpt(found)}; expected a non-empty list"


def text_faults(found: Mapping[str, Any], *names: str, empty: tuple[str, ...] = ()) -> Iterator[str]:
    """Yield the keys whose values are no strings, or empty where they may not be."""
    for name in names:
        value = found.get(name)
        if not isinstance(value, str):
            yield f"{name} is {excerpt(value)}; expected a string"
        elif not value and name not in empty:
            yield f"{name} is empty; expected a non-empty string"


def key_faults(found: Mapping[str, Any], keys: tuple[str, ...]) -> Iterator[str]:
    """Yield the keys that a format does not know."""
    for key in found:
        if key not in keys:
            yield f"unknown key {excerpt(key)}; expected another. {suggest(key, keys)}"
