"""The review queue in a terminal: one record a screen, the keys of the notebook widget."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, ClassVar

from wslabel.errors import ReviewError
from wslabel.review.marks import visible

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from wslabel.review.session import ReviewSession

KEYS = (
    "1-9 label · Enter accept · X reject · S skip · 0 unsure · U undo · N note · B all alike · / filter · ? help · "
    "Q quit"
)
HELP = """1-9    choose this label; where a record has several, switch it on or off
Enter  accept the label marked with >, or the set
X      reject: the record has no place in the data
S      skip for now
0      unsure: a person looked and cannot tell
U      undo the last decision
N      write a note, kept with the next decision
L      find a label by its name
B      decide for all records with the same votes
/      filter the queue by words in the text; nothing shows all
Q      leave; every decision is saved already"""
NUMBERS = "123456789"
SHOWN_LABELS = 9
MOST_TEXT = 4_000
BAR = 20
ENTER, ESCAPE = ("\r", "\n"), "\x1b"
LEAVE = ("q", "\x04")


@dataclass
class ReviewScreen:
    """A reviewer at a terminal.

    Parameters
    ----------
    session
        The queue, and who reviews it.
    out
        The terminal.
    key, ask
        What waits for a key, and for a line.
    """

    session: ReviewSession
    out: Console
    key: Callable[[], str]
    ask: Callable[[str], str]
    keys: ClassVar[str] = KEYS
    help: ClassVar[str] = HELP
    _state: dict[str, Any] = field(default_factory=dict)
    _note: str = ""
    _said: str = ""
    _chosen: list[str] = field(default_factory=list)
    _found: list[str] = field(default_factory=list)

    def run(self) -> int:
        """Show records until the reviewer leaves or none is left, and return how many were decided meanwhile."""
        opened = self.session.answer({"do": "open"})
        if "items" not in opened:
            raise ReviewError(opened["message"])
        self._take(opened)
        before = self._state["progress"]["decided"]
        while self._state["items"]:
            self._draw()
            begin = time.monotonic()
            pressed = self.key()
            if pressed.lower() in LEAVE:
                break
            self._press(pressed if pressed in (*ENTER, ESCAPE) else pressed.lower(), time.monotonic() - begin)
        else:
            self.out.print("No record is left to decide.")
        return int(self._state["progress"]["decided"]) - int(before)

    @property
    def _item(self) -> dict[str, Any]:
        found: dict[str, Any] = self._state["items"][0]
        return found

    def _press(self, key: str, seconds: float) -> None:
        self._said = ""
        if self._press_own(key, seconds):
            return
        if key in ("x", "s", "0"):
            self._decide({"x": "reject", "s": "skip", "0": "unsure"}[key], seconds)
        elif key == "u":
            self._take(self.session.answer({"do": "undo"}))
        elif key == "n":
            self._note = self.ask("note")
        elif key == "/":
            self._take(self.session.answer({"do": "filter", "text": self.ask("words in the text")}))
        elif key in ("?", ESCAPE):
            self._said = self.help if key == "?" else ""

    def _press_own(self, key: str, seconds: float) -> bool:
        """Do what a key does where labels are decided, and tell whether it does anything."""
        number = NUMBERS.find(key) if len(key) == 1 else -1
        if number >= 0:
            listed = self._listed()
            if number < len(listed):
                self._choose(listed[number], seconds)
        elif key in ENTER:
            if self.session.queue.kind == "multilabel":
                self._decide("label", seconds, ", ".join(self._chosen) or "no label", label=self._chosen)
            else:
                self._decide("label", seconds, self._item["suggested"], label=self._item["suggested"])
        elif key == "l":
            words = self.ask("label").casefold()
            self._found = [name for name in self.session.queue.labels if words in name.casefold()] if words else []
        elif key == "b":
            self._decide_alike()
        else:
            return False
        return True

    def _choose(self, label: str, seconds: float) -> None:
        if self.session.queue.kind != "multilabel":
            self._decide("label", seconds, label, label=label)
        elif label in self._chosen:
            self._chosen.remove(label)
        else:
            self._chosen.append(label)

    def _decide(self, action: str, seconds: float, said: str = "", **value: Any) -> None:
        record = self._item["id"]
        message = {"do": "decide", "id": record, "action": action, "note": self._note, "seconds": round(seconds, 2)}
        answer = self.session.answer({**message, **value})
        if answer["type"] == "failed":
            self._said = answer["message"]
            return
        self._take({**answer, "said": f"Saved: {said or action} on {record}."})

    def _decide_alike(self) -> None:
        told = self.session.answer({"do": "bulk", "id": self._item["id"]})
        if told["type"] != "bulk" or not told["count"]:
            self._said = told.get("message", "This record has no votes, so that none is like it.")
            return
        listed = self._listed()
        self.out.print(f"{told['count']} open records have the same votes. A label (1-9), X to reject them, or Esc:")
        key = self.key().lower()
        number = NUMBERS.find(key) if len(key) == 1 else -1
        if key != "x" and not 0 <= number < len(listed):
            return
        label = None if key == "x" else listed[number]
        self.out.print(f"{label or 'reject'} for {told['count']} records? Y or any other key:", markup=False)
        if self.key().lower() == "y":
            message = {"do": "decide_all", "id": self._item["id"], "label": label, "count": told["count"]}
            self._take(self.session.answer({**message, "note": self._note}))

    def _take(self, answer: dict[str, Any]) -> None:
        self._said = answer.get("said") or answer.get("message", "")
        if "items" in answer:
            self._state.update(answer)
            self._note, self._found = "", []
            if answer["items"]:
                self._begin()

    def _begin(self) -> None:
        """Take up the next record."""
        self._chosen = list(self._item["chosen"])

    def _listed(self) -> list[str]:
        queue = self.session.queue
        names = self._found or list(queue.labels)
        if not self._found and len(names) > SHOWN_LABELS:
            given = (self._item["suggested"], self._item["given"])
            probs = dict(zip(queue.labels, self._item["probs"]))
            names.sort(key=lambda name: (name != given[0], name != given[1], -probs[name]))
        return names[:SHOWN_LABELS]

    def _draw(self) -> None:
        from rich.text import Text

        self.out.clear()
        progress = self._state["progress"]
        pace = f" · {progress['pace']} s each" if progress["pace"] else ""
        filtered = f" · filter: {self._state.get('filtered')}" if self._state.get("filtered") else ""
        head = f"{progress['decided']} / {progress['total']}{pace}{filtered}"
        parts = [Text(visible(head), style="bold"), Text(visible(self._said)), Text()]
        parts += [self._text(), Text(visible(self._item["id"]), style="dim")]
        parts += [Text(visible(f"{one['kind']} {one['score']:.2f}: {one['reason']}")) for one in self._item["issues"]]
        parts += [Text(), *self._labels(), Text(), *self._votes()]
        parts += [Text(visible(f"note: {self._note}"))] if self._note else []
        parts += [Text(), Text(self.keys, style="dim")]
        for part in parts:
            self.out.print(part, soft_wrap=False)

    def _text(self) -> Text:
        from rich.text import Text

        text = self._item["text"][:MOST_TEXT]
        spans = [span for vote in self._item["votes"] for span in vote["spans"] if span[1] <= len(text)]
        edges = sorted({0, len(text), *(edge for span in spans for edge in span)})
        out = Text()
        for start, end in pairwise(edges):
            over = any(a <= start and end <= b for a, b in spans)
            out.append(visible(text[start:end]), style="bold underline" if over else "")
        return out

    def _labels(self) -> list[Text]:
        from rich.text import Text

        item, rows = self._item, []
        probs = dict(zip(self.session.queue.labels, item["probs"]))
        marked = self._chosen if self.session.queue.kind == "multilabel" else [item["suggested"]]
        for number, name in enumerate(self._listed(), start=1):
            tags = " given" if name == item["given"] else ""
            bar = "█" * round(BAR * probs[name])
            sign = ">" if name in marked else " "
            words = f"{sign} {number} {visible(name):<24} {probs[name]:6.1%} {bar:<{BAR}}{tags}"
            rows.append(Text(words, style="bold" if name in marked else ""))
        return rows

    def _votes(self) -> list[Text]:
        from rich.text import Text

        rows = []
        for one in self._item["votes"]:
            weight = "" if one["weight"] is None else f"{one['weight']:+.2f}"
            words = ", ".join(self._item["text"][a:b] for a, b in one["spans"][:3])
            rows.append(Text(visible(f"  {one['lf']}: {one['vote']} {weight}  {words}"), style="dim"))
        return rows or [Text("  no votes", style="dim")]
