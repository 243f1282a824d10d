"""Results as tables for people, on stdout."""

from __future__ import annotations

from typing import Any

from rich.table import Table
from rich.text import Text

from wslabel.analysis import LFRow, LFSummary, SpanAccuracy, span_accuracy
from wslabel.applying import Profile
from wslabel.cli.shell import console, print_json, shorter
from wslabel.core.task import listed
from wslabel.pipeline import Plan, Run

SHORT = 5
"""Entries of a table that are told one by one although all are equal."""
MOST_LABELS = 12
"""Labels of a task whose counts are all told."""


def show_plan(plans: list[Plan], as_json: bool) -> None:
    """Show which stages would run and why."""
    if as_json:
        print_json([{"stage": one.stage, "reason": one.reason} for one in plans])
        return
    table = _table("stage", "would run", "why")
    for one in plans:
        table.add_row(one.stage, "yes" if one.reason else "no", one.reason or "all that it reads is as it was")
    console().print(table)


def show_votes(run: Run) -> None:
    """Show the LF table and the counts of the apply stage."""
    out, summary = console(), run.summary()
    show_summary(summary)
    votes = run.votes()
    if votes.kind == "spans" and (gold := run.measured()) is not None:
        show_span_accuracy(span_accuracy(votes, gold))
    never = [label for label in votes.labels if all(label not in row.polarity for row in summary.rows)]
    if never and votes.kind == "single":  # of several few functions say what is absent; of spans the first one counts
        out.print(f"no labeling function votes for: {', '.join(never)}", soft_wrap=True)
    counts = run.stage("apply")["counts"]
    out.print(
        f"read {counts['read']} = voted {counts['voted']} + quarantined {counts['quarantined']};"
        f" covered {counts['covered']}; faults {counts['faults']}"
    )
    out.print(f"votes: {shorter(run.folder / 'votes')}", soft_wrap=True)


def show_profile(profile: Profile) -> None:
    """Show what each function took when the votes were made."""
    if not profile.rows:
        console().print("The votes were there already, and no profile of how they were made. A new run makes one.")
        return
    table = _table("what ran", "kind", "seconds", "share", "µs a record")
    for row in profile.rows:
        table.add_row(row.name, row.kind, f"{row.seconds:.3f}", _percent(row.share), f"{row.microseconds:.2f}")
    console().print(table)


def show_summary(summary: LFSummary) -> None:
    """Show the LF table."""
    table = _table("labeling function", "votes", "coverage", "overlap", "conflict", "faults")
    if summary.has_labels:
        table.add_column("estimated", justify="right")
    if summary.has_gold:
        table.add_column("accuracy (95 %)", justify="right")
    for row in summary.rows:
        cells = [row.lf, ", ".join(row.polarity) or "never"]
        cells += [_percent(row.coverage), _percent(row.overlap), _percent(row.conflict), str(row.faults)]
        if summary.has_labels:
            cells.append(_percent(row.estimated_accuracy))
        if summary.has_gold:
            cells.append(_interval(row))
        table.add_row(*cells)
    out = console()
    out.print(table)
    out.print(
        f"{len(summary.rows)} labeling functions on {summary.n} records: coverage {_percent(summary.coverage)},"
        f" overlap {_percent(summary.overlap)}, conflict {_percent(summary.conflict)}"
    )


def show_span_accuracy(rows: list[SpanAccuracy]) -> None:
    """Show how right the spans of each LF are: precision, recall and F1 in percent, and wrong boundaries."""
    table = _table(
        "against gold spans", "spans", "exact", "overlapping", "characters", "short, long, shifted", "other label"
    )
    for row in rows:
        scores = (" / ".join(f"{100 * one:.0f}" for one in some) for some in (row.strict, row.overlapping, row.lenient))
        wrong = ", ".join(str(row.boundaries.get(kind, 0)) for kind in ("short", "long", "shifted"))
        table.add_row(row.name, str(row.spans), *scores, wrong, str(sum(row.confused.values())))
    console().print(table)


def show_run(run: Run) -> None:
    """Show all that a run tells, and where its results lie."""
    out = console()
    done = run.manifest["stages"]
    if "apply" in done:
        show_votes(run)
    if "fit" in done:
        report = done["fit"]["counts"]
        out.print(Text.assemble("\nlabel model ", (report["model"], "bold"), f": {_fitting(report)}"), soft_wrap=True)
    if "label" in done:
        counts = done["label"]["counts"]
        spans = f"{counts['spans']} spans in {counts['labels']} records: " if "spans" in counts else ""
        out.print(f"labels: {spans}{_by_label(counts['by_label'])}", soft_wrap=True)
    if "flag" in done:
        counts = done["flag"]["counts"]
        out.print(f"flagged: {counts['records']} records ({_plain(counts['by_kind'])})")
    told = done.get("report", {}).get("counts", {})
    if "audited" in told:
        out.print(f"audit: {told['audited']['text']}")
    if "gold" in told:
        out.print(_against_gold(told))
    _show_findings(told)
    if done.get("split", {}).get("counts"):
        counts = done["split"]["counts"]
        shared = sum(sum(found.values()) for kind, found in counts["shared"].items())
        out.print(f"splits: {_plain(counts['by_split'])}; records that share something with another split: {shared}")
    if "export" in done:
        counts = done["export"]["counts"]
        left_out = {reason: count for reason, count in counts["left_out"].items() if count}
        out.print(f"exported: {counts['exported']}; left out: {_plain(left_out) or 'none'}")
        for name, value in counts.get("chosen", {}).get("Estimated precision", {}).items():
            out.print(f"precision: {name} {_plain(value)}")
        for gap in counts.get("chosen", {}).get("Gaps", []):
            if gap["short"]:
                out.print(f"short: {_plain(gap)}")
        _show_conversations(counts.get("conversations"))
        for warning in counts["warnings"]:
            out.print(f"warning: {warning}", soft_wrap=True)
    show_places(run)


