"""A queue as a CSV file for spreadsheets, and the decisions that come back in it.

The columns are id, text, kind, score, given, suggested, confidence, decision, reviewer and note. A reviewer fills in
``decision`` (a label name, ``skip``, ``unsure`` or ``reject``; a label of that name wins) and, if they like,
``reviewer`` and ``note``. The files are UTF-8 with a byte order mark, which Excel needs and everything else accepts.

A cell that a spreadsheet would run as a formula (it begins with ``=``, ``+``, ``-``, ``@``, a tab or a line break) is
written with an apostrophe before it; on import the apostrophe of an id or a label is taken away again.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, cast

from wslabel.core.decisions import Action, Decision
from wslabel.core.files import write_atomically
from wslabel.errors import ReviewError, suggest
from wslabel.review.checks import check_id

if TYPE_CHECKING:
    import pandas as pd

    from wslabel.review.queue import ReviewQueue

COLUMNS = ("id", "text", "kind", "score", "given", "suggested", "confidence", "decision", "reviewer", "note")
OTHER_ACTIONS: tuple[Action, ...] = ("skip", "unsure", "reject")
_FORMULA = re.compile(r"'*[=+\-@\t\r\n＝＋－＠]")
"""Apostrophes may stand before it, so that a cell that has one already gets another and both come back as they were."""
_LONGEST_CELL = 2**31 - 1

Row = tuple[int, dict[str, str]]
Key = tuple[str, str]
Said = tuple[str, str | None, str]


def export_csv(queue: ReviewQueue, path: str | Path) -> Path:
    """Write all items of the queue in order, the decision, reviewer and note empty, and return the path.

    Raises
    ------
    ReviewError
        The file cannot be written.
    """
    target, text = Path(path), io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for item in queue:
        words = [item.id, item.text, " ".join(item.kinds), item.given, item.suggested]
        id_, content, kinds, given, suggested = map(harmless, words)
        score, confidence = f"{item.score:.4f}", f"{item.confidence:.4f}"
        writer.writerow([id_, content, kinds, score, given, suggested, confidence, "", "", ""])
    write_atomically(target, lambda beside: beside.write_bytes(text.getvalue().encode("utf-8-sig")), ReviewError)
    return target


def import_csv(queue: ReviewQueue, path: str | Path, reviewer: str = "reviewer") -> dict[str, int]:
    """Log the decisions of an exported file in one transaction, all or none.

    A decision equal to the one of this reviewer that stands is not logged again, so a file may be imported twice.

    Parameters
    ----------
    queue
        The queue that was exported; the file needs the columns id and decision only.
    path
        UTF-8, with commas, semicolons or tabs between the cells.
    reviewer
        Who decided in rows whose reviewer is empty.

    Returns
    -------
    dict[str, int]
        How many rows were ``added``, ``unchanged`` and ``empty``.

    Raises
    ------
    ReviewError
        A row with an unknown record or decision, or two rows that contradict each other. The message names file and
        line; nothing was logged.
    """
    counts = {"added": 0, "unchanged": 0, "empty": 0}
    before: dict[Key, Decision] = {(one.id, one.reviewer): one for one in queue.log.standing()}
    seen: dict[Key, tuple[int, Said]] = {}
    added: list[Decision] = []
    for line, row in _rows(Path(path)):
        where = f"{path}, line {line}"
        if not row["decision"].strip():
            counts["empty"] += 1
            continue
        decision = _decision(queue, row, reviewer, before, where)
        key, said = (decision.id, decision.reviewer), _said(decision)
        if seen.setdefault(key, (line, said))[1] != said:
            raise ReviewError(f"{where}: line {seen[key][0]} decides {decision.id!r} otherwise. Keep one of the rows.")
        if key in before and _said(before[key]) == said:
            counts["unchanged"] += 1
            continue
        counts["added"] += 1
        before[key] = decision
        added.append(decision)
    queue.log.append_all(added)
    return counts


def queue_table(queue: ReviewQueue) -> pd.DataFrame:
    """Return the queue as a DataFrame, with the decisions that stand."""
    import pandas as pd

    said: dict[str, list[str]] = {}
    for one in queue.decisions():
        said.setdefault(one.id, []).append(one.label or one.action)
    rows = [
        [i.id, i.text, " ".join(i.kinds), i.score, i.given, i.suggested, i.confidence, " ".join(said.get(i.id, []))]
        for i in queue
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS[:8]))


def harmless(cell: str) -> str:
    """Return the cell so that no spreadsheet runs it.

    >>> harmless("=1+1"), harmless("'=1+1"), harmless("it's")
    ("'=1+1", "''=1+1", "it's")
    """
    return f"'{cell}" if _FORMULA.match(cell) else cell


def original(cell: str) -> str:
    """Return what `harmless` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _said(decision: Decision) -> Said:
    return decision.action, decision.label, decision.note


def _decision(
    queue: ReviewQueue, row: dict[str, str], reviewer: str, before: Mapping[Key, Decision], where: str
) -> Decision:
    id_ = original(row["id"])
    check_id(id_, [item.id for item in queue], where)
    who = row.get("reviewer", "").strip() or reviewer
    action, label = _read_decision(row["decision"], queue.labels, where)
    last = before.get((id_, who))
    return queue.decision(id_, action, who, row.get("note", ""), None, label, before=last.label if last else None)


def _read_decision(cell: str, labels: tuple[str, ...], where: str) -> tuple[Action, str | None]:
    for label in (cell, original(cell), cell.strip(), original(cell.strip())):
        if label in labels:
            return "label", label
    if cell.strip() not in OTHER_ACTIONS:
        choices = [*labels, *OTHER_ACTIONS]
        raise ReviewError(f"{where}: {cell.strip()!r} is no decision. {suggest(cell.strip(), choices)}")
    return cast(Action, cell.strip()), None


def _rows(path: Path) -> Iterator[Row]:
    """Yield the rows below the header, each with the line on which it begins."""
    csv.field_size_limit(_LONGEST_CELL)
    text = _read(path)
    header_line = text.split("\n", 1)[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header_line.count), strict=True)
    header: list[str] = []
    line = 1
    try:
        for cells in reader:
            if not header:
                header = _header(cells, path)
            elif any(cells):
                yield line, _row(header, cells, f"{path}, line {line}")
            line = reader.line_num + 1
    except csv.Error as fault:
        raise ReviewError(
            f"{path}, line {line}: not a row of CSV: {fault}. Look for a quote that is not closed."
        ) from None
    if not header:
        raise ReviewError(f"{path}: the file is empty. Expected a header with the columns id and decision.")


def _read(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8-sig")
    except OSError as fault:
        raise ReviewError(f"{path}: cannot be read: {fault.strerror}. Expected a CSV file.") from None
    except UnicodeDecodeError as fault:
        line = fault.object[: fault.start].count(b"\n") + 1
        raise ReviewError(f'{path}, line {line}: not UTF-8. Save it as "CSV UTF-8" in the spreadsheet.') from None


def _header(cells: list[str], path: Path) -> list[str]:
    header = [cell.strip() for cell in cells]
    for column in ("id", "decision"):
        if column not in header:
            raise ReviewError(f"{path}, line 1: there is no column {column!r}. {suggest(column, header)}")
    return header


def _row(header: list[str], cells: list[str], where: str) -> dict[str, str]:
    if len(cells) > len(header):
        raise ReviewError(
            f"{where}: {len(cells)} cells under {len(header)} columns. Put a cell that holds a delimiter in quotes."
        )
    return dict(zip(header, [*cells, *[""] * (len(header) - len(cells))]))
