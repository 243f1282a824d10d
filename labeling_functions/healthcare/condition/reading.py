"""What the labeling functions read in an abstract: words of each area, where they stand, and how much they weigh."""

import re
from typing import NamedTuple

from wslabel.authoring import lexicon, preprocessor

LONGEST = 4000
"""Characters that are read."""
TITLE = 160
"""Characters that count as the title: abstracts of this kind begin with one, or with a sentence that says the same."""


class Found(NamedTuple):
    """Words of one area in an abstract.

    Attributes
    ----------
    terms
        How many different words.
    times
        How often they stand there, all in all.
    opening
        How many times in the title.
    """

    terms: int
    times: int
    opening: int


def words_of(*lists: tuple[str, ...]) -> re.Pattern[str]:
    """Return a pattern for the words, as whole words; ``*`` stands for any ending."""
    words = sorted({word for one in lists for word in one}, key=lambda word: (-len(word), word))
    parts = (re.escape(word).replace(r"\*", r"\w*") for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)")


AREAS = {
    "neoplasm diseases": words_of(lexicon("lexicons/neoplasm_diseases.txt")),
    "neoplasm care": words_of(lexicon("lexicons/neoplasm_care.txt")),
    "digestive diseases": words_of(lexicon("lexicons/digestive_diseases.txt")),
    "digestive organs": words_of(lexicon("lexicons/digestive_organs.txt")),
    "nervous diseases": words_of(lexicon("lexicons/nervous_diseases.txt")),
    "nervous organs": words_of(lexicon("lexicons/nervous_organs.txt")),
    "heart diseases": words_of(lexicon("lexicons/heart_diseases.txt")),
    "heart organs": words_of(lexicon("lexicons/heart_organs.txt")),
    "general conditions": words_of(lexicon("lexicons/general_conditions.txt")),
    "general care": words_of(lexicon("lexicons/general_care.txt")),
}
SYSTEMS = ("neoplasm", "digestive", "nervous", "heart")


@preprocessor
def found(text: str) -> dict[str, Found]:
    """Return what words of each area, diseases and organs apart, the abstract uses."""
    plain = re.sub(r"\s+", " ", text[:LONGEST].lower())
    return {area: _found(pattern, plain) for area, pattern in AREAS.items()}


def _found(pattern: re.Pattern[str], text: str) -> Found:
    hits = [(one.group(), one.start()) for one in pattern.finditer(text)]
    return Found(len({word for word, _ in hits}), len(hits), sum(start < TITLE for _, start in hits))


@preprocessor
def weights(found: dict[str, Found]) -> dict[str, int]:
    """Return how much the abstract speaks of each system: diseases count twice, and once more in the title."""
    return {
        system: 2 * found[diseases].times + found[others].times + 2 * found[diseases].opening + found[others].opening
        for system in SYSTEMS
        for diseases, others in [_parts(system)]
    }


def _parts(system: str) -> tuple[str, str]:
    return f"{system} diseases", "neoplasm care" if system == "neoplasm" else f"{system} organs"
