"""Spans as Label Studio tells them: which characters of the text its offsets mean.

Label Studio counts characters; early versions counted units of UTF-16, in which most emoji are two. A project of
hypertext has offsets in nodes, and ``globalOffsets`` beside them. With a span come the words that it holds, each end of
a line written as a backslash and n; they tell which offsets were meant.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from wslabel.core.decisions import Span
from wslabel.errors import ReviewError

CHARACTERS, UNITS = "characters", "units of UTF-16"
Place = tuple[int, int]


def read_spans(values: Sequence[Mapping[str, Any]], text: str, task: int) -> tuple[Span, ...]:
    """Return the spans of one annotation in characters of the text, sorted, each once.

    Where the words of a span stand at its offsets by either count, the other spans of the annotation decide; where
    these do not tell, characters are meant.

    Parameters
    ----------
    values
        The value of each region: offsets, words (``text``) and ``labels``.
    text
        The text of the task.
    task
        Its number, for messages.

    Raises
    ------
    ReviewError
        A region without a label, without offsets in the text, with words that stand elsewhere, or of which it cannot be
        told where it stands.

    Examples
    --------
    >>> read_spans([{"start": 3, "end": 7, "labels": ["Effect"], "text": "rash"}], "\N{PILL} rash", 1)
    ((2, 6, 'Effect'),)
    """
    places = [_places(value, text, task) for value in values]
    counts = {count for found in places for count in found if len(found) == 1}
    spans = set[Span]()
    for value, found in zip(values, places):
        start, end = _place(value, found, counts, task)
        spans |= {(start, end, label) for label in _labels(value, text[start:end], task)}
    return tuple(sorted(spans))


def _places(value: Mapping[str, Any], text: str, task: int) -> dict[str, Place]:
    """Return where the region may stand, by what is counted; both counts where they come to different places."""
    offsets = value.get("globalOffsets") or value
    start, end, said = offsets.get("start"), offsets.get("end"), value.get("text")
    if not isinstance(start, int) or not isinstance(end, int):
        raise ReviewError(f"Task {task}: a region has no offsets in characters. Annotate it in a tag <Text>.")
    found = {CHARACTERS: (start, end), UNITS: (_characters(text, start), _characters(text, end))}
    inside = {count: place for count, place in found.items() if 0 <= place[0] < place[1] <= len(text)}
    right = {count: place for count, place in inside.items() if said is None or text[slice(*place)] == said}
    right = right or {count: place for count, place in inside.items() if _same(text[slice(*place)], str(said))}
    if not right:
        where = f"where its text {said!r:.60} stands" if inside else f"in its text of {len(text)} characters"
        raise ReviewError(f"Task {task}: the span {start}..{end} is not {where}.")
    return right


def _characters(text: str, units: int) -> int:
    """Return how many characters so many units of UTF-16 are; -1 where they end inside one, or beyond the text."""
    encoded = text.encode("utf-16-le")[: 2 * max(units, 0)]
    try:
        return len(encoded.decode("utf-16-le")) if len(encoded) == 2 * units else -1
    except UnicodeDecodeError:
        return -1


def _same(words: str, said: str) -> bool:
    """Return whether these are the same words; ends of lines and how wide a gap is do not count."""
    plain, other = (one.replace("\\n", " ").split() for one in (words, said))
    return plain == other


def _place(value: Mapping[str, Any], found: dict[str, Place], counts: set[str], task: int) -> Place:
    """Return where the region stands; `counts` are those that other regions of the annotation tell."""
    if len({*found.values()}) == 1:
        return next(iter(found.values()))
    if len(counts) == 1:
        return found[next(iter(counts))]
    if not counts and value.get("text") is not None:
        return found[CHARACTERS]
    (start, end), (first, last) = found[CHARACTERS], found[UNITS]
    raise ReviewError(
        f"Task {task}: a region may stand at the characters {start}..{end} or {first}..{last}, as the text before it "
        "has some that early versions of Label Studio count as two. Open the task, draw that region anew and update."
    )


def _labels(value: Mapping[str, Any], words: str, task: int) -> Sequence[str]:
    labels: Sequence[str] = value.get("labels") or ()
    if not labels:
        raise ReviewError(f"Task {task}: the region {words!r:.60} has no label. Open the task, give it one and update.")
    return labels
