"""Export: labels and records become files of training data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path
from typing import Any

from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.records import Records, read_records
from wslabel.core.span_labels import SpanLabels
from wslabel.core.task import Task
from wslabel.core.witness import Witnesses
from wslabel.errors import ExportError
from wslabel.exporting.card import card_text
from wslabel.exporting.choice import Choice, Known
from wslabel.exporting.conversations import Conversations, Renderer, Template, load_template, require_fit
from wslabel.exporting.croissant import write_croissant
from wslabel.exporting.fitness import (
    put_cards,
    require_covered,
    require_kind,
    require_redacted,
    require_template,
)
from wslabel.exporting.folder import publish, staging
from wslabel.exporting.formats.base import ExportContext, ExportFormat, Problem
from wslabel.exporting.hub import front_matter
from wslabel.exporting.labeled import labeled
from wslabel.exporting.places import write_places
from wslabel.exporting.registry import load_formats, option_names
from wslabel.exporting.result import ExportResult
from wslabel.exporting.selection import BELOW, Selection, select
from wslabel.exporting.splits.value import Splits

CARD = "README.md"


def export(
    labels: Labels | MultiLabels | SpanLabels,
    records: Records,
    out: str | Path,
    format: str | Sequence[str] = "openai_chat",
    *,
    min_confidence: float = 0.0,
    include_uncovered: bool = False,
    overwrite: bool = False,
    options: Mapping[str, Any] | None = None,
    card: Mapping[str, Any] | None = None,
    splits: Splits | None = None,
    choice: Choice | None = None,
    known: Known | None = None,
    made_from: Mapping[str, Any] | None = None,
    only: bool = False,
    template: Template | str | Path | None = None,
    task: Task | None = None,
    witnesses: Witnesses | None = None,
    unredacted: str | None = None,
) -> ExportResult:
    """Write training data, check every file by reading it back, and put a card beside it.

    Each format becomes ``<out>/<format>.<extension>``, or a folder where its readers ask for one; with splits a
    file each, ``<out>/<format>.<split>.<extension>``. ``README.md`` is the card, ``export.json`` lists the files, and
    ``provenance.parquet`` tells of each label where it went: split and row, or why it was left out.
    Files get their names only after all of them have passed validation. Equal input gives equal bytes.
    Labels of a human and of gold pass every filter.

    Parameters
    ----------
    labels
        Labels of records: one each, several, or spans; a record whose label was rejected has none. Of several labels
        those are exported that are covered and more probable than not.
    records
        The corpus that the labels were made from; read once, in its order.
    out
        The folder; made where it is missing.
    format
        A format's name or several, see `wslabel.exporting.format_names`.
    min_confidence
        The least probability, 0..1, with which a label of the model is exported; of several labels or spans that of
        the least sure one counts.
    include_uncovered
        Also export records on which no LF votes.
    overwrite
        Replace files that no export of wslabel wrote, or that were changed since.
    options
        Options of the formats, for example ``{"instruction": …, "meanings": …}`` for ``openai_chat``.
    card
        Further sections of the card by title: a text, a mapping, or a list of mappings (a table).
    splits
        The split of each record, see `wslabel.split`; records that are in none are left out, with the reason.
    choice
        Which of the records that pass the filters are exported, and what each counts.
    known
        Model labels whose truth is known, for the choice's ``target_precision``.
    made_from
        Facts for ``export.json``: what the data was made from, as JSON values.
    only
        Remove files that an earlier export wrote and this one does not, where they are as it wrote them.
    template
        A template file, or what `wslabel.load_template` read: how records become conversations, for the formats that
        hold some. ``conversations.json`` then tells what its checks found.
    task
        The task of the labels: prompts tell what its labels mean.
    witnesses
        Which LFs vote on a record, for a template's reasons; see `wslabel.witnesses`.
    unredacted
        The name of the sensitive suite whose records are exported as they are.

    Returns
    -------
    ExportResult

    Raises
    ------
    PluginError
        An unknown format or option.
    ExportError
        No record, or none of a split, passes the filters; a label without its record; a row that a format
        cannot carry; a file that fails validation, with line and record; a file that is not wslabel's; a
        folder that cannot be written to; records of a sensitive suite that are not redacted.
    CorpusError
        Records that cannot be read.

    Examples
    --------
    >>> import tempfile
    >>> records = read_records([{"id": "a", "text": "Profit rose."}, {"id": "b", "text": "Sales fell."}])
    >>> labels = Labels(["a", "b"], [[0.1, 0.9], [0.6, 0.4]], ["down", "up"])
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     result = export(labels, records, folder, format="csv", min_confidence=0.8)
    >>> result.exported, result.left_out["below min_confidence"]
    (1, 1)
    """
    given, corpus = labeled(labels), read_records(records)
    require_redacted(given, corpus, unredacted)
    if not 0 <= min_confidence <= 1:
        raise ExportError(f"min_confidence is a probability in 0..1; got {min_confidence}.")
    _require_text(labels.labels)
    formats, folder = load_formats(format, _with_meanings(format, options, task)), Path(out)
    form = load_template(template) if isinstance(template, str | Path) else template
    if form is not None:
        require_template(formats, form)
    with staging(folder) as stage:
        for name, each in formats.items():
            require_kind(name, each, given.kind, form is not None)
        selection = select(given, corpus, stage, min_confidence, include_uncovered, splits, choice, known)
        _require_some(selection, min_confidence)
        for name, each in formats.items():
            require_covered(name, each, given, selection.chosen, form)
        if form is not None:
            selection = _conversing(formats, selection, form, task, witnesses, stage)
        warnings = _write(formats, selection, stage, folder)
        result = _result(folder, formats, selection, warnings)
        files = _files(formats, selection)
        told = {} if result.conversations is None else result.conversations.card()
        text = _card(result, files, selection, min_confidence, {**selection.report, **told, **(card or {})})
        front = front_matter(result, {name: format.extension for name, format in formats.items()}, given.kind)
        (stage / CARD).write_text(front + text, encoding="utf-8", newline="\n")
        files[write_places(selection, stage)] = given.n
        if selection.conversations is not None:
            files[selection.conversations.write_report(stage)] = result.exported
        if made := write_croissant(stage, _formats_of(formats, selection), given.labels, files):
            files[made] = result.exported
        put_cards(formats.values(), stage, text)
        publish(stage, folder, {**files, CARD: result.exported}, overwrite, made_from, only)
    return result


def _with_meanings(format: str | Sequence[str], options: Mapping[str, Any] | None, task: Task | None) -> dict[str, Any]:
    """Return the options, with what the task's labels mean where a format takes that and nobody said otherwise."""
    given = dict(options or {})
    takes = any("meanings" in option_names(type(each)) for each in load_formats(format).values())
    if task is not None and takes:
        given.setdefault("meanings", _meanings(task))
    return given


