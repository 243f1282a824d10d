"""The report stage: a page of HTML; for a multi-label task a page for each label, and one before them."""

from __future__ import annotations

import shutil
from typing import Any

from wslabel.analysis import (
    ErrorAnalysis,
    Pruning,
    accuracy_report,
    error_analysis,
    render_overview,
    render_report,
    render_spans,
    set_accuracy,
    span_accuracy,
    suggest_pruning,
)
from wslabel.core.files import write_text
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels, split_gold, votes_on
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import PipelineError
from wslabel.models import label_model
from wslabel.pipeline import auditing
from wslabel.pipeline.run import Run
from wslabel.pipeline.span_review import as_shown

REPORT, PAGES = "report.html", "report"
OUTPUTS = (REPORT, f"{PAGES}/*.html")
SCORES = ("precision", "recall", "f1")
FIRST = 5
"""Confusions and LFs that are told beside the report."""
SHOWN = 200
"""Issues whose texts the report holds."""


def write_report(run: Run) -> dict[str, Any]:
    """Write the report, and return how right the labels are on records whose gold no model has seen."""
    shutil.rmtree(run.folder / PAGES, ignore_errors=True)
    final, gold = run.resolved(), run.measured()
    if isinstance(final, SpanLabels):
        return _spans(run, final, gold)
    if isinstance(final, MultiLabels):
        return _several(run, final, gold)
    votes, before = run.votes(), run.labels()
    assert isinstance(before, Labels)
    errors = error_analysis(votes, before, gold) if gold else None
    prunings = suggest_pruning(votes, label_model("majority"), gold)
    write_text(run.folder / REPORT, _page(run, final, gold, errors, prunings), PipelineError)
    told = auditing.estimate(run)
    audited = {} if told is None else {"audited": told.to_dict()}
    return {**_accuracy(run.posterior(), final, gold), **_findings(errors, prunings), **audited}


def _findings(errors: ErrorAnalysis | None, prunings: list[Pruning]) -> dict[str, Any]:
    """Return the most frequent confusions, the LFs that carry most errors, and those better left out, for people."""
    found: dict[str, Any] = {}
    if errors is not None and errors.wrong:
        pairs = errors.confusions[:FIRST]
        found["confusions"] = {f"{gold} taken for {given}": len(ids) for gold, given, ids in pairs}
        found["carry_errors"] = {f"{row.lf}: {row.label}": row.carried for row in errors.lfs[:FIRST] if row.carried}
    if prunings:
        found["better_left_out"] = {one.lf: round(one.gain, 4) for one in prunings[:FIRST]}
        found["judged_by"] = prunings[0].by
    return found


def _page(
    run: Run,
    final: Labels,
    gold: dict[str, str] | None,
    errors: ErrorAnalysis | None,
    prunings: list[Pruning],
) -> str:
    issues, votes = run.issues(), run.votes()
    shown = dict.fromkeys([issue.id for issue in issues][:SHOWN])
    exported, posterior = run.stage("export")["counts"], run.posterior()
    assert isinstance(posterior, Labels)
    return render_report(
        title=run.suite.name,
        facts=_facts(run),
        votes=votes,
        posterior=posterior,
        final=final,
        issues=issues,
        texts=dict(zip(shown, run.shown.texts(shown))),
        gold=gold,
        model_report=run.model().report(),
        exports={"exported": exported["exported"], **exported["left_out"]},
        errors=errors,
        prunings=prunings,
    )


def _several(run: Run, final: MultiLabels, gold: dict[str, Any] | None) -> dict[str, Any]:
    known = split_gold(gold, final.labels)
    votes, posterior, before, model = run.votes(), run.posterior(), run.labels(), run.model()
    pages = {name: f"{PAGES}/{number:03d}.html" for number, name in enumerate(final.labels, start=1)}
    (run.folder / PAGES).mkdir()
    for name, path in pages.items():
        own = model.problem(name)  # type: ignore[attr-defined]
        said = votes_on(votes, name, own.lf_names)
        page = render_report(
            title=f"{run.suite.name}: {name}",
            facts=_facts(run),
            votes=said,
            posterior=posterior.problem(name),  # type: ignore[union-attr]
            final=final.problem(name),
            gold=known[name],
            model_report=own.report(),
            errors=error_analysis(said, before.problem(name), known[name]) if gold else None,  # type: ignore[union-attr]
            prunings=suggest_pruning(said, label_model("majority"), known[name]),
        )
        write_text(run.folder / path, page, PipelineError)
    page = render_overview(title=run.suite.name, facts=_facts(run), labels=final, pages=pages, gold=gold)
    write_text(run.folder / REPORT, page, PipelineError)
    return _set_accuracy(posterior, final, gold)


def _spans(run: Run, final: SpanLabels, gold: SpanLabels | None) -> dict[str, Any]:
    votes, posterior = run.votes(), run.posterior()
    assert isinstance(posterior, SpanLabels)
    issues = as_shown(run.shown, run.labels(), votes, run.issues())[-1]
    shown = dict.fromkeys([issue.id for issue in issues][:SHOWN])
    texts = dict(zip(shown, run.shown.texts(shown)))
    exported = run.stage("export")["counts"]
    page = render_spans(
        title=run.suite.name,
        facts=_facts(run),
        votes=votes,
        posterior=posterior,
        final=final,
        gold=gold,
        issues=issues,
        texts=texts,
        exports={"exported": exported["exported"], **exported["left_out"]},
    )
    write_text(run.folder / REPORT, page, PipelineError)
    if gold is None:
        return {}
    (before,), (after,) = span_accuracy(posterior, gold), span_accuracy(final, gold)
    return {
        "gold": gold.n,
        "gold_spans": len(gold),
        "label_model_exact_f1": before.strict[2],
        **{f"final_exact_{name}": value for name, value in zip(SCORES, after.strict)},
        **{f"final_characters_{name}": value for name, value in zip(SCORES, after.lenient)},
    }


def _facts(run: Run) -> dict[str, str]:
    counts = run.stage("apply")["counts"]
    told = auditing.estimate(run)
    return {
        **({} if told is None else {"Audited": str(told)}),
        "Suite": f"{run.suite.name} ({len(run.suite.lfs)} labeling functions)",
        "Records": f"{counts['voted']} voted on, {counts['quarantined']} quarantined",
        "Label model": run.stage("fit")["counts"]["model"] if run.of_spans else run.config.label_model.name,
        "End model": run.end_model,
        "Suite fingerprint": run.suite.fingerprint,
    }


def _accuracy(posterior: Any, final: Labels, gold: dict[str, str] | None) -> dict[str, Any]:
    if not gold:
        return {}
    after = accuracy_report(final, gold).overall
    return {
        "gold": after.n,
        "label_model_accuracy_covered": accuracy_report(posterior, gold).covered.accuracy,
        "final_accuracy": after.accuracy,
        "final_macro_f1": after.macro_f1,
    }


def _set_accuracy(posterior: Any, final: MultiLabels, gold: dict[str, Any] | None) -> dict[str, Any]:
    if not gold:
        return {}
    after, before = set_accuracy(final, gold), set_accuracy(posterior, gold)
    return {
        "gold": after.n,
        "label_model_exact": before.exact,
        "final_exact": after.exact,
        "final_right": after.right,
        "final_macro_f1": after.macro_f1,
    }
