"""Checking a suite: do its examples hold, and have its votes on the sample changed."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from wslabel.applying.apply import apply
from wslabel.applying.kernel import FAULTS, Kernel
from wslabel.applying.regexes import LIMIT, patterns_of, slowest
from wslabel.authoring import LabelingFunction, Preprocessor
from wslabel.authoring.labeling_function import ExampleCase
from wslabel.core.files import write_text
from wslabel.core.readers import build_columns
from wslabel.core.records import read_records
from wslabel.core.spans import SpanVotes
from wslabel.core.votes import VoteMatrix
from wslabel.errors import SuiteError, WslabelError
from wslabel.suites import Suite, SuiteInfo
from wslabel.suites.loading import load

GOLDEN_COLUMNS = ["id", "lf", "vote"]
GoldenVote = tuple[str, str, str]
TABLE_BEGINS, TABLE_ENDS = "<!-- lf-table -->", "<!-- /lf-table -->"


@dataclass(frozen=True)
class Finding:
    """One thing to know of a suite.

    Attributes
    ----------
    kind
        ``fires``, ``abstains`` (an example does not hold), ``misses`` (a known miss), ``mended`` (a known miss
        that now fires), ``undocumented``, ``golden`` (a vote on the sample changed), ``no_golden``,
        ``slow_pattern`` (a pattern that some text keeps busy for too long).
    lf, place
        Where it belongs.
    message
        What happened and what to do.
    fails
        Whether the check fails for it.
    """

    kind: Literal["fires", "abstains", "misses", "mended", "undocumented", "golden", "no_golden", "slow_pattern"]
    lf: str
    place: str
    message: str
    fails: bool


@dataclass(frozen=True)
class SuiteCheck:
    """The outcome of checking one suite; `votes` on its sample, where it has one."""

    info: SuiteInfo
    suite: Suite
    findings: tuple[Finding, ...]
    examples: int
    votes: VoteMatrix | SpanVotes | None

    @property
    def passed(self) -> bool:
        """Whether nothing failed."""
        return not any(finding.fails for finding in self.findings)


def check_suite(info: SuiteInfo, update: bool = False) -> SuiteCheck:
    """Check the examples of every LF, and the votes on the suite's sample against golden_votes.csv.

    Parameters
    ----------
    update
        Write golden_votes.csv, and the LF table of the suite's README, anew instead of comparing.

    Raises
    ------
    WslabelError
        The suite does not load, or an LF cannot read its examples or the sample.
    """
    suite = load(info)
    findings = [finding for lf in suite.lfs for finding in _examples(suite, lf)]
    functions: list[LabelingFunction | Preprocessor] = [*suite.lfs, *suite.preprocessors]
    findings += [finding for one in functions for finding in _patterns(one)]
    votes = _sample_votes(info, suite)
    if votes is not None and update:
        write_text(info.golden_votes, _to_csv(_golden(votes)), SuiteError)
        _write_table(info.folder / "README.md", suite, votes)
    elif votes is not None:
        findings += _compare(info, suite, votes)
    examples = sum(len(lf.fires) + len(lf.abstains) + len(lf.misses) for lf in suite.lfs)
    return SuiteCheck(info, suite, tuple(findings), examples, votes)


def _examples(suite: Suite, lf: LabelingFunction) -> list[Finding]:
    findings = []
    place = str(lf.place)
    if not lf.doc.strip():
        message = "has no docstring. Say in a sentence why the evidence speaks for the label."
        findings.append(Finding("undocumented", lf.name, place, message, fails=False))
    kinds: list[tuple[Literal["fires", "abstains", "misses"], tuple[ExampleCase, ...]]]
    kinds = [("fires", lf.fires), ("abstains", lf.abstains), ("misses", lf.misses)]
    cases = [(kind, case) for kind, some in kinds for case in some]
    said = _vote(suite, lf, [dict(case.record) for _, case in cases]) if cases else []
    for (kind, case), vote in zip(cases, said):
        finding = _judge(kind, case, vote, lf)
        if finding:
            findings.append(finding)
    return findings


def _patterns(one: LabelingFunction | Preprocessor) -> list[Finding]:
    """Return the patterns of a function on which a search takes too long."""
    found = [(pattern, slowest(pattern, flags)) for pattern, flags in patterns_of(one)]
    return [
        Finding(
            "slow_pattern",
            one.name,
            str(one.place),
            f"the pattern {pattern!r} needs {'more than ' if attack.seconds >= LIMIT else ''}{attack.seconds:.1f} s for"
            f" {len(attack.text)} characters such as {attack.text[:30]!r}…: "
            + ("it can match the same text in many ways, and tries them all" if attack.ambiguous else "it backtracks")
            + ". Write it so that what follows a repeat cannot be taken for what it repeats.",
            fails=False,
        )
        for pattern, attack in found
        if attack
    ]


def _judge(
    kind: Literal["fires", "abstains", "misses"], case: ExampleCase, vote: str | None, lf: LabelingFunction
) -> Finding | None:
    text = str(case.record.get("text", dict(case.record)))
    shown = text if len(text) <= 80 else f"{text[:77]}..."
    right = vote is not None and (case.expected in ("", vote) or case.expected in vote.split(", "))
    got = "abstains" if vote is None else f"votes {vote!r}"
    if kind == "misses":
        if right:
            return Finding(
                "mended", lf.name, str(lf.place), f"now fires on {shown!r}: move it to `fires`.", fails=False
            )
        return Finding("misses", lf.name, str(lf.place), f"known to miss {shown!r}.", fails=False)
    if kind == "fires" and not right:
        wanted = f"a vote for {case.expected!r}" if case.expected else "a vote"
        return Finding("fires", lf.name, str(lf.place), f"{got} on {shown!r}; expected {wanted}.", fails=True)
    if kind == "abstains" and vote is not None:
        return Finding("abstains", lf.name, str(lf.place), f"{got} on {shown!r}; expected it to abstain.", fails=True)
    return None


def _vote(suite: Suite, lf: LabelingFunction, records: list[dict[str, Any]]) -> list[str | None]:
    names = list(dict.fromkeys(name for record in records for name in record))
    chunk = build_columns(list(enumerate(records, start=1)), names, f"the examples of {lf.name}")
    if chunk.bad:
        bad = chunk.bad[0]
        raise WslabelError(f"LF {lf.name} ({lf.place}): the example {bad.content} cannot be read: {bad.reason}.")
    ids = pa.array([str(row) for row in range(len(records))])
    voted = Kernel(suite.only([lf.name])).vote(pa.RecordBatch.from_pydict({**chunk.columns, "id": ids}))
    for record, faults in zip(records, voted[FAULTS].to_pylist()):
        if faults:
            raise WslabelError(f"LF {lf.name} ({lf.place}) fails on the record {record}: {faults[0]['error']}")
    if suite.task.kind == "spans":
        known = suite.task.votable
        return [
            ", ".join(dict.fromkeys(known[one["label"]] for one in some)) or None for some in voted[lf.name].to_pylist()
        ]
    return [None if vote < 0 else suite.task.labels[vote] for vote in voted[lf.name].to_pylist()]


def _sample_votes(info: SuiteInfo, suite: Suite) -> VoteMatrix | SpanVotes | None:
    if info.sample is None:
        return None
    if not info.sample.exists():
        raise SuiteError(f"The sample of {info.name} is missing: {info.sample}. Mend `sample` in package.toml.")
    votes: VoteMatrix | SpanVotes = apply(suite, read_records(info.sample))
    return votes


def _golden(votes: VoteMatrix | SpanVotes) -> list[GoldenVote]:
    if isinstance(votes, SpanVotes):
        said: dict[tuple[str, str], list[str]] = {}
        for vote in sorted(
            votes.votes, key=lambda one: (votes.ids.tolist().index(one.id), votes.lf_names.index(one.lf))
        ):
            said.setdefault((vote.id, vote.lf), []).append(f"{vote.label} {vote.start}:{vote.end}")
        return [(record, lf, ", ".join(spans)) for (record, lf), spans in said.items()]
    return [
        (str(votes.ids[row]), lf, votes.labels[votes.votes[row, j]])
        for row in range(votes.n)
        for j, lf in enumerate(votes.lf_names)
        if votes.votes[row, j] >= 0
    ]


def _compare(info: SuiteInfo, suite: Suite, votes: VoteMatrix | SpanVotes) -> list[Finding]:
    if not info.golden_votes.exists():
        message = f"there is no {info.golden_votes.name}. Write it with `wslabel check {info.name} --update`."
        return [Finding("no_golden", "", str(info.golden_votes), message, fails=False)]
    before, now = _read_golden(info), _golden(votes)
    hint = f"If that is meant, accept it with `wslabel check {info.name} --update`."
    known_before, known_now = set(before), set(now)
    lost = [(vote, "no longer votes") for vote in before if vote not in known_now]
    new = [(vote, "now votes") for vote in now if vote not in known_before]
    places = {lf.name: str(lf.place) for lf in suite.lfs}
    return [
        Finding("golden", lf, places.get(lf, ""), f"{what} {vote!r} on {record}. {hint}", fails=True)
        for (record, lf, vote), what in lost + new
    ]


def _write_table(readme: Path, suite: Suite, votes: VoteMatrix | SpanVotes) -> None:
    """Write the LF table between the markers of the suite's README, where it has them."""
    text = readme.read_text(encoding="utf-8") if readme.exists() else ""
    before, found, rest = text.partition(TABLE_BEGINS)
    _, closed, after = rest.partition(TABLE_ENDS)
    if found and closed:
        write_text(readme, f"{before}{found}\n{lf_table(suite, votes)}\n{closed}{after}", SuiteError)


