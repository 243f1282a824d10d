"""Sentences that link a drug to harm, and sentences that cannot: what grammar says of DRUG and HARM in `marked`."""

import re

from wslabel.authoring import labeling_function

from .task import AdverseEvent

HARMED, UNHARMED = AdverseEvent.ADVERSE_EVENT, AdverseEvent.NO_ADVERSE_EVENT

CAUSED_BY = re.compile(
    r"HARM\b[^.;]{0,60}?\b(?:caused|induced|produced|precipitated|triggered|provoked|aggravated|exacerbated) by\b"
    r"[^.;]{0,60}?DRUG"
    r"|HARM\b[^.;]{0,60}?\b(?:due|secondary|related|attributed|attributable|ascribed|"
    r"owing) (?:\w+ )?to\b[^.;]{0,60}?DRUG"
    r"|HARM\b[^.;]{0,40}?\b(?:from|resulting from|complicating|as a complication of|"
    r"a complication of)\b[^.;]{0,40}?DRUG"
)
ASSOCIATED = re.compile(
    r"HARM\b[^.;]{0,60}?\b(?:associated|in association|in relation|in connection|"
    r"temporally related) (?:\w+ )?(?:with|to)\b"
    r"[^.;]{0,60}?DRUG|DRUG\b[^.;]{0,40}?\b(?:is|was|are|were|been|be) associated with\b[^.;]{0,60}?HARM"
)
CAUSES = re.compile(
    r"DRUG\b[^.;]{0,60}?\b(?:caus(?:e|es|ed|ing)|induc(?:e|es|ed|ing)|produc(?:e|es|ed|ing)|precipitat\w+|trigger\w*|"
    r"provok\w+|aggravat\w+|exacerbat\w+|lead(?:s|ing)? to|led to|result(?:s|ed|ing)? in|responsible for|"
    r"contribut\w+ to|culprit|implicated in)\b[^.;]{0,60}?HARM"
)
INDUCED = re.compile(r"DRUG(?: \w+)?[- ](?:induced|associated|related|caused|provoked|triggered|linked)\b")
ONSET = re.compile(
    r"\b(?:develop\w*|experienc\w+|suffer\w*|manifest\w*|complain\w* of|became|began|occurr\w+|appear\w*|"
    r"noticed|presented with|presenting with|onset of|emerged|emergence of|showed)\b"
)
EXPOSURE = (
    r"\b(?:after|following|during|while|when|on|upon|with|under|within \w+ \w+ of|(?:days?|weeks?|months?|hours?|"
    r"minutes?) (?:after|into|of)|receiv\w+|taking|took|taken|given|administ\w+|treated with|being treated|"
    r"therapy with|"
    r"treatment with|use of|exposed to|exposure to|initiat\w+|start\w+|introduction of|addition of|ingest\w+|infusion|"
    r"inject\w+|intake)\b"
)
WHILE_ON = re.compile(rf"HARM\b.{{0,80}}?{EXPOSURE}.{{0,50}}?DRUG|{EXPOSURE}.{{0,50}}?DRUG\b.{{0,80}}?HARM")
TITLE_PAIR = re.compile(
    r"HARM(?: \w+){0,3} (?:after|following|during|with|from|on|in patients? (?:treated with|receiving|on|taking))"
    r"(?: [\w-]+){0,5} DRUG"
)
TOXICITY_OF = re.compile(
    r"DRUG (?:\w+ )?HARM\b|\b(?:HARM|overdos\w+|poisoning|sensitivity|allergy|resistance) (?:of|to|with|from) "
    r"(?:\w+ ){0,3}DRUG|\ballerg\w+ (?:\w+ ){0,2}(?:to|from) (?:\w+ ){0,2}DRUG"
)
WITHDRAWN = re.compile(
    r"\b(?:withdraw\w*|discontinu\w+|cessation|stopp\w+|ceas\w+|rechalleng\w+|readminist\w+|re-?introduc\w+|switch\w+|"
    r"reduction of|dose reduction)\b"
)
RESOLVED = re.compile(
    r"\b(?:resol\w+|disappear\w+|improv\w+|recover\w+|reversed|reversible|reversal|subsid\w+|abat\w+|regress\w+|"
    r"recur\w*|reappear\w+|remitted|returned|cleared)\b"
)
CASE = re.compile(
    r"\b(?:case reports?|(?:report|describe|present)s?(?:ed)? (?:\w+ ){0,3}(?:cases?|patients?|women|woman|men|man|"
    r"boy|girl|infant)"
    r"|cases? of|first (?:report|case)|(?:year|month|yr|day)s?-old|year old)\b"
)
AWARE = re.compile(
    r"\b(?:aware|caution\w*|careful\w*|risk of|potential\w*|should be (?:considered|suspected|monitored)|warn\w*|"
    r"known to|rare|unusual|uncommon|serious|severe|fatal|life[- ]threatening)\b"
)
DENIED = re.compile(
    r"\b(?:no|without|not|absence of|nor|neither|never|failed to|lack of)\b(?: [\w-]+){0,5} (?:HARM|evidence|signs?|"
    r"adverse)"
    r"|\bwell[- ]tolerated\b|\bsafe\b|\bsafely\b|\bno (?:recurrence|further|other)\b"
)
GAVE_RELIEF = re.compile(
    r"\b(?:treat\w*|respond\w*|respons\w+|improv\w+|resol\w+|control\w+|reliev\w+|success\w+|effective\w*|efficacy|"
    r"beneficial|manage\w+|prevent\w*|prophyla\w+|therap\w+ of|recover\w+|remission)\b"
)
TREATED_WITH = re.compile(
    r"\b(?:treat\w+|manage\w+|control\w+|respond\w*|improv\w+|resol\w+|success\w+|reliev\w+|suppress\w+)\b"
    r"(?: [\w-]+){0,6} (?:with|to|by|after|on|using|following)\b(?: [\w-]+){0,6} DRUG"
    r"|DRUG\b(?: [\w-]+){0,6} (?:is|was|were|are|been|be|as|has been) (?:\w+ ){0,2}"
    r"(?:effective|useful|beneficial|successful\w*|safe|given|started|initiated|added|used|recommended|indicated)"
)
STUDY = re.compile(
    r"\b(?:we (?:evaluated|investigated|studied|examined|measured|reviewed|compared|assessed|sought)|methods?:|"
    r"design:|setting:|data sources?|study selection|medline|pubmed|literature search|literature (?:was|is) reviewed|"
    r"were (?:measured|compared|reviewed|analy[sz]ed|evaluated|identified|included)|randomi[sz]ed|"
    r"further (?:studies|research)|clinical trials?|in vitro|pharmacokinetics?)\b"
)
EXAMINED = re.compile(
    r"\b(?:biops\w+|histolog\w+|histopatholog\w+|microscop\w+|magnetic resonance|mri|ct|computed tomograph\w+|"
    r"ultrasound|ultrasonograph\w+|radiograph\w*|x-ray|cultures?|laboratory|examination|autopsy|scan|imaging|"
    r"angiograph\w+|electroencephalogra\w+|serolog\w+|immunohistochem\w+)\b"
)
OPERATED = re.compile(
    r"\b(?:surgery|surgical\w*|underwent|operation|resect\w+|transplant\w+|graft\w*|catheter\w*|dialysis|drain\w+|"
    r"implant\w*|shunt|laparo\w+|excis\w+|intubat\w+|ventilation|radiotherapy|irradiation|stent\w*|suture\w*)\b"
)
BACKGROUND = re.compile(
    r"\b(?:is an? (?:\w+ ){0,3}(?:disease|disorder|syndrome|condition|drug|agent|cause|form|inhibitor|antibiotic)|"
    r"is characteri[sz]ed|are characteri[sz]ed|is (?:commonly|widely|frequently|often) used|mechanisms?|pathogenesis|"
    r"prevalence|incidence|diagnosis of|differential diagnosis|prognosis|remains? (?:unclear|unknown|controversial))\b"
)
CLASS_ONLY = re.compile(
    r"\b(?:chemotherapy|steroids?|corticosteroids?|antibiotics?|antidepressants?|antipsychotics?|neuroleptics?|"
    r"drugs?|agents?|medications?|immunosuppress\w+|anticoagula\w+|vaccin\w+|contrast|anesthe\w+|anaesthe\w+)\b"
)


