"""`wslabel review` in a terminal of its own, with real keys."""

import io
import os
import re
import select
import subprocess
import sys
import time

import pytest

from wslabel import Issue, Issues, Labels, ReviewQueue, VoteMatrix
from wslabel.review import DecisionLog

pty = pytest.importorskip("pty", reason="pseudo terminals are for POSIX")

PROGRAM = """
import sys
from wslabel import Issue, Issues, Labels, ReviewQueue, VoteMatrix
from wslabel.cli.keyboard import Keyboard
from wslabel.cli.review_screen import ReviewScreen
from wslabel.cli.shell import console
ids = [f"r{n}" for n in range(8)]
texts = ["\\x1b[31mred \\u202eevil [bold]markup[/bold]", *[f"text number {n}" for n in range(1, 8)]]
labels = Labels(ids, [[0.6, 0.4]] * 8, ["ham", "spam"])
votes = VoteMatrix.from_array([[0, 1]] * 8, ["ham", "spam"], ids, ["short", "link"])
issues = Issues([Issue(i, "conflict", n / 10, "ham", "spam", ("link",)) for n, i in enumerate(ids)])
queue = ReviewQueue(issues, [{"id": i, "text": t} for i, t in zip(ids, texts)], labels, votes, log=sys.argv[1])
with Keyboard() as keyboard:
    print(ReviewScreen(queue.session("ana"), console(), keyboard.key, keyboard.ask).run(), "decided")
"""


class Terminal:
    """A program in a pseudo terminal."""

    def __init__(self, *command):
        self.file, slave = pty.openpty()
        env = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LINES": "40"}
        self.process = subprocess.Popen(command, stdin=slave, stdout=slave, stderr=slave, env=env, close_fds=True)
        os.close(slave)
        self.seen = ""

    def wait_for(self, words, seconds=60):
        """Read until the words appear, and return what came before them."""
        end = time.monotonic() + seconds
        while words not in self.seen:
            ready = select.select([self.file], [], [], max(0, end - time.monotonic()))[0]
            try:
                new = os.read(self.file, 65536).decode(errors="replace") if ready else ""
            except OSError:
                new = ""
            assert new, f"{words!r} did not come; there was:\n{self.seen[-3000:]}"
            self.seen += new
        before, self.seen = self.seen.split(words, 1)
        return before

    def press(self, keys):
        os.write(self.file, keys.encode())


@pytest.fixture
def terminal(tmp_path):
    made = Terminal(sys.executable, "-c", PROGRAM, str(tmp_path / "review.db"))
    yield made
    made.process.kill()
    made.process.wait()
    os.close(made.file)


def test_the_keys_of_the_widget(terminal, tmp_path):
    first = terminal.wait_for("Q quit")
    assert "[U+001B]" in first
    assert "[U+202E]" in first
    assert "[bold]markup[/bold]" in re.sub(r"\x1b\[[\d;]*m", "", first)
    for key, told in [("2", "Saved: spam on r0"), ("\r", "Saved: spam on r1"), ("x", "Saved: reject on r2")]:
        terminal.press(key)
        terminal.wait_for(told)
        terminal.wait_for("Q quit")
    terminal.press("s")
    terminal.wait_for("Saved: skip on r3")
    terminal.wait_for("Q quit")
    terminal.press("u")
    terminal.wait_for("Taken back: skip on r3")
    terminal.wait_for("Q quit")
    terminal.press("n")
    terminal.wait_for("note")
    terminal.press("why?\n")
    terminal.wait_for("note: why?")
    terminal.wait_for("Q quit")
    terminal.press("1")
    terminal.wait_for("Saved: ham on r3")
    terminal.wait_for("Q quit")
    terminal.press("b")
    terminal.wait_for("4 open records have the same votes")
    terminal.press("2")
    terminal.wait_for("spam for 4 records?")
    terminal.press("y")
    terminal.wait_for("No record is left to decide")
    terminal.wait_for("8 decided")
    assert terminal.process.wait(30) == 0
    stand = {one.id: one for one in DecisionLog(tmp_path / "review.db").standing()}
    assert [stand[f"r{n}"].said for n in range(8)] == ["spam", "spam", "reject", "ham", *["spam"] * 4]
    assert stand["r3"].note == "why?"
    assert stand["r0"].reviewer == "ana"


