"""A queue as a CSV file for spreadsheets, and the decisions that come back in it.

The columns are id, text, kind, score, given, suggested, confidence, decision, reviewer and note. A reviewer fills in
``decision`` (a label name, ``skip``, ``unsure`` or ``reject``; a label of that name wins) and, if they like,
``reviewer`` and ``note``. The files are UTF-8 with a byte order mark, which Excel needs and everything else accepts.

A cell that a spreadsheet would run as a formula (it begins with ``=``, ``+``, ``-``, ``@``, one of these in full width,
a tab or a line break) is written with an apostrophe before it; on import the apostrophe of an id or a label is taken
away again.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING, cast

from wslabel.core.cells import harmless, original
from wslabel.core.decisions import Action, Decision
from wslabel.core.files import write_atomically
from wslabel.errors import ReviewError, suggest
from wslabel.review.checks import check_id
from wslabel.review.spreadsheet import rows

if TYPE_CHECKING:
    import pandas as pd

    from wslabel.review.queue import ReviewQueue

COLUMNS = ("id", "text", "kind", "score", "given", "suggested", "confidence", "decision", "reviewer", "note")
REQUIRED = ("id", "decision")
OTHER_ACTIONS: tuple[Action, ...] = ("skip", "unsure", "reject")
Key = tuple[str, str]
Said = tuple[str, str | None, str]


def export_csv(queue: ReviewQueue, path: str | Path) -> Path:
    """Write all items of the queue in order, the decision, reviewer and note empty, and return the path.

    Raises
    ------
    ReviewError
        The file cannot be written, or one of that name holds decisions that were never imported.
    """
    target, text = Path(path), io.StringIO(newline="")
    _check_imported(queue, target)
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
    items = {item.id: item for item in queue}
    for line, row in rows(Path(path), REQUIRED):
        where = f"{path}, line {line}"
        if not row["decision"].strip():
            counts["empty"] += 1
            continue
        check_id(id_ := original(row["id"]), items, where)
        who = row.get("reviewer", "").strip() or reviewer
        action, label = _read_decision(row["decision"], queue.labels, where)
        last = before.get((id_, who))
        decision = items[id_].decision(action, who, label, row.get("note", ""), before=last.label if last else None)
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
    cells = [
        [i.id, i.text, " ".join(i.kinds), i.score, i.given, i.suggested, i.confidence, " ".join(said.get(i.id, []))]
        for i in queue
    ]
    return pd.DataFrame(cells, columns=list(COLUMNS[:8]))


def _check_imported(queue: ReviewQueue, path: Path) -> None:
    """Raise `ReviewError` where writing would destroy decisions that stand in the file only."""
    if not path.exists():
        return
    logged = {(one.id, one.label or one.action) for one in queue.log.all()}
    for line, row in rows(path, REQUIRED):
        said = {row["decision"], row["decision"].strip(), original(row["decision"].strip())}
        if row["decision"].strip() and not any((original(row["id"]), word) in logged for word in said):
            raise ReviewError(
                f"{path}, line {line}: a decision that is not in {queue.log.path} would be overwritten. "
                "Import the file first, or move it away."
            )


def _said(decision: Decision) -> Said:
    return decision.action, decision.label, decision.note


def _read_decision(cell: str, labels: tuple[str, ...], where: str) -> tuple[Action, str | None]:
    for label in (cell, original(cell), cell.strip(), original(cell.strip())):
        if label in labels:
            return "label", label
    if cell.strip() not in OTHER_ACTIONS:
        choices = [*labels, *OTHER_ACTIONS]
        raise ReviewError(f"{where}: {cell.strip()!r} is no decision. {suggest(cell.strip(), choices)}")
    return cast(Action, cell.strip()), None
