"""What the labeling functions read: the sentence with its drugs and harms marked."""

import re
from collections.abc import Iterable

from wslabel.authoring import lexicon, preprocessor

WORD = re.compile(r"[a-z][a-z0-9]*(?:['’][a-z]+)?")
STEMS = tuple(lexicon("lexicons/stems.txt"))
HARM_ENDINGS = tuple(lexicon("lexicons/harm_endings.txt"))
BEGINNINGS = ("cef", "ceph", "sulfa", "sulpha")
"""Drug families that share the beginning of their names: cephalosporins and sulphonamides."""
NOT_DRUGS = frozenset(lexicon("lexicons/not_drugs.txt"))
NOT_HARMS = frozenset(lexicon("lexicons/not_harms.txt"))
LONGEST = 1000
"""Characters that are read: the unit is a sentence."""
SHORTEST_NAME = 3
"""Letters that stand before a stem in a drug's name, at least."""


def any_phrase(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return a pattern for one of the phrases, as whole words, the longest first."""
    longest_first = sorted(set(phrases), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")


INDICATION = any_phrase(lexicon("lexicons/indications.txt"))
DRUG = any_phrase(lexicon("lexicons/drugs.txt"))
HARM = any_phrase(lexicon("lexicons/harms.txt"))


@preprocessor
def marked(text: str) -> str:
    """Return the sentence in lower case with DRUG, HARM and DISEASE (what drugs are given for) in place of names.

    A drug is known by name or by the stem of its name, harm by name or by its Greek or Latin ending:
    ``Linezolid-induced pancytopenia in tuberculosis`` is ``DRUG-induced HARM in DISEASE``.
    """
    text = re.sub(r"\s+", " ", text[:LONGEST].lower()).strip()
    text = INDICATION.sub("DISEASE", text)
    text = DRUG.sub("DRUG", text)
    text = HARM.sub("HARM", text)
    return WORD.sub(_by_ending, text)


def _by_ending(found: re.Match[str]) -> str:
    word = found.group()
    singular = word.removesuffix("s") if word.endswith("ns") or word.endswith("es") else word
    if singular not in NOT_DRUGS and (_ends(singular, STEMS) or singular.startswith(BEGINNINGS)):
        return "DRUG"
    return "HARM" if word not in NOT_HARMS and _ends(word, HARM_ENDINGS) else word


def _ends(word: str, endings: tuple[str, ...]) -> bool:
    return len(word) >= SHORTEST_NAME + 3 and word.endswith(endings)
