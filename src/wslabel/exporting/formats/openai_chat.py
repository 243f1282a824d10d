"""OpenAI's chat format for fine-tuning: one JSON object of messages a line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Any, ClassVar

from wslabel.errors import ExportError, suggest
from wslabel.exporting.formats.base import MAX_PROBLEMS, ExportContext, ExportFormat, ExportRow, Problem, excerpt

INSTRUCTION = "Assign exactly one of the labels below to the text. Answer with the label only."
MIN_EXAMPLES = 10
"""OpenAI refuses a training file with fewer examples; other readers of the format do not."""
EXAMPLE_KEYS = ("messages", "tools", "functions", "parallel_tool_calls")
MESSAGE_KEYS = ("role", "content", "name", "weight", "tool_calls", "tool_call_id", "function_call")
ROLES = ("system", "developer", "user", "assistant", "tool", "function")
_HALF_A_PAIR = re.compile("[\ud800-\udfff]")
_LINE_SEPARATORS = str.maketrans({letter: f"\\u{ord(letter):04x}" for letter in "\x85\u2028\u2029"})
"""Legal inside a JSON string, but taken for the end of a line by readers that use ``str.splitlines``."""


@dataclass(frozen=True)
class OpenAIChat(ExportFormat):
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
    """

    extension: ClassVar[str] = "jsonl"
    instruction: str = INSTRUCTION
    meanings: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not isinstance(self.instruction, str) or not self.instruction.strip():
            raise ExportError(f"openai_chat: the option instruction is a non-empty string; got {self.instruction!r}.")
        if not isinstance(self.meanings, Mapping):
            raise ExportError(
                "openai_chat: the option meanings is a mapping from label to its meaning; "
                f"got {excerpt(self.meanings)}."
            )

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write one example a row; an empty text raises `ExportError`."""
        system = self.system_message(context.labels)
        count = 0
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for row in rows:
                if not row.text:
                    raise ExportError(
                        f"openai_chat, record {row.id}: the text is empty, and the format asks for non-empty content. "
                        "Take the record out of the corpus, or reject it in review."
                    )
                file.write(_line(system, row) + "\n")
                count += 1
        return count

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Check OpenAI's rules and that every example is the row that was written."""
        return list(islice(self._problems(path, context), MAX_PROBLEMS))

    def system_message(self, labels: tuple[str, ...]) -> str:
        """Return the instruction and a line a label.

        >>> print(OpenAIChat("Say which.", {"b": "the second"}).system_message(("a", "b")))
        Say which.
        <BLANKLINE>
        Labels:
        - a
        - b: the second
        """
        for name in self.meanings:
            if name not in labels:
                raise ExportError(
                    f"openai_chat: the option meanings explains {name!r}, which is not a label. {suggest(name, labels)}"
                )
        lines = [f"- {name}: {self.meanings[name]}" if self.meanings.get(name) else f"- {name}" for name in labels]
        return "\n".join([self.instruction, "", "Labels:", *lines])

    def _problems(self, path: Path, context: ExportContext) -> Iterator[Problem]:
        written = context.written()
        system = "" if written is None else self.system_message(context.labels)
        count = 0
        with path.open("rb") as file:
            for count, raw in enumerate(file, start=1):
                row = None if written is None else next(written, None)
                record = row.id if row else ""
                example, faults = _parsed(raw)
                faults = faults or list(_example_faults(example))
                if not faults and written is not None:
                    faults = list(_differences(example["messages"], row, system))
                for fault in faults:
                    yield Problem(count, fault, record)
        if written is not None and (missing := next(written, None)):
            yield Problem(count + 1, "the file ends; expected an example for this record", missing.id)
        if count == 0:
            yield Problem(0, "the file holds no example")
        elif count < MIN_EXAMPLES:
            least = f"{count} examples; OpenAI accepts a training file from {MIN_EXAMPLES} examples on"
            yield Problem(0, least, severity="warning")


def _differences(messages: list[dict[str, Any]], row: ExportRow | None, system: str) -> Iterator[str]:
    if row is None:
        yield "an example more than records were written"
        return
    expected = [("system", system), ("user", row.text), ("assistant", row.label)]
    if [message["role"] for message in messages] != [role for role, _ in expected]:
        yield "the roles are not system, user, assistant"
        return
    for message, (role, content) in zip(messages, expected):
        if message.get("content") != content:
            yield f"the {role} message is {excerpt(message.get('content'))}; expected {excerpt(content)}"


def _line(system: str, row: ExportRow) -> str:
    contents = (("system", system), ("user", row.text), ("assistant", row.label))
    example = {"messages": [{"role": role, "content": content} for role, content in contents]}
    return json.dumps(example, ensure_ascii=False, separators=(",", ":")).translate(_LINE_SEPARATORS)


def _parsed(raw: bytes) -> tuple[Any, list[str]]:
    try:
        return json.loads(raw.decode("utf-8"), parse_constant=_no_constant), []
    except UnicodeDecodeError as error:
        return None, [f"not valid UTF-8 (byte {error.start})"]
    except (ValueError, RecursionError) as error:
        return None, ["an empty line; expected a JSON object" if not raw.strip() else f"not valid JSON: {error}"]


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON value")


def _example_faults(example: Any) -> Iterator[str]:
    if not isinstance(example, dict):
        yield f"a {type(example).__name__}; expected a JSON object"
        return
    for key in example:
        if key not in EXAMPLE_KEYS:
            yield f"unknown key {excerpt(key)}. {suggest(key, EXAMPLE_KEYS)}"
    messages = example.get("messages")
    if not isinstance(messages, list) or not messages:
        yield f"messages is {excerpt(messages)}; expected a non-empty list"
        return
    for place, message in enumerate(messages, start=1):
        for fault in _message_faults(message):
            yield f"message {place}: {fault}"
    roles = [message.get("role") if isinstance(message, dict) else None for message in messages]
    if "assistant" not in roles:
        yield "no message has the role assistant; expected at least one"
    elif roles[-1] != "assistant":
        yield f"the last message has the role {excerpt(roles[-1])}; expected assistant"


def _message_faults(message: Any) -> Iterator[str]:
    if not isinstance(message, dict):
        yield f"a {type(message).__name__}; expected an object with role and content"
        return
    for key in message:
        if key not in MESSAGE_KEYS:
            yield f"unknown key {excerpt(key)}. {suggest(key, MESSAGE_KEYS)}"
    role = message.get("role")
    if role not in ROLES:
        yield f"the role is {excerpt(role)}. {suggest(str(role), ROLES)}"
    calls = bool(message.get("tool_calls") or message.get("function_call"))
    yield from _content_faults(message.get("content"), calls and role == "assistant")
    if "name" in message and (not isinstance(message["name"], str) or not message["name"]):
        yield f"the name is {excerpt(message['name'])}; expected a non-empty string"
    yield from _weight_faults(message, role)


def _content_faults(content: Any, calls: bool) -> Iterator[str]:
    if content is None and calls:
        return
    if not isinstance(content, str) or not (content or calls):
        yield f"the content is {excerpt(content)}; expected a non-empty string"
    elif _HALF_A_PAIR.search(content):
        yield "the content holds half of a surrogate pair; expected whole characters"


def _weight_faults(message: dict[str, Any], role: Any) -> Iterator[str]:
    if "weight" not in message:
        return
    if role != "assistant":
        yield f"a weight on a {role} message; only assistant messages carry one"
    if type(message["weight"]) is not int or message["weight"] not in (0, 1):
        yield f"the weight is {excerpt(message['weight'])}; expected 0 or 1"


FORMAT = OpenAIChat
