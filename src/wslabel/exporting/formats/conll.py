"""CoNLL: a token and its tag, IOB2 or BILOU, a line, an empty line between records."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import ClassVar

from wslabel.core.task import Kind
from wslabel.exporting.formats._tags import left_out, require_scheme, tag_faults, tagged
from wslabel.exporting.formats.base import (
    MAX_PROBLEMS,
    ExportContext,
    ExportFormat,
    ExportRow,
    Problem,
    excerpt,
    require_text,
)

Line = tuple[int, list[str]]
"""The number of a line and its columns; none for an empty line."""


@dataclass(frozen=True)
class Conll(ExportFormat):
    """Two columns, token and tag (``B-LABEL``, ``I-LABEL``, ``O``), separated by one space.

    Tokens are runs of letters and digits, and single other characters; white space is not kept. A span that does not
    begin and end with a token is left out with a warning; spans that overlap, a label with white space and a text
    without a token are refused. Ids, probabilities and columns have no place.

    Parameters
    ----------
    scheme
        ``iob2``, or ``bilou``, where ``L-LABEL`` is the last token of a span and ``U-LABEL`` the only one.

    Notes
    -----
    Rules: IOB2 as in CoNLL-2003, https://aclanthology.org/W03-0419/; BILOU as in L. Ratinov, D. Roth 2009,
    https://aclanthology.org/W09-1119/. Files from elsewhere may have further columns between token and tag, and
    ``-DOCSTART-`` lines.
    """

    name: ClassVar[str] = "conll"
    extension: ClassVar[str] = "conll"
    kinds: ClassVar[tuple[Kind, ...]] = ("spans",)
    scheme: str = "iob2"

    def __post_init__(self) -> None:
        require_scheme(self.name, self.scheme)

    def write(self, rows: Iterable[ExportRow], path: Path, context: ExportContext) -> int:
        """Write one block a record."""
        count = 0
        with path.open("w", encoding="utf-8", newline="\n") as file:
            for row in rows:
                require_text(self.name, row)
                made = tagged(self.name, row, self.scheme)
                file.writelines(f"{token} {tag}\n" for token, tag in zip(made.tokens, made.tags))
                file.write("\n")
                count += 1
        return count

    def validate(self, path: Path, context: ExportContext) -> list[Problem]:
        """Check columns and tags, and that the spans of every block are those that were written."""
        lost: list[str] = []
        problems = list(islice(_problems(path, context, self.scheme, lost), MAX_PROBLEMS))
        return [*problems, *left_out(lost)][:MAX_PROBLEMS]


def _problems(path: Path, context: ExportContext, scheme: str, lost: list[str]) -> Iterator[Problem]:
    written, blocks, end = context.written(), 0, 0
    for block in _blocks(path):
        end = block[-1][0]
        faults = list(_block_faults(block, scheme))
        row = next(written, None) if written is not None else None
        yield from (Problem(line, fault, row.id if row else "") for line, fault in faults)
        if isinstance(block[0][1], str):
            return
        if all(columns[:1] == ["-DOCSTART-"] for _, columns in block):
            continue
        blocks += 1
        if not faults and written is not None:
            yield from _differences(block, row, scheme, lost)
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


def _block_faults(block: list[tuple[int, list[str] | str]], scheme: str) -> Iterator[tuple[int, str]]:
    width, tags, lines = len(block[0][1]), list[str](), list[int]()
    for line, columns in block:
        if isinstance(columns, str):
            yield line, columns
            return
        if len(columns) < 2 or len(columns) != width:
            yield line, f"{len(columns)} columns; expected {max(width, 2)}: the token first, the tag last"
        tags.append(columns[-1] if len(columns) > 1 else "O")
        lines.append(line)
    yield from ((lines[place], fault) for place, fault in tag_faults(tags, scheme))


def _differences(
    block: list[tuple[int, list[str] | str]], row: ExportRow | None, scheme: str, lost: list[str]
) -> Iterator[Problem]:
    if row is None:
        yield Problem(block[0][0], "a record more than were written")
        return
    made = tagged(Conll.name, row, scheme)
    lost += made.lost
    wanted = [[token, tag] for token, tag in zip(made.tokens, made.tags)]
    for (line, found), expected in zip(block, wanted):
        if found != expected:
            yield Problem(line, f"{excerpt(' '.join(found))}; expected {excerpt(' '.join(expected))}", row.id)
            return
    if len(block) != len(wanted):
        yield Problem(block[-1][0], f"{len(block)} tokens; expected {len(wanted)}", row.id)


FORMAT = Conll