def lf_table(suite: Suite, votes: VoteMatrix | SpanVotes) -> str:
    """Return a Markdown table of the LFs: what each votes for, why, and on how many records of the sample."""
    counts = voted_on(votes)
    lines = [f"| labeling function | votes | why | of {votes.n} |", "| --- | --- | --- | ---: |"]
    for lf, count in zip(suite.lfs, counts):
        why = " ".join(lf.doc.split()).replace("|", "\\|")
        lines.append(f"| `{lf.name}` | {', '.join(lf.votes)} | {why} | {count} |")
    return "\n".join(lines)


def voted_on(votes: VoteMatrix | SpanVotes) -> list[int]:
    """Return for each LF on how many records it votes."""
    if isinstance(votes, SpanVotes):
        return [len(set(votes.record[votes.lf == lf].tolist())) for lf in range(votes.m)]
    counts: list[int] = (votes.votes >= 0).sum(axis=0).tolist()
    return counts


def _read_golden(info: SuiteInfo) -> list[GoldenVote]:
    rows = list(csv.reader(info.golden_votes.read_text(encoding="utf-8").splitlines()))
    if not rows or rows[0] != GOLDEN_COLUMNS or any(len(row) != len(GOLDEN_COLUMNS) for row in rows):
        raise SuiteError(f"{info.golden_votes}: expected the columns {', '.join(GOLDEN_COLUMNS)}. Write it anew.")
    return [(row[0], row[1], row[2]) for row in rows[1:]]


def _to_csv(votes: list[GoldenVote]) -> str:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([GOLDEN_COLUMNS, *votes])
    return out.getvalue()
