"""Where a border of a span may come to stand when it is moved: between characters as they are read, and at words.

What is read as one character may be several code points: a letter with its marks, an emoji with its variations, a flag.
The widget has the same rules (``widget/stops.js``), and a test compares both.
"""

from __future__ import annotations

import unicodedata
from itertools import pairwise

JOINER = "\u200d"
TONES = range(0x1F3FB, 0x1F400)
"""Colours of skin, which change the emoji before them."""
FLAGS = range(0x1F1E6, 0x1F200)
"""Letters of which two make a flag."""
WORD, SPACE, MARK = "word", "space", "mark"


def characters(text: str) -> list[int]:
    r"""Return the places between which a character as it is read stands, from 0 to the length of the text.

    >>> characters("e\u0301a"), characters("")
    ([0, 2, 3], [0])
    """
    places, flags = [0], 0
    for at in range(1, len(text)):
        flags = flags + 1 if ord(text[at - 1]) in FLAGS else 0
        in_flag = flags % 2 == 1 and ord(text[at]) in FLAGS
        if not (in_flag or _goes_on(text[at]) or text[at - 1] == JOINER or text[at - 1 : at + 1] == "\r\n"):
            places.append(at)
    return [*places, len(text)] if text else places


def words(text: str) -> list[tuple[int, int]]:
    """Return the places of words, and of marks that stand alone, as pairs of start and end.

    >>> words("5 mg, twice")
    [(0, 1), (2, 4), (4, 5), (6, 11)]
    """
    places = characters(text)
    found: list[tuple[int, int]] = []
    before = SPACE
    for start, end in pairwise(places):
        kind = _kind(text[start])
        if kind == WORD and before == WORD:
            found[-1] = (found[-1][0], end)
        elif kind != SPACE:
            found.append((start, end))
        before = kind
    return found


def _kind(character: str) -> str:
    if character == "_" or unicodedata.category(character)[0] in "LNM":
        return WORD
    return SPACE if character.isspace() else MARK


def _goes_on(character: str) -> bool:
    """Tell whether the character belongs to the one before it."""
    return character == JOINER or unicodedata.category(character)[0] == "M" or ord(character) in TONES
