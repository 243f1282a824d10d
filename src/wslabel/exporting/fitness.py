"""What a format cannot hold is refused before anything is written."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path

from wslabel.core.arrays import Ints
from wslabel.core.records import Records
from wslabel.core.sensitive import sensitive_of
from wslabel.core.task import Kind
from wslabel.errors import ExportError
from wslabel.exporting.conversations import Template
from wslabel.exporting.formats.base import ExportFormat
from wslabel.exporting.labeled import Labeled
from wslabel.exporting.registry import format_names, load_formats


def require_kind(name: str, format: ExportFormat, kind: Kind, templated: bool = False) -> None:
    """Refuse a format that cannot carry a task's kind of labels; a conversation carries whatever a template says.

    Raises
    ------
    ExportError
        The message names the formats that can.
    """
    if kind not in format.kinds and not (templated and format.conversations):
        others = [each for each in format_names() if kind in load_formats(each)[each].kinds]
        raise ExportError(
            f"{name} carries tasks of the kind {' or '.join(format.kinds)}; these labels are of the kind {kind}. "
            f"Formats that carry them: {', '.join(others)}."
            + (" It does with a template, which says what is answered." if format.conversations else "")
        )


def require_redacted(labels: Labeled, records: Records, unredacted: str | None) -> None:
    """Refuse records of a sensitive suite that are not redacted, unless the suite is named.

    Raises
    ------
    ExportError
        The message names the suite.
    """
    suite = sensitive_of(labels.value)
    if suite and not records.redacted and unredacted != suite:
        raise ExportError(
            f"The suite {suite}, which the labels come from, is sensitive (its package.toml says so), and the records "
            f"are not redacted. Pass wslabel.redact(records, …), or name it: unredacted={suite!r}."
        )


def require_template(formats: Mapping[str, ExportFormat], template: Template) -> None:
    """Refuse a template where no format holds conversations, or one holds less than it makes.

    Raises
    ------
    ExportError
        The message names the formats that can.
    """
    talking = {name: format for name, format in formats.items() if format.conversations}
    if not talking:
        others = [each for each in format_names() if load_formats(each)[each].conversations]
        raise ExportError(
            f"The template {template.name} makes conversations, which {', '.join(formats)} does not hold. Formats that "
            f"hold them: {', '.join(others)}."
        )
    short = [name for name, format in talking.items() if format.one_turn]
    if template.follows_up and short:
        raise ExportError(
            f"{short[0]} (as its options are) holds one question and its answer, and a variant of the template "
            f"{template.name} has a follow_up. Use another template, or another format."
        )


def require_covered(
    name: str, format: ExportFormat, labels: Labeled, chosen: Ints, template: Template | None = None
) -> None:
    """Refuse records that nobody labeled for a format that would show them as labeled.

    Parameters
    ----------
    chosen
        Row numbers in `labels` of the exported records.
    """
    bare = chosen[~labels.covered[chosen] & (labels.source[chosen] == "model")]
    answered = format.conversations and template is not None and template.unsure is not None
    if len(bare) and not format.uncovered and not answered:
        raise ExportError(
            f"{name} cannot tell a record that nobody labeled from one with a label, and {len(bare)} of "
            f"{len(chosen)} are such, the first is {labels.ids[bare[0]]}. Leave out include_uncovered, or export to a "
            "format that holds them, such as jsonl, parquet or label_studio; a template with `unsure` answers them."
        )


def put_cards(formats: Iterable[ExportFormat], stage: Path, text: str) -> None:
    """Append the export's card to the cards of the formats that have one of their own."""
    for format in formats:
        if format.card:
            with (stage / format.card).open("a", encoding="utf-8", newline="\n") as file:
                file.write("\n" + text)
