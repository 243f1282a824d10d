"""Values as plain text: shares, clipped names, aligned columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Literal


def share(value: float | None) -> str:
    """Return a share with three digits, or a dash where it is unknown.

    >>> share(0.5), share(None)
    ('0.500', '-')
    """
    return "-" if value is None else f"{value:.3f}"


def in_words(text: str) -> str:
    """Return the text with a replacement character for whatever would not show on one line."""
    return "".join(letter if letter.isprintable() else "\ufffd" for letter in text)


def clipped(text: str, width: int, keep: Literal["start", "end"] = "start") -> str:
    """Return the text in at most `width` characters, an ellipsis where it was cut.

    >>> clipped("finance.sentiment.profit_rose", 12, keep="end"), clipped("profit", 12)
    ('…profit_rose', 'profit')
    """
    if len(text) <= width:
        return text
    return "…" + text[1 - width :] if keep == "end" else text[: width - 1] + "…"


def aligned(columns: Sequence[Sequence[str]], left: Collection[int] = ()) -> list[str]:
    """Return one line a row: columns side by side, to the right unless they are among `left`."""
    widths = [max(map(len, column)) for column in columns]
    lines = []
    for row in zip(*columns, strict=True):
        cells = [
            cell.ljust(width) if place in left else cell.rjust(width)
            for place, (cell, width) in enumerate(zip(row, widths))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines
