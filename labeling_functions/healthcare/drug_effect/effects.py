"""Effects: names of conditions, and what a drug is said to have brought about."""

import re
from collections.abc import Iterator

from wslabel.authoring import keywords, labeling_function, lexicon

from .task import DrugEffect

HEADS = "|".join(sorted(map(re.escape, lexicon("lexicons/conditions.txt")), key=len, reverse=True))
QUALITIES = "|".join(sorted(map(re.escape, lexicon("lexicons/qualities.txt")), key=len, reverse=True))
ENDINGS = (
    "itis|osis|emia|aemia|uria|penia|opathy|toxicity|algia|plegia|plasia|trophy|lysis|kinesia|phylaxis|rrhage|rrhagia"
    "|edema|oedema|spasm|cardia|tension|natremia|kalemia|cytosis|philia|stenosis|megaly"
    "|dystonia|paresis|somnia|rrhea|rrhoea"
)
FORM = r"[a-z]{2,20}(?:ic|al|ar|ary|ous|oid|tive|eal|iform)"
_LISTED = re.compile(rf"\b(?:(?:{QUALITIES})[ -]){{0,5}}(?:{HEADS})\b", re.IGNORECASE)
_ENDING = re.compile(rf"\b(?:(?:{QUALITIES})[ -]){{0,5}}[A-Za-z]{{3,25}}(?:{ENDINGS})\b", re.IGNORECASE)
_FORMED = re.compile(rf"\b(?:(?:{QUALITIES}|{FORM})[ -]){{1,5}}(?:{HEADS}|[a-z]{{3,25}}(?:{ENDINGS}))\b", re.IGNORECASE)
_STOP = (
    r"(?:in|by|with|after|during|due|following|associated|caused|is|was|were|has|have|and|or|as|from|on|for|of|to|that"
    r"|which|who|may|can)"
)
_BROUGHT = re.compile(
    rf"(?:induced|developed|experienced|caused|cause of|development of|onset of|occurrence of|complicated by)"
    rf"(?: an?| the| severe)? (?P<span>(?!{_STOP}\b|an?\b|the\b|by\b)[a-z]+(?: (?!{_STOP}\b)[a-z]+){{0,2}})"
    rf"(?= {_STOP}\b|[.,;:)]|$)",
    re.IGNORECASE,
)


@labeling_function(
    votes=DrugEffect.EFFECT, fires=["Acute renal failure after ifosfamide."], abstains=["She went home."]
)
def known_condition(text: str) -> Iterator[re.Match[str]]:
    """Names of conditions end with few words, and the words before them tell course and place."""
    yield from _LISTED.finditer(text)


@labeling_function(votes=DrugEffect.EFFECT, fires=["Bilateral blepharitis."], abstains=["She went home."])
def condition_ending(text: str) -> Iterator[re.Match[str]]:
    """Greek endings tell a disease: -itis, -emia, -penia."""
    yield from _ENDING.finditer(text)


@labeling_function(votes=DrugEffect.EFFECT, fires=["Ischemic optic neuropathy."], abstains=["She went home."])
def formed_condition(text: str) -> Iterator[re.Match[str]]:
    """An adjective in -ic, -al or -ous before a condition belongs to its name."""
    yield from _FORMED.finditer(text)


@labeling_function(
    votes=DrugEffect.EFFECT, fires=["He developed painful nodules after it."], abstains=["He developed."]
)
def brought_about(text: str) -> Iterator[tuple[int, int]]:
    """What somebody developed, or a drug induced, is the effect."""
    for found in _BROUGHT.finditer(text):
        yield found.span("span")


condition_phrase = keywords(
    "condition_phrase",
    votes=DrugEffect.EFFECT,
    any_of="lexicons/phrases.txt",
    fires=["A syndrome of inappropriate secretion of antidiuretic hormone."],
    abstains=["A loss of money."],
    doc="Some names of conditions end with a common word.",
)
