"""A new suite: files that already pass `wslabel check`, to be written over."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from wslabel.core.files import write_text
from wslabel.core.task import check_labels
from wslabel.errors import SuiteError

_NAME = re.compile(r"[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*")

PACKAGE = """\
name = "{industry}"
version = "0.1.0"
description = "Labeling functions for {industry}"
owners = ["you"]
language = "en"
spacy = "blank:en"
"""
TASK_TABLE = """
[tasks.{task}]
description = "What {name} decides"
sample = "{sample}"
"""
TASK = '''\
"""The task {name}: what its labels mean."""

from wslabel.authoring import Label, Task


class {enum}(Label):
    """Say here what is labeled, and from whose point of view."""

{members}


task = Task("{name}", {enum})
'''
HEURISTICS = '''\
"""Labeling functions that look at the text."""

from wslabel.authoring import keywords, labeling_function

from .task import {enum}


@labeling_function(
    votes={enum}.{first},
    fires=["Is this the first label?"],
    abstains=["This is a statement."],
)
def asks_question(text: str) -> {enum} | None:
    """Why the evidence speaks for the label: replace this rule with one of yours."""
    return {enum}.{first} if text.rstrip().endswith("?") else None


says_thanks = keywords(
    "says_thanks",
    votes={enum}.{second},
    any_of=["thank you", "thanks"],
    fires=["Thank you for the quick answer."],
    abstains=["The answer was quick."],
    doc="Why the evidence speaks for the label: replace this rule with one of yours.",
)
'''
RULES = """\
# Rules as data, for those who do not write Python. Each needs: name, kind, votes, why.
[[rule]]
name = "mentions_amount"
kind = "regex"
votes = "{label}"
pattern = '\\b(?:EUR|USD) \\d'
fires = ["It cost EUR 20."]
abstains = ["It cost a lot."]
why = "Why the evidence speaks for the label: replace this rule with one of yours."
"""
README = """\
# {name}

What is labeled, for whom, and what the labels mean: see `task.py`.

    wslabel check {name}
    wslabel try {name} --text "Is this the first label?"

<!-- lf-table -->
<!-- /lf-table -->
"""
SAMPLE = ["Is this the first label?", "Thank you for the quick answer.", "It cost EUR 20.", "A plain statement."]


def scaffold(name: str, folder: Path, labels: Sequence[str] = ("first", "second")) -> list[Path]:
    """Write the files of a new suite.

    Parameters
    ----------
    name
        ``industry.task``, in lower case letters, digits and underscores.
    folder
        The folder of industry packages, usually ``labeling_functions``; the sample goes into ``data_samples``
        beside it.
    labels
        At least 2 label names.

    Returns
    -------
    The files that were written.

    Raises
    ------
    SuiteError
        A name that cannot be, or a suite that is there already.
    """
    if not _NAME.fullmatch(name):
        raise SuiteError(f"{name!r} is no suite name. Expected industry.task in lower case, like finance.sentiment.")
    names = check_labels(list(labels), f"The suite {name}")
    industry, task = name.split(".")
    place = folder / industry / task
    if place.exists():
        raise SuiteError(f"{place} exists already. Choose another name, or edit what is there.")
    sample = folder.parent / "data_samples" / industry / f"{task}.jsonl"
    enum = "".join(part.capitalize() for part in task.split("_"))
    members = {label: re.sub(r"\W+|^(?=\d)", "_", label).upper() for label in names}
    package = folder / industry / "package.toml"
    before = package.read_text(encoding="utf-8") if package.exists() else PACKAGE.format(industry=industry)
    relative = f"../../data_samples/{industry}/{task}.jsonl"
    lines = "\n".join(
        f'    {member} = "{label}", "What it means, and its edge cases."' for label, member in members.items()
    )
    first, second = list(members.values())[:2]
    files = {
        package: before + TASK_TABLE.format(task=task, name=name, sample=relative),
        place / "task.py": TASK.format(name=name, enum=enum, members=lines),
        place / "heuristics.py": HEURISTICS.format(enum=enum, first=first, second=second),
        place / "rules.toml": RULES.format(label=names[1]),
        place / "README.md": README.format(name=name),
    }
    if not sample.exists():
        rows = [{"id": f"s-{number}", "text": text, "gold": None} for number, text in enumerate(SAMPLE, start=1)]
        files[sample] = "".join(json.dumps(row) + "\n" for row in rows)
    for file, text in files.items():
        write_text(file, text, SuiteError)
    return list(files)