def both(marked: str) -> bool:
    """Tell whether the sentence names a drug and a harm."""
    return "DRUG" in marked and "HARM" in marked


@labeling_function(
    votes=HARMED,
    fires=["Linezolid-induced pancytopenia in an infant.", "Four cases of amiodarone-associated thyrotoxicosis."],
    abstains=["Exercise-induced asthma in a rower.", "Linezolid was given for ten days."],
)
def drug_induced(marked: str) -> AdverseEvent | None:
    """'X-induced', 'X-associated' and 'X-related' are how medicine names harm after the drug behind it."""
    return HARMED if INDUCED.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=["Hepatitis caused by flucloxacillin.", "Acute renal failure secondary to intravenous acyclovir."],
    abstains=["Hepatitis caused by a virus.", "The rash was treated with prednisone."],
)
def harm_due_to_drug(marked: str) -> AdverseEvent | None:
    """The harm comes first and the sentence says outright what it was due to."""
    return HARMED if CAUSED_BY.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=["Myopathy associated with simvastatin.", "Clozapine was associated with seizures in two men."],
    abstains=["Seizures associated with fever.", "Clozapine was stopped."],
)
def harm_associated_with_drug(marked: str) -> AdverseEvent | None:
    """Careful authors write 'associated with' where they suspect a cause; a suspicion is enough."""
    return HARMED if ASSOCIATED.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=["Ticlopidine may cause agranulocytosis.", "Interferon alfa led to severe depression."],
    abstains=["Smoking may cause bronchitis.", "Interferon alfa was stopped."],
)
def drug_causes_harm(marked: str) -> AdverseEvent | None:
    """The drug is the subject of a verb of causing."""
    return HARMED if CAUSES.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=[
        "A nurse developed urticaria after taking ibuprofen.",
        "While receiving lithium he experienced a coarse tremor.",
    ],
    abstains=["A nurse developed urticaria.", "Ibuprofen was given for the headache."],
)
def developed_while_on_drug(marked: str) -> AdverseEvent | None:
    """A harm that sets in after a drug was begun, or while it is taken, is the typical story of a case report."""
    return HARMED if both(marked) and ONSET.search(marked) and WHILE_ON.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=["Bilateral uveitis after rifabutin.", "Fulminant hepatitis during treatment with propylthiouracil."],
    abstains=["Bilateral uveitis in childhood.", "Rifabutin was given."],
)
def harm_after_drug(marked: str) -> AdverseEvent | None:
    """Titles set the harm and then the drug that it followed."""
    return HARMED if TITLE_PAIR.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=["Methotrexate neurotoxicity in a child.", "Signs of lithium toxicity were overlooked."],
    abstains=["Solvent toxicity was feared.", "Methotrexate was given weekly."],
    misses=["Digoxin levels were in the poisonous range."],
)
def toxicity_of_drug(marked: str) -> AdverseEvent | None:
    """Drug and harm stand side by side, as in 'methotrexate pneumonitis' or 'hypersensitivity to dapsone'."""
    return HARMED if TOXICITY_OF.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=["The jaundice resolved when flutamide was withdrawn.", "Chorea reappeared on rechallenge with phenytoin."],
    abstains=["The jaundice resolved in June.", "Flutamide was withdrawn."],
)
def gone_when_withdrawn(marked: str) -> AdverseEvent | None:
    """What goes when the drug is stopped, or comes back with it, was the drug's doing (dechallenge, rechallenge)."""
    return HARMED if both(marked) and WITHDRAWN.search(marked) and RESOLVED.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=[
        "We report a case of pancreatitis in a woman who took valproate.",
        "A 61-year-old man on warfarin had a haematoma.",
    ],
    abstains=["We report a case of pancreatitis.", "Warfarin is an anticoagulant."],
)
def case_of_drug_and_harm(marked: str) -> AdverseEvent | None:
    """A case is reported, and the sentence names both a drug and a harm: they are what makes the case worth telling."""
    return HARMED if both(marked) and CASE.search(marked) and not DENIED.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=["Clinicians should be aware of the risk of hyponatraemia with sertraline."],
    abstains=["Clinicians should be aware of the disease.", "Sertraline is a rare choice."],
)
def warns_of_drug(marked: str) -> AdverseEvent | None:
    """A warning that names drug and harm states a known side effect."""
    return HARMED if both(marked) and AWARE.search(marked) and not DENIED.search(marked) else None


