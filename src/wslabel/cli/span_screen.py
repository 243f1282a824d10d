"""The review queue in a terminal where spans are decided: what stands in the text is marked, and edited by keys."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, ClassVar

from wslabel.cli.review_screen import ENTER, MOST_TEXT, NUMBERS, ReviewScreen
from wslabel.review.marks import visible
from wslabel.review.span_edit import Edge, SpanEdit

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.text import Text

KEYS = (
    "Enter save · Tab choose a span · 1-9 relabel · A add · D delete · [ ] longer · { } shorter · C by characters · "
    "Z undo edit · R reset · X reject · S skip · 0 unsure · U undo · N note · / filter · ? help · Q quit"
)
HELP = """Enter  save the spans as they stand; at first, those that are suggested
Tab    choose the next span; beyond the last one, none
1-9    give the chosen span this label
A      add a span: type its words, or start-end in characters, then choose a label
D      delete the chosen span
[ ]    move its start to the left, its end to the right, by words
{ }    move its start to the right, its end to the left, by words
C      move by characters, and by words again
Z      undo the last edit
R      reset to what is given, then to what is suggested
X      reject: the record has no place in the data
S      skip for now
0      unsure: a person looked and cannot tell
U      undo the last decision
N      write a note, kept with the next decision
/      filter the queue by words in the text; nothing shows all
Q      leave; every decision is saved already"""
MOVES: dict[str, tuple[Edge, int]] = {"[": ("start", -1), "{": ("start", 1), "]": ("end", 1), "}": ("end", -1)}
COLOURS = ("cyan", "magenta", "green", "yellow", "blue", "red")
OFFSETS = re.compile(r"(\d+)\s*[-–]\s*(\d+)")


@dataclass
class SpanScreen(ReviewScreen):
    """A reviewer of spans at a terminal; see `ReviewScreen`."""

    keys: ClassVar[str] = KEYS
    help: ClassVar[str] = HELP
    _edit: SpanEdit = field(default_factory=lambda: SpanEdit(""))
    _before: list[SpanEdit] = field(default_factory=list)
    _by_characters: bool = False

    def _begin(self) -> None:
        self._edit, self._before = self._as_told("mine" if "mine" in self._item else "proposed"), []

    def _as_told(self, name: str) -> SpanEdit:
        return SpanEdit.of(self._item["text"], [(start, end, label) for start, end, label, *_ in self._item[name]])

    def _press_own(self, key: str, seconds: float) -> bool:
        """Do what a key does where spans are decided, and tell whether it does anything."""
        work: dict[str, Callable[[], None]] = {
            "\t": lambda: self._show(self._edit.choose(1)),
            "d": lambda: self._change(self._edit.delete()),
            "a": self._add,
            "c": self._turn,
            "z": self._take_back,
            "r": self._reset,
        }
        if key in ENTER:
            spans = self._edit.saved
            said = f"{len(spans)} span{'s' * (len(spans) != 1)}"
            self._decide("spans", seconds, said, spans=[list(span) for span in spans])
        elif key in MOVES:
            edge, step = MOVES[key]
            self._change(self._edit.move(edge, step, "character" if self._by_characters else "word"))
        elif key in NUMBERS:
            self._relabel(key)
        elif key in work:
            work[key]()
        return key in (*ENTER, *MOVES, *NUMBERS, *work)

    def _show(self, edit: SpanEdit) -> None:
        self._edit = edit

    def _change(self, edit: SpanEdit) -> None:
        if edit.spans == self._edit.spans:
            self._said = "Choose a span with Tab first." if self._edit.at is None else "It goes no further."
        else:
            self._before.append(self._edit)
        self._edit = edit

    def _relabel(self, key: str) -> None:
        label = self._label_of(key)
        if label is None:
            self._said = f"There is no label {key}."
        elif self._edit.at is not None and self._edit.spans[self._edit.at][2] == label:
            self._said = f"It is {label} already."
        else:
            self._change(self._edit.relabel(label))

    def _label_of(self, key: str) -> str | None:
        place = NUMBERS.find(key) if len(key) == 1 else -1
        return self._listed()[place] if 0 <= place < len(self._listed()) else None

    def _add(self) -> None:
        words = self.ask("words, or start-end")
        place = self._place(words) if words else None
        if place is None:
            self._said = f"{words!r} does not stand in the text beside the spans there are." if words else ""
            return
        names = self._listed()
        label: str | None = names[0]
        if len(self.session.queue.labels) > 1:
            told = ", ".join(f"{number} {name}" for number, name in enumerate(names, start=1))
            self.out.print(f"label ({visible(told)}):", markup=False)
            label = self._label_of(self.key())
        if label is not None:
            self._change(self._edit.add(*place, label))

    def _place(self, words: str) -> tuple[int, int] | None:
        """Return where the words stand first without a span on just them; or the offsets that they are."""
        offsets = OFFSETS.fullmatch(words.strip())
        if offsets and int(offsets[1]) < int(offsets[2]) <= len(self._edit.text):
            return int(offsets[1]), int(offsets[2])
        taken = {span[:2] for span in self._edit.spans}
        places = ((one.start(), one.end()) for one in re.finditer(re.escape(words), self._edit.text))
        return next((place for place in places if place not in taken), None)

    def _turn(self) -> None:
        self._by_characters = not self._by_characters
        self._said = f"Borders move by {'characters' if self._by_characters else 'words'}."

    def _take_back(self) -> None:
        if self._before:
            self._edit = self._before.pop()
        else:
            self._said = "No edit is left to take back. U takes back the last decision."

    def _reset(self) -> None:
        given, proposed = self._as_told("spans"), self._as_told("proposed")
        name, edit = ("suggested", proposed) if self._edit.spans == given.spans else ("given", given)
        self._before.append(self._edit)
        self._edit, self._said = edit, f"As {name}."

    def _text(self) -> Text:
        from rich.text import Text

        text, out = self._item["text"][:MOST_TEXT], Text()
        spans = [(place, span) for place, span in enumerate(self._edit.spans) if span[0] < len(text)]
        edges = sorted({0, len(text), *(edge for _, span in spans for edge in span[:2] if edge <= len(text))})
        for start, end in pairwise(edges):
            over = [(place, span) for place, span in spans if span[0] <= start and end <= span[1]]
            chosen = any(place == self._edit.at for place, _ in over)
            style = f"bold underline {self._colour(over[0][1][2])}{' reverse' * chosen}" if over else ""
            out.append(visible(text[start:end]), style=style)
            ending = [span[2] for _, span in spans if span[1] == end]
            out.append("".join(f"⟨{visible(label)}⟩" for label in ending), style="dim")
        hidden = sum(end > len(text) for _, end, _ in self._edit.spans)
        rest = self._item["cut"] + len(self._item["text"]) - len(text)
        if rest:
            out.append(f" … {rest} more characters, and {hidden} spans that end there and stay", style="dim")
        return out

    def _colour(self, label: str) -> str:
        return COLOURS[self.session.queue.labels.index(label) % len(COLOURS)]

    def _labels(self) -> list[Text]:
        from rich.text import Text

        given = {(start, end, label): share for start, end, label, share in self._item["spans"]}
        proposed = {(start, end, label) for start, end, label in self._item["proposed"]}
        keys = "  ".join(f"{number} {visible(name)}" for number, name in enumerate(self._listed(), start=1))
        rows = [Text(keys, style="bold")]
        for place, span in enumerate(self._edit.spans):
            words = visible(self._item["text"][span[0] : span[1]]) if span[1] <= len(self._item["text"]) else "…"
            told = [f"given {given[span]:.2f}"] if span in given else []
            told += ["suggested"] if span in proposed and span not in given else []
            chosen = place == self._edit.at
            head = f"{'>' if chosen else ' '} {visible(span[2]):<12} {words}"
            rows.append(
                Text(f"{head}  {span[0]}-{span[1]}  {', '.join(told) or 'yours'}", style="bold" if chosen else "")
            )
        other = dict.fromkeys(self._item["other"], "a model has it")
        other.update({span: f"given {share:.2f}" for span, share in given.items()})
        for (start, end, label), why in sorted(other.items()):
            if (start, end, label) not in self._edit.spans:
                words = visible(self._item["text"][start:end])
                rows.append(Text(f"- {visible(label):<12} {words}  {start}-{end}  {why}", style="dim strike"))
        return rows if len(rows) > 1 else [*rows, Text("  no span", style="dim")]

    def _listed(self) -> list[str]:
        return list(self.session.queue.labels)[: len(NUMBERS)]
