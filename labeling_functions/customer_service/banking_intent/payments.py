"""Labeling functions about payments by card, refunds and charges."""

from wslabel.authoring import regex

from .task import Intent
from .vocabulary import (
    CANCEL,
    CANCELLED,
    CASH,
    CURRENCY,
    DECLINED,
    DIRECT_DEBIT,
    EXCHANGE,
    FEE,
    FEE_SMALL,
    IDENTITY,
    NOT_SHOWN_STRONG,
    ONE_UNIT,
    ONLINE_TRANSFER,
    PAYMENT_MADE,
    PENDING,
    PIN,
    RATE,
    REFUND,
    REVERTED,
    TOP_UP,
    TRANSFER,
    TWICE,
    UNKNOWN,
    VIRTUAL,
)

payment_declined = regex(
    "payment_declined",
    votes=Intent.DECLINED_CARD_PAYMENT,
    pattern=[
        (
            r"\b(?:pay(?:ment|ments|ing)?|card|cards|purchas\w+|buy|transaction|store|shop\w*|restaurant|"
            r"paid)\b"
        ),
        (
            r"\b(?:declin\w+|reject\w+|den(?:y|ied)|refus\w+|did(?:(?:n't|\b(?:do|did|does|has|have|is|"
            r"was|ca|wo)nt)| not) (?:work|go through))\b"
        ),
    ],
    at_least=2,
    none_of=[
        CASH,
        TOP_UP,
        TRANSFER,
        VIRTUAL,
        REFUND,
        ONLINE_TRANSFER,
        CANCELLED,
        r"\b(?:contactless|cheque|apple|google|pending|dispos\w+|identity|funds in)\b",
    ],
    fires=["My card was declined in the shop"],
    abstains=["My card was declined at the ATM"],
    doc="Declined payments by card.",
)

payment_pending = regex(
    "payment_pending",
    votes=Intent.PENDING_CARD_PAYMENT,
    pattern=[
        r"\bpay(?:ments?|ing|ed)?\b|\bpaid\b|\bpurchase\w*|\bcard\b",
        r"\bpending\b|\bprocess\w*\b|\bgo(?:ne|ing)? through\b|\bcleared?\b|\bdelay\w*",
    ],
    at_least=2,
    none_of=[
        CASH,
        TOP_UP,
        TRANSFER,
        REFUND,
        DECLINED,
        CANCELLED,
        FEE,
        DIRECT_DEBIT,
        (
            r"\bdid(?:(?:n't|\b(?:do|did|does|has|have|is|was|ca|wo)nt)| not) go through|\b(?:identity|"
            r"verif\w+|deliver\w*|activat\w*|work)\b"
        ),
    ],
    fires=["My card payment is still pending"],
    abstains=["My cash withdrawal is still pending"],
    doc="The shop has asked for money and not yet taken it.",
)

payment_reverted = regex(
    "payment_reverted",
    votes=Intent.REVERTED_CARD_PAYMENT,
    pattern=[
        r"\bpay(?:ments?|ed)?\b|\bpurchas\w+|\bbought\b|\bpaid\b|\btransaction|\bitem",
        (
            r"\b(?:revert\w*|returned to my account|cancell?ed|showing up in my account|back (?:in|to|"
            r"on) my account|money back|refunded|sent back|reversed|given back)\b"
        ),
    ],
    at_least=2,
    none_of=[
        CASH,
        TOP_UP,
        TRANSFER,
        FEE,
        DECLINED,
        (
            r"\b(?:want|would like|request|please cancel|can i|how (?:do|can)|can you|statement|"
            r"not (?:received|show\w*)|pending|haven'?t|hasn'?t|need|seller|waiting|should have|"
            r"get my money)\b"
        ),
    ],
    fires=["My card payment was reverted, although I have the goods"],
    abstains=["I want my money back for the purchase"],
    doc="The money of a payment came back unasked.",
)

refund_wanted = regex(
    "refund_wanted",
    votes=Intent.REQUEST_REFUND,
    pattern=[
        (
            r"\brefund\w*|\bmoney back\b|\bcancel\w* (?:\w+ ){0,3}(?:order|purchase|payment)|"
            r"\breturn (?:an|the|my|this) (?:item|order|purchase)"
        )
    ],
    none_of=[
        NOT_SHOWN_STRONG,
        CASH,
        TRANSFER,
        TOP_UP,
        REVERTED,
        DIRECT_DEBIT,
        TWICE,
        UNKNOWN,
        (
            r"\b(?:statement|i got|see|charged|fee|disappear\w*|was (?:my|the)|cancell?ed by|"
            r"been cancelled|payment'?s|refunded|appear\w*|yet\?|track|missing|waiting)\b"
        ),
    ],
    fires=["I changed my mind and would like a refund"],
    abstains=["My refund is missing"],
    doc="Money back for a purchase is asked for.",
)

refund_missing = regex(
    "refund_missing",
    votes=Intent.REFUND_NOT_SHOWING_UP,
    pattern=[
        REFUND,
        (
            r"\b(?:show\w*|appear\w*|see|statement|yet|missing|where|still|waiting|find|processed|long|"
            r"gone through|posted|not (?:in|on|there|received)|haven'?t|hasn'?t|didn'?t|don'?t|isn'?t|"
            r"when)\b"
        ),
    ],
    at_least=2,
    none_of=[
        CASH,
        FEE,
        CANCEL,
        (
            r"\b(?:would like|want|request a|how (?:do|can) i get|haven'?t (?:received|gotten) (?:it|"
            r"my (?:order|item)|the (?:item|thing))|order hasn'?t|direct|top|possible|twice)\b"
        ),
    ],
    fires=["The refund is not on my statement"],
    abstains=["I would like a refund"],
    doc="A refund was promised and is awaited.",
)

