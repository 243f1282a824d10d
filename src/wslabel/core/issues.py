"""Likely label errors, worst first."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from wslabel.errors import VotesError

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Issue:
    """One reason to look at one record.

    Attributes
    ----------
    id
        The record.
    kind
        ``label_error`` (Cleanlab), ``conflict``, ``tie`` or ``uncovered``.
    score
        0 (worst) to 1.
    given
        The label as it stands.
    suggested
        The label that the evidence proposes; the given one where it proposes nothing else.
    lfs
        The LFs that caused the issue, where votes were at hand.
    """

    id: str
    kind: str
    score: float
    given: str
    suggested: str
    lfs: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.score <= 1:
            raise VotesError(f"Record {self.id}, {self.kind}: a score lies in 0..1 (0 is worst); this is {self.score}.")


@dataclass(frozen=True, init=False)
class Issues:
    """Issues in a total order: by score (0 first), then kind, then id; at most one of a kind for a record."""

    issues: tuple[Issue, ...]

    def __init__(self, issues: Sequence[Issue]) -> None:
        ordered = sorted(issues, key=lambda issue: (issue.score, issue.kind, issue.id))
        keys = {(issue.id, issue.kind) for issue in ordered}
        if len(keys) != len(ordered):
            raise VotesError("A record has two issues of one kind; each kind may stand once for a record.")
        object.__setattr__(self, "issues", tuple(ordered))

    def __len__(self) -> int:
        return len(self.issues)

    def __iter__(self) -> Iterator[Issue]:
        return iter(self.issues)

    def counts(self) -> dict[str, int]:
        """Return the number of issues of each kind, sorted by kind."""
        kinds = [issue.kind for issue in self.issues]
        return {kind: kinds.count(kind) for kind in sorted(set(kinds))}

    def to_pandas(self) -> pd.DataFrame:
        """Return columns id, kind, score, given, suggested, lfs, worst first."""
        import pandas as pd

        names = ["id", "kind", "score", "given", "suggested", "lfs"]
        rows = [[i.id, i.kind, i.score, i.given, i.suggested, " ".join(i.lfs)] for i in self.issues]
        return pd.DataFrame(rows, columns=names)

    def __repr__(self) -> str:
        return f"Issues({len(self)}: {', '.join(f'{n} {kind}' for kind, n in self.counts().items()) or 'none'})"
