"""Spans marked in their text, as HTML pages show them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from jinja2 import Environment

MOST_CHARACTERS = 4_000
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Characters that draw nothing but change how others appear: controls, terminal escapes, directions."""


@dataclass(frozen=True)
class Mark:
    """`text[start:end]` is of the label; `told` is who says so, or how sure it is."""

    start: int
    end: int
    label: str
    told: str = ""


@dataclass(frozen=True)
class Piece:
    """A stretch of a text between two ends of marks.

    Attributes
    ----------
    words
        The text, without characters that cannot be seen.
    told
        A line for each mark that covers it; empty where none does.
    names
        The labels of the marks that end here.
    hue
        The hue of its colour, in degrees.
    """

    words: str
    told: str = ""
    names: tuple[str, ...] = ()
    hue: int = 0


def pieces(text: str, marks: Sequence[Mark], labels: Sequence[str]) -> list[Piece]:
    """Return the text in pieces; the last one may be a remark that it goes on.

    Parameters
    ----------
    labels
        The labels in order; the place of a label gives its colour, as in the review widget.

    Examples
    --------
    >>> [(one.words, one.names) for one in pieces("A rash.", [Mark(2, 6, "Effect")], ["Effect"])]
    [('A ', ()), ('rash', ('Effect',)), ('.', ())]
    """
    end, hues = min(len(text), MOST_CHARACTERS), {label: hue(place) for place, label in enumerate(labels)}
    cuts = sorted({0, end, *(edge for one in marks for edge in (one.start, one.end) if edge < end)})
    found = []
    for a, b in pairwise(cuts):
        over = [one for one in marks if one.start <= a and b <= one.end]
        ending = tuple(dict.fromkeys(visible(one.label) for one in over if min(one.end, end) == b))
        told = "\n".join(visible(f"{one.label} {one.told}".rstrip()) for one in over)
        inner = min(over, key=lambda one: one.end - one.start, default=None)
        found.append(Piece(visible(text[a:b]), told, ending, hues[inner.label] if inner else 0))
    return [*found, Piece(f" … {len(text) - end} more characters")] if len(text) > end else found


def hue(place: int) -> int:
    """Return the hue of the label in this place, in degrees; so does `dom.js`."""
    return int((25 + place * 137.5) % 360 + 0.5)


def visible(text: str) -> str:
    r"""Return the text, cut where it is very long, with characters that cannot be seen spelled out.

    >>> visible("a\u202eb")
    'a[U+202E]b'
    """
    rest = len(text) - MOST_CHARACTERS
    shown = _UNSEEN.sub(lambda match: f"[U+{ord(match.group()):04X}]", text[:MOST_CHARACTERS].replace("\r\n", "\n"))
    return f"{shown} … {rest} more characters" if rest > 0 else shown


def document(title: str, body: str) -> str:
    """Return a whole HTML document, for a file or a browser; the title and the body are HTML."""
    head = f'<meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{title}</title>'
    return f"<!doctype html><html><head>{head}</head><body>{body}</body></html>\n"


@cache
def environment() -> Environment:
    """Return what renders the pages, every word escaped."""
    from jinja2 import Environment, PackageLoader

    made: Any = Environment(loader=PackageLoader("wslabel.review", "templates"), autoescape=True, trim_blocks=True)
    made.filters.update(visible=visible)
    return made  # type: ignore[no-any-return]
