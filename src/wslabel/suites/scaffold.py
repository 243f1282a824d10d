"""A new suite: files that already pass `wslabel check`, to be written over."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path

from wslabel.core.files import write_text
from wslabel.core.task import Kind, check_labels
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


task = Task("{name}", {enum}{kind})
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
SPANS = '''\
"""Labeling functions that look at the text. Spans are characters, end exclusive: text[start:end] is what is found."""

import re
from collections.abc import Iterator

from wslabel.authoring import keywords, labeling_function

from .task import {enum}


@labeling_function(
    votes={enum}.{first},
    fires=["We met Ada Lovelace."],
    abstains=["We met her."],
)
def two_capitalised_words(text: str) -> Iterator[re.Match[str]]:
    """Why the evidence speaks for the label: replace this rule with one of yours."""
    return re.finditer(r"\\b[A-Z][a-z]+ [A-Z][a-z]+\\b", text)


names_currency = keywords(
    "names_currency",
    votes={enum}.{second},
    any_of=["dollars", "euros"],
    fires=["It cost 20 dollars."],
    abstains=["It cost a lot."],
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
    wslabel try {name} --text "{first}"

<!-- lf-table -->
<!-- /lf-table -->
"""
OF_RECORDS = ["Is this the first label?", "Thank you for the quick answer.", "It cost EUR 20.", "A plain statement."]
OF_SPANS = ["We met Ada Lovelace.", "It cost 20 dollars.", "It cost EUR 20.", "A plain statement."]


def scaffold(name: str, folder: Path, labels: Sequence[str] = ("first", "second"), kind: Kind = "single") -> list[Path]:
    """Write the files of a new suite.

    Parameters
    ----------
    name
        ``industry.task``, in lower case letters, digits and underscores.
    folder
        The folder of industry packages, usually ``labeling_functions``; the sample goes into ``data_samples``
        beside it.
    labels
        At least 2 label names; for spans at least 1.
    kind
        ``single``, ``ordinal``, ``multilabel`` or ``spans``, as of `Task`.

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
    names = check_labels(list(labels), f"The suite {name}", kind)
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
    ends = list(members.values())
    first, second = ends[0], ends[:2][-1]
    heuristics, sample_texts = (SPANS, OF_SPANS) if kind == "spans" else (HEURISTICS, OF_RECORDS)
    said = "" if kind == "single" else f', kind="{kind}"'
    files = {
        package: before + TASK_TABLE.format(task=task, name=name, sample=relative),
        place / "task.py": TASK.format(name=name, enum=enum, members=lines, kind=said),
        place / "heuristics.py": heuristics.format(enum=enum, first=first, second=second),
        place / "rules.toml": RULES.format(label=names[:2][-1]),
        place / "README.md": README.format(name=name, first=sample_texts[0]),
    }
    if not sample.exists():
        rows = [{"id": f"s-{number}", "text": text, "gold": None} for number, text in enumerate(sample_texts, start=1)]
        files[sample] = "".join(json.dumps(row) + "\n" for row in rows)
    for file, text in files.items():
        write_text(file, text, SuiteError)
    return list(files)
