"""The specialty whose words lead, in the head of a note, where diagnosis and procedure stand, and in all of it."""

import re

from wslabel.authoring import labeling_function

from .reading import leader
from .task import Specialty

CATARACT = "PREOPERATIVE DIAGNOSIS: Cataract, left eye. PROCEDURE: Phacoemulsification with intraocular lens implant."
BUNION = "PREOPERATIVE DIAGNOSIS: Bunion and hammertoe of the right foot. PROCEDURE: Austin bunionectomy."
PLAIN = "He came to the desk and asked for the time."
KINDS = frozenset(
    {
        Specialty.CONSULT_HISTORY_AND_PHY,
        Specialty.DISCHARGE_SUMMARY,
        Specialty.EMERGENCY_ROOM_REPORTS,
        Specialty.GENERAL_MEDICINE,
        Specialty.LETTERS,
        Specialty.RADIOLOGY,
        Specialty.SOAP_CHART_PROGRESS_NOTES,
        Specialty.SURGERY,
        Specialty.LAB_MEDICINE_PATHOLOGY,
    }
)
"""Kinds of documents, which count only where no specialty claims the note."""
ORGANS = tuple(specialty for specialty in Specialty if specialty not in KINDS)


def of_organs(weights: dict[str, float]) -> dict[str, float]:
    """Return the weights of the specialties proper, without kinds of documents."""
    return {name: weight for name, weight in weights.items() if name not in KINDS}


def voted(name: str | None) -> Specialty | None:
    """Return the label of that name."""
    return None if name is None else Specialty(name)


@labeling_function(
    votes=ORGANS,
    fires={Specialty.OPHTHALMOLOGY: [CATARACT], Specialty.PODIATRY: [BUNION]},
    abstains=[PLAIN],
)
def head_leads(head: dict[str, float]) -> Specialty | None:
    """Diagnosis, procedure or complaint in the head of the note use the words of one specialty most."""
    return voted(leader(of_organs(head), 3.0, 1.05))


@labeling_function(
    votes=ORGANS,
    fires={Specialty.OPHTHALMOLOGY: [CATARACT], Specialty.PODIATRY: [BUNION]},
    abstains=[PLAIN, "Knee pain."],
)
def head_leads_clearly(head: dict[str, float]) -> Specialty | None:
    """The head of the note uses the words of one specialty twice as much as those of any other."""
    return voted(leader(of_organs(head), 5.0, 2.0))


@labeling_function(
    votes=ORGANS,
    fires={Specialty.OPHTHALMOLOGY: [CATARACT * 2], Specialty.PODIATRY: [BUNION * 2]},
    abstains=[PLAIN],
)
def note_leads(whole: dict[str, float]) -> Specialty | None:
    """The whole note uses the words of one specialty most."""
    return voted(leader(of_organs(whole), 8.0, 1.05))


@labeling_function(
    votes=ORGANS,
    fires={Specialty.OPHTHALMOLOGY: [CATARACT * 4], Specialty.PODIATRY: [BUNION * 4]},
    abstains=[PLAIN, CATARACT + BUNION],
)
def note_leads_clearly(whole: dict[str, float]) -> Specialty | None:
    """The whole note uses the words of one specialty far more than those of any other."""
    return voted(leader(of_organs(whole), 12.0, 1.8))


@labeling_function(
    votes=ORGANS,
    fires={Specialty.OPHTHALMOLOGY: [CATARACT * 2], Specialty.PODIATRY: [BUNION * 2]},
    abstains=[PLAIN],
)
def head_and_note_agree(head: dict[str, float], whole: dict[str, float]) -> Specialty | None:
    """What leads in the head leads in the whole note, too."""
    first = leader(of_organs(head), 2.0, 1.0)
    return voted(first) if first is not None and first == leader(of_organs(whole), 6.0, 1.0) else None


HISTORY = re.compile(
    r"(?:history of present illness|reason for (?:consultation|consult|visit|referral)|chief complaint|"
    r"review of systems|"
    r"past medical history|general: ?,? ?negative|heent: ?,? ?no|constitutional|history)\b"
)
OPERATION = re.compile(
    r"pre-?operative diagnos|postoperative diagnos|(?:operation|procedure|title of operation)s?(?: performed)?\b"
)
IMAGE = re.compile(r"(?:exam|examination|technique|reason for exam|clinical history|indication|study|findings)\s*:")
DISCHARGED = re.compile(
    r"(?:date of )?(?:discharge|admission|admitting) (?:diagnos|date|summary)|date of (?:admission|discharge)"
)
EMERGENCY = re.compile(r"\b(?:emergency (?:department|room)|ed course|er course|ambulance|paramedics?|ems)\b")
VISIT = re.compile(r"(?:subjective|chief complaint|cc)\s*:|\b(?:comes? in|here today|follow-?up|check-?up|refills?)\b")
WOUND = re.compile(
    r"\b(?:port-?a-?cath\w*|central (?:venous )?(?:line|catheter)|subclavian|incision and drainage|debridement|"
    r"abscess|lipoma|"
    r"pilonidal|open wound|mass excision|excision of (?:\w+ ){0,3}(?:mass|cyst|lipoma)|hickman|infected)\b"
)


