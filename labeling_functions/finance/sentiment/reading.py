"""What the labeling functions read in a sentence: plain text, moves of financial items, two figures compared."""

import re
from collections.abc import Iterable
from typing import NamedTuple

from wslabel.authoring import lexicon, preprocessor, table


class Move(NamedTuple):
    """A financial item going up or down.

    Attributes
    ----------
    item
        The id of the item in knowledge/financial_items.csv; "" where the clause names none.
    up
        Whether it goes up.
    good
        Whether that is good news: sales up, costs down. None for an item that is neither good nor bad.
    """

    item: str
    up: bool
    good: bool | None


class Comparison(NamedTuple):
    """A figure and the earlier one it is compared with; losses count as negative figures.

    Attributes
    ----------
    item
        The id of the item that both figures measure.
    later, earlier
        The figures.
    more_is_good
        Whether an investor wants the figure high: false of costs and debt.
    """

    item: str
    later: float
    earlier: float
    more_is_good: bool


class Amount(NamedTuple):
    """A number in the text, with its currency or per cent sign, its scale, and where it stands."""

    start: int
    end: int
    value: float
    measure: str
    scale: float


def any_phrase(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for one of the phrases, as whole words, the longest first."""
    longest_first = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w-])")


ITEM_IDS = {row["alias"]: row["id"] for row in table("knowledge/financial_items.csv")}
ITEM_TYPES = {row["alias"]: row["type"] for row in table("knowledge/financial_items.csv")}
ITEM = any_phrase(ITEM_IDS)
HINTS = any_phrase(
    [
        *lexicon("lexicons/approval.txt"),
        *lexicon("lexicons/betterment.txt"),
        *lexicon("lexicons/trouble.txt"),
        *lexicon("lexicons/staff_cuts.txt"),
        *("leading", "leader", "loss", "losses", "negative"),
    ]
)
GAINS = any_phrase(lexicon("lexicons/gains.txt"))
ORDER_RECEIVED = re.compile(r"\breceived .{0,80}\borders?\b")
RISING = any_phrase(lexicon("lexicons/rising.txt"))
FALLING = any_phrase(lexicon("lexicons/falling.txt"))
# "Up" and "down" speak of a quantity only beside a figure ("up 4 %", "down from EUR 2 mn") or a form of "be".
FIGURE_AHEAD = (
    r"(?= (?:\w+ly |by |from |to |on )?(?:the |a |an )?(?:level|year|loss|profit|[\d$€£]|eur|usd|gbp|sek|from|at))"
)
ALWAYS_GOOD = re.compile(r"improv\w+|better|stronger|strengthened|recover\w*")
ALWAYS_BAD = re.compile(r"worse\w*|weak\w+|deteriorat\w+")
UP = re.compile(rf"\bup{FIGURE_AHEAD}|\b(?:was|were|is|are|be|stands) up\b|(?:(?<=% )|(?<=percent ))more than\b")
DOWN = re.compile(
    rf"\bdown{FIGURE_AHEAD}|\b(?:was|were|is|are|be|stands) down\b|(?:(?<=% )|(?<=percent ))(?:less|fewer) than\b"
)
CLAUSE_END = re.compile(
    r"[;!?]|[,.] (?=while|but|although|whereas|despite|however)|\b(?:while|whereas|although)\b|\. (?=[a-z])"
)
NEGATED = re.compile(r"(?:\b(?:not|no|never|without|neither|nor)\b|n't)(?: \w+){0,2} $")
DESCRIBES_WHAT_FOLLOWS = re.compile(
    r"(?:high|low|strong|weak|bett|brisk|small|narrow)er|worse|record|highest|lowest|\w+ing|raised|reduced|lowered|increased|improved"
)
TURNED_TO_PROFIT = re.compile(
    r"\b(?:swung|turned|returned|returns|return|back)\b.{0,40}? (?:in)?to "
    r"(?:an? |the )?(?:[\w.$€£]+ ){0,5}?profit(?:ability)?\b"
)
TO_LOSS = re.compile(r" (?:in)?to (?:an? |the )?(?:[\w-]+ ){0,2}loss\b")
HAS_OBJECT = re.compile(r" (?:in|its|their|our) ")
AHEAD = re.compile(r" (?:in |of )?(?:\w[\w'-]* ){0,3}?$")

CURRENCY = r"eur|euros?|usd|gbp|sek|dkk|nok|chf|rub|us\$|[$€£]"
SCALES = {
    "thousand": 1e3,
    "k": 1e3,
    "m": 1e6,
    "mn": 1e6,
    "mln": 1e6,
    "million": 1e6,
    "bn": 1e9,
    "bln": 1e9,
    "billion": 1e9,
}
AMOUNT = re.compile(
    rf"(?:(?P<before>{CURRENCY}) ?)?(?P<minus>-)?(?<![\w.])(?P<number>\d[\d,]*(?:\.\d+)?)"
    rf"(?: ?(?P<scale>{'|'.join(SCALES)})(?!\w))?(?: ?(?P<after>{CURRENCY}|%|percent|per cent|pct)(?!\w))?".replace(
        r"(?<![\w.])", r"(?<![\d.])"
    )
)
YEAR = re.compile(r"(?:19|20)\d\d")
COMPARED = re.compile(
    r"\b(?:(?:as |when )?compared (?:to|with)|versus|vs\.?|against|(?:up |down |rising |falling )?from)\b"
    r"|, (?:while|and) (?:a|one) year (?:earlier|ago|before)\b"
)
BRACKET = re.compile(r" \(([+-]?(?!(?:19|20)\d\d\))\d[\d,]*(?:\.\d+)?)\)")
APART = re.compile(r"\bwhile\b|;")
RANGE = re.compile(r"\brang\w+(?: of [\w ]{1,30})? $")
TO_AMOUNT = re.compile(r" to (?:\w+ )?$")


LONGEST = 4000
"""Characters that are read."""


@preprocessor
def plain(text: str) -> str:
    """Return the text in lower case without the gaps of tokenised newswire: ``EUR0 .05 ,`` is ``eur0.05,``.

    The unit is a sentence: of a longer text the beginning is read.
    """
    text = re.sub(r"\s+", " ", text[:LONGEST].lower()).strip()
    text = re.sub(r"(\d) ([.,]\d)", r"\1\2", text)
    return re.sub(r" ([,.;:%)!?]|'s\b|n't\b)", r"\1", text).replace("( ", "(")


@preprocessor
def moves(plain: str) -> tuple[Move, ...]:
    """Return the moves of financial items that the text reports or expects, clause by clause."""
    found: list[Move] = []
    for clause in CLAUSE_END.split(plain):
        items = list(ITEM.finditer(clause))
        for pattern, up in ((RISING, True), (UP, True), (FALLING, False), (DOWN, False)):
            for move in pattern.finditer(clause):
                if not NEGATED.search(clause[: move.start()]):
                    found.append(_move(clause, move, up, items))
    return tuple(dict.fromkeys(found))


@preprocessor
def comparison(plain: str) -> Comparison | None:
    """Return the first pair of figures that the text sets against each other, with the item they measure."""
    text = re.sub(r" ?\([^)]*\)", "", plain)
    amounts = [amount for amount in map(_amount, AMOUNT.finditer(text)) if amount is not None]
    for word in COMPARED.finditer(text):
        pair = _pair(text, word, amounts)
        if pair is not None:
            return pair
    return _bracketed(plain)


@preprocessor
def changes(moves: tuple[Move, ...], comparison: Comparison | None) -> bool:
    """Tell whether the text reports a change that an investor finds good or bad."""
    return comparison is not None or any(move.good is not None for move in moves)


@preprocessor
def hints(plain: str) -> tuple[str, ...]:
    """Return the words of approval, betterment, trouble, staff cuts and losses in the text."""
    return tuple(HINTS.findall(plain))


@preprocessor
def gains(plain: str) -> tuple[str, ...]:
    """Return the words of business that the company has won."""
    return (*GAINS.findall(plain), *ORDER_RECEIVED.findall(plain))


def _move(clause: str, move: re.Match[str], up: bool, items: list[re.Match[str]]) -> Move:
    """Return the move with its item: the one it describes ("higher costs"), its subject, or its object."""
    if TO_LOSS.match(clause, move.end()):  # "slipped to a loss" is no smaller loss
        return Move("profit", up=False, good=False)
    ahead = [item for item in items if item.start() >= move.end()]
    behind = [item for item in items if item.end() <= move.start()]
    near = [item for item in ahead if AHEAD.fullmatch(clause[move.end() : item.start()])]
    describes = DESCRIBES_WHAT_FOLLOWS.fullmatch(move[0]) or HAS_OBJECT.match(clause, move.end())
    item = near[0][0] if near and (describes or not behind) else behind[-1][0] if behind else ""
    kind = ITEM_TYPES.get(item, "good_up")
    good = None if kind == "either_way" else up == (kind == "good_up")
    if ALWAYS_GOOD.fullmatch(move[0]) or ALWAYS_BAD.fullmatch(move[0]):
        good = up
    return Move(ITEM_IDS.get(item, ""), up, good)


def _amount(found: re.Match[str]) -> Amount | None:
    """Return the amount, or None for a year."""
    measure = found["before"] or found["after"] or ""
    if not measure and not found["scale"] and YEAR.fullmatch(found["number"]):
        return None
    if measure in ("percent", "per cent", "pct"):
        measure = "%"
    measure = {"euro": "eur", "euros": "eur", "€": "eur", "us$": "usd", "$": "usd", "£": "gbp"}.get(measure, measure)
    value = float(found["number"].replace(",", "")) * (-1 if found["minus"] else 1)
    return Amount(found.start(), found.end(), value, measure, SCALES.get(found["scale"] or "", 1.0))


def _bracketed(plain: str) -> Comparison | None:
    """Return a figure and the earlier one in brackets behind it, as Nordic reports write: ``EUR 5.2 million (4.1)``."""
    for found in AMOUNT.finditer(plain):
        bracket = BRACKET.match(plain, found.end())
        later = _amount(found)
        items = ITEM.findall(plain[: found.start()])
        if bracket and later and later.measure and items and ITEM_TYPES[items[-1]] != "either_way":
            earlier = float(bracket[1].replace(",", "")) * later.scale
            names_loss = ITEM_IDS[items[-1]] == "loss"
            sign = -1 if names_loss and later.value > 0 else 1
            more_is_good = names_loss or ITEM_TYPES[items[-1]] == "good_up"
            now = sign * later.value * later.scale
            return Comparison(ITEM_IDS[items[-1]], now, sign * earlier, more_is_good)
    return None


def _pair(text: str, word: re.Match[str], amounts: list[Amount]) -> Comparison | None:
    """Return the figures on both sides of a word that compares; of "from A to B" the two that follow it."""
    after = [amount for amount in amounts if 0 <= amount.start - word.end() <= 60]
    if not after or (word[0].endswith("from") and after[0].start - word.end() > 30):
        return None
    earlier = after[0]
    before = [amount for amount in amounts if amount.end <= word.start() and amount.measure == earlier.measure]
    if word[0] == "from" and len(after) > 1 and TO_AMOUNT.search(text[earlier.end : after[1].start]):
        later, subject = after[1], text[: word.start()]
    elif before:
        later, subject = before[-1], text[: before[-1].start]
    else:
        return None
    items = ITEM.findall(subject)
    if APART.search(text, later.end, word.start()) or RANGE.search(text[: word.start()]):
        return None
    if not items or ITEM_TYPES[items[-1]] == "either_way":
        return None
    then = text[word.end() : earlier.start]
    names_loss = ITEM_IDS[items[-1]] == "loss"
    is_loss = names_loss or "negative" in subject[-15:]
    was_loss = "loss" in then or "negative" in then or (names_loss and "profit" not in then and "positive" not in then)
    scale = earlier.scale if earlier.scale > 1 or earlier.value >= 1000 else later.scale
    now, past = abs(later.value) * later.scale, abs(earlier.value) * scale
    more_is_good = ITEM_TYPES[items[-1]] == "good_up" or is_loss
    return Comparison(
        ITEM_IDS[items[-1]],
        -now if is_loss or later.value < 0 else now,
        -past if was_loss or earlier.value < 0 else past,
        more_is_good,
    )
