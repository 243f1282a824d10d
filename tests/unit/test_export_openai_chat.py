from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wslabel.errors import ExportError, PluginError
from wslabel.exporting import ExportContext, ExportRow, validate_file
from wslabel.exporting.formats.openai_chat import INSTRUCTION, OpenAIChat

LABELS = ("down", "up")
USER, ASSISTANT = {"role": "user", "content": "Profit rose."}, {"role": "assistant", "content": "up"}
GOOD = json.dumps({"messages": [USER, ASSISTANT]})


def row(text: str = "Profit rose.", label: str = "up", id_: str = "a") -> ExportRow:
    return ExportRow(id_, text, label, 0.9, "model", {"down": 0.1, "up": 0.9}, {})


def messages(*given: Any, **more: Any) -> str:
    return json.dumps({"messages": list(given), **more})


BROKEN = {
    "not UTF-8": (b'{"messages": "\xff"}', "not valid UTF-8"),
    "not JSON": ("{messages: []}", "not valid JSON"),
    "cut off": (GOOD[:-2], "not valid JSON"),
    "two objects": (GOOD + GOOD, "not valid JSON"),
    "an empty line": ("", "an empty line"),
    "a byte order mark": ("\ufeff" + GOOD, "not valid JSON"),
    "NaN": (messages(USER, {**ASSISTANT, "weight": float("nan")}), "NaN is no JSON value"),
    "a list": (f"[{GOOD}]", "a list; expected a JSON object"),
    "no messages": ("{}", "messages is None; expected a non-empty list"),
    "messages misspelt": (json.dumps({"mesages": []}), 'Did you mean "messages"'),
    "empty messages": (messages(), "non-empty list"),
    "messages an object": ('{"messages": {"role": "user"}}', "non-empty list"),
    "a message that is a string": (messages("hello", ASSISTANT), "message 1: a str; expected an object"),
    "an unknown message key": (messages(USER, {**ASSISTANT, "wieght": 1}), 'Did you mean "weight"'),
    "no role": (messages({"content": "x"}, ASSISTANT), "message 1: the role is None"),
    "an unknown role": (messages({"role": "asistant", "content": "x"}, ASSISTANT), 'Did you mean "assistant"'),
    "a role that is no string": (messages({"role": ["user"], "content": "x"}, ASSISTANT), "the role is"),
    "no content": (messages({"role": "user"}, ASSISTANT), "the content is None"),
    "empty content": (messages({"role": "user", "content": ""}, ASSISTANT), "the content is ''"),
    "a number as content": (messages({"role": "user", "content": 5}, ASSISTANT), "the content is 5"),
    "a user's tool calls": (messages({"role": "user", "tool_calls": [{}]}, ASSISTANT), "the content is None"),
    "half a surrogate": ('{"messages": [{"role": "assistant", "content": "\\ud83d"}]}', "surrogate"),
    "no assistant": (messages(USER), "no message has the role assistant"),
    "the user last": (messages(ASSISTANT, USER), "the last message has the role 'user'"),
    "a weight of 2": (messages(USER, {**ASSISTANT, "weight": 2}), "the weight is 2; expected 0 or 1"),
    "a weight of true": (messages(USER, {**ASSISTANT, "weight": True}), "the weight is True"),
    "a weight on a user": (messages({**USER, "weight": 1}, ASSISTANT), "a weight on a user message"),
    "an empty name": (messages({**USER, "name": ""}, ASSISTANT), "the name is ''"),
    "nested too deep": ("[" * 100_000, "not valid JSON"),
}


@pytest.mark.parametrize(("line", "message"), BROKEN.values(), ids=BROKEN.keys())
def test_each_broken_line_is_found_where_it_stands(tmp_path: Path, line: str | bytes, message: str) -> None:
    raw = line if isinstance(line, bytes) else line.encode()
    path = tmp_path / "broken.jsonl"
    path.write_bytes(b"\n".join([*[GOOD.encode()] * 6, raw, *[GOOD.encode()] * 6]) + b"\n")
    problems = validate_file(path, "openai_chat")
    assert {problem.line for problem in problems} == {7}
    assert any(message in problem.message for problem in problems)
    assert str(problems[0]).startswith("line 7: ")


@pytest.mark.parametrize(
    "line",
    [
        GOOD,
        messages(USER, {**ASSISTANT, "weight": 0}),
        messages({"role": "developer", "content": "x"}, {**USER, "name": "x"}, ASSISTANT),
        messages(USER, {"role": "assistant", "tool_calls": [{"id": "1"}]}, tools=[]),
        messages(USER, {"role": "assistant", "content": None, "function_call": {"name": "f"}}),
    ],
)
def test_what_the_rules_allow_is_no_problem(tmp_path: Path, line: str) -> None:
    path = tmp_path / "good.jsonl"
    path.write_text((line + "\n") * 10)
    assert validate_file(path, "openai_chat") == []


def test_fewer_than_ten_examples_are_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "few.jsonl"
    path.write_text((GOOD + "\n") * 9)
    (problem,) = validate_file(path, "openai_chat")
    assert (problem.severity, problem.line) == ("warning", 0)
    assert "9 examples" in problem.message


def test_the_line_holds_system_user_and_assistant(tmp_path: Path) -> None:
    path, context = tmp_path / "a.jsonl", ExportContext(LABELS)
    format = OpenAIChat(meanings={"up": "it went up"})
    assert format.write([row("one\u2028line\x85")], path, context) == 1
    (line,) = path.read_text(encoding="utf-8").splitlines()
    assert json.loads(line) == {
        "messages": [
            {"role": "system", "content": f"{INSTRUCTION}\n\nLabels:\n- down\n- up: it went up"},
            {"role": "user", "content": "one\u2028line\x85"},
            {"role": "assistant", "content": "up"},
        ]
    }


def test_an_empty_text_is_refused_by_record(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="record b7: the text is empty"):
        OpenAIChat().write([row(), row("", id_="b7")], tmp_path / "a.jsonl", ExportContext(LABELS))
    assert OpenAIChat().write([row(" ")], tmp_path / "b.jsonl", ExportContext(LABELS)) == 1


def test_another_system_message_or_order_of_roles_is_found(tmp_path: Path) -> None:
    path, context = tmp_path / "a.jsonl", ExportContext(LABELS, rows=lambda: [row()])
    OpenAIChat("Another.").write([row()], path, context)
    assert "the system message is 'Another." in OpenAIChat().validate(path, context)[0].message
    path.write_text(GOOD + "\n")
    assert (
        "the roles is 'user, assistant'; expected 'system, user, assistant'"
        in OpenAIChat().validate(path, context)[0].message
    )


def test_options_are_checked(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="instruction is a non-empty string"):
        OpenAIChat(" ")
    with pytest.raises(ExportError, match="meanings is a mapping"):
        OpenAIChat(meanings=["up"])  # type: ignore[arg-type]
    with pytest.raises(ExportError, match='Did you mean "down"'):
        OpenAIChat(meanings={"donw": "x"}).write([row()], tmp_path / "a.jsonl", ExportContext(LABELS))
    with pytest.raises(PluginError, match='Did you mean "instruction"'):
        validate_file(tmp_path / "a.jsonl", "openai_chat", {"instrution": "x"})
