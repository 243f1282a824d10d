"""Recognisers: patterns and lists, as data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

from wslabel.errors import ExportError, suggest
from wslabel.redacting.checks import CHECKS, phone

KEYS = ("kind", "pattern", "check", "case", "needs", "words")
_KIND = re.compile(r"[a-z][a-z0-9_]*")
_DIGITS = re.compile("[0-9]")
_WORD = re.compile(r"\w+(?:['’\-]\w+)*")


@dataclass(frozen=True)
class Recogniser:
    """Something that is found in texts: by a pattern, or in a list.

    Attributes
    ----------
    kind
        What it is, in lower case: ``email``.
    pattern
        A regular expression; a group named ``it``, where there is one, is what is replaced.
    check
        The name of a check of `wslabel.redacting.checks`; empty for none.
    case
        Whether upper and lower case are told apart.
    needs
        What a text must hold for the pattern to be tried: ``digits``, or a piece of text. Saves time.
    words
        Phrases; empty for a pattern.

    Raises
    ------
    ExportError
        A pattern that is none, an unknown check, or neither a pattern nor words.
    """

    kind: str
    pattern: str = ""
    check: str = ""
    case: bool = False
    needs: str = ""
    words: tuple[str, ...] = ()
    regions: tuple[str, ...] = field(default=("US",), compare=False)

    def __post_init__(self) -> None:
        if not _KIND.fullmatch(self.kind):
            raise ExportError(f"A recogniser's kind is a word in lower case; this one is {self.kind!r}.")
        if bool(self.pattern) == bool(self.words):
            raise ExportError(f"The recogniser of {self.kind} needs either a pattern or words.")
        if self.check and self.check not in CHECKS:
            raise ExportError(f"The recogniser of {self.kind}: unknown check. {suggest(self.check, CHECKS)}")
        try:
            re.compile(self.pattern)
        except re.error as error:
            raise ExportError(f"The recogniser of {self.kind}: not a regular expression: {error}.") from None

    def find(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where it stands in a text, in characters, end exclusive."""
        if self.words:
            yield from self._listed(text)
        elif not self.needs or (_DIGITS.search(text) if self.needs == "digits" else self.needs in text):
            for match in self._compiled.finditer(text):
                start, end = match.span("it" if "it" in self._compiled.groupindex else 0)
                length = self._checked(text[start:end])
                if length:
                    yield start, start + length

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        return re.compile(self.pattern, 0 if self.case else re.IGNORECASE)

    def _checked(self, found: str) -> int:
        if self.check == "phone":
            return phone(found, self.regions)
        return CHECKS[self.check](found) if self.check else len(found)

    @cached_property
    def _phrases(self) -> dict[str, list[tuple[str, ...]]]:
        """The phrases by their first word, the longest first."""
        found: dict[str, list[tuple[str, ...]]] = {}
        for phrase in self.words:
            words = tuple(_WORD.findall(phrase if self.case else phrase.casefold()))
            if words:
                found.setdefault(words[0], []).append(words)
        return {first: sorted(set(some), key=len, reverse=True) for first, some in found.items()}

    def _listed(self, text: str) -> Iterator[tuple[int, int]]:
        places = [(match.start(), match.end()) for match in _WORD.finditer(text)]
        words = [text[start:end] if self.case else text[start:end].casefold() for start, end in places]
        at = 0
        while at < len(words):
            longest = next((len(p) for p in self._phrases.get(words[at], ()) if tuple(words[at : at + len(p)]) == p), 0)
            if longest:
                yield places[at][0], places[at + longest - 1][1]
            at += longest or 1


def builtin_kinds() -> list[str]:
    """Return the kinds that are recognised without a file of one's own.

    >>> builtin_kinds()
    ['email', 'iban', 'card', 'ssn', 'mrn', 'birth_date', 'ip', 'phone']
    """
    return list(dict.fromkeys(one.kind for one in _builtin()))


def load_recognisers(
    kinds: Sequence[str] | None = None,
    files: Iterable[str | Path] = (),
    names: Iterable[str | Path] = (),
    regions: Sequence[str] = ("US",),
) -> tuple[Recogniser, ...]:
    """Return recognisers: those of files, of lists of names, then the built-in ones.

    Parameters
    ----------
    kinds
        The built-in kinds that are wanted; None: all of them.
    files
        TOML files of tables ``[[recogniser]]`` with the keys kind, pattern, check, case, needs, words (a file).
    names
        Lists of names, one a line, ``#`` begins a comment. Upper and lower case are told apart.
    regions
        Where phone numbers without a country's number are from, as ISO 3166 codes.

    Raises
    ------
    ExportError
        An unknown kind, or a file that cannot be read, with its place.
    """
    known = builtin_kinds()
    for kind in kinds or ():
        if kind not in known:
            raise ExportError(f"There is no built-in recogniser of {kind!r}. {suggest(kind, known)}")
    own = [one for file in files for one in _from_file(Path(file))]
    listed = [Recogniser("name", words=_words(Path(file)), case=True) for file in names]
    given = [one for one in _builtin() if kinds is None or one.kind in kinds]
    return tuple(
        Recogniser(one.kind, one.pattern, one.check, one.case, one.needs, one.words, tuple(regions))
        for one in (*own, *listed, *given)
    )


@cache
def _builtin() -> tuple[Recogniser, ...]:
    return tuple(_from_file(Path(__file__).with_name("builtin.toml")))


def _from_file(file: Path) -> list[Recogniser]:
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise ExportError(f"{file}: cannot be read: {error.strerror}. Expected a file of recognisers.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ExportError(f"{file}: not valid TOML: {error}.") from None
    tables = content.get("recogniser")
    if not isinstance(tables, list) or set(content) != {"recogniser"}:
        raise ExportError(f"{file}: expected tables [[recogniser]] and nothing else.")
    return [_from_table(table, f"{file}, recogniser {number}", file) for number, table in enumerate(tables, start=1)]


def _from_table(table: Mapping[str, Any], where: str, file: Path) -> Recogniser:
    for key, value in table.items():
        if key not in KEYS:
            raise ExportError(f"{where}: unknown key {key!r}. {suggest(key, KEYS)}")
        if not isinstance(value, bool if key == "case" else str):
            raise ExportError(
                f"{where}: {key} is {value!r}; expected {'true or false' if key == 'case' else 'a text'}."
            )
    given = dict(table)
    if "words" in given:
        given["words"] = _words(file.parent / given["words"])
    try:
        return Recogniser(**{"kind": "", **given})
    except ExportError as error:
        raise ExportError(f"{where}: {error}") from None


def _words(file: Path) -> tuple[str, ...]:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise ExportError(f"{file}: cannot be read: {error}. Expected one entry a line, in UTF-8.") from None
    found = tuple(line.strip() for line in lines if line.strip() and not line.lstrip().startswith("#"))
    if not found:
        raise ExportError(f"{file} holds no entry. Expected one a line.")
    return found
