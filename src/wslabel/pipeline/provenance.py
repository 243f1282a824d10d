"""Where labels came from: what an export was made from, and the way of one record."""

from __future__ import annotations

import platform
import re
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from wslabel import __version__
from wslabel.analysis import LabelExplanation, accuracy_report, set_accuracy, span_accuracy
from wslabel.core.decisions import join_spans
from wslabel.core.fingerprint import fingerprint, fingerprint_file
from wslabel.core.multilabel import MultiLabels, join_labels
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ExportError, VotesError
from wslabel.exporting.conversations.making import REPORT
from wslabel.exporting.croissant import CROISSANT
from wslabel.exporting.exporter import CARD
from wslabel.exporting.folder import listed_files
from wslabel.exporting.places import PLACES, place_of
from wslabel.pipeline.choosing import template_of
from wslabel.pipeline.run import MANIFEST, Run
from wslabel.pipeline.span_review import as_original, words_of
from wslabel.suites.discovery import suite_info

ABOUT = (CARD, PLACES, REPORT, CROISSANT, "dataset_info.json")
"""Files of an export that tell of its data files."""
LIBRARIES = ("numpy", "pyarrow", "scipy", "scikit-learn", "spacy", "rensa", "phonenumbers", "tiktoken")
"""What may change labels, splits or redactions; their versions are kept."""


def made_from(run: Run) -> dict[str, Any]:
    """Return what a run's export is made from: content hashes (BLAKE2b, 128 bits), versions, seed and settings."""
    stages = {name: run.identity(name) for name in ("apply", "fit", "label", "split") if run.stage(name)}
    paths, form = run.records.paths, template_of(run.config)
    return {
        "corpus": [{"file": path.name, "fingerprint": fingerprint_file(path)} for path in paths],
        "suite": {"name": run.suite.name, "fingerprint": run.suite.fingerprint},
        "labeling functions": {lf.name: run.suite.lf_fingerprint(lf) for lf in run.suite.lfs},
        "stages": stages,
        "decisions": run.log.fingerprint(),
        "template": None if form is None else {"name": form.name, "fingerprint": form.fingerprint},
        "redaction": None if run.redaction is None else run.redaction.fingerprint,
        "seed": run.config.seed,
        "settings": fingerprint(run.config.model_dump(mode="json", exclude={"output", "suites", "records"})),
        "versions": {"wslabel": __version__, "python": platform.python_version(), **_versions()},
    }


def card(run: Run) -> dict[str, Any]:
    """Return the sections of the card that tell what the labels mean, who voted, and what is known to be missing."""
    task, summary = run.suite.task, run.summary()
    info = suite_info(run.config.suite, run.config.suites)
    misses = [{"labeling function": lf.name, "known misses": len(lf.misses)} for lf in run.suite.lfs if lf.misses]
    sections: dict[str, Any] = {
        "What the labels mean": [{"label": name, "meaning": said} for name, said in zip(task.labels, task.meanings)],
        "Coverage": f"Of {summary.n} records {summary.coverage:.1%} have a vote, {summary.overlap:.1%} more than one, "
        f"{summary.conflict:.1%} votes that differ.",
        "Labeling functions": [_row(row) for row in summary.rows],
        "Quality": _quality(run),
    }
    if misses:
        sections["Known gaps of labeling functions"] = misses
    if info.licences:
        sections["Licences"] = dict(info.licences)
    return sections


def trace(place: str | Path, record: str) -> dict[str, Any]:
    """Return all that is known of a record's way into an export, or out of it.

    Parameters
    ----------
    place
        A run, its export folder, or a file in that.
    record
        The record's id.

    Raises
    ------
    ExportError
        No export of a run there.
    VotesError
        The run holds no such record.
    """
    folder = _export_folder(Path(place))
    run = Run(folder.parent)
    before, votes = _of_spans(run, record) if run.of_spans else _of_labels(run, record)
    found = place_of(folder, record)
    file, line = run.records.locate(record)
    return {
        "id": record,
        "source": {"file": file, "line": line},
        "label before review": before,
        "label model": run.stage("fit")["counts"].get("model", run.config.label_model.name),
        "end model": run.end_model,
        "votes": votes,
        "decisions": _decisions(run, record),
        "redactions": _redactions(run, record),
        "exported": found or {"reason": "no label: rejected in review, or not in the corpus when the export was made"},
        "files": _files(folder, found),
    }


