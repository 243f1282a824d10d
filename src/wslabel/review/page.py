"""A static page of a queue: HTML for notebooks, plain text for terminals. All text of records may be hostile."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from wslabel.core.decisions import part_spans
from wslabel.review.items import ReviewItem
from wslabel.review.marks import Mark, Piece, document, environment, pieces, visible

if TYPE_CHECKING:
    from jinja2 import Template

MOST_LABELS = 6


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
        return document("wslabel review queue", self._repr_html_())

    def pieces(self, item: ReviewItem) -> list[Piece]:
        """Return the text of an item in pieces, with its spans marked."""
        labels = sorted({one.label for item in self.items for one in item.spans or ()})
        marks = [Mark(one.start, one.end, one.label, f"{one.probability:.2f}") for one in item.spans or ()]
        return pieces(item.text, marks, labels)

    def _repr_html_(self) -> str:
        return _template().render(page=self)

    def __str__(self) -> str:
        return "\n\n".join([self.heading, *[_plain(item) for item in self.items]])


def likeliest(item: ReviewItem) -> list[tuple[str, float]]:
    """Return the likeliest labels of an item with their probabilities, in the task's order."""
    best = sorted(item.probs, key=lambda label: -item.probs[label])[:MOST_LABELS]
    return [(label, item.probs[label]) for label in item.probs if label in best]


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
    made = environment()
    made.filters.update(likeliest=likeliest, in_words=in_words)
    return made.get_template("page.html.jinja")
