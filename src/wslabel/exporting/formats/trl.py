"""TRL of Hugging Face: messages, prompt and completion, preference, unpaired preference."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from wslabel.errors import ExportError
from wslabel.exporting.formats._prompting import (
    Prompted,
    list_faults,
    message,
    message_faults,
    require_choice,
)
from wslabel.exporting.formats.base import ExportContext, ExportRow, excerpt

TYPES = {
    "messages": ("messages",),
    "prompt-completion": ("prompt", "completion"),
    "preference": ("prompt", "chosen", "rejected"),
    "unpaired": ("prompt", "completion", "label"),
}
"""The columns of each type of data set."""
_COLUMNS = ("messages", "prompt", "completion", "chosen", "rejected", "label")
ROLES = ("system", "user", "assistant", "tool", "developer")
MESSAGE_KEYS = ("role", "content", "name", "tool_calls", "thinking", "reasoning_content")


@dataclass(frozen=True)
class Trl(Prompted):
    """JSON lines that ``datasets`` reads and the trainers of TRL take.

    Parameters
    ----------
    instruction, meanings
        As in ``openai_chat``.
    type
        ``messages`` (SFTTrainer), ``prompt-completion`` (SFTTrainer, loss on the completion), ``preference``
        (DPOTrainer, the label against the likeliest other one) or ``unpaired`` (KTOTrainer, two lines a record:
        the label, true, and the likeliest other one, false).
    conversational
        Lists of messages, to which a chat template is applied; otherwise plain strings.

    Notes
    -----
    Rules: https://huggingface.co/docs/trl/dataset_formats.
    """

    name: ClassVar[str] = "trl"
    type: str = "messages"
    conversational: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        require_choice(self.name, "type", self.type, tuple(TYPES))
        if not isinstance(self.conversational, bool) or (self.type == "messages" and not self.conversational):
            raise ExportError(
                f"trl: the option conversational is {self.conversational!r}; expected true, or false for a type "
                "other than messages."
            )

    def examples(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return the lines of a record: two for ``unpaired``, else one."""
        *prompt, right = self.messages(row, context)
        if self.type == "messages":
            return ({"messages": [*prompt, right]},)
        asked, good = self._form(prompt), self._form([right])
        if self.type == "prompt-completion":
            return ({"prompt": asked, "completion": good},)
        bad = self._form([message("assistant", self.conversation(row, context).rejected)])
        if self.type == "preference":
            return ({"prompt": asked, "chosen": good, "rejected": bad},)
        answers = ((good, True), (bad, False))
        return tuple({"prompt": asked, "completion": answer, "label": label} for answer, label in answers)

    @property
    def one_turn(self) -> bool:
        """Preferences compare two answers to one question."""
        return self.type in ("preference", "unpaired")

    def checker(self) -> Callable[[Any], Iterator[str]]:
        """Return a check of one line that also wants all lines to be of one type."""
        types: list[str] = []
        return lambda example: _faults(example, types)

    def held(self, example: Any, context: ExportContext) -> Mapping[str, Any]:
        """Return texts by column, those of a conversation joined."""
        return {key: value if isinstance(value, bool) else _text(value) for key, value in example.items()}

    def carried(self, row: ExportRow, context: ExportContext) -> Iterable[Mapping[str, Any]]:
        """Return texts by column as they should be."""
        made = self.conversation(row, context)
        *said, right = [text for pair in made.turns for text in pair]
        question = "\n\n".join([*([made.system] if made.system else []), *said])
        if self.type == "messages":
            yield {"messages": f"{question}\n\n{right}"}
        elif self.type == "preference":
            yield {"prompt": question, "chosen": right, "rejected": made.rejected}
        else:
            more = {"label": True} if self.type == "unpaired" else {}
            yield {"prompt": question, "completion": right, **more}
            if more:
                yield {"prompt": question, "completion": made.rejected, "label": False}

    def _form(self, messages: list[dict[str, str]]) -> Any:
        return messages if self.conversational else "\n\n".join(each["content"] for each in messages)


def _text(value: Any) -> Any:
    return "\n\n".join(each["content"] for each in value) if isinstance(value, list) else value


def _faults(example: Any, types: list[str]) -> Iterator[str]:
    columns = {name for name in example if name in _COLUMNS}
    found = [name for name, wanted in TYPES.items() if set(wanted) == columns]
    if not found:
        choices = " | ".join("+".join(wanted) for wanted in TYPES.values())
        yield f"the columns are {', '.join(sorted(columns)) or 'others'}; expected {choices}"
        return
    forms = {type(example[name]).__name__ for name in columns if name != "label"}
    if len(forms) > 1:
        yield "plain texts and lists of messages side by side; expected one of the two in all columns"
    for name in TYPES[found[0]]:
        yield from _column_faults(name, example[name])
    if "chosen" in columns and example["chosen"] == example["rejected"]:
        yield "chosen and rejected are the same; expected two different answers"
    types[:] = types or [found[0]]
    if found[0] != types[0]:
        yield f"a line of the type {found[0]}; expected {types[0]}, as on the lines before"


def _column_faults(name: str, value: Any) -> Iterator[str]:
    if name == "label":
        if not isinstance(value, bool):
            yield f"label is {excerpt(value)}; expected true or false"
        return
    if isinstance(value, str) and name != "messages":
        if not value:
            yield f"{name} is empty; expected a non-empty string"
        return
    faults = list(list_faults(value, name))
    yield from faults
    for place, each in enumerate([] if faults else value, start=1):
        yield from (f"{name}, message {place}: {fault}" for fault in message_faults(each, MESSAGE_KEYS, ROLES))
    roles = [each.get("role") if isinstance(each, dict) else None for each in value] if not faults else []
    if roles and name == "prompt" and roles[-1] == "assistant":
        yield "the prompt ends with an assistant's message; expected the user's"
    if roles and name != "prompt" and roles[-1] != "assistant":
        yield f"{name} ends with a message of {excerpt(roles[-1])}; expected assistant"


FORMAT = Trl
