"""A suite: one task and its labeling functions in order."""

from __future__ import annotations

import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from wslabel.authoring import LabelingFunction, Preprocessor, Task
from wslabel.core.fingerprint import fingerprint
from wslabel.core.task import listed
from wslabel.errors import SuiteError, suggest

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, eq=False)
class Suite:
    """A task, its LFs in (file, line) order, and the preprocessors they ask for.

    Attributes
    ----------
    task, lfs, preprocessors
        What votes on what.
    spacy
        ``blank:LANGUAGE`` or the name of a spaCy pipeline: what makes the ``doc`` that LFs may read.
    root
        The folder that holds the suite's industry package; None for LFs that no file holds.
    sensitive
        Whether its package says that records must not leave as they are.

    Raises
    ------
    SuiteError
        No LF; two LFs or preprocessors of one name; an LF that declares a label outside the task.
    """

    task: Task
    lfs: tuple[LabelingFunction, ...]
    preprocessors: tuple[Preprocessor, ...] = ()
    spacy: str = "blank:en"
    root: Path | None = None
    sensitive: bool = False

    def __post_init__(self) -> None:
        if not self.lfs:
            raise SuiteError(f"The suite {self.name} has no labeling function. Expected at least one.")
        _distinct(self.name, "labeling function", [(lf.name, str(lf.place)) for lf in self.lfs])
        _distinct(self.name, "preprocessor", [(one.name, str(one.place)) for one in self.preprocessors])
        for lf in self.lfs:
            for vote in lf.votes:
                if vote not in self.task.votable:
                    raise SuiteError(
                        f"LF {lf.name} ({lf.place}) votes {vote!r}, which is no label of {self.name}. "
                        + suggest(vote, self.task.votable)
                    )
            _fits_kind(lf, self.task)

    @property
    def name(self) -> str:
        """The task's name, ``industry.task``."""
        return self.task.name

    @property
    def lf_names(self) -> tuple[str, ...]:
        """The names of the LFs, in order."""
        return tuple(lf.name for lf in self.lfs)

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of all that changes votes."""
        return fingerprint(self.name, list(self.task.votable), self.spacy, [self.lf_fingerprint(lf) for lf in self.lfs])

    def lf_fingerprint(self, lf: LabelingFunction) -> str:
        """Return the fingerprint of all that changes one LF's votes: itself, its preprocessors, the label order."""
        reached = self._reached([lf])
        reads_doc = "doc" in lf.columns or any("doc" in one.columns for one in reached)
        return fingerprint(
            list(self.task.votable),
            self.task.kind,
            lf.fingerprint,
            [one.fingerprint for one in reached],
            self.spacy if reads_doc else "",
        )

    def only(self, lf_names: Sequence[str]) -> Suite:
        """Return the suite with these LFs only, in the suite's order, and the preprocessors that they reach."""
        kept = tuple(lf for lf in self.lfs if lf.name in set(lf_names))
        return Suite(self.task, kept, self._reached(kept), self.spacy, self.root, self.sensitive)

    def _reached(self, lfs: Sequence[LabelingFunction]) -> tuple[Preprocessor, ...]:
        by_name = {one.name: one for one in self.preprocessors}
        reached: set[str] = set()
        waiting = [column for lf in lfs for column in lf.columns]
        while waiting:
            column = waiting.pop()
            if column in by_name and column not in reached:
                reached.add(column)
                waiting += by_name[column].columns
        return tuple(one for one in self.preprocessors if one.name in reached)

    def lf(self, name: str) -> LabelingFunction:
        """Return the LF of that name, short or with the suite's name before it."""
        short = name.removeprefix(f"{self.name}.")
        for lf in self.lfs:
            if lf.name == short:
                return lf
        raise SuiteError(f"The suite {self.name} has no LF {short!r}. {suggest(short, self.lf_names)}")

    def to_pandas(self) -> pd.DataFrame:
        """Return a row an LF, indexed by its name: ``votes``, ``kind``, ``columns``, ``doc`` and ``place``."""
        import pandas as pd

        rows = [
            {
                "lf": lf.name,
                "votes": ", ".join(lf.votes),
                "kind": "function" if lf.matcher is None else lf.matcher.kind,
                "columns": ", ".join(lf.columns),
                "doc": lf.doc,
                "place": str(lf.place),
            }
            for lf in self.lfs
        ]
        return pd.DataFrame(rows).set_index("lf")

    def __repr__(self) -> str:
        return f"Suite({self.name}: {len(self.lfs)} LFs, labels {listed(self.task.labels)})"


def _fits_kind(lf: LabelingFunction, task: Task) -> None:
    """Raise for an LF that cannot vote in a task of this kind."""
    spans = task.kind == "spans"
    if not spans and inspect.isgeneratorfunction(lf.function):
        raise SuiteError(
            f"LF {lf.name} ({lf.place}) is a generator, which only tasks of the kind spans take. Return the label."
        )
    if spans and lf.matcher is not None and lf.matcher.column != "text":
        raise SuiteError(
            f"LF {lf.name} ({lf.place}) reads the column {lf.matcher.column!r}, but spans are those of the text. "
            "Let it read the text, or write a function that returns spans of it."
        )


def _distinct(suite: str, what: str, named: Sequence[tuple[str, str]]) -> None:
    places: dict[str, str] = {}
    for name, place in named:
        if name in places:
            raise SuiteError(
                f"Suite {suite}: the {what} {name!r} stands twice: {places[name]} and {place}. Rename one."
            )
        places[name] = place
