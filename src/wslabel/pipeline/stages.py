"""The stages of a run: what each reads, what it writes, and how."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from wslabel.applying import apply, witnesses
from wslabel.applying.engines import load_engine
from wslabel.core.files import write_text
from wslabel.core.fingerprint import fingerprint
from wslabel.core.gold import check_gold
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels, label_names, part_labels, split_gold
from wslabel.core.span_gold import span_gold
from wslabel.core.spans import SpanVotes
from wslabel.core.votes import VoteMatrix
from wslabel.errors import PipelineError
from wslabel.exporting import export
from wslabel.exporting.registry import load_formats
from wslabel.flagging import flag
from wslabel.learning import cross_validate, end_model, fuse, text_features
from wslabel.models import label_model
from wslabel.models.spans import SPAN_MODEL
from wslabel.pipeline import auditing, choosing, privacy, provenance, span_stages, splitting, tables
from wslabel.pipeline.config import AUTO, NO_END_MODEL, Pipeline
from wslabel.pipeline.reporting import OUTPUTS, write_report
from wslabel.pipeline.run import Run
from wslabel.review.strategies import strategy as load_strategy

Counts = dict[str, Any]
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Stage:
    """One arrow of the flow.

    Attributes
    ----------
    name
        As on the command line.
    needs
        The stages whose outputs it reads.
    reads
        From the run: fingerprints of all else that it reads, by a name for people.
    work
        Does it, and returns counts for people.
    outputs
        Globs of what it writes, relative to the run; they decide whether later stages are fresh.
    """

    name: str
    needs: tuple[str, ...]
    reads: Callable[[Run], dict[str, str]]
    work: Callable[[Run, Progress], Counts]
    outputs: tuple[str, ...]

    def written(self, folder: Path) -> list[str]:
        """Return the files that the stage has written, relative to the run."""
        found = {path for pattern in self.outputs for path in folder.glob(pattern) if path.is_file()}
        return sorted(path.relative_to(folder).as_posix() for path in found)


def check_names(config: Pipeline) -> None:
    """Raise `PluginError` for a name or parameter that does not exist, before any work is done."""
    load_engine(config.apply.engine)
    label_model(config.label_model.name, **config.label_model.parameters)
    if config.end_model.name not in (NO_END_MODEL, AUTO):
        end_model(config.end_model.name, **config.end_model.parameters)
    load_strategy(config.review.strategy)
    if config.export.formats:
        load_formats(config.export.formats, config.export.options)
    splitting.plan_of(config)
    choosing.choice_of(config)
    choosing.template_of(config)


def _section(config: Pipeline, *names: str) -> str:
    return fingerprint({name: config.model_dump()[name] for name in (*names, "seed")})


def _gold(run: Run) -> Any:
    return run.records if run.config.records.gold else None


def _reads_gold(run: Run) -> dict[str, str]:
    """Return what the section ``[gold]`` hands to models; nothing where it is empty."""
    known = run.known()
    return {"gold": fingerprint(known)} if known else {}


def _reads_apply(run: Run) -> dict[str, str]:
    settings = run.config.apply.model_dump(include={"shard_size", "max_fault_rate", "time_limit", "evidence"})
    lfs = {f"LF {lf.name}": run.suite.lf_fingerprint(lf) for lf in run.suite.lfs}
    if run.of_spans or run.config.apply.evidence:  # the ids of what gazetteers find are kept with the votes
        lfs |= {f"ids of {lf.name}": lf.knowledge.fingerprint for lf in run.suite.lfs if lf.knowledge is not None}
    return {
        "records": run.records.fingerprint,
        "settings": fingerprint(settings, run.config.records.max_quarantine_rate),
        **lfs,
    }


def _apply(run: Run, progress: Progress) -> Counts:
    settings = run.config.apply
    votes = apply(
        run.suite,
        run.records,
        engine=settings.engine,
        workers=settings.workers,
        out=run.folder / "votes",
        shard_size=settings.shard_size,
        max_fault_rate=settings.max_fault_rate,
        time_limit=settings.time_limit,
        evidence=settings.evidence,
        progress=progress,
        profile=(lambda profile: profile.write(run.folder / "profile.json")) if settings.profile else None,
    )
    _check_gold(run, votes)  # a gold label outside the task shows now, not at the end
    quarantined = sum(1 for _ in (run.folder / "votes" / "quarantine.jsonl").open(encoding="utf-8"))
    counts = {"read": votes.n + quarantined, "voted": votes.n, "quarantined": quarantined}
    return {**counts, "faults": len(votes.faults), "covered": int(votes.covered.sum())}


def _check_gold(run: Run, votes: VoteMatrix | SpanVotes) -> None:
    if isinstance(votes, SpanVotes):
        span_gold(run.gold_by_id(), votes.ids, votes.lengths, votes.labels)
    elif votes.kind == "multilabel":
        split_gold({id_: part_labels(label) for id_, label in run.gold_by_id().items()}, label_names(votes.labels))
    else:
        check_gold(run.gold(), votes.labels)


def _fit(run: Run, progress: Progress) -> Counts:
    section = run.config.label_model
    name = SPAN_MODEL if run.of_spans and section.name == "auto" else section.name
    model = label_model(name, **{"seed": run.config.seed, **section.parameters})
    fitted = model.fit(run.votes(), run.known() or None)
    write_text(run.folder / "label_model.json", fitted.to_json() + "\n", PipelineError)
    report: Counts = fitted.report()
    return report


def _label(run: Run, progress: Progress) -> Counts:
    if run.of_spans:
        return span_stages.label(run)
    section = run.config.end_model
    votes, gold = run.votes(), run.known() or None
    posterior = run.model().predict(votes)
    labels = posterior.with_gold(gold)
    held_path = run.folder / "held_out.parquet"
    held_path.unlink(missing_ok=True)
    if run.end_model != NO_END_MODEL:
        model = end_model(run.end_model, **{"seed": run.config.seed, **section.parameters})
        held = cross_validate(model, run.records, posterior, section.folds, run.config.seed, gold)
        labels = fuse(posterior, held, votes, gold)
        tables.write_held_out(held, held_path)
    tables.write_labels(posterior, run.folder / "posterior.parquet")
    tables.write_labels(labels, run.folder / "labels.parquet")
    return {"labels": labels.n, "by_label": _by_label(labels)}


def _reads_texts(run: Run) -> dict[str, str]:
    """Return the corpus's fingerprint where flagging looks at texts; nothing where it does not."""
    return {"records": run.records.fingerprint} if run.config.flag.features else {}


