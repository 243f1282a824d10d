"""OpenAI's preference format (DPO): a prompt, the answer that is right, and one that is not."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wslabel.exporting.formats._prompting import (
    Prompted,
    key_faults,
    list_faults,
    message,
    message_faults,
    spoken,
)
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

OUTPUTS = ("preferred_output", "non_preferred_output")
KEYS = ("input", *OUTPUTS)
INPUT_KEYS = ("messages", "tools", "parallel_tool_calls")
MESSAGE_KEYS = ("role", "content", "name", "tool_calls", "tool_call_id")
ROLES = ("system", "developer", "user", "assistant", "tool")


@dataclass(frozen=True)
class OpenAIPreference(Prompted):
    """The label is preferred to the likeliest other label.

    Notes
    -----
    Rules: https://platform.openai.com/docs/guides/direct-preference-optimization. The other label is the one
    with the second highest probability, the first of equals.
    """

    name: ClassVar[str] = "openai_preference"

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one comparison."""
        made = self.conversation(row, context)
        *asked, right = self.messages(row, context)
        answers = [[right], [message("assistant", made.rejected)]]
        return ({"input": {"messages": asked}, **dict(zip(OUTPUTS, answers))},)

    @property
    def one_turn(self) -> bool:
        """Two answers to one question."""
        return True

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return the check of one example."""
        return _faults

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return roles and contents of the prompt and of both answers."""
        parts = {"": example["input"]["messages"], **{f"{name} ": example[name] for name in OUTPUTS}}
        return {key: value for where, part in parts.items() for key, value in spoken(part, where).items()}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return roles and contents as they should be."""
        made = self.conversation(row, context)
        yield {
            "the roles": "system, user" if made.system else "user",
            **({"the system message": made.system} if made.system else {}),
            "the user message": made.turns[0][0],
            "the preferred_output assistant message": made.turns[0][1],
            "the non_preferred_output assistant message": made.rejected,
        }


def _faults(example: Any) -> Iterator[str]:
    yield from key_faults(example, KEYS)
    given = example.get("input")
    if not isinstance(given, dict):
        yield f"input is {excerpt(given)}; expected an object with messages"
    else:
        yield from key_faults(given, INPUT_KEYS)
        yield from _messages(given.get("messages"), "input.messages", ROLES)
        last = (given.get("messages") or [None])[-1] if isinstance(given.get("messages"), list) else None
        if isinstance(last, dict) and last.get("role") == "assistant":
            yield "the last message of the input has the role assistant; expected the user's"
    for name in OUTPUTS:
        yield from _messages(example.get(name), name, ("assistant",))
    if example.get(OUTPUTS[0]) is not None and example.get(OUTPUTS[0]) == example.get(OUTPUTS[1]):
        yield "both outputs are the same; expected two different ones"


def _messages(found: Any, what: str, roles: tuple[str, ...]) -> Iterator[str]:
    yield from list_faults(found, what)
    for place, each in enumerate(found if isinstance(found, list) else [], start=1):
        yield from (f"{what}, message {place}: {fault}" for fault in message_faults(each, MESSAGE_KEYS, roles))


FORMAT = OpenAIPreference
