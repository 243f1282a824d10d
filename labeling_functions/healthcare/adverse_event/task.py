from wslabel.authoring import Label, Task


class AdverseEvent(Label):
    """Whether a sentence of a medical case report or abstract says that a drug harmed a patient."""

    NO_ADVERSE_EVENT = (
        "no_adverse_event",
        "The sentence does not link a named drug to harm: findings, courses and operations without a drug; a drug that "
        "helped or was tolerated; methods, background and advice. Edge cases: a disease that came before the drug, "
        "or is "
        "what the drug was given for; harm without the drug in the same sentence ('the rash faded'); the drug's class "
        "only ('chemotherapy', 'this agent'); harm done by disease, surgery, food or poison; an overdose without an "
        "effect; a link that the sentence denies.",
    )
    ADVERSE_EVENT = (
        "adverse_event",
        "The sentence names a drug and a harmful effect that it brought, or may have brought: 'X-induced hepatitis', "
        "'rash "
        "after X', 'developed Y while on X', 'Y resolved when X was withdrawn'. Edge cases: a suspicion is enough; "
        "so is "
        "a title that sets drug and harm side by side; so is a known side effect that is told in general; an "
        "interaction of two drugs counts where harm came of it; harm to the newborn of a treated mother counts.",
    )


task = Task("healthcare.adverse_event", AdverseEvent)
