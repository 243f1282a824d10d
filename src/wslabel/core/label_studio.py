"""What Label Studio and wslabel tell each other: the labeling config, and the results of predictions and annotations.

Rules: https://labelstud.io/guide/tasks, https://labelstud.io/guide/predictions and https://labelstud.io/tags.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from xml.sax.saxutils import quoteattr

from wslabel.core.task import Kind
from wslabel.errors import TaskError

CONTROL, OBJECT = "label", "text"
"""The names of the tags that hold the labels and the text."""
_XML_REFUSES = {*map(chr, range(32)), "\ufffe", "\uffff"} - {"\t", "\n", "\r"}


def labeling_config(labels: Sequence[str], kind: Kind) -> str:
    """Return the XML with which Label Studio shows the tasks.

    Raises
    ------
    TaskError
        A label with a control character, which XML does not have.

    Examples
    --------
    >>> print(labeling_config(["late", "R&D"], "multilabel"))
    <View>
      <Text name="text" value="$text"/>
      <Choices name="label" toName="text" choice="multiple">
        <Choice value="late"/>
        <Choice value="R&amp;D"/>
      </Choices>
    </View>
    <BLANKLINE>
    """
    for label in labels:
        if _XML_REFUSES & set(label):
            raise TaskError(f"label_studio: the label {label!r} holds a character that XML does not have; rename it.")
    tag, item = ("Labels", "Label") if kind == "spans" else ("Choices", "Choice")
    several = "multiple" if kind == "multilabel" else "single"
    choice = "" if kind == "spans" else f' choice="{several}"'
    lines = [f"    <{item} value={_attribute(label)}/>" for label in labels]
    head = [f'  <Text name="{OBJECT}" value="${OBJECT}"/>', f'  <{tag} name="{CONTROL}" toName="{OBJECT}"{choice}>']
    return "\n".join(["<View>", *head, *lines, f"  </{tag}>", "</View>", ""])


def choices_result(labels: Sequence[str]) -> list[dict[str, Any]]:
    """Return the result that says which labels hold."""
    value = {"choices": list(labels)}
    return [{"id": "r1", "from_name": CONTROL, "to_name": OBJECT, "type": "choices", "value": value}]


def spans_result(text: str, spans: Iterable[tuple[int, int, str, float]]) -> list[dict[str, Any]]:
    """Return the result that says where labels stand: start, end (exclusive, in characters), label, probability."""
    return [
        {
            "id": f"r{place}",
            "from_name": CONTROL,
            "to_name": OBJECT,
            "type": "labels",
            "score": score,
            "value": {"start": start, "end": end, "text": text[start:end], "labels": [label]},
        }
        for place, (start, end, label, score) in enumerate(spans, start=1)
    ]


def _attribute(text: str) -> str:
    return quoteattr(text, {"\n": "&#10;", "\t": "&#9;", "\r": "&#13;"})
