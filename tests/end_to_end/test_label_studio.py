"""Push to and pull from Label Studio: a real server where it can be installed, and a small one of our own.

The real one lives in its own environment under a cache folder, which `make test` makes once (WSLABEL_LABEL_STUDIO=1).
"""

from __future__ import annotations

import http.cookiejar
import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

import pytest

import wslabel as ws
from wslabel.core.multilabel import PROBLEM, MultiLabels
from wslabel.core.span_labels import SpanLabels
from wslabel.errors import ReviewError
from wslabel.review import DecisionLog, label_studio_client

VERSION = "1.23.2"
USER, PASSWORD = "ana@example.org", "only-for-this-test"
QUIET = {"COLLECT_ANALYTICS": "False", "LATEST_VERSION_CHECK": "False", "SENTRY_DSN": "", "FRONTEND_SENTRY_DSN": ""}
TEXTS = ["Late, and broken 👩🏽‍⚕️ <b>", "in time", "Ann of Rome", "nothing voted"]
ROWS = [{"id": f"r{i}", "text": text} for i, text in enumerate(TEXTS)]
IDS = [row["id"] for row in ROWS]


# --- servers -----------------------------------------------------------------------------------------------------


class Fake(BaseHTTPRequestHandler):
    """The few requests that wslabel makes, answered as Label Studio does."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer(None)

    def do_POST(self) -> None:
        self._answer(json.loads(self.rfile.read(int(self.headers["Content-Length"])) or b"null"))

    def log_message(self, *args: Any) -> None:
        pass

    def _answer(self, body: Any) -> None:
        state, path = self.server.state, urlsplit(self.path)  # type: ignore[attr-defined]
        state["requests"].append((self.command, path.path))
        if state["away"] > 0:
            state["away"] -= 1
            self.close_connection = True
            self.connection.close()
            return
        if path.path == "/api/token/refresh":
            state["token"] += 1
            status, said = (200, {"access": f"t{state['token']}"}) if body == {"refresh": state["key"]} else (401, {})
        elif self.headers["Authorization"] != f"Bearer t{state['token']}" or state["expire"]:
            state["expire"], status, said = False, 401, {"detail": "token"}
        else:
            status, said = self._route(state, path.path, parse_qs(path.query), body)
        if state["lose"] and self.command == "POST" and path.path.endswith("/import"):
            state["lose"] -= 1  # done, but the answer is lost
            self.close_connection = True
            self.connection.close()
            return
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _route(self, state: dict[str, Any], path: str, query: dict[str, list[str]], body: Any) -> tuple[int, Any]:
        if path == "/api/users/":
            return 200, [{"id": 1, "email": USER, "username": ""}]
        if path == "/api/projects/" and self.command == "POST":
            state["projects"].append({"id": len(state["projects"]) + 1, **body})
            return 201, state["projects"][-1]
        if path == "/api/projects/":
            found = [one for one in state["projects"] if query["title"][0] in one["title"]]
            return 200, {"count": len(found), "results": found}
        if path == "/api/predictions/":
            state["tasks"][body["task"] - 1]["predictions"].append(body)
            return 201, body
        if path == "/api/tasks":
            mine = [one for one in state["tasks"] if one["project"] == int(query["project"][0])]
            first, size = (int(query["page"][0]) - 1) * int(query["page_size"][0]), int(query["page_size"][0])
            return 200, {"total": len(mine), "tasks": mine[first : first + size]}
        if annotation := re.fullmatch(r"/api/tasks/(\d+)/annotations/", path):
            state["annotated"] += 1
            made = {"completed_by": 1, "was_cancelled": False, "lead_time": None, **body, "id": state["annotated"]}
            made["updated_at"] = f"2026-01-01T00:00:{state['annotated']:02d}Z"
            state["tasks"][int(annotation[1]) - 1]["annotations"].append(made)
            return 201, made
        for task in body:
            number = int(path.split("/")[3])
            state["tasks"].append({"id": len(state["tasks"]) + 1, "project": number, "annotations": [], **task})
        return 201, {"task_count": len(body)}


@pytest.fixture
def fake() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Fake)
    server.state = {  # type: ignore[attr-defined]
        "key": "a key of the fake",
        "token": 0,
        "projects": [],
        "tasks": [],
        "annotated": 0,
        "requests": [],
        "away": 0,
        "expire": False,
        "lose": 0,
    }
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server
    server.shutdown()
    server.server_close()


class Real:
    """A Label Studio server on loopback, in its own environment."""

    def __init__(self, python: Path, folder: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url, self._python, self._folder = f"http://127.0.0.1:{self.port}", python, folder
        self.key = ""

    def start(self) -> None:
        where = ["--internal-host", "127.0.0.1", "--port", str(self.port), "--data-dir", str(self._folder)]
        who = ["--username", USER, "--password", PASSWORD]
        command = [str(self._python.with_name("label-studio")), "start", "--no-browser", *where, *who]
        log = (self._folder / "server.log").open("ab")
        environment = {**os.environ, **QUIET}
        self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment, start_new_session=True)
        deadline = time.monotonic() + 240
        while time.monotonic() < deadline and self._process.poll() is None:
            try:
                with urlopen(f"{self.url}/health", timeout=5):
                    break
            except OSError:
                time.sleep(0.5)
        else:
            self.stop()
            pytest.skip("Label Studio does not start here: " + (self._folder / "server.log").read_text()[-500:])
        self.key = self.key or self._new_key()

    def stop(self) -> None:
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def _new_key(self) -> str:
        """Sign in as a browser does, and make a personal access token."""
        jar = http.cookiejar.CookieJar()
        opener = build_opener(HTTPCookieProcessor(jar))
        opener.open(f"{self.url}/user/login/", timeout=60).read()
        token = {cookie.name: cookie.value for cookie in jar}["csrftoken"]
        form = {"email": USER, "password": PASSWORD, "csrfmiddlewaretoken": token}
        opener.open(Request(f"{self.url}/user/login/", urlencode(form).encode(), {"Referer": self.url}), timeout=60)
        token = {cookie.name: cookie.value for cookie in jar}["csrftoken"]
        headers = {"Content-Type": "application/json", "X-CSRFToken": str(token), "Referer": self.url}
        with opener.open(Request(f"{self.url}/api/token/", b"{}", headers), timeout=60) as answer:
            return str(json.load(answer)["token"])


def environment() -> Path:
    """Return the Python of Label Studio's own environment; make it where it is missing."""
    cache = Path(os.environ.get("WSLABEL_TEST_CACHE", Path.home() / ".cache" / "wslabel-tests"))
    python = cache / f"label-studio-{VERSION}" / "bin" / "python"
    stamp = python.parent.parent / "installed"
    if not stamp.exists():
        try:
            subprocess.run([sys.executable, "-m", "venv", str(python.parent.parent)], check=True, timeout=120)
            command = [str(python), "-m", "pip", "install", "--quiet", f"label-studio=={VERSION}"]
            subprocess.run(command, check=True, timeout=600, capture_output=True)
        except (subprocess.SubprocessError, OSError) as error:
            pytest.skip(f"Label Studio cannot be installed here: {error}")
        stamp.touch()
    return python


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Real]:
    if not os.environ.get("WSLABEL_LABEL_STUDIO"):
        pytest.skip("a real server takes minutes; WSLABEL_LABEL_STUDIO=1 (as in `make test`) starts one")
    server = Real(environment(), tmp_path_factory.mktemp("label-studio"))
    server.start()
    yield server
    server.stop()


