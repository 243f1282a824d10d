"""Pieces of patterns that several labeling functions use."""

from collections.abc import Iterable
from re import escape

from wslabel.authoring import lexicon


def any_of(phrases: Iterable[str]) -> str:
    """Return a pattern of the phrases, the longest first."""
    return "|".join(escape(one) for one in sorted(phrases, key=lambda one: (-len(one), one)))


REPORTERS = any_of(lexicon("lexicons/reporters.txt"))
COURTS = lexicon("lexicons/courts.txt")
LAWS = any_of(lexicon("lexicons/laws.txt"))

_SHORTENED = r"(?:Co|Corp|Inc|Ltd|Bros|Ass'n|Dep't|Ry|Mfg|Int'l|St|Dr|Mr|Mrs|Jr|Sr|[A-Z])\."
_WORD = rf"(?:{_SHORTENED}|[A-Z][\w'’-]*)"
_OPENING = r"(?!(?:In|See|Compare|But|The|As|Its|Under|Both|Following|Accord|Cf|We|When|Citing|Re) )"
PARTY = (
    rf"{_WORD}(?:(?: | & | of (?:the )?| and | for | ex rel\. |, (?=Inc|Ltd|LLC|L\.P\.|Co\b)){_WORD}){{0,8}}"
    r"(?: No\. \d+| plc| AB| AG| GmbH)?"
)
VERSUS = rf"\b{_OPENING}{PARTY} (?:v|vs|c)\.? {PARTY}"
STYLED = rf"\b(?:In re|In the Matter of|Matter of|Ex parte|Re) {PARTY}(?: \([A-Z][\w ]+\))?"

SECTION = r"\d+[A-Za-z]{0,2}(?:[.:-]\d+[a-z]?)*(?:\(\w{1,4}\))*"
PROVISION = (
    rf"(?:[Ss]ections?|[Ss]s?\.?|§{{1,2}}|[Aa]rticles?|[Aa]rts?\.|Rules?|Reg(?:ulation|\.)|Title|Chapter) "
    rf"(?:{SECTION}|[IVX]+)"
)

_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|June?\.?|July?\.?|Aug(?:ust|\.)?|Sept?(?:ember|\.)?"
    r"|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?|Januar|Februar|März|Mai|Juni|Juli|Oktober|Dezember|janvier|février"
    r"|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre)"
)
DATE = rf"(?:\d{{1,2}}\.? {_MONTH} \d{{4}}|{_MONTH} \d{{1,2}}, \d{{4}}|\d{{1,2}}\.\d{{1,2}}\.\d{{4}}|\d{{4}}-\d\d-\d\d)"
