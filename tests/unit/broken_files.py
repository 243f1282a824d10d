"""A catalogue of broken files, one fault each, and of valid ones, built here and not by the writers."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ARRAYS = ("alpaca", "sharegpt", "argilla", "label_studio")
TEXT = "Profit rose to 5 – said 👩🏽‍⚕️ Ann"
"""33 characters (code points), the last three of them Ann."""
SYSTEM, USER = {"role": "system", "content": "Say which."}, {"role": "user", "content": TEXT}
UP, DOWN = {"role": "assistant", "content": "up"}, {"role": "assistant", "content": "down"}
ANN = TEXT.index("Ann")
UUID = "3f2b8c1e-0000-4000-8000-000000000000"
RESULT = {"id": "r1", "from_name": "label", "to_name": "text", "type": "choices", "value": {"choices": ["up"]}}
SPAN_RESULT = {**RESULT, "type": "labels", "value": {"start": ANN, "end": ANN + 3, "text": "Ann", "labels": ["PER"]}}
TOLD = {
    "class-name": "up",
    "confidence": 0.9,
    "type": "groundtruth/text-classification",
    "job-name": "labeling-job/x",
    "human-annotated": "no",
    "creation-date": "2026-01-02T03:04:05.678",
}
MANY_TOLD = {key: value for key, value in TOLD.items() if key not in ("class-name", "confidence")}
TOKENS = [{"text": "Ann", "start": 0, "end": 3, "id": 0}, {"text": "Lee", "start": 4, "end": 7, "id": 1}]

VALID: dict[str, dict[str, Any]] = {
    "openai_chat": {
        "plain": {"messages": [SYSTEM, USER, UP]},
        "weights": {"messages": [USER, {**DOWN, "weight": 0}, USER, {**UP, "weight": 1}]},
        "calls": {"messages": [USER, {"role": "assistant", "tool_calls": [{"id": "c"}]}, {**UP}], "tools": []},
    },
    "openai_preference": {
        "plain": {"input": {"messages": [USER]}, "preferred_output": [UP], "non_preferred_output": [DOWN]},
        "tools": {
            "input": {"messages": [SYSTEM, USER], "tools": [], "parallel_tool_calls": True},
            "preferred_output": [UP],
            "non_preferred_output": [DOWN],
        },
    },
    "trl": {
        "plain": {"prompt": "Which?", "chosen": "up", "rejected": "down", "source": "x"},
        "conversations": {"prompt": [SYSTEM, USER], "chosen": [UP], "rejected": [DOWN]},
    },
    "bedrock": {
        "plain": {
            "schemaVersion": "bedrock-conversation-2024",
            "system": [{"text": "Say which."}],
            "messages": [
                {"role": "user", "content": [{"text": TEXT}]},
                {"role": "assistant", "content": [{"text": "up"}]},
            ],
        },
    },
    "alpaca": {
        "plain": {"instruction": "Say which.", "input": TEXT, "output": "up"},
        "history": {"instruction": "Go on.", "output": "up", "system": "", "history": [["a", "b"]]},
    },
    "sharegpt": {
        "plain": {"conversations": [{"from": "human", "value": TEXT}, {"from": "gpt", "value": "up"}], "system": "S"},
        "tools": {
            "conversations": [
                {"from": "human", "value": "q"},
                {"from": "function_call", "value": "{}"},
                {"from": "observation", "value": "{}"},
                {"from": "gpt", "value": "a"},
            ],
            "tools": "[]",
        },
    },
    "jsonl": {
        "plain": {
            "id": "a",
            "text": TEXT,
            "label": "up",
            "confidence": 0.9,
            "source": "model",
            "probs": {"up": 0.9, "down": 0.1},
        },
        "spans": {
            "id": "b",
            "text": TEXT,
            "spans": [{"start": ANN, "end": ANN + 3, "label": "PER"}],
            "confidence": 1,
            "source": "human",
        },
    },
    "doccano": {
        "plain": {"text": TEXT, "label": ["up"], "anything": 1},
        "spans": {"text": TEXT, "label": [[ANN, ANN + 3, "PER"]]},
        "none": {"text": TEXT, "label": []},
    },
    "prodigy": {
        "plain": {
            "text": TEXT,
            "options": [{"id": "up", "text": "Up"}, {"id": "down", "text": "Down"}],
            "accept": ["up"],
            "answer": "accept",
            "config": {"choice_style": "single"},
        },
        "binary": {"text": TEXT, "label": "up", "answer": "reject"},
        "spans": {
            "text": "Ann Lee",
            "tokens": TOKENS,
            "spans": [{"start": 0, "end": 7, "label": "PER", "token_start": 0, "token_end": 1}],
            "answer": "accept",
        },
    },
    "argilla": {
        "plain": {
            "id": "a",
            "fields": {"text": TEXT},
            "metadata": {"n": 1},
            "suggestions": {"label": {"value": "up", "score": 0.9, "agent": "model"}},
            "responses": {},
        },
        "spans": {
            "id": "b",
            "fields": {"text": TEXT},
            "suggestions": {"label": {"value": [{"start": ANN, "end": ANN + 3, "label": "PER"}], "score": [0.5]}},
        },
        "answered": {"id": "c", "fields": {"text": TEXT}, "responses": {"label": [{"value": ["up"], "user_id": UUID}]}},
    },
    "label_studio": {
        "plain": {"data": {"text": TEXT}, "predictions": [{"score": 0.9, "result": [RESULT]}]},
        "spans": {"data": {"text": TEXT}, "annotations": [{"result": [SPAN_RESULT]}]},
        "none": {"data": {"text": TEXT}},
    },
    "labelbox": {
        "plain": {"dataRow": {"globalKey": "a"}, "name": "label", "answer": {"name": "up", "confidence": 0.9}},
        "checklist": {"dataRow": {"id": "clx"}, "name": "label", "answer": [{"name": "up"}, {"name": "down"}]},
        "spans": {"dataRow": {"globalKey": "a"}, "name": "PER", "location": {"start": 0, "end": 0}},
    },
    "sagemaker_manifest": {"plain": {"source": TEXT, "mood": 1, "mood-metadata": TOLD}},
    "sagemaker_many": {
        "plain": {
            "source": TEXT,
            "mood": [0, 1],
            "mood-metadata": {
                **MANY_TOLD,
                "class-map": {"0": "down", "1": "up"},
                "confidence-map": {"0": 0.6, "1": 0.9},
            },
        }
    },
    "sagemaker_spans": {
        "plain": {
            "source": TEXT,
            "mood": {"annotations": {"entities": [{"startOffset": ANN, "endOffset": ANN + 3, "label": "PER"}]}},
            "mood-metadata": {**MANY_TOLD, "entities": [{"confidence": 0.5}]},
        }
    },
}
"""Valid objects by format (or a further kind of it) and name."""
GONE = object()
ANY = "\ud83d"


@dataclass(frozen=True)
class Broken:
    """A file, the line that is wrong, and a part of what is said about it."""

    format: str
    name: str
    content: bytes
    line: int
    message: str


def format_of(kind: str) -> str:
    return "sagemaker_manifest" if kind.startswith("sagemaker") else kind


def valid_file(kind: str, objects: list[Any]) -> bytes:
    lines = [json.dumps(each, ensure_ascii=False).encode() for each in objects]
    return b"[\n" + b",\n".join(lines) + b"\n]\n" if kind in ARRAYS else b"".join(line + b"\n" for line in lines)


def valid_files() -> Iterator[tuple[str, str, bytes]]:
    for kind, objects in VALID.items():
        for name, each in objects.items():
            yield format_of(kind), name, valid_file(kind, [each])
    yield "trl", "messages", valid_file("trl", [{"messages": [USER, UP]}, {"messages": [SYSTEM, USER, UP]}])
    yield "trl", "prompt and completion", valid_file("trl", [{"prompt": [USER], "completion": [UP]}])
    yield "trl", "unpaired", valid_file("trl", [{"prompt": "p", "completion": "c", "label": True}])
    yield "bedrock", "prompt and completion", valid_file("bedrock", [{"prompt": "p", "completion": "c"}])
    pretty = json.dumps(list(VALID["alpaca"].values()), indent=4, ensure_ascii=False)
    yield "alpaca", "indented", pretty.encode()
    yield "alpaca", "JSON lines", b"".join(json.dumps(each).encode() + b"\n" for each in VALID["alpaca"].values())
    yield "alpaca", "longer than a block", json.dumps([VALID["alpaca"]["plain"]] * 5000, ensure_ascii=False).encode()
    yield "conll", "two columns", b"Ann B-PER\nLee I-PER\nsaid O\n\nOK O\n"
    yield "conll", "four columns", b"-DOCSTART- -X- O O\n\nAnn NNP B-NP B-PER\nsaid VB B-VP O\n"
    yield "csv", "plain", f"{CSV_HEAD}\r\na,t,x,0.9,model,true,1,0.9,0.1\r\n".encode()


def changed(given: Any, *path: Any, to: Any) -> Any:
    """Return a copy with the value at the path replaced, or taken out."""
    whole = copy.deepcopy(given)
    place = whole
    for step in path[:-1]:
        place = place[step]
    if to is GONE:
        del place[path[-1]]
    else:
        place[path[-1]] = to
    return whole


def broken_files() -> Iterator[Broken]:
    yield from _broken_json()
    for kind, base, path, to, message in FAULTS:
        bad = changed(VALID[kind][base], *path, to=to)
        first = VALID[kind]["plain"]
        if kind in ("jsonl", "argilla") and bad.get("id") == first["id"] and path != ("id",):
            bad["id"] = "other"
        name = f"{base}: {'.'.join(map(str, path))} is {'gone' if to is GONE else json.dumps(to)[:40]}"
        yield Broken(format_of(kind), name, valid_file(kind, [first, bad]), 3 if kind in ARRAYS else 2, message)
    for format, objects, message in TOGETHER:
        line = len(objects) + (format in ARRAYS)
        yield Broken(format, message, valid_file(format, objects), line, message)
    yield from (Broken("conll", message, content, line, message) for content, line, message in CONLL)
    for lines, line, message in CSV:
        yield Broken("csv", message, "\r\n".join([*lines, ""]).encode("utf-8", "surrogateescape"), line, message)


def _broken_json() -> Iterator[Broken]:
    """Yield what may be wrong with the JSON itself, for every format."""
    for kind, objects in VALID.items():
        if kind != format_of(kind):
            continue
        good = json.dumps(objects["plain"], ensure_ascii=False)
        array = kind in ARRAYS
        line, start, end = (3, f"[\n{good},\n", "\n]\n") if array else (2, f"{good}\n", "\n")
        bad = {
            "not valid UTF-8": (b"\xff" + good.encode(), "UTF-8"),
            "cut off": (good[:-1].encode(), "not valid JSON"),
            "a comma too many": ((good[:-1] + ",}").encode(), "not valid JSON"),
            "single quotes": (b"{'a': 1}", "not valid JSON"),
            "NaN": ((good[:-1] + ', "extra": NaN}').encode(), "NaN is no JSON value"),
            "a key twice": ((good[:-1] + ', "k": 1, "k": 2}').encode(), "'k' stands twice"),
            "half a pair": ((good[:-1] + ', "k": "\\ud83d"}').encode(), "half of a surrogate pair"),
            "a list": (b"[1]", "a list; expected a JSON object"),
            "a text": (b'"text"', "a str; expected a JSON object"),
        }
        for name, (content, message) in bad.items():
            where = 0 if array and name == "not valid UTF-8" else line
            where = 4 if array and name == "cut off" else where
            yield Broken(kind, name, start.encode() + content + end.encode(), where, message)
        yield Broken(kind, "empty", b"", 0, "the file holds no example")
        if not array:
            yield Broken(kind, "an empty line", f"{good}\n\n{good}\n".encode(), 2, "an empty line")
        else:
            yield Broken(kind, "two arrays", f"[{good}]\n[{good}]\n".encode(), 2, "extra data behind the array")
            yield Broken(kind, "no comma", f"[{good}\n{good}]\n".encode(), 2, "expected , or ]")


CSV_HEAD = "id,text,label,confidence,source,covered,weight,p_x,p_y"
CSV: list[tuple[list[str], int, str]] = [
    (["id,text,label,source,covered,weight", "a,t,x,model,true,1"], 1, "there is no column 'confidence'"),
    ([f"{CSV_HEAD},id", "a,t,x,1,model,true,1,1,0,a"], 1, "the column 'id' stands twice"),
    ([CSV_HEAD], 0, "the file holds no row"),
    ([CSV_HEAD, "a,t,x,0.9,model,true,1,0.9"], 2, "8 fields; the header has 9"),
    ([CSV_HEAD, 'a,"t,x,0.9,model,true,1,0.9,0.1'], 2, "not valid CSV"),
    ([CSV_HEAD, "a,\udcff,x,0.9,model,true,1,0.9,0.1"], 1, "not valid UTF-8"),
    ([CSV_HEAD, "a,t,x,1.5,model,true,1,0.9,0.1"], 2, "confidence is 1.5"),
    ([CSV_HEAD, "a,t,x,high,model,true,1,0.9,0.1"], 2, "confidence is 'high'"),
    ([CSV_HEAD, "a,t,x,0.9,robot,true,1,0.9,0.1"], 2, "the source is 'robot'"),
    ([CSV_HEAD, "a,t,x,0.9,model,perhaps,1,0.9,0.1"], 2, "covered is 'perhaps'"),
    ([CSV_HEAD, "a,t,x,0.9,model,true,-1,0.9,0.1"], 2, "weight is -1.0"),
    ([CSV_HEAD, "a,t,x,0.9,model,true,1,1.9,0.1"], 2, "p_x is 1.9"),
    ([CSV_HEAD, "a,t,,0.9,model,true,1,0.9,0.1"], 2, "the label is empty"),
    ([CSV_HEAD, "a,=1+1,x,1,model,true,1,1,0"], 2, "takes for a formula"),
    ([CSV_HEAD, "a,t,x,1,model,true,1,1,0", "a,u,x,1,model,true,1,1,0"], 3, "the id 'a' stands twice"),
]
CONLL: list[tuple[bytes, int, str]] = [
    (b"", 0, "the file holds no token"),
    (b"-DOCSTART- O\n\n", 0, "the file holds no token"),
    (b"OK O\nAnn\n", 2, "1 columns; expected 2"),
    (b"OK O\nAnn NNP B-PER\n", 2, "3 columns; expected 2"),
    (b"OK O\nAnn B_PER\n", 2, "the tag is 'B_PER'"),
    (b"OK O\nAnn B-\n", 2, "the tag is 'B-'"),
    (b"OK O\nAnn E-PER\n", 2, "the tag is 'E-PER'"),
    (b"OK O\nAnn I-PER\n", 2, "expected B-PER"),
    (b"Ann B-PER\nLee I-ORG\n", 2, "expected B-ORG"),
    (b"Ann B-PER\n\nLee I-PER\n", 3, "expected B-PER"),
    (b"OK O\n\xff O\n", 2, "not valid UTF-8"),
]
TOGETHER: list[tuple[str, list[Any], str]] = [
    ("jsonl", [VALID["jsonl"]["plain"]] * 2, "the id 'a' stands twice"),
    ("argilla", [VALID["argilla"]["plain"]] * 2, "the id 'a' stands twice"),
    ("trl", [{"messages": [UP]}, {"prompt": "p", "completion": "c"}], "a line of the type prompt-completion"),
    (
        "bedrock",
        [VALID["bedrock"]["plain"], {"prompt": "p", "completion": "c"}],
        "a line of the type prompt-completion",
    ),
    ("trl", [{"prompt": "p", "completion": "c", "label": 1}], "label is 1; expected true or false"),
    ("trl", [{"prompt": [UP], "completion": [UP]}], "the prompt ends with an assistant's message"),
    ("trl", [{"prompt": [USER], "completion": [USER]}], "completion ends with a message of 'user'"),
    ("trl", [{"prompt": [USER], "completion": "up"}], "side by side"),
    ("trl", [{"text": "t"}], "the columns are others"),
    ("trl", [{"messages": "hello"}], "messages is 'hello'; expected a non-empty list"),
    ("bedrock", [{"prompt": "", "completion": "c"}], "prompt is empty"),
    ("bedrock", [{"prompt": "p"}], "completion is None"),
]
Fault = tuple[str, str, tuple[Any, ...], Any, str]
_M = ("messages",)
FAULTS: list[Fault] = [
    ("openai_chat", "plain", _M, GONE, "messages is None; expected a non-empty list"),
    ("openai_chat", "plain", _M, [], "expected a non-empty list"),
    ("openai_chat", "plain", ("mesages",), [], 'Did you mean "messages"'),
    ("openai_chat", "plain", (*_M, 1), "hello", "message 2: a str"),
    ("openai_chat", "plain", (*_M, 1, "role"), "usr", 'Did you mean "user"'),
    ("openai_chat", "plain", (*_M, 1, "role"), GONE, "message 2: the role is None"),
    ("openai_chat", "plain", (*_M, 1, "content"), "", "the content is ''"),
    ("openai_chat", "plain", (*_M, 1, "content"), GONE, "the content is None"),
    ("openai_chat", "plain", (*_M, 1, "content"), 5, "the content is 5"),
    ("openai_chat", "plain", (*_M, 1, "weight"), 1, "a weight on a user message"),
    ("openai_chat", "plain", (*_M, 2, "weight"), 0.5, "the weight is 0.5"),
    ("openai_chat", "plain", (*_M, 2, "weight"), True, "the weight is True"),
    ("openai_chat", "plain", (*_M, 2), GONE, "no message has the role assistant"),
    ("openai_chat", "weights", (*_M, 3), GONE, "the last message has the role 'user'"),
    ("openai_chat", "plain", (*_M, 1, "name"), "", "the name is ''"),
    ("openai_preference", "plain", ("input",), GONE, "input is None"),
    ("openai_preference", "plain", ("input", "messages"), [], "input.messages is []"),
    ("openai_preference", "plain", ("input", "messages", 0, "role"), "assistant", "expected the user's"),
    ("openai_preference", "plain", ("input", "messages", 0, "weight"), 1, "unknown key 'weight'"),
    ("openai_preference", "plain", ("input", "prompt"), "p", "unknown key 'prompt'"),
    ("openai_preference", "plain", ("preferred_output",), GONE, "preferred_output is None"),
    ("openai_preference", "plain", ("preferred_output",), "up", "preferred_output is 'up'"),
    ("openai_preference", "plain", ("preferred_output", 0, "role"), "user", "the role is 'user'"),
    ("openai_preference", "plain", ("non_preferred_output", 0, "content"), "", "the content is ''"),
    ("openai_preference", "plain", ("non_preferred_output",), [UP], "both outputs are the same"),
    ("openai_preference", "plain", ("chosen",), [], "unknown key 'chosen'"),
    ("trl", "plain", ("rejected",), GONE, "expected messages | prompt+completion"),
    ("trl", "plain", ("chosen",), "", "chosen is empty"),
    ("trl", "plain", ("rejected",), "up", "chosen and rejected are the same"),
    ("trl", "conversations", ("chosen",), [], "chosen is []"),
    ("trl", "conversations", ("chosen", 0, "role"), "gpt", "the role is 'gpt'"),
    ("trl", "conversations", ("chosen", 0, "content"), None, "the content is None"),
    ("bedrock", "plain", ("schemaVersion",), GONE, "schemaVersion is None"),
    ("bedrock", "plain", ("schemaVersion",), "bedrock-conversation-2023", "schemaVersion is"),
    ("bedrock", "plain", ("system",), "Say which.", "system is 'Say which.'"),
    ("bedrock", "plain", _M, [], "messages is []"),
    ("bedrock", "plain", (*_M, 0, "role"), "assistant", "expected user: user and assistant take turns"),
    ("bedrock", "plain", (*_M, 1), GONE, "1 messages; expected an even number"),
    ("bedrock", "plain", (*_M, 0, "content"), TEXT, "content is"),
    ("bedrock", "plain", (*_M, 0, "content", 0, "text"), "", "text is empty"),
    ("bedrock", "plain", ("tools",), [], "unknown key 'tools'"),
    ("alpaca", "plain", ("instruction",), GONE, "instruction is None"),
    ("alpaca", "plain", ("instruction",), "", "instruction is empty"),
    ("alpaca", "plain", ("output",), "", "output is empty"),
    ("alpaca", "plain", ("output",), 1, "output is 1"),
    ("alpaca", "plain", ("input",), None, "input is None"),
    ("alpaca", "plain", ("response",), "up", "unknown key 'response'"),
    ("alpaca", "history", ("history", 0), ["a"], "history is"),
    ("alpaca", "history", ("system",), 1, "system is 1"),
    ("sharegpt", "plain", ("conversations",), GONE, "conversations is None"),
    ("sharegpt", "plain", ("conversations",), [], "conversations is []"),
    ("sharegpt", "plain", ("conversations", 0, "from"), "user", "from is 'user'; expected human or observation"),
    ("sharegpt", "plain", ("conversations", 1, "from"), "human", "expected gpt or function_call at an even place"),
    ("sharegpt", "plain", ("conversations", 1), GONE, "1 turns; expected an even number"),
    ("sharegpt", "plain", ("conversations", 1, "value"), "", "value is empty"),
    ("sharegpt", "plain", ("conversations", 1, "content"), "up", "unknown key 'content'"),
    ("sharegpt", "plain", ("system",), 5, "system is 5"),
    ("jsonl", "plain", ("id",), GONE, "the id is None"),
    ("jsonl", "plain", ("id",), 5, "the id is 5"),
    ("jsonl", "plain", ("text",), None, "text is None"),
    ("jsonl", "plain", ("label",), GONE, "none of the keys label, labels, spans"),
    ("jsonl", "plain", ("label",), "", "label is ''"),
    ("jsonl", "plain", ("label",), "sideways", "the label 'sideways' has no probability"),
    ("jsonl", "plain", ("confidence",), 1.5, "confidence is 1.5"),
    ("jsonl", "plain", ("confidence",), "high", "confidence is 'high'"),
    ("jsonl", "plain", ("source",), "robot", "source is 'robot'"),
    ("jsonl", "plain", ("probs", "up"), 0.5, "the probabilities sum to 0.6"),
    ("jsonl", "plain", ("probs", "up"), -0.1, "the probability of 'up' is -0.1"),
    ("jsonl", "spans", ("spans", 0, "end"), 99, "span 1 is 30..99"),
    ("jsonl", "spans", ("spans", 0, "label"), "", "span 1: label is ''"),
    ("doccano", "plain", ("text",), GONE, "text is None"),
    ("doccano", "plain", ("text",), "", "text is empty"),
    ("doccano", "plain", ("label",), "up", "label is 'up'; expected a list"),
    ("doccano", "plain", ("label",), ["up", "up"], "expected each label once"),
    ("doccano", "plain", ("label",), ["x" * 101], "101 characters; expected at most 100"),
    ("doccano", "spans", ("label", 0), [5, 5, "PER"], "span 1 is 5..5"),
    ("doccano", "spans", ("label", 0), [5, 99, "PER"], "span 1 is 5..99"),
    ("doccano", "spans", ("label", 0), ["PER", 5, 7], "span 1 is 'PER'..5"),
    ("doccano", "spans", ("label", 0), [5, 7], "expected [start, end, label]"),
    ("prodigy", "plain", ("text",), GONE, "text is None"),
    ("prodigy", "plain", ("answer",), "yes", "answer is 'yes'"),
    ("prodigy", "plain", ("accept",), ["sideways"], "accept holds 'sideways'"),
    ("prodigy", "plain", ("accept",), ["up", "down"], "as choice_style is single"),
    ("prodigy", "plain", ("accept",), "up", "accept is 'up'"),
    ("prodigy", "plain", ("options", 1, "id"), "up", "expected each once"),
    ("prodigy", "plain", ("options",), ["up"], "options is ['up']"),
    ("prodigy", "plain", ("meta",), "x", "meta is 'x'"),
    ("prodigy", "binary", ("label",), GONE, "none of the keys options, label, spans"),
    ("prodigy", "spans", ("spans", 0, "end"), 8, "span 1 is 0..8"),
    ("prodigy", "spans", ("spans", 0, "token_end"), 2, "token_end is 2; expected 1"),
    ("prodigy", "spans", ("spans", 0, "end"), 6, "expected the end of a token"),
    ("prodigy", "spans", ("tokens", 1, "text"), "Li", "token 1 is 'Li'"),
    ("prodigy", "spans", ("tokens", 1, "id"), 2, "token 1 has the id 2"),
    ("argilla", "plain", ("id",), "", "the id is ''"),
    ("argilla", "plain", ("fields",), {}, "fields is {}"),
    ("argilla", "plain", ("fields", "text"), "", "expected non-empty strings"),
    ("argilla", "plain", ("metadata",), [], "metadata is []"),
    ("argilla", "plain", ("record_id",), "a", "unknown key 'record_id'"),
    ("argilla", "plain", ("suggestions", "label"), "up", "suggestion 'label' is 'up'"),
    ("argilla", "plain", ("suggestions", "label", "score"), 2, "score is 2"),
    ("argilla", "plain", ("suggestions", "label", "value"), "", "value is ''"),
    ("argilla", "plain", ("suggestions", "label", "agent"), "x" * 201, "expected 1 to 200 characters"),
    ("argilla", "plain", ("suggestions", "label", "type"), "model", "unknown key 'type'"),
    ("argilla", "spans", ("suggestions", "label", "score"), [0.5, 0.5], "has 2 scores"),
    ("argilla", "spans", ("suggestions", "label", "value", 0, "end"), 99, "span is 30..99"),
    ("argilla", "answered", ("responses", "label", 0, "user_id"), "ann", "user_id is 'ann'"),
    ("argilla", "answered", ("responses", "label"), {"value": "up"}, "expected a list of objects with value"),
    ("argilla", "answered", ("responses", "label"), [{"value": "up", "user_id": UUID}] * 2, "a user stands twice"),
    ("label_studio", "plain", ("data",), GONE, "data is None"),
    ("label_studio", "plain", ("data", "text"), "", "expected a non-empty text"),
    ("label_studio", "plain", ("predictions",), {}, "predictions is {}"),
    ("label_studio", "plain", ("predictions", 0, "score"), 90, "score is 90"),
    ("label_studio", "plain", ("predictions", 0, "result"), GONE, "result is None"),
    ("label_studio", "plain", ("predictions", 0, "result", 0, "from_name"), GONE, "from_name is None"),
    ("label_studio", "plain", ("predictions", 0, "result", 0, "type"), "labels", "expected labels, as the type says"),
    ("label_studio", "plain", ("predictions", 0, "result", 0, "value"), "up", "value is 'up'"),
    ("label_studio", "plain", ("predictions", 0, "result", 0, "value", "choices"), "up", "choices is 'up'"),
    ("label_studio", "plain", ("predictions", 0, "result"), [RESULT, RESULT], "the ids of the result"),
    ("label_studio", "spans", ("annotations", 0, "result", 0, "value", "end"), 99, "the span is 30..99"),
    ("label_studio", "spans", ("annotations", 0, "result", 0, "value", "start"), ANN - 1, "the span's text is 'Ann'"),
    ("label_studio", "spans", ("annotations", 0, "result", 0, "value", "labels"), [], "labels is []"),
    ("labelbox", "plain", ("dataRow",), GONE, "dataRow is None"),
    ("labelbox", "plain", ("dataRow", "id"), "clx", "expected an object with id or globalKey"),
    ("labelbox", "plain", ("name",), GONE, "name is None"),
    ("labelbox", "plain", ("answer",), GONE, "both or none of answer and location"),
    ("labelbox", "plain", ("answer", "name"), "", "the answer's name is ''"),
    ("labelbox", "plain", ("answer", "confidence"), 1.5, "confidence is 1.5"),
    ("labelbox", "checklist", ("answer",), [], "answer is []"),
    ("labelbox", "checklist", ("answer", 1, "name"), "up", "expected each once"),
    ("labelbox", "spans", ("location", "end"), -1, "location is 0..-1"),
    ("labelbox", "spans", ("location", "start"), "0", "location is '0'..0"),
    ("labelbox", "spans", ("confidence",), 2, "confidence is 2"),
    ("sagemaker_manifest", "plain", ("source",), GONE, "neither source nor source-ref"),
    ("sagemaker_manifest", "plain", ("source-ref",), "s3://b/k", "source and source-ref is there"),
    ("sagemaker_manifest", "plain", ("source",), "", "source is ''"),
    ("sagemaker_manifest", "plain", ("mood-metadata",), GONE, "no attribute has metadata"),
    ("sagemaker_manifest", "plain", ("mood",), GONE, "'mood-metadata' has no attribute beside it"),
    ("sagemaker_manifest", "plain", ("mood",), "up", "the label is 'up'"),
    ("sagemaker_manifest", "plain", ("mood-metadata", "class-name"), GONE, "class-name is None"),
    ("sagemaker_manifest", "plain", ("mood-metadata", "confidence"), 1.1, "confidence is 1.1"),
    ("sagemaker_manifest", "plain", ("mood-metadata", "human-annotated"), True, "human-annotated is True"),
    ("sagemaker_manifest", "plain", ("mood-metadata", "creation-date"), "yesterday", "creation-date is 'yesterday'"),
    ("sagemaker_manifest", "plain", ("mood-metadata", "type"), GONE, "type is None"),
    ("sagemaker_manifest", "plain", ("mood-metadata", "job-name"), "", "job-name is ''"),
    ("sagemaker_many", "plain", ("mood",), [0, 0], "expected distinct class indices"),
    ("sagemaker_many", "plain", ("mood-metadata", "class-map"), {"0": "down"}, "class-map is"),
    ("sagemaker_many", "plain", ("mood-metadata", "confidence-map", "0"), 2, "confidence-map is 2"),
    ("sagemaker_spans", "plain", ("mood", "annotations"), [], "annotations is []"),
    ("sagemaker_spans", "plain", ("mood", "annotations", "entities", 0, "endOffset"), 99, "the entity is 30..99"),
    ("sagemaker_spans", "plain", ("mood-metadata", "entities"), [], "expected one for each of 1 entities"),
]
