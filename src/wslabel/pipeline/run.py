"""A run: a directory of artefacts with a manifest that tells what each was made from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import Any, cast

import pyarrow as pa

from wslabel import __version__
from wslabel.analysis import (
    LabelExplanation,
    LFSummary,
    RecordExplanation,
    explain_record,
    explain_spans,
    summarize,
)
from wslabel.applying import Evidence, VoteStore, explain
from wslabel.applying.shards import kept_records
from wslabel.core.decisions import Decision, standing
from wslabel.core.files import remove_temporaries, write_json
from wslabel.core.fingerprint import fingerprint, fingerprint_file
from wslabel.core.issues import Issues
from wslabel.core.labels import Labels, OutOfSample
from wslabel.core.multilabel import MultiLabels, MultiOutOfSample, part_labels
from wslabel.core.records import Records, known_gold, read_records
from wslabel.core.span_gold import align_span_gold
from wslabel.core.span_labels import SpanLabels
from wslabel.core.tokens import SpanOutOfSample
from wslabel.errors import PipelineError, WslabelError
from wslabel.models import FittedLabelModel, load_label_model
from wslabel.pipeline import tables
from wslabel.pipeline.config import AUTO, FORMATS, SPAN_FORMATS, Pipeline, make_pipeline
from wslabel.pipeline.span_review import as_original, as_shown
from wslabel.redacting import Redaction, load_recognisers, redact
from wslabel.review import DecisionLog, ReviewQueue, agreed_labels, resolve
from wslabel.review.filters import FILTERS
from wslabel.suites import Suite, load_suite

MANIFEST = "manifest.json"
END_MODEL, SPAN_END_MODEL = "tfidf_logreg", "span_logreg"
_MADE = {
    *("votes", "label_model.json", "posterior.parquet", "held_out.parquet", "labels.parquet", "issues.parquet"),
    *("review_queue.csv", "review.db", "review.db-wal", "review.db-shm", "review.db-journal"),
    *("splits.parquet", "leak_audit.json", "audit.parquet", "export", "report.html", "profile.json"),
}
"""What lies in a run directory beside its manifest."""
_DELETE_IT = "Delete it and run again: the votes and the decisions that lie beside it are kept."


class Run:
    """A run directory.

    Every method reads an artefact, and raises `PipelineError` where its stage has not been run.

    Parameters
    ----------
    folder
        A run directory, made by `wslabel run` or `wslabel apply`.

    Raises
    ------
    PipelineError
        No such directory, or one that is no run.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)
        if not (self.folder / MANIFEST).exists():
            how = (
                f"Run `wslabel run` or `wslabel apply` with -o {self.folder}: it goes on with the votes that lie there."
            )
            raise PipelineError(
                f"{self.folder} is no run directory: it has no {MANIFEST}. "
                + (how if _lost_its_manifest(self.folder) else "Make one with `wslabel run`.")
            )

    @classmethod
    def create(cls, folder: str | Path, config: Pipeline) -> Run:
        """Open the run directory, or make it; it remembers the configuration.

        A run directory that lost its manifest gets a new one: its stages run again, over the votes and decisions that
        lie there.

        Raises
        ------
        PipelineError
            The folder holds something else, or cannot be written.
        """
        place = Path(folder)
        try:
            place.mkdir(parents=True, exist_ok=True)
            strangers = _strangers(place)
        except OSError as error:
            raise PipelineError(f"{place}: cannot be written: {error.strerror}. Choose another output.") from None
        there = (place / MANIFEST).exists()
        if strangers and not there:
            lost = f"Move it away to go on with the votes of a run that lost its {MANIFEST}, or choose"
            raise PipelineError(
                f"{place} holds {strangers[0]!r} and is no run directory. "
                f"{lost if _lost_its_manifest(place) else 'Choose'} an empty or new folder."
            )
        before = cls(place).manifest if there else {}
        kept = config.model_dump(exclude={"output"})
        content = {"wslabel": __version__, "config": kept, "stages": before.get("stages", {})}
        write_json(place / MANIFEST, content, PipelineError)
        remove_temporaries(place)
        return cls(place)

    @property
    def manifest(self) -> dict[str, Any]:
        """What was made from what: configuration, and for each stage its inputs, outputs and counts."""
        try:
            content: dict[str, Any] = json.loads((self.folder / MANIFEST).read_text(encoding="utf-8"))
        except ValueError as error:
            raise PipelineError(f"{self.folder / MANIFEST}: not valid JSON: {error}. {_DELETE_IT}") from None
        if not isinstance(content, dict) or not all(isinstance(content.get(key), dict) for key in ("config", "stages")):
            raise PipelineError(f"{self.folder / MANIFEST}: not a run's manifest. {_DELETE_IT}")
        return content

    @cached_property
    def config(self) -> Pipeline:
        """The configuration of the last run."""
        return make_pipeline(self.manifest["config"], str(self.folder / MANIFEST))

    @cached_property
    def suite(self) -> Suite:
        """The suite, loaded from its files as they are now."""
        return load_suite(self.config.suite, self.config.suites)

    @cached_property
    def records(self) -> Records:
        """The corpus."""
        section = self.config.records
        return read_records(section.paths, section.id, section.text, section.gold, section.max_quarantine_rate)

    @cached_property
    def redaction(self) -> Redaction | None:
        """What is redacted before export; None where the pipeline redacts nothing."""
        section = self.config.redaction
        if section is None:
            return None
        rules = load_recognisers(section.kinds, section.recognisers, section.names, section.regions)
        return Redaction(rules, section.mode, section.columns)  # type: ignore[arg-type]

    @cached_property
    def exportable(self) -> Records:
        """The corpus as it leaves: redacted where the pipeline says so."""
        return self.records if self.redaction is None else redact(self.records, self.redaction)

    @property
    def shown(self) -> Records:
        """The corpus as reviewers see it: redacted where the pipeline says so for them."""
        section = self.config.redaction
        return self.exportable if section is not None and section.review else self.records

    @property
    def log(self) -> DecisionLog:
        """The reviewers' decisions."""
        return DecisionLog(self.folder / "review.db")

    def standing(self) -> list[Decision]:
        """Return the decisions that stand, spans where they are in the original texts, not in redacted ones."""
        return standing(self.decisions())

    def decisions(self) -> list[Decision]:
        """Return all decisions in the order they were made, spans where they are in the original texts.

        Raises
        ------
        ReviewError
            Spans that stand were marked in a text that is another one now.
        """
        return as_original(self._reviewable(), self.log.all())

    def gold(self) -> Iterator[pa.RecordBatch]:
        """Yield ``id`` and ``gold`` of the records, which are not parsed again where their votes were made."""
        return VoteStore(self.folder / "votes").gold(self.records)

    def gold_by_id(self) -> dict[str, str]:
        """Return the corpus's gold label of each record that has one."""
        return known_gold(self.gold())

    def known(self) -> dict[str, Any]:
        """Return the labels that models learn from, by record id, as the section ``[gold]`` says.

        In a multi-label task each record has a tuple of labels, in one of spans its spans as JSON text.

        Raises
        ------
        PipelineError
            A run without decisions, or a share of gold where the corpus has none.
        """
        section, found = self.config.gold, dict[str, str]()
        if section.share and not self.config.records.gold:
            raise PipelineError("gold.share needs records.gold, the column that holds the gold labels.")
        if section.share:
            gold = self.gold_by_id()
            found = {record: gold[record] for record in gold if _draw(record, self.config.seed) < section.share}
        for place in section.decisions:
            path = Path(place) / "review.db"
            if not path.exists():
                raise PipelineError(f"gold.decisions: {place} has no review.db. Name a run that was reviewed.")
            found.update(agreed_labels(DecisionLog(path).all()))
        return self._sets(found)

    def measured(self) -> Any:
        """Return the corpus's gold labels that no model has learned from (of spans `SpanLabels`); None: it has none."""
        if not self.config.records.gold:
            return None
        if self.of_spans:
            votes: Any = self.votes()
            known = self.known()
            kept = {record: said for record, said in self.gold_by_id().items() if record not in known}
            return align_span_gold(kept, votes.ids, votes.lengths, votes.labels)
        known = self.known()
        return self._sets({id_: label for id_, label in self.gold_by_id().items() if id_ not in known})

    def _sets(self, gold: dict[str, str]) -> dict[str, Any]:
        several = self.suite.task.kind == "multilabel"
        return {record: part_labels(label) for record, label in gold.items()} if several else gold

    @cached_property
    def of_spans(self) -> bool:
        """Whether the task is of the kind spans."""
        return self.suite.task.kind == "spans"

    @property
    def end_model(self) -> str:
        """The name of the end model: where ``auto`` is asked for, the one that suits the task."""
        name = self.config.end_model.name
        return name if name != AUTO else SPAN_END_MODEL if self.of_spans else END_MODEL

    @property
    def formats(self) -> list[str]:
        """The formats of the export: where none is named, those that suit the task."""
        return self.config.export.formats or [*(SPAN_FORMATS if self.of_spans else FORMATS)]

    def votes(self) -> Any:
        """Return the votes: a `VoteMatrix`, of spans `SpanVotes`."""
        return VoteStore(self._need("apply", "votes")).read()

    def summary(self) -> LFSummary:
        """Return the LF table: with gold and, where it was fitted, the model's estimates; of spans without these."""
        if self.of_spans:
            return summarize(self.votes(), self.measured())
        gold = self.measured()
        posterior: Any = self.posterior() if (self.folder / "posterior.parquet").exists() else None
        return summarize(self.votes(), gold, posterior)

    def explain(self, record: str) -> tuple[list[LabelExplanation], list[Evidence]]:
        """Return why a record has its label, or in a multi-label task each label or not; and what each LF found in it.

        Raises
        ------
        VotesError
            The run holds no such record.
        """
        if self.of_spans:
            raise PipelineError(f"{self.config.suite} labels spans: `explain_spans` explains those.")
        told = explain_record(self.model(), self.votes(), record, final=self.labels())
        found = next(row for batch in self.records.batches() for row in batch.to_pylist() if row["id"] == record)
        return told, explain(self.suite, found)

    def explain_spans(self, record: str) -> RecordExplanation:
        """Return why the spans of a record are labeled, and which votes came to nothing.

        Raises
        ------
        VotesError
            The run holds no such record.
        """
        model, final = self.model(), self.resolved()
        assert isinstance(final, SpanLabels)
        return explain_spans(cast(Any, model), self.votes(), record, final)

    def model(self) -> FittedLabelModel:
        """Return the fitted label model."""
        fitted: FittedLabelModel = load_label_model(self._need("fit", "label_model.json").read_text(encoding="utf-8"))
        return fitted

    def posterior(self) -> Labels | MultiLabels | SpanLabels:
        """Return the label model's labels."""
        return tables.read_labels(self._need("label", "posterior.parquet"))

    def held_out(self) -> OutOfSample | MultiOutOfSample | SpanOutOfSample | None:
        """Return the end model's probabilities; None without an end model."""
        self._need("label", "labels.parquet")
        path = self.folder / "held_out.parquet"
        return tables.read_held_out(path, self.records) if path.exists() else None

    def labels(self) -> Labels | MultiLabels | SpanLabels:
        """Return the labels: label model and end model fused, before review."""
        return tables.read_labels(self._need("label", "labels.parquet"))

    def resolved(self) -> Labels | MultiLabels | SpanLabels:
        """Return the labels with the decisions of reviewers in them."""
        return resolve(self.labels(), self.standing())

    def issues(self) -> Issues:
        """Return the issues, worst first."""
        return tables.read_issues(self._need("flag", "issues.parquet"))

    def queue(self) -> ReviewQueue:
        """Return the review queue over the run's decision log."""
        review, suite, records = self.config.review, self._suite_if_there(), self._reviewable()
        labels, votes, issues = as_shown(records, self.labels(), self.votes(), self.issues())
        return ReviewQueue(
            issues,
            records,
            labels,
            votes=votes,
            log=self.folder / "review.db",
            budget=review.budget,
            strategy=review.strategy,
            task=suite.task if suite else None,
            model=self.model() if (self.folder / "label_model.json").exists() else None,
            evidence=partial(explain, suite) if suite else None,
            suite_hash=suite.fingerprint if suite else "",
            reviewers=review.reviewers,
            shared=review.shared,
            where=review.where,
            seed=self.config.seed,
        )

    def stage(self, name: str) -> dict[str, Any]:
        """Return what the manifest says of a stage; empty where it was never finished."""
        content: dict[str, Any] = self.manifest["stages"].get(name, {})
        return content

    def remember(self, name: str, inputs: dict[str, str], outputs: list[str], counts: dict[str, Any]) -> None:
        """Write into the manifest that a stage is finished."""
        content = self.manifest
        made = {path: _file_facts(self.folder / path) for path in outputs}
        content["stages"][name] = {"inputs": inputs, "outputs": made, "counts": counts}
        write_json(self.folder / MANIFEST, content, PipelineError)

    def forget(self, name: str) -> None:
        """Take a stage out of the manifest before it runs anew."""
        content = self.manifest
        if content["stages"].pop(name, None) is not None:
            write_json(self.folder / MANIFEST, content, PipelineError)

    def identity(self, name: str) -> str:
        """Return the fingerprint of a finished stage's outputs."""
        return fingerprint({path: facts["fingerprint"] for path, facts in self.stage(name)["outputs"].items()})

    def _reviewable(self) -> Records:
        """Return what reviewers see, without parsing the corpus where its shards have all that is asked for."""
        kept = kept_records(self.records, self.folder / "votes" / "shards")
        section = self.config.redaction
        hidden = self.redaction if section is not None and section.review else None
        asked = {*self.config.review.where} - FILTERS | {*(hidden.columns or () if hidden else ())}
        if not asked <= {*kept.columns}:
            return self.shown
        return kept if hidden is None else redact(kept, hidden)

    def _suite_if_there(self) -> Suite | None:
        """Return the suite; None where its files have gone, which is no reason not to review."""
        try:
            return self.suite
        except WslabelError:
            return None

    def _need(self, stage: str, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            raise PipelineError(f"{self.folder} has no {name} yet. Run `wslabel {stage} {self.folder}` first.")
        return path

    def __repr__(self) -> str:
        return f"Run({self.folder}: {', '.join(self.manifest['stages']) or 'nothing run yet'})"


def _strangers(place: Path) -> list[str]:
    """Return what lies in a folder and is of no run, which is all of it where no votes are."""
    names = sorted(path.name for path in place.iterdir() if not path.name.startswith("."))
    return [name for name in names if name not in _MADE or not _lost_its_manifest(place)]


def _lost_its_manifest(place: Path) -> bool:
    return VoteStore(place / "votes").begun and not (place / MANIFEST).exists()


def _draw(record: str, seed: int) -> float:
    """Return a number in 0..1 that depends on the record's id and the seed only."""
    salt = seed.to_bytes(8, "little", signed=True)
    return int.from_bytes(hashlib.blake2b(record.encode(), digest_size=8, salt=salt).digest(), "little") / 2**64


def _file_facts(path: Path) -> dict[str, Any]:
    return {"bytes": path.stat().st_size, "fingerprint": fingerprint_file(path)}
