"""The report of a run: one HTML file that needs nothing beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from wslabel.analysis.accuracy import AccuracyReport, accuracy_report, set_accuracy
from wslabel.analysis.correlation import correlations
from wslabel.analysis.errors import ErrorAnalysis
from wslabel.analysis.pruning import Pruning
from wslabel.analysis.report_parts import agreements, balance, fact_tables, histogram, worst
from wslabel.analysis.summary import check_same_records, summarize
from wslabel.core.gold import align_gold
from wslabel.core.issues import Issues
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels
from wslabel.core.votes import VoteMatrix
from wslabel.errors import VotesError

if TYPE_CHECKING:
    from markupsafe import Markup

_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
MOST = 50
"""Pairs of dependent LFs that the report shows."""
CARRIERS = 20
"""LFs that carry errors, of which the report shows so many."""
_KINDS = {
    "label_error": "Likely label errors",
    "disagreement": "Disagreement with a second opinion",
    "low_confidence": "Low confidence",
    "conflict": "Conflicts among LFs",
    "tie": "Ties",
    "uncovered": "Uncovered records",
    "outlier": "Outliers",
    "near_duplicate": "Near-duplicates",
    "class_imbalance": "Rare labels",
    "non_iid": "Neighbours in the corpus that are alike",
}


def render_report(
    *,
    title: str,
    facts: Mapping[str, str],
    votes: VoteMatrix,
    posterior: Labels,
    final: Labels,
    issues: Issues | None = None,
    texts: Mapping[str, str] | None = None,
    gold: Any = None,
    model_report: Mapping[str, Any] | None = None,
    exports: Mapping[str, int] | None = None,
    errors: ErrorAnalysis | None = None,
    prunings: Sequence[Pruning] = (),
) -> str:
    """Return the report as HTML: styles and plots inline, no script, no network.

    Parameters
    ----------
    title
        The heading.
    facts
        What was run, by name: suite, corpus, label model, …
    votes
        The votes of m LFs on n records.
    posterior
        The label model's labels of the same records.
    final
        The labels that are exported; a record may be missing.
    issues
        Likely label errors.
    texts
        Texts by record id, for the excerpts; those of the issues are enough.
    gold
        As in `summarize`.
    model_report
        What the label model says of itself: plain values, mappings and lists of mappings.
    exports
        Numbers of records by name, as in `ExportResult.counts`.
    errors
        As `error_analysis` returns it.
    prunings
        As `suggest_pruning` returns them.

    Returns
    -------
    str
        Equal arguments give an equal string. Every value is escaped.

    Raises
    ------
    VotesError
        Parts of different records or tasks.
    """
    check_same_records(votes, posterior)
    if final.labels != votes.labels:
        raise VotesError(
            f"The final labels are {', '.join(final.labels)}; those of the votes {', '.join(votes.labels)}."
        )
    known = _known(gold, votes)
    return _render(
        "report.html.jinja",
        title=title,
        facts=dict(facts),
        labels=votes.labels,
        summary=summarize(votes, known, posterior),
        agreements=agreements(votes, posterior),
        repeats=correlations(votes).pairs[:MOST],
        model=fact_tables(model_report or {}),
        balances=_balances(posterior, final, known),
        bins=histogram(final).tolist(),
        kinds=_kinds(issues, texts or {}),
        accuracies=_accuracies(posterior, final, known),
        exports=dict(exports or {}),
        errors=errors,
        carriers=[row for row in errors.lfs if row.carried][:CARRIERS] if errors else [],
        prunings=prunings,
        n_issues=None if issues is None else len(issues),
    )


def render_overview(
    *, title: str, facts: Mapping[str, str], labels: MultiLabels, pages: Mapping[str, str], gold: Any = None
) -> str:
    """Return the first page of a multi-label task's report as HTML: how often each label holds, and how right it is.

    Parameters
    ----------
    pages
        The page of each label, as `render_report` makes it of the label's problem: where it stands beside this one.
    """
    right = set_accuracy(labels, gold) if gold else None
    present = ((labels.probs > 0.5) & labels.covered).sum(axis=0).tolist()
    rows = [
        {
            "label": name,
            "page": pages[name],
            "covered": int(labels.covered[:, k].sum()),
            "present": present[k],
            "accuracy": None if right is None else right.by_label[name].overall.accuracy,
            "f1": None if right is None else right.by_label[name].per_label[1].f1,
        }
        for k, name in enumerate(labels.labels)
    ]
    return _render("overview.html.jinja", title=title, facts=dict(facts), n=labels.n, rows=rows, right=right)


def _render(template: str, **values: Any) -> str:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("wslabel.analysis", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    environment.filters.update(share=_share, percent=_percent, number=_number, breakable=_breakable)
    return str(environment.get_template(template).render(**values))


def _known(gold: Any, votes: VoteMatrix) -> dict[str, str]:
    indices = align_gold(gold, votes.ids, votes.labels)
    return {record: votes.labels[k] for record, k in zip(votes.ids, indices.tolist()) if k >= 0}


def _balances(posterior: Labels, final: Labels, known: Mapping[str, str]) -> list[tuple[str, list[int]]]:
    """Return a name and K numbers of records for each source of hard labels."""
    rows = [("label model", balance(posterior).tolist()), ("final", balance(final).tolist())]
    if known:
        given = list(known.values())
        rows.append(("gold", [given.count(label) for label in posterior.labels]))
    return rows


def _accuracies(posterior: Labels, final: Labels, known: Mapping[str, str]) -> list[tuple[str, AccuracyReport]]:
    if not known:
        return []
    return [("label model", accuracy_report(posterior, known)), ("final", accuracy_report(final, known))]


def _kinds(issues: Issues | None, texts: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return each kind of issue with its title, the known kinds first."""
    found = {kind: (count, rows) for kind, count, rows in worst(issues or Issues(()), texts)}
    order = [*[kind for kind in _KINDS if kind in found], *[kind for kind in found if kind not in _KINDS]]
    return [{"name": _KINDS.get(kind, kind), "count": found[kind][0], "worst": found[kind][1]} for kind in order]


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"


def _percent(value: float | None) -> str:
    return "–" if value is None else f"{100 * value:.1f} %"


def _number(value: int) -> str:
    """Return a count with thin spaces between thousands."""
    return f"{value:,}".replace(",", "\u2009")


def _breakable(name: str) -> Markup:
    """Return a name that may be broken behind its dots and underscores."""
    from markupsafe import Markup, escape

    return Markup(re.sub(r"([._])(?=\w)", r"\1<wbr>", str(escape(name))))


def _visible(value: Any) -> Any:
    """Return text with a replacement character for what HTML forbids: controls and halves of surrogate pairs."""
    if not isinstance(value, str) or value.isprintable():
        return value
    text = _FORBIDDEN.sub("\ufffd", value)
    return type(value)(text)  # escaped text stays marked as such; no tag holds a forbidden character