def opening(note: str) -> str:
    """Return the first words of the note, where its kind shows."""
    return note[:120]


def nobody_leads(head: dict[str, float], whole: dict[str, float]) -> bool:
    """Tell whether no specialty leads clearly, neither in the head nor in the whole note."""
    return leader(of_organs(head), 5.0, 2.0) is None and leader(of_organs(whole), 10.0, 1.5) is None


@labeling_function(
    votes=Specialty.CONSULT_HISTORY_AND_PHY,
    fires=[
        "HISTORY OF PRESENT ILLNESS: The patient feels unwell. PAST MEDICAL HISTORY: None. SOCIAL HISTORY: Lives alone."
    ],
    abstains=[CATARACT, PLAIN],
)
def history_without_specialty(note: str, head: dict[str, float], whole: dict[str, float]) -> Specialty | None:
    """The note begins as a history does, and no specialty's words lead."""
    seen = HISTORY.match(note) and not DISCHARGED.search(opening(note)) and nobody_leads(head, whole)
    return Specialty.CONSULT_HISTORY_AND_PHY if seen else None


@labeling_function(
    votes=Specialty.CONSULT_HISTORY_AND_PHY,
    fires=["REVIEW OF SYSTEMS: Negative. FAMILY HISTORY: Unknown. SOCIAL HISTORY: Single. VITAL SIGNS: Stable."],
    abstains=[CATARACT, PLAIN],
)
def full_history_and_examination(note: str, head: dict[str, float]) -> Specialty | None:
    """Family, social history and review of systems stand in full, and the head names no specialty."""
    sections = ("family history", "social history", "review of systems", "past medical history", "vital signs")
    seen = sum(section in note for section in sections) >= 4 and leader(of_organs(head), 3.0, 1.5) is None
    return Specialty.CONSULT_HISTORY_AND_PHY if seen else None


@labeling_function(
    votes=Specialty.DISCHARGE_SUMMARY,
    fires=["DISCHARGE DIAGNOSES: 1. Fall. 2. Dehydration. HOSPITAL COURSE: He was given fluids."],
    abstains=[CATARACT, PLAIN],
)
def begins_as_discharge(note: str, head: dict[str, float]) -> Specialty | None:
    """Diagnoses at admission and discharge open the note, and the head is no specialty's."""
    seen = DISCHARGED.match(note) and leader(of_organs(head), 6.0, 2.0) is None
    return Specialty.DISCHARGE_SUMMARY if seen else None


@labeling_function(
    votes=Specialty.EMERGENCY_ROOM_REPORTS,
    fires=["CHIEF COMPLAINT: Fall. He comes to the emergency department by ambulance after a fall from a ladder."],
    abstains=[CATARACT, PLAIN],
)
def emergency_without_specialty(note: str, head: dict[str, float], whole: dict[str, float]) -> Specialty | None:
    """The emergency department stands in the head, and no specialty leads."""
    seen = EMERGENCY.search(note[:500]) and nobody_leads(head, whole) and not DISCHARGED.match(note)
    return Specialty.EMERGENCY_ROOM_REPORTS if seen else None


@labeling_function(
    votes=Specialty.GENERAL_MEDICINE,
    fires=["SUBJECTIVE: She comes in today for a check-up and a refill of her tablets."],
    abstains=[CATARACT, PLAIN],
)
def ordinary_visit(note: str, head: dict[str, float], whole: dict[str, float]) -> Specialty | None:
    """A visit that begins with the patient's own words, about nothing that one specialty claims."""
    seen = VISIT.search(note[:300]) and nobody_leads(head, whole) and not EMERGENCY.search(note[:500])
    return Specialty.GENERAL_MEDICINE if seen else None


@labeling_function(
    votes=Specialty.SURGERY,
    fires=["PREOPERATIVE DIAGNOSIS: Abscess of the groin. PROCEDURE: Incision and drainage."],
    abstains=[CATARACT, PLAIN],
)
def operation_of_no_organ(note: str, head: dict[str, float]) -> Specialty | None:
    """Wounds, abscesses, ports and lines are every surgeon's work."""
    seen = OPERATION.search(opening(note)) and WOUND.search(note[:500]) and leader(of_organs(head), 6.0, 2.0) is None
    return Specialty.SURGERY if seen else None


@labeling_function(
    votes=Specialty.SURGERY,
    fires=["PREOPERATIVE DIAGNOSIS: Swelling of the back. OPERATION PERFORMED: Removal."],
    abstains=[CATARACT, PLAIN],
)
def operation_without_specialty(note: str, head: dict[str, float], whole: dict[str, float]) -> Specialty | None:
    """An operation of which neither head nor text belongs to one specialty."""
    return Specialty.SURGERY if OPERATION.search(opening(note)) and nobody_leads(head, whole) else None


@labeling_function(
    votes=Specialty.RADIOLOGY,
    fires=["EXAM: Two views. FINDINGS: Normal."],
    abstains=[CATARACT, PLAIN],
)
def image_without_specialty(note: str, head: dict[str, float], whole: dict[str, float]) -> Specialty | None:
    """A report on images of a region that no specialty claims."""
    return Specialty.RADIOLOGY if IMAGE.match(note) and nobody_leads(head, whole) else None