@labeling_function(
    votes=HARMED,
    fires=["Sulfadiazine crystalluria.", "Thalidomide neuropathy in childhood."],
    abstains=[
        "Thalidomide in childhood.",
        "Over eight days the patient, who was by then on thalidomide, was watched for signs of polyneuropathy daily.",
    ],
)
def short_title_of_both(marked: str) -> AdverseEvent | None:
    """A title of a few words has room for nothing beside the drug and the harm it did."""
    return HARMED if both(marked) and len(marked.split()) <= 12 and not GAVE_RELIEF.search(marked) else None


@labeling_function(
    votes=UNHARMED,
    fires=["She was discharged on the fifth day.", "Biopsy showed fibrosis."],
    abstains=["She took ibuprofen.", "The chemotherapy was stopped."],
)
def no_drug_named(marked: str) -> AdverseEvent | None:
    """Without a drug, by name or by class, nothing can be laid at a drug's door."""
    return UNHARMED if "DRUG" not in marked and not CLASS_ONLY.search(marked) else None


@labeling_function(
    votes=UNHARMED,
    fires=["The chemotherapy was followed by nausea.", "Such drugs are widely used."],
    abstains=["Cisplatin was followed by nausea.", "She was discharged."],
)
def drug_class_only(marked: str) -> AdverseEvent | None:
    """The guideline asks for a named drug; 'chemotherapy' or 'these agents' does not say which."""
    return UNHARMED if "DRUG" not in marked and CLASS_ONLY.search(marked) else None