def _fitting(report: dict[str, Any]) -> str:
    """Return what a label model learned, in its own words or as the values of its report."""
    if "learned" in report:
        changed = _plain(report.get("changed", {}))
        return f"{report['learned']}; settings {f'other than usual: {changed}' if changed else 'as usual'}"
    single = {key: value for key, value in report.items() if key != "model" and not isinstance(value, list)}
    return "; ".join(f"{key} {_plain(value)}" for key, value in single.items())


def _show_findings(counts: dict[str, Any]) -> None:
    """Show where labels are wrong, and which LFs have to do with it."""
    told = {
        "confusions": "confused: ",
        "carry_errors": "errors carried by ",
        "better_left_out": f"better left out, by the {counts.get('judged_by', 'gold')}, one at a time, with the gain: ",
    }
    for name, said in told.items():
        if name in counts:
            console().print(said + _plain(counts[name]), soft_wrap=True, markup=False)


def _against_gold(counts: dict[str, Any]) -> str:
    if "gold_spans" in counts:
        exact, characters = (
            " / ".join(f"{counts[f'final_{what}_{name}']:.3f}" for name in ("precision", "recall", "f1"))
            for what in ("exact", "characters")
        )
        return (
            f"against {counts['gold_spans']} gold spans in {counts['gold']} records, precision / recall / F1: exact"
            f" {exact} (F1 of the label model {counts['label_model_exact_f1']:.3f}); characters {characters}"
        )
    if "final_exact" in counts:
        return (
            f"against the gold of {counts['gold']} records: all labels right on {counts['final_exact']:.3f} of them"
            f" (label model {counts['label_model_exact']:.3f}); of single decisions {counts['final_right']:.3f} right"
            f" (macro F1 {_number(counts['final_macro_f1'])})"
        )
    return (
        f"against {counts['gold']} gold labels: label model {_number(counts['label_model_accuracy_covered'])} on"
        f" covered records; final {counts['final_accuracy']:.3f} on all (macro F1 {counts['final_macro_f1']:.3f})"
    )


def _number(share: float | None) -> str:
    return "unknown" if share is None else f"{share:.3f}"


def _show_conversations(told: dict[str, Any] | None) -> None:
    if told is None:
        return
    out, tokens = console(), told["tokens"]
    cost = "" if told["cost"] is None else f"; training costs about {told['cost']:.2f}"
    out.print(
        f"conversations: {tokens['total']} tokens, {tokens['most']} at the most ({tokens['counted by']}){cost}",
        soft_wrap=True,
    )
    for finding in told["findings"]:
        out.print(f"found: {finding}", soft_wrap=True, markup=False)


def show_places(run: Run) -> None:
    """Show where the results lie."""
    out = console()
    places = {
        "votes": "votes",
        "labels": "labels.parquet",
        "issues": "issues.parquet",
        "review queue": "review_queue.csv",
        "splits": "splits.parquet",
        "export": "export",
        "report": "report.html",
    }
    out.print()
    for name, place in places.items():
        if (run.folder / place).exists():
            out.print(f"{name:<13}{shorter(run.folder / place)}", soft_wrap=True)


def _table(first: str, *others: str, title: str | None = None) -> Table:
    table = Table(title=title, box=None, pad_edge=False, header_style="bold")
    table.add_column(first, no_wrap=True)
    for name in others:
        table.add_column(name, justify="left" if name in ("votes", "why", "would run") else "right")
    return table


def _interval(row: LFRow) -> str:
    if row.gold_accuracy is None or row.gold_low is None or row.gold_high is None:
        return "unknown"
    return f"{100 * row.gold_accuracy:.0f} % ({100 * row.gold_low:.0f}–{100 * row.gold_high:.0f}) of {row.gold_votes}"


def _percent(share: float | None) -> str:
    return "" if share is None else f"{100 * share:.1f} %"


def _by_label(counts: dict[str, int]) -> str:
    """Return the counts of labels: of many labels, the most frequent ones first, and which were never given."""
    if len(counts) <= MOST_LABELS:
        return _plain(counts)
    order = sorted((name for name, count in counts.items() if count), key=lambda name: -counts[name])
    told = ", ".join(f"{name} {counts[name]}" for name in order[:MOST_LABELS])
    others = order[MOST_LABELS:]
    rest = f"; {len(others)} other labels {sum(counts[name] for name in others)}" if others else ""
    absent = [name for name, count in counts.items() if not count]
    return told + rest + (f"; never: {listed(absent)}" if absent else "")


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        if len(value) > SHORT and len(set(map(str, value.values()))) == 1:
            return f"{_plain(next(iter(value.values())))} each"
        return ", ".join(f"{key} {_plain(one)}" for key, one in value.items())
    return str(value)
