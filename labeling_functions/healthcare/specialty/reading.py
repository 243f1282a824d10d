"""What the labeling functions read in a note: its head, its sections, and how much of it each specialty's words are."""

import math
import re
from collections import Counter

from wslabel.authoring import preprocessor, table

LONGEST = 12_000
"""Characters that are read."""
HEAD = 350
"""Characters in which a transcription states its diagnoses, its procedure or its complaint."""
TELLING, USUAL = 3.0, 1.0
"""The weight of a term that is seldom used outside the specialty, and of one that is shared."""

TERMS = table("knowledge/terms.csv")
HOMES = Counter(row["term"] for row in TERMS)
"""In how many specialties a term is listed: it counts less where it has many homes."""
WEIGHTS: dict[str, list[tuple[str, float]]] = {}
for _row in TERMS:
    _weight = (TELLING if _row["type"] == "telling" else USUAL) / HOMES[_row["term"]]
    WEIGHTS.setdefault(_row["term"], []).append((_row["specialty"], _weight))
PLAIN = sorted((term for term in WEIGHTS if not term.endswith("*")), key=lambda term: (-len(term), term))
BEGUN = sorted((term[:-1] for term in WEIGHTS if term.endswith("*")), key=lambda term: (-len(term), term))
TERM = re.compile(
    rf"(?<!\w)(?:(?P<plain>{'|'.join(map(re.escape, PLAIN))})(?!\w)|(?P<begun>{'|'.join(map(re.escape, BEGUN))})\w*)"
)


@preprocessor
def note(text: str) -> str:
    """Return the note in lower case with single spaces."""
    return re.sub(r"\s+", " ", text[:LONGEST].lower()).strip()


@preprocessor
def head(note: str) -> dict[str, float]:
    """Return the weight of each specialty in the head of the note."""
    return _weights(note[:HEAD])


@preprocessor
def whole(note: str) -> dict[str, float]:
    """Return the weight of each specialty in the whole note; a term that is repeated counts with its logarithm."""
    return _weights(note)


def _weights(text: str) -> dict[str, float]:
    terms = Counter(_term(found) for found in TERM.finditer(text))
    weights: dict[str, float] = {}
    for term, times in terms.items():
        for specialty, weight in WEIGHTS[term]:
            weights[specialty] = weights.get(specialty, 0.0) + weight * (1 + math.log(times))
    return weights


def _term(found: re.Match[str]) -> str:
    return found["plain"] or found["begun"] + "*"


def leader(weights: dict[str, float], least: float, lead: float) -> str | None:
    """Return the specialty that weighs most, where it weighs enough and leads the next by this factor."""
    if not weights:
        return None
    ranked = sorted(weights.items(), key=lambda one: (-one[1], one[0]))
    second = ranked[1][1] if len(ranked) > 1 else 0.0
    name, weight = ranked[0]
    return name if weight >= least and weight >= lead * second else None
