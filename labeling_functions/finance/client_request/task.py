"""The task finance.client_request: what its labels mean."""

from wslabel.authoring import Label, Task


class ClientRequest(Label):
    """What a client of a bank or investment adviser wants with a message, seen by the compliance officer who decides
    who must answer it and which disclosure belongs into the answer. One label: where a message holds several
    requests, the one that comes first in this list counts.
    """

    COMPLAINT = (
        "complaint",
        "The client says that the firm, or somebody who acts for it, did wrong, and is not content: a delay, an "
        "error, rudeness, a loss that the firm is blamed for. Edge cases: a complaint needs no word of complaint; "
        "grumbling about the market alone is none; a missing warning of risk is risk_disclosure_missing unless "
        "redress is asked for.",
    )
    RISK_DISCLOSURE_MISSING = (
        "risk_disclosure_missing",
        "The client did not get, or did not understand, what the risks, costs or terms of a product are before "
        "buying it: no key information document, no word of possible loss, no suitability report. Edge case: a "
        "question about risks before buying is product_information.",
    )
    ADVICE = (
        "advice",
        "The client asks what to do with money: buy, sell, hold, how much, whether it suits. Answering is regulated."
        " Edge case: what a product is, without whether it suits, is product_information.",
    )
    ORDER = (
        "order",
        "An instruction to buy, sell, subscribe, redeem, transfer or cancel an order, with or without an amount. "
        'Edge case: "should I sell" is advice.',
    )
    COSTS = (
        "costs",
        'What something costs, or why a fee was taken, asked without blame. Edge case: "you overcharged me" is a '
        "complaint.",
    )
    TAX_OR_STATEMENT = (
        "tax_or_statement",
        "A document is wanted: tax certificate, statement, confirmation, contract note, valuation.",
    )
    ACCOUNT_CHANGE = (
        "account_change",
        "Change of data or of the account itself: address, bank details, signatory, closing, opening, access, power "
        "of attorney, a death in the family.",
    )
    PRODUCT_INFORMATION = (
        "product_information",
        "What a product is, how it works, its terms, risks and dates, before anything is bought and without asking "
        "whether it suits.",
    )


task = Task("finance.client_request", ClientRequest)