@pytest.fixture(params=["fake", "real"])
def url(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    server = request.getfixturevalue(request.param)
    key = server.key if request.param == "real" else server.state["key"]
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", key)
    return server.url if request.param == "real" else f"http://127.0.0.1:{server.server_port}"


def annotate(url: str, title: str, record: str, result: list[Any], **more: Any) -> None:
    """Do what a browser does when somebody submits."""
    client = label_studio_client.Client(url)
    (project,) = client.pages(f"/api/projects/?title={label_studio_client.quoted(title)}", "results")
    tasks = client.pages(f"/api/tasks?project={project['id']}&fields=all", "tasks")
    (place,) = (task["id"] for task in tasks if task["data"]["record"] == record)
    client.post(f"/api/tasks/{place}/annotations/", {"result": result, **more})


def chosen(*labels: str) -> list[Any]:
    value = {"choices": list(labels)}
    return [{"id": "x", "from_name": "label", "to_name": "text", "type": "choices", "value": value}]


def marked(start: int, end: int, label: str, text: str) -> Any:
    value = {"start": start, "end": end, "labels": [label], "text": text}
    return {"id": f"s{start}", "from_name": "label", "to_name": "text", "type": "labels", "value": value}


def one(**more: Any) -> ws.Labels:
    probs = [[0.9, 0.1], [0.3, 0.7], [0.6, 0.4], [0.5, 0.5]]
    return ws.Labels(IDS, probs, ["bad", "R&D <good>"], [True, True, True, False], **more)


def said(log: DecisionLog) -> list[tuple[str, str, str]]:
    return [(decision.id, decision.said, decision.reviewer) for decision in log.all()]


# --- there and back ----------------------------------------------------------------------------------------------


def test_one_label_there_and_back_again_and_again(url: str, tmp_path: Path) -> None:
    studio, log = ws.LabelStudio(url, "one label"), DecisionLog(tmp_path / "review.db")
    first = studio.push(one(), ROWS, ["r2", "r0"])
    assert (first.added, first.updated, first.unchanged) == (2, 0, 0)
    again = studio.push(one(), ROWS)
    assert (again.project, again.added, again.updated, again.unchanged) == (first.project, 2, 0, 2)
    assert studio.pull(one(), log).added == 0
    annotate(url, "one label", "r0", chosen("R&D <good>"), lead_time=3.5)
    annotate(url, "one label", "r1", [], was_cancelled=True)
    annotate(url, "one label", "r2", [])
    pulled = studio.pull(one(), log)
    assert (pulled.added, pulled.known, pulled.undecided, pulled.foreign) == (2, 0, 1, 0)
    assert said(log) == [("r0", "R&D <good>", USER), ("r1", "skip", USER)]
    assert log.all()[0].seconds == 3.5
    assert (studio.pull(one(), log).added, len(log)) == (0, 2)
    assert ws.resolve(one(), log.standing()).source.tolist() == ["human", "model", "model", "model"]
    changed = ws.Labels(IDS, [[0.2, 0.8], [0.3, 0.7], [0.6, 0.4], [0.5, 0.5]], one().labels, one().covered)
    assert (studio.push(changed, ROWS).updated, studio.push(changed, ROWS).unchanged) == (1, 4)


def test_predictions_carry_score_and_version_and_uncovered_records_none(url: str) -> None:
    studio = ws.LabelStudio(url, "predictions")
    project = studio.push(one(), ROWS).project
    tasks = list(label_studio_client.Client(url).pages(f"/api/tasks?project={project}&fields=all", "tasks"))
    told = {task["data"]["record"]: task["predictions"] for task in tasks}
    assert [task["data"]["text"] for task in tasks] == TEXTS
    assert told["r3"] == []
    assert told["r1"][0]["score"] == 0.7
    assert told["r1"][0]["result"][0]["value"] == {"choices": ["R&D <good>"]}
    assert told["r1"][0]["model_version"].startswith("wslabel-")


def test_several_labels_there_and_back(url: str, tmp_path: Path) -> None:
    late = ws.Labels(IDS, [[0.1, 0.9], [0.8, 0.2], [0.5, 0.5], [0.5, 0.5]], PROBLEM, [1, 1, 0, 0])
    broken = ws.Labels(IDS, [[0.4, 0.6], [0.9, 0.1], [0.5, 0.5], [0.5, 0.5]], PROBLEM, [1, 1, 0, 0])
    labels = MultiLabels(("late", "broken"), (late, broken))
    studio, log = ws.LabelStudio(url, "several labels"), DecisionLog(tmp_path / "review.db")
    assert studio.push(labels, ROWS).added == 4
    annotate(url, "several labels", "r0", chosen("broken"))
    annotate(url, "several labels", "r1", chosen("broken", "late"))
    annotate(url, "several labels", "r2", [])
    assert studio.pull(labels, log).added == 3
    assert [what for _, what, _ in said(log)] == ["broken", "late|broken", "(none)"]
    assert ws.resolve(labels, log.standing()).sets()[:3] == [("broken",), ("late", "broken"), ()]


def test_spans_there_and_back(url: str, tmp_path: Path) -> None:
    columns = [["r2", "r2"], [0, 7], [3, 11], ["PER", "LOC"], [0.9, 0.6]]
    labels = SpanLabels(IDS, list(map(len, TEXTS)), columns, ["PER", "LOC"])
    studio, log = ws.LabelStudio(url, "spans"), DecisionLog(tmp_path / "review.db")
    assert studio.push(labels, ROWS).added == 4
    annotate(url, "spans", "r2", [marked(7, 11, "LOC", "Rome"), marked(0, 3, "PER", "Ann")])
    units = len(TEXTS[0][: TEXTS[0].index("<b>")].encode("utf-16-le")) // 2  # as a browser counts
    annotate(url, "spans", "r0", [marked(units, units + 3, "LOC", "<b>")])
    assert studio.pull(labels, log).added == 2
    assert [one.spans for one in log.all()] == [
        ((0, 3, "PER"), (7, 11, "LOC")),
        ((len(TEXTS[0]) - 3, len(TEXTS[0]), "LOC"),),
    ]
    with pytest.raises(ReviewError, match="Record r0: the text has 27 characters, and its spans are of one with 26"):
        studio.push(labels, [{**row, "text": row["text"] + "!"} for row in ROWS])


def test_emoji_ends_of_lines_and_no_span_there_and_back(url: str, tmp_path: Path) -> None:
    texts = ["\N{PILL} aspirin \N{FACE WITH THERMOMETER} rash and\nfever", "\N{PILL} rash"]
    rows = [{"id": f"e{i}", "text": text} for i, text in enumerate(texts)]
    at = texts[0].index("rash")
    columns = [["e0", "e1"], [at, 2], [at + 4, 6], ["Effect", "Effect"], [0.9, 0.8]]
    labels = SpanLabels(["e0", "e1"], list(map(len, texts)), columns, ["Drug", "Effect"])
    studio, log = ws.LabelStudio(url, "emoji"), DecisionLog(tmp_path / "review.db")
    project = studio.push(labels, rows).project
    tasks = list(label_studio_client.Client(url).pages(f"/api/tasks?project={project}&fields=all", "tasks"))
    shown = {task["data"]["record"]: task["predictions"][0]["result"][0]["value"] for task in tasks}
    assert [(one["start"], one["end"], one["text"]) for one in shown.values()] == [(at, at + 4, "rash"), (2, 6, "rash")]
    whole = marked(at, len(texts[0]), "Effect", texts[0][at:].replace("\n", "\\n"))  # as its browser writes it
    annotate(url, "emoji", "e0", [whole, marked(2, 9, "Drug", "aspirin"), marked(at, at + 4, "Effect", "rash")])
    annotate(url, "emoji", "e1", [])
    assert studio.pull(labels, log, rows).added == 2
    assert [(one.id, one.spans) for one in log.all()] == [
        ("e0", ((2, 9, "Drug"), (at, at + 4, "Effect"), (at, len(texts[0]), "Effect"))),
        ("e1", ()),
    ]
    final = ws.resolve(labels, log.standing())
    assert (len(final.at(0)), final.at(1), final.source.tolist()) == (3, (), ["human", "human"])


def test_the_server_takes_exported_files(real: Real, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", real.key)
    late = ws.Labels(IDS, [[0.1, 0.9], [0.8, 0.2], [0.5, 0.5], [0.5, 0.5]], PROBLEM, [1, 1, 0, 0])
    columns = [["r2", "r2"], [0, 7], [3, 11], ["PER", "LOC"], [0.9, 0.6]]
    spans = SpanLabels(IDS, list(map(len, TEXTS)), columns, ["PER", "LOC"], source=["gold", *["model"] * 3])
    client = label_studio_client.Client(real.url)
    for title, labels in (("of one", one()), ("of several", MultiLabels(("late",), (late,))), ("of spans", spans)):
        path = ws.export(labels, ws.read_records(ROWS), tmp_path / title, "label_studio", include_uncovered=True).paths[
            "label_studio"
        ]
        config = path.with_suffix(".xml").read_text(encoding="utf-8")
        made = client.post("/api/projects/", {"title": title, "label_config": config})
        tasks = json.loads(path.read_text(encoding="utf-8"))
        told = client.post(f"/api/projects/{made['id']}/import", tasks)
        assert told["task_count"] == len(ROWS)
        found = list(client.pages(f"/api/tasks?project={made['id']}&fields=all", "tasks"))
        assert [task["data"] for task in found] == [task["data"] for task in tasks]
        assert [len(task["predictions"]) for task in found] == [len(task.get("predictions", [])) for task in tasks]
        assert [len(task["annotations"]) for task in found] == [len(task.get("annotations", [])) for task in tasks]


def test_mistakes_are_told(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    studio = ws.LabelStudio(url, "mistakes")
    with pytest.raises(ReviewError, match="has no project 'mistakes'. Push first"):
        studio.pull(one(), tmp_path / "review.db")
    studio.push(one(), ROWS)
    with pytest.raises(ReviewError, match="has other labels than these"):
        studio.push(ws.Labels(IDS, one().probs, ["a", "b"]), ROWS)
    with pytest.raises(ReviewError, match="Record r0 stands in the project with another text"):
        studio.push(one(), [{**row, "text": "other"} for row in ROWS])
    with pytest.raises(ReviewError, match="Record 'x' has no label"):
        studio.push(one(), ROWS, ["x"])
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "wrong")
    with pytest.raises(ReviewError, match="refuses the key in LABEL_STUDIO_API_KEY") as error:
        studio.push(one(), ROWS)
    assert "wrong" not in str(error.value)


# --- a server that goes away -------------------------------------------------------------------------------------


def many(n: int) -> tuple[ws.Labels, list[dict[str, str]]]:
    ids = [f"m{i}" for i in range(n)]
    return ws.Labels(ids, [[0.9, 0.1]] * n, ["a", "b"]), [{"id": record, "text": f"text {record}"} for record in ids]


def test_a_real_server_is_killed_in_the_middle_of_a_push(real: Real, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", real.key)
    labels, rows = many(1500)
    studio = ws.LabelStudio(real.url, "killed", patience=240)
    client, results = label_studio_client.Client(real.url), list[Any]()
    push = threading.Thread(target=lambda: results.append(studio.push(labels, rows)))
    push.start()
    total = 0
    while not 0 < total < 1500:
        found = list(client.pages("/api/projects/?title=killed", "results"))
        total = client.get(f"/api/tasks?project={found[0]['id']}&page=1&page_size=1")["total"] if found else 0
        assert total < 1500, "the push was over before the server could be killed"
    real.stop()
    time.sleep(1)
    real.start()
    push.join(240)
    assert [(one.added, one.unchanged) for one in results] == [(1500, 0)]
    tasks = client.pages(f"/api/tasks?project={results[0].project}&fields=all", "tasks")
    assert sorted(task["data"]["record"] for task in tasks) == sorted(labels.ids)


@pytest.fixture
def studio(fake: ThreadingHTTPServer, monkeypatch: pytest.MonkeyPatch) -> ws.LabelStudio:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", fake.state["key"])  # type: ignore[attr-defined]
    return ws.LabelStudio(f"http://127.0.0.1:{fake.server_port}", "away", patience=5)


def test_a_server_that_is_away_for_a_while_is_waited_for(fake: Any, studio: ws.LabelStudio) -> None:
    labels, rows = many(250)
    fake.state["away"] = 2
    assert studio.push(labels, rows).added == 250
    assert len(fake.state["tasks"]) == 250


def test_what_was_done_though_the_answer_was_lost_is_not_done_twice(fake: Any, studio: ws.LabelStudio) -> None:
    labels, rows = many(250)
    fake.state["lose"] = 2
    assert studio.push(labels, rows).added == 250
    assert len(fake.state["tasks"]) == 250


def test_a_token_that_expires_is_made_anew(fake: Any, studio: ws.LabelStudio) -> None:
    labels, rows = many(3)
    studio.push(labels, rows)
    client = label_studio_client.Client(studio.url)
    client.get("/api/users/")
    fake.state["expire"] = True
    assert client.get("/api/users/")[0]["email"] == USER


def test_a_server_that_stays_away_is_told(fake: Any, studio: ws.LabelStudio) -> None:
    labels, rows = many(3)
    fake.state["away"] = 10**6
    with pytest.raises(ReviewError, match="does not answer .* What was done is kept; do the same again to go on"):
        ws.LabelStudio(studio.url, "away", patience=1).push(labels, rows)


def test_decisions_are_logged_once_though_the_server_goes_away(
    fake: Any, studio: ws.LabelStudio, tmp_path: Path
) -> None:
    labels, rows = many(250)
    studio.push(labels, rows)
    for record in ("m0", "m249"):
        annotate(studio.url, "away", record, chosen("b"))
    fake.state["away"] = 1
    assert studio.pull(labels, tmp_path / "review.db").added == 2
    assert studio.pull(labels, tmp_path / "review.db").known == 2


def test_the_key_travels_encrypted_or_stays_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABEL_STUDIO_API_KEY", "k")
    for address, message in [("http://studio.example.org", "unencrypted"), ("studio", "is no address")]:
        with pytest.raises(ReviewError, match=message):
            ws.LabelStudio(address, "title").push(*many(1))
    monkeypatch.delenv("LABEL_STUDIO_API_KEY")
    with pytest.raises(ReviewError, match="LABEL_STUDIO_API_KEY is not set"):
        ws.LabelStudio("https://studio.example.org", "title").push(*many(1))


def test_the_commands(fake: Any, studio: ws.LabelStudio, suites: Any, corpus: Any, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from wslabel.cli import main

    def wslabel(*args: Any) -> Any:
        return CliRunner().invoke(main, [str(arg) for arg in args])

    (tmp_path / "pipeline.toml").write_text(
        'suite = "demo.mood"\noutput = "run"\n[records]\npaths = ["corpus.jsonl"]\nid = "id"\n[apply]\nworkers = 1\n'
    )
    assert wslabel("run", tmp_path / "pipeline.toml", "--until", "review").exit_code == 0
    run, url = tmp_path / "run", ["--url", studio.url]
    done = wslabel("review", "push", run, *url, "--limit", 3)
    assert done.exit_code == 0, done.output
    assert done.stdout == f"3 records added, 0 with a new prediction, 0 as they were: {studio.url}/projects/1\n"
    record = fake.state["tasks"][0]["data"]["record"]
    annotate(studio.url, "demo.mood run", record, chosen("good"))
    pulled = json.loads(wslabel("review", "pull", run, *url, "--json").stdout)
    assert pulled == {"added": 1, "known": 0, "undecided": 0, "foreign": 0}
    assert said(DecisionLog(run / "review.db")) == [(record, "good", USER)]
    assert fake.state["key"] not in "".join(path.read_text(errors="replace") for path in run.rglob("*.json"))
    package = next(suites.rglob("package.toml"))
    package.write_text("sensitive = true\n" + package.read_text())
    refused = wslabel("review", "push", run, *url)
    assert refused.exit_code == 1
    assert "--unredacted demo.mood" in refused.stderr
    assert wslabel("review", "push", run, *url, "--unredacted", "demo.mood").exit_code == 0
    assert wslabel("review", run, "--limit", 1).exit_code == 0


ORDERS = """
from wslabel.authoring import Label, Task, keywords
class Part(Label):
    PART = "Part"
    STATE = "State"
task = Task("plant.orders", Part, kind="spans")
part = keywords("part", votes=Part.PART, any_of=["pump", "valve"])
state = keywords("state", votes=Part.STATE, any_of=["leaking", "worn"])
"""


@pytest.fixture
def plant(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A run of spans whose records are shown redacted."""
    from wslabel.pipeline import run

    monkeypatch.chdir(tmp_path)
    folder = tmp_path / "labeling_functions" / "plant" / "orders"
    folder.mkdir(parents=True)
    (folder.parent / "package.toml").write_text('name = "plant"\nversion = "1"\nsensitive = true\n[tasks.orders]\n')
    (folder / "task.py").write_text(ORDERS)
    text = "\N{PILL} call 415-555-0134: pump worn, ask jo@example.org about valve"
    rows = [{"id": "a", "text": text}, {"id": "b", "text": "valve leaking"}, {"id": "c", "text": "worn pump"}]
    (tmp_path / "corpus.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    (tmp_path / "pipeline.toml").write_text(
        'suite = "plant.orders"\noutput = "run"\n[records]\npaths = ["corpus.jsonl"]\n[apply]\nworkers = 1\n'
        '[end_model]\nname = "none"\n[review]\nstrategy = "uncertainty"\n[redaction]\nreview = true\n'
        'kinds = ["phone", "email"]\n[export]\nformats = ["jsonl"]\n'
    )
    run("pipeline.toml", "review")
    return tmp_path


def test_redacted_records_are_marked_and_come_back_to_the_original_text(
    fake: Any, studio: ws.LabelStudio, plant: Path
) -> None:
    from click.testing import CliRunner

    from wslabel.cli import main
    from wslabel.pipeline import Run

    def wslabel(*args: Any) -> Any:
        return CliRunner().invoke(main, [str(arg) for arg in args])

    assert wslabel("review", "push", "run", "--url", studio.url).exit_code == 0
    (task,) = (one for one in fake.state["tasks"] if one["data"]["record"] == "a")
    shown = task["data"]["text"]
    assert "555" not in shown
    values = [one["value"] for one in task["predictions"][0]["result"]]
    assert [shown[one["start"] : one["end"]] for one in values] == ["pump", "worn", "valve"]
    assert [one["text"] for one in values] == ["pump", "worn", "valve"]

    words = [("valve", "Part"), ("[EMAIL]", "State"), ("pump worn", "Part")]
    places = [(shown.index(word), shown.index(word) + len(word), label, word) for word, label in words]
    annotate(studio.url, "plant.orders run", "a", [marked(*place) for place in places])
    annotate(studio.url, "plant.orders run", "b", [])
    pulled = wslabel("review", "pull", "run", "--url", studio.url)
    assert pulled.exit_code == 0, pulled.output
    text, final = Run("run").records.texts(["a"])[0], Run("run").resolved()
    assert [text[one.start : one.end] for one in final.at(0)] == ["pump worn", "jo@example.org", "valve"]
    assert (final.at(1), final.source.tolist()) == ((), ["human", "human", "model"])
    assert wslabel("export", "run").exit_code == 0

    pipeline = (plant / "pipeline.toml").read_text()
    (plant / "pipeline.toml").write_text(pipeline.replace('kinds = ["phone", "email"]', 'kinds = ["phone"]'))
    assert wslabel("run", "pipeline.toml", "--until", "review").exit_code == 0
    refused = wslabel("export", "run")
    assert refused.exit_code == 1
    assert f"Decision of {USER} on a: its spans were marked in another text" in refused.stderr
    refused = wslabel("review", "pull", "run", "--url", studio.url)
    assert f"Task {task['id']}: {USER} marked spans in another text than record a is shown with now" in refused.stderr
    assert "stands in the project with another text" in wslabel("review", "push", "run", "--url", studio.url).stderr
    Run("run").log.append(ws.Decision("a", "spans", spans=(), reviewer=USER))
    assert wslabel("export", "run").exit_code == 0
