"""The task healthcare.drug_effect: what its labels mean."""

from wslabel.authoring import Label, Task


class DrugEffect(Label):
    """Which drug did which harm, in sentences of case reports that tell of both."""

    DRUG = (
        "Drug",
        "A drug that may have done harm: generic name, brand or abbreviation; dose, form and class are not. "
        "Edge cases: of combined drugs each counts; 'therapy', 'tablets' and 'agent' are outside.",
    )
    EFFECT = (
        "Effect",
        "The harm, with its severity, course and place ('severe acute renal failure'). Edge cases: the disease "
        "that the drug was given for does not count; of joined effects each counts ('fever' and 'rash'); "
        "articles are outside.",
    )


task = Task("healthcare.drug_effect", DrugEffect, kind="spans")
