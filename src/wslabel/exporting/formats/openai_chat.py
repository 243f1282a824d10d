"""OpenAI's chat format for fine-tuning: one JSON object of messages a line."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wslabel.exporting.formats._prompting import (
    INSTRUCTION,
    Prompted,
    key_faults,
    list_faults,
    message_faults,
    spoken,
)
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

__all__ = ["FORMAT", "INSTRUCTION", "MIN_EXAMPLES", "OpenAIChat"]

MIN_EXAMPLES = 10
"""OpenAI refuses a training file with fewer examples; other readers of the format do not."""
EXAMPLE_KEYS = ("messages", "tools", "functions", "parallel_tool_calls")
MESSAGE_KEYS = ("role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call")
ROLES = ("system", "developer", "user", "assistant", "tool", "function")


@dataclass(frozen=True)
class OpenAIChat(Prompted):
    """System message (instruction and labels), user message (the text), assistant message (the label).

    Parameters
    ----------
    instruction
        The first paragraph of the system message; not empty.
    meanings
        What labels mean, by label name; shown beside the label in the system message.

    Notes
    -----
    Rules: https://platform.openai.com/docs/guides/supervised-fine-tuning and the check of OpenAI's cookbook,
    "Data preparation and analysis for chat model fine-tuning". A message's content may not be empty, so a
    record with an empty text is refused. Ids, confidence and other columns have no place in the format.

    Examples
    --------
    >>> print(OpenAIChat("Say which.", {"b": "the second"}).system_message(("a", "b")))
    Say which.
    <BLANKLINE>
    Labels:
    - a
    - b: the second
    """

    name: ClassVar[str] = "openai_chat"
    probabilities: ClassVar[bool] = False

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return one conversation."""
        return (self.only(row, context) or {"messages": self.messages(row, context)},)

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return the check of one example."""
        return example_faults

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return roles and contents."""
        return spoken(example["messages"])

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return roles and contents as they should be."""
        yield spoken(self.messages(row, context))

    def only(self, row: ExportRow, context: ExportContext) -> Any:
        """Return the one conversation that a row with one label can become, without a template."""
        if row.conversation is not None or context.kind != "single":
            return None
        return {
            "messages": [
                {"role": "system", "content": self.system_of(context)},
                {"role": "user", "content": row.text},
                {"role": "assistant", "content": row.label},
            ]
        }

    def warnings(self, count: int) -> Iterator[str]:
        """Warn of too few examples."""
        if 0 < count < MIN_EXAMPLES:
            yield f"{count} examples; OpenAI accepts a training file from {MIN_EXAMPLES} examples on"


def example_faults(example: Any) -> Iterator[str]:
    """Yield what is wrong with one example by OpenAI's rules."""
    yield from key_faults(example, EXAMPLE_KEYS)
    messages = example.get("messages")
    faults = list(list_faults(messages, "messages"))
    yield from faults
    if faults:
        return
    for place, each in enumerate(messages, start=1):
        yield from (f"message {place}: {fault}" for fault in _message_faults(each))
    roles = [each.get("role") if isinstance(each, dict) else None for each in messages]
    if "assistant" not in roles:
        yield "no message has the role assistant; expected at least one"
    elif roles[-1] != "assistant":
        yield f"the last message has the role {excerpt(roles[-1])}; expected assistant"


def _message_faults(found: Any) -> Iterator[str]:
    yield from message_faults(found, MESSAGE_KEYS, ROLES)
    if not isinstance(found, dict) or "weight" not in found:
        return
    if found.get("role") != "assistant":
        yield f"a weight on a {found.get('role')} message; expected it on assistant messages only"
    if type(found["weight"]) is not int or found["weight"] not in (0, 1):
        yield f"the weight is {excerpt(found['weight'])}; expected 0 or 1"


FORMAT = OpenAIChat
