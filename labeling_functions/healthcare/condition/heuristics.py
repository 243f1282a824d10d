"""Four systems and the rest: for each system, what the title names, what comes back, and what outweighs the others."""

from wslabel.authoring import labeling_function

from .reading import Found
from .task import Condition

OFTEN = 4
"""Times that a disease is named where the abstract is about it."""
WIDELY = 5
"""Different words of organs, tests and treatments of a system."""
CLEARLY = 2.5
"""How many times the weight of the next system."""
LITTLE = 5
"""A weight below which an abstract is not about a system."""
TUMOUR = "Squamous cell carcinoma of the larynx. "
BOWEL = "Crohn's disease in children. "
NERVES = "Epilepsy after stroke in the aged. "
HEART = "Acute myocardial infarction and heart failure. "
OTHER = "Wound infection after hip fracture. "


def titled(found: dict[str, Found], area: str) -> bool:
    """Tell whether the title names a word of the area."""
    return found[area].opening > 0


def leads(weights: dict[str, int], system: str) -> bool:
    """Tell whether the system outweighs each of the others clearly."""
    rest = max(weight for other, weight in weights.items() if other != system)
    return weights[system] >= LITTLE and weights[system] >= CLEARLY * rest


def first(weights: dict[str, int], system: str) -> bool:
    """Tell whether no other system weighs as much."""
    rest = max(weight for other, weight in weights.items() if other != system)
    return weights[system] >= 2 * LITTLE and weights[system] > rest


@labeling_function(votes=Condition.NEOPLASMS, fires=[TUMOUR], abstains=[BOWEL, HEART])
def tumour_in_title(found: dict[str, Found]) -> Condition | None:
    """The title names a tumour, and titles name what a paper is about."""
    return Condition.NEOPLASMS if titled(found, "neoplasm diseases") else None


@labeling_function(votes=Condition.NEOPLASMS, fires=[TUMOUR * 3], abstains=[TUMOUR, HEART * 3])
def tumour_named_often(found: dict[str, Found]) -> Condition | None:
    """A tumour that is named again and again is the subject, not a side issue."""
    return Condition.NEOPLASMS if found["neoplasm diseases"].times >= OFTEN + 2 else None


@labeling_function(
    votes=Condition.NEOPLASMS,
    fires=["Chemotherapy with cisplatin, then irradiation; lymph nodes and relapse were staged in carcinoma."],
    abstains=[HEART, "Survival after infarction."],
)
def cancer_care(found: dict[str, Found]) -> Condition | None:
    """Staging, chemotherapy and relapse together are the language of oncology, provided a tumour is named."""
    seen = found["neoplasm care"].terms >= WIDELY - 1 and found["neoplasm diseases"].times
    return Condition.NEOPLASMS if seen else None


@labeling_function(votes=Condition.NEOPLASMS, fires=[TUMOUR * 2], abstains=[BOWEL, HEART])
def tumour_outweighs(weights: dict[str, int]) -> Condition | None:
    """Words of tumours far outweigh those of any other system."""
    return Condition.NEOPLASMS if leads(weights, "neoplasm") else None


@labeling_function(votes=Condition.NEOPLASMS, fires=[TUMOUR * 2], abstains=[BOWEL, HEART])
def tumour_first(weights: dict[str, int]) -> Condition | None:
    """Words of tumours weigh more than those of any other system."""
    return Condition.NEOPLASMS if first(weights, "neoplasm") else None


@labeling_function(votes=Condition.DIGESTIVE, fires=[BOWEL], abstains=[HEART, NERVES])
def digestive_disease_in_title(found: dict[str, Found]) -> Condition | None:
    """The title names a disease of the digestive organs, and no tumour."""
    seen = titled(found, "digestive diseases") and not titled(found, "neoplasm diseases")
    return Condition.DIGESTIVE if seen else None


@labeling_function(votes=Condition.DIGESTIVE, fires=[BOWEL * 4], abstains=[BOWEL, HEART * 4])
def digestive_disease_named_often(found: dict[str, Found]) -> Condition | None:
    """A digestive disease that is named again and again is the subject."""
    return Condition.DIGESTIVE if found["digestive diseases"].times >= OFTEN else None


@labeling_function(
    votes=Condition.DIGESTIVE,
    fires=["Gastric acid, bile and pancreatic juice in the duodenum, seen at endoscopy, heal the ulcer."],
    abstains=[HEART, "The liver was enlarged."],
)
def digestive_organs_widely(found: dict[str, Found]) -> Condition | None:
    """Many words of stomach, bowel, liver and bile, and few of tumours."""
    seen = found["digestive organs"].terms >= WIDELY and found["neoplasm diseases"].times < OFTEN
    return Condition.DIGESTIVE if seen else None


@labeling_function(votes=Condition.DIGESTIVE, fires=[BOWEL * 2], abstains=[HEART, TUMOUR])
def digestive_outweighs(weights: dict[str, int]) -> Condition | None:
    """Words of the digestive system far outweigh those of any other."""
    return Condition.DIGESTIVE if leads(weights, "digestive") else None


@labeling_function(votes=Condition.DIGESTIVE, fires=[BOWEL * 3], abstains=[HEART, TUMOUR])
def digestive_first(weights: dict[str, int]) -> Condition | None:
    """Words of the digestive system weigh more than those of any other."""
    return Condition.DIGESTIVE if first(weights, "digestive") else None


