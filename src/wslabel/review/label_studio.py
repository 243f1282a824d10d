"""Review in Label Studio: labels go there as predictions, annotations come back as decisions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np

from wslabel.core.decisions import Decision
from wslabel.core.fingerprint import fingerprint
from wslabel.core.label_studio import CONTROL, choices_result, labeling_config, spans_result
from wslabel.core.labels import Labels
from wslabel.core.multilabel import MultiLabels, join_labels
from wslabel.core.records import read_records
from wslabel.core.span_labels import SpanLabels
from wslabel.core.task import Kind
from wslabel.errors import ReviewError
from wslabel.review.label_studio_client import Client, quoted
from wslabel.review.label_studio_spans import read_spans
from wslabel.review.log import DecisionLog

AnyLabels = Labels | MultiLabels | SpanLabels
BATCH = 100
"""Tasks of one request."""


@dataclass(frozen=True)
class Pushed:
    """What a push did: tasks that are new, whose prediction is new, and that were as they should be."""

    project: int
    added: int
    updated: int
    unchanged: int


@dataclass(frozen=True)
class Pulled:
    """What a pull did.

    Attributes
    ----------
    added
        Decisions that are new in the log.
    known
        Annotations that were in the log.
    undecided
        Submitted annotations that say nothing, where one label was asked for.
    foreign
        Annotations of tasks that are of no record of ours.
    """

    added: int
    known: int
    undecided: int
    foreign: int


@dataclass(frozen=True)
class LabelStudio:
    """A project on a Label Studio server.

    The key is taken from the environment variable LABEL_STUDIO_API_KEY and kept nowhere.

    Attributes
    ----------
    url
        The server.
    title
        The project's title, at least three characters; it is made by the first push.
    patience
        Seconds for which a server that is away is waited for.
    """

    url: str
    title: str
    patience: float = 60.0

    def push(self, labels: AnyLabels, records: Any, ids: Sequence[str] | None = None) -> Pushed:
        """Bring records to the project, with what a model says of them as predictions (score and model version).

        What is there already stays: a record comes once, and gets a new prediction only where the labels have changed.
        So a push that was interrupted is simply made again.

        Parameters
        ----------
        labels
            One label a record, several, or spans.
        records
            The records that they were made from (or redacted ones).
        ids
            Which of them, in which order, for example ``queue.ids``; by default all.

        Raises
        ------
        ReviewError
            The server stays away or refuses; a project of that title has other labels; a record whose text there is
            another.
        """
        client = Client(self.url)
        tasks, found = list(_tasks(labels, records, ids)), dict[str, str]()
        return client.patiently(lambda: self._push(client, labels, tasks, found), self.patience)

    def pull(self, labels: AnyLabels, log: DecisionLog | str | Path, records: Any = None) -> Pulled:
        """Log the project's annotations as decisions of their annotators; those that are in the log are left out.

        A skipped task is the decision ``skip``. An annotation that was changed since is one decision more, and the
        last one stands. Spans are logged in characters of the text that was pushed.

        Parameters
        ----------
        labels
            The labels that were pushed.
        log
            The decision log, or its path.
        records
            The records that were pushed, so that spans in a text that is another one now are refused.

        Raises
        ------
        ReviewError
            The server stays away or refuses; there is no such project; an annotation with another label; a span of
            which it cannot be told where it stands, or whose text is another one now.
        """
        client = Client(self.url)
        book = log if isinstance(log, DecisionLog) else DecisionLog(log)
        texts = _texts(labels, records)
        return client.patiently(lambda: self._pull(client, labels, book, texts), self.patience)

    def _push(
        self, client: Client, labels: AnyLabels, tasks: Sequence[dict[str, Any]], found: dict[str, str]
    ) -> Pushed:
        """Bring what is missing; `found` keeps how each record was found first, over several attempts."""
        project = self._project(client, labels, make=True)
        there = {task["data"].get("record"): task for task in _listed(client, project)}
        states = [_state(task, there.get(task["data"]["record"])) for task in tasks]
        for task, state in zip(tasks, states):
            found.setdefault(task["data"]["record"], state)
        new = [task for task, state in zip(tasks, states) if state == "new"]
        for start in range(0, len(new), BATCH):
            client.post(f"/api/projects/{project}/import", new[start : start + BATCH])
        for task, state in zip(tasks, states):
            for prediction in task["predictions"] if state == "outdated" else ():
                place = there[task["data"]["record"]]["id"]
                client.post("/api/predictions/", {"task": place, **prediction})
        counts = Counter(found.values())
        return Pushed(project, counts["new"], counts["outdated"], counts["the same"])

    def _pull(self, client: Client, labels: AnyLabels, log: DecisionLog, texts: Mapping[str, str]) -> Pulled:
        project = self._project(client, labels, make=False)
        names = {user["id"]: user["email"] or user["username"] for user in client.get("/api/users/")}
        known = {(one.id, one.reviewer, one.time, one.note) for one in log.all()}
        ours, kind = set(labels.ids.tolist()), _kind(labels)
        found, undecided, foreign = list[Decision](), 0, 0
        for task in _listed(client, project):
            for given in task["annotations"]:
                if task["data"].get("record") not in ours:
                    foreign += 1
                elif (made := _decision(task, given, kind, labels.labels, names)) is None:
                    undecided += 1
                else:
                    _require_text(made, task, texts)
                    found.append(made)
        new = [one for one in found if (one.id, one.reviewer, one.time, one.note) not in known]
        log.append_all(sorted(new, key=lambda one: one.time))
        return Pulled(len(new), len(found) - len(new), undecided, foreign)

    def _project(self, client: Client, labels: AnyLabels, make: bool) -> int:
        """Return the number of the project of this title; make it where that is wished."""
        found = client.pages(f"/api/projects/?title={quoted(self.title)}", "results")
        same = [one for one in found if one["title"] == self.title]
        if len(same) > 1:
            raise ReviewError(f"{self.url} has {len(same)} projects {self.title!r}. Rename one, or give another title.")
        if not same and not make:
            raise ReviewError(f"{self.url} has no project {self.title!r}. Push first, or give its title.")
        config = labeling_config(labels.labels, _kind(labels))
        if not same:
            made = client.post("/api/projects/", {"title": self.title, "label_config": config})
            return int(made["id"])
        if _values(same[0]["label_config"]) != _values(config):
            raise ReviewError(
                f"{self.url}: the project {self.title!r} has other labels than these ({', '.join(labels.labels)}) in "
                f"its tag {CONTROL!r}. Give another title."
            )
        return int(same[0]["id"])


def _tasks(labels: AnyLabels, records: Any, ids: Sequence[str] | None) -> Iterator[dict[str, Any]]:
    """Yield the tasks, in the order of the ids or of the labels."""
    wanted = labels.ids.tolist() if ids is None else list(ids)
    rows = {record: row for row, record in enumerate(labels.ids.tolist())}
    strangers = [record for record in wanted if record not in rows]
    if strangers:
        raise ReviewError(f"Record {strangers[0]!r} has no label; expected records that were labeled.")
    texts = dict(zip(wanted, read_records(records).texts(wanted)))
    version = f"wslabel-{_version(labels)}"
    answers = _results(labels, {rows[record]: texts[record] for record in wanted})
    covered: Any = np.reshape(labels.covered, (len(labels.ids), -1)).any(axis=1)
    said = (covered | (labels.source != "model")).tolist()
    for record in wanted:
        row = rows[record]
        result, score = answers[row]
        prediction = {"model_version": version, "score": score, "result": result}
        yield {"data": {"text": texts[record], "record": record}, "predictions": [prediction] if said[row] else []}


def _results(labels: AnyLabels, texts: dict[int, str]) -> dict[int, tuple[list[dict[str, Any]], float]]:
    """Return result and score by row."""
    if isinstance(labels, SpanLabels):
        found = {}
        for row, text in texts.items():
            if len(text) != labels.lengths[row]:
                raise ReviewError(
                    f"Record {labels.ids[row]}: the text has {len(text)} characters, and its spans are of one with "
                    f"{int(labels.lengths[row])}. Pass the records that were labeled, or move the spans along."
                )
            spans = labels.at(row)
            least = min((one.probability for one in spans), default=1.0)
            given = ((one.start, one.end, one.label, round(one.probability, 6)) for one in spans)
            found[row] = spans_result(text, given), round(float(least), 6)
        return found
    sets = labels.sets() if isinstance(labels, MultiLabels) else [(name,) for name in labels.hard().tolist()]
    sure = labels.confidence.tolist()
    return {row: (choices_result(sets[row]), round(sure[row], 6)) for row in texts}


def _version(labels: AnyLabels) -> str:
    if isinstance(labels, SpanLabels):
        return fingerprint([column.tolist() for column in labels.columns()])[:12]
    return fingerprint(labels.ids.tolist(), labels.probs.tolist())[:12]


def _state(task: dict[str, Any], old: Any) -> str:
    """Return whether a task is ``new``, ``outdated`` (its prediction is missing), or ``the same``.

    Raises
    ------
    ReviewError
        It stands there with another text.
    """
    if old is None:
        return "new"
    if old["data"].get("text") != task["data"]["text"]:
        raise ReviewError(
            f"Record {task['data']['record']} stands in the project with another text. Give another title, so that "
            "annotations are not taken for those of this text."
        )
    said = [(one["result"], one["score"]) for one in old["predictions"]]
    missing = any((one["result"], one["score"]) not in said for one in task["predictions"])
    return "outdated" if missing else "the same"


def _listed(client: Client, project: int) -> Iterator[Any]:
    return client.pages(f"/api/tasks?project={project}&fields=all", "tasks")


def _decision(task: Any, given: Any, kind: Kind, labels: tuple[str, ...], names: dict[int, str]) -> Decision | None:
    """Return the decision that an annotation is; None where it says nothing."""
    data, who = task["data"], given["completed_by"]
    about = {
        "id": str(data["record"]),
        "reviewer": names.get(who, f"user {who}"),
        "note": f"Label Studio, annotation {given['id']}",
        "seconds": given["lead_time"],
        "time": given["updated_at"],
        "text_hash": fingerprint(data["text"]),
    }
    if given["was_cancelled"]:
        return Decision(action="skip", **about)
    values = [one["value"] for one in given["result"] if one.get("from_name") == CONTROL]
    if kind == "spans":
        spans = read_spans(values, data["text"], task["id"])
        _require_labels([label for *_, label in spans], labels, task["id"])
        return Decision(action="spans", spans=spans, **about)
    chosen = [label for value in values for label in value.get("choices", [])]
    _require_labels(chosen, labels, task["id"])
    if kind == "multilabel":
        return Decision(action="label", label=join_labels(name for name in labels if name in chosen), **about)
    return Decision(action="label", label=chosen[0], **about) if chosen else None


def _texts(labels: AnyLabels, records: Any) -> dict[str, str]:
    """Return the texts of records with spans by id; none where they are not at hand, or not asked for."""
    if records is None or not isinstance(labels, SpanLabels):
        return {}
    ids = labels.ids.tolist()
    return dict(zip(ids, read_records(records).texts(ids)))


def _require_text(made: Decision, task: Any, texts: Mapping[str, str]) -> None:
    if made.spans and texts.get(made.id, task["data"]["text"]) != task["data"]["text"]:
        raise ReviewError(
            f"Task {task['id']}: {made.reviewer} marked spans in another text than record {made.id} is shown with now. "
            "Pull with the corpus and the redaction that were pushed, or delete the annotation there."
        )


def _require_labels(chosen: Sequence[str], labels: tuple[str, ...], task: int) -> None:
    for label in chosen:
        if label not in labels:
            raise ReviewError(f"Task {task}: the label {label!r} is none of {', '.join(labels)}.")


def _kind(labels: AnyLabels) -> Kind:
    return "spans" if isinstance(labels, SpanLabels) else "multilabel" if isinstance(labels, MultiLabels) else "single"


def _values(config: str) -> tuple[str, str, frozenset[str]] | None:
    """Return tag, choice and values of the control that holds the labels; None where a config has none."""
    for tag in ElementTree.fromstring(config).iter():
        if tag.get("name") == CONTROL:
            several = tag.get("choice", "single") if tag.tag == "Choices" else ""
            return tag.tag, several, frozenset(each.get("value", "") for each in tag)
    return None
