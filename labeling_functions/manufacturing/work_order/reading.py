"""What the labeling functions read in a work order: its words, each with what it is by the word lists."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from wslabel.authoring import lexicon, preprocessor


class Piece(NamedTuple):
    """A word, or a phrase of a word list, in the text.

    Attributes
    ----------
    start, end
        Where it stands, in characters, end exclusive.
    text
        As it is written, in lower case.
    kind
        ``activity``, ``state``, ``process``, ``property``, ``other`` by the word lists; ``mark`` for signs, numbers
        and placeholders; "" for a word of no list.
    """

    start: int
    end: int
    text: str
    kind: str


def plural(word: str) -> tuple[str, ...]:
    """Return the word with its plural."""
    if word.endswith("y") and word[-2:-1] not in "aeiou":
        return (word, f"{word[:-1]}ies")
    return (word, f"{word}es" if word.endswith(("s", "x", "ch", "sh")) else f"{word}s")


LISTS = {
    "activity": lexicon("lexicons/activities.txt"),
    "state": lexicon("lexicons/states.txt"),
    "process": lexicon("lexicons/processes.txt"),
    "property": lexicon("lexicons/properties.txt"),
    "other": lexicon("lexicons/other_words.txt"),
}
KINDS = {phrase.lower(): kind for kind, phrases in reversed(LISTS.items()) for phrase in phrases}
HEADS = frozenset(form for head in lexicon("lexicons/heads.txt") for form in plural(head.lower()))
MODIFIERS = frozenset(word.lower() for word in lexicon("lexicons/modifiers.txt"))
MATERIALS = frozenset(word.lower() for word in lexicon("lexicons/materials.txt"))
ASSEMBLIES = frozenset(form for name in lexicon("lexicons/assemblies.txt") for form in plural(name.lower()))
BOUND = frozenset(form for word in ("cylinder", "motor", "box", "rope", "shaft", "belt") for form in plural(word))
"""Parts that are called by the assembly they move or turn: a steering cylinder is one thing."""
NAMED_FAULT = (
    r"(?:(?:low|high|over|under|electrical|mechanical|hydraulic|temperature|pressure|power|supply|charg(?:e|ing)|ground|"
    r"earth|shutdown|alarm|boost|fuel|speed|slip(?:ping)?|voltage|intermittent|communication|overload|overcharge|"
    r"overstroke|level|logic box|tray up|v|volt|<num>) )+(?:fault|error|alarm)s?"
)
TRADE_WORK = (
    r"(?:electrical|mechanical|statutory|annual|weekly|visual|thickness|structural) (?:inspection|service|check|test)s?"
)
WORD = r"[a-z]\w*(?:[-'/.][a-z]\w*)*"


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern of the phrases, the longest first."""
    return "|".join(re.escape(one) for one in sorted(phrases, key=lambda one: (-len(one), one)))


PIECE = re.compile(
    rf"(?P<state>(?<!\w){NAMED_FAULT}(?!\w))|(?P<activity>(?<!\w){TRADE_WORK}(?!\w))"
    rf"|(?P<list>(?<!\w)(?:{any_of(KINDS)})(?![\w-]))|(?P<word>{WORD})|(?P<mark><\w+>|\d[\d.,]*|[^\w\s]|\w)"
)
KIND_OF_GROUP = {"state": "state", "activity": "activity", "mark": "mark", "word": ""}
LONGEST = 2000
"""Characters that are read: a work order's text is short."""


@preprocessor
def pieces(text: str) -> tuple[Piece, ...]:
    """Return the words and phrases of the text in order."""
    low = text[:LONGEST].lower()
    if len(low) != len(text[:LONGEST]):  # a letter that becomes two would move all that follow
        low = text[:LONGEST]
    found = []
    for match in PIECE.finditer(low):
        kind = KINDS[match[0]] if match.lastgroup == "list" else KIND_OF_GROUP[str(match.lastgroup)]
        found.append(Piece(match.start(), match.end(), match[0], kind))
    return tuple(found)


@preprocessor
def runs(pieces: tuple[Piece, ...]) -> tuple[tuple[Piece, ...], ...]:
    """Return what may be names of parts: neighbouring words of no list, or of a kind that parts are named by."""
    found: list[list[Piece]] = [[]]
    for at, piece in enumerate(pieces):
        inside = piece.kind == "" or (piece.text in MODIFIERS | HEADS and _names_part(pieces, at, bool(found[-1])))
        if inside and (not found[-1] or piece.start - found[-1][-1].end <= 1):
            found[-1].append(piece)
        elif found[-1]:
            found.append([piece] if inside else [])
    return tuple(tuple(part) for run in found if run for part in _parted(run))


def _parted(run: list[Piece]) -> list[list[Piece]]:
    """Part the words behind the names of assemblies, of one word or two, but where a bound part follows."""
    parts: list[list[Piece]] = [[]]
    for at, piece in enumerate(run):
        parts[-1].append(piece)
        words = [one.text for one in parts[-1]]
        stands_alone = words[-1] in ASSEMBLIES or " ".join(words[-2:]) in ASSEMBLIES
        following = [one.text for one in run[at + 1 : at + 3]]
        bound = following[:1] and (following[0] in BOUND or (following[0] in MODIFIERS and following[-1] in BOUND))
        if stands_alone and following and not bound:
            parts.append([])
    return parts


def _names_part(pieces: tuple[Piece, ...], at: int, within: bool) -> bool:
    """Tell whether a word that is also a verb or a quality stands in the name of a part here."""
    following = pieces[at + 1] if at + 1 < len(pieces) else None
    leads = following is not None and (following.kind == "" or following.text in MODIFIERS) and following.text in HEADS
    return leads or (within and pieces[at].text in HEADS)