def test_leaving_keeps_what_was_decided(terminal, tmp_path):
    terminal.wait_for("Q quit")
    terminal.press("1")
    terminal.wait_for("Saved: ham on r0")
    terminal.wait_for("Q quit")
    terminal.press("q")
    terminal.wait_for("1 decided")
    assert len(DecisionLog(tmp_path / "review.db")) == 1


def test_a_screen_of_many_labels_finds_one_by_its_name(tmp_path):
    from rich.console import Console

    from wslabel.cli.review_screen import ReviewScreen

    names = [f"label {n:02d}" for n in range(30)]
    labels = Labels(["a"], [[0.5, *[0.5 / 29] * 29]], names)
    votes = VoteMatrix.from_array([[0]], names, ["a"])
    issues = Issues([Issue("a", "conflict", 0.1, "label 00", "label 07")])
    queue = ReviewQueue(issues, [{"id": "a", "text": "t"}], labels, votes, log=tmp_path / "review.db")
    keys = iter("l1")
    screen = ReviewScreen(
        queue.session("ana"),
        Console(file=io.StringIO()),
        lambda: next(keys),
        lambda _: "27",
    )
    assert screen.run() == 1
    assert queue.decisions()[0].label == "label 27"


SPANS = """
import sys
import wslabel as ws
from wslabel.cli.keyboard import Keyboard
from wslabel.cli.span_screen import SpanScreen
from wslabel.cli.shell import console
records = [
    {"id": "a", "text": "\U0001f912 Aspirin-induced skin rash"},
    {"id": "b", "text": "rash \x1b[31mafter aspirin"},
    {"id": "c", "text": "all is well"},
]
columns = [["a", "a", "b"], [2, 23, 16], [9, 27, 23], ["Drug", "Effect", "Drug"], [0.9, 0.4, 0.8]]
labels = ws.SpanLabels(list("abc"), [27, 23, 11], columns, ["Drug", "Effect"])
said = [("a", 0.1, "2-9 Drug"), ("b", 0.2, "16-23 Drug"), ("c", 0.3, "no span")]
issues = ws.Issues([ws.Issue(one, "low_confidence", score, "", words) for one, score, words in said])
queue = ws.ReviewQueue(issues, records, labels, log=sys.argv[1])
with Keyboard() as keyboard:
    print(SpanScreen(queue.session("ana"), console(), keyboard.key, keyboard.ask).run(), "decided")
"""


def test_spans_are_edited_by_keys(tmp_path):
    terminal = Terminal(sys.executable, "-c", SPANS, str(tmp_path / "review.db"))

    def press(*keys, told=None):
        for key in keys:
            terminal.press(key)
            said = terminal.wait_for("Q quit")
        assert told is None or told in re.sub(r"\x1b\[[\d;]*m", "", said), said

    first = re.sub(r"\x1b\[[\d;]*m", "", terminal.wait_for("Q quit"))
    assert "Aspirin⟨Drug⟩-induced skin rash" in first
    assert "- Effect       rash  23-27  given 0.40" in first  # given, and not suggested
    press("r", told="As given.")
    press("\t", "\t", "[", told="> Effect       skin rash  18-27  yours")
    press("c", "{", "{", told="in rash  20-27")
    press("z", "z", told="skin rash  18-27")
    press("1", told="> Drug         skin rash")
    press("2", told="> Effect       skin rash")
    terminal.press("a")
    terminal.wait_for("words, or start-end")
    terminal.press("nowhere\n")
    assert "does not stand in the text" in terminal.wait_for("Q quit")
    terminal.press("a")
    terminal.wait_for("words, or start-end")
    terminal.press("0-1\n")
    terminal.wait_for("label (1 Drug, 2 Effect)")
    press("2", told="> Effect       \U0001f912  0-1  yours")
    press("d")
    press("\r", told="Saved: 2 spans on a")
    press("\t", "d", told="- Drug         aspirin  16-23  given 0.80")
    press("\r", told="Saved: 0 spans on b")
    press("u", told="Taken back: no span on b")
    press("r", told="As given.")  # what was decided stands there, to go on with
    press("\r", told="Saved: 1 span on b")
    terminal.press("x")
    terminal.wait_for("3 decided")
    assert terminal.process.wait(30) == 0
    os.close(terminal.file)
    stand = {one.id: one for one in DecisionLog(tmp_path / "review.db").standing()}
    assert stand["a"].spans == ((2, 9, "Drug"), (18, 27, "Effect"))
    assert stand["b"].spans == ((16, 23, "Drug"),)
    assert stand["c"].action == "reject"
