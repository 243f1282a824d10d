"""A queue as a file for spreadsheets and other tools, and the decisions that come back in it.

The columns are id, text, kind, score, given, suggested, confidence, decision, reviewer and note. A reviewer fills in
``decision`` (a label name, ``skip``, ``unsure`` or ``reject``; a label of that name wins) and, if they like,
``reviewer`` and ``note``. Where a record may have several labels they are joined: ``late|damaged``, ``(none)``. Where
spans are labeled, ``given``, ``suggested`` and ``decision`` hold JSON, a list of
``{"start": 0, "end": 4, "text": "rash", "label": "Effect"}``, so that a suggestion is copied and mended; ``[]`` says
that nothing is there (see `wslabel.review.span_cells`).

CSV files are UTF-8 with a byte order mark, which Excel needs and everything else accepts. A cell that a spreadsheet
would run as a formula (it begins with ``=``, ``+``, ``-``, ``@``, one of these in full width, a tab or a line break) is
written with an apostrophe before it; on import the apostrophe of an id or a label is taken away again.

A path that ends in ``.jsonl`` is read and written as JSON lines with the same names. There a decision may also be a
list of labels, or of spans; ``seconds`` and ``time`` are kept.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from wslabel.core.cells import harmless, original
from wslabel.core.decisions import Action, Decision
from wslabel.core.files import write_atomically, write_jsonl
from wslabel.core.multilabel import join_labels
from wslabel.errors import ReviewError, suggest
from wslabel.review.span_cells import FORM, is_cell, read_cell, read_spans, spans_as_cell, spans_as_mappings
from wslabel.review.spreadsheet import json_rows, rows

if TYPE_CHECKING:
    import pandas as pd

    from wslabel.review.items import ReviewItem
    from wslabel.review.queue import ReviewQueue

COLUMNS = ("id", "text", "kind", "score", "given", "suggested", "confidence", "decision", "reviewer", "note")
REQUIRED = ("id", "decision")
OTHER_ACTIONS: tuple[Action, ...] = ("skip", "unsure", "reject")
Key = tuple[str, str]
Said = tuple[str, str]
Placed = tuple[int, Mapping[str, Any]]
"""A line number, and what stands there by column."""


def export_queue(queue: ReviewQueue, path: str | Path) -> Path:
    """Write all items of the queue in order, the decision, reviewer and note empty, and return the path.

    Raises
    ------
    ReviewError
        The file cannot be written, or one of that name holds decisions that were never imported.
    """
    target = Path(path)
    _check_imported(queue, target)
    if _is_json(target):
        write_jsonl(target, (_record(item) for item in queue), ReviewError)
        return target
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for item in queue:
        words = [item.id, item.text, " ".join(item.kinds), *_given_and_suggested(item)]
        id_, content, kinds, given, suggested = map(harmless, words)
        score, confidence = f"{item.score:.4f}", f"{item.confidence:.4f}"
        writer.writerow([id_, content, kinds, score, given, suggested, confidence, "", "", ""])
    write_atomically(target, lambda beside: beside.write_bytes(text.getvalue().encode("utf-8-sig")), ReviewError)
    return target


def import_decisions(queue: ReviewQueue, path: str | Path, reviewer: str = "reviewer") -> dict[str, int]:
    """Log the decisions of an exported file in one transaction, all or none.

    A decision equal to the one of this reviewer that stands is not logged again, so a file may be imported twice.

    Parameters
    ----------
    queue
        The queue that was exported; the file needs the columns id and decision only.
    path
        ``.jsonl``, or a table: UTF-8, with commas, semicolons or tabs between the cells.
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
    source = Path(path)
    if _is_json(source):
        return log_rows(queue, json_rows(source, REQUIRED), str(source), reviewer)
    cells = ((line, {**row, "id": original(row["id"])}) for line, row in rows(source, REQUIRED))
    return log_rows(queue, cells, str(source), reviewer)


def log_rows(queue: ReviewQueue, found: Iterable[Placed], where: str, reviewer: str = "reviewer") -> dict[str, int]:
    """Log decisions that were made elsewhere, in one transaction; see `import_decisions`.

    Parameters
    ----------
    found
        Line numbers with mappings: ``id``, ``decision`` (a label, an action, a list of labels, or a list of spans as
        mappings with start, end and label), and where known ``reviewer``, ``note``, ``seconds`` and ``time``.
    where
        What the rows were read from, for messages.
    """
    counts = {"added": 0, "unchanged": 0, "empty": 0}
    before: dict[Key, Decision] = {(one.id, one.reviewer): one for one in queue.decisions()}
    seen: dict[Key, tuple[int, Said]] = {}
    added: list[Decision] = []
    for line, row in found:
        place = f"{where}, line {line}"
        if _is_empty(row["decision"]):
            counts["empty"] += 1
            continue
        decision = _read(queue, row, before, place, reviewer)
        key, said = (decision.id, decision.reviewer), _said(decision)
        if seen.setdefault(key, (line, said))[1] != said:
            raise ReviewError(f"{place}: line {seen[key][0]} decides {decision.id!r} otherwise. Keep one of the rows.")
        if key in before and _said(before[key]) == said:
            counts["unchanged"] += 1
            continue
        counts["added"] += 1
        before[key] = decision
        added.append(decision)
    queue.append(added)
    return counts


