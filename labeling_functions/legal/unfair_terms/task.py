from wslabel.authoring import Label, Task


class Clause(Label):
    """Which kind of potentially unfair term (Directive 93/13/EEC) a sentence of consumer terms of service is.

    A sentence gets one label. Where it does several things, the one that it mainly does counts: what the main verb with
    the provider as its subject says. A sentence is read alone, with what the item of a list says by itself.
    """

    FAIR = (
        "Fair",
        "Nothing of the below: duties of the user, definitions, headings, descriptions of the service, how to pay, to "
        "cancel or to complain. Edge cases: a disclaimer of warranties ('as is') that does not speak of liability; the "
        "user's own right to terminate; the user's duty to indemnify; the procedure of an arbitration agreed "
        "elsewhere; "
        "the promise to give notice of a change, without the right to make it.",
    )
    ARBITRATION = (
        "Arbitration",
        "Disputes have to, or may at the provider's choice, go to an arbitrator instead of a court; also the waiver of "
        "a jury or of class actions that goes with it, and the place and rules of that arbitration. Edge cases: how "
        "the arbitrator proceeds, and who pays the fees, is Fair.",
    )
    CHOICE_OF_LAW = (
        "Choice of law",
        "Which country's or state's law governs the contract, other than that of the consumer's residence. Edge "
        "cases: a "
        "heading 'Governing law' is Fair; a sentence that names law and court is judged by what it says first.",
    )
    CONTENT_REMOVAL = (
        "Content removal",
        "The provider may remove, edit, refuse or block what users post or store. Edge cases: that it may look at the "
        "content, with no right to remove it, is Fair; closing the account is Unilateral termination.",
    )
    CONTRACT_BY_USING = (
        "Contract by using",
        "The user is bound by mere use: browsing, installing, ordering, or going on to use the service after a change. "
        "Edge cases: consent by a click on 'I accept' together with use counts; consent by a click alone does not.",
    )
    JURISDICTION = (
        "Jurisdiction",
        "Disputes belong to the courts of a place that is not, or need not be, the consumer's. Edge cases: a "
        "reservation "
        "in favour of the consumer's own courts beside the clause counts as part of it.",
    )
    LIMITATION_OF_LIABILITY = (
        "Limitation of liability",
        "The provider excludes or limits its liability or responsibility: for kinds of damage, for sums, for content, "
        "conduct or breakdowns of others, for its own negligence. Edge cases: a sentence that says where the "
        "limitation "
        "does not apply ('nothing limits our liability for death') belongs here; a disclaimer of warranties alone is "
        "Fair.",
    )
    PRIVACY_INCLUDED = (
        "Privacy included",
        "The privacy policy is made part of the contract, or use of the service counts as consent to the processing of "
        "personal data. Edge cases: a mere link to the policy is Fair.",
    )
    UNILATERAL_CHANGE = (
        "Unilateral change",
        "The provider may change terms, prices, limits or the service by itself. Edge cases: 'as amended from time to "
        "time' counts; that the user may change settings does not; discontinuing the whole service is Unilateral "
        "termination.",
    )
    UNILATERAL_TERMINATION = (
        "Unilateral termination",
        "The provider may suspend or end the contract, the account, access, an order or the service. Edge cases: the "
        "grounds do not matter: a breach by the user counts, too; so does 'may result in termination'; the user's own "
        "right does not; an item of a list counts where it states such a ground by itself.",
    )


task = Task("legal.unfair_terms", Clause)