def _meanings(task: Task | None) -> dict[str, str]:
    return {} if task is None else dict(zip(task.labels, task.meanings))


def _conversing(
    formats: Mapping[str, ExportFormat],
    selection: Selection,
    template: Template,
    task: Task | None,
    witnesses: Witnesses | None,
    stage: Path,
) -> Selection:
    """Return the selection with the conversations of its records, checked."""
    labels = selection.labels
    template.require(labels.labels, selection.spool.schema.names)
    rejects = any(format.one_turn for format in formats.values())
    renderer = Renderer(template, labels.labels, _meanings(task), labels.kind, witnesses, rejects)
    made = Conversations(selection.rows(), labels.ids[selection.chosen], renderer, stage)
    require_fit(made.report, template.checks.stop)
    return replace(selection, conversations=made)


def _write(formats: Mapping[str, ExportFormat], selection: Selection, stage: Path, folder: Path) -> list[str]:
    """Write and validate each format's file in `stage` and return the warnings."""
    warnings: list[str] = []
    for (name, format), (part, expected) in product(formats.items(), selection.parts().items()):
        file, rows = _file(name, format, part), partial(selection.rows, part, format.probabilities)
        talks = format.conversations and selection.conversations is not None
        labels = selection.labels
        context = ExportContext(labels.labels, selection.spool.schema, rows, labels.kind, talks)
        (stage / file).parent.mkdir(exist_ok=True)
        written = format.write(rows(), stage / file, context)
        problems = format.validate(stage / file, context)
        if written != expected:
            problems.insert(0, Problem(0, f"{written} records were written; expected {expected}"))
        if wrong := [problem for problem in problems if problem.severity == "error"]:
            more = f" ({len(wrong) - 1} more problems)" if len(wrong) > 1 else ""
            raise ExportError(
                f"{folder / file}, {wrong[0]}{more}. The file failed validation and was not kept; "
                f"expected valid {name}. This is a fault of the format: report it with the record."
            )
        warnings += [f"{file}: {problem}" for problem in problems]
        if selection.weights is not None and not format.weights:
            warnings.append(f"{file}: {name} has no place for the records' weights; they are not in it")
    return warnings


