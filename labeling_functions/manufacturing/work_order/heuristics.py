"""Labeling functions about parts: named by their last word, or by where they stand beside work and condition."""

from wslabel.authoring import labeling_function

from .reading import HEADS, MATERIALS, Piece
from .task import Entity

Runs = tuple[tuple[Piece, ...], ...]
Spans = list[tuple[int, int]]


@labeling_function(
    votes=Entity.PHYSICAL_OBJECT,
    fires=["replace fuel transfer pump", "2 off hydraulic hoses required", "drain plug leaking"],
    abstains=["check and report", "left hand rear"],
)
def name_ends_with_part(runs: Runs) -> Spans:
    """English puts the kind of a part last: a fuel transfer pump is a pump, whatever stands before."""
    return [(run[0].start, run[at].end) for run in runs if (at := _last_head(run)) >= 0]


@labeling_function(
    votes=Entity.PHYSICAL_OBJECT,
    fires=["replace thingamajig", "dogleg bent"],
    abstains=["not working", "<id> - <num> week"],
)
def words_of_no_other_kind(runs: Runs) -> Spans:
    """A work order holds work, condition, place and parts: what is none of the first three is a part."""
    return [(run[0].start, run[-1].end) for run in runs]


@labeling_function(
    votes=Entity.PHYSICAL_OBJECT,
    fires=["replace left hand stick", "repair the grapple", "inspect and clean hopper"],
    abstains=["hopper leaking", "replace"],
)
def object_of_work(pieces: tuple[Piece, ...], runs: Runs) -> Spans:
    """What is replaced or repaired is named behind the verb, at most words of place between."""
    starts = {run[0].start: run for run in runs}
    found = []
    for at, piece in enumerate(pieces):
        if piece.kind != "activity":
            continue
        for following in pieces[at + 1 : at + 6]:
            if following.start in starts:
                found.append((following.start, starts[following.start][-1].end))
                break
            if following.kind not in ("other", "mark", "activity"):
                break
    return sorted(set(found))


@labeling_function(
    votes=Entity.PHYSICAL_OBJECT,
    fires=["grapple is broken", "tailgate leaking at left hand side", "stick - cracked"],
    abstains=["replace grapple", "broken"],
)
def bearer_of_condition(pieces: tuple[Piece, ...], runs: Runs) -> Spans:
    """What is broken or leaking is named before the condition, at most small words between."""
    ends = {run[-1].end: run for run in runs}
    found = []
    for at, piece in enumerate(pieces):
        if piece.kind not in ("state", "process"):
            continue
        for before in reversed(pieces[max(at - 4, 0) : at]):
            if before.end in ends:
                found.append((ends[before.end][0].start, before.end))
                break
            if before.kind not in ("other", "mark"):
                break
    return sorted(set(found))


@labeling_function(
    votes=Entity.PHYSICAL_OBJECT,
    fires=["engine oil low", "add coolant", "fitters to assist"],
    abstains=["oil filter blocked", "broken"],
)
def material_or_trade(runs: Runs) -> Spans:
    """Fluids, materials and people are objects of the scheme as well."""
    return [(run[0].start, run[-1].end) for run in runs if run[-1].text in MATERIALS]


def _last_head(run: tuple[Piece, ...]) -> int:
    """Return the place of the last word of the run that names a kind of part, or -1."""
    return max((at for at, piece in enumerate(run) if piece.text in HEADS), default=-1)
