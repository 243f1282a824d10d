"""What the formats for language models share: the system message, and the messages of a conversation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wslabel.errors import ExportError, suggest
from wslabel.exporting.formats._json import JsonFormat
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

INSTRUCTION = "Assign exactly one of the labels below to the text. Answer with the label only."


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

    def system_message(self, labels: tuple[str, ...]) -> str:
        """Return the instruction and a line a label."""
        if labels not in self._systems:
            self._systems[labels] = self._system(labels)
        return self._systems[labels]

    @cached_property
    def _systems(self) -> dict[tuple[str, ...], str]:
        return {}

    def _system(self, labels: tuple[str, ...]) -> str:
        for name in self.meanings:
            if name not in labels:
                raise ExportError(
                    f"{self.name}: the option meanings explains {name!r}, which is not a label. {suggest(name, labels)}"
                )
        lines = [f"- {name}: {self.meanings[name]}" if self.meanings.get(name) else f"- {name}" for name in labels]
        return "\n".join([self.instruction, "", "Labels:", *lines])

    def question(self, row: ExportRow, context: ExportContext) -> list[dict[str, str]]:
        """Return the system message and the user message."""
        system = self._systems.get(context.labels) or self.system_message(context.labels)
        return [{"role": "system", "content": system}, {"role": "user", "content": row.text}]


def require_choice(name: str, option: str, value: Any, choices: tuple[str, ...]) -> None:
    """Refuse an option that is none of the choices."""
    if value not in choices:
        raise ExportError(f"{name}: the option {option} is {value!r}. {suggest(str(value), choices)}")


def message(role: str, content: str) -> dict[str, str]:
    """Return one message."""
    return {"role": role, "content": content}


def runner_up(row: ExportRow) -> str:
    """Return the likeliest label but the record's own, the first of equals: what a model may take it for."""
    others = {label: share for label, share in row.probs.items() if label != row.label}
    return max(others, key=others.__getitem__)


def spoken(messages: list[dict[str, Any]], where: str = "") -> dict[str, Any]:
    """Return the roles of messages and what each role says, for a comparison."""
    said = {f"the {where}{each['role']} message": each.get("content") for each in messages}
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