def _result(
    folder: Path, formats: Mapping[str, ExportFormat], selection: Selection, warnings: Sequence[str]
) -> ExportResult:
    labels, chosen = selection.labels, selection.chosen
    by_source = Counter(labels.source[chosen].tolist())
    return ExportResult(
        folder=folder,
        paths={
            _stem(name, part): folder / _file(name, format, part)
            for (name, format), part in product(formats.items(), selection.parts())
        },
        card=folder / CARD,
        read=selection.read,
        exported=len(chosen),
        left_out=selection.left_out,
        malformed=selection.malformed,
        by_label=labels.count(chosen),
        by_source={source: by_source[source] for source in ("model", "human", "gold") if by_source[source]},
        by_split={part: count for part, count in selection.parts().items() if part},
        chosen=selection.report,
        warnings=tuple(warnings),
        conversations=None if selection.conversations is None else selection.conversations.report,
    )


def _card(
    result: ExportResult, files: Mapping[str, int], selection: Selection, min_confidence: float, more: Mapping[str, Any]
) -> str:
    return card_text(
        files=files,
        read=result.read,
        exported=result.exported,
        left_out=result.left_out,
        malformed=result.malformed,
        by_label=result.by_label,
        by_source=result.by_source,
        by_split=result.by_split,
        confidence=selection.labels.confidence[selection.chosen],
        min_confidence=min_confidence,
        warnings=result.warnings,
        more=more,
        unit="spans" if selection.labels.kind == "spans" else "records",
    )


def _stem(name: str, part: str) -> str:
    return f"{name}.{part}" if part else name


def _file(name: str, format: ExportFormat, part: str) -> str:
    return format.files(_stem(name, part))[0]


def _files(formats: Mapping[str, ExportFormat], selection: Selection) -> dict[str, int]:
    """Return the number of records of each data file, and of the files beside it."""
    parts = selection.parts().items()
    return {
        file: count
        for (name, format), (part, count) in product(formats.items(), parts)
        for file in format.files(_stem(name, part))
    }


def _formats_of(formats: Mapping[str, ExportFormat], selection: Selection) -> dict[str, str]:
    """Return the format of each data file."""
    return {_file(name, format, part): name for (name, format), part in product(formats.items(), selection.parts())}


def _require_some(selection: Selection, min_confidence: float) -> None:
    if not len(selection.chosen):
        reasons = ", ".join(f"{count} {reason}" for reason, count in selection.left_out.items() if count)
        raise ExportError(
            f"None of {selection.read} records passes the filters: {reasons}. min_confidence is {min_confidence:g}"
            f"{_highest(selection)}. Lower it, pass include_uncovered=True, or write labeling functions that cover "
            "more."
        )
    for part, count in selection.parts().items():
        if not count:
            reasons = ", ".join(f"{many} {reason}" for reason, many in selection.left_out.items() if many)
            raise ExportError(
                f"None of the records of the split {part!r} passes the filters; left out of all {selection.read} are: "
                f"{reasons or 'none'}. Filter less, or split otherwise."
            )


def _highest(selection: Selection) -> str:
    below = [row for row, why in enumerate(selection.why) if why == BELOW]
    return f" (the highest of those below it is {selection.labels.confidence[below].max():.3f})" if below else ""


def _require_text(labels: Sequence[str]) -> None:
    for label in labels:
        try:
            label.encode("utf-8")
        except UnicodeEncodeError:
            raise ExportError(f"The label {label!r} is not valid Unicode and cannot be written; rename it.") from None
