"""Labeling functions about accounts: who may have one, where, and what is in it."""

from wslabel.authoring import regex

from .task import Intent
from .vocabulary import (
    CARD,
    CASH,
    CURRENCY,
    EXCHANGE,
    EXTRA,
    FEE,
    LOST,
    NOT_SHOWN,
    PAYMENT,
    PAYMENT_MADE,
    PHONE,
    PIN,
    RATE,
    REFUND,
    STATEMENT,
    TOP_UP,
    TRANSFER,
    UNKNOWN,
    WRONG,
)

age_or_children = regex(
    "age_or_children",
    votes=Intent.AGE_LIMIT,
    pattern=[
        (
            r"\b(?:age|how old|old enough|years old|child\w*|kids?|teen\w*|minors?|under ?-?age\w*|"
            r"young\w*|\d+ years|1[4-8])\b|\b(?:son|daughter)\b.{0,40}\baccount|"
            r"\baccount\b.{0,25}\b(?:son|daughter)"
        )
    ],
    none_of=[CASH, TOP_UP, TRANSFER, PAYMENT, r"\b(?:card from|spare|ago|verification result|old (?:card|one))\b"],
    fires=["How old must one be to open an account?"],
    abstains=["My old account is gone"],
    doc="Only the age limit brings age or children into a chat.",
)

country_named = regex(
    "country_named",
    votes=Intent.COUNTRY_SUPPORT,
    pattern=[
        (
            r"\bcountr(?:y|ies)\b|\b(?:outside|located in|live in|living in|resident\w*|residents of|"
            r"citizen\w*|available in|operate in|offered in|globally|worldwide|global)\b|\b(?:in|"
            r"within) the (?:uk|us|eu|usa|european union|united states|united kingdom)\b|"
            r"\bi'?m in the (?:us|eu|uk)\b"
        )
    ],
    none_of=[
        CASH,
        RATE,
        FEE,
        TRANSFER,
        PAYMENT,
        LOST,
        (
            r"\b(?:currenc\w+|how long|top[- ]?up|identity|deliver\w* (?:take|to)|arriv\w*|exchang\w+|"
            r"expir\w+|pin|age|child\w*|international|within the country|my bank|hold|add money)\b"
        ),
    ],
    fires=["Do you offer accounts to residents of Norway?"],
    abstains=["Why was there a fee in that country?"],
    doc="Where the bank does business.",
)

details_change = regex(
    "details_change",
    votes=Intent.EDIT_PERSONAL_DETAILS,
    pattern=[
        (
            r"\b(?:chang\w*|updat\w*|edit\w*|modif\w*|correct|new|moved|moving|married|marriage|divorc\w*|"
            r"report|switch)\b"
        ),
        (
            r"\b(?:details|address|name|phone number|telephone|email|information|profile|surname|personal|"
            r"marriage|married|moved)\b"
        ),
    ],
    at_least=2,
    none_of=[
        CASH,
        CURRENCY,
        TRANSFER,
        UNKNOWN,
        PIN,
        TOP_UP,
        (
            r"\b(?:refund|statement|how long|lost|stolen|someone|passcode|password|expir\w+|verif\w+|"
            r"identity|balance)\b"
        ),
    ],
    fires=["I moved and need to change my address"],
    abstains=["I need to change my PIN"],
    doc="Personal data that changed.",
)

account_closed = regex(
    "account_closed",
    votes=Intent.TERMINATE_ACCOUNT,
    pattern=[
        (
            r"\b(?:clos\w+|delet\w+|terminat\w+|deactivat\w+|cancel\w*|end|remov\w+|leave|unhappy|"
            r"dissatisf\w+|shut down|quit)\b"
        ),
        r"\b(?:accounts?|services?|bank|company|you guys)\b",
    ],
    at_least=2,
    none_of=[
        CASH,
        TRANSFER,
        PAYMENT,
        TOP_UP,
        CARD,
        PHONE,
        REFUND,
        r"\b(?:closest|transaction|direct|in the end|someone)\b",
    ],
    fires=["I want to close my account"],
    abstains=["Cancel the transfer from my account"],
    doc="The customer leaves.",
)

