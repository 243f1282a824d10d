"""Evidence that is an absence: nothing of what makes a clause unfair is spoken of."""

import re
import tomllib
from pathlib import Path

from wslabel.authoring import labeling_function, preprocessor

from .task import Clause

LONGEST = 3000
SUBJECTS = re.compile(
    r"\b(?:liab\w+|responsib\w+|damages?|loss(?:es)?|negligen\w+|arbitra\w+|class action|jury|terminat\w+|suspen\w+|"
    r"discontinu\w+|clos(?:e|ing|ure)|cancel\w*|deactivat\w+|disabl\w+|ban(?:ned)?|revok\w+|remov\w+|delet\w+|edit|"
    r"chang\w+|modif\w+|amend\w*|updat\w+|revis\w+|alter\w*|govern\w*|laws? of|jurisdiction\w*|courts?|venue|"
    r"privacy|by (?:us|access|visit|click|brows)\w+|continu\w+|bound|refus\w+|discretion|reserves? the right|"
    r"at any time|from time to time|consent\w*|accept\w*|agree)\b"
)
POWERS = re.compile(
    r"\b(?:may|can|might|could|right|rights|discretion|entitled|reserves?|any time|time to time|not|no|nor|never|"
    r"exclud\w+|limit\w*|governed|exclusive\w*|arbitra\w+|agree\w*|accept\w*|bound|constitut\w+|result in|will|shall)\b"
)
HEADING_WORDS = 7


def _rules_of_unfairness() -> tuple[tuple[re.Pattern[str], re.Pattern[str] | None], ...]:
    """Return the patterns of rules.toml that vote for something unfair, each with what must not stand beside it."""
    rules = tomllib.loads(Path(__file__).with_name("rules.toml").read_text(encoding="utf-8"))["rule"]
    chosen = [rule for rule in rules if rule["votes"] != Clause.FAIR and "pattern" in rule and "at_least" not in rule]
    return tuple((_any(rule["pattern"]), _any(rule["none_of"]) if "none_of" in rule else None) for rule in chosen)


def _any(patterns: list[str]) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{pattern})" for pattern in patterns), re.IGNORECASE)


UNFAIR = _rules_of_unfairness()


@preprocessor
def clause(text: str) -> str:
    """Return the clause in lower case, with plain quotes and single spaces."""
    return re.sub(r"\s+", " ", text[:LONGEST].lower().replace("’", "'")).strip()


@labeling_function(
    votes=Clause.FAIR,
    fires=["Orchard was founded in 2011 by two gardeners.", "The catalogue lists forty kinds of pears."],
    abstains=["We may change the catalogue.", "Orchard is not liable for bruised pears."],
)
def no_subject_of_unfairness(clause: str) -> Clause | None:
    """None of the subjects is touched that consumer law looks at: liability, change, law, court, consent."""
    return None if SUBJECTS.search(clause) else Clause.FAIR


@labeling_function(
    votes=Clause.FAIR,
    fires=["The courts are closed on Sunday.", "The damages of the storm were listed in June."],
    abstains=["The courts of Oslo may decide.", "Pears are sold by the crate, and nobody shall complain."],
)
def subject_without_power(clause: str) -> Clause | None:
    """A subject of consumer law is named, and no power, exclusion or consent goes with it."""
    return Clause.FAIR if SUBJECTS.search(clause) and not POWERS.search(clause) else None


@labeling_function(
    votes=Clause.FAIR,
    fires=["You may change your password whenever you like.", "Some states do not allow the exclusion of warranties."],
    abstains=["We may change these terms at any time."],
)
def no_rule_of_unfairness_speaks(text: str) -> Clause | None:
    """Nine of ten sentences of terms are fair, and what no rule of rules.toml finds unfair most likely is."""
    text = text[:LONGEST]
    found = any(rule.search(text) and not (unless and unless.search(text)) for rule, unless in UNFAIR)
    return None if found else Clause.FAIR


@labeling_function(
    votes=Clause.FAIR,
    fires=["14. Limitation of Liability", "Governing law"],
    abstains=["Orchard is not liable for anything at all, ever, anywhere."],
)
def heading(clause: str) -> Clause | None:
    """A heading of a few words has no verb and does nothing by itself."""
    return Clause.FAIR if len(re.findall(r"[a-z]+", clause)) <= HEADING_WORDS and not clause.endswith(".") else None


USER_ACTS = re.compile(
    r"(?:^|[,;:(] ?|\b(?:if|when|that|where|and|or|unless|because|then) )you(?:'ll|'re|'ve)?(?: \w+)? (?:can|may|"
    r"could|must|should|"
    r"want|wish|choose|have|need|decide|do|don't|are|will|receive|buy|purchase|order|book|pay|cancel|change|delete|"
    r"remove)\b"
)
PROVIDER_POWER = re.compile(
    r"\b(?:we|[a-z]+) (?:reserves?|retains?|may|might)\b|\bdiscretion\b|\bnot (?:be )?(?:liable|responsible)\b|"
    r"\b(?:no|any) (?:liability|responsibility)\b|\b(?:by|continu\w+) (?:using|use|accessing)\b|\barbitration\b|"
    r"\bgoverned by\b|\bcourts? (?:of|in|located)\b|\bexclusive\b|\bdamages\b|\bbound\b|\bterminated\b|\bprivacy\b"
)
PROMISE = re.compile(
    r"\b(?:we|our \w+)(?: will|'ll| shall| undertake to| aim to| try to| strive to)(?: \w+)? (?:notify|inform|tell|"
    r"let you|"
    r"provide|send|give|refund|reply|respond|help|ask|use reasonable|email|contact|explain|protect|make|offer|pay|"
    r"process|"
    r"deliver|reimburse|credit|show|confirm|work|keep|treat|announce|publish|post)\b"
)


@labeling_function(
    votes=Clause.FAIR,
    fires=["If you cancel the order within a day, nothing is charged."],
    abstains=["If you cancel the order, we may close the account.", "The order was cancelled."],
)
def user_is_the_actor(clause: str) -> Clause | None:
    """It is the user who acts, and no power of the provider goes with it."""
    return Clause.FAIR if USER_ACTS.search(clause) and not PROVIDER_POWER.search(clause) else None


@labeling_function(
    votes=Clause.FAIR,
    fires=["We will notify you a month before the change."],
    abstains=["We may notify you.", "We will provide the service, and we may stop it at any time."],
)
def provider_promises(clause: str) -> Clause | None:
    """The provider binds itself to something, and takes no power with it."""
    return Clause.FAIR if PROMISE.search(clause) and not PROVIDER_POWER.search(clause) else None


@labeling_function(
    votes=Clause.FAIR,
    fires=["How can I close my account?", "You agree that you will not:"],
    abstains=["We may close your account if:", "Accounts are closed on request."],
)
def question_or_opening(clause: str) -> Clause | None:
    """A question, or the opening of a list about the user, decides nothing by itself."""
    opening = clause.endswith(":") and not re.search(r"\b(?:we|our|liab\w+|not responsible)\b", clause)
    return Clause.FAIR if clause.endswith("?") or opening else None
