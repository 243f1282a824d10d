"""Spans as tags of tokens: IOB2 and BILOU."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from wslabel.errors import ExportError
from wslabel.exporting.formats.base import MAX_PROBLEMS, ExportRow, Problem, excerpt

SCHEMES = ("iob2", "bilou")
_TOKEN = re.compile(r"\w+|[^\w\s]")
_TAG = {"iob2": re.compile(r"O|[BI]-\S+"), "bilou": re.compile(r"O|[BILU]-\S+")}
_FORMS = {"iob2": "O, B-LABEL or I-LABEL", "bilou": "O or a LABEL behind B-, I-, L- or U-"}
_OPEN = ("B-", "I-")
_INNER = {"iob2": ("I-",), "bilou": ("I-", "L-")}


@dataclass(frozen=True)
class Tagged:
    """A text as tokens with a tag each, and the spans that do not begin and end with a token, as people are told."""

    tokens: tuple[str, ...]
    tags: tuple[str, ...]
    lost: tuple[str, ...]


def require_scheme(name: str, scheme: object) -> None:
    """Raise `ExportError` for an unknown scheme."""
    if scheme not in SCHEMES:
        raise ExportError(f"{name}: the option scheme is {scheme!r}; expected {' or '.join(SCHEMES)}.")


def tagged(name: str, row: ExportRow, scheme: str) -> Tagged:
    """Return the tokens of a record and their tags.

    Raises
    ------
    ExportError
        Spans that overlap, a label with white space, or a text without a token.
    """
    found = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(row.text)]
    if not found:
        raise ExportError(f"{name}, record {row.id}: the text has no token. Take the record out of the corpus.")
    first, last = {start: i for i, (start, _, _) in enumerate(found)}, {end: i for i, (_, end, _) in enumerate(found)}
    tags, lost = ["O"] * len(found), list[str]()
    for span in row.spans:
        where = f"{name}, record {row.id}, span {span.start}..{span.end} ({excerpt(row.text[span.start : span.end])})"
        if re.search(r"\s", span.label):
            raise ExportError(f"{where}: the label {span.label!r} holds white space; rename it.")
        if span.start not in first or span.end not in last:
            lost.append(f"{row.id} {span.start}..{span.end} {span.label}")
            continue
        places = range(first[span.start], last[span.end] + 1)
        if any(tags[place] != "O" for place in places):
            raise ExportError(f"{where}: it overlaps another span, which tags cannot tell. Use jsonl or spacy_docbin.")
        for place, letter in zip(places, _letters(len(places), scheme)):
            tags[place] = f"{letter}-{span.label}"
    return Tagged(tuple(token for *_, token in found), tuple(tags), tuple(lost))


def _letters(count: int, scheme: str) -> str:
    if scheme == "iob2":
        return "B" + "I" * (count - 1)
    return "U" if count == 1 else "B" + "I" * (count - 2) + "L"


def tag_faults(tags: Sequence[str], scheme: str) -> Iterator[tuple[int, str]]:
    """Yield what is wrong with a sequence of tags: the place of a tag, and the fault."""
    before = "O"
    for place, tag in enumerate([*tags, "O"]):
        if place < len(tags) and not _TAG[scheme].fullmatch(tag):
            yield place, f"the tag is {excerpt(tag)}; expected {_FORMS[scheme]}"
            before = tag
            continue
        inner, begun = tag[:2] in _INNER[scheme], before[2:] if before[:2] in _OPEN else ""
        if inner and begun != tag[2:]:
            start = f"B-{tag[2:]}" if scheme == "iob2" else f"B-{tag[2:]} or U-{tag[2:]}"
            yield place, f"the tag is {excerpt(tag)} behind {excerpt(before)}; expected {start} at the start of a span"
        elif scheme == "bilou" and begun and not inner:
            last = min(place, len(tags) - 1)
            yield last, f"a span of {excerpt(begun)} has no end before {excerpt(tag)}; expected L-{begun} at its end"
        before = tag


def left_out(lost: Sequence[str]) -> Iterator[Problem]:
    """Yield a warning that counts and lists the spans that are left out."""
    if lost:
        more = f" and {len(lost) - MAX_PROBLEMS} more" if len(lost) > MAX_PROBLEMS else ""
        what = "1 span left out, which does" if len(lost) == 1 else f"{len(lost)} spans left out, which do"
        told = f"{what} not begin and end with a token: {', '.join(lost[:MAX_PROBLEMS])}{more}"
        yield Problem(0, told, severity="warning")
