"""Texts without accents, and where each of their characters stands in the text as it came."""

from __future__ import annotations

import unicodedata


class _Bases(dict[int, int | None]):
    """For each code point its base without combining marks (NFD); None for a mark.

    What decomposes into more than a base and its marks, as Hangul does, stays as it is.
    """

    def __missing__(self, code: int) -> int | None:
        parts = unicodedata.normalize("NFD", chr(code))
        found = ord(parts[0]) if all(map(unicodedata.combining, parts[1:])) else code
        self[code] = None if unicodedata.combining(parts[0]) else found
        return self[code]


_BASES = _Bases()


def unaccented(text: str) -> str:
    """Return the text without accents: "Ménière" becomes "Meniere", whether an accent is a character or not.

    Examples
    --------
    >>> unaccented("Me\u0301nie\u0300re, M\u00e9ni\u00e8re")
    'Meniere, Meniere'
    """
    return text if text.isascii() else text.translate(_BASES)


class Unaccented:
    """A text without accents, whose spans can be told in the text as it came.

    Attributes
    ----------
    text
        The text without accents.
    """

    def __init__(self, original: str) -> None:
        self.text = unaccented(original)
        whole = len(self.text) == len(original)
        self._starts = None if whole else [at for at, one in enumerate(original) if _BASES[ord(one)] is not None]
        self._length = len(original)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return the span, not empty, in the text as it came; the marks of its last character belong to it."""
        if self._starts is None:
            return start, end
        return self._starts[start], self._starts[end] if end < len(self._starts) else self._length