@labeling_function(votes=Condition.NERVOUS, fires=[NERVES], abstains=[HEART, BOWEL])
def nervous_disease_in_title(found: dict[str, Found]) -> Condition | None:
    """The title names a disease of the nervous system, and no tumour."""
    seen = titled(found, "nervous diseases") and not titled(found, "neoplasm diseases")
    return Condition.NERVOUS if seen else None


@labeling_function(votes=Condition.NERVOUS, fires=[NERVES * 3], abstains=[NERVES, HEART * 4])
def nervous_disease_named_often(found: dict[str, Found]) -> Condition | None:
    """A disease of the nervous system that is named again and again is the subject."""
    return Condition.NERVOUS if found["nervous diseases"].times >= OFTEN else None


@labeling_function(
    votes=Condition.NERVOUS,
    fires=["Brain, spinal cord and nerves were examined by EEG and evoked potentials; memory and gait were tested."],
    abstains=[HEART, "The nerve was spared."],
)
def nervous_system_widely(found: dict[str, Found]) -> Condition | None:
    """Many words of brain, nerves, cognition and movement, and few of tumours."""
    seen = found["nervous organs"].terms >= WIDELY and found["neoplasm diseases"].times < OFTEN
    return Condition.NERVOUS if seen else None


@labeling_function(votes=Condition.NERVOUS, fires=[NERVES * 2], abstains=[HEART, TUMOUR])
def nervous_outweighs(weights: dict[str, int]) -> Condition | None:
    """Words of the nervous system far outweigh those of any other."""
    return Condition.NERVOUS if leads(weights, "nervous") else None


@labeling_function(votes=Condition.NERVOUS, fires=[NERVES * 2], abstains=[HEART, TUMOUR])
def nervous_first(weights: dict[str, int]) -> Condition | None:
    """Words of the nervous system weigh more than those of any other."""
    return Condition.NERVOUS if first(weights, "nervous") else None


@labeling_function(votes=Condition.CARDIOVASCULAR, fires=[HEART], abstains=[BOWEL, OTHER])
def heart_disease_in_title(found: dict[str, Found]) -> Condition | None:
    """The title names a disease of heart or vessels, and no tumour."""
    seen = titled(found, "heart diseases") and not titled(found, "neoplasm diseases")
    return Condition.CARDIOVASCULAR if seen else None


@labeling_function(votes=Condition.CARDIOVASCULAR, fires=[HEART * 3], abstains=[HEART, BOWEL * 4])
def heart_disease_named_often(found: dict[str, Found]) -> Condition | None:
    """A disease of heart or vessels that is named again and again is the subject."""
    return Condition.CARDIOVASCULAR if found["heart diseases"].times >= OFTEN + 1 else None


@labeling_function(
    votes=Condition.CARDIOVASCULAR,
    fires=["Blood pressure, heart rate, cardiac output, systolic function and the coronary arteries under captopril."],
    abstains=[BOWEL, "The heart was normal."],
)
def circulation_widely(found: dict[str, Found]) -> Condition | None:
    """Many words of heart, vessels, their tests and drugs."""
    return Condition.CARDIOVASCULAR if found["heart organs"].terms >= WIDELY + 2 else None


@labeling_function(votes=Condition.CARDIOVASCULAR, fires=[HEART * 2], abstains=[BOWEL, TUMOUR])
def heart_outweighs(weights: dict[str, int]) -> Condition | None:
    """Words of heart and vessels far outweigh those of any other system."""
    return Condition.CARDIOVASCULAR if leads(weights, "heart") else None


@labeling_function(votes=Condition.CARDIOVASCULAR, fires=[HEART * 2], abstains=[BOWEL, TUMOUR])
def heart_first(weights: dict[str, int]) -> Condition | None:
    """Words of heart and vessels weigh more than those of any other system."""
    return Condition.CARDIOVASCULAR if first(weights, "heart") else None


@labeling_function(votes=Condition.GENERAL, fires=[OTHER], abstains=[TUMOUR, HEART])
def general_condition_in_title(found: dict[str, Found]) -> Condition | None:
    """The title names infection, injury, pregnancy or another organ, and no disease of the four systems."""
    systems = ("neoplasm diseases", "digestive diseases", "nervous diseases", "heart diseases")
    seen = titled(found, "general conditions") and not any(titled(found, area) for area in systems)
    return Condition.GENERAL if seen else None


@labeling_function(votes=Condition.GENERAL, fires=["Emergency care of the injured: " + OTHER], abstains=[TUMOUR, HEART])
def general_care_in_title(found: dict[str, Found]) -> Condition | None:
    """The title speaks of emergencies, transplants, births or reconstruction, and of no tumour."""
    seen = titled(found, "general care") and not titled(found, "neoplasm diseases")
    return Condition.GENERAL if seen else None


@labeling_function(
    votes=Condition.GENERAL, fires=["The anatomy of the hand in forty cadavers."], abstains=[TUMOUR * 2, HEART * 2]
)
def no_system_spoken_of(weights: dict[str, int]) -> Condition | None:
    """None of the four systems is spoken of to any extent."""
    return Condition.GENERAL if max(weights.values()) < LITTLE + 3 else None


@labeling_function(
    votes=Condition.GENERAL,
    fires=["Infection of wounds after burns: sepsis, fever and shock in injured infants with fractures of the hip."],
    abstains=[TUMOUR * 2, HEART * 2],
)
def general_words_outweigh(found: dict[str, Found], weights: dict[str, int]) -> Condition | None:
    """Words of infection, injury, birth and of other organs outweigh those of each system."""
    general = found["general conditions"].times + 2 * found["general care"].times
    return Condition.GENERAL if general >= 8 and general > 1.5 * max(weights.values()) else None
