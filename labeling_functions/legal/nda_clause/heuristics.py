"""Evidence that is an absence: a clause that touches none of the points, and the boilerplate around them."""

import re
import tomllib
from pathlib import Path

from wslabel.authoring import labeling_function, preprocessor

from .task import Clause

LONGEST = 3000
HEADING_WORDS = 7
SUBJECTS = re.compile(
    r"\b(?:confiden\w+|proprietary|secre\w+|information|disclos\w+|licen[cs]e\w*|propert(?:y|ies)|surviv\w+|years?|"
    r"cop(?:y|ies)|"
    r"return\w*|destr\w+|retain\w*|solicit\w*|hire|compet(?:e|ing)|employees?|personnel|engineer\w*|independent\w*|"
    r"third part(?:y|ies)|source|discussions|negotiations|mark(?:ed|ing)|oral(?:ly)?|purposes?|compelled|subpoena\w*|"
    r"release)\b"
)
BOILERPLATE = re.compile(
    r"\b(?:govern\w*|jurisdiction|courts? of|venue|arbitrat\w+|counterparts?|facsimile|entire agreement|supersed\w+|"
    r"amend\w*|"
    r"modif\w+|waive[rd]?|severab\w+|invalid|unenforceable|assign\w*|successors|injuncti\w+|specific performance|"
    r"equitable relief|irreparable|remed(?:y|ies)|damages|indemnif\w+|attorneys['’]? fees|notices? (?:shall|must|"
    r"will|under)|"
    r"headings?|construed|warrant(?:y|ies)|representations?|partnership|joint venture|agency relationship|third party "
    r"beneficiar\w+|export|insider|securities laws?|in witness whereof|whereas|by and between|"
    r"authori[sz]ed representative|"
    r"signature|executed|effective date|hereinafter|force majeure|privilege\w*|definitive agreement|no obligation to)\b"
)
PUBLIC = re.compile(
    r"\b(?:public(?:ly)? (?:domain|available|known)|generally (?:available|known)|public knowledge|in the public)\b|"
    r"\b(?:was|is|were) (?:already |rightfully |lawfully )?(?:known|in (?:the|its) possession)\b"
)
CARE = re.compile(
    r"\b(?:same (?:degree|standard) of care|reasonable (?:degree of )?(?:care|precautions|measures)|safeguard\w*|"
    r"strict(?:est)? confiden\w+|hold (?:it |them |all |such |the )?(?:\w+ ){0,3}in (?:strict )?confidence|"
    r"keep (?:\w+ ){0,4}confidential|"
    r"liable for|responsible for any breach|cause (?:its|their) (?:\w+ )?(?:employees|representatives)|"
    r"unauthori[sz]ed)\b"
)


def _points() -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]:
    """Return the patterns of rules.toml, each with what must not stand beside it; counts and pairs are left out."""
    rules = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))["rule"]
    plain = [rule for rule in rules if "pattern" in rule and "at_least" not in rule]
    return tuple((_any(rule["pattern"]), _any(rule["none_of"]) if "none_of" in rule else None) for rule in plain)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


POINTS = _points()


@preprocessor
def decides_a_point(text: str) -> bool:
    """Tell whether a rule of rules.toml finds one of the points decided."""
    text = text[:LONGEST]
    return any(point.search(text) and not (unless and unless.search(text)) for point, unless in POINTS)


@labeling_function(
    votes=Clause.OTHER,
    fires=["The parties shall meet in Bergen.", "The tender is read in the library."],
    abstains=["Information is used solely for the purpose of the tender."],
)
def no_rule_finds_a_point(*, decides_a_point: bool) -> Clause | None:
    """Most clauses of an NDA decide none of the points, and what no rule finds most likely is one of them."""
    return None if decides_a_point else Clause.OTHER


@labeling_function(
    votes=Clause.OTHER,
    fires=["The parties shall meet in Bergen.", "Notices go to the address above."],
    abstains=["Employees may be told.", "It survives."],
)
def no_subject_of_secrecy(text: str) -> Clause | None:
    """Neither information nor what may be done with it is spoken of."""
    return None if SUBJECTS.search(text[:LONGEST].lower()) else Clause.OTHER


@labeling_function(
    votes=Clause.OTHER,
    fires=["This Agreement shall be governed by the law of Norway.", "WHEREAS the parties wish to build a bridge;"],
    abstains=["The Information shall be returned.", "Amendments survive termination for three years."],
)
def boilerplate_only(text: str, *, decides_a_point: bool) -> Clause | None:
    """Law, courts, remedies, recitals, signatures: what stands in every contract, and none of the points."""
    return Clause.OTHER if BOILERPLATE.search(text[:LONGEST].lower()) and not decides_a_point else None


@labeling_function(
    votes=Clause.OTHER,
    fires=["(a) is or becomes publicly known through no fault of the recipient;"],
    abstains=["(b) is received from a third party who is free to disclose it, and is publicly known;"],
)
def public_or_known_before(text: str, *, decides_a_point: bool) -> Clause | None:
    """What is public or was known before is free in every NDA; none of the points is about it."""
    return Clause.OTHER if PUBLIC.search(text[:LONGEST].lower()) and not decides_a_point else None


@labeling_function(
    votes=Clause.OTHER,
    fires=["Each party shall use the same degree of care as for its own secrets."],
    abstains=["It shall be kept confidential for a period of three years from receipt."],
)
def duty_of_care(text: str, *, decides_a_point: bool) -> Clause | None:
    """How carefully the secret is to be kept says neither for what use nor from whom."""
    return Clause.OTHER if CARE.search(text[:LONGEST].lower()) and not decides_a_point else None


@labeling_function(
    votes=Clause.OTHER,
    fires=["3. Return of Information", "MUTUAL NONDISCLOSURE AGREEMENT", "Fjord Timber AS"],
    abstains=["The recipient shall return all of the documents at once."],
)
def heading_or_name(text: str) -> Clause | None:
    """A heading, a name or a line to sign has no verb and decides nothing by itself."""
    words = re.findall(r"[A-Za-z]+", text)
    return (
        Clause.OTHER
        if len(words) <= HEADING_WORDS and not re.search(r"\b(?:shall|will|may|not|is|are)\b", text)
        else None
    )