charged_twice = regex(
    "charged_twice",
    votes=Intent.TRANSACTION_CHARGED_TWICE,
    pattern=[
        (
            r"\b(?:twice|double\w*|duplicat\w*|two times|multiple (?:times|charges)|more than once|"
            r"too many|to many|second charge|again|same (?:thing|item|items|purchase|charge|transaction|"
            r"amount)|two charges|repeat\w*|several times|2x|2 times)\b"
        ),
        r"\b(?:charg\w*|pa(?:id|y|yment|yments)|transactions?|bill\w*|debited|purchase)\b",
    ],
    at_least=2,
    none_of=[
        CASH,
        TRANSFER,
        TOP_UP,
        DECLINED,
        PIN,
        PENDING,
        VIRTUAL,
        r"\b(?:refund (?:is|has)|revert\w*|back in|someone|showing up in my account)\b",
    ],
    fires=["The restaurant charged me twice"],
    abstains=["The ATM charged me twice the fee"],
    doc="One purchase, more than one charge.",
)

payment_fee = regex(
    "payment_fee",
    votes=Intent.CARD_PAYMENT_FEE_CHARGED,
    pattern=[
        r"\b(?:card|pay(?:ments?|ing)?|paid|purchas\w+|bought|buy\w*|transactions?|shop\w*)\b",
        (
            r"\b(?:fees?|charged extra|extra (?:charge|fee|cost|money)|surcharge\w*|additional (?:fee|"
            r"charge|cost)\w*|charg\w+ (?:for|when|because|to|me)|pay extra|cost\w*)\b"
        ),
    ],
    at_least=2,
    none_of=[
        CASH,
        TOP_UP,
        TRANSFER,
        EXCHANGE,
        RATE,
        TWICE,
        UNKNOWN,
        REFUND,
        ONE_UNIT,
        CURRENCY,
        VIRTUAL,
        (
            r"\b(?:new card|get a card|replace\w*|spare|physical|deliver\w*|another card|lost|order\w*|"
            r"express|more cards|statement|sent out|cards)\b"
        ),
    ],
    fires=["Why was there a fee for paying with my card?"],
    abstains=["Why was there a fee at the ATM?"],
    doc="Paying by card was thought to be free.",
)

payment_unknown = regex(
    "payment_unknown",
    votes=Intent.CARD_PAYMENT_NOT_RECOGNISED,
    pattern=[r"\b(?:payments?|charges?|purchas\w+|transactions?|card|store)\b", UNKNOWN],
    at_least=2,
    none_of=[
        CASH,
        TRANSFER,
        TOP_UP,
        DIRECT_DEBIT,
        IDENTITY,
        REFUND,
        FEE_SMALL,
        (
            r"\b(?:haven'?t used|have not used|lost|wallet|pin|phone|seller|pound|compromis\w+|"
            r"without my permission|my card number|virtual)\b"
        ),
    ],
    fires=["There is a card payment that I do not recognise"],
    abstains=["There is a withdrawal that I do not recognise"],
    doc="A payment that the customer did not make.",
)

small_charge = regex(
    "small_charge",
    votes=Intent.EXTRA_CHARGE_ON_STATEMENT,
    pattern=[ONE_UNIT, r"\b(?:charg\w+|fees?|statement|extra|unexpected)\b"],
    at_least=2,
    none_of=[CASH, RATE, TRANSFER, TOP_UP],
    fires=["What is the extra £1 on my statement?"],
    abstains=["What is the £1 for the transfer?"],
    doc="One unit of currency is what a seller's test of the card takes.",
)

statement_charge = regex(
    "statement_charge",
    votes=Intent.EXTRA_CHARGE_ON_STATEMENT,
    pattern=[
        (
            r"\b(?:strange|extra|unexpected|random|additional|weird|odd)\b.{0,25}\b(?:charge|"
            r"fee)s?\b.{0,25}\b(?:statement|app|account|bill)\b|\bstatement\b.{0,30}\b(?:extra|strange|"
            r"unexpected|weird)\b.{0,15}\b(?:charge|fee)|\bcharged extra (?:on|in) my app"
        )
    ],
    none_of=[CASH, TRANSFER, TOP_UP, RATE, PAYMENT_MADE],
    fires=["There is an extra fee on my statement"],
    abstains=["There is an extra fee for withdrawals on my statement"],
    doc="A charge without a purchase beside it.",
)

payment_rate_wrong = regex(
    "payment_rate_wrong",
    votes=Intent.CARD_PAYMENT_WRONG_EXCHANGE_RATE,
    pattern=[
        r"\b(?:exchange|conversion|currency|rates?)\b",
        (
            r"\b(?:wrong|incorrect\w*|not (?:right|correct)|bad|off|error|mistake|inaccurate|overcharged|"
            r"extra|too (?:much|high|low)|higher|different|terrible|charged|weren'?t|wasn'?t|isn'?t)\b"
        ),
        (
            r"\b(?:pay(?:ments?|ing)?|paid|purchas\w+|bought|buy\w*|item\w*|something|foreign|abroad|"
            r"another country|swap|transaction|card|charged|overseas|shop\w*)\b"
        ),
    ],
    at_least=3,
    none_of=[CASH, TRANSFER, TOP_UP, r"\b(?:withdr\w+|travel a lot|discount)\b"],
    fires=["The exchange rate for my purchase abroad is wrong"],
    abstains=["The exchange rate for my withdrawal is wrong"],
    doc="A purchase abroad was converted badly.",
)
