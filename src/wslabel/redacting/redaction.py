"""Redacting a text: what was found is replaced, and spans know where they are afterwards."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal, get_args

from wslabel.core.fingerprint import fingerprint
from wslabel.errors import ExportError, suggest
from wslabel.redacting.recognisers import Recogniser

SECRET = "WSLABEL_SECRET"
"""The environment variable that holds the secret of pseudonyms."""
MIN_SECRET = 16
Mode = Literal["kind", "pseudonym"]
_LETTERS = 10
"""Letters of a pseudonym, 50 bits: two of a million values share one with a probability of 0.0004."""
_SEPARATORS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Replacement:
    """One stretch of a text that was replaced: where it stood, what stands there now."""

    start: int
    end: int
    kind: str
    text: str


@dataclass(frozen=True)
class Redacted:
    """A text after redaction.

    Attributes
    ----------
    text
        The text as it is now.
    replacements
        In order; `start` and `end` are characters of the original text.
    """

    text: str
    replacements: tuple[Replacement, ...] = ()

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span of the original text stands now.

        A span that begins or ends inside what was replaced reaches to the edge of what stands there now.

        >>> from wslabel.redacting import load_recognisers
        >>> Redaction(load_recognisers(["email"])).apply("ask jo@example.org or Ann").span(22, 25)
        (15, 18)
        """
        return self._place(start, False), self._place(end, True)

    def original(self, start: int, end: int) -> tuple[int, int]:
        """Return where a span of the text as it is now stood in the original one.

        A span that begins or ends inside what stands in place of something reaches to the edge of what stood there.

        >>> from wslabel.redacting import load_recognisers
        >>> Redaction(load_recognisers(["email"])).apply("ask jo@example.org or Ann").original(15, 18)
        (22, 25)
        """
        return self._back._place(start, False), self._back._place(end, True)

    @cached_property
    def _back(self) -> Redacted:
        """The redaction the other way round: what stands there now is replaced by as many characters as stood there."""
        turned, moved = [], 0
        for one in self.replacements:
            start = one.start + moved
            turned.append(Replacement(start, start + len(one.text), one.kind, " " * (one.end - one.start)))
            moved += len(one.text) - (one.end - one.start)
        return Redacted("", tuple(turned))

    @cached_property
    def _ends(self) -> tuple[list[int], list[int]]:
        shifts, moved = [], 0
        for one in self.replacements:
            moved += len(one.text) - (one.end - one.start)
            shifts.append(moved)
        return [one.start for one in self.replacements], shifts

    def _place(self, at: int, upwards: bool) -> int:
        starts, shifts = self._ends
        number = bisect_right(starts, at - upwards) - 1
        if number < 0:
            return at
        one, before = self.replacements[number], shifts[number - 1] if number else 0
        inside = at < one.end or (upwards and at <= one.end)
        if not inside:
            return at + shifts[number]
        return one.start + before + (len(one.text) if upwards else 0)


@dataclass(frozen=True)
class Redaction:
    """What is recognised, and what stands in its place.

    Parameters
    ----------
    recognisers
        In the order in which they win where two overlap, see `load_recognisers`.
    mode
        ``kind``: ``[EMAIL]``. ``pseudonym``: ``[EMAIL-K7Q2M4XN3P]``, the same for the same value everywhere,
        by a keyed hash (HMAC-SHA-256) with the secret of the environment variable WSLABEL_SECRET, which is
        never written anywhere. Upper and lower case and punctuation of a value do not count.
    columns
        The columns that are redacted; None: all that hold texts, except id and gold.

    Raises
    ------
    ExportError
        An unknown mode, or pseudonyms without a secret of at least 16 characters.

    Examples
    --------
    >>> from wslabel.redacting import load_recognisers
    >>> Redaction(load_recognisers(["email", "ssn"])).apply("Ann, ann@example.org, SSN 123-45-6789").text
    'Ann, [EMAIL], SSN [SSN]'
    """

    recognisers: Sequence[Recogniser]
    mode: Mode = "kind"
    columns: Sequence[str] | None = None

    def __post_init__(self) -> None:
        if self.mode not in get_args(Mode):
            raise ExportError(f"The mode of redaction is {self.mode!r}. {suggest(str(self.mode), get_args(Mode))}")
        if self.mode == "pseudonym" and len(os.environ.get(SECRET, "")) < MIN_SECRET:
            raise ExportError(
                f"Pseudonyms need a secret of at least {MIN_SECRET} characters in the environment variable {SECRET}. "
                "Keep it apart from the data: who has both can test guesses."
            )

    def apply(self, text: str) -> Redacted:
        """Return the text with everything replaced that is recognised."""
        if not (found := self._found(text)):
            return Redacted(text)
        parts, done = [], 0
        replacements = [Replacement(s, e, kind, self._token(kind, text[s:e])) for s, e, kind in found]
        for one in replacements:
            parts += [text[done : one.start], one.text]
            done = one.end
        return Redacted("".join([*parts, text[done:]]), tuple(replacements))

    @cached_property
    def fingerprint(self) -> str:
        """The fingerprint of what is recognised and how it is replaced; of the secret only whether it is the same."""
        rules = [
            [one.kind, one.pattern, one.check, one.case, list(one.words), list(one.regions)] for one in self.recognisers
        ]
        same = self._token("check", "the secret is the same") if self.mode == "pseudonym" else ""
        return fingerprint(rules, self.mode, list(self.columns) if self.columns is not None else None, same)

    @property
    def facts(self) -> dict[str, Any]:
        """What is recognised, for a card."""
        kinds = list(dict.fromkeys(one.kind for one in self.recognisers))
        return {
            "kinds": kinds,
            "mode": self.mode,
            "columns": list(self.columns) if self.columns is not None else "all texts",
        }

    def _found(self, text: str) -> list[tuple[int, int, str]]:
        """Return what is replaced, in order; where two overlap, the earlier recogniser's."""
        kept: list[tuple[int, int, str]] = []
        for one in self.recognisers:
            for start, end in one.find(text):
                if all(end <= other[0] or start >= other[1] for other in kept):
                    kept.append((start, end, one.kind))
        return sorted(kept)

    def _token(self, kind: str, value: str) -> str:
        if self.mode == "kind":
            return f"[{kind.upper()}]"
        plain = _SEPARATORS.sub("", value.casefold())
        digest = hmac.new(self._key, f"{kind}\0{plain}".encode(), hashlib.sha256).digest()
        return f"[{kind.upper()}-{base64.b32encode(digest).decode()[:_LETTERS]}]"

    @property
    def _key(self) -> bytes:
        return os.environ[SECRET].encode()