@labeling_function(
    votes=UNHARMED,
    fires=["Prednisone was given for six weeks.", "The dose of levodopa was raised."],
    abstains=["Prednisone was followed by psychosis.", "She was discharged."],
)
def drug_without_harm(marked: str) -> AdverseEvent | None:
    """A drug is named and nothing bad."""
    return UNHARMED if "DRUG" in marked and "HARM" not in marked and not INDUCED.search(marked) else None


@labeling_function(
    votes=UNHARMED,
    fires=["Ivermectin was well tolerated.", "There was no evidence of hepatitis under methotrexate."],
    abstains=["Ivermectin was followed by a rash."],
)
def harm_denied(marked: str) -> AdverseEvent | None:
    """The sentence says that there was none, or that the drug is safe."""
    return UNHARMED if DENIED.search(marked) and not INDUCED.search(marked) else None


@labeling_function(
    votes=UNHARMED,
    fires=["The seizures were treated successfully with diazepam.", "The pain improved after infliximab."],
    abstains=["Diazepam-induced amnesia.", "Seizures began after diazepam."],
)
def harm_treated_with_drug(marked: str) -> AdverseEvent | None:
    """The drug is the remedy: the harm was treated with it, or answered to it."""
    if INDUCED.search(marked) or CAUSED_BY.search(marked) or WITHDRAWN.search(marked):
        return None
    return UNHARMED if TREATED_WITH.search(marked) else None


@labeling_function(
    votes=UNHARMED,
    fires=["METHODS: We reviewed 40 charts.", "Randomized studies of colchicine are needed."],
    abstains=["Colchicine caused diarrhea."],
)
def study_described(marked: str) -> AdverseEvent | None:
    """How a study was done, or should be, is not an event."""
    return UNHARMED if STUDY.search(marked) and not INDUCED.search(marked) else None


@labeling_function(
    votes=UNHARMED,
    fires=["Liver biopsy showed bridging necrosis.", "Cultures grew Candida."],
    abstains=["Biopsy showed cefaclor-induced nephritis.", "She took cefaclor."],
)
def finding_described(marked: str) -> AdverseEvent | None:
    """A finding of biopsy, imaging or laboratory, with no drug blamed in the sentence."""
    return UNHARMED if EXAMINED.search(marked) and "DRUG" not in marked else None


@labeling_function(
    votes=UNHARMED,
    fires=["She underwent a laparotomy.", "The graft failed after a year."],
    abstains=["She took cefaclor.", "She underwent dialysis after acyclovir."],
)
def operation_described(marked: str) -> AdverseEvent | None:
    """Surgery and devices have complications of their own; no drug is blamed in the sentence."""
    return UNHARMED if OPERATED.search(marked) and "DRUG" not in marked else None


@labeling_function(
    votes=UNHARMED,
    fires=["Porphyria is a rare disorder of haem synthesis.", "The pathogenesis remains unclear."],
    abstains=["Dapsone-induced agranulocytosis is a rare disorder.", "She took cefaclor."],
)
def background_given(marked: str) -> AdverseEvent | None:
    """What a disease or a drug is, how common, and by which mechanism: background to a case."""
    linked = INDUCED.search(marked) or CAUSES.search(marked) or CAUSED_BY.search(marked)
    return UNHARMED if BACKGROUND.search(marked) and not linked else None
