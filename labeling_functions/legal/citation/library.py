"""Labeling functions that ask eyecite, which knows the reporters and courts of the United States."""

from functools import cache
from typing import Any

from wslabel.authoring import labeling_function, preprocessor
from wslabel.errors import WslabelError

from .task import Citation

LONGEST = 20_000
"""Characters that eyecite is given of a text."""
Found = tuple[tuple[int, int, str], ...]


@cache
def eyecite() -> Any:
    """Return the library, which is loaded when it is first asked."""
    try:
        import eyecite as library
    except ImportError as error:
        raise WslabelError(
            "eyecite_case and eyecite_law of legal.citation need eyecite. Install it: pip install 'wslabel[legal]'."
        ) from error
    return library


@preprocessor
def cited(text: str) -> Found:
    """Return start, end and class of the citations that eyecite finds."""
    if not any(character.isdigit() for character in text):
        return ()
    found = eyecite().get_citations(text[:LONGEST])
    return tuple((*one.span(), type(one).__name__) for one in found)


@labeling_function(
    votes=Citation.CASE_CITATION,
    fires=["Harlow v. Pemberton, 431 U.S. 209, 215 (1977)", "Cited at 97 N.E.2d 310."],
    abstains=["42 U.S.C. § 1983", "410 units at 113 dollars", "no number"],
)
def eyecite_case(cited: Found) -> list[tuple[int, int]]:
    """The library knows the reporters of the United States with their variants and years."""
    return [(start, end) for start, end, kind in cited if kind == "FullCaseCitation"]


@labeling_function(
    votes=Citation.STATUTE,
    fires=["He sued under 42 U.S.C. § 1983."],
    abstains=["431 U.S. 209", "section 8 housing"],
)
def eyecite_law(cited: Found) -> list[tuple[int, int]]:
    """The library knows how federal and state codes are cited."""
    return [(start, end) for start, end, kind in cited if kind == "FullLawCitation"]
