"""Amazon Bedrock's fine-tuning formats: conversations, or prompt and completion."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wslabel.exporting.formats._prompting import Prompted, key_faults, list_faults, require_choice, text_faults
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

SCHEMA = "bedrock-conversation-2024"
TYPES = ("conversation", "prompt-completion")


@dataclass(frozen=True)
class Bedrock(Prompted):
    """JSON lines for fine-tuning a model of Amazon Bedrock.

    Parameters
    ----------
    instruction, meanings
        As in ``openai_chat``.
    type
        ``conversation`` (schema bedrock-conversation-2024) or ``prompt-completion``.

    Notes
    -----
    Rules: https://docs.aws.amazon.com/bedrock/latest/userguide/model-customization-prepare.html.
    """

    name: ClassVar[str] = "bedrock"
    type: str = "conversation"

    def __post_init__(self) -> None:
        super().__post_init__()
        require_choice(self.name, "type", self.type, TYPES)

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one example."""
        made = self.conversation(row, context)
        if self.type == "prompt-completion":
            *said, last = [text for pair in made.turns for text in pair]
            return ({"prompt": _joined(made.system, said), "completion": last},)
        turns = [_turn(role, text) for pair in made.turns for role, text in zip(("user", "assistant"), pair)]
        system = {"system": [{"text": made.system}]} if made.system else {}
        return ({"schemaVersion": SCHEMA, **system, "messages": turns},)

    @property
    def one_turn(self) -> bool:
        """A prompt and its completion are one question."""
        return self.type == "prompt-completion"

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return a check of one line that also wants all lines to be of one type."""
        types: list[str] = []
        return lambda example: _faults(example, types)

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return prompt and completion; those of a conversation are joined."""
        if "prompt" in example:
            return dict(example)
        system, said = example.get("system", []), [_texts(turn["content"]) for turn in example["messages"]]
        return {"prompt": _joined(_texts(system), said[:-1]), "completion": said[-1]}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return prompt and completion as they should be."""
        made = self.conversation(row, context)
        *said, last = [text for pair in made.turns for text in pair]
        yield {"prompt": _joined(made.system, said), "completion": last}


def _joined(system: str, said: list[str]) -> str:
    return "\n\n".join([system, *said] if system else said)


def _turn(role: str, text: str) -> dict[str, Any]:
    return {"role": role, "content": [{"text": text}]}


def _texts(parts: list[dict[str, str]]) -> str:
    return "".join(part["text"] for part in parts)


def _faults(example: Any, types: list[str]) -> Iterator[str]:
    kind = TYPES["prompt" in example or "completion" in example]
    types[:] = types or [kind]
    if kind != types[0]:
        yield f"a line of the type {kind}; expected {types[0]}, as on the lines before"
    elif kind == "prompt-completion":
        yield from key_faults(example, ("prompt", "completion"))
        yield from text_faults(example, "prompt", "completion")
    else:
        yield from _conversation_faults(example)


def _conversation_faults(example: Any) -> Iterator[str]:
    yield from key_faults(example, ("schemaVersion", "system", "messages"))
    if example.get("schemaVersion") != SCHEMA:
        yield f"schemaVersion is {excerpt(example.get('schemaVersion'))}; expected {SCHEMA!r}"
    if "system" in example:
        yield from _content_faults(example["system"], "system")
    messages = example.get("messages")
    faults = list(list_faults(messages, "messages"))
    yield from faults
    for place, turn in enumerate([] if faults else messages):
        yield from (f"message {place + 1}: {fault}" for fault in _turn_faults(turn, ("user", "assistant")[place % 2]))
    if not faults and len(messages) % 2:
        yield f"{len(messages)} messages; expected an even number, the last one of the assistant"


def _turn_faults(turn: Any, wanted: str) -> Iterator[str]:
    if not isinstance(turn, dict):
        yield f"a {type(turn).__name__}; expected an object with role and content"
        return
    yield from key_faults(turn, ("role", "content"))
    if turn.get("role") != wanted:
        yield f"the role is {excerpt(turn.get('role'))}; expected {wanted}: user and assistant take turns"
    yield from _content_faults(turn.get("content"), "content")


def _content_faults(content: Any, what: str) -> Iterator[str]:
    faults = list(list_faults(content, what))
    yield from faults
    for part in [] if faults else content:
        if not isinstance(part, dict):
            yield f"{what} holds {excerpt(part)}; expected objects with text"
        else:
            yield from text_faults(part, "text")


FORMAT = Bedrock