def _of_labels(run: Run, record: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the label of a record before review, and the votes on it."""
    told, evidence = run.explain(record)
    spans = {one.lf: [list(span) for span in one.spans] for one in evidence if one.spans}
    by_name = {lf.name: lf for lf in run.suite.lfs}
    votes = [
        {
            "labeling function": one.witness,
            "vote": one.vote,
            "log-odds": round(one.log_odds, 4),
            "version": run.suite.lf_fingerprint(by_name[one.witness]),
            "place": str(by_name[one.witness].place),
            "evidence": spans.get(one.witness, []),
        }
        for about in told
        for one in about.contributions
        if one.witness in by_name
    ]
    return _before_review(told, run.suite.task.kind), votes


def _of_spans(run: Run, record: str) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the spans of a record before review, and the votes on it."""
    labels, cast = run.labels(), run.votes()
    assert isinstance(labels, SpanLabels)
    found = labels.ids.tolist()
    if record not in found:
        raise VotesError(f"{run.folder} holds no record {record!r}.")
    spans = labels.at(found.index(record))
    said = join_spans((one.start, one.end, one.label) for one in spans)
    by_name = {lf.name: lf for lf in run.suite.lfs}
    own = [one for one in cast.votes if one.id == record and one.lf in by_name]
    words = words_of(run.exportable, ((record, one.start, one.end) for one in (*own, *spans)))
    votes = [
        {
            "labeling function": one.lf,
            "vote": one.label,
            "version": run.suite.lf_fingerprint(by_name[one.lf]),
            "place": str(by_name[one.lf].place),
            "evidence": [[one.start, one.end]],
            "words": words[record, one.start, one.end],
            "entity": one.entity,
        }
        for one in own
    ]
    least = min((one.probability for one in spans), default=1.0)
    told = [{**asdict(one), "words": words[record, one.start, one.end]} for one in spans]
    return {"label": said, "probability": round(least, 6), "spans": told}, votes


def _decisions(run: Run, record: str) -> list[dict[str, Any]]:
    """Return what reviewers decided on a record; spans where they stand in the original text, with their words."""
    own = [one for one in run.log.all() if one.id == record]
    if not run.of_spans:
        return [asdict(one) for one in own]
    made = as_original(run.shown, own)
    words = words_of(run.exportable, ((record, start, end) for one in made for start, end, _ in one.spans or ()))
    return [{**asdict(one), "words": [words[record, s, e] for s, e, _ in one.spans or ()]} for one in made]


def _before_review(told: list[LabelExplanation], kind: str) -> dict[str, Any]:
    if kind != "multilabel":
        return {"label": told[0].label, "probability": round(told[0].probability, 6)}
    labels = [one.label for one in told if one.probability > 0.5]
    least = min(max(one.probability, 1 - one.probability) for one in told)
    return {"label": join_labels(labels), "probability": round(least, 6)}


def _row(row: Any) -> dict[str, Any]:
    gold = row.gold_accuracy
    measured = f"{gold:.1%} ({row.gold_low:.1%} to {row.gold_high:.1%}) of {row.gold_votes}" if gold is not None else ""
    return {
        "name": row.lf,
        "votes": ", ".join(row.polarity),
        "coverage": f"{row.coverage:.1%}",
        "conflict": f"{row.conflict:.1%}",
        "estimated accuracy": "" if row.estimated_accuracy is None else f"{row.estimated_accuracy:.1%}",
        "against gold (95 %)": measured,
    }


def _quality(run: Run) -> dict[str, str]:
    labels, gold = run.resolved(), run.measured()
    if isinstance(labels, SpanLabels):
        return _span_quality(labels, gold)
    covered = labels.covered.any(axis=1) if isinstance(labels, MultiLabels) else labels.covered
    model = (labels.source == "model") & covered
    said = (
        {"share of right model labels, by the model itself": f"{labels.confidence[model].mean():.1%}"}
        if model.any()
        else {}
    )
    people = int((labels.source != "model").sum())
    if not gold:
        return {**said, "labeled by people": str(people), "against gold": "no gold labels are known"}
    if isinstance(labels, MultiLabels):
        right = set_accuracy(labels, gold)
        measured = f"{right.exact:.1%} of {right.n} records have all their labels right; macro F1 {right.macro_f1:.3f}"
        return {**said, "labeled by people": str(people), "all labels against gold": measured}
    overall = accuracy_report(labels, gold).overall
    if overall.accuracy is None:
        return said
    measured = f"{overall.accuracy:.1%} ({overall.low:.1%} to {overall.high:.1%}) of {overall.n}"
    return {**said, "labeled by people": str(people), "all labels against gold (95 %)": measured}


def _span_quality(labels: SpanLabels, gold: SpanLabels | None) -> dict[str, str]:
    people = {"records labeled by people": str(int((labels.source != "model").sum()))}
    if gold is None:
        return {**people, "against gold": "no gold spans are known"}
    (right,) = span_accuracy(labels, gold)
    measured = {"exact spans": right.strict, "characters": right.lenient}
    said = {name: "precision {:.1%}, recall {:.1%}, F1 {:.1%}".format(*three) for name, three in measured.items()}
    return {**people, **said, "records with gold": str(gold.n)}


def _redactions(run: Run, record: str) -> list[dict[str, Any]]:
    """Return where and as what the record's text was redacted; never what stood there."""
    if run.redaction is None or (run.redaction.columns is not None and "text" not in run.redaction.columns):
        return []
    made = run.redaction.apply(run.records.texts([record])[0])
    return [{"kind": one.kind, "start": one.start, "end": one.end, "now": one.text} for one in made.replacements]


def _files(folder: Path, found: dict[str, Any] | None) -> list[str]:
    """Return the data files of the record's split."""
    if not found or found["row"] is None:
        return []
    listed = listed_files(folder) or {}
    files = [name for name in listed if not name.endswith(ABOUT)]
    return sorted(name for name in files if found["split"] is None or found["split"] in re.split("[./]", name))


def _export_folder(place: Path) -> Path:
    for folder in (place / "export", place, *place.parents):
        if folder.is_dir() and listed_files(folder) is not None and (folder.parent / MANIFEST).exists():
            return folder
    raise ExportError(
        f"{place}: no export of a run. Give a run directory, its export folder or a file in it; an export that was "
        "moved away from its run still tells in provenance.parquet which row is which record."
    )


def _versions() -> dict[str, str]:
    found = {}
    for name in LIBRARIES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found
