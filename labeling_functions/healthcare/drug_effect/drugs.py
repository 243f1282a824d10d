"""Drugs: by name, by the stem of the name, and by what the sentence does with them."""

from pathlib import Path

from wslabel.authoring import keywords, lexicon, regex, repeats, spans_where

from .task import DrugEffect

SHARED = Path("../adverse_event/lexicons")
_NAME = (
    r"(?!the |a |an |this |these |that |high|low|oral|intra|intravenous|long|short|drug|other|such|her|his|their"
    r"|one|two)"
)
_WORD = r"[A-Za-z][\w-]{3,}(?: (?:acid|alpha|beta|carbonate|acetate|sulfate|sodium|hydrochloride))?"

known_drug = keywords(
    "known_drug",
    votes=DrugEffect.DRUG,
    any_of="lexicons/drugs.txt",
    fires=["Hepatitis after methotrexate."],
    abstains=["Hepatitis after a meal."],
    doc="Drugs of which harm is reported are named again and again.",
)

listed_drug = keywords(
    "listed_drug",
    votes=DrugEffect.DRUG,
    any_of=SHARED / "drugs.txt",
    fires=["She was given abacavir."],
    abstains=["She was given leave."],
    doc="A list of drugs that was made for another task.",
)

drug_stem = regex(
    "drug_stem",
    votes=DrugEffect.DRUG,
    pattern=rf"\b[A-Za-z]{{2,}}(?:{'|'.join(lexicon(SHARED / 'stems.txt'))})\b",
    fires=["A rash under zolimumab."],
    abstains=["A rash in May."],
    doc="International names of drugs end with a stem that tells their class.",
)

induces = regex(
    "induces",
    votes=DrugEffect.DRUG,
    pattern=rf"(?<![\w-])(?P<span>{_NAME}{_WORD})[- ](?:induced|associated|related)\b",
    fires=["Amiodarone-induced thyroiditis."],
    abstains=["The thyroiditis was mild."],
    doc="What stands before 'induced' brought it about.",
)

given = regex(
    "given",
    votes=DrugEffect.DRUG,
    pattern=[
        rf"(?:treated with|treatment with|therapy with|administration of|induced by|caused by|doses? of|injections? of"
        rf"|discontinuation of|withdrawal of|infusions? of|initiation of|starting|receiving|taking|exposure to|use of)"
        rf" (?P<span>{_NAME}{_WORD})",
        rf"(?<![\w-])(?P<span>{_NAME}{_WORD}) (?:therapy|treatment|administration|toxicity|overdose|withdrawal)\b",
    ],
    fires=["She was treated with fosfomycin."],
    abstains=["She was treated at home."],
    doc="What is given, taken, injected and withdrawn in case reports is a drug.",
)

_any_drug = keywords(
    "_any_drug", votes=DrugEffect.DRUG, any_of=[*lexicon("lexicons/drugs.txt"), *lexicon(SHARED / "drugs.txt")]
)

drug_again = repeats(
    "drug_again",
    [induces, _any_drug],
    fires=["Amiodarone-induced thyroiditis: amiodarone was stopped."],
    abstains=["The thyroiditis was mild."],
    doc="A drug that is named once in a sentence is a drug wherever it is named.",
)

blamed_drug = spans_where(
    "blamed_drug",
    _any_drug,
    near=["induced", "after", "associated with", "due to", "caused by", "following", "during", "secondary to"],
    within=3,
    fires=["Hepatitis after methotrexate."],
    abstains=["Methotrexate is cheap."],
    doc="A drug beside a word of cause is the one that is blamed.",
)
