"""CoNLL: a token and its IOB2 tag a line, an empty line between records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import ClassVar

from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.formats.base import (
    MAX_PROBLEMS,
    ExportContext,
    ExportFormat,
    ExportRow,
    Problem,
    excerpt,
    require_text,
)

_TOKEN = re.compile(r"\w+|[^\w\s]")
_TAG = re.compile(r"O|[BI]-\S+")
Line = tuple[int, list[str]]
"""The number of a line and its columns; none for an empty line."""


class Conll(ExportFormat):
    """Two columns, token and tag (``B-LABEL``, ``I-LABEL``, ``O``), separated by one space.

    Tokens are runs of letters and digits, and single other characters; white space is not kept. A span that
    does not begin and end with a token, spans that overlap, a label with white space and a text without a token
    are refused. Ids, probabilities and columns have no place.

    Notes
    -----
    Rules: IOB2 as in CoNLL-2003, https://aclanthology.org/W03-0419/. Files from elsewhere may have further
    columns between token and tag, and ``-DOCSTART-`` lines.
    """

    name: ClassVar[str] = "conll"
    extension: ClassVar[str] = "conll"
    kinds: ClassVar[tuple[Kind, ...]] = ("spans",)

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write one block a record."""
        count = 0
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for row in rows:
                require_text(self.name, row)
                file.writelines(f"{token} {tag}\n" for token, tag in tagged(row))
                file.write("\n")
                count += 1
        return count

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Check columns and tags, and that the spans of every block are those that were written."""
        return list(islice(_problems(path, context), MAX_PROBLEMS))


def tagged(row: ExportRow) -> list[tuple[str, str]]:
    """Return the tokens of a record and their tags.

    Raises
    ------
    ExportError
        Spans that IOB2 cannot carry, or a text without a token.
    """
    found = [(match.start(), match.end(), match.group()) for match in _TOKEN.finditer(row.text)]
    if not found:
        raise ExportError(f"conll, record {row.id}: the text has no token. Take the record out of the corpus.")
    first, last = {start: i for i, (start, _, _) in enumerate(found)}, {end: i for i, (_, end, _) in enumerate(found)}
    tags = ["O"] * len(found)
    for span in row.spans:
        where = f"conll, record {row.id}, span {span.start}..{span.end} ({excerpt(row.text[span.start : span.end])})"
        if span.start not in first or span.end not in last:
            raise ExportError(f"{where}: it does not begin and end with a token. Mend the span, or use jsonl.")
        if re.search(r"\s", span.label):
            raise ExportError(f"{where}: the label {span.label!r} holds white space; rename it.")
        places = range(first[span.start], last[span.end] + 1)
        if any(tags[place] != "O" for place in places):
            raise ExportError(f"{where}: it overlaps another span, which IOB2 cannot tell. Use jsonl or spacy_docbin.")
        for place in places:
            tags[place] = f"{'B' if place == places[0] else 'I'}-{span.label}"
    return [(token, tag) for (_, _, token), tag in zip(found, tags)]


def _problems(path: Path, context: ExportContext) -> Iterator[Problem]:
    written, blocks, end = context.written(), 0, 0
    for block in _blocks(path):
        end = block[-1][0]
        faults = list(_block_faults(block))
        row = next(written, None) if written is not None else None
        yield from (Problem(line, fault, row.id if row else "") for line, fault in faults)
        if isinstance(block[0][1], str):
            return
        if all(columns[:1] == ["-DOCSTART-"] for _, columns in block):
            continue
        blocks += 1
        if not faults and written is not None:
            yield from _differences(block, row)
    if written is not None and (missing := next(written, None)):
        yield Problem(end + 1, "the file ends; expected the tokens of this record", missing.id)
    if not blocks:
        yield Problem(0, "the file holds no token; expected at least one")


def _blocks(path: Path) -> Iterator[list[tuple[int, list[str] | str]]]:
    """Yield the lines between empty lines, or what is wrong with one as a text instead of its columns."""
    block: list[tuple[int, list[str] | str]] = []
    with path.open("rb") as file:
        for number, raw in enumerate(file, start=1):
            try:
                columns = raw.decode("utf-8").rstrip("\r\n")
            except UnicodeDecodeError as error:
                yield [*block, (number, f"not valid UTF-8 (byte {error.start}); expected UTF-8")][-1:]
                return
            if columns.strip():
                block.append((number, columns.split()))
            elif block:
                yield block
                block = []
    if block:
        yield block


def _block_faults(block: list[tuple[int, list[str] | str]]) -> Iterator[tuple[int, str]]:
    before, width = "O", len(block[0][1])
    for line, columns in block:
        if isinstance(columns, str):
            yield line, columns
            return
        tag = columns[-1]
        if len(columns) < 2 or len(columns) != width:
            yield line, f"{len(columns)} columns; expected {max(width, 2)}: the token first, the tag last"
        elif not _TAG.fullmatch(tag):
            yield line, f"the tag is {excerpt(tag)}; expected O, B-LABEL or I-LABEL"
        elif tag[:2] == "I-" and before[2:] != tag[2:]:
            yield (
                line,
                f"the tag is {excerpt(tag)} behind {excerpt(before)}; expected B-{tag[2:]} at the start of a span",
            )
        before = tag


def _differences(block: list[tuple[int, list[str] | str]], row: ExportRow | None) -> Iterator[Problem]:
    if row is None:
        yield Problem(block[0][0], "a record more than were written")
        return
    wanted = [[token, tag] for token, tag in tagged(row)]
    for (line, found), expected in zip(block, wanted):
        if found != expected:
            yield Problem(line, f"{excerpt(' '.join(found))}; expected {excerpt(' '.join(expected))}", row.id)
            return
    if len(block) != len(wanted):
        yield Problem(block[-1][0], f"{len(block)} tokens; expected {len(wanted)}", row.id)


FORMAT = Conll