money_comes_from_others = regex(
    "money_comes_from_others",
    votes=Intent.RECEIVING_MONEY,
    pattern=[
        (
            r"\b(?:salary|wages?|employer|boss|pay ?check|paid in|get (?:my )?pay|my pay\b|"
            r"receive (?:a )?(?:payments?|money|transfers?)|friends? (?:to )?(?:send|pay|transfer)|"
            r"(?:send|pay|give)s? me)\b|\bfriends? (?:\w+ ){0,4}(?:send|pay|transfer) (?:me|money)"
        )
    ],
    none_of=[
        FEE,
        CASH,
        REFUND,
        NOT_SHOWN,
        r"\b(?:card back|stolen|pending|how long|code|cost|source|top[- ]?up|declin\w+)\b",
    ],
    fires=["Can my employer pay my salary into the account?"],
    abstains=["Will I be charged for receiving my salary?"],
    doc="Money that others send, salary above all.",
)

source_of_money = regex(
    "source_of_money",
    votes=Intent.VERIFY_SOURCE_OF_FUNDS,
    pattern=[
        (
            r"\bsource\w* of\b|\bwhere .{0,30}\b(?:funds?|money)\b.{0,20}\b(?:c[oa]m(?:e|ing|es)|from|"
            r"originat\w+)|\b(?:funds?|money|cash)\b.{0,20}\b(?:came|comes?|coming|originat\w+) from|"
            r"\bverif\w+.{0,25}\bfunds\b|\bfunds\b.{0,25}\bverif\w+|"
            r"\bwhere .{0,20}\bfrom\b.{0,20}\b(?:funds?|money)|\borigin of"
        )
    ],
    none_of=[TOP_UP, FEE],
    fires=["How do I verify the source of my funds?"],
    abstains=["Where is the nearest ATM?"],
    doc="The bank must know where money comes from, and customers ask about it.",
)

currencies_held = regex(
    "currencies_held",
    votes=Intent.FIAT_CURRENCY_SUPPORT,
    pattern=[
        (
            r"\b(?:fiat|flat) currenc\w+|\b(?:which|what|how many|multiple|different|other|"
            r"all) (?:\w+ ){0,2}currenc\w+|\bcurrenc\w+\b.{0,40}\b(?:support\w*|hold\w*|available|"
            r"work with|offer|allow\w*|accept\w*|use[ds]?)\b|\b(?:hold\w*|"
            r"support\w*) .{0,30}\b(?:currenc\w+|euros?|eur|money)"
        )
    ],
    none_of=[
        CARD,
        FEE,
        RATE,
        TOP_UP,
        PAYMENT,
        r"\b(?:salary|add money|adding money|friend|app|exchange (?:between|usd))\b",
    ],
    fires=["Which currencies can the account hold?"],
    abstains=["Which rate is used for other currencies?"],
    doc="Currencies in which money can be kept.",
)

exchange_in_app = regex(
    "exchange_in_app",
    votes=Intent.EXCHANGE_VIA_APP,
    pattern=[
        EXCHANGE,
        (
            r"\b(?:app|how (?:do|can|would) i|can i|possible|able to|i (?:need|want|would like) to|"
            r"between|into|for (?:gbp|usd|eur\w*|aud|pounds|dollars)|allow\w*|want)\b"
        ),
    ],
    at_least=2,
    none_of=[
        RATE,
        FEE,
        CASH,
        PAYMENT,
        CARD,
        WRONG,
        TRANSFER,
        r"\b(?:discount\w*|which|fiat|what currencies|hold\w*|support\w*|salary|cheap\w*)\b",
    ],
    fires=["Can I change euros into dollars in the app, and how do I exchange them back?"],
    abstains=["Is there a fee to exchange in the app?"],
    doc="Exchanging is to be done, not to be paid for or doubted.",
)

exchange_cost = regex(
    "exchange_cost",
    votes=Intent.EXCHANGE_CHARGE,
    pattern=[
        EXCHANGE,
        r"\b(?:fees?|charges?|charged|charging|cost\w*|discounts?|extra|free|pay|price|cheap\w*|lower)\b",
    ],
    at_least=2,
    none_of=[CASH, PAYMENT_MADE, CARD, WRONG, TRANSFER, STATEMENT, r"\brates?\b"],
    fires=["What fee do you take to exchange currencies?"],
    abstains=["The exchange on my purchase cost too much, the rate is wrong"],
    doc="The price of exchanging.",
)

rate_asked = regex(
    "rate_asked",
    votes=Intent.EXCHANGE_RATE,
    pattern=[RATE],
    none_of=[
        CASH,
        PAYMENT,
        WRONG,
        CARD,
        EXTRA,
        r"\b(?:charged|applied|interest|overcharged|bought|yesterday|last|was|were|holiday|got)\b",
    ],
    fires=["What is the rate for Swiss francs today?"],
    abstains=["The rate for my purchase was wrong"],
    doc="The rate itself is asked for, not doubted.",
)
