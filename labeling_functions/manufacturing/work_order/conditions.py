"""Labeling functions about work, condition, process and property."""

from wslabel.authoring import labeling_function, regex

from .reading import Piece
from .task import Entity

Spans = list[tuple[int, int]]


def of_kind(pieces: tuple[Piece, ...], runs: tuple[tuple[Piece, ...], ...], kind: str) -> Spans:
    """Return where phrases of a list stand, but for those within the name of a part."""
    inside = {piece.start for run in runs for piece in run}
    return [(piece.start, piece.end) for piece in pieces if piece.kind == kind and piece.start not in inside]


@labeling_function(
    votes=Entity.ACTIVITY,
    fires=["change out starter", "2000 hour service", "inspection of boom"],
    abstains=["drain plug missing", "starter broken"],
)
def names_work(pieces: tuple[Piece, ...], runs: tuple[tuple[Piece, ...], ...]) -> Spans:
    """The verbs and nouns of maintenance are few, and the same in all plants."""
    return of_kind(pieces, runs, "activity")


work_comes_first = regex(
    "work_comes_first",
    votes=Entity.ACTIVITY,
    pattern=r"^(?:<\w+> ?)?(?:- ?)?(?P<span>(?:re|dis|un|over)[a-z]+(?:e|t|l|ct|sh|gn|ir))\b(?= [a-z<])",
    fires=["<id> - recoat drum", "dismount tail gate"],
    abstains=["drum recoat", "broken drum"],
    doc="Orders begin with a verb in the imperative, and verbs of work with re-, dis- or over-.",
)

work_and_work = regex(
    "work_and_work",
    votes=Entity.ACTIVITY,
    pattern=[
        r"\b(?:inspect|check|test|clean|remove|change out|repair|replace) (?:and|/|&) (?P<span>[a-z]+)\b",
        r"\b(?P<span>[a-z]+) (?:and|/|&) (?:inspect|check|test|clean|repair|replace|report|reset|refit)\b",
    ],
    fires=["inspect and reline chute", "chute to be washed; wash and inspect"],
    abstains=["replace chute and liner"],
    doc="What is joined to a verb of work by 'and' is work.",
)


@labeling_function(
    votes=Entity.STATE,
    fires=["boom cracked", "radio u/s", "will not start"],
    abstains=["crack in boom", "boom leaking"],
)
def names_condition(pieces: tuple[Piece, ...], runs: tuple[tuple[Piece, ...], ...]) -> Spans:
    """Conditions that are reported again and again: broken, worn, missing, unserviceable, needs."""
    return of_kind(pieces, runs, "state")


named_fault = regex(
    "named_fault",
    votes=Entity.STATE,
    pattern=[
        r"\b(?P<span>(?:low|high|over|under) [a-z]+ (?:fault|error|alarm)s?)\b",
        r"\b(?P<span>(?:electrical|temperature|pressure|charg\w+|shutdown|ground|earth) (?:fault|error)s?)\b",
    ],
    fires=["low fuel alarm", "charging fault"],
    abstains=["fault", "diagnose fault"],
    doc="Displays name the fault, and the name belongs to it.",
)

does_not_do = regex(
    "does_not_do",
    votes=Entity.STATE,
    pattern=[
        r"\b(?P<span>(?:not|won'?t|will not|does(?:n'?t| not)|can(?:'?t|not)|no longer|unable to) (?:be )?[a-z]+)\b",
        r"\b(?P<span>no (?:power|signal|lights?|pressure|flow|charge|display|excitation|drive))\b",
        r"\b(?P<span>(?:out of|beyond|past) [a-z]+)\b",
    ],
    fires=["winch will not lower", "no pressure at header", "gauge out of range"],
    abstains=["winch lowers", "number of hoses"],
    doc="A function that is denied, or a range that was left.",
)

ends_like_condition = regex(
    "ends_like_condition",
    votes=Entity.STATE,
    pattern=r"\b(?:is|are|was|were|has|have|been|badly|found) (?P<span>[a-z]+(?:ed|en|orn|ost|unk))\b",
    fires=["gate is dented", "rung was broken"],
    abstains=["gate opened by hand"],
    misses=["gate dented"],
    doc="A participle behind 'is' or 'was' tells the condition.",
)


@labeling_function(
    votes=Entity.PROCESS,
    fires=["oil leaking at seal", "pump vibrating", "breaker keeps tripping"],
    abstains=["vibration sensor broken", "replace breaker"],
)
def names_process(pieces: tuple[Piece, ...], runs: tuple[tuple[Piece, ...], ...]) -> Spans:
    """What goes on is reported by a few verbs, leaking before all."""
    return of_kind(pieces, runs, "process")


keeps_doing = regex(
    "keeps_doing",
    votes=Entity.PROCESS,
    pattern=[
        r"\b(?P<span>keeps? (?:on )?[a-z]+ing(?: (?:out|off|up|down))?)\b",
        r"\b(?P<span>(?:going|running|coming) (?:on and off|constantly|up|down|off|out))\b",
    ],
    fires=["light keeps flashing", "fan running constantly"],
    abstains=["keep light on"],
    doc="Keeps, and running on, tell of something that goes on.",
)


@labeling_function(
    votes=Entity.PROPERTY,
    fires=["crack in boom", "noisy at start", "cracks near weld"],
    abstains=["cracked boom", "level switch"],
)
def names_property(pieces: tuple[Piece, ...], runs: tuple[tuple[Piece, ...], ...]) -> Spans:
    """What is seen, heard or smelt without being a condition of the whole."""
    return of_kind(pieces, runs, "property")