def queue_table(queue: ReviewQueue) -> pd.DataFrame:
    """Return the queue as a DataFrame, with the decisions that stand."""
    import pandas as pd

    said: dict[str, list[str]] = {}
    for one in queue.decisions():
        said.setdefault(one.id, []).append(one.said)
    cells = [
        [i.id, i.text, " ".join(i.kinds), i.score, *_given_and_suggested(i), i.confidence, " ".join(said.get(i.id, []))]
        for i in queue
    ]
    return pd.DataFrame(cells, columns=list(COLUMNS[:8]))


def _read(
    queue: ReviewQueue, row: Mapping[str, Any], before: Mapping[Key, Decision], place: str, reviewer: str
) -> Decision:
    item = queue.known_item(str(row["id"]), place)
    who = str(row.get("reviewer") or "").strip() or reviewer
    action, value = _read_decision(row["decision"], queue, item.text, place)
    last = before.get((item.id, who))
    replaces = last.said if last is not None and last.settles else None
    note, seconds = str(row.get("note") or ""), row.get("seconds")
    decision = queue.decision(item, action, who, note, seconds, before=replaces, **value)
    time = str(row.get("time") or "")
    return decision if not time else Decision(**{**vars(decision), "time": time})


def _record(item: ReviewItem) -> dict[str, Any]:
    facts = {"score": round(item.score, 4), "confidence": round(item.confidence, 4), "votes": dict(item.votes)}
    words = {"id": item.id, "text": item.text, "kind": " ".join(item.kinds)}
    said: dict[str, Any] = {"given": item.given, "suggested": item.suggested}
    if item.spans is not None:
        shares = [round(one.probability, 6) for one in item.spans]
        given = spans_as_mappings(item.given_spans, item.text)
        said["given"] = [{**one, "probability": share} for one, share in zip(given, shares)]
        said["suggested"] = spans_as_mappings(item.suggested_spans, item.text)
    return {**words, **said, **facts, "decision": None, "reviewer": "", "note": ""}


def _given_and_suggested(item: ReviewItem) -> tuple[str, str]:
    if item.spans is None:
        return item.given, item.suggested
    return spans_as_cell(item.given_spans, item.text), spans_as_cell(item.suggested_spans, item.text)


def _check_imported(queue: ReviewQueue, path: Path) -> None:
    """Raise `ReviewError` where writing would destroy decisions that stand in the file only."""
    if not path.exists():
        return
    logged = {(one.id, one.said) for one in queue.log.all()}
    for line, row in json_rows(path, REQUIRED) if _is_json(path) else rows(path, REQUIRED):
        if _is_empty(row["decision"]):
            continue
        ids, where = {str(row["id"]), original(str(row["id"]))}, f"{path}, line {line}"
        if not any((one, word) in logged for one in ids for word in _meant(queue, row["decision"], ids, where)):
            raise ReviewError(
                f"{where}: a decision that is not in {queue.log.path} would be overwritten. "
                "Import the file first, or move it away."
            )


def _meant(queue: ReviewQueue, cell: Any, ids: set[str], where: str) -> set[str]:
    """Return what a decision may say, in the words of the log."""
    if isinstance(cell, str) and not (queue.kind == "spans" and is_cell(cell)):
        return {cell, cell.strip(), original(cell.strip())}
    here = [record for record in ids if record in queue]
    action, value = _read_decision(cell, queue, queue.item(here[0]).text if here else "", where)
    return {Decision(min(ids), action, **value).said}


def _said(decision: Decision) -> Said:
    return decision.said, decision.note


def _is_empty(decision: Any) -> bool:
    return decision is None or (isinstance(decision, str) and not decision.strip())


def _is_json(path: Path) -> bool:
    return path.suffix.lower() in (".jsonl", ".ndjson")


def _read_decision(cell: Any, queue: ReviewQueue, text: str, where: str) -> tuple[Action, dict[str, Any]]:
    """Return the action and the value of a decision."""
    if queue.kind == "spans":
        return _read_span_decision(cell, text, where)
    if isinstance(cell, list) and all(isinstance(one, str) for one in cell) and queue.kind == "multilabel":
        cell = join_labels(cell)
    if not isinstance(cell, str):
        raise ReviewError(f"{where}: {cell!r} is no decision. Expected a label, or an action.")
    for label in (cell, original(cell), cell.strip(), original(cell.strip())):
        if label in queue.labels:
            return "label", {"label": label}
    if cell.strip() not in OTHER_ACTIONS:
        choices = [*queue.labels, *OTHER_ACTIONS]
        raise ReviewError(f"{where}: {cell.strip()!r} is no decision. {suggest(cell.strip(), choices)}")
    return cast(Action, cell.strip()), {}


def _read_span_decision(cell: Any, text: str, where: str) -> tuple[Action, dict[str, Any]]:
    found = read_cell(cell, where) if isinstance(cell, str) and is_cell(cell) else cell
    if isinstance(found, list):
        return "spans", {"spans": tuple(sorted(read_spans(found, text, where)))}
    if not isinstance(cell, str) or cell.strip() not in OTHER_ACTIONS:
        said = cell.strip() if isinstance(cell, str) else cell
        raise ReviewError(f"{where}: {said!r} is no decision. Expected {', '.join(OTHER_ACTIONS)}, or {FORM}.")
    return cast(Action, cell.strip()), {}
