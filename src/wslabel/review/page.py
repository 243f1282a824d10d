"""A static page of a queue: HTML for notebooks, plain text for terminals. All text of records may be hostile."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import TYPE_CHECKING

from wslabel.core.decisions import part_spans
from wslabel.review.items import ReviewItem

if TYPE_CHECKING:
    from jinja2 import Template

MOST_CHARACTERS = 4_000
MOST_LABELS = 6
_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
"""Characters that draw nothing but change how others appear: controls, terminal escapes, directions."""


@dataclass(frozen=True)
class Page:
    """Items of a queue to look at.

    Attributes
    ----------
    items
        The items shown.
    total
        The number of items in the queue.
    decided
        How many of those are decided.
    """

    items: tuple[ReviewItem, ...]
    total: int
    decided: int

    @property
    def heading(self) -> str:
        """What is shown, in a line."""
        return f"{self.decided} of {self.total} records decided; {len(self.items)} shown, worst first"

    def html(self) -> str:
        """Return a whole HTML document, for a file or a browser."""
        title = "<title>wslabel review queue</title>"
        head = f'<meta charset="utf-8"><meta name="color-scheme" content="light dark">{title}'
        return f"<!doctype html><html><head>{head}</head><body>{self._repr_html_()}</body></html>\n"

    def _repr_html_(self) -> str:
        return _template().render(page=self)

    def __str__(self) -> str:
        return "\n\n".join([self.heading, *[_plain(item) for item in self.items]])


def visible(text: str) -> str:
    r"""Return the text, cut where it is very long, with characters that cannot be seen spelled out.

    >>> visible("a\u202eb")
    'a[U+202E]b'
    """
    rest = len(text) - MOST_CHARACTERS
    shown = _UNSEEN.sub(lambda match: f"[U+{ord(match.group()):04X}]", text[:MOST_CHARACTERS].replace("\r\n", "\n"))
    return f"{shown} … {rest} more characters" if rest > 0 else shown


def likeliest(item: ReviewItem) -> list[tuple[str, float]]:
    """Return the likeliest labels of an item with their probabilities, in the task's order."""
    best = sorted(item.probs, key=lambda label: -item.probs[label])[:MOST_LABELS]
    return [(label, item.probs[label]) for label in item.probs if label in best]


def pieces(item: ReviewItem) -> list[tuple[str, str]]:
    """Return the text in pieces, each with the labels of the spans that cover it; the last piece may be a remark."""
    text, spans = item.text[:MOST_CHARACTERS], item.given_spans
    edges = sorted({0, len(text), *(edge for span in spans for edge in span[:2] if edge < len(text))})
    found = [
        (visible(text[a:b]), ", ".join(label for start, end, label in spans if start <= a and b <= end))
        for a, b in pairwise(edges)
    ]
    rest = len(item.text) - len(text)
    return [*found, (f" … {rest} more characters", "")] if rest else found


def in_words(item: ReviewItem, said: str | None = None) -> str:
    """Return what is given, or what is said of the record, in words: of spans what they mark."""
    words = item.given if said is None else said
    if item.spans is None:
        return words
    return "; ".join(f"{item.text[start:end]} [{label}]" for start, end, label in part_spans(words)) or words


def _plain(item: ReviewItem) -> str:
    issues = ", ".join(f"{visible(issue.kind)} {issue.score:.3f}" for issue in item.issues)
    votes = ", ".join(f"{visible(lf)}: {visible(in_words(item, label))}" for lf, label in item.votes.items())
    suggested = f", suggested {visible(in_words(item, item.suggested))}" if item.suggested != item.given else ""
    lines = [
        f"{visible(item.id)}  {issues}",
        "  " + visible(item.text).replace("\n", "\n  "),
        f"  {visible(in_words(item))} ({item.confidence:.3f}){suggested}",
        *([f"  {votes}"] if votes else []),
    ]
    return "\n".join(lines)


@cache
def _template() -> Template:
    from jinja2 import Environment, PackageLoader

    environment = Environment(loader=PackageLoader("wslabel.review", "templates"), autoescape=True, trim_blocks=True)
    environment.filters.update(visible=visible, likeliest=likeliest, pieces=pieces, in_words=in_words)
    return environment.get_template("page.html.jinja")