def _flag(run: Run, progress: Progress) -> Counts:
    section, labels = run.config.flag, run.labels()
    features = text_features(run.records, labels.ids) if section.features else None
    issues = flag(labels, run.held_out(), run.votes(), run.posterior(), section.rule, features)
    tables.write_issues(issues, run.folder / "issues.parquet")
    return {"issues": len(issues), "by_kind": issues.counts(), "records": len({issue.id for issue in issues})}


def _review(run: Run, progress: Progress) -> Counts:
    queue = run.queue()
    queue.export(run.folder / "review_queue.csv")
    return {"queue": len(queue)}


def _reads_export(run: Run) -> dict[str, str]:
    settings = fingerprint(_section(run.config, "export"), list(run.suite.task.meanings))
    inputs = {"records": run.records.fingerprint, "decisions": run.log.fingerprint(), "settings": settings}
    inputs.update(auditing.reads(run))
    form = choosing.template_of(run.config)
    template = {} if form is None else {"template": fingerprint(form.name, form.fingerprint, asdict(form.checks))}
    return {**inputs, **privacy.reads(run), **template, "labeling functions": run.suite.fingerprint}


def _export(run: Run, progress: Progress) -> Counts:
    section = run.config.export
    privacy.require_allowed(run)
    labels: Any = span_stages.as_exported(run) if run.of_spans else run.resolved()
    form = choosing.template_of(run.config)
    result = export(
        labels,
        run.exportable,
        run.folder / "export",
        format=run.formats,
        min_confidence=section.min_confidence,
        include_uncovered=section.include_uncovered,
        overwrite=True,
        options=section.options,
        template=form,
        task=run.suite.task,
        witnesses=witnesses(run.suite, run.votes()) if form is not None and form.asks_why else None,
        card={**_card(run), **privacy.card(run)},
        made_from=provenance.made_from(run),
        only=True,
        unredacted=section.unredacted,
        splits=splitting.splits_of(run),
        choice=choosing.choice_of(run.config),
        known=choosing.known_answers(run),
    )
    counts = {"exported": result.exported, "left_out": dict(result.left_out), "warnings": list(result.warnings)}
    if result.by_split:
        counts["by_split"] = dict(result.by_split)
    if result.chosen:
        counts["chosen"] = dict(result.chosen)
    if result.conversations:
        told = result.conversations
        findings = [str(one) for one in told.findings]
        counts["conversations"] = {"tokens": dict(told.tokens), "cost": told.cost, "findings": findings}
    return {**counts, **privacy.counts(run)}


def _card(run: Run) -> dict[str, Any]:
    made = {
        "suite": run.suite.name,
        "labeling functions": len(run.suite.lfs),
        "label model": run.stage("fit")["counts"].get("model", run.config.label_model.name),
        "end model": run.end_model,
        "suite fingerprint": run.suite.fingerprint,
        "records fingerprint": run.records.fingerprint,
        "seed": run.config.seed,
    }
    return {**provenance.card(run), "How it was made": made, **splitting.card(run), **auditing.card(run)}


def _report(run: Run, progress: Progress) -> Counts:
    return write_report(run)


def _by_label(labels: Labels | MultiLabels) -> dict[str, int]:
    if isinstance(labels, MultiLabels):
        return dict(zip(labels.labels, ((labels.probs > 0.5) & labels.covered).sum(axis=0).tolist()))
    counts = np.bincount(labels.hard_indices(), minlength=len(labels.labels))
    return dict(zip(labels.labels, counts.tolist()))


STAGES: tuple[Stage, ...] = (
    Stage("apply", (), _reads_apply, _apply, ("votes/*.parquet", "votes/*.jsonl", "votes/votes.json")),
    Stage(
        "fit",
        ("apply",),
        lambda run: {"settings": _section(run.config, "label_model"), **_reads_gold(run)},
        _fit,
        ("label_model.json",),
    ),
    Stage(
        "label",
        ("apply", "fit"),
        lambda run: {
            "records": run.records.fingerprint,
            "settings": _section(run.config, "end_model"),
            **_reads_gold(run),
        },
        _label,
        ("posterior.parquet", "held_out.parquet", "labels.parquet"),
    ),
    Stage(
        "flag",
        ("apply", "label"),
        lambda run: {"settings": _section(run.config, "flag"), **_reads_texts(run)},
        _flag,
        ("issues.parquet",),
    ),
    Stage(
        "review",
        ("apply", "label", "flag"),
        lambda run: {
            "records": run.records.fingerprint,
            "decisions": run.log.fingerprint(),
            "settings": _section(run.config, "review"),
        },
        _review,
        ("review_queue.csv",),
    ),
    Stage("split", ("label",), splitting.reads, splitting.work, splitting.OUTPUTS),
    Stage("export", ("label", "split"), _reads_export, _export, ("export/*", "export/*/*")),
    Stage("report", ("apply", "fit", "label", "flag", "export"), _reads_export, _report, OUTPUTS),
)
